"""Budgets: versions of a title's plan and their lines; every change of a draft can be taken back.

Each change holds the version's row, keeps the lines as they stood before as a step, and counts the revision up. What
is approved is never changed: a change copies it into the next version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as plain
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noop

from finance.budgeting import MOST_LINES, PERCENT, Line, amount_of, reckon
from finance.choices import Account, BudgetSource, BudgetState, BudgetStepKind
from finance.events import BudgetChanged
from finance.models import BudgetLine, BudgetPart, BudgetShare, BudgetStep, BudgetVersion
from finance.queries.budgets import budget_in_force, budget_total
from studio.facts import publish
from studio.models import Production, Studio, User
from studio.refusals import Refused
from studio.values import allocate

STEPS_KEPT = 50
# What a step keeps of each line.
PICTURE = (
    "id", "key", "position", "account", "name", "group", "quantity_hundredths", "unit", "factor", "rate_minor",
    "percent_bp", "amount_minor", "note", "source", "part_id", "part_copy", "part_times",
)  # fmt: skip

# What a copy knows of the board its lines were read from.
_BOARD = ("board", "board_version", "board_read_at", "board_stale_at")

# Where a studio starts from: (account, name, 1/100 % of the investment). A studio edits its own in the admin.
STANDARD_SHARES: list[tuple[str, str, int]] = [
    (Account.SCRIPT, noop("Script and rights"), 600),
    (Account.KEY_CREW, noop("Director and key crew"), 1100),
    (Account.CAST, noop("Cast"), 2400),
    (Account.CREW, noop("Crew"), 1400),
    (Account.EQUIPMENT, noop("Camera, light and sound hire"), 800),
    (Account.SETS, noop("Sets and locations"), 1100),
    (Account.ART, noop("Wardrobe, make-up, props"), 700),
    (Account.LIVING, noop("Transport, food, lodging"), 800),
    (Account.POST, noop("Post-production"), 700),
    (Account.CONTINGENCY, noop("Contingency"), 400),
]


# --- versions -----------------------------------------------------------------------------------------------------


@transaction.atomic
def open_budget(
    *,
    production: Production,
    by: User | None,
    name: str = "",
    copy_of: BudgetVersion | None = None,
    at: dt.datetime | None = None,
) -> BudgetVersion:
    """A new draft: empty, or with the lines of another version of the same title."""
    if copy_of is not None and copy_of.production_id != production.pk:
        raise Refused("other_title", _("A budget is copied within its title."), conflict=True)
    # The title's row is the lock: two new versions take two numbers.
    Production.objects.select_for_update().get(pk=production.pk)
    last = BudgetVersion.objects.filter(production=production).aggregate(last=Max("number"))["last"] or 0
    version = BudgetVersion.objects.create(
        production=production, number=last + 1, name=name.strip()[:80], based_on=copy_of, created_by=by,
        **({name: getattr(copy_of, name) for name in _BOARD} if copy_of is not None else {}),
    )  # fmt: skip
    if copy_of is not None:
        lines = list(copy_of.lines.order_by("position", "pk"))
        for line in lines:
            line.pk, line.version = None, version
            line._state.adding = True
        BudgetLine.objects.bulk_create(lines)
    _announce(version, by, at)
    return version


def draft_to_change(*, production: Production, by: User | None, at: dt.datetime | None = None) -> BudgetVersion:
    """The title's latest draft. Where the latest version is approved a copy of it is opened, where there is none an
    empty one. Call it inside a transaction."""
    latest = BudgetVersion.objects.filter(production=production).order_by("-number").first()
    if latest is not None and latest.is_draft:
        return latest
    return open_budget(production=production, by=by, copy_of=budget_in_force(production), at=at)


@transaction.atomic
def rename_budget(*, version: BudgetVersion, name: str, note: str, by: User | None) -> BudgetVersion:
    """What a draft is called, and what is to know of it."""
    held = _hold(version)
    BudgetVersion.objects.filter(pk=held.pk).update(
        name=name.strip()[:80], note=note.strip()[:300], updated_at=timezone.now()
    )
    _announce(held, by, None)
    held.refresh_from_db()
    return held


@transaction.atomic
def remove_budget(*, version: BudgetVersion, by: User | None) -> None:
    """Throw a draft away."""
    held = _hold(version)
    production = held.production
    held.delete()
    publish(
        BudgetChanged(
            studio_id=production.studio_id, production_id=production.pk, version_id=version.pk, total_minor=0
        ),
        by=by,
    )


# --- what every change of lines has in common ---------------------------------------------------------------------


def _hold(version: BudgetVersion) -> BudgetVersion:
    """The version's row, locked; refuses one that is no draft."""
    held = BudgetVersion.objects.select_for_update().filter(pk=version.pk).first()
    if held is None:
        raise Refused("budget_gone", _("This budget was thrown away meanwhile."), conflict=True)
    if held.state != BudgetState.DRAFT:
        raise Refused("budget_closed", _("An approved budget is not changed. Make a new version of it."), conflict=True)
    held.production = version.production
    return held


def _announce(version: BudgetVersion, by: User | None, at: dt.datetime | None) -> None:
    publish(
        BudgetChanged(
            studio_id=version.production.studio_id, production_id=version.production_id, version_id=version.pk,
            total_minor=budget_total(version),
        ),
        by=by, at=at,
    )  # fmt: skip


def picture(version: BudgetVersion) -> list[dict[str, Any]]:
    """The lines as a step keeps them."""
    return list(version.lines.order_by("pk").values(*PICTURE))


