"""Reusable parts: named lines of the studio that are put into budgets so many times, measured by the title's own figures.

A part kept from a whole budget is a template for a title: what was counted in its episodes, shooting days or scenes is
counted anew in those of the next.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.budgeting import MOST_QUANTITY, PERCENT, Change, Kind, Line, differences
from finance.budgets import changing, columns_of, next_position
from finance.choices import BudgetPer, BudgetSource, BudgetStepKind, BudgetUnit
from finance.models import BudgetLine, BudgetPart, BudgetPartLine, BudgetVersion
from finance.queries.budgets import TitleFigures, title_figures
from studio.models import User
from studio.refusals import Refused
from studio.versions import bump_studio

MOST_TIMES = 1_000
_MEASURES = {BudgetUnit.EPISODE: BudgetPer.EPISODE, BudgetUnit.DAY: BudgetPer.DAY, BudgetUnit.SCENE: BudgetPer.SCENE}


def measure(per: str, figures: TitleFigures, times: int) -> int:
    """How often a line of a part is taken. A title without episodes, days or scenes yet counts as one of them."""
    found = {
        BudgetPer.TIMES: times, BudgetPer.EPISODE: figures.episodes, BudgetPer.DAY: figures.shoot_days,
        BudgetPer.SCENE: figures.scenes,
    }  # fmt: skip
    return max(1, found.get(BudgetPer(per), 1))


def _measured_by(line: BudgetLine, figures: TitleFigures) -> tuple[str, int]:
    """What a line is counted by, and its quantity for one of those."""
    per = _MEASURES.get(BudgetUnit(line.unit))
    count = measure(per, figures, 1) if per is not None else 1
    if (
        per is not None
        and count > 1
        and line.quantity_hundredths % count == 0
        and line.quantity_hundredths >= count * 100
    ):
        return per, line.quantity_hundredths // count
    return BudgetPer.ONCE, line.quantity_hundredths


@transaction.atomic
def keep_part(*, version: BudgetVersion, name: str, by: User | None, group: str | None = None) -> BudgetPart:
    """Keep the lines of a group as a part of the studio, to be taken so many times; without `group` all lines of the
    version as a template, counted by its episodes, shooting days and scenes.

    A part of that name is written anew: its revision goes up and copies of it are found to differ. Lines that came from
    a board are left out: the next title has its own.
    """
    called = name.strip()[:60]
    if not called:
        raise Refused("name_missing", _("Give the part a name."), field="name")
    rows = version.lines.exclude(source=BudgetSource.BOARD).order_by("position", "pk")
    lines = list(rows if group is None else rows.filter(group=group))
    if not lines:
        raise Refused("nothing_to_keep", _("There are no lines to keep."), field="group")
    studio = version.production.studio
    part, new = BudgetPart.objects.select_for_update().get_or_create(studio=studio, name=called)
    figures = title_figures(version.production)
    keys = {(line.account, line.name): line.key for line in part.lines.all()}
    part.lines.all().delete()
    made = []
    for place, line in enumerate(lines):
        per, quantity = (
            _measured_by(line, figures)
            if group is None
            else (BudgetPer.ONCE if line.unit == PERCENT else BudgetPer.TIMES, line.quantity_hundredths)
        )
        made.append(
            BudgetPartLine(
                part=part, position=place, per=per, account=line.account, name=line.name, unit=line.unit,
                quantity_hundredths=quantity, factor=line.factor, rate_minor=line.rate_minor, percent_bp=line.percent_bp,
                note=line.note, **({"key": keys[line.account, line.name]} if (line.account, line.name) in keys else {}),
            )
        )  # fmt: skip
        keys.pop((line.account, line.name), None)
    BudgetPartLine.objects.bulk_create(made)
    if not new:
        BudgetPart.objects.filter(pk=part.pk).update(revision=F("revision") + 1, updated_at=timezone.now())
    bump_studio(studio.pk)
    part.refresh_from_db()
    return part


def part_lines(part: BudgetPart, figures: TitleFigures, times: int, copy: int) -> list[Line]:
    """The lines a part comes to in a title, under the keys of its copy of that number."""
    found = []
    for line in part.lines.all():
        quantity = line.quantity_hundredths * (1 if line.unit == PERCENT else measure(line.per, figures, times))
        if quantity > MOST_QUANTITY:
            raise Refused(
                "quantity_out_of_range", _("“%(name)s” would be counted more than 100,000 times."),
                params={"name": line.name},
            )  # fmt: skip
        found.append(
            Line(
                line.account, line.name, line.unit, quantity, line.factor, line.rate_minor, line.percent_bp,
                part.name, line.note, f"p{part.pk}.{copy}.{line.key[:16]}",
            )
        )  # fmt: skip
    return found


@transaction.atomic
def insert_part(
    *, version: BudgetVersion, part: BudgetPart, by: User | None, times: int = 1, at: dt.datetime | None = None
) -> list[BudgetLine]:
    """Put a part into a draft. Each insertion is a copy of its own."""
    if part.studio_id != version.production.studio_id:
        raise Refused("other_studio", _("This part belongs to another studio."), conflict=True)
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= MOST_TIMES:
        raise Refused("times_out_of_range", _("A part is taken between 1 and 1,000 times."), field="times")
    figures = title_figures(version.production)
    with changing(version, BudgetStepKind.PART, by, at) as held:
        start = next_position(held)
        last = held.lines.filter(part=part).order_by("-part_copy").values_list("part_copy", flat=True).first() or 0
        return BudgetLine.objects.bulk_create(
            BudgetLine(
                version=held, key=line.key, position=start + place, source=BudgetSource.PART, part=part,
                part_copy=last + 1, part_times=times, **columns_of(line),
            )
            for place, line in enumerate(part_lines(part, figures, times, last + 1))
        )  # fmt: skip


@dataclasses.dataclass(frozen=True)
class PartDifference:
    """A copy of a part that is not as the part and the title are by now."""

    part: BudgetPart
    copy: int
    times: int
    changes: tuple[Change, ...]

    @property
    def difference_minor(self) -> int:
        return sum(change.difference_minor for change in self.changes)

    @property
    def digest(self) -> str:
        told = [(c.kind.value, c.line.key, c.line.mark, c.before_minor, c.after_minor) for c in self.changes]
        return hashlib.sha256(repr((self.part.pk, self.copy, told)).encode()).hexdigest()[:20]


def part_differences(version: BudgetVersion) -> list[PartDifference]:
    """The copies in a version that differ from their parts. Two queries beside the title's figures; never writes."""
    copies: dict[tuple[int, int], list[BudgetLine]] = {}
    for line in version.lines.filter(part__isnull=False).order_by("position", "pk"):
        copies.setdefault((line.part_id, line.part_copy), []).append(line)
    if not copies:
        return []
    parts = BudgetPart.objects.prefetch_related("lines").in_bulk({part for part, _copy in copies})
    figures = title_figures(version.production)
    found = []
    for (pk, copy), lines in copies.items():
        changes = _changes(lines, part_lines(parts[pk], figures, lines[0].part_times, copy))
        if changes:
            found.append(PartDifference(parts[pk], copy, lines[0].part_times, changes))
    return found


