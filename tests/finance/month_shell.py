"""A month of a hundred titles, settled by whoever is asked: `python -m tests.finance.month_shell prepare | start | here | issue | report`."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

import django

django.setup()

from delivery.models import Platform  # noqa: E402
from finance import actions  # noqa: E402
from finance.models import (  # noqa: E402  # noqa: E402
    Allocation,
    Contract,
    EntryLine,
    Party,
    Payout,
    Settlement,
    SettlementRun,
    Statement,
    StatementLine,
)
from finance.queries.runs import run_titles  # noqa: E402
from finance.runs import ISSUE  # noqa: E402
from studio import jobs  # noqa: E402
from studio.models import Job, Person, Production, Studio  # noqa: E402

TITLES = 100
NOON = dt.datetime(2026, 3, 10, 4, 0, tzinfo=dt.UTC)
MONTHS = ("2026-01", "2026-02")


def terms(number: int) -> dict[str, Any]:
    """Every third title is shared otherwise; the writer works for all of them, taxed on the year so far."""
    rest = [{"party": "director", "rate": "25%"}, {"party": "writer", "rate": "1/7"}]
    return {
        "pool_by": ["title"],
        "terms": [
            {"id": "fee", "kind": "fee", "party": "agent", "rate": "20%"},
            {"id": "invest", "kind": "recoup", "premium": "20%", "party": "investor", "amount": f"{900 + number}"},
            {"id": "rest", "kind": "split", "parties": rest if number % 3 else rest[::-1]},
        ],
    }


def prepare() -> None:
    """Titles with a signed contract and an accepted statement each, in a database that is migrated already."""
    studio = Studio.objects.create(name="青禾影视", slug="month")
    platform = Platform.objects.create(studio=studio, code="hongguo", name="红果")
    writer = Person.objects.create(studio=studio, name="李编剧")
    for code, kind, method, person in (
        ("agent", "company", "none", None), ("investor", "company", "none", None),
        ("director", "person", "labour_single", None), ("writer", "person", "platform_cumulative", writer),
    ):  # fmt: skip
        Party.objects.create(studio=studio, code=code, name=code, kind=kind, tax_method=method, person=person)
    titles = Production.objects.bulk_create(
        Production(studio=studio, title=f"灯火 {number}", code=f"R{number:03d}") for number in range(TITLES)
    )
    Contract.objects.bulk_create(
        Contract(
            production=title, platform=platform, from_date=dt.date(2026, 1, 1), terms=terms(number), state="signed",
            signed_at=NOON,
        )
        for number, title in enumerate(titles)
    )  # fmt: skip
    rows = Statement.objects.bulk_create(
        Statement(
            platform=platform, production=title, period="2026-02", file_name="f.csv", sha256=title.code, state="accepted",
            accepted_at=NOON, counted_minor=sum(amounts(number)),
        )
        for number, title in enumerate(titles)
    )  # fmt: skip
    StatementLine.objects.bulk_create(
        StatementLine(statement=row, row=line, amount_minor=amount)
        for number, row in enumerate(rows)
        for line, amount in enumerate(amounts(number), 1)
    )


def amounts(number: int) -> list[int]:
    return [70_001 + 13 * number, 30_000 + 7 * number * number, 999_983]


def start() -> None:
    actions.start_run(studio=Studio.objects.get(), period="2026-02", by=None)


def issue() -> None:
    run = SettlementRun.objects.get()
    seen = {row.pk: row.settlement.updated_at for row in run_titles(run) if row.settlement is not None}
    actions.review_titles(run=run, seen=seen, by=None)
    actions.issue_run(run=run, by=None, at=NOON)


def here() -> None:
    """The same without workers, one job after the other in this process, and the report of it."""
    jobs.send = lambda job_id: None  # type: ignore[assignment]
    start()
    jobs.run_due()
    issue()
    # The margins that are reckoned anew after each are no part of the report.
    jobs.run(Job.objects.get(kind=ISSUE).pk)
    report()


def report() -> None:
    """Every row of money, by what it means and not by its key."""
    title = "settlement__production__code"
    lines = EntryLine.objects.order_by("entry__production__code", "entry__source", "pk").values_list(
        "entry__production__code", "entry__on_date", "entry__narrative", "account", "amount_minor", "currency",
        "person__name", "note",
    )  # fmt: skip
    rows = {
        "settlements": Settlement.objects.order_by("production__code").values_list(
            "production__code", "period", "currency", "receipts_minor", "shares_minor", "retained_minor", "state",
            "issued_at", "contract__version",
        ),
        "allocations": Allocation.objects.order_by(title, "pk").values_list(
            title, "party__code", "term", "period", "kind", "source", "amount_minor", "explanation"
        ),
        "payouts": Payout.objects.order_by(title, "party__code").values_list(
            title, "party__code", "gross_minor", "tax_minor", "net_minor", "tax_steps", "due_date", "state"
        ),
        "ledger": lines,
    }  # fmt: skip
    print(json.dumps({name: list(found) for name, found in rows.items()}, default=str))


if __name__ == "__main__":
    {"prepare": prepare, "start": start, "here": here, "issue": issue, "report": report}[sys.argv[1]]()
