"""Purchase orders: requested, approved, received in parts, invoiced; cancelled with what is open given back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import COST_ACCOUNTS, Account, PurchaseState
from finance.events import PurchaseMoved
from finance.ledger import Side, check_amount, post
from finance.models import (
    ApprovalLimit,
    Entry,
    EntryLine,
    Party,
    PurchaseInvoice,
    PurchaseLine,
    PurchaseOrder,
    PurchaseReceipt,
)
from finance.queries.purchases import OrderSums, order_sums
from scheduling.models import ShootDay
from scripts_app.models import Scene
from studio.access import TABLE, users_with
from studio.actions import tell
from studio.facts import publish
from studio.models import Membership, Production, User
from studio.refusals import Refused
from studio.values import Money

MOST_LINES = 60


@transaction.atomic
def request_purchase(
    *,
    production: Production,
    title: str,
    account: str,
    lines: Sequence[Mapping[str, Any]],
    by: User | None,
    supplier: Party | None = None,
    supplier_name: str = "",
    expected_date: dt.date | None = None,
    scene: Scene | None = None,
    shoot_day: ShootDay | None = None,
    needed_for: str = "",
    at: dt.datetime | None = None,
) -> PurchaseOrder:
    """Ask for a purchase. `lines`: [{name, quantity, rate_minor}]. Those who may approve it are told."""
    if not title.strip():
        raise Refused("title_missing", _("Say what the order is for."), field="title")
    if account not in COST_ACCOUNTS:
        raise Refused("not_a_cost_account", _("Costs are posted to one of the cost accounts."), field="account")
    if supplier is None and not supplier_name.strip():
        raise Refused("supplier_missing", _("Choose a supplier or write its name."), field="supplier_name")
    if supplier is not None and supplier.studio_id != production.studio_id:
        raise Refused("other_studio", _("This supplier belongs to another studio."), field="supplier")
    for row, field in ((scene, "scene"), (shoot_day, "shoot_day")):
        if row is not None and row.production_id != production.pk:
            raise Refused("other_title", _("This belongs to another title."), field=field)
    if not 1 <= len(lines) <= MOST_LINES:
        raise Refused("lines_missing", _("An order has from one to %(most)s lines."), field="lines",
                      params={"most": MOST_LINES})  # fmt: skip
    rows = [_line(place, item) for place, item in enumerate(lines)]
    check_amount(sum(row.amount_minor for row in rows), "lines")
    # The title's row is the lock under which orders are numbered.
    Production.objects.select_for_update().get(pk=production.pk)
    last = PurchaseOrder.objects.filter(production=production).aggregate(last=Max("number"))["last"] or 0
    order = PurchaseOrder.objects.create(
        production=production, number=last + 1, title=title.strip()[:120], account=account, supplier=supplier,
        supplier_name=supplier_name.strip()[:120], expected_date=expected_date, scene=scene, shoot_day=shoot_day,
        needed_for=needed_for.strip()[:120], requested_by=by,
    )  # fmt: skip
    for row in rows:
        row.order = order
    PurchaseLine.objects.bulk_create(rows)
    _announce(order, by, at)
    tell(
        users=users_with("money.approve", production), studio_id=production.studio_id, production_id=production.pk,
        kind="finance.purchase_requested", url=f"/purchases/{order.pk}/", dedupe=f"purchase-requested:{order.pk}",
        params={
            "title": production.title, "order": order.title,
            "amount": str(Money(sum(row.amount_minor for row in rows), production.studio.currency)),
        },
    )  # fmt: skip
    return order


def _line(place: int, item: Mapping[str, Any]) -> PurchaseLine:
    name, quantity = str(item.get("name") or "").strip()[:120], item.get("quantity")
    field = f"line-{place}"
    if not name:
        raise Refused("line_name_missing", _("Name each line of the order."), field=f"{field}-name")
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not 1 <= quantity <= 100_000:
        raise Refused(
            "quantity_out_of_range", _("A quantity is a whole number from 1 to 100,000."), field=f"{field}-quantity"
        )
    rate = check_amount(item.get("rate_minor"), f"{field}-rate_minor")
    return PurchaseLine(position=place, name=name, quantity=quantity, rate_minor=rate)


def limit_of(user: User | None, production: Production) -> int | None:
    """What this user may approve alone, by the most generous of their roles there; None without a limit."""
    if user is None or user.is_superuser:
        return None
    roles = set(
        Membership.objects.filter(
            Q(production=None) | Q(production=production), user=user, studio=production.studio_id,
            role__in=TABLE["money.approve"],
        ).values_list("role", flat=True)
    )  # fmt: skip
    limits = dict(ApprovalLimit.objects.filter(studio=production.studio_id).values_list("role", "most_minor"))
    if not roles or roles - limits.keys():
        return None
    return max(limits[role] for role in roles)


def held(order: PurchaseOrder, version: int | None = None) -> PurchaseOrder:
    """The order under its lock; refuses when somebody moved it after `version` was shown."""
    row = (
        PurchaseOrder.objects.select_for_update(of=("self",))
        .select_related("production__studio", "supplier")
        .get(pk=order.pk)
    )
    if version is not None and row.version != version:
        raise Refused(
            "order_changed", _("Somebody changed this order after you opened it. Look at it again."), conflict=True
        )
    return row


def move(row: PurchaseOrder, *, by: User | None, at: dt.datetime | None, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changes, "version", "updated_at"])
    _announce(row, by, at)


def _announce(row: PurchaseOrder, by: User | None, at: dt.datetime | None) -> None:
    publish(
        PurchaseMoved(
            studio_id=row.production.studio_id, production_id=row.production_id, order_id=row.pk, state=row.state
        ),
        by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def approve_purchase(*, order: PurchaseOrder, by: User, at: dt.datetime | None = None) -> PurchaseOrder:
    """Approve what was requested; approved already, nothing changes.

    Refuses above the approver's own limit. Above the studio's limit for payments two different people approve.
    """
    now = at or timezone.now()
    row = held(order)
    if row.state in {PurchaseState.REFUSED, PurchaseState.CANCELLED}:
        raise Refused("order_ended", _("This order is refused or cancelled. Request it anew."), conflict=True)
    if row.state != PurchaseState.REQUESTED:
        return row
    amount = order_sums([row])[row.pk].ordered_minor
    studio = row.production.studio
    limit = limit_of(by, row.production)
    if limit is not None and amount > limit:
        raise Refused(
            "above_own_limit", _("You may approve up to %(limit)s; this order is %(amount)s."),
            params={"limit": Money(limit, studio.currency), "amount": Money(amount, studio.currency)},
        )  # fmt: skip
    if amount > studio.payout_approval_minor:
        if row.approved_by_id is None:
            move(row, by=by, at=at, approved_by=by, approved_at=now)
            return row
        if row.approved_by_id == by.pk:
            raise Refused("same_person_twice", _("You approved this order. A second person has to approve it too."))
        move(row, by=by, at=at, second_approved_by=by, state=PurchaseState.APPROVED)
    else:
        move(row, by=by, at=at, approved_by=by, approved_at=now, state=PurchaseState.APPROVED)
    _tell_requester(row, by, "finance.purchase_approved")
    return row


@transaction.atomic
def refuse_purchase(*, order: PurchaseOrder, reason: str, by: User, at: dt.datetime | None = None) -> PurchaseOrder:
    """Turn a request down with a reason."""
    row = held(order)
    if row.state == PurchaseState.REFUSED:
        return row
    if row.state != PurchaseState.REQUESTED:
        raise Refused("not_requested", _("Only a request is refused. Cancel an approved order."), conflict=True)
    if not reason.strip():
        raise Refused("reason_missing", _("Say why the order is refused."), field="reason")
    move(row, by=by, at=at, state=PurchaseState.REFUSED, reason=reason.strip()[:300])
    _tell_requester(row, by, "finance.purchase_refused")
    return row


def _tell_requester(row: PurchaseOrder, by: User | None, kind: str) -> None:
    if row.requested_by is None or row.requested_by == by:
        return
    tell(
        users=[row.requested_by], studio_id=row.production.studio_id, production_id=row.production_id, kind=kind,
        url=f"/purchases/{row.pk}/", dedupe=f"{kind}:{row.pk}",
        params={"title": row.production.title, "order": row.title, "reason": row.reason},
    )  # fmt: skip


@transaction.atomic
def cancel_purchase(
    *, order: PurchaseOrder, reason: str, by: User | None, at: dt.datetime | None = None
) -> PurchaseOrder:
    """Nothing more is to come: what is open is given back to the budget; what came stays and is still invoiced."""
    row = held(order)
    if row.state == PurchaseState.CANCELLED:
        return row
    if row.state not in {PurchaseState.REQUESTED, PurchaseState.APPROVED}:
        raise Refused("nothing_open", _("Nothing of this order is open, so there is nothing to cancel."), conflict=True)
    if not reason.strip():
        raise Refused("reason_missing", _("Say why the order is cancelled."), field="reason")
    move(row, by=by, at=at, state=PurchaseState.CANCELLED, reason=reason.strip()[:300])
    return row


@transaction.atomic
def receive_purchase(
    *,
    order: PurchaseOrder,
    version: int,
    quantities: Mapping[int, int],
    on_date: dt.date,
    by: User | None,
    at: dt.datetime | None = None,
) -> PurchaseOrder:
    """Note what came, by line: {line: quantity}, below zero what was sent back. Its cost is posted at the ordered price.

    `version` is the order's as it was shown, so that a form sent twice is not received twice.
    """
    row = held(order, version)
    if row.state not in {PurchaseState.APPROVED, PurchaseState.RECEIVED}:
        raise Refused("not_approved", _("Goods are received on an approved order."), conflict=True)
    lines = {line.pk: line for line in row.lines.annotate(came=Sum("receipts__quantity"))}
    if set(quantities) - set(lines):
        raise Refused("unknown_line", _("A line is not of this order. Load the page anew."))
    wanted = {pk: quantity for pk, quantity in quantities.items() if quantity}
    if not wanted:
        raise Refused("nothing_received", _("Write how many came of at least one line."), field="quantities")
    for pk, quantity in wanted.items():
        line, came = lines[pk], lines[pk].came or 0  # type: ignore[attr-defined]
        if not 0 <= came + quantity <= line.quantity:
            raise Refused(
                "more_than_ordered", _("“%(name)s”: %(ordered)s ordered, %(came)s came already."),
                params={"name": line.name, "ordered": line.quantity, "came": came}, field=f"line-{pk}",
            )  # fmt: skip
    for pk, quantity in wanted.items():
        PurchaseReceipt.objects.create(line=lines[pk], quantity=quantity, on_date=on_date, noted_by=by)
    open_lines = row.lines.annotate(came=Sum("receipts__quantity")).exclude(came=F("quantity")).exists()
    move(row, by=by, at=at, state=PurchaseState.APPROVED if open_lines else PurchaseState.RECEIVED)
    _post_to_target(row, on_date, by)
    return row


@transaction.atomic
def invoice_purchase(
    *,
    order: PurchaseOrder,
    reference: str,
    amount_minor: int,
    on_date: dt.date,
    by: User | None,
    final: bool = True,
    at: dt.datetime | None = None,
) -> PurchaseInvoice:
    """Enter a supplier's invoice. The last one settles the cost: the difference to what was posted is posted.

    The same number again returns the invoice there is, or is refused when its amount differs.
    """
    reference = reference.strip()[:80]
    if not reference:
        raise Refused("reference_missing", _("Write the number of the invoice."), field="reference")
    check_amount(amount_minor)
    row = held(order)
    known = row.invoices.filter(reference=reference).first()
    if known is not None:
        if known.amount_minor != amount_minor:
            raise Refused(
                "invoice_differs", _("Invoice %(reference)s is entered with another amount."), field="reference",
                conflict=True, params={"reference": reference},
            )  # fmt: skip
        return known
    came = PurchaseReceipt.objects.filter(line__order=row).exists()
    if row.state == PurchaseState.CANCELLED and not came:
        raise Refused("order_ended", _("This order was cancelled before anything came."), conflict=True)
    if row.state not in {PurchaseState.APPROVED, PurchaseState.RECEIVED, PurchaseState.CANCELLED}:
        raise Refused("not_open", _("Only an approved order that is not settled takes an invoice."), conflict=True)
    if row.invoices.filter(final=True).exists():
        raise Refused("invoiced_already", _("The last invoice of this order is entered."), conflict=True)
    invoice = PurchaseInvoice.objects.create(
        order=row, reference=reference, on_date=on_date, amount_minor=amount_minor, final=final, noted_by=by
    )
    move(row, by=by, at=at, **({"state": PurchaseState.INVOICED} if final else {}))
    _post_to_target(row, on_date, by)
    return invoice


def posted_for(order: PurchaseOrder) -> int:
    """What stands in the ledger as the cost of an order."""
    return int(
        EntryLine.objects.filter(
            Q(entry__source__startswith=f"purchase:{order.pk}:")
            | Q(entry__reverses__source__startswith=f"purchase:{order.pk}:"),
            entry__production=order.production_id, account__in=COST_ACCOUNTS,
        ).aggregate(total=Sum("amount_minor"))["total"]
        or 0
    )  # fmt: skip


def _post_to_target(row: PurchaseOrder, on_date: dt.date, by: User | None) -> None:
    """Bring the ledger to what the order costs by now; each step is an entry of its own, also one that takes back."""
    sums: OrderSums = order_sums([row])[row.pk]
    step = sums.cost_minor - posted_for(row)
    if step == 0:
        return
    number = Entry.objects.filter(production=row.production, source__startswith=f"purchase:{row.pk}:").count() + 1
    person = row.supplier.person if row.supplier is not None else None
    post(
        production=row.production,
        sides=[Side(row.account, step, person), Side(Account.PAYABLE, -step, person, row.payee)],
        currency=row.production.studio.currency,
        on_date=on_date,
        source=f"purchase:{row.pk}:{number}",
        narrative=f"{row.title} · {row.payee}",
        by=by,
        params={
            "order": row.pk, "number": row.number, "ordered": sums.ordered_minor, "received": sums.received_minor,
            "invoiced": sums.invoiced_minor, "cost": sums.cost_minor,
        },
    )  # fmt: skip
