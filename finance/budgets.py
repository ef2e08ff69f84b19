"""Budgets: lines by account, and the studio's standard one by shares of the investment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as plain
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noop

from finance.choices import COST_ACCOUNTS, Account
from finance.events import BudgetChanged
from finance.ledger import MOST_MINOR
from finance.models import BudgetLine, BudgetShare
from studio.facts import publish
from studio.models import Production, Studio, User
from studio.refusals import Refused
from studio.values import allocate

MOST_QUANTITY = 100_000

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


def budget_total(production: Production) -> int:
    lines = BudgetLine.objects.filter(production=production)
    return int(lines.aggregate(total=Sum(F("quantity") * F("rate_minor")))["total"] or 0)


def _announce(production: Production, by: User | None, at: dt.datetime | None) -> None:
    publish(
        BudgetChanged(
            studio_id=production.studio_id, production_id=production.pk, total_minor=budget_total(production)
        ),
        by=by, at=at,
    )  # fmt: skip


def _checked(account: str, name: str, quantity: object, rate_minor: object) -> dict[str, Any]:
    if account not in COST_ACCOUNTS:
        raise Refused("not_a_cost_account", _("Costs are posted to one of the cost accounts."), field="account")
    if not name.strip():
        raise Refused("name_missing", _("Give the budget line a name."), field="name")
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not 1 <= quantity <= MOST_QUANTITY:
        raise Refused("quantity_out_of_range", _("A quantity lies between 1 and 100,000."), field="quantity")
    if isinstance(rate_minor, bool) or not isinstance(rate_minor, int):
        raise Refused("not_whole_fen", _("An amount is a whole number of fen."), field="rate_minor")
    if not 0 <= rate_minor <= MOST_MINOR:
        raise Refused("negative_amount", _("A rate cannot be negative."), field="rate_minor")
    return {"account": account, "name": name.strip()[:120], "quantity": quantity, "rate_minor": rate_minor}


@transaction.atomic
def add_budget_line(
    *,
    production: Production,
    account: str,
    name: str,
    rate_minor: int,
    by: User | None,
    quantity: int = 1,
    at: dt.datetime | None = None,
) -> BudgetLine:
    """Plan a cost: quantity x rate."""
    line = BudgetLine.objects.create(production=production, **_checked(account, name, quantity, rate_minor))
    _announce(production, by, at)
    return line


@transaction.atomic
def edit_budget_line(
    *,
    line: BudgetLine,
    account: str,
    name: str,
    quantity: int,
    rate_minor: int,
    by: User | None,
    at: dt.datetime | None = None,
) -> BudgetLine:
    for field, value in _checked(account, name, quantity, rate_minor).items():
        setattr(line, field, value)
    line.save()
    _announce(line.production, by, at)
    return line


@transaction.atomic
def remove_budget_line(*, line: BudgetLine, by: User | None, at: dt.datetime | None = None) -> None:
    production = line.production
    line.delete()
    _announce(production, by, at)


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
    if BudgetLine.objects.filter(production=held).exists():
        raise Refused("budget_exists", _("This title has a budget. Edit its lines."), conflict=True)
    shares = install_budget_shares(studio=production.studio)
    amounts = allocate(held.investment_minor, [share.share_bp for share in shares])
    lines = BudgetLine.objects.bulk_create(
        BudgetLine(production=held, account=share.account, name=share.name, quantity=1, rate_minor=amount)
        for share, amount in zip(shares, amounts, strict=True)
        if amount
    )
    _announce(held, by, at)
    return lines
