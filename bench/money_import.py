"""Import a platform's file over 500 titles on PostgreSQL: time and memory from 10^4 to 10^6 lines.

`make bench-money` prints the table. The target is 1,000,000 lines in under 60 seconds and under 1 GB. The way is that
of the page: the file is brought, a job reads it, checks it and writes 500 statements in one transaction. Titles,
episodes and contracts' currencies are looked up, each month is compared with those before it. A fourth run takes a
workbook, a fifth a million lines after 1.4 million are stored.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

TITLES, EPISODES = 500, 80
SIZES = (("2026-01", 10_000), ("2026-02", 100_000), ("2026-03", 1_000_000))
# Once more a million, each compared with the 1.4 million that are stored by then.
AGAIN = ("2026-05", 1_000_000, "csv")
SECONDS_AT = {1_000_000: 60.0}
MOST_MB = 1024
HEADS = ("剧名", "集数", "日期", "收入类型", "充值金额（元）", "分成金额（元）", "币种")


def lines(period: str, count: int) -> list[tuple[str, ...]]:
    """The same lines every time: five hundred titles of eighty episodes, two kinds, the days of a month."""
    dice = random.Random(count)
    return [
        (
            f"剧目{number % TITLES:03d}", f"第{number // TITLES % EPISODES + 1}集", f"{period}-{dice.randint(1, 28):02d}",
            "IAP" if number % 3 else "IAA", f"{(gross := dice.randint(3, 400_000)) / 100:.2f}", f"{gross // 3 / 100:.2f}",
            "CNY",
        )
        for number in range(count)
    ]  # fmt: skip


def write_file(folder: Path, period: str, count: int, kind: str) -> tuple[Path, int]:
    """The file and the fen that its lines make."""
    rows = lines(period, count)
    total = sum(round(float(row[5]) * 100) for row in rows)
    path = folder / f"{period}.{kind}"
    last = ("合计", "", "", "", "", f"{total // 100}.{total % 100:02d}", "")
    if kind == "csv":
        with path.open("w", encoding="utf-8") as out:
            out.writelines(",".join(row) + "\n" for row in (HEADS, *rows, last))
        return path, total
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate((HEADS, *rows, last)):
        sheet.write_row(number, 0, row)
    book.close()
    return path, total


def studio_of_500() -> object:
    from django.core.management import call_command

    from delivery.models import Platform
    from studio.models import Episode, Production, Studio

    call_command("migrate", verbosity=0)
    studio = Studio.objects.create(name="青禾影视", slug="bench")
    platform = Platform.objects.create(studio=studio, code="hongguo", name="红果")
    titles = Production.objects.bulk_create(
        Production(studio=studio, title=f"剧目{number:03d}", code=f"B{number:03d}") for number in range(TITLES)
    )
    Episode.objects.bulk_create(
        (Episode(production=title, number=number + 1) for title in titles for number in range(EPISODES)),
        batch_size=5_000,
    )
    return platform


def measure(platform: object, path: Path, period: str, total: int) -> float:
    """Seconds from the upload to the last line in the database."""
    from finance.batches import start_batch, waiting_job
    from finance.models import Statement, StatementBatch
    from studio import jobs

    start = time.perf_counter()
    with path.open("rb") as stream:
        batch = start_batch(platform=platform, period=period, stream=stream, file_name=path.name, by=None)  # type: ignore[arg-type]
    waiting = waiting_job(batch)
    if waiting is not None:
        jobs.run(waiting.pk)
    seconds = time.perf_counter() - start
    batch = StatementBatch.objects.get(pk=batch.pk)
    states = set(Statement.objects.filter(sha256=batch.sha256).values_list("state", flat=True))
    assert (batch.state, batch.counted_minor, states) == ("read", total, {"ready"}), (batch.findings, states)
    return seconds


def run(folder: Path) -> int:
    """In a process of its own, which makes no file: its peak is that of the import."""
    import django

    django.setup()
    from django.db import connection

    platform = studio_of_500()
    failed = False
    print(f"{'lines':>10} {'file':>5} {'MB':>5} {'import s':>9} {'us each':>8} {'peak MB':>8}", flush=True)
    for name in sorted(path.name for path in folder.iterdir() if path.suffix in {".csv", ".xlsx"}):
        path, (count, total) = folder / name, (int(part) for part in (folder / f"{name}.sum").read_text().split())
        seconds = measure(platform, path, name[:7], total)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        slow = seconds > SECONDS_AT.get(count, float("inf")) or peak > MOST_MB
        failed = failed or slow
        print(
            f"{count:>10,} {path.suffix[1:]:>5} {path.stat().st_size / 2**20:>5.0f} {seconds:>9.2f}"
            f" {seconds / count * 1e6:>8.1f} {peak:>8.0f}{'  over' if slow else ''}",
            flush=True,
        )
    connection.close()
    return int(failed)


def make_files(folder: Path) -> None:
    for period, count, kind in (*((*size, "csv") for size in SIZES), ("2026-04", 300_000, "xlsx"), AGAIN):
        path, total = write_file(folder, period, count, kind)
        Path(f"{path}.sum").write_text(f"{count} {total}")


def main() -> int:
    if len(sys.argv) > 2:
        # A process takes over the peak of the one that starts it: making and importing are both done by children.
        folder = Path(sys.argv[2])
        return run(folder) if sys.argv[1] == "run" else make_files(folder) or 0
    import subprocess

    from tests.postgres import Server

    server = Server()
    try:
        with tempfile.TemporaryDirectory(prefix="kaiji-bench-") as name:
            folder = Path(name) / "files"
            folder.mkdir()
            environment = {**os.environ, "DATABASE_URL": server.url, "KAIJI_DATA": f"{name}/data"}
            environment["DJANGO_SETTINGS_MODULE"] = "studio.settings"
            subprocess.run([sys.executable, __file__, "make", str(folder)], check=True)
            return subprocess.run(
                [sys.executable, __file__, "run", str(folder)], env=environment, check=False
            ).returncode
    finally:
        server.stop()


if __name__ == "__main__":
    raise SystemExit(main())
