"""Links by which somebody without an account reads a script, and who opened them."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scripts_app.choices import OpeningKind
from scripts_app.models.script import Revision
from studio.link_secrets import digest_of, new_secret
from studio.models import AppendOnly, Scoped, Stamped, User

# Without the letters and digits that are taken for one another when a number is read off a paper.
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class ScriptLink(Stamped, Scoped):
    """A revision, or part of it, for one named reader until a time. Only the digest of its secret is kept.

    `code` is its number on watermarks: no key, but it tells which copy a photograph is of.
    """

    studio_path = "revision__script__production__studio"
    production_path = "revision__script__production"

    revision = models.ForeignKey(
        Revision, models.CASCADE, related_name="links", verbose_name=pgettext_lazy("script", "revision")
    )
    reader_name = models.CharField(_("reader"), max_length=80)
    code = models.CharField(_("number on the watermark"), max_length=8, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    episodes = models.JSONField(_("episodes"), default=list, blank=True, help_text=_("Empty: all of them."))
    role = models.CharField(_("sides of the role"), max_length=60, blank=True)
    password = models.CharField(max_length=128, blank=True, editable=False)
    allows_pdf = models.BooleanField(_("PDF may be taken"), default=True)
    expires_at = models.DateTimeField(_("expires"))
    most_openings = models.PositiveIntegerField(_("openings at most"), null=True, blank=True)
    openings_count = models.PositiveIntegerField(_("openings"), default=0, editable=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )

    class Meta:
        verbose_name = _("script link")
        verbose_name_plural = _("script links")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(most_openings=None) | Q(most_openings__gte=1, openings_count__lte=F("most_openings")),
                name="script_link_opened_no_more_than_allowed",
            ),
            models.CheckConstraint(
                condition=Q(revoked_by=None) | Q(revoked_at__isnull=False), name="script_link_revoked_at_once_revoked"
            ),
            models.CheckConstraint(condition=~Q(reader_name=""), name="script_link_names_its_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.reader_name}"

    @staticmethod
    def digest_of(secret: str) -> str:
        return digest_of(secret)

    @classmethod
    def mint(cls, **fields: Any) -> tuple[ScriptLink, str]:
        """An unsaved link and its secret, which is shown once."""
        secret = new_secret()
        code = "".join(secrets.choice(_CODE_LETTERS) for _place in range(8))
        return cls(digest=cls.digest_of(secret), code=code, **fields), secret

    @property
    def used_up(self) -> bool:
        return self.most_openings is not None and self.openings_count >= self.most_openings

    def is_live(self, now: dt.datetime) -> bool:
        """Whether it opens anything; one that is used up still serves those who are reading."""
        return self.revoked_at is None and self.expires_at > now


class ScriptLinkOpening(AppendOnly, Scoped):
    """One opening of a link: when, page or PDF, the family of the browser, the shortened network. Nothing else is kept."""

    studio_path = "link__revision__script__production__studio"
    production_path = "link__revision__script__production"

    link = models.ForeignKey(ScriptLink, models.CASCADE, related_name="openings", verbose_name=_("script link"))
    opened_at = models.DateTimeField(_("opened"))
    kind = models.CharField(_("kind"), max_length=4, choices=OpeningKind)
    agent = models.CharField(_("browser"), max_length=40, blank=True)
    network = models.CharField(_("network"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("opening of a script link")
        verbose_name_plural = _("openings of script links")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OpeningKind.values), name="script_link_opening_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.link} · {self.opened_at:%Y-%m-%d %H:%M}"