@contextmanager
def changing(
    version: BudgetVersion, kind: BudgetStepKind, by: User | None, at: dt.datetime | None
) -> Iterator[BudgetVersion]:
    """Change the lines of a held draft; afterwards percentages are reckoned again and the step is kept.

    What changed nothing leaves no step. Call it inside a transaction.
    """
    held = _hold(version)
    before = picture(held)
    yield held
    if held.lines.count() > MOST_LINES:
        raise Refused(
            "too_many_lines", _("A budget has at most %(most)s lines."), params={"most": MOST_LINES}
        )  # fmt: skip
    _reckon_percentages(held)
    if picture(held) == before:
        return
    now = at or timezone.now()
    number = (held.steps.aggregate(last=Max("number"))["last"] or 0) + 1
    BudgetStep.objects.create(version=held, number=number, kind=kind, before=before, made_by=by, made_at=now)
    held.steps.filter(number__lte=number - STEPS_KEPT).delete()
    _touch(held)
    _announce(held, by, at)


def _touch(version: BudgetVersion) -> None:
    """Count a change; a first approval was of other figures and is taken back."""
    BudgetVersion.objects.filter(pk=version.pk).update(
        revision=F("revision") + 1, approved_by=None, approved_at=None, updated_at=timezone.now()
    )


def _reckon_percentages(version: BudgetVersion) -> None:
    lines = list(version.lines.all())
    now = timezone.now()
    stale = []
    for line, amount in zip(lines, reckon(line.as_line() for line in lines).amounts, strict=True):
        if line.amount_minor != amount:
            line.amount_minor, line.updated_at = amount, now
            stale.append(line)
    BudgetLine.objects.bulk_update(stale, ["amount_minor", "updated_at"])


def columns_of(line: Line) -> dict[str, Any]:
    """A plain line as columns. A percentage's amount follows when all lines stand."""
    return {
        "account": line.account, "name": line.name, "group": line.group, "note": line.note, "unit": line.unit,
        "quantity_hundredths": line.quantity, "factor": line.factor, "rate_minor": line.rate_minor,
        "percent_bp": line.percent_bp,
        "amount_minor": 0 if line.unit == PERCENT else amount_of(line.quantity, line.factor, line.rate_minor),
    }  # fmt: skip


def next_position(version: BudgetVersion) -> int:
    last = version.lines.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


@transaction.atomic
def undo_budget_change(
    *, version: BudgetVersion, step: int, by: User | None, at: dt.datetime | None = None
) -> BudgetVersion:
    """Put the lines back as they stood before the last change, which is `step`. Refuses when another came after it."""
    held = _hold(version)
    last = held.steps.order_by("-number").first()
    if last is None:
        raise Refused("nothing_to_undo", _("There is no change to take back."), conflict=True)
    if last.number != step:
        raise Refused(
            "changed_meanwhile", _("The budget was changed meanwhile. Look at it again."), conflict=True
        )  # fmt: skip
    before = {row["id"]: row for row in last.before}
    parts = set(BudgetPart.objects.filter(studio=held.production.studio_id).values_list("pk", flat=True))
    for row in before.values():
        if row.get("part_id") is not None and row["part_id"] not in parts:
            # The part was removed since; its lines stay lines.
            row.update(part_id=None, part_copy=0, part_times=1)
    held.lines.exclude(pk__in=before).delete()
    there = {row["id"]: row for row in picture(held)}
    now = timezone.now()
    for pk, row in before.items():
        if pk not in there:
            BudgetLine.objects.create(version=held, **row)
        elif there[pk] != row:
            held.lines.filter(pk=pk).update(**row, updated_at=now)
    last.delete()
    _touch(held)
    _announce(held, by, at)
    held.refresh_from_db()
    return held


def put_lines(
    version: BudgetVersion, lines: Iterable[Line], start: int, source: str = BudgetSource.HAND
) -> list[BudgetLine]:
    return BudgetLine.objects.bulk_create(
        BudgetLine(version=version, position=start + place, source=source, **columns_of(line))
        for place, line in enumerate(lines)
    )


# --- the standard budget ------------------------------------------------------------------------------------------


@transaction.atomic
def install_budget_shares(*, studio: Studio) -> list[BudgetShare]:
    """The studio's standard budget; the house's starting point is copied for a studio that has none."""
    # The studio's row is the lock: two first budgets must not install twice.
    Studio.objects.select_for_update().get(pk=studio.pk)
    if not BudgetShare.objects.filter(studio=studio).exists():
        BudgetShare.objects.bulk_create(
            BudgetShare(studio=studio, account=account, name=plain(name), share_bp=share)
            for account, name, share in STANDARD_SHARES
        )
    return list(BudgetShare.objects.filter(studio=studio))


@transaction.atomic
def make_budget_from_template(
    *, production: Production, by: User | None, at: dt.datetime | None = None
) -> list[BudgetLine]:
    """The investment over the studio's standard shares; the lines sum to it to the fen.

    Shares that do not make 100 % together count in proportion. Refuses a title without an investment and one that
    already has a budget.
    """
    # The title's row is the lock: of two clicks one finds the other's lines.
    held = Production.objects.select_for_update().get(pk=production.pk)
    if held.investment_minor <= 0:
        raise Refused("no_investment", _("Enter the title's investment first."), field="investment_minor")
    if BudgetLine.objects.filter(version__production=held).exists():
        raise Refused("budget_exists", _("This title has a budget. Edit its lines."), conflict=True)
    shares = install_budget_shares(studio=production.studio)
    amounts = allocate(held.investment_minor, [share.share_bp for share in shares])
    version = draft_to_change(production=held, by=by, at=at)
    with changing(version, BudgetStepKind.LAID_OUT, by, at) as open_:
        return put_lines(
            open_,
            [
                Line(account=str(share.account), name=share.name, rate_minor=amount)
                for share, amount in zip(shares, amounts, strict=True)
                if amount
            ],
            0, BudgetSource.SHARES,
        )  # fmt: skip
