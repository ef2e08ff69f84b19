"""The board of all scripts: where each title stands and since when. Never writes.

Placing reads a few plain columns of every title, draft and round in three queries; cards are filled for those shown.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import operator
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from scripts_app.choices import PitchState
from scripts_app.models import ReviewRound, Revision, SourceWork
from scripts_app.placing import COLUMNS, LOCKED, DraftFacts, RoundFacts, place
from scripts_app.queries.rights import alarm_due
from studio.access import Access
from studio.models import Production
from studio.versions import stamp_of

SORTS = ("age", "due", "draft", "title")
_FAR = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True)
class BoardFilter:
    """What the board is narrowed to; values that nothing knows narrow nothing."""

    q: str = ""
    writer: int | None = None
    studio: int | None = None
    shelved: bool = False
    sort: str = "age"

    @classmethod
    def read(cls, params: Any) -> BoardFilter:
        def number(name: str) -> int | None:
            value = params.get(name, "")
            return int(value) if value.isascii() and value.isdecimal() and len(value) < 16 else None

        sort = params.get("sort", "")
        return cls(
            params.get("q", "").strip()[:80].replace("\x00", ""), number("writer"), number("studio"),
            params.get("shelved") == "1", sort if sort in SORTS else "age",
        )  # fmt: skip

    @property
    def active(self) -> bool:
        return dataclasses.replace(self, sort="age") != BoardFilter()

    def narrow(self, rows: QuerySet[Production]) -> QuerySet[Production]:
        if self.q:
            rows = rows.filter(
                Q(title__icontains=self.q) | Q(code__icontains=self.q) | Q(script__logline__icontains=self.q)
            )
        if self.writer is not None:
            rows = rows.filter(script__writers=self.writer)
        if self.studio is not None:
            rows = rows.filter(studio=self.studio)
        return rows


@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """A title on the board: its column, since when, and what the board is sorted by."""

    pk: int
    column: str
    since: dt.datetime
    title: str
    draft_at: dt.datetime | None
    due: dt.date | None


@dataclasses.dataclass(frozen=True)
class Chip:
    """The last verdict of a kind of review on the latest draft, or that one goes on."""

    kind: str
    label: Any
    verdict: str
    round_id: int


@dataclasses.dataclass(frozen=True)
class Card:
    placed: Placed
    production: Production
    writer: str
    logline: str
    pitch: str
    revision: Revision | None
    episodes: int
    planned: int | None
    chips: list[Chip]
    due: dt.date | None
    late: bool
    days: int
    total_days: int
    greenlit: bool
    rights: int | None

    @property
    def column(self) -> str:
        return self.placed.column


def placed_titles(access: Access, narrowed: BoardFilter, studio_id: int | None = None) -> list[Placed]:
    """Every title the user sees, in its column, sorted as asked: one query while nothing was written, else four.

    Placing is remembered under the version of all that the user sees: with a thousand titles it costs as much as the
    page around it.
    """
    known = (access.signature, narrowed, studio_id, stamp_of(access))
    placed = _remembered.get(known)
    if placed is None:
        placed = _place(access, narrowed, studio_id)
        if len(_remembered) >= REMEMBERED:
            _remembered.popitem(last=False)
        _remembered[known] = placed
    return placed


REMEMBERED = 32
_remembered: OrderedDict[Any, list[Placed]] = OrderedDict()


def forget() -> None:
    """Drop what this process remembers, for when versions go back: a restored database, a test."""
    _remembered.clear()


def _place(access: Access, narrowed: BoardFilter, studio_id: int | None) -> list[Placed]:
    titles = narrowed.narrow(access.scope(Production.objects.all(), "script.view")).order_by()
    if studio_id is not None:
        titles = titles.filter(studio=studio_id)
    rows = list(
        titles.values_list(
            "pk", "title", "created_at", "script__planned_episodes", "script__pitch_state", "script__pitch_moved_at"
        )
    )
    revisions = access.scope(Revision.objects.all(), "script.view")
    reviews = access.scope(ReviewRound.objects.all(), "script.view")
    if studio_id is not None:
        revisions = revisions.filter(script__production__studio=studio_id)
        reviews = reviews.filter(revision__script__production__studio=studio_id)
    if narrowed.active:
        # A board of everything needs no list of what is on it: what belongs to no row is not looked up.
        revisions = revisions.filter(script__production__in=titles.values("pk"))
        reviews = reviews.filter(revision__script__production__in=titles.values("pk"))
    drafts: dict[int, list[DraftFacts]] = defaultdict(list)
    for pk, *facts in revisions.order_by().values_list(
        "script__production", "number", "episodes_count", "created_at", "locked_at"
    ):
        drafts[pk].append(DraftFacts(*facts))
    rounds: dict[int, list[RoundFacts]] = defaultdict(list)
    dues: dict[int, list[dt.date]] = defaultdict(list)
    for pk, number, opened_at, closed_at, due in reviews.order_by().values_list(
        "revision__script__production", "revision__number", "opened_at", "reviewed_at", "due_date"
    ):
        rounds[pk].append(RoundFacts(number, opened_at, closed_at))
        if closed_at is None and due is not None:
            dues[pk].append(due)
    found = []
    for pk, title, created_at, planned, pitch, moved_at in rows:
        own = sorted(drafts.get(pk, []), key=_number)
        if not own and pitch == PitchState.SHELVED and not narrowed.shelved:
            continue
        column, since = place(
            opened_at=created_at, planned=planned, pitch_moved_at=moved_at, drafts=own, rounds=rounds.get(pk, [])
        )
        due_date = min(dues[pk]) if pk in dues else None
        found.append(Placed(pk, column, since, title, own[-1].came_at if own else None, due_date))
    return _sorted(found, narrowed.sort)


_number = operator.attrgetter("number")


def _sorted(found: list[Placed], sort: str) -> list[Placed]:
    keys: dict[str, Any] = {
        # What waits longest is on top, save in the last column, where nothing waits.
        "age": lambda row: (-row.since.timestamp() if row.column == LOCKED else row.since.timestamp(), row.pk),
        "due": lambda row: (row.due or dt.date.max, row.since, row.pk),
        "draft": lambda row: (-row.draft_at.timestamp() if row.draft_at else float("inf"), row.pk),
        "title": lambda row: (row.title, row.pk),
    }
    return sorted(found, key=keys[sort])


def columns_of(found: Iterable[Placed]) -> dict[str, list[Placed]]:
    columns: dict[str, list[Placed]] = {column: [] for column in COLUMNS}
    for row in found:
        columns[row.column].append(row)
    return columns


def cards(placed: list[Placed], now: dt.datetime) -> list[Card]:
    """The cards of some titles, in their order: four queries."""
    wanted = [row.pk for row in placed]
    titles = {
        row.pk: row
        for row in Production.objects.filter(pk__in=wanted)
        .select_related("studio", "script")
        .prefetch_related(
            Prefetch("source_works", SourceWork.objects.exclude(until_date=None).only("pk", "until_date"), "ending"),
            "greenlights",
            "script__credits__person",
        )
    }
    latest: dict[int, Revision] = {}
    heavy = ("faults", "marks", "episodes")
    for revision in (
        Revision.objects.filter(script__production__in=wanted)
        .defer(*heavy)
        .select_related("script")
        .prefetch_related("rounds")
        .order_by("number")
    ):
        latest[revision.script.production_id] = revision
    return [_card(row, titles[row.pk], latest.get(row.pk), now) for row in placed if row.pk in titles]


def _card(placed: Placed, title: Production, revision: Revision | None, now: dt.datetime) -> Card:
    today = now.astimezone(title.studio.zone).date()
    script = getattr(title, "script", None)
    chips: dict[str, Chip] = {}
    due: list[dt.date] = []
    for round in sorted(revision.rounds.all(), key=lambda each: each.pk) if revision is not None else []:
        # One that goes on says more than the one before it.
        chips[round.kind] = Chip(round.kind, round.get_kind_display(), round.verdict, round.pk)
        if round.is_open and round.due_date is not None:
            due.append(round.due_date)
    ends = [row.until_date for row in title.ending]  # type: ignore[attr-defined]
    first_due = min(due, default=None)
    return Card(
        placed=placed, production=title, writer="、".join(each.person.name for each in script.credits.all()) if script else "",
        logline=script.logline if script else "",
        pitch=script.get_pitch_state_display() if script and script.pitch_moved_at and revision is None else "",
        revision=revision, episodes=revision.episodes_count if revision else 0,
        planned=script.planned_episodes if script else None, chips=list(chips.values()), due=first_due,
        late=first_due is not None and first_due < today, days=max((now - placed.since).days, 0),
        total_days=max((now - title.created_at).days, 0), greenlit=bool(title.greenlights.all()),
        rights=min((due for end in ends if (due := alarm_due(title.studio, end, today)) is not None), default=None),
    )  # fmt: skip


def board_writers(access: Access, studio_id: int | None) -> list[tuple[int, str]]:
    """Writers of scripts the user sees."""
    rows = access.scope(Production.objects.all(), "script.view").filter(script__writers__isnull=False)
    if studio_id is not None:
        rows = rows.filter(studio=studio_id)
    return list(
        rows.order_by("script__writers__name").values_list("script__writers", "script__writers__name").distinct()
    )
