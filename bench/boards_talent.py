"""Exact talent scheduling: published films, others of their family, and scenes on days.

`make bench-boards` prints the table. Each total stands beside that of the scenes in the order of the file. Targets: every
published optimum found and proved in 0.25 seconds, others of the family of up to 20 scenes x 20 actors and 28 x 8 proved in
1 second, the allocation of scenes to days in 5. Import and compiling are left out and printed apart.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scheduling.solver.talent import Talent, read_talent, schedule
from scheduling.solver.talent.allocation import allocate, read_allocation

ROOT = Path(__file__).resolve().parents[1]
FILES = ROOT.parent / "shared" / "data" / "talent"
FILM_SECONDS, FAMILY_SECONDS, DAYS_SECONDS = 0.25, 1.0, 5.0
FAMILY = [(20, 20, 0.2), (20, 20, 0.3), (20, 20, 0.5), (28, 8, 0.2), (28, 8, 0.3), (28, 8, 0.4), (28, 8, 0.5)]
SEEDS = 5


def made(scenes: int, actors: int, share: float, seed: int) -> Talent:
    """Scenes of one or two units of time, the cost of the published films' actors."""
    dice = random.Random(f"{scenes}/{actors}/{share}/{seed}")
    return Talent(
        f"{scenes} x {actors}, {share:.0%}",
        tuple(dice.choice((1, 1, 1, 2)) for _ in range(scenes)),
        tuple(dice.choice((4, 4, 5, 5, 5, 10, 20, 40)) for _ in range(actors)),
        tuple(frozenset(s for s in range(scenes) if dice.random() < share) for _ in range(actors)),
    )


def first_run() -> tuple[float, float]:
    """Seconds of the whole command with nothing compiled yet, and again."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "film.txt"
        file.write_text("film\n2\n1\n1 1 5\n1 1\n", encoding="utf-8")
        env = {**os.environ, "KAIJI_DATA": folder}
        env.pop("NUMBA_CACHE_DIR", None)
        took = []
        for _ in range(2):
            began = time.perf_counter()
            run = [sys.executable, "-m", "scheduling.solver", "talent", str(file)]
            subprocess.run(run, cwd=ROOT, env=env, check=True, capture_output=True)
            took.append(time.perf_counter() - began)
    return took[0], took[1]


def films() -> bool:
    met = True
    published = json.loads((FILES / "optima.json").read_text("utf-8"))
    print(f"{'film':<12} {'scenes':>6} {'actors':>6} {'as given':>9} {'total':>7} {'published':>9} {'seconds':>8}")
    for name, optimum in published["total"].items():
        problem = read_talent((FILES / f"{name}.txt").read_text("utf-8"))
        answer = schedule(problem)
        given = problem.total(list(range(len(problem.durations))))
        good = answer.proved and answer.total == optimum and answer.seconds <= FILM_SECONDS
        met = met and good
        print(
            f"{name:<12} {len(problem.durations):>6} {len(problem.costs):>6} {given:>9} {answer.total:>7} {optimum:>9} "
            f"{answer.seconds:>8.3f}{'' if good else '  missed'}"
        )
    days = read_allocation(json.loads((FILES / "scene_allocation.json").read_text("utf-8")))
    shared = allocate(days)
    in_turn = [
        list(range(first, min(first + days.most, len(days.scenes)))) for first in range(0, len(days.scenes), days.most)
    ]
    good = shared.proved and shared.total == published["scene_allocation"] and shared.seconds <= DAYS_SECONDS
    print(
        f"{'days':<12} {len(days.scenes):>6} {len(days.pay):>6} {days.total(in_turn):>9} {shared.total:>7} "
        f"{published['scene_allocation']:>9} {shared.seconds:>8.3f}{'' if good else '  missed'}"
    )
    return met and good


def family() -> bool:
    met = True
    print(f"\n{'family':<15} {'proved':>7} {'saved':>6} {'mean s':>7} {'worst s':>8}")
    for scenes, actors, share in FAMILY:
        saved, seconds, proved = 0.0, [], 0
        for seed in range(SEEDS):
            problem = made(scenes, actors, share, seed)
            answer = schedule(problem)
            saved += 1 - answer.total / problem.total(list(range(scenes)))
            seconds.append(answer.seconds)
            proved += answer.proved
        good = proved == SEEDS and max(seconds) <= FAMILY_SECONDS
        met = met and good
        print(
            f"{scenes} x {actors}, {share:<7.0%} {proved:>3} / {SEEDS} {saved / SEEDS:>6.1%} {sum(seconds) / SEEDS:>7.3f} "
            f"{max(seconds):>8.3f}{'' if good else '  missed'}"
        )
    return met


def main() -> int:
    cold, kept = first_run()
    print(
        f"The whole command: {cold:.2f} s with nothing compiled yet, {kept:.2f} s after; compiling takes {cold - kept:.2f} s.\n"
    )
    met = True
    if FILES.is_dir():
        met = films()
    else:
        print(f"{FILES} is not here: no published films.")
    return 0 if family() and met else 1


if __name__ == "__main__":
    raise SystemExit(main())
