"""Reviews of drafts and the greenlight. Never writes; costs the same number of queries however long the draft is."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

from django.db.models import QuerySet

from scripts_app.choices import RoundKind, RoundVerdict
from scripts_app.models import Criterion, EpisodeVerdict, Greenlight, ReviewNote, ReviewRound, Revision, Score
from scripts_app.scoring import Point, Standing, standings, total
from studio.choices import GreenlightGate
from studio.models import Production, Studio, User


@dataclasses.dataclass(frozen=True)
class EpisodeRow:
    """An episode under review; `verdict` is a return when any reviewer returned it."""

    number: int
    title: str
    verdicts: list[EpisodeVerdict]
    mine: EpisodeVerdict | None
    notes: int

    @property
    def verdict(self) -> str:
        said = {each.verdict for each in self.verdicts}
        return next((each for each in (RoundVerdict.RETURN, RoundVerdict.PASS) if each in said), "")


@dataclasses.dataclass(frozen=True)
class ReviewerRow:
    user: User | None
    asked: bool
    read: int
    passed: int
    returned: int
    total: int | None


@dataclasses.dataclass(frozen=True)
class CriterionRow:
    criterion: Criterion
    standing: Standing | None
    scores: list[Score]
    mine: int | None

    @property
    def scale(self) -> range:
        return range(1, self.criterion.best + 1)


@dataclasses.dataclass(frozen=True)
class RoundRead:
    """A round as it stands: episodes, reviewers, criteria; `mine` counts episodes that this reader has read."""

    round: ReviewRound
    episodes: list[EpisodeRow]
    reviewers: list[ReviewerRow]
    criteria: list[CriterionRow]
    total: int | None

    @property
    def mine(self) -> int:
        return sum(row.mine is not None for row in self.episodes)

    @property
    def read(self) -> int:
        return sum(bool(row.verdicts) for row in self.episodes)

    @property
    def returned(self) -> list[EpisodeRow]:
        return [row for row in self.episodes if row.verdict == RoundVerdict.RETURN]

    @property
    def next_unread(self) -> int | None:
        return next((row.number for row in self.episodes if row.mine is None), None)


def criteria_of(studio_id: int) -> QuerySet[Criterion]:
    return Criterion.objects.filter(studio=studio_id).order_by("position", "pk")


def round_read(round: ReviewRound, reader: User | None) -> RoundRead:
    """Six queries, whatever the round holds."""
    revision = round.revision
    verdicts: dict[int, list[EpisodeVerdict]] = {}
    for said in round.verdicts.select_related("reviewer", "episode").order_by("pk"):
        verdicts.setdefault(said.episode.number, []).append(said)
    scores = list(round.scores.select_related("reviewer", "criterion").order_by("pk"))
    noted: Counter[int] = Counter(
        ReviewNote.objects.filter(round=round).order_by().values_list("episode__number", flat=True)
    )
    pk = reader.pk if reader is not None else None
    episodes = [
        EpisodeRow(
            number=row["number"], title=row.get("title", ""), verdicts=verdicts.get(row["number"], []),
            mine=next((each for each in verdicts.get(row["number"], []) if pk and each.reviewer_id == pk), None),
            notes=noted[row["number"]],
        )
        for row in {row["number"]: row for row in revision.episodes}.values()
    ]  # fmt: skip
    criteria = list(criteria_of(revision.script.production.studio_id))
    weights = {each.pk: each.weight for each in criteria}
    standing = standings(_points(scores))
    rows = []
    for criterion in criteria:
        own = [each for each in scores if each.criterion_id == criterion.pk]
        if criterion.retired and not own:
            continue
        mine = next((each.points for each in own if pk and each.reviewer_id == pk), None)
        rows.append(CriterionRow(criterion, standing.get(criterion.pk), own, mine))
    return RoundRead(round, episodes, _reviewers(round, verdicts, scores, weights), rows, total(standing, weights))


def _points(scores: list[Score]) -> list[Point]:
    return [Point(each.criterion_id, each.reviewer_id, each.points, each.best) for each in scores]


def _reviewers(
    round: ReviewRound, verdicts: dict[int, list[EpisodeVerdict]], scores: list[Score], weights: dict[int, int]
) -> list[ReviewerRow]:
    """Those who were asked, then those who came by themselves."""
    asked = list(round.reviewers.order_by("pk"))
    people: dict[int | None, User | None] = {user.pk: user for user in asked}
    said = [each for episode in verdicts.values() for each in episode]
    for each in [*said, *scores]:
        people.setdefault(each.reviewer_id, each.reviewer)
    wanted = {user.pk for user in asked}
    rows = []
    for pk, user in people.items():
        own = Counter(each.verdict for each in said if each.reviewer_id == pk)
        points = standings(_points([each for each in scores if each.reviewer_id == pk]))
        rows.append(
            ReviewerRow(user, pk in wanted, sum(own.values()), own["pass"], own["return"], total(points, weights))
        )
    return rows


@dataclasses.dataclass(frozen=True)
class RevisionScore:
    """Points of a revision over all its rounds; criterion id -> standing."""

    number: int
    standings: dict[int, Standing]
    total: int | None
    change: int | None


def score_history(production: Production, criteria: list[Criterion]) -> list[RevisionScore]:
    """Revisions that have points, oldest first, with how the total moved since the one before."""
    points: dict[int, list[Point]] = {}
    for number, criterion, reviewer, given, best in (
        Score.objects.filter(round__revision__script__production=production)
        .order_by("round__revision__number", "pk")
        .values_list("round__revision__number", "criterion_id", "reviewer_id", "points", "best")
    ):
        points.setdefault(number, []).append(Point(criterion, reviewer, given, best))
    weights = {each.pk: each.weight for each in criteria}
    rows: list[RevisionScore] = []
    for number, found in points.items():
        standing = standings(found)
        summed = total(standing, weights)
        before = rows[-1].total if rows else None
        moved = summed - before if summed is not None and before is not None else None
        rows.append(RevisionScore(number, standing, summed, moved))
    return rows


@dataclasses.dataclass(frozen=True)
class Need:
    """A kind of review the greenlight asks for, and the last round of it that is over."""

    kind: str
    round: ReviewRound | None

    @property
    def label(self) -> Any:
        return RoundKind(self.kind).label

    @property
    def passed(self) -> bool:
        return self.round is not None and self.round.verdict == RoundVerdict.PASS


@dataclasses.dataclass(frozen=True)
class GreenlightStanding:
    needs: list[Need]
    given: Greenlight | None

    @property
    def missing(self) -> list[Need]:
        return [need for need in self.needs if not need.passed]


def needed_rounds(studio: Studio) -> list[str]:
    """Kinds of review that must have passed before the greenlight, as the studio says."""
    asked = {
        RoundKind.EDITORIAL: studio.greenlight_needs_editorial,
        RoundKind.PLATFORM: studio.greenlight_needs_platform,
        RoundKind.COMPLIANCE: studio.greenlight_needs_compliance,
    }
    return [str(kind) for kind, wanted in asked.items() if wanted]


def greenlight_of(production: Production) -> Greenlight | None:
    """The last greenlight of a title."""
    return production.greenlights.select_related("revision", "given_by").order_by("pk").last()


def lacks_greenlight(production: Production) -> bool:
    """Whether the studio's gate looks for a greenlight that the title does not have."""
    return production.studio.greenlight_gate != GreenlightGate.OFF and not production.greenlights.exists()


def greenlight_standing(production: Production, revision: Revision | None) -> GreenlightStanding:
    """What the greenlight of a draft rests on; a later return takes an earlier pass back."""
    last: dict[str, ReviewRound] = {}
    if revision is not None:
        for round in (
            revision.rounds.exclude(reviewed_at=None).select_related("reviewed_by").order_by("reviewed_at", "pk")
        ):
            last[round.kind] = round
    needs = [Need(kind, last.get(kind)) for kind in needed_rounds(production.studio)]
    return GreenlightStanding(needs, greenlight_of(production))


def rounds_of(production: Production) -> list[ReviewRound]:
    """All rounds of a title, those of the latest draft first: two queries."""
    return list(
        ReviewRound.objects.filter(revision__script__production=production)
        .select_related("revision__script__production", "reviewed_by", "opened_by")
        .prefetch_related("reviewers")
        .order_by("-revision__number", "-pk")
    )
