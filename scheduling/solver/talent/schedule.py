"""The cheapest order of scenes, proved, within a time limit."""

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import kernels
from .kernels import NEVER, ORDERED, Short, Whole
from .merging import Core, core_of
from .problem import Talent

MOST_BITS = 62
"""Scenes or actors, after merging, that fit the bits of a whole number."""

TABLE_SCENES = 24
"""Up to here every set of scenes has a place in one table (128 MB)."""

MOST_SETS = 1_000_000
"""Sets of scenes kept at a time; beyond, the dearest are let go and nothing is proved."""

BEAMS = (150, 1_500, MOST_SETS)
CHUNK = 8_192
SHARE = 1_024
"""Sets whose bound one thread works out at a time."""

MOST_THREADS = 8


@dataclass(frozen=True)
class Schedule:
    total: int
    proved: bool
    order: tuple[int, ...]
    """Scenes by number, from 0."""
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Scenes are numbered from 1, as the columns of the file are."""
        return {
            "total": self.total,
            "proved": self.proved,
            "order": [scene + 1 for scene in self.order],
            "seconds": self.seconds,
        }


class TimeUp(Exception):
    """The limit of time or memory is reached; what is best so far is kept."""


@dataclass(frozen=True)
class Arrays:
    """A core as the compiled loops read it."""

    length: Whole
    cast: Whole
    rate: Whole
    table: Whole
    first: Whole
    larger: Whole
    extra: Whole


def arrays_of(core: Core) -> Arrays:
    cast = [sum(1 << actor for actor in who) for who in core.cast]
    table = np.zeros((len(core.rates) // 8 + 1, 256), np.int64)
    for actor, rate in enumerate(core.rates):
        table[actor // 8, (np.arange(256) >> actor % 8 & 1) == 1] += rate
    first, larger, extra = [0], [], []
    for who in cast:
        for place, more in enumerate(cast):
            if who != more and who & ~more == 0:
                larger.append(place)
                extra.append(more & ~who)
        first.append(len(larger))
    return Arrays(
        np.array(core.lengths, np.int64),
        np.array(cast, np.int64),
        np.array(core.rates, np.int64),
        table,
        np.array(first, np.int64),
        np.array(larger, np.int64),
        np.array(extra, np.int64),
    )


def waiting(core: Core, order: list[int]) -> int:
    """What everybody's waiting costs when merged scenes are shot in this order."""
    total = 0
    for actor, rate in enumerate(core.rates):
        places = [place for place, scene in enumerate(order) if actor in core.cast[scene]]
        between = order[places[0] : places[-1] + 1]
        total += rate * sum(core.lengths[scene] for scene in between if actor not in core.cast[scene])
    return total


