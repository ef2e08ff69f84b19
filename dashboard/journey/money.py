"""Papers and money on the journey: filing, budget, contract, statement, settlement, payouts, and the check of it all."""

from __future__ import annotations

import csv
import datetime as dt
import io

from compliance import actions as compliance
from compliance import queries as compliance_queries
from dashboard.journey import world
from dashboard.journey.walk import Walk
from dashboard.journey.work import JourneyFailed
from delivery.models import Platform
from finance import actions as finance
from finance import books
from finance import queries as finance_queries
from finance.choices import PayoutState, SettlementState
from finance.models import BudgetLine, Party, Payout, Settlement, Statement
from finance.sentences import finding_sentence, is_error
from studio.models import Person, User
from studio.values import allocate


def file_title(walk: Walk, kind: str, number: str, by: User) -> dict[str, int | str]:
    """File the title with the authority of its class: the papers asked for, handed in, and the number granted."""
    judged = compliance_queries.current_classification(walk.production)
    assert judged is not None
    walk.production.refresh_from_db()
    filing = compliance.open_filing(production=walk.production, kind=kind, by=by)
    papers = [paper.code for paper in compliance_queries.papers_asked(filing, judged.class_code)]
    filing = compliance.submit_filing(filing=filing, papers=papers, by=by)
    number = number.format(walk.production.pk)
    filing = compliance.decide_filing(filing=filing, granted=True, number=number, note="", by=by)
    return {"authority": filing.authority, "papers": len(papers), "number": filing.number}


def costs(walk: Walk) -> None:
    """What comes by invoice instead of from the set."""

    def work() -> dict[str, int | str]:
        by = walk.user("finance")
        writer = Person.objects.filter(studio=walk.studio, name=world.WRITER).first()
        finance.record_script_fee(
            production=walk.production, amount_minor=world.SCRIPT_FEE_YUAN * 100, on_date=walk.on, by=by, person=writer
        )
        for number, (account, narrative, yuan, days) in enumerate(world.INVOICES, start=1):
            finance.post_cost(
                production=walk.production, account=account, amount_minor=yuan * 100,
                on_date=walk.on + dt.timedelta(days=days), source=f"invoice:{walk.production.code}-{number:02d}",
                narrative=narrative, by=by,
            )  # fmt: skip
        return {"invoices": len(world.INVOICES) + 1}

    walk.step("invoices", work)


def budget(walk: Walk) -> None:
    def work() -> dict[str, int | str]:
        finance.make_budget_from_template(production=walk.production, by=walk.user("finance"))
        lines = BudgetLine.objects.filter(version__production=walk.production)
        return {"lines": lines.count(), "budget_fen": sum(line.amount_minor for line in lines)}

    walk.step("budget", work)


def settle(walk: Walk) -> None:
    walk.step("contract", lambda: _contract(walk))
    walk.step("statement", lambda: _statement(walk))
    walk.step("settlement", lambda: _settle(walk))
    walk.step("payouts", lambda: _pay(walk))


def _platform(walk: Walk) -> Platform:
    return Platform.objects.get(studio=walk.studio, code=world.PLATFORM)


def _month(walk: Walk) -> dt.date:
    """The month of the first statement: the one after the shoot began."""
    return (walk.on.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def _contract(walk: Walk) -> dict[str, int | str]:
    by = walk.user("finance")
    for code, name, kind, method in world.PARTIES:
        if not Party.objects.filter(studio=walk.studio, code=code).exists():
            person = Person.objects.filter(studio=walk.studio, name=name.split(" ")[-1]).first()
            finance.add_party(
                studio=walk.studio, code=code, name=name, kind=kind, tax_method=method, person=person, by=by
            )
    contract = finance.draft_contract(
        production=walk.production, platform=_platform(walk), from_date=walk.on.replace(day=1), terms=world.TERMS, by=by
    )
    contract = finance.sign_contract(contract=contract, by=walk.user("owner"))
    return {"contract": str(contract.version), "clauses": len(world.TERMS), "parties": len(world.PARTIES)}


def _statement(walk: Walk) -> dict[str, int | str]:
    """The platform's CSV of the month: a line per episode, later episodes earning more, and its total."""
    by = walk.user("finance")
    numbers = list(walk.production.episodes.order_by("number").values_list("number", flat=True))
    total = world.RECEIPTS_FEN
    parts = allocate(total, [10 + n for n in range(len(numbers))])
    month = f"{_month(walk):%Y-%m}"
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["剧名", "集数", "账期", "分成金额"])
    for number, part in zip(numbers, parts, strict=True):
        writer.writerow([walk.production.title, number, month, f"{part // 100}.{part % 100:02d}"])
    writer.writerow(["合计", "", "", f"{total // 100}.{total % 100:02d}"])
    statement = finance.import_statement(
        platform=_platform(walk), production=walk.production, period=month, data=("\ufeff" + out.getvalue()).encode(),
        file_name=f"{walk.production.code}-{month}.csv", by=by,
    )  # fmt: skip
    if any(is_error(finding) for finding in statement.findings):
        raise JourneyFailed("statement: " + "; ".join(finding_sentence(f) for f in statement.findings))
    finance.accept_statement(statement=statement, by=by)
    return {"month": month, "lines": statement.lines.count(), "receipts_fen": statement.counted_minor}


def _settle(walk: Walk) -> dict[str, int | str]:
    statement = Statement.objects.get(production=walk.production)
    finance.run_settlement(statement=statement, by=walk.user("finance"))
    walk.waiter.settle(walk.studio.pk)
    settlement = Settlement.objects.get(statement=statement)
    settlement = finance.issue_settlement(settlement=settlement, by=walk.user("finance"))
    if settlement.state != SettlementState.ISSUED:
        raise JourneyFailed("settlement: was not issued")
    return {
        "receipts_fen": settlement.receipts_minor,
        "shares_fen": settlement.shares_minor,
        "retained_fen": settlement.retained_minor,
        "allocations": settlement.allocations.count(),
    }


def _pay(walk: Walk) -> dict[str, int | str]:
    payouts = Payout.objects.filter(settlement__production=walk.production).select_related("party").order_by("id")
    for payout in list(payouts):
        payout = finance.approve_payout(payout=payout, by=walk.user("producer"))
        if payout.state != PayoutState.APPROVED:
            payout = finance.approve_payout(payout=payout, by=walk.user("owner"))
        finance.pay_payout(
            payout=payout, bank_reference=f"JN{payout.pk:06d}", by=walk.user("finance"), at=walk.at(walk.on, 1440 * 40)
        )
    return {
        "payouts": payouts.count(),
        "gross_fen": sum(p.gross_minor for p in payouts.all()),
        "tax_fen": sum(p.tax_minor for p in payouts.all()),
        "net_fen": sum(p.net_minor for p in payouts.all()),
        "paid": payouts.filter(state=PayoutState.PAID).count(),
    }


def check(walk: Walk) -> None:
    """Receipts = shares + retained; cost lines = ledger; payouts = tax + net."""

    def work() -> dict[str, int | str]:
        wrong = books.check_books(walk.production)
        glance = finance_queries.money_at_a_glance(walk.production)
        return {
            "cost_fen": glance.cost_minor,
            "receipts_fen": glance.receipts_minor,
            "retained_fen": glance.retained_minor,
            "margin_fen": glance.margin_minor,
            "discrepancies": "; ".join(item.message for item in wrong),
        }

    walk.step("books", work)
