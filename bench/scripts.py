"""How fast scripts are read and saved, and how much of dirty ones is read right.

`make bench-scripts` prints: the time to parse a full-size script of 80 episodes and its growth at 4 and 16 times the
size; the score of every spelling and every kind of dirt, made by `scripts_app.samples` from scripts whose truth is
known; and the time to import the full-size script, everything saved, into a fresh SQLite database.
Ends with 1 when a score is below 99 %: times depend on the machine, scores do not.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts_app.parsers import read_script  # noqa: E402
from scripts_app.samples.dirt import applicable, dirty  # noqa: E402
from scripts_app.samples.generator import generate, generate_script  # noqa: E402
from scripts_app.samples.layouts import layouts  # noqa: E402
from scripts_app.samples.score import WHAT, Score, score  # noqa: E402

TARGET = 0.99


def parse_times(rounds: int) -> None:
    base = 0.0
    for times in (1, 4, 16):
        text = generate_script(1, 80 * times, (180 * times, 180 * times))
        data, taken = text.encode(), []
        for _ in range(rounds if times < 16 else max(1, rounds // 2)):
            start = time.perf_counter()
            parsed = read_script(data, "a.txt")
            taken.append(time.perf_counter() - start)
        assert len(parsed.episodes) == 80 * times
        median = statistics.median(taken)
        base = base or median
        target = "   (target: under 0.5 s)" if times == 1 else f"   {median / base:.1f} times the first"
        print(
            f"{times:>3}x {len(text):>9,} characters, {len(parsed.scenes):>5} scenes: "
            f"median {median:6.3f} s, best {min(taken):6.3f} s{target}"
        )


def dirt_scores(seeds: int) -> bool:
    """Print a line for every head spelling, other habit and kind of dirt; True when all reach the target."""
    rows: dict[tuple[str, str], Score] = {}
    total, files, start = Score(), 0, time.perf_counter()
    for seed in range(seeds):
        truth = generate(5 + seed, 6, (14, 14))
        for at, layout in enumerate(layouts()):
            kinds = applicable(layout)
            for dirt in (frozenset[str](), *(frozenset([kind]) for kind in kinds), frozenset(kinds)):
                made = dirty(truth, layout, dirt, 1000 * seed + at)
                one = score(read_script(made.data, "a.txt"), made)
                name = "clean" if not dirt else "all at once" if len(dirt) > 1 else next(iter(dirt))
                for key in (
                    ("head", layout.head), ("episode head", layout.episode), ("cast line", layout.cast),
                    ("action", layout.action), ("speech", layout.speech), ("dirt", name),
                ):  # fmt: skip
                    rows.setdefault(key, Score()).add(one)
                total.add(one)
                files += 1
    print(f"\n{'':44}" + "".join(f"{what:>10}" for what in WHAT))
    group = ""
    for (kind, name), row in sorted(rows.items(), key=lambda each: _ORDER.index(each[0][0])):
        if kind != group:
            group = kind
            print(f"-- {kind}")
        print(f"{_padded(name, 44)}" + "".join(f"{_percent(row, what):>10}" for what in WHAT))
    print(f"{_padded('total', 44)}" + "".join(f"{_percent(total, what):>10}" for what in WHAT))
    print(f"{_padded('right of all', 44)}" + "  ".join(f"{total.right[w]}/{total.all[w]} {w}" for w in WHAT))
    poor = [f"{kind} {name}" for (kind, name), row in rows.items() if row.least < TARGET]
    print(f"{files} files in {time.perf_counter() - start:.0f} s; below {TARGET:.0%}: {', '.join(poor) or 'none'}")
    for example in total.wrong:
        print(f"   wrong: {example[:200]}")
    return not poor


_ORDER = ("head", "episode head", "cast line", "action", "speech", "dirt")


def _padded(name: str, width: int) -> str:
    """Chinese characters take two columns of a terminal."""
    return name + " " * max(1, width - sum(2 if ord(char) > 0x2E7F else 1 for char in name))


def _percent(row: Score, what: str) -> str:
    return f"{row.share(what) * 100:.2f}%" if row.all[what] else "-"


def import_time(rounds: int) -> None:
    """The real action on a fresh database: read, keep the file, write everything, publish the fact."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            KAIJI_DATA=folder, SECRET_KEY="bench", DJANGO_SETTINGS_MODULE="studio.settings", LOG_LEVEL="ERROR"
        )
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        import django

        django.setup()
        from django.core.management import call_command

        from scripts_app.importing import import_script
        from scripts_app.models import Scene
        from studio.models import Production, Studio

        call_command("migrate", verbosity=0)
        studio = Studio.objects.create(name="青禾影视", slug="bench")
        taken = []
        for number in range(rounds):
            production = Production.objects.create(studio=studio, title=f"第{number}部", code=f"B{number}")
            data = generate_script(100 + number).encode()
            start = time.perf_counter()
            import_script(production=production, data=data, filename="剧本.txt", by=None)
            taken.append(time.perf_counter() - start)
        scenes = Scene.objects.count() // rounds
        print(
            f"\nimport, everything saved on a fresh SQLite: median {statistics.median(taken):.2f} s, "
            f"{scenes} scenes a script   (target: under 5 s)"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="times a figure is taken")
    parser.add_argument("--seeds", type=int, default=1, help="scripts that every layout and dirt is tried on")
    options = parser.parse_args()
    parse_times(options.rounds)
    reached = dirt_scores(options.seeds)
    import_time(max(1, options.rounds // 2))
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
