"""Four flows of a payment that have to agree: contract, work, invoice, payment (四流一致). What lacks is a gap."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from finance.choices import Account, CertificateKind, ContractState, InvoiceKind, PartyKind, PayoutState
from finance.models import Allocation, Certificate, ContractParty, EntryLine, Invoice, Payout, PurchaseOrder
from finance.sources import LABELS
from studio.models import Engagement, Person, Production
from studio.values import Money

OK, GAP, OPEN = "ok", "gap", "open"
FLOWS = ("contract", "work", "invoice", "payment")
# Sources of costs that say by themselves which work they are for.
_WORK = frozenset(LABELS) - {"hand", "invoice", "statement", "settlement", "payout", "tax", "reversal"}
# What has rows of its own: payouts, and orders to suppliers who are people.
_OWN_ROWS = ("settlement", "payout", "purchase", "purchase_payment")
SENTENCES = {
    "contract_ok": noop("Version {version}, signed"),
    "contract_lacks": noop("The signed contract does not name this party: sign a version that does."),
    "engagement_ok": noop("Terms signed {date}"),
    "engagement_unsigned": noop("The terms are not signed: have them signed and enter the date."),
    "engagement_lacks": noop("No engagement on this title: enter the terms."),
    "work_settled": noop("Settlement of {period}"),
    "work_lacks": noop("No clause of the settlement gives this amount: {found} of {expected}. Look at the settlement."),
    "work_ok": noop("{kinds}"),
    "work_by_hand": noop("{amount} posted by hand: enter the shoot day, booking or delivery it was for."),
    "invoice_ok": noop("{numbers}"),
    "invoice_lacks": noop("No invoice: ask the company for one over {expected}."),
    "note_lacks": noop("No labour note: have the person sign one over {expected}."),
    "invoice_differs": noop("The papers make {found}, the payment is {expected}: ask for the difference or a new paper."),
    "payment_ok": noop("Paid {date}, {reference}"),
    "payment_open": noop("Due {date}"),
    "payment_late": noop("Was due {date}: approve it and send it to the bank."),
    "receipt_lacks": noop("Paid {date}, the receipt of the bank is missing: keep it with the payout."),
    "tax_paper_lacks": noop("Paid {date}, the certificate of {amount} tax is missing: keep it with the payout."),
    "payment_set_off": noop("Set off against what the party owed"),
    "costs_paid": noop("{amount} paid"),
    "order_ok": noop("Order {number}, approved {date}"),
    "goods_ok": noop("All of it came: {found}"),
    "goods_open": noop("{found} of {expected} came"),
    "goods_ended": noop("{found} of {expected} came, no more is to come"),
    "goods_lack": noop("Invoiced are {expected}, only {found} came: note what came, or have the invoice corrected."),
    "goods_first": noop("Nothing has come that could be billed"),
    "supplier_invoice_lacks": noop("No invoice: ask the supplier for one over {expected}."),
    "supplier_invoice_differs": noop("The invoices make {found}, {expected} came: ask for the rest."),
    "invoice_first": noop("Follows the invoice"),
    "supplier_payment_open": noop("{amount} of the invoices are not paid"),
    "supplier_payment_ok": noop("{amount} paid, {references}"),
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Flow:
    """One of the four: whether it is there, and a sentence by its code."""

    state: str
    code: str
    params: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        return _(SENTENCES[self.code]).format_map(dict(self.params))


def flow(state: str, code: str, **params: object) -> Flow:
    return Flow(state, code, tuple((name, str(value)) for name, value in params.items()))


@dataclasses.dataclass(frozen=True)
class FlowRow:
    """A payout, what a person was paid for work on a title, or an order to a supplier."""

    production: Production
    payee: str
    label: str
    currency: str
    amount_minor: int
    flows: tuple[Flow, Flow, Flow, Flow]
    payout: Payout | None = None
    person: Person | None = None
    order: PurchaseOrder | None = None

    @property
    def gaps(self) -> list[Flow]:
        return [flow for flow in self.flows if flow.state == GAP]


def _total(rows: QuerySet[Any], by: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(total=Sum("amount_minor")).values("total")[:1])


def payout_flows(rows: QuerySet[Payout], today: dt.date, most: int = 2000) -> list[FlowRow]:
    """The four flows of payouts that were not cancelled. Two queries however many."""
    invoices = Invoice.objects.filter(payout=OuterRef("pk"))
    found = list(
        rows.exclude(state=PayoutState.CANCELLED)
        .select_related("party", "settlement__production__studio", "settlement__contract")
        .annotate(
            is_named=Exists(
                ContractParty.objects.filter(contract=OuterRef("settlement__contract"), party=OuterRef("party")).exclude(
                    contract__state=ContractState.DRAFT
                )
            ),
            allocated=_total(
                Allocation.objects.filter(settlement=OuterRef("settlement"), party=OuterRef("party")), "settlement"
            ),
            invoiced=_total(invoices, "payout"),
            has_receipt=Exists(Certificate.objects.filter(payout=OuterRef("pk"), kind=CertificateKind.RECEIPT)),
            has_tax_paper=Exists(Certificate.objects.filter(payout=OuterRef("pk"), kind=CertificateKind.TAX)),
        )
        .order_by("-settlement__period", "settlement__production", "pk")[:most]
    )  # fmt: skip
    numbers: dict[int, list[str]] = defaultdict(list)
    for payout, number in Invoice.objects.filter(payout__in=found).order_by("pk").values_list("payout", "number"):
        numbers[payout].append(number)
    return [
        FlowRow(
            production=row.settlement.production, payee=row.party.name, label=row.settlement.period,
            currency=row.settlement.currency, amount_minor=row.gross_minor, payout=row,
            flows=(_contract(row), _work(row), _invoice(row, numbers[row.pk]), _payment(row, today)),
        )
        for row in found
    ]  # fmt: skip


def _contract(row: Any) -> Flow:
    if row.is_named:
        return flow(OK, "contract_ok", version=row.settlement.contract.version)
    return flow(GAP, "contract_lacks")


def _work(row: Any) -> Flow:
    unit = row.settlement.currency
    if row.allocated == row.share_minor:
        return flow(OK, "work_settled", period=row.settlement.period)
    return flow(GAP, "work_lacks", found=Money(row.allocated or 0, unit), expected=Money(row.share_minor, unit))


def _invoice(row: Any, numbers: list[str]) -> Flow:
    expected = Money(row.gross_minor, row.settlement.currency)
    if not numbers:
        return flow(GAP, "note_lacks" if row.party.kind == PartyKind.PERSON else "invoice_lacks", expected=expected)
    if row.invoiced != row.gross_minor:
        return flow(GAP, "invoice_differs", found=Money(row.invoiced, expected.currency), expected=expected)
    return flow(OK, "invoice_ok", numbers=", ".join(numbers))


def _payment(row: Any, today: dt.date) -> Flow:
    if row.state == PayoutState.SET_OFF:
        return flow(OK, "payment_set_off")
    if row.state != PayoutState.PAID:
        late = row.due_date < today
        return flow(GAP if late else OPEN, "payment_late" if late else "payment_open", date=row.due_date)
    day = row.paid_at.astimezone(row.settlement.production.studio.zone).date()
    if not row.has_receipt:
        return flow(GAP, "receipt_lacks", date=day)
    if row.tax_minor and not row.has_tax_paper:
        return flow(GAP, "tax_paper_lacks", date=day, amount=Money(row.tax_minor, row.settlement.currency))
    return flow(OK, "payment_ok", date=day, reference=row.bank_reference)


def cost_flows(productions: Iterable[Production]) -> list[FlowRow]:
    """The four flows of what people were paid for work on titles. Four queries however many.

    Entries that were taken back, and those that took them back, are left out on both sides.
    """
    titles = {title.pk: title for title in productions}
    sums: dict[tuple[int, int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    lines = (
        EntryLine.objects.filter(
            entry__production__in=titles, account=Account.PAYABLE, person__isnull=False, entry__reverses=None,
            entry__reversed_by=None,
        )
        .exclude(reduce(or_, (Q(entry__source__startswith=f"{kind}:") for kind in _OWN_ROWS)))
        .values_list("entry__production", "person", "currency", "entry__source", "amount_minor")
    )  # fmt: skip
    for production, person, currency, source, amount in lines:
        own = sums[(production, person, currency)]
        if amount > 0:
            own["paid"] += amount
        else:
            kind = source.partition(":")[0]
            own["work:" + kind if kind in _WORK else "hand"] -= amount
    paid = {key: own for key, own in sums.items() if own["paid"]}
    people = Person.objects.in_bulk({person for _title, person, _unit in paid})
    terms: dict[tuple[int, int], Engagement] = {
        (row.production_id, row.person_id): row
        for row in Engagement.objects.filter(production__in=titles, person__in=people).order_by(
            "-terms_signed_date", "-pk"
        )
    }
    notes: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
    for production, person, number, amount in Invoice.objects.filter(
        production__in=titles, person__in=people, kind=InvoiceKind.NOTE
    ).values_list("production", "person", "number", "amount_minor"):
        notes[(production, person)].append((number, amount))
    found = []
    for (production, person, currency), own in sorted(paid.items()):
        key = (production, person)
        found.append(
            FlowRow(
                production=titles[production], payee=people[person].name, label=_("Work on the title"), currency=currency,
                amount_minor=own["paid"], person=people[person],
                flows=(
                    _terms(terms.get(key)), _evidence(own, currency),
                    _notes(notes[key], Money(own["paid"], currency)),
                    flow(OK, "costs_paid", amount=Money(own["paid"], currency)),
                ),
            )
        )  # fmt: skip
    return found


def _terms(engagement: Engagement | None) -> Flow:
    if engagement is None:
        return flow(GAP, "engagement_lacks")
    if engagement.terms_signed_date is None:
        return flow(GAP, "engagement_unsigned")
    return flow(OK, "engagement_ok", date=engagement.terms_signed_date)


def _evidence(own: dict[str, int], currency: str) -> Flow:
    if own["hand"]:
        return flow(GAP, "work_by_hand", amount=Money(own["hand"], currency))
    kinds = sorted(str(LABELS[name.partition(":")[2]]) for name in own if name.startswith("work:"))
    return (
        flow(OK, "work_ok", kinds=", ".join(kinds)) if kinds else flow(GAP, "work_by_hand", amount=Money(0, currency))
    )


def _notes(notes: list[tuple[str, int]], expected: Money) -> Flow:
    total = sum(amount for _number, amount in notes)
    if not notes:
        return flow(GAP, "note_lacks", expected=expected)
    if total != expected.minor:
        return flow(GAP, "invoice_differs", found=Money(total, expected.currency), expected=expected)
    return flow(OK, "invoice_ok", numbers=", ".join(number for number, _amount in notes))
