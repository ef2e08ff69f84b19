"""Consents of people, which of them are asked for, and what a title declares of AI."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from compliance.choices import AiUse, Clock, ConsentKind, Gate, Trait, Whom
from studio.models import AppendOnly, Person, Production, Scoped, Stamped, Studio, User


class ConsentRule(Stamped, Scoped):
    """A consent that people are asked for, from a date; the house's working set is used while a studio has none."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="consent_rules", verbose_name=_("studio"))
    from_date = models.DateField(_("in force from"))
    kind = models.CharField(_("consent"), max_length=10, choices=ConsentKind)
    whom = models.CharField(_("asked of"), max_length=10, choices=Whom)
    trait = models.CharField(
        _("only for"), max_length=20, blank=True, choices=Trait, help_text=_("Empty: every title.")
    )
    under_age = models.PositiveSmallIntegerField(
        _("under the age of"), null=True, blank=True, help_text=_("For minors only.")
    )
    gate = models.CharField(
        _("holds shut"), max_length=10, blank=True, choices=Gate, help_text=_("Empty: it is listed and holds nothing.")
    )
    asked = models.BooleanField(_("asked for"), default=True, help_text=_("Off: from that date it no longer is."))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("consent asked for")
        verbose_name_plural = _("consents asked for")
        ordering = ["from_date", "kind", "whom"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "kind", "whom", "trait", "from_date"], name="consentrule_once"),
            models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="consentrule_kind_known"),
            models.CheckConstraint(condition=Q(whom__in=Whom.values), name="consentrule_whom_known"),
            models.CheckConstraint(condition=Q(gate__in=["", *Gate.values]), name="consentrule_gate_known"),
            models.CheckConstraint(condition=Q(trait__in=["", *Trait.values]), name="consentrule_trait_known"),
            models.CheckConstraint(
                condition=Q(whom=Whom.MINORS, under_age__gte=1, under_age__lte=30)
                | (~Q(whom=Whom.MINORS) & Q(under_age=None)),
                name="consentrule_age_iff_minors",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="consentrule_names_its_source"),
        ]

    def __str__(self) -> str:
        return f"{self.from_date} · {self.get_kind_display()}"


class Consent(Stamped, Scoped):
    """A consent on paper. It is never edited: withdrawn under a name, or followed by another one."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="consents", verbose_name=_("production"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents", verbose_name=_("person"))
    kind = models.CharField(_("consent"), max_length=10, choices=ConsentKind)
    given_by = models.CharField(
        _("signed by"), max_length=80, blank=True, help_text=_("Empty: the person. For a minor, the guardian.")
    )
    relation = models.CharField(_("relation"), max_length=40, blank=True, help_text=_("Such as mother."))
    scope = models.CharField(_("for what"), max_length=300)
    from_date = models.DateField(_("from"))
    until_date = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day. Empty: no end."))
    file = models.FileField(_("paper"), upload_to="consents/%Y/%m", max_length=200)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("checksum"), max_length=64)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("withdrawn by")
    )
    withdrawn_reason = models.CharField(_("why withdrawn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["production", "person", "kind", "sha256"], name="consent_paper_once"),
            models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="consent_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=ConsentKind.GUARDIAN) | (~Q(given_by="") & ~Q(relation="")),
                name="consent_guardian_named",
            ),
            models.CheckConstraint(condition=~Q(scope=""), name="consent_says_for_what"),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")), name="consent_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="consent_withdrawn_with_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"


class AiDeclaration(AppendOnly, Scoped):
    """What a title declares to be made with AI, with its proof of rights; a later declaration replaces it."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.CASCADE, related_name="ai_declarations", verbose_name=_("production")
    )
    uses = models.JSONField(_("made with AI"), default=list, blank=True)
    tools = models.CharField(_("tools"), max_length=300, blank=True)
    episodes = models.CharField(
        _("episodes"), max_length=200, blank=True, help_text=_("Empty: all of them. Else such as 1-3, 8.")
    )
    visible_label = models.BooleanField(_("visible label"), default=False)
    metadata_label = models.BooleanField(_("label in the metadata"), default=False)
    file = models.FileField(_("proof of rights"), upload_to="ai/%Y/%m", max_length=200, blank=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    on_date = models.DateField(_("as of"))
    declared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("declared by"))
    declared_at = models.DateTimeField(_("declared"), auto_now_add=True)

    class Meta:
        verbose_name = _("declaration of AI")
        verbose_name_plural = _("declarations of AI")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(uses=[]) | ~Q(tools=""), name="aideclaration_names_its_tools"),
            models.CheckConstraint(condition=Q(file="", sha256="") | ~Q(sha256=""), name="aideclaration_file_has_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.production} · {self.on_date}"

    @property
    def use_names(self) -> list[str]:
        return [str(AiUse(code).label) for code in self.uses if code in AiUse.values]


class FilingClock(Stamped, Scoped):
    """How many days a clock of the filings has, for one studio; the house's working set where there is no row."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="filing_clocks", verbose_name=_("studio"))
    clock = models.CharField(pgettext_lazy("filing", "clock"), max_length=10, choices=Clock)
    days = models.PositiveSmallIntegerField(_("days"))

    class Meta:
        verbose_name = _("clock of the filings")
        verbose_name_plural = _("clocks of the filings")
        ordering = ["studio_id", "clock"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "clock"], name="filingclock_once"),
            models.CheckConstraint(condition=Q(clock__in=Clock.values), name="filingclock_known"),
            models.CheckConstraint(condition=Q(days__lte=365), name="filingclock_days_in_a_year"),
        ]

    def __str__(self) -> str:
        return str(self.get_clock_display())
