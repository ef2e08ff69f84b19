"""Dated rules that a title is judged by, and the papers it is asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from compliance.choices import (
    ClassCode,
    PaperStage,
    RuleState,
    Trait,
)
from studio.models import Scoped, Stamped, Studio, User


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
