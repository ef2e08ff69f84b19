"""Dated classification rules, judgements, filings and their numbers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from compliance.choices import Authority, ClassCode, FilingKind, FilingState
from studio.models import AppendOnly, Production, Scoped, Stamped, Studio, User


class ClassRule(Stamped, Scoped):
    """A classification rule in force from a date. Rows a studio adds are its own; a rule is never edited in place."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="class_rules", verbose_name=_("studio"))
    from_date = models.DateField(_("in force from"))
    work_kind = models.CharField(_("kind of work"), max_length=20, default="any")
    key_from_minor = models.BigIntegerField(_("key from (fen)"))
    ordinary_from_minor = models.BigIntegerField(_("ordinary from (fen)"), null=True, blank=True)
    special_theme_is_key = models.BooleanField(_("special themes are key"), default=False)
    promoted_is_key = models.BooleanField(_("promoted titles are key"), default=False)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("classification rule")
        verbose_name_plural = _("classification rules")
        ordering = ["from_date", "work_kind"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "from_date", "work_kind"], name="class_rule_once"),
            models.CheckConstraint(condition=~Q(source=""), name="class_rule_names_its_source"),
        ]

    def __str__(self) -> str:
        return f"{self.from_date} · {self.work_kind}"


class Classification(AppendOnly, Scoped):
    """A judgement of a title's class: which rule, on what facts, when, by whom. A new judgement is a new row."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.CASCADE, related_name="classifications", verbose_name=_("production")
    )
    class_code = models.CharField(pgettext_lazy("regulation", "class"), max_length=10, choices=ClassCode)
    rule = models.ForeignKey(ClassRule, models.PROTECT, related_name="judgements", verbose_name=_("rule"))
    facts = models.JSONField(_("judged on"), default=dict)
    reasons = models.JSONField(_("reasons"), default=list)
    on_date = models.DateField(_("as of"))
    judged_at = models.DateTimeField(_("judged"), auto_now_add=True)
    judged_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("judged by"))

    class Meta:
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(class_code__in=ClassCode.values), name="classification_class_known")
        ]


class Filing(Stamped, Scoped):
    """A filing with an authority; a granted one carries its number."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="filings", verbose_name=_("production"))
    kind = models.CharField(_("kind"), max_length=10, choices=FilingKind)
    authority = models.CharField(_("authority"), max_length=10, choices=Authority)
    platform_code = models.SlugField(
        _("platform"), blank=True, help_text=_("A platform's own number holds there only.")
    )
    state = models.CharField(_("state"), max_length=10, choices=FilingState, default=FilingState.DRAFT)
    papers = models.JSONField(_("papers handed in"), default=list, blank=True)
    number = models.CharField(_("number"), max_length=60, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_note = models.TextField(_("decision"), blank=True)
    round = models.PositiveIntegerField(_("round"), default=1)

    class Meta:
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["production", "kind", "platform_code"], condition=~Q(state=FilingState.RETURNED),
                name="filing_one_open_per_kind",
            ),
            models.CheckConstraint(condition=Q(state__in=FilingState.values), name="filing_state_known"),
            models.CheckConstraint(
                condition=~Q(state=FilingState.GRANTED) | (~Q(number="") & Q(decided_at__isnull=False)),
                name="filing_granted_has_number",
            ),
            models.CheckConstraint(
                condition=Q(authority=Authority.PLATFORM) | Q(platform_code=""), name="filing_platform_only_for_platforms"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.production} · {self.get_kind_display()}"
