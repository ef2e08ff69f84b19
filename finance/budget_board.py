"""Cast and set lines of a budget as the board's day-out-of-days has them: shown as a difference first, then taken over.

Only lines that came from a board are ever touched. What a line is about is its key, so a renamed role or a changed
rate is the same line.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections import defaultdict

from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext as plain
from django.utils.translation import gettext_lazy as _

from finance.budgeting import Change, Kind, Line, differences
from finance.budgets import changing, columns_of, next_position
from finance.choices import Account, BudgetSource, BudgetState, BudgetStepKind
from finance.models import BudgetLine, BudgetVersion
from scheduling.choices import BoardState, HireBy
from scheduling.models import Casting, Set, Stripboard
from scheduling.queries import day_out_of_days
from scripts_app.choices import SceneState
from studio.models import Engagement, Production, User
from studio.refusals import Refused


def board_to_read(production: Production) -> Stripboard | None:
    """The locked board, else the newest draft."""
    return (
        Stripboard.objects.filter(production=production)
        .exclude(state=BoardState.REPLACED)
        .order_by(Case(When(state=BoardState.LOCKED, then=Value(0)), default=Value(1)), "-pk")
        .first()
    )


def hold_rate(engagement: Engagement) -> int:
    """Pay of a day on hold, rounded half up to the fen, as the board reckons it."""
    return (2 * engagement.day_rate_minor * engagement.hold_percent + 100) // 200


def board_lines(board: Stripboard) -> list[Line]:
    """What the board asks for: work, hold and guaranteed days of each performer, and the hire of each location.

    Who plays two roles works once a date, and so does who is called by two units. A constant number of queries.
    """
    return [*_cast_lines(board), *_set_lines(board)]


def _cast_lines(board: Stripboard) -> list[Line]:
    dood = day_out_of_days(board)
    castings = {
        row.character_id: row.engagement
        for row in Casting.objects.filter(character__production=board.production_id).select_related(
            "engagement__person"
        )
    }
    works: dict[int, set[dt.date]] = defaultdict(set)
    people: dict[int, Engagement] = {}
    found = []
    for row in dood.rows:
        dates = {dood.dates[at] for at, code in enumerate(row.codes) if "W" in code}
        engagement = castings.get(row.character_id)
        if engagement is None:
            found.append(
                Line(
                    Account.CAST.value, plain("%(role)s: nobody is cast") % {"role": row.role}, "day", len(dates) * 100,
                    key=f"board:role:{row.character_id}",
                )
            )  # fmt: skip
        else:
            people[engagement.pk] = engagement
            works[engagement.pk] |= dates
    for pk, engagement in people.items():
        dates = works[pk]
        held = {date for date in dood.dates if min(dates) < date < max(dates)} - dates
        found += _pay_lines(engagement, len(dates), len(held))
    return found


def _pay_lines(engagement: Engagement, worked: int, held: int) -> list[Line]:
    name, rate, hold = engagement.person.name, engagement.day_rate_minor, hold_rate(engagement)
    key = f"board:cast:{engagement.pk}"
    lines = [
        Line(
            Account.CAST.value,
            plain("%(name)s: work days") % {"name": name},
            "day",
            worked * 100,
            1,
            rate,
            key=f"{key}:w",
        )
    ]
    if held and hold:
        lines.append(
            Line(
                Account.CAST.value,
                plain("%(name)s: hold days") % {"name": name},
                "day",
                held * 100,
                1,
                hold,
                key=f"{key}:h",
            )
        )
    made_up = engagement.min_days * rate - worked * rate - held * hold
    if made_up > 0:
        said = plain("%(name)s: made up to %(days)s guaranteed days") % {"name": name, "days": engagement.min_days}
        lines.append(Line(Account.CAST.value, said, "flat", 100, 1, made_up, key=f"{key}:g"))
    return lines


def _set_lines(board: Stripboard) -> list[Line]:
    """A location by the day costs each date it is used on; by the hour the started hours of each date.

    Hours are those of the visits on the board's clock, else the minutes of the scenes and one dressing.
    """
    places = {
        row.name: row.location
        for row in Set.objects.filter(production=board.production_id).select_related("location__base")
        if row.location is not None
    }
    strips = list(
        board.strips.filter(scene__state=SceneState.ACTIVE).exclude(day=None).select_related("scene", "day")
    )  # fmt: skip
    names: dict[int, set[str]] = defaultdict(set)
    minutes: dict[int, dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
    visits: dict[tuple[dt.date, str], int] = defaultdict(int)
    for day in {strip.day for strip in strips if strip.day is not None}:
        for label, _base, arrive, leave in day.timeline.get("visits", []):
            visits[day.date, label] += leave - arrive
    for strip in strips:
        place = places.get(strip.scene.set_name)
        if place is not None and strip.day is not None:
            names[place.pk].add(strip.scene.set_name)
            minutes[place.pk][strip.day.date] += strip.scene.shoot_minutes
    found = []
    for place in {place.pk: place for place in places.values()}.values():
        used = minutes.get(place.pk)
        if not used:
            continue
        count, unit = len(used), "day"
        if place.hire_by == HireBy.HOUR:
            labels = {*names[place.pk], place.name}
            hours = 0
            for date, shot in used.items():
                seen = sum(visits.get((date, label), 0) for label in labels)
                hours += -(-(seen or shot + place.dressing_minutes) // 60)
            count, unit = hours, "hour"
        found.append(
            Line(
                Account.SETS.value,
                str(place)[:120],
                unit,
                count * 100,
                1,
                place.price_minor,
                key=f"board:place:{place.pk}",
            )
        )
    return sorted(found, key=lambda line: line.name)


@dataclasses.dataclass(frozen=True)
class BoardDifference:
    """What taking a board over would change. `digest` names exactly this difference."""

    board: Stripboard
    changes: tuple[Change, ...]
    same: int

    @property
    def difference_minor(self) -> int:
        return sum(change.difference_minor for change in self.changes)

    @property
    def digest(self) -> str:
        told = [(c.kind.value, c.line.key, c.line.mark, c.before_minor, c.after_minor) for c in self.changes]
        return hashlib.sha256(repr((self.board.pk, told)).encode()).hexdigest()[:20]


def _written(line: Line) -> tuple[object, ...]:
    return (line.account, line.name, line.unit, line.quantity, line.factor, line.rate_minor)


def board_difference(version: BudgetVersion, board: Stripboard) -> BoardDifference:
    """The version's board lines beside what the board asks for now. Never writes."""
    standing = [row.as_line() for row in version.lines.filter(source=BudgetSource.BOARD).order_by("position", "pk")]
    wanted = {line.key: line for line in board_lines(board)}
    # A person's group and note stay with the line.
    kept = {line.key: line for line in standing}
    lines = [
        dataclasses.replace(line, group=kept[key].group, note=kept[key].note) if key in kept else line
        for key, line in wanted.items()
    ]
    by_key = differences(
        [dataclasses.replace(line, account=line.key, name="") for line in standing],
        [dataclasses.replace(line, account=line.key, name="") for line in lines],
    )
    changes = []
    for change in by_key:
        before = kept.get(change.before.key) if change.before is not None else None
        after = (
            next((line for line in lines if line.key == change.after.key), None) if change.after is not None else None
        )
        kind = change.kind
        if before is not None and after is not None:
            kind = Kind.SAME if _written(before) == _written(after) else Kind.CHANGED
        changes.append(dataclasses.replace(change, kind=kind, before=before, after=after))
    moved = tuple(change for change in changes if change.kind is not Kind.SAME)
    return BoardDifference(board, moved, len(changes) - len(moved))


