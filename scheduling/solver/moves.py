"""The moves of the search: scenes, swaps, blocks of a set, a person's day, whole days."""

import random

from .cost import Ledger
from .plan import bits

Moves = list[tuple[int, int]]


def respects(ledger: Ledger, moves: Moves) -> bool:
    """Whether every scene moved may stand on its new day, precedence included."""
    plan = ledger.plan
    bound = False
    for scene, day in moves:
        if not plan.allowed[scene] >> day & 1:
            return False
        bound = bound or bool(plan.tied >> scene & 1)
    if not bound:
        return True
    new = dict(moves)
    for scene, day in moves:
        for first in plan.before[scene]:
            if new.get(first, ledger.day_of[first]) > day:
                return False
        for later in plan.behind[scene]:
            if 0 <= new.get(later, ledger.day_of[later]) < day:
                return False
    return True


class Mover:
    """Draws moves at random; a draw may be empty or not allowed, the caller asks `respects`."""

    def __init__(self, ledger: Ledger, dice: random.Random) -> None:
        self.ledger, self.dice = ledger, dice
        plan = ledger.plan
        self.free = [s for s, days in enumerate(plan.allowed) if days.bit_count() > 1]
        self.choices = [bits(days) for days in plan.allowed]
        self.cast_scenes = [[s for s in self.free if plan.cast[s] >> p & 1] for p in range(len(plan.rate))]
        self.people = [p for p, scenes in enumerate(self.cast_scenes) if scenes]

    def draw(self) -> Moves:
        roll = self.dice.random()
        if roll < 0.30:
            return self.one(self.scene())
        if roll < 0.55:
            return self.swap(self.scene())
        if roll < 0.75:
            return self.block(self.scene())
        if roll < 0.86:
            return self.block_swap(self.scene())
        if roll < 0.985 and self.people:
            return self.person()
        return self.days()

    def pick(self, among: list[int]) -> int:
        return among[int(self.dice.random() * len(among))]

    def scene(self) -> int:
        """A free scene, from a day that breaks rules if there is one."""
        if self.ledger.broken and self.dice.random() < 0.5:
            scene = self.scene_of(self.pick([day for day, run in enumerate(self.ledger.runs) if run[0]]))
            if scene >= 0:
                return scene
        return self.pick(self.free)

    def scene_of(self, day: int) -> int:
        """A scene of the day, -1 if the one drawn cannot leave it."""
        scene = self.pick(self.ledger.lists[day])
        return scene if len(self.choices[scene]) > 1 else -1

    def other_day(self, scene: int) -> int:
        """Another day that the scene may stand on, more often one on which its set is used anyway; -1 if none."""
        ledger, here = self.ledger, self.ledger.day_of[scene]
        days = [day for day in self.choices[scene] if day != here]
        if days and self.dice.random() < 0.5:
            where, set_of = ledger.plan.set_of[scene], ledger.plan.set_of
            same = [day for day in days if any(set_of[s] == where for s in ledger.lists[day])]
            days = same or days
        return self.pick(days) if days else -1

    def one(self, scene: int) -> Moves:
        day = self.other_day(scene)
        return [(scene, day)] if day >= 0 else []

    def swap(self, scene: int) -> Moves:
        other = self.pick(self.free)
        mine, theirs = self.ledger.day_of[scene], self.ledger.day_of[other]
        return [(scene, theirs), (other, mine)] if mine != theirs else []

    def same_set(self, scene: int) -> list[int]:
        """Scenes of the same set on the same day, now and then only those with a same person or of the same light."""
        plan = self.ledger.plan
        where = plan.set_of[scene]
        block = [s for s in self.ledger.lists[self.ledger.day_of[scene]] if plan.set_of[s] == where]
        roll = self.dice.random()
        if roll < 0.25 and plan.cast[scene]:
            person = 1 << self.pick(bits(plan.cast[scene]))
            block = [s for s in block if plan.cast[s] & person]
        return block

    def block(self, scene: int) -> Moves:
        day = self.other_day(scene)
        return [(s, day) for s in self.same_set(scene)] if day >= 0 else []

    def block_swap(self, scene: int) -> Moves:
        other = self.pick(self.free)
        mine, theirs = self.ledger.day_of[scene], self.ledger.day_of[other]
        if mine == theirs:
            return []
        return [(s, theirs) for s in self.same_set(scene)] + [(s, mine) for s in self.same_set(other)]

    def person(self) -> Moves:
        """Free a person from one of their days by moving their scenes to other days of theirs."""
        ledger = self.ledger
        person = self.pick(self.people)
        days = bits(ledger.works[person])
        if not days:
            return []
        day = self.pick(days)
        theirs = [s for s in ledger.lists[day] if ledger.plan.cast[s] >> person & 1]
        if len(theirs) > 8 or len(days) < 2:
            return []
        others = [d for d in days if d != day]
        if self.dice.random() < 0.5:
            target = self.pick(others)
            return [(s, target) for s in theirs]
        return [(s, self.pick(others)) for s in theirs]

    def days(self) -> Moves:
        """Two days exchanged, or one emptied into another."""
        ledger = self.ledger
        first, second = self.pick(list(range(ledger.plan.days))), self.pick(list(range(ledger.plan.days)))
        if first == second:
            return []
        moves = [(s, second) for s in ledger.lists[first]]
        if self.dice.random() < 0.7:
            moves += [(s, first) for s in ledger.lists[second]]
        return moves
