"""Settle a month of 500 titles with 20 parties each on PostgreSQL, by two workers: time and memory from 10^4 to 10^6 lines.

`make bench-money` prints the table. The target is 1,000,000 statement lines worked out in under 60 seconds and under
1 GB; issuing them (500 times payouts with tax, ledger and facts in one order, and 500 margins) stands beside it. The
way is that of the page: a run is started, two processes do its jobs, all is marked as reviewed and issued.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

TITLES, WORKERS = 500, 2
MONTHS = (("2026-01", 10_000), ("2026-02", 100_000), ("2026-03", 1_000_000))
SECONDS, MOST_MB = 60.0, 1024
PARTIES = [
    *((f"company-{number}", "company", "none") for number in range(12)),
    *((f"actor-{number}", "person", "labour_single") for number in range(4)),
    *((f"writer-{number}", "person", "author") for number in range(2)),
    *((f"editor-{number}", "person", "platform_cumulative") for number in range(2)),
]
TERMS: dict[str, Any] = {
    "pool_by": ["title"],
    "terms": [
        {"id": "1", "kind": "fee", "party": "company-0", "rate": "8.3%"},
        {"id": "2", "kind": "fee", "party": "company-1", "rate": "10%", "of": "left"},
        {"id": "3", "kind": "expenses", "party": "company-1", "amount": "2500", "cap": "2000"},
        {"id": "4", "kind": "corridor", "party": "actor-0", "rate": "5%", "while": "6"},
        {"id": "5", "kind": "service_fee", "party": "company-2", "amount": "3000"},
        {"id": "6", "kind": "recoup", "premium": "20%", "parties": [
            {"party": f"company-{number}", "amount": "1500"} for number in range(3, 8)
        ]},
        {"id": "7", "kind": "deferred_fee", "party": "actor-1", "amount": "1200"},
        {"id": "8", "kind": "share", "party": "writer-0", "of": "after:2", "bands": [
            {"above": "0", "rate": "2%"}, {"above": "50000", "rate": "3%"},
        ]},
        {"id": "9", "kind": "share", "party": "actor-2", "rate": "1%", "of": "after:2"},
        {"id": "10", "kind": "share", "party": "company-8", "rate": "1/7", "cap": "9000"},
        {"id": "11", "kind": "bonus", "party": "actor-3", "steps": [{"at": "4000", "amount": "500"}]},
        {"id": "12", "kind": "split", "parties": [
            {"party": "company-9", "rate": "1/3"}, {"party": "company-10", "rate": "1/6"},
            {"party": "company-11", "rate": "5%"}, {"party": "writer-1", "rate": "5%"},
            {"party": "editor-0", "rate": "2%"}, {"party": "editor-1", "rate": "2%"},
        ]},
    ],
}  # fmt: skip


def setup() -> None:
    import django

    django.setup()


def fill() -> None:
    """Titles with a signed contract; a month's lines by one statement each, made by the database."""
    import datetime as dt

    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from delivery.models import Platform
    from finance.models import Contract, Party, Statement
    from studio.models import Person, Production, Studio

    call_command("migrate", verbosity=0)
    studio = Studio.objects.create(name="青禾影视", slug="bench")
    platform = Platform.objects.create(studio=studio, code="hongguo", name="红果")
    for code, kind, method in PARTIES:
        person = Person.objects.create(studio=studio, name=code) if kind == "person" else None
        Party.objects.create(studio=studio, code=code, name=code, kind=kind, tax_method=method, person=person)
    titles = Production.objects.bulk_create(
        Production(studio=studio, title=f"第{number}部", code=f"B{number:03d}") for number in range(TITLES)
    )
    now = timezone.now()
    Contract.objects.bulk_create(
        Contract(
            production=title,
            platform=platform,
            from_date=dt.date(2026, 1, 1),
            terms=TERMS,
            state="signed",
            signed_at=now,
        )
        for title in titles
    )
    for period, count in MONTHS:
        Statement.objects.bulk_create(
            Statement(
                platform=platform, production=title, period=period, file_name="f.csv", sha256=f"{title.code}{period}",
                state="accepted", accepted_at=now,
            )
            for title in titles
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO finance_statementline (statement_id, row, episode_number, kind, amount_minor, text) "
                "SELECT s.id, n, n %% 80 + 1, CASE WHEN n %% 3 = 0 THEN 'iaa' ELSE 'iap' END, (n * 7919) %% 40000, '' "
                "FROM finance_statement s, generate_series(1, %s) n WHERE s.period = %s",
                [count // TITLES, period],
            )
            cursor.execute(
                "UPDATE finance_statement s SET counted_minor = "
                "(SELECT sum(amount_minor) FROM finance_statementline l WHERE l.statement_id = s.id) WHERE period = %s",
                [period],
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def work(which: int) -> None:
    """Do what is due, as a worker that hears of every job; print the peak of memory in MB."""
    from django.utils import timezone

    from studio import jobs
    from studio.models import Job

    jobs.send = lambda job_id: None  # type: ignore[assignment]
    while True:
        due = (
            Job.objects.filter(state="queued", run_after__lte=timezone.now())
            .order_by("id")
            .values_list("pk", flat=True)
        )
        found = [pk for pk in due[:64] if pk % WORKERS == which] or list(due[:1])
        if not found:
            if not Job.objects.filter(state__in=["queued", "running"]).exists():
                break
            time.sleep(0.05)
        for pk in found:
            jobs.run(pk)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def _workers(count: int) -> int:
    """Let so many processes do all jobs; the largest peak of them."""
    started = [
        subprocess.Popen([sys.executable, __file__, "work", str(number)], stdout=subprocess.PIPE, text=True)
        for number in range(count)
    ]
    return max(int(process.communicate()[0].split()[-1]) for process in started)


def run() -> int:
    from finance import actions
    from finance.models import Allocation, Payout, Settlement
    from finance.queries.runs import run_titles
    from studio import jobs
    from studio.models import Job, Studio

    jobs.send = lambda job_id: None  # type: ignore[assignment]
    studio = Studio.objects.get()
    head = ("lines", "start s", "settle s", "issue s", "us a line", "peak MB")
    print(f"{TITLES} titles, {len(PARTIES)} parties, {WORKERS} workers")
    print("".join(f"{name:>{width}}" for name, width in zip(head, (10, 9, 10, 9, 11, 9), strict=True)))
    failed = False
    for period, count in MONTHS:
        begun = time.perf_counter()
        month, _new = actions.start_run(studio=studio, period=period, by=None)
        started = time.perf_counter()
        peak = _workers(WORKERS)
        settled = time.perf_counter()
        seen = {row.pk: row.settlement.updated_at for row in run_titles(month) if row.settlement is not None}
        assert actions.review_titles(run=month, seen=seen, by=None) == (TITLES, 0)
        actions.issue_run(run=month, by=None)
        before_issue = time.perf_counter()
        # One job issues title after title; the margins that each moves are reckoned anew by whoever is free.
        peak = max(peak, _workers(WORKERS))
        issued = time.perf_counter()
        assert Settlement.objects.filter(period=period, state="issued").count() == TITLES
        assert not Job.objects.exclude(state="done").exists()
        settling = settled - begun
        over = settling > SECONDS or peak > MOST_MB
        failed = failed or over
        print(
            f"{count:>10,}{started - begun:>9.1f}{settling:>10.1f}{issued - before_issue:>9.1f}"
            f"{settling / count * 1e6:>11.1f}{peak:>9}{'  over' if over else ''}",
            flush=True,
        )
    print(f"{Allocation.objects.count():,} allocations, {Payout.objects.count():,} payouts")
    return 1 if failed else 0


def main() -> int:
    if len(sys.argv) > 1:
        setup()
        if sys.argv[1] == "work":
            return work(int(sys.argv[2])) or 0
        return fill() or 0 if sys.argv[1] == "fill" else run()
    from tests.postgres import Server

    server = Server()
    try:
        with tempfile.TemporaryDirectory(prefix="kaiji-bench-") as folder:
            environment = {
                **os.environ, "DATABASE_URL": server.url, "KAIJI_DATA": folder, "SECRET_KEY": "bench",
                "DJANGO_SETTINGS_MODULE": "studio.settings", "LOG_LEVEL": "ERROR", "PYTHONPATH": str(ROOT),
            }  # fmt: skip
            environment.pop("REDIS_URL", None)
            os.environ.update(environment)
            # A process takes over the peak of the one that starts it: filling and running are both done by children.
            subprocess.run([sys.executable, __file__, "fill"], check=True)
            return subprocess.run([sys.executable, __file__, "run"], check=False).returncode
    finally:
        server.stop()


if __name__ == "__main__":
    raise SystemExit(main())