class Search:
    """The best order known, and the ways to a better one or to the proof that there is none."""

    def __init__(self, core: Core, until: float) -> None:
        self.core, self.until = core, until
        self.order = list(range(len(core.scenes)))
        self.best = waiting(core, self.order)
        self.proved = self.best == 0

    def check_time(self) -> None:
        if time.perf_counter() >= self.until:
            raise TimeUp

    def run(self) -> None:
        scenes, actors = len(self.core.scenes), len(self.core.rates)
        if self.proved:
            return
        try:
            if max(scenes, actors) > MOST_BITS:
                self.shuffle()
                return
            arrays = arrays_of(self.core)
            whole = self.sweep(arrays, BEAMS[0])
            if not whole and scenes <= TABLE_SCENES and actors > ORDERED + 1:
                self.fill(arrays)
                whole = True
            for beam in BEAMS[1:]:
                whole = whole or self.sweep(arrays, beam)
            self.proved = whole
            if not whole:
                self.shuffle()
        except TimeUp:
            pass

    def take(self, order: list[int]) -> None:
        cost = waiting(self.core, order)
        if cost < self.best:
            self.best, self.order = cost, order

    def fill(self, arrays: Arrays) -> None:
        """The least waiting of every set of scenes, smaller sets first; proves the optimum."""
        scenes = len(arrays.cast)
        best = np.full(1 << scenes, NEVER, np.int64)
        best[0] = 0
        for low in range(0, 1 << scenes, CHUNK):
            self.check_time()
            kernels.fill(
                low,
                min(low + CHUNK, 1 << scenes),
                arrays.length,
                arrays.cast,
                arrays.table,
                arrays.first,
                arrays.larger,
                arrays.extra,
                self.best,
                best,
            )
        shot = (1 << scenes) - 1
        if best[shot] >= self.best:
            return
        order: list[int] = []
        while shot:
            for scene in range(scenes):
                before = shot & ~(1 << scene)
                if before != shot and best[before] < NEVER:
                    came, needed = kernels.presence(before, arrays.cast)
                    waits = kernels.price(came & needed & ~int(arrays.cast[scene]), arrays.table)
                    if best[before] + int(arrays.length[scene]) * waits == best[shot]:
                        order.append(scene)
                        shot = before
                        break
        self.take(order[::-1])

    def sweep(self, arrays: Arrays, beam: int) -> bool:
        """Shoot scene after scene from all sets that may still lead to less waiting than the best known.

        At most `beam` sets are kept, the most promising. True: none was let go, so the best known now is the optimum.
        """
        shots, spent = np.zeros(1, np.int64), np.zeros(1, np.int64)
        steps: list[tuple[Short, Short]] = []
        whole = True
        for _ in range(len(arrays.cast)):
            shots, spent, parent, last = self.spread(arrays, shots, spent, 4 * MOST_SETS)
            if not len(shots):
                return whole
            floor = self.floors(arrays, shots)
            promise = spent + floor
            kept = np.flatnonzero(promise < self.best)
            if len(kept) > beam:
                whole = False
                kept = kept[np.sort(np.argpartition(promise[kept], beam - 1)[:beam])]
            shots, spent = shots[kept], spent[kept]
            steps.append((parent[kept], last[kept]))
            if not len(shots):
                return whole
        order, row = [], int(np.argmin(spent))
        for parent, last in reversed(steps):
            order.append(int(last[row]))
            row = int(parent[row])
        self.take(order[::-1])
        return whole

    def floors(self, arrays: Arrays, shots: Whole) -> Whole:
        """The bound of every set, worked out on all processors: the compiled loop lets other threads run."""
        floor = np.empty(len(shots), np.int64)

        def part(low: int) -> None:
            if time.perf_counter() < self.until:
                high = min(low + SHARE, len(shots))
                kernels.bound(low, high, shots, arrays.length, arrays.cast, arrays.rate, floor)

        if len(shots) <= SHARE:
            part(0)
        else:
            with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
                for done in [pool.submit(part, low) for low in range(0, len(shots), SHARE)]:
                    done.result()
        self.check_time()
        return floor

    def spread(self, arrays: Arrays, shots: Whole, spent: Whole, most: int) -> tuple[Whole, Whole, Short, Short]:
        """All sets one scene larger, each with the least waiting to shoot it first and the step that leads there."""
        room = 1 << (4 * len(shots) + 2 * len(arrays.cast)).bit_length()
        shots_after, spent_after = np.empty(room, np.int64), np.empty(room, np.int64)
        parent, last = np.empty(room, np.int32), np.empty(room, np.int32)
        slots = np.full(2 * room, -1, np.int32)
        row = count = 0
        while row < len(shots):
            self.check_time()
            if count + len(arrays.cast) > len(shots_after):
                if len(shots_after) >= most:
                    raise TimeUp
                shots_after, spent_after, parent, last = (
                    np.concatenate([one, np.empty_like(one)]) for one in (shots_after, spent_after, parent, last)
                )
                slots = np.full(2 * len(shots_after), -1, np.int32)
                kernels.place(shots_after, count, slots)
            row, count = kernels.spread(
                row,
                min(row + CHUNK, len(shots)),
                shots,
                spent,
                arrays.length,
                arrays.cast,
                arrays.table,
                arrays.first,
                arrays.larger,
                arrays.extra,
                self.best,
                slots,
                count,
                shots_after,
                spent_after,
                parent,
                last,
            )
        return shots_after[:count], spent_after[:count], parent[:count], last[:count]

    def shuffle(self) -> None:
        """Move runs of scenes about, keeping what is no worse, until time is up: for what is too large to prove."""
        dice = random.Random(1)
        order, cost = self.order, self.best
        while True:
            self.check_time()
            low, high = sorted(dice.sample(range(len(order) + 1), 2))
            run, rest = order[low:high], order[:low] + order[high:]
            at = dice.randrange(len(rest) + 1)
            tried = rest[:at] + (run if dice.random() < 0.5 else run[::-1]) + rest[at:]
            now = waiting(self.core, tried)
            if now <= cost:
                order, cost = tried, now
                self.take(order)


def warm() -> None:
    """Compile or load the loops, so that what is timed is the search."""
    arrays = np.zeros(1, np.int64)
    short = np.full(2, -1, np.int32)
    table = np.zeros((1, 256), np.int64)
    none = np.zeros(2, np.int64)
    kernels.fill(0, 1, arrays, arrays, table, none, arrays, arrays, NEVER, np.zeros(2, np.int64))
    kernels.bound(0, 1, arrays, arrays, arrays, arrays, arrays.copy())
    kernels.place(arrays, 0, short)
    kernels.spread(
        0, 1, arrays, arrays, arrays, arrays, table, none, arrays, arrays, 1, short, 0,
        arrays.copy(), arrays.copy(), short.copy(), short.copy(),
    )  # fmt: skip


def schedule(problem: Talent, *, seconds: float = 10.0) -> Schedule:
    """The cheapest order of all scenes; `proved` says that no order is cheaper. Stops after `seconds` with the best."""
    warm()
    began = time.perf_counter()
    core = core_of(problem)
    search = Search(core, began + 0.97 * seconds)
    search.run()
    order = core.unfold(search.order)
    return Schedule(problem.total(order), search.proved, tuple(order), round(time.perf_counter() - began, 4))