def _changes(lines: Iterable[BudgetLine], wanted: list[Line]) -> tuple[Change, ...]:
    """A person's note, group and place among the accounts stay theirs; what is counted and paid is the part's."""
    standing = [line.as_line() for line in lines]
    own = {line.key: line for line in standing}
    asked = [
        dataclasses.replace(line, group=own[line.key].group, note=own[line.key].note) if line.key in own else line
        for line in wanted
    ]
    return tuple(change for change in differences(standing, asked) if change.kind is not Kind.SAME)


@transaction.atomic
def refresh_part(
    *, version: BudgetVersion, part: BudgetPart, copy: int, seen: str, by: User | None, at: dt.datetime | None = None
) -> BudgetVersion:
    """Make a copy as its part is now: the difference that was `seen`, or nothing."""
    now = at or timezone.now()
    with changing(version, BudgetStepKind.PART, by, at) as held:
        found = next((row for row in part_differences(held) if (row.part.pk, row.copy) == (part.pk, copy)), None)
        if found is None or found.digest != seen:
            raise Refused(
                "changed_meanwhile", _("The part or the budget changed meanwhile. Look at the difference again."),
                conflict=True,
            )  # fmt: skip
        position = next_position(held)
        for change in found.changes:
            if change.after is None:
                assert change.before is not None
                held.lines.filter(key=change.before.key).delete()
            elif change.before is None:
                BudgetLine.objects.create(
                    version=held, key=change.after.key, position=position, source=BudgetSource.PART, part=part,
                    part_copy=copy, part_times=found.times, **columns_of(change.after),
                )  # fmt: skip
                position += 1
            else:
                held.lines.filter(key=change.before.key).update(
                    key=change.after.key, **columns_of(change.after), updated_at=now
                )
    held.refresh_from_db()
    return held


@transaction.atomic
def remove_part(*, part: BudgetPart, by: User | None) -> None:
    """Budgets keep the lines they have; the part is no longer offered. Approved budgets name their parts: those stay."""
    if BudgetLine.objects.filter(part=part).exclude(version__state="draft").exists():
        raise Refused("part_in_force", _("An approved budget was made with this part. It stays."), conflict=True)
    studio_id = part.studio_id
    BudgetLine.objects.filter(part=part).update(part=None, part_copy=0, part_times=1)
    part.delete()
    bump_studio(studio_id)
