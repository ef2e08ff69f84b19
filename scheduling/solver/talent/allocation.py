"""Scenes to days: at most so many a day, everybody paid by the day they come; the order inside days costs nothing."""

import random
import time
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np

from ..problem import ProblemError
from ..reading import Row, shown
from . import kernels
from .kernels import NEVER, Short, Whole
from .problem import MOST_ACTORS, MOST_COST, MOST_SCENES
from .schedule import TimeUp

TABLE_SCENES = 22
"""Up to here every set of scenes has a place in a table for each day."""

MOST_CHOICES = 1 << 18
"""Sets of scenes that one day may hold, beyond which nothing is proved: the clock is looked at between them."""

FIELDS = ("name", "max_scenes_per_day", "days", "actors", "pay", "scenes")


@dataclass(frozen=True)
class Allocation:
    """Scenes (each the numbers of its actors, from 0) to put on days."""

    name: str
    days: int
    most: int
    pay: tuple[int, ...]
    scenes: tuple[frozenset[int], ...]

    def total(self, days: list[list[int]]) -> int:
        """Everybody's pay for each day with a scene of theirs."""
        return sum(
            self.pay[actor] for day in days for actor in frozenset[int]().union(*(self.scenes[scene] for scene in day))
        )


@dataclass(frozen=True)
class Allocated:
    total: int
    proved: bool
    days: tuple[tuple[int, ...], ...]
    """Scenes of each used day by number, from 0."""
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Scenes are numbered from 1, in the order of the file."""
        return {
            "total": self.total,
            "proved": self.proved,
            "days": [[scene + 1 for scene in day] for day in self.days],
            "seconds": self.seconds,
        }


def read_allocation(data: object) -> Allocation:
    """Read the JSON. Raises ProblemError naming the row that is wrong."""
    top = Row(data, "The problem", "problem", (*FIELDS, "optimum"))
    actors = top.ids("actors")
    if not 1 <= len(actors) <= MOST_ACTORS:
        raise top.fault("actors", f"must be a list of 1 to {MOST_ACTORS} names.")
    pay = top.many("pay", lambda value: value)
    if len(pay) != len(actors):
        raise top.fault("pay", f"holds {len(pay)} numbers; {len(actors)} are needed, one for each actor.")
    for actor, fen in zip(actors, pay, strict=True):
        if isinstance(fen, bool) or not isinstance(fen, int) or not 0 <= fen <= MOST_COST:
            raise top.fault("pay", f"of {shown(actor)} must be a whole number from 0 to {MOST_COST}, not {shown(fen)}.")
    number = {actor: at for at, actor in enumerate(actors)}
    scenes = []
    for at, cast in enumerate(top.many("scenes", lambda value: value), 1):
        if not isinstance(cast, list) or not all(isinstance(actor, str) for actor in cast):
            raise top.fault("scenes", f"row {at} must be a list of actors, not {shown(cast)}.")
        strange = next((actor for actor in cast if actor not in number), None)
        if strange is not None:
            raise top.fault("scenes", f"row {at} names {shown(strange)}, who is not in actors.")
        scenes.append(frozenset(number[actor] for actor in cast))
    if not 1 <= len(scenes) <= MOST_SCENES:
        raise top.fault("scenes", f"must be a list of 1 to {MOST_SCENES} scenes.")
    days = top.whole("days", 1, MOST_SCENES)
    most = top.whole("max_scenes_per_day", 1, MOST_SCENES)
    if days * most < len(scenes):
        raise ProblemError(
            f"{len(scenes)} scenes do not fit on {days} days of at most {most} scenes.", field_path="problem.days"
        )
    name = top.text("name") if "name" in top.data else ""
    return Allocation(name, days, most, pay, tuple(scenes))


def warm() -> None:
    none = np.zeros(1, np.int64)
    kernels.next_day(
        0, 1, none, none, none, np.zeros((1, 256), np.int64), 1, 1, 0, none, none.copy(), np.zeros(1, np.int32)
    )


def allocate(problem: Allocation, *, seconds: float = 10.0) -> Allocated:
    """The cheapest days for all scenes; `proved` says that none are cheaper. Stops after `seconds` with the best."""
    warm()
    began = time.perf_counter()
    until = began + 0.97 * seconds
    # The dearest scene left opens each day: its day costs much, so bad ones are seen soon.
    ranked = sorted(range(len(problem.scenes)), key=lambda s: -sum(problem.pay[a] for a in problem.scenes[s]))
    found = Shifting(problem, ranked)
    choices = sum(comb(len(ranked) - 1, count) for count in range(min(problem.most, len(ranked))))
    small = len(ranked) <= TABLE_SCENES and choices <= MOST_CHOICES and len(problem.pay) <= 62
    proved = False
    try:
        found.shift(until, rounds=20_000 if small else None)
        if small:
            found.take(proof(problem, ranked, found.best, until))
            proved = True
    except TimeUp:
        pass
    days = tuple(tuple(sorted(day)) for day in found.days if day)
    return Allocated(problem.total([*map(list, days)]), proved, days, round(time.perf_counter() - began, 4))


class Shifting:
    """Scenes moved and swapped between days while that costs no more."""

    def __init__(self, problem: Allocation, ranked: list[int]) -> None:
        self.problem = problem
        self.cast = [sum(1 << actor for actor in who) for who in problem.scenes]
        self.prices: dict[int, int] = {0: 0}
        self.days: list[list[int]] = [[] for _ in range(problem.days)]
        for scene in ranked:
            open_days = [day for day in self.days if len(day) < problem.most]
            min(open_days, key=lambda day: self.price([*day, scene]) - self.price(day)).append(scene)
        self.best = sum(self.price(day) for day in self.days)

    def price(self, day: list[int]) -> int:
        who = 0
        for scene in day:
            who |= self.cast[scene]
        found = self.prices.get(who)
        if found is None:
            if len(self.prices) > 1_000_000:
                self.prices.clear()
            found = sum(fen for actor, fen in enumerate(self.problem.pay) if who >> actor & 1)
            self.prices[who] = found
        return found

    def take(self, days: list[list[int]] | None) -> None:
        if days is not None:
            self.days, self.best = days, sum(self.price(day) for day in days)

    def shift(self, until: float, rounds: int | None) -> None:
        dice = random.Random(1)
        done = 0
        while len(self.days) > 1 and (rounds is None or done < rounds):
            if time.perf_counter() >= until:
                raise TimeUp
            done += 1
            one, other = dice.sample(range(len(self.days)), 2)
            first, second = self.days[one], self.days[other]
            if not first:
                continue
            gone = dice.choice(first)
            back = dice.choice([*second, *[-1] * (len(second) < self.problem.most)])
            less = [scene for scene in first if scene != gone] + ([back] if back >= 0 else [])
            more = [scene for scene in second if scene != back] + [gone]
            change = self.price(less) + self.price(more) - self.price(first) - self.price(second)
            if change <= 0:
                self.days[one], self.days[other] = less, more
                self.best += change


def proof(problem: Allocation, ranked: list[int], limit: int, until: float) -> list[list[int]] | None:
    """Days cheaper than `limit` and cheaper than all others, or None: there are none cheaper than `limit`."""
    scenes = len(ranked)
    cast: Whole = np.array([sum(1 << a for a in problem.scenes[scene]) for scene in ranked], np.int64)
    pay: Whole = np.array(problem.pay, np.int64)
    table = np.zeros((len(pay) // 8 + 1, 256), np.int64)
    for actor, fen in enumerate(pay):
        table[actor // 8, (np.arange(256) >> actor % 8 & 1) == 1] += fen
    full = (1 << scenes) - 1
    spent = np.full(1 << scenes, NEVER, np.int64)
    spent[0] = 0
    most = min(problem.most, scenes)
    trail: list[Short] = []
    best, last = limit, -1
    for day in range(problem.days):
        after = np.full(1 << scenes, NEVER, np.int64)
        before = np.zeros(1 << scenes, np.int32)
        reached = np.flatnonzero(spent < best)
        for low in range(0, len(reached), 16):
            if time.perf_counter() >= until:
                raise TimeUp
            rows = reached[low : low + 16]
            kernels.next_day(
                0, len(rows), rows, cast, pay, table, most, problem.days - day - 1, best, spent, after, before
            )
        trail.append(before)
        if after[full] < best:
            best, last = int(after[full]), day
        spent = after
    if last < 0:
        return None
    days, done = [], full
    for day in range(last, -1, -1):
        earlier = int(trail[day][done])
        days.append([ranked[place] for place in range(scenes) if done & ~earlier & 1 << place])
        done = earlier
    return days[::-1]
