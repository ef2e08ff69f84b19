"""What each person is owed and when: earned, paid, owed, due, overdue. Never writes.

What is owed is what the ledger owes a named person for work: fees, day pay, overtime. Shares of receipts are payouts
and stand in their own list.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Sum

from finance.choices import COST_ACCOUNTS, Account, PayoutState
from finance.day_costs import KINDS
from finance.estimating import Due, PayRule, due_date
from finance.models import EntryLine, WageItem, WagePayment
from finance.sources import LABELS
from scheduling.choices import ShootDayState
from scheduling.models import ShootDay
from studio.models import Engagement, Person, Production

# What somebody earns by working. Suppliers, petty cash and shares of receipts are paid by ways of their own.
WAGE_SOURCES = (*(kind for kind in KINDS if kind != "extras"), "post_task", "script_fee", "hand")
MOST_ITEMS = 20_000


@dataclasses.dataclass(frozen=True)
class OwedItem:
    """One amount somebody earned. `amount_minor` below zero takes an earlier one back."""

    line_id: int
    person_id: int
    production_id: int
    title: str
    label: str
    narrative: str
    earned_date: dt.date
    account: str
    currency: str
    amount_minor: int
    due: Due
    rule: str
    payment_id: int | None
    payment_state: str
    paid_date: dt.date | None
    tax_minor: int

    @property
    def is_paid(self) -> bool:
        return self.payment_state == PayoutState.PAID

    @property
    def is_made_up(self) -> bool:
        """In a payment that is not paid yet."""
        return bool(self.payment_id) and not self.is_paid


@dataclasses.dataclass(frozen=True)
class PersonOwed:
    """One person in one currency, over all titles looked at."""

    person: Person
    currency: str
    earned_minor: int
    paid_minor: int
    due_minor: int
    overdue_minor: int
    payable_minor: int
    next_due: dt.date | None
    overdue_since: dt.date | None
    items: tuple[OwedItem, ...]

    @property
    def owed_minor(self) -> int:
        return self.earned_minor - self.paid_minor

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.title for row in self.items))

    @property
    def can_pay(self) -> bool:
        """Whether something due is in no payment yet."""
        return self.payable_minor > 0


def wage_lines() -> QuerySet[EntryLine]:
    """Ledger lines that owe a person for work."""
    work = Q()
    for kind in WAGE_SOURCES:
        work |= Q(entry__source__startswith=f"{kind}:") | Q(entry__reverses__source__startswith=f"{kind}:")
    return EntryLine.objects.filter(work, account=Account.PAYABLE, person__isnull=False)


def unpaid_lines() -> QuerySet[EntryLine]:
    return wage_lines().filter(Q(wage_item=None) | ~Q(wage_item__payment__state=PayoutState.PAID))


def owed_items(lines: QuerySet[EntryLine]) -> list[OwedItem]:
    """These lines with the day each falls due, oldest first. Three queries however many."""
    cost = EntryLine.objects.filter(entry=OuterRef("entry"), account__in=COST_ACCOUNTS).order_by("pk")
    rows = list(
        lines.select_related("entry__reverses", "entry__production__studio", "wage_item__payment")
        .annotate(cost_account=Subquery(cost.values("account")[:1]))
        .order_by("entry__on_date", "pk")[:MOST_ITEMS]
    )
    titles = {row.entry.production_id: row.entry.production for row in rows}
    ends = shoot_ends(titles.values())
    terms = _terms({(row.entry.production_id, row.person_id) for row in rows})
    return [_item(row, ends, terms) for row in rows]


def shoot_ends(titles: Iterable[Production]) -> dict[int, dt.date | None]:
    """Title -> its last shoot day: of its plan, else the date the title says. One query."""
    own = list(titles)
    found: dict[int, dt.date | None] = {title.pk: title.shoot_to_date for title in own}
    planned = (
        ShootDay.objects.filter(production__in=found)
        .exclude(state=ShootDayState.CANCELLED)
        .order_by()
        .values_list("production")
        .annotate(last=Max("date"))
    )
    return found | dict(planned)


def _terms(wanted: set[tuple[int, int]]) -> dict[tuple[int, int], list[Engagement]]:
    found: dict[tuple[int, int], list[Engagement]] = defaultdict(list)
    for row in Engagement.objects.filter(
        production__in={production for production, _person in wanted}, person__in={person for _title, person in wanted}
    ).order_by("pk"):
        found[row.production_id, row.person_id].append(row)
    return found


def _item(line: EntryLine, ends: dict[int, dt.date | None], terms: dict[tuple[int, int], list[Engagement]]) -> OwedItem:
    entry = line.entry
    # What takes an amount back falls due with it.
    source = entry.reverses or entry
    studio = entry.production.studio
    engagement = _engagement(source.source, terms.get((entry.production_id, line.person_id), []))
    rule, days = studio.wage_rule, studio.wage_days
    if engagement is not None and engagement.pay_rule and engagement.pay_days is not None:
        rule, days = engagement.pay_rule, engagement.pay_days
    kind = source.source.partition(":")[0]
    label = str(LABELS.get(kind, LABELS["hand"]))
    item: WageItem | None = getattr(line, "wage_item", None)
    payment = item.payment if item is not None else None
    paid = payment.paid_at.astimezone(studio.zone).date() if payment is not None and payment.paid_at else None
    return OwedItem(
        line_id=line.pk, person_id=line.person_id, production_id=entry.production_id, title=entry.production.title,
        label=f"{LABELS['reversal']} · {label}" if entry.reverses_id else label, narrative=entry.narrative,
        earned_date=source.on_date, account=line.cost_account or "", currency=line.currency,
        amount_minor=-line.amount_minor, due=due_date(PayRule(rule), days, source.on_date, ends[entry.production_id]),
        rule=rule, payment_id=payment.pk if payment else None, payment_state=str(payment.state) if payment else "",
        paid_date=paid, tax_minor=item.tax_minor if item is not None else 0,
    )  # fmt: skip


def _engagement(source: str, rows: list[Engagement]) -> Engagement | None:
    """The terms an amount was earned on: those its time sheet names, else the person's first on the title."""
    parts = source.split(":")
    if parts[0] in KINDS and len(parts) > 2:
        return next((row for row in rows if str(row.pk) == parts[2]), rows[0] if rows else None)
    return rows[0] if rows else None


