"""Dated classification rules, judgements, filings and their numbers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from compliance.choices import (
    Authority,
    ClassCode,
    CostMeasure,
    FilingKind,
    FilingState,
    FlagKind,
    FlagOrigin,
    FlagState,
    Gate,
    PaperStage,
    RuleState,
    Trait,
)
from scripts_app.models import Scene
from studio.models import AppendOnly, Person, Production, Scoped, Stamped, Studio, User


def _yuan(fen: int) -> str:
    """Yuan with commas; fen only where there are any."""
    whole, rest = divmod(fen, 100)
    return f"{whole:,}" + (f".{rest:02}" if rest else "")


class ClassRule(Stamped, Scoped):
    """A classification rule from a date on. Once in force it is never edited: a later one supersedes it."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="class_rules", verbose_name=_("studio"))
    from_date = models.DateField(_("in force from"))
    work_kind = models.CharField(_("kind of work"), max_length=20, default="any")
    key_from_minor = models.BigIntegerField(_("key from (fen)"))
    ordinary_from_minor = models.BigIntegerField(_("ordinary from (fen)"), null=True, blank=True)
    special_theme_is_key = models.BooleanField(_("special themes are key"), default=False)
    promoted_is_key = models.BooleanField(_("promoted titles are key"), default=False)
    source = models.CharField(_("source"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=RuleState, default=RuleState.IN_FORCE)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("supersedes")
    )
    decided_at = models.DateTimeField(_("put in force"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("put in force by")
    )

    class Meta:
        verbose_name = _("classification rule")
        verbose_name_plural = _("classification rules")
        ordering = ["from_date", "work_kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "from_date", "work_kind"],
                condition=Q(state=RuleState.IN_FORCE),
                name="class_rule_once",
            ),
            models.CheckConstraint(condition=Q(state__in=RuleState.values), name="class_rule_state_known"),
            models.CheckConstraint(condition=~Q(source=""), name="class_rule_names_its_source"),
            models.CheckConstraint(
                condition=Q(key_from_minor__gt=0)
                & (
                    Q(ordinary_from_minor=None)
                    | Q(ordinary_from_minor__gt=0, ordinary_from_minor__lt=F("key_from_minor"))
                ),
                name="class_rule_bounds_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_date} · {self.work_kind}"

    @property
    def key_from_yuan(self) -> str:
        return _yuan(self.key_from_minor)

    @property
    def ordinary_from_yuan(self) -> str:
        return _yuan(self.ordinary_from_minor or 0)


class PaperRule(Stamped, Scoped):
    """A paper that titles of a class owe at a stage; what a province or platform asks beside is a row a studio adds."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="paper_rules", verbose_name=_("studio"))
    code = models.SlugField(_("short name"))
    name = models.CharField(_("paper"), max_length=120)
    class_code = models.CharField(
        pgettext_lazy("regulation", "class"), max_length=10, blank=True, choices=ClassCode, help_text=_("Empty: any.")
    )
    stage = models.CharField(_("handed in with"), max_length=10, choices=PaperStage)
    trait = models.CharField(
        _("only for"), max_length=20, blank=True, choices=Trait, help_text=_("Empty: every title.")
    )
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("paper asked for")
        verbose_name_plural = _("papers asked for")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "code", "class_code", "stage", "trait"], name="paper_rule_once"),
            models.CheckConstraint(condition=Q(stage__in=PaperStage.values), name="paper_rule_stage_known"),
            models.CheckConstraint(condition=Q(class_code__in=["", *ClassCode.values]), name="paper_rule_class_known"),
            models.CheckConstraint(condition=Q(trait__in=["", *Trait.values]), name="paper_rule_trait_known"),
        ]

    def __str__(self) -> str:
        return self.name


class TitleCase(Stamped, Scoped):
    """What decides class and papers of a title beyond its budget, themes and kind of work."""

    studio_path = "production__studio"

    production = models.OneToOneField(
        Production, models.CASCADE, related_name="title_case", verbose_name=_("production")
    )
    adaptation = models.BooleanField(_("adapted from another work"), default=False)
    minors = models.BooleanField(_("minors take part"), default=False)
    voluntary_key = models.BooleanField(_("filed as key of our own will"), default=False)

    class Meta:
        verbose_name = _("case of a title")
        verbose_name_plural = _("cases of titles")

    def __str__(self) -> str:
        return str(self.production)


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

    def __str__(self) -> str:
        return f"{self.production} · {self.get_class_code_display()}"


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
                fields=["production", "kind", "platform_code", "authority"], condition=~Q(state=FilingState.RETURNED),
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


class GateOverride(Stamped, Scoped):
    """A person lets a title through a gate that the rules hold shut, and says why; it holds until it is withdrawn."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.CASCADE, related_name="gate_overrides", verbose_name=_("production")
    )
    gate = models.CharField(_("gate"), max_length=10, choices=Gate)
    reason = models.CharField(_("reason"), max_length=300)
    in_the_way = models.CharField(_("what stood in the way"), max_length=300, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("let through by"))
    given_at = models.DateTimeField(_("let through"))
    withdrawn_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("withdrawn by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("override of a gate")
        verbose_name_plural = _("overrides of gates")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["production", "gate"], condition=Q(withdrawn_at=None), name="gateoverride_one_in_force"
            ),
            models.CheckConstraint(condition=Q(gate__in=Gate.values), name="gateoverride_gate_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="gateoverride_says_why"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False) | Q(withdrawn_by=None),
                name="gateoverride_withdrawn_by_with_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production} · {self.get_gate_display()}"


class CostCap(Stamped, Scoped):
    """The largest part of its cost a title may spend on the cast, or of the cast on its leads, from a date."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="cost_caps", verbose_name=_("studio"))
    from_date = models.DateField(_("in force from"))
    measure = models.CharField(_("measure"), max_length=10, choices=CostMeasure)
    most_bp = models.PositiveIntegerField(_("at most (1/100 %)"))
    binding = models.BooleanField(
        _("binding"), default=False, help_text=_("Off: unverified whether it binds; the report says so.")
    )
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("cap on costs")
        verbose_name_plural = _("caps on costs")
        ordering = ["from_date", "measure"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "measure", "from_date"], name="costcap_once"),
            models.CheckConstraint(condition=Q(measure__in=CostMeasure.values), name="costcap_measure_known"),
            models.CheckConstraint(condition=Q(most_bp__gte=1, most_bp__lte=10_000), name="costcap_in_range"),
            models.CheckConstraint(condition=~Q(source=""), name="costcap_names_its_source"),
        ]

    def __str__(self) -> str:
        return f"{self.from_date} · {self.get_measure_display()}"


class LeadPerformer(Scoped):
    """A performer whom the cost-composition report counts among the leads."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.CASCADE, related_name="lead_performers", verbose_name=_("production")
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))

    class Meta:
        verbose_name = _("lead performer")
        verbose_name_plural = _("lead performers")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["production", "person"], name="leadperformer_once")]

    def __str__(self) -> str:
        return str(self.person)


