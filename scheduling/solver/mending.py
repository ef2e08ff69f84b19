"""From a board that breaks rules to a legal one, soon: money plays no part here.

What breaks is nearly always the length of days that are full everywhere. So minutes of work count beside broken ones:
sets brought together spare dressing and moves, and make the room that is short.
"""

import math
import random
from collections.abc import Callable

from .cost import DayTry, Ledger
from .moves import Mover, Moves, respects

BROKEN = 3
"""Minutes of work that a broken minute weighs as much as."""

WARMTH = 12
"""Minutes by which a move may make the board longer with a chance of 1 in e."""


def mend(ledger: Ledger, mover: Mover, dice: random.Random, stop: Callable[[int], bool]) -> int:
    """Move scenes off days that break rules until none does, or until `stop` says so; returns the moves tried."""
    done = 0
    while ledger.broken and mover.free and not stop(done):
        done += 1
        moves = draw(ledger, mover, dice)
        if not moves or not respects(ledger, moves):
            continue
        fen, broken, tries, people = ledger.weigh(moves)
        worse = BROKEN * broken + longer(ledger, tries)
        if worse <= 0 or dice.random() < math.exp(-worse / WARMTH):
            ledger.apply(moves, fen, broken, tries, people)
    return done


def draw(ledger: Ledger, mover: Mover, dice: random.Random) -> Moves:
    """A scene of a day that breaks rules to another day, against another scene, or with its set."""
    scene = mover.scene_of(mover.pick([day for day, run in enumerate(ledger.runs) if run[0]]))
    if scene < 0:
        return []
    roll = dice.random()
    if roll < 0.40:
        return mover.one(scene)
    if roll < 0.70:
        return mover.swap(scene)
    if roll < 0.85:
        return mover.block(scene)
    return mover.block_swap(scene)


def longer(ledger: Ledger, tries: list[DayTry]) -> int:
    """Minutes from call to wrap that the days tried take more than now."""
    calls = ledger.plan.calls
    minutes = 0
    for day, mask, _, run, _ in tries:
        minutes += run[2] - calls[day] if mask else 0
        minutes -= ledger.runs[day][2] - calls[day] if ledger.masks[day] else 0
    return minutes