def people_owed(lines: QuerySet[EntryLine], today: dt.date) -> list[PersonOwed]:
    """People of these lines, what is longest overdue first. Six queries however many people and titles.

    `items` are those not paid yet; earned and paid count all of the lines.
    """
    unpaid = owed_items(lines.filter(Q(wage_item=None) | ~Q(wage_item__payment__state=PayoutState.PAID)))
    earned = {
        (person, unit): -total
        for person, unit, total in lines.order_by().values_list("person", "currency").annotate(s=Sum("amount_minor"))
    }
    paid = {
        (person, unit): -total
        for person, unit, total in lines.filter(wage_item__payment__state=PayoutState.PAID)
        .order_by()
        .values_list("person", "currency")
        .annotate(s=Sum("amount_minor"))
    }
    by_person: dict[tuple[int, str], list[OwedItem]] = defaultdict(list)
    for row in unpaid:
        by_person[row.person_id, row.currency].append(row)
    people = Person.objects.select_related("studio").in_bulk([person for person, _unit in earned])
    rows = [
        _person(people[person], unit, total, paid.get((person, unit), 0), by_person[person, unit], today)
        for (person, unit), total in earned.items()
    ]
    return sorted(
        rows,
        key=lambda row: (
            row.overdue_since or dt.date.max, row.next_due or dt.date.max, -row.owed_minor, row.person.name, row.person.pk,
        ),
    )  # fmt: skip


def _person(person: Person, unit: str, earned: int, paid: int, items: list[OwedItem], today: dt.date) -> PersonOwed:
    due = sum(row.amount_minor for row in items if row.due.is_due(today))
    overdue = sum(row.amount_minor for row in items if row.due.is_overdue(today))
    payable = sum(row.amount_minor for row in items if row.due.is_due(today) and row.payment_id is None)
    dates = sorted(row.due.date for row in items if row.due.date is not None and row.amount_minor > 0)
    since = [date for date in dates if date < today]
    ahead = [date for date in dates if date >= today]
    return PersonOwed(
        person, unit, earned, paid, due, max(0, overdue), payable, ahead[0] if ahead else None,
        since[0] if since and overdue > 0 else None, tuple(items),
    )  # fmt: skip


@dataclasses.dataclass(frozen=True)
class TitleOverdue:
    """What one title owes people past the day it was due."""

    production_id: int
    title: str
    currency: str
    amount_minor: int
    people: int
    since: dt.date
    latest: dt.date
    """The last day that was missed: a further one is told anew."""


def overdue_wages(lines: QuerySet[EntryLine], today: dt.date) -> list[TitleOverdue]:
    """Titles of these lines that owe wages past their day, longest first. Amounts already made up still count."""
    sums: dict[tuple[int, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    since: dict[tuple[int, str], dt.date] = {}
    latest: dict[tuple[int, str], dt.date] = {}
    names: dict[int, str] = {}
    for row in owed_items(lines):
        if row.due.date is None or not row.due.is_overdue(today):
            continue
        key = (row.production_id, row.currency)
        names[row.production_id] = row.title
        sums[key][row.person_id] += row.amount_minor
        if row.amount_minor > 0:
            since[key] = min(since.get(key, row.due.date), row.due.date)
            latest[key] = max(latest.get(key, row.due.date), row.due.date)
    found = []
    for (production, unit), people in sums.items():
        owing = {person: amount for person, amount in people.items() if amount > 0}
        if owing:
            found.append(
                TitleOverdue(
                    production,
                    names[production],
                    unit,
                    sum(owing.values()),
                    len(owing),
                    since[production, unit],
                    latest[production, unit],
                )
            )
    return sorted(found, key=lambda row: (row.since, row.production_id))


def title_overdue(production: Production, today: dt.date) -> list[TitleOverdue]:
    """What the title owes people past its day. Three queries."""
    return overdue_wages(unpaid_lines().filter(entry__production=production), today)


def payments_of(rows: QuerySet[WagePayment], *, state: str = "") -> QuerySet[WagePayment]:
    """Payments with what their list shows, those to act on first."""
    rows = rows.select_related("person", "studio", "approved_by", "second_approved_by")
    if state == "open":
        rows = rows.exclude(state=PayoutState.PAID)
    return rows.order_by(F("paid_at").asc(nulls_first=True), "-pk")


def payment_titles(payments: Iterable[WagePayment]) -> dict[int, list[tuple[int, str, int]]]:
    """Payment -> (title's pk, title, before tax) by title. One query."""
    found: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    rows: Any = (
        WageItem.objects.filter(payment__in=[row.pk for row in payments])
        .order_by()
        .values_list("payment", "line__entry__production", "line__entry__production__title")
        .annotate(total=Sum("amount_minor"))
        .order_by("line__entry__production")
    )
    for payment, production, title, total in rows:
        found[payment].append((production, title, total))
    return found