class FlagTerm(Stamped, Scoped):
    """A word that a reader is to look at, from a date; the house's working list is used while a studio has none."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="flag_terms", verbose_name=_("studio"))
    kind = models.CharField(_("concern"), max_length=20, choices=FlagKind)
    word = models.CharField(_("word"), max_length=40)
    from_date = models.DateField(_("in force from"))
    until_date = models.DateField(_("until"), null=True, blank=True, help_text=_("The first day without it."))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("word of concern")
        verbose_name_plural = _("words of concern")
        ordering = ["kind", "word", "from_date"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "kind", "word", "from_date"], name="flagterm_once"),
            models.CheckConstraint(condition=Q(kind__in=FlagKind.values), name="flagterm_kind_known"),
            models.CheckConstraint(condition=~Q(word="") & ~Q(source=""), name="flagterm_says_something"),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gt=F("from_date")), name="flagterm_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.word


class ContentFlag(Stamped, Scoped):
    """A word of concern in a scene, and what a person decided of it.

    The line is named by its content (`digest`, `nth`), so that the decision follows it into the next draft. `gone_at`:
    the draft of today no longer has the line; the decision is kept for when it comes back.
    """

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.CASCADE, related_name="content_flags", verbose_name=_("production")
    )
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="content_flags", verbose_name=_("scene"))
    kind = models.CharField(_("concern"), max_length=20, choices=FlagKind)
    word = models.CharField(_("word"), max_length=40)
    origin = models.CharField(_("found in"), max_length=10, choices=FlagOrigin)
    line = models.PositiveIntegerField(_("line"))
    quote = models.TextField(_("quoted"))
    digest = models.CharField(_("checksum"), max_length=24)
    nth = models.PositiveIntegerField(_("which of the lines alike"), default=0)
    start = models.PositiveIntegerField(_("from character"))
    state = models.CharField(_("state"), max_length=10, choices=FlagState, default=FlagState.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    gone_at = models.DateTimeField(_("no longer in the draft"), null=True, blank=True)

    class Meta:
        verbose_name = _("content flag")
        verbose_name_plural = _("content flags")
        ordering = ["id"]
        indexes = [models.Index(fields=["production", "state"], name="contentflag_to_decide")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FlagKind.values), name="contentflag_kind_known"),
            models.CheckConstraint(condition=Q(origin__in=FlagOrigin.values), name="contentflag_origin_known"),
            models.CheckConstraint(
                condition=Q(state=FlagState.OPEN, decided_at=None)
                | Q(state__in=[FlagState.KEPT, FlagState.CHANGE, FlagState.CLEARED], decided_at__isnull=False),
                name="contentflag_decided_at_iff_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[FlagState.KEPT, FlagState.CHANGE]) | ~Q(reason=""), name="contentflag_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scene} · {self.word}"