@transaction.atomic
def take_board_over(
    *, version: BudgetVersion, board: Stripboard, seen: str, by: User | None, at: dt.datetime | None = None
) -> BudgetVersion:
    """Write the difference that was `seen`. Refuses another title's board, and when the difference is another by now."""
    if board.production_id != version.production_id:
        raise Refused("other_title", _("This board belongs to another title."), conflict=True)
    now = at or timezone.now()
    with changing(version, BudgetStepKind.BOARD, by, at) as held:
        found = board_difference(held, board)
        if found.digest != seen:
            raise Refused(
                "changed_meanwhile", _("The board or the budget changed meanwhile. Look at the difference again."),
                conflict=True,
            )  # fmt: skip
        position = next_position(held)
        for change in found.changes:
            if change.after is None:
                assert change.before is not None
                held.lines.filter(key=change.before.key, source=BudgetSource.BOARD).delete()
            elif change.before is None:
                BudgetLine.objects.create(
                    version=held, key=change.after.key, source=BudgetSource.BOARD, position=position,
                    **columns_of(change.after),
                )  # fmt: skip
                position += 1
            else:
                held.lines.filter(key=change.after.key).update(**columns_of(change.after), updated_at=now)
    BudgetVersion.objects.filter(pk=held.pk).update(
        board=board, board_version=board.version, board_read_at=now, board_stale_at=None, updated_at=now
    )
    held.refresh_from_db()
    return held


def mark_stale_budgets(*, production_id: int, at: dt.datetime | None = None) -> int:
    """Mark the versions whose board lines differ from the title's board by now; no line is changed. How many."""
    production = Production.objects.filter(pk=production_id).first()
    board = board_to_read(production) if production is not None else None
    if board is None:
        return 0
    marked = 0
    rows = BudgetVersion.objects.filter(production=production_id, board_read_at__isnull=False, board_stale_at=None)
    for version in rows.exclude(state=BudgetState.SUPERSEDED):
        if board_difference(version, board).changes:
            marked += BudgetVersion.objects.filter(pk=version.pk, board_stale_at=None).update(
                board_stale_at=at or timezone.now()
            )
    return marked
