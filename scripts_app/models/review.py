"""Reviews of drafts: rounds, what each reviewer says of episodes and criteria, and the greenlight."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from scripts_app.choices import RoundKind, RoundVerdict
from scripts_app.models.script import Revision
from studio.models import AppendOnly, Episode, Production, Scoped, Stamped, Studio, User

_ROUND_STUDIO = "round__revision__script__production__studio"
_ROUND_PRODUCTION = "round__revision__script__production"


class ReviewRound(Stamped, Scoped):
    """A review of a revision: asked for, worked on, and closed by somebody who passes or returns the draft.

    `episodes_returned` is counted when the round is closed: a return that says nothing itself rests on them.
    """

    studio_path = "revision__script__production__studio"
    production_path = "revision__script__production"

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="rounds", verbose_name=_("revision"))
    kind = models.CharField(_("kind"), max_length=12, choices=RoundKind)
    reviewers = models.ManyToManyField(User, related_name="+", blank=True, verbose_name=_("reviewers asked"))
    due_date = models.DateField(_("due"), null=True, blank=True)
    opened_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked for by")
    )
    opened_at = models.DateTimeField(_("asked for"), default=timezone.now)
    verdict = models.CharField(_("verdict"), max_length=8, choices=RoundVerdict, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    episodes_returned = models.PositiveIntegerField(_("episodes returned"), default=0)
    reviewed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)

    class Meta:
        verbose_name = _("review round")
        verbose_name_plural = _("review rounds")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RoundKind.values), name="review_kind_known"),
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_at=None)
                | Q(verdict__in=RoundVerdict.values, reviewed_at__isnull=False),
                name="review_verdict_iff_closed",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=RoundVerdict.RETURN) | ~Q(notes="") | Q(episodes_returned__gte=1),
                name="review_return_says_why",
            ),
            models.UniqueConstraint(
                fields=["revision", "kind"], condition=Q(reviewed_at=None), name="review_one_open_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} · {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        return self.reviewed_at is None


class EpisodeVerdict(Stamped, Scoped):
    """That one reviewer has read one episode, and what they say of it; an empty verdict is read without one."""

    studio_path, production_path = _ROUND_STUDIO, _ROUND_PRODUCTION

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="verdicts", verbose_name=_("review round"))
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="+", verbose_name=_("episode"))
    reviewer = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("reviewer"))
    verdict = models.CharField(_("verdict"), max_length=8, choices=RoundVerdict, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    read_at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("verdict on an episode")
        verbose_name_plural = _("verdicts on episodes")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "episode", "reviewer"], name="episode_verdict_once_per_reviewer"),
            models.CheckConstraint(
                condition=Q(verdict__in=["", *RoundVerdict.values]), name="episode_verdict_known"
            ),
            models.CheckConstraint(
                condition=~Q(verdict=RoundVerdict.RETURN) | ~Q(reason=""), name="episode_verdict_return_says_why"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.round} · {self.episode}"


# Criteria a studio begins with: code -> weight.
DEFAULT_CRITERIA = {"hook": 3, "pace": 2, "twist": 2, "cost": 1}


def default_criterion_name(code: str) -> str:
    return {
        "hook": pgettext("criterion", "Hook"),
        "pace": pgettext("criterion", "Pace"),
        "twist": pgettext("criterion", "Twist"),
        "cost": pgettext("criterion", "Cost"),
    }.get(code, code)


class Criterion(Stamped, Scoped):
    """What a studio gives points for. One that the house brought has a code and no name until the studio names it."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="criteria", verbose_name=_("studio"))
    code = models.SlugField(_("short name"), max_length=20, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=40, blank=True, help_text=_("Empty: the house's own word."))
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    best = models.PositiveSmallIntegerField(_("best"), default=10, help_text=_("Points go from 1 to this."))
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("New rounds no longer ask for it; points given stay.")
    )

    class Meta:
        verbose_name = _("review criterion")
        verbose_name_plural = _("review criteria")
        ordering = ["studio_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "code"], condition=~Q(code=""), name="criterion_code_once"),
            models.UniqueConstraint(fields=["studio", "name"], condition=~Q(name=""), name="criterion_name_once"),
            models.CheckConstraint(condition=~Q(code="", name=""), name="criterion_has_a_name"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="criterion_weight_in_range"),
            models.CheckConstraint(condition=Q(best__gte=2, best__lte=100), name="criterion_best_in_range"),
        ]

    def __str__(self) -> str:
        return self.name or default_criterion_name(self.code)


class Score(Stamped, Scoped):
    """Points of one reviewer on one criterion. `best` is the scale they were given on."""

    studio_path, production_path = _ROUND_STUDIO, _ROUND_PRODUCTION

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="scores", verbose_name=_("review round"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores", verbose_name=_("criterion"))
    reviewer = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("reviewer"))
    points = models.PositiveSmallIntegerField(_("points"))
    best = models.PositiveSmallIntegerField(_("best"))

    class Meta:
        verbose_name = pgettext_lazy("review", "score")
        verbose_name_plural = pgettext_lazy("review", "scores")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "criterion", "reviewer"], name="score_once_per_reviewer"),
            models.CheckConstraint(condition=Q(points__gte=1, points__lte=F("best")), name="score_on_its_scale"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.points}/{self.best}"


class Greenlight(AppendOnly, Scoped):
    """That a title may be made: who said so, of which draft, on which rounds, or against which that are missing."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="greenlights", verbose_name=_("production"))
    revision = models.OneToOneField(
        Revision, models.PROTECT, related_name="greenlight", verbose_name=pgettext_lazy("script", "revision")
    )
    rounds = models.JSONField(_("review rounds"), default=list)
    missing = models.CharField(_("rounds missing"), max_length=60, blank=True)
    override_reason = models.CharField(_("why all the same"), max_length=300, blank=True)
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("greenlight")
        verbose_name_plural = _("greenlights")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(missing="", override_reason="") | (~Q(missing="") & ~Q(override_reason="")),
                name="greenlight_reason_iff_rounds_missing",
            )
        ]

    def __str__(self) -> str:
        return str(self.revision)

    @property
    def missing_kinds(self) -> list[Any]:
        """Labels of the rounds it was given without."""
        return [RoundKind(kind).label for kind in self.missing.split(",") if kind in RoundKind.values]
