"""The inner loops of exact talent scheduling, compiled.

Scenes and actors are bits of whole numbers. `after` a set of scenes has been shot, an actor who came and is still needed is
on location; shooting a scene then makes everybody on location who is not in it wait. What is counted here is that waiting;
what the work itself costs hangs on no order.
"""

import numpy as np
import numpy.typing as npt

from .compiling import compiled

Whole = npt.NDArray[np.int64]
Short = npt.NDArray[np.int32]

NEVER = 1 << 62
"""Dearer than any order."""

ORDERED = 7
"""Actors whose order of leaving the bound tries out, the dearest on location."""


@compiled
def price(actors: int, table: Whole) -> int:
    """What a unit of time of a set of actors costs; `table` prices each eight of them."""
    total = 0
    eight = 0
    while actors:
        total += table[eight, actors & 255]
        actors >>= 8
        eight += 1
    return total


@compiled
def presence(shot: int, cast: Whole) -> tuple[int, int]:
    """Who came to the scenes shot, and who is needed by the others."""
    came = 0
    needed = 0
    for scene in range(len(cast)):
        if shot >> scene & 1:
            came |= cast[scene]
        else:
            needed |= cast[scene]
    return came, needed


@compiled
def only_scene(shot: int, here: int, cast: Whole) -> int:
    """A scene left that needs exactly those on location: nobody waits, so it is shot now. -1 if there is none."""
    for scene in range(len(cast)):
        if not shot >> scene & 1 and cast[scene] == here:
            return scene
    return -1


@compiled
def outdone(scene: int, shot: int, came: int, first: Whole, larger: Whole, extra: Whole) -> bool:
    """Whether a scene left holds all of this one's cast and else only people who came already: then that one goes first.

    If both wait, either the larger scene can be brought forward or this one put off at no loss.
    """
    for at in range(first[scene], first[scene + 1]):  # noqa: SIM110 - any() over a generator does not compile
        if not shot >> larger[at] & 1 and extra[at] & ~came == 0:
            return True
    return False


@compiled
def fill(
    low: int,
    high: int,
    length: Whole,
    cast: Whole,
    table: Whole,
    first: Whole,
    larger: Whole,
    extra: Whole,
    limit: int,
    best: Whole,
) -> None:
    """Least waiting to shoot each set of scenes first, for the sets `low` to `high`; a set follows all its subsets."""
    for shot in range(low, high):
        spent = best[shot]
        if spent >= limit:
            continue
        came, needed = presence(shot, cast)
        here = came & needed
        all_here = price(here, table)
        forced = only_scene(shot, here, cast)
        for scene in range(len(cast)):
            if shot >> scene & 1 or (forced >= 0 and scene != forced):
                continue
            if forced < 0 and outdone(scene, shot, came, first, larger, extra):
                continue
            cost = spent + length[scene] * (all_here - price(here & cast[scene], table))
            after = shot | 1 << scene
            if cost < best[after]:
                best[after] = cost


@compiled
def bound(
    low: int,
    high: int,
    shots: Whole,
    length: Whole,
    cast: Whole,
    rate: Whole,
    floor: Whole,
) -> None:
    """Least waiting still to come for each set of scenes shot, into `floor`.

    Those on location leave in some order, and until somebody leaves, he waits through the scenes that those who left
    before him need without him. The cheapest order of leaving, tried over sets of actors, is below any schedule.
    """
    who = np.empty(ORDERED, np.int64)
    apart = np.empty(1 << ORDERED, np.int64)
    least = np.empty(1 << ORDERED, np.int64)
    for row in range(low, high):
        shot = shots[row]
        came, needed = presence(shot, cast)
        here = came & needed
        count = 0
        for actor in range(len(rate)):
            if here >> actor & 1 and count < ORDERED:
                who[count] = actor
                count += 1
        size = 1 << count
        for group in range(size):
            apart[group] = 0
        least[0] = 0
        for scene in range(len(cast)):
            if not shot >> scene & 1:
                group = 0
                needs = cast[scene] & here
                if needs:
                    for place in range(count):
                        group |= (needs >> who[place] & 1) << place
                apart[group] += length[scene]
        # Time of the scenes left whose actors, of those looked at, are all in the group.
        for place in range(count):
            step = 1 << place
            for block in range(step, size, 2 * step):
                for group in range(block, block + step):
                    apart[group] += apart[group - step]
        # Whoever leaves last of a group waits for those left before him, save the scenes he is in.
        for gone in range(1, size):
            apart_yet = apart[size - 1 - gone]
            cheapest = NEVER
            for place in range(count):
                bit = 1 << place
                if gone & bit:
                    cost = least[gone - bit] + rate[who[place]] * (apart[size - 1 - bit] - apart_yet)
                    cheapest = min(cheapest, cost)
            least[gone] = cheapest
        floor[row] = least[size - 1]


