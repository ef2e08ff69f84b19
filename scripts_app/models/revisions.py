"""What comes with a new draft: its colour, and what it makes stale in the rooms behind."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scripts_app.choices import Tint
from scripts_app.models.script import Revision
from studio.models import Scoped, Stamped, Studio, User
from studio.notices import render


class RevisionColour(Stamped, Scoped):
    """A colour of a studio's revisions, in order; a studio without rows takes `Tint` as it stands."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="revision_colours", verbose_name=_("studio"))
    position = models.PositiveSmallIntegerField(_("place in the order"))
    name = models.CharField(_("name"), max_length=40)
    tint = models.CharField(_("paper"), max_length=12, choices=Tint)

    class Meta:
        verbose_name = _("revision colour")
        verbose_name_plural = _("revision colours")
        ordering = ["studio_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "position"], name="revision_colour_place_once"),
            models.UniqueConstraint(fields=["studio", "name"], name="revision_colour_name_once"),
            models.CheckConstraint(condition=Q(tint__in=Tint.values), name="revision_colour_tint_known"),
        ]

    def __str__(self) -> str:
        return self.name


class StaleItem(Stamped, Scoped):
    """Something that a draft made stale in a room, until somebody has dealt with it.

    `kind` names a sentence of `studio.notices`, `verb` those who are concerned, `key` the thing within its revision.
    """

    studio_path = "revision__script__production__studio"
    production_path = "revision__script__production"

    revision = models.ForeignKey(
        Revision, models.CASCADE, related_name="stale_items", verbose_name=pgettext_lazy("script", "revision")
    )
    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("thing"), max_length=80)
    params = models.JSONField(_("details"), default=dict, blank=True)
    url = models.CharField(_("address"), max_length=200, blank=True)
    verb = models.CharField(_("concerns"), max_length=40)
    settled_at = models.DateTimeField(_("dealt with"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("dealt with by")
    )

    class Meta:
        verbose_name = _("stale through a draft")
        verbose_name_plural = _("stale through drafts")
        ordering = ["revision_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "key"], name="stale_item_once"),
            models.CheckConstraint(
                condition=Q(settled_by=None) | Q(settled_at__isnull=False), name="stale_item_settled_by_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        return render(self.kind, self.params)
