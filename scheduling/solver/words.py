"""The sentences of the solver, by code.

Each code has one English sentence with named places, which is also its translation key: a caller that speaks another
language formats the translated sentence with the same params. Params are plain JSON values, ready to show.
"""

from collections.abc import Mapping
from typing import TypeAlias

Param: TypeAlias = int | str | list[str] | list[int]
Params: TypeAlias = Mapping[str, Param]

SENTENCES: dict[str, str] = {
    # Cost lines
    "cast.work": "Work days of {person}: {days}",
    "cast.hold": "Hold days of {person} at {percent} %: {days}",
    "cast.minimum": "{person}: made up to the guaranteed days ({days})",
    "set.hours": "Hours at {set} on day {day}: {hours}",
    "set.days": "Days at {set}: {days}",
    "crew.days": "Crew days: {days}",
    "crew.overtime": "Overtime minutes on day {day}: {minutes}",
    "extras.day": "Extras on day {day}: {people}",
    "moves.base": "Moves between bases on day {day}: {moves}",
    "wish.early_episodes": "Wish: early episodes first",
    "wish.priority": "Wish: scenes with priority first",
    "wish.set_changes": "Wish: few set changes ({changes})",
    # Rules broken by a board
    "scene.unknown": "Scene {scene} is on the board but not in the problem.",
    "scene.twice": "Scene {scene} is on the board {times} times.",
    "scene.unplaced": "Scene {scene} has no day.",
    "scene.unplaced_wrong": "Scene {scene} is listed as without a day but stands on the board.",
    "day.unknown": "Day {day} is on the board but not in the problem.",
    "day.order": "Day {day} stands twice or out of order on the board.",
    "person.unavailable": "{person} is not available on day {day}, but scene {scene} needs them.",
    "set.closed": "{set} is not open from {start} to {end} on day {day} (scene {scene}).",
    "scene.locked": "Scene {scene} is locked to day {locked} but stands on day {day}.",
    "scene.too_early": "Scene {scene} must come after scene {before}.",
    "scene.duration": "Scene {scene} takes {minutes} minutes, not the {given} between its start and end.",
    "scene.overlap": "Scene {scene} starts at {start}, before the crew is ready at {ready}.",
    "light.day": "Scene {scene} needs daylight: {start} to {end} is outside {from} to {until} on day {day}.",
    "light.night": "Scene {scene} needs darkness: {start} to {end} is in daylight on day {day}.",
    "day.call": "Day {day} starts at {start}, before its call at {call}.",
    "day.too_long": "Day {day} wraps at {wrap}, {minutes} minutes after its limit of {limit}.",
    "day.too_many": "Day {day} has {scenes} scenes; the most allowed is {most}.",
    "day.wrap": "Day {day} is said to wrap at {given}, but its last scene ends at {wrap}.",
    "rest.short": "Only {minutes} minutes of rest between day {day} and day {next}; {needed} are needed.",
    "meal.late": "Scene {scene} ends {minutes} minutes after the call or the last meal; a meal is due after {due}.",
    "meal.wrong": "The break at {start} on day {day} is not a free {minutes} minutes.",
    "visit.wrong": "The visit to {set} at {start} on day {day} does not match the scenes shot there.",
    "visit.early": "The crew cannot be at {set} at {start} on day {day}: the earliest is {ready}.",
    "visit.dressing": "{set} needs {minutes} minutes of dressing before scene {scene} on day {day}.",
    "cost.line": "The cost line {line} says {given}, but the board costs {amount}.",
    "cost.total": "The total says {given}, but the lines sum to {amount}.",
    "bound.above": "The lower bound {bound} is above the total {total}.",
    # What clashes
    "clash.too_long": "Scene {scene} takes {minutes} minutes with dressing; the longest day it could stand on has {longest}.",
    "clash.no_light": "Scene {scene} takes {minutes} minutes, but on none of its days do the set's opening hours and the light it needs last that long.",
    "clash.person_never": "{person} has no available day, but scene {scene} needs them.",
    "clash.set_never": "{set} is open on no day, but scene {scene} is set there.",
    "clash.cast_apart": "Scene {scene} needs {people} together, but no day suits them all.",
    "clash.rows": "Scene {scene} has no possible day: {rows} cannot hold together.",
    "clash.locked": "Scene {scene} is locked to day {day}, which clashes with {rows}.",
    "clash.order": "Scene {scene} must come after scene {before}, but its last possible day {last} is before {first}, the first for scene {before}.",
    "clash.minutes": "{count} scenes can only stand on days {days} and need at least {needed} minutes; those days have {minutes}. Scenes: {scenes}",
    "clash.light_minutes": "{count} scenes in {light} can only stand on days {days} and need {needed} minutes of it; those days have {minutes}. Scenes: {scenes}",
    "clash.scenes": "{count} scenes can only stand on days {days}, where {most} fit by the most scenes a day. Scenes: {scenes}",
    "clash.together": "These cannot hold together on days {days}: {rows}.",
    "clash.day": "Scenes {scenes} can only stand on day {day}, but no order of them fits into it.",
    "clash.unproved": "No legal place was found for scenes {scenes}. A clash is not proved: more time, or one more day, may solve it.",
    # Why a day is full and a scene is where it is
    "binds.length": "Day {day} ends {minutes} minutes before its limit of {limit}; the shortest scene elsewhere takes {shortest}.",
    "binds.rest": "Day {day} must wrap by {limit} so that the rest of {rest} minutes before day {next} holds.",
    "binds.count": "Day {day} has the {most} scenes a day allows.",
    "binds.dark": "Day {day} waits {minutes} minutes for darkness or for a set to open.",
    "binds.overtime": "Day {day} runs {minutes} minutes of overtime.",
    "binds.free": "Day {day} has {minutes} minutes to spare before its limit of {limit}.",
    "binds.unused": "Day {day} is not needed.",
    "why.locked": "Scene {scene} is locked to day {day}.",
    "why.only_day": "Day {day} is the only day on which its cast and set are free.",
    "why.after": "It must come after scene {before}, which stands on day {day}.",
    "why.before": "It must come before scene {scene}, which stands on day {day}.",
    "why.set": "{count} other scenes in {set} stand on the same day.",
    "why.person": "{person} works that day anyway, in {count} other scenes.",
    "why.cheaper": "On day {day} the board would cost {amount} fen more.",
    "why.dearer": "On day {day} the board would cost {amount} fen less.",
    "why.illegal": "On day {day} it would break a rule: {reason}",
    "why.unplaced": "Scene {scene} has no day.",
}


def sentence(code: str, params: Params) -> str:
    """The English sentence of `code`, lists joined by commas."""
    shown = {
        name: ", ".join(str(item) for item in value) if isinstance(value, list) else value
        for name, value in params.items()
    }
    return SENTENCES[code].format(**shown)


def clock(minute: int) -> str:
    """Minutes from midnight of the shoot day as `HH:MM`; past midnight the hours go on (`25:30`), as call sheets do."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
