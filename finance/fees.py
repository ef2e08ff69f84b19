"""What a person is owed and was paid on titles: their own amounts and nobody else's. Never writes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from finance.choices import Account, PayoutState
from finance.models import EntryLine, Payout
from finance.sources import LABELS
from studio.models import User

# These post what payouts and payments of wages say better, with their dates and states.
_BY_PAYOUT = ("settlement", "payout", "wages")


@dataclasses.dataclass(frozen=True)
class Fee:
    """One amount of a person: a fee that was posted, or a share that is paid out.

    `date` is when it was paid, falls due, or was posted as owed; `before_tax_minor` and `tax_minor` belong to payouts.
    """

    label: str
    period: str
    date: dt.date
    currency: str
    amount_minor: int
    state: str
    state_label: str
    before_tax_minor: int | None = None
    tax_minor: int | None = None

    @property
    def paid(self) -> bool:
        return self.state == PayoutState.PAID


@dataclasses.dataclass(frozen=True)
class Fees:
    """A person's fees on one title; sums by currency."""

    rows: tuple[Fee, ...] = ()

    def _sums(self, paid: bool) -> list[tuple[str, int]]:
        sums: dict[str, int] = defaultdict(int)
        for row in self.rows:
            if row.paid == paid:
                sums[row.currency] += row.amount_minor
        return sorted(sums.items())

    @property
    def due(self) -> list[tuple[str, int]]:
        return self._sums(paid=False)

    @property
    def paid(self) -> list[tuple[str, int]]:
        return self._sums(paid=True)


def own_fees(user: User, production_ids: Iterable[int]) -> dict[int, Fees]:
    """Title -> what the user earned there. Two queries however many titles.

    Fees are ledger lines owed to a person who signs in as the user; one that was taken back is shown with what took it
    back. Shares are payouts to a party of theirs.
    """
    ids = list(production_ids)
    rows: dict[int, list[Fee]] = defaultdict(list)
    owed = str(Account.PAYABLE.label)
    for line in (
        EntryLine.objects.filter(entry__production__in=ids, person__user=user, account=Account.PAYABLE)
        .select_related("entry__reverses", "wage_item__payment__studio")
        .order_by("entry__on_date", "pk")
    ):
        entry = line.entry
        kind = (entry.reverses or entry).source.partition(":")[0]
        if kind in _BY_PAYOUT:
            continue
        label = str(LABELS.get(kind, LABELS["hand"]))
        item = getattr(line, "wage_item", None)
        if item is not None and item.payment.state == PayoutState.PAID and item.payment.paid_at is not None:
            on = timezone.localtime(item.payment.paid_at, item.payment.studio.zone).date()
            rows[entry.production_id].append(
                Fee(
                    label, "", on, line.currency, item.amount_minor - item.tax_minor, str(PayoutState.PAID),
                    str(PayoutState.PAID.label), item.amount_minor, item.tax_minor,
                )
            )  # fmt: skip
            continue
        if entry.reverses_id is not None:
            label = f"{LABELS['reversal']} · {label}"
        rows[entry.production_id].append(Fee(label, "", entry.on_date, line.currency, -line.amount_minor, "owed", owed))
    for payout in (
        Payout.objects.filter(
            Q(party__user=user) | Q(party__person__user=user), settlement__production__in=ids
        )
        .exclude(state=PayoutState.CANCELLED)
        .select_related("settlement__production__studio")
        .order_by("due_date", "pk")
    ):  # fmt: skip
        title = payout.settlement.production
        paid = timezone.localtime(payout.paid_at, title.studio.zone).date() if payout.paid_at else None
        rows[title.pk].append(
            Fee(
                str(LABELS["settlement"]), payout.settlement.period, paid or payout.due_date,
                payout.settlement.currency, payout.net_minor, payout.state, payout.get_state_display(),
                payout.gross_minor, payout.tax_minor,
            )
        )  # fmt: skip
    return {pk: Fees(tuple(found)) for pk, found in rows.items()}