@compiled
def slot_of(shot: int, shots: Whole, slots: Short) -> int:
    """Where a set of scenes stands in the hash table, or the free place for it."""
    wrap = len(slots) - 1
    slot = ((shot ^ shot >> 29) * 0x1E3779B97F4A7C15 >> 20) & wrap
    while slots[slot] >= 0 and shots[slots[slot]] != shot:
        slot = slot + 1 & wrap
    return slot


@compiled
def place(shots: Whole, count: int, slots: Short) -> None:
    """Enter the first `count` sets into an empty hash table."""
    for row in range(count):
        slots[slot_of(shots[row], shots, slots)] = row


@compiled
def spread(
    row: int,
    high: int,
    shots: Whole,
    spent: Whole,
    length: Whole,
    cast: Whole,
    table: Whole,
    first: Whole,
    larger: Whole,
    extra: Whole,
    limit: int,
    slots: Short,
    count: int,
    shots_after: Whole,
    spent_after: Whole,
    parent: Short,
    last: Short,
) -> tuple[int, int]:
    """Shoot one more scene after each set in rows `row` to `high`; equal sets keep the cheapest way to them.

    Returns the row reached and the number of sets made; the row is below `high` when the arrays are full.
    """
    while row < high:
        if count + len(cast) > len(shots_after):
            break
        shot = shots[row]
        came, needed = presence(shot, cast)
        here = came & needed
        all_here = price(here, table)
        forced = only_scene(shot, here, cast)
        for scene in range(len(cast)):
            if shot >> scene & 1 or (forced >= 0 and scene != forced):
                continue
            if forced < 0 and outdone(scene, shot, came, first, larger, extra):
                continue
            cost = spent[row] + length[scene] * (all_here - price(here & cast[scene], table))
            if cost >= limit:
                continue
            after = shot | 1 << scene
            slot = slot_of(after, shots_after, slots)
            at = slots[slot]
            if at < 0:
                at = count
                slots[slot] = at
                shots_after[at] = after
                spent_after[at] = cost
                count += 1
            elif cost >= spent_after[at]:
                continue
            spent_after[at] = cost
            parent[at] = row
            last[at] = scene
        row += 1
    return row, count


@compiled
def next_day(
    low: int,
    high: int,
    reached: Whole,
    cast: Whole,
    pay: Whole,
    table: Whole,
    most: int,
    days_left: int,
    limit: int,
    spent: Whole,
    after: Whole,
    before: Short,
) -> None:
    """One more day of at most `most` scenes after each set of scenes in `reached`, with its first scene left among them.

    A day with room takes in every scene left that brings nobody new: that never costs more. Who is in so many scenes
    left comes on so many days at least.
    """
    scenes = len(cast)
    chosen = np.zeros(most, np.int64)
    unions = np.zeros(most + 1, np.int64)
    for row in range(low, high):
        done = reached[row]
        opener = 0
        while opener < scenes and done >> opener & 1:
            opener += 1
        if opener == scenes:
            continue
        chosen[0] = opener
        unions[1] = cast[opener]
        count = 1
        day = done | 1 << opener
        fresh = True
        while count:
            if fresh:
                who = unions[count]
                cost = spent[done] + price(who, table)
                open_still = cost < limit
                if open_still:
                    left = 0
                    closed = True
                    for scene in range(scenes):
                        if not day >> scene & 1:
                            left += 1
                            if cast[scene] & ~who == 0:
                                closed = False
                    if (count == most or closed) and left <= days_left * most and cost < after[day]:
                        floor = cost
                        for actor in range(len(pay)):
                            times = 0
                            for scene in range(scenes):
                                times += (cast[scene] >> actor & 1) & ~(day >> scene & 1)
                            floor += pay[actor] * ((times + most - 1) // most)
                        if floor < limit:
                            after[day] = cost
                            before[day] = done
                deeper = open_still and count < most
            else:
                deeper = False
            start = chosen[count - 1] + 1
            if not deeper:
                # Take the last scene off the day and try the next in its place.
                count -= 1
                day ^= 1 << chosen[count]
                if count == 0:
                    break
            at = start
            while at < scenes and done >> at & 1:
                at += 1
            if at < scenes:
                chosen[count] = at
                unions[count + 1] = unions[count] | cast[at]
                day |= 1 << at
                count += 1
                fresh = True
            else:
                fresh = False
