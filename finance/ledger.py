"""The ledger: entries whose lines sum to zero, once per source, reversed and never changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from finance.choices import COST_ACCOUNTS, Account
from finance.events import CostPosted, EntryReversed
from finance.models import Entry, EntryLine
from finance.periods import open_date
from studio.facts import publish
from studio.models import Person, Production, User
from studio.refusals import Refused
from studio.values import CURRENCIES

# A title of a thousand million yuan is a typing error.
MOST_MINOR = 10**13


class Unbalanced(ValueError):
    """Lines that do not sum to zero: an error of ours, never of the people who typed."""


@dataclasses.dataclass(frozen=True)
class Side:
    """One line to post: debit positive, credit negative."""

    account: str
    amount_minor: int
    person: Person | None = None
    note: str = ""


def check_amount(amount_minor: object, field: str = "amount_minor") -> int:
    """A whole number of fen above zero. Refuses everything else, floats first of all."""
    if isinstance(amount_minor, bool) or not isinstance(amount_minor, int):
        raise Refused("not_whole_fen", _("An amount is a whole number of fen."), field=field)
    if amount_minor <= 0:
        raise Refused("amount_not_positive", _("An amount must be above zero."), field=field)
    if amount_minor > MOST_MINOR:
        raise Refused("amount_too_large", _("This amount is too large."), field=field)
    return amount_minor


def post(
    *,
    production: Production,
    sides: Iterable[Side],
    currency: str,
    on_date: dt.date,
    source: str,
    narrative: str,
    by: User | None,
    params: dict[str, Any] | None = None,
    reverses: Entry | None = None,
) -> tuple[Entry, bool]:
    """Write an entry once per source; (entry, True) when it is new. Call it inside a transaction.

    What falls into a closed month is dated on the first open day and keeps its own date in `params["own_date"]`.
    Sides of nothing are left out. Raises Unbalanced when the rest does not sum to zero, is empty or not whole.
    """
    lines = [side for side in sides if side.amount_minor != 0]
    if any(isinstance(side.amount_minor, bool) or not isinstance(side.amount_minor, int) for side in lines):
        raise Unbalanced(f"{source}: an amount is not a whole number of fen")
    if not lines or sum(side.amount_minor for side in lines) != 0 or currency not in CURRENCIES:
        raise Unbalanced(f"{source}: {[(str(side.account), side.amount_minor) for side in lines]} in {currency}")
    known = Entry.objects.filter(production=production, source=source).first()
    if known is not None:
        return known, False
    day = open_date(production, on_date)
    details = {name: value for name, value in (params or {}).items() if name != "own_date"}
    if day != on_date:
        details["own_date"] = on_date.isoformat()
    try:
        with transaction.atomic():
            entry = Entry.objects.create(
                production=production, source=source, on_date=day, narrative=narrative[:200],
                params=details, posted_by=by, reverses=reverses,
            )  # fmt: skip
            EntryLine.objects.bulk_create(
                EntryLine(
                    entry=entry, account=side.account, amount_minor=side.amount_minor, currency=currency,
                    person=side.person, note=side.note[:200],
                )
                for side in lines
            )  # fmt: skip
    except IntegrityError:
        # Two accruals of one source met: the other one's entry stands.
        return Entry.objects.get(production=production, source=source), False
    return entry, True


@transaction.atomic
def post_cost(
    *,
    production: Production,
    account: str,
    amount_minor: int,
    on_date: dt.date,
    source: str,
    narrative: str,
    by: User | None,
    person: Person | None = None,
    params: dict[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> Entry:
    """Debit a cost account, credit what is owed. The same source again returns the entry there is.

    Refuses amounts that are not whole fen above zero, accounts that are no cost, and people of other studios.
    """
    check_amount(amount_minor)
    if account not in COST_ACCOUNTS:
        raise Refused("not_a_cost_account", _("Costs are posted to one of the cost accounts."), field="account")
    if not source.strip() or len(source) > 120:
        raise Refused("source_missing", _("Say what this cost comes from."), field="source")
    if person is not None and person.studio_id != production.studio_id:
        raise Refused("other_studio", _("This person belongs to another studio."), field="person")
    entry, new = post(
        production=production,
        sides=[Side(account, amount_minor, person), Side(Account.PAYABLE, -amount_minor, person)],
        currency=production.studio.currency,
        on_date=on_date,
        source=source.strip(),
        narrative=narrative.strip(),
        by=by,
        params=params,
    )
    if new:
        publish(
            CostPosted(
                studio_id=production.studio_id, production_id=production.pk, entry_id=entry.pk, account=str(account),
                amount_minor=amount_minor, source=entry.source,
            ),
            by=by, at=at,
        )  # fmt: skip
    return entry


@transaction.atomic
def reverse_entry(*, entry: Entry, on_date: dt.date, by: User | None, at: dt.datetime | None = None) -> Entry:
    """Take a cost back by an entry of the opposite sign. Reversed already: that reversal is returned.

    Refuses a reversal itself, and entries of statements, settlements and payouts, which have ways of their own.
    """
    if entry.reverses_id is not None:
        raise Refused("is_a_reversal", _("A reversal is not reversed. Post the cost again under another source."))
    if not any(line.account in COST_ACCOUNTS for line in entry.lines.all()):
        raise Refused("not_a_cost", _("Only costs are reversed by hand."))
    return reverse(entry=entry, on_date=on_date, by=by, at=at)


def reverse(*, entry: Entry, on_date: dt.date, by: User | None, at: dt.datetime | None = None) -> Entry:
    """The reversal of any entry; call it inside a transaction."""
    lines = list(entry.lines.select_related("person"))
    production = entry.production
    reversal, new = post(
        production=production,
        sides=[Side(line.account, -line.amount_minor, line.person, line.note) for line in lines],
        currency=lines[0].currency,
        on_date=on_date,
        source=f"reversal:{entry.pk}",
        narrative=entry.narrative,
        by=by,
        params=entry.params,
        reverses=entry,
    )
    if new:
        publish(
            EntryReversed(
                studio_id=production.studio_id, production_id=production.pk, entry_id=entry.pk,
                reversal_id=reversal.pk,
            ),
            by=by, at=at,
        )  # fmt: skip
    return reversal
