"""What scenes need: the breakdown and its elements."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scripts_app.choices import BreakdownState, Category
from scripts_app.models.script import Revision, Scene
from studio.models import Production, Scoped, Stamped, User


class Breakdown(Stamped, Scoped):
    """The breakdown of a revision: draft until somebody stands for it."""

    studio_path = "revision__script__production__studio"
    production_path = "revision__script__production"

    revision = models.OneToOneField(
        Revision, models.CASCADE, related_name="breakdown", verbose_name=pgettext_lazy("script", "revision")
    )
    state = models.CharField(_("state"), max_length=10, choices=BreakdownState, default=BreakdownState.DRAFT)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    class Meta:
        verbose_name = _("breakdown")
        verbose_name_plural = _("breakdowns")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=BreakdownState.APPROVED, approved_at__isnull=False)
                | Q(state=BreakdownState.DRAFT, approved_at=None),
                name="breakdown_approved_at_iff_approved",
            )
        ]

    def __str__(self) -> str:
        return str(self.revision)


class Element(Stamped, Scoped):
    """Something scenes need: a prop, a dress, a car."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="elements", verbose_name=_("production"))
    category = models.CharField(_("category"), max_length=20, choices=Category)
    name = models.CharField(_("name"), max_length=80)
    suggested = models.BooleanField(
        _("suggested"), default=False, help_text=_("Read from the script; nobody has confirmed it yet.")
    )
    scenes = models.ManyToManyField(Scene, related_name="needs", blank=True, verbose_name=_("scenes"))

    class Meta:
        verbose_name = pgettext_lazy("breakdown", "element")
        verbose_name_plural = pgettext_lazy("breakdown", "elements")
        ordering = ["category", "name"]
        constraints = [
            models.UniqueConstraint(fields=["production", "category", "name"], name="element_once"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="element_category_known"),
        ]

    def __str__(self) -> str:
        return self.name
