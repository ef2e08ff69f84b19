"""Problems read from JSON, every field checked, every fault named with its row in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from .problem import (
    INT_EXT,
    MOST_DAYS,
    MOST_FEN,
    MOST_MINUTES,
    MOST_SCENES,
    NIGHTS,
    TIMES,
    Base,
    Costs,
    Day,
    FilmSet,
    OpenWindow,
    Person,
    Problem,
    ProblemError,
    Rules,
    Scene,
    Weights,
)

T = TypeVar("T")
LISTS = ("scenes", "sets", "bases", "people", "days")
SINGULAR = {"scenes": "scene", "sets": "set", "bases": "base", "people": "person", "days": "day"}


class Row:
    """One JSON object with the words that name it in a fault."""

    def __init__(self, data: object, words: str, path: str, known: Iterable[str]) -> None:
        if not isinstance(data, dict):
            raise ProblemError(f"{words} must be an object with fields, not {shown(data)}.", field_path=path)
        self.data: dict[str, Any] = data
        self.words, self.path = words, path
        known = list(known)
        for name in data:
            if name not in known:
                raise ProblemError(
                    f"{words} has an unknown field {shown(name)}; known fields are {', '.join(known)}.",
                    field_path=f"{path}.{name}",
                )

    def fault(self, name: str, says: str) -> ProblemError:
        return ProblemError(f"{self.words}: {name} {says}", field_path=f"{self.path}.{name}")

    def text(self, name: str) -> str:
        if name not in self.data:
            raise self.fault(name, "is missing.")
        value = self.data[name]
        if not isinstance(value, str) or not value.strip() or len(value) > 200:
            raise self.fault(name, f"must be a text of 1 to 200 characters, not {shown(value)}.")
        return value

    def choice(self, name: str, among: tuple[str, ...], default: str) -> str:
        value = self.data.get(name, default)
        if value not in among:
            raise self.fault(name, f"must be one of {', '.join(among)}, not {shown(value)}.")
        return str(value)

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        if name not in self.data and default is None:
            raise self.fault(name, "is missing.")
        value = self.data.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fault(name, f"must be a whole number, not {shown(value)}.")
        if not low <= value <= high:
            raise self.fault(name, f"must be between {low} and {high}, not {shown(value)}.")
        return value

    def many(self, name: str, item: Callable[[object], T]) -> tuple[T, ...]:
        value = self.data.get(name)
        value = [] if value is None else value
        if not isinstance(value, list):
            raise self.fault(name, f"must be a list, not {shown(value)}.")
        return tuple(item(one) for one in value)

    def ids(self, name: str) -> tuple[str, ...]:
        def one(value: object) -> str:
            if not isinstance(value, str):
                raise self.fault(name, f"must be a list of ids, but it holds {shown(value)}.")
            return value

        found = self.many(name, one)
        if len(set(found)) != len(found):
            twice = next(item for item in found if found.count(item) > 1)
            raise self.fault(name, f"names {shown(twice)} twice.")
        return found

    def day(self, name: str, value: object, days: set[int]) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value not in days:
            raise self.fault(name, f"names day {shown(value)}, which is not in days.")
        return value


def shown(value: object) -> str:
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 60 else f"{text[:57]}..."


def names(kind: type) -> list[str]:
    return [one.name for one in fields(kind)]


def rows(top: Row, name: str, kind: type) -> list[Row]:
    """The rows of one list with unique ids; words look like `scene row 3 ("1-3")`."""
    if name not in top.data:
        raise top.fault(name, "is missing.")
    listed = top.data[name]
    if not isinstance(listed, list):
        raise top.fault(name, f"must be a list, not {shown(listed)}.")
    key = "index" if name == "days" else "id"
    made: list[Row] = []
    seen: dict[int | str, int] = {}
    for number, data in enumerate(listed, 1):
        called = f" ({shown(data[key])})" if isinstance(data, dict) and key in data else ""
        row = Row(data, f"{SINGULAR[name]} row {number}{called}", f"{name}[{number - 1}]", names(kind))
        value: int | str = row.whole("index", 0, 10_000) if name == "days" else row.text("id")
        if value in seen:
            raise row.fault(key, f"is already used by row {seen[value]}.")
        seen[value] = number
        made.append(row)
    return made


def read_problem(data: object) -> Problem:
    """A checked Problem. Raises ProblemError for the first fault, in the order days, bases, sets, people, scenes."""
    top = Row(data, "The problem", "problem", (*LISTS, "rules", "costs", "weights"))
    rules, costs, weights = read_rules(top), read_costs(top), read_weights(top)
    days = read_days(rows(top, "days", Day))
    known_days = {day.index for day in days}
    base_rows = rows(top, "bases", Base)
    bases = tuple(read_base(row, {r.data["id"] for r in base_rows}) for row in base_rows)
    sets = tuple(read_set(row, {b.id for b in bases}, known_days) for row in rows(top, "sets", FilmSet))
    people = tuple(read_person(row, known_days) for row in rows(top, "people", Person))
    scene_rows = rows(top, "scenes", Scene)
    if not 1 <= len(scene_rows) <= MOST_SCENES:
        raise top.fault("scenes", f"must hold 1 to {MOST_SCENES} scenes, not {len(scene_rows)}.")
    scene_ids = {row.data["id"] for row in scene_rows}
    set_ids, person_ids = {s.id for s in sets}, {p.id for p in people}
    scenes = tuple(read_scene(row, set_ids, person_ids, scene_ids, known_days) for row in scene_rows)
    refuse_circles(scenes)
    return Problem(scenes, sets, bases, people, days, rules, costs, weights)


def read_days(found: list[Row]) -> tuple[Day, ...]:
    if not 1 <= len(found) <= MOST_DAYS:
        raise ProblemError(f"The problem: days must hold 1 to {MOST_DAYS} days, not {len(found)}.", field_path="days")
    made: list[Day] = []
    for row in found:
        try:
            when = date.fromisoformat(row.text("date"))
        except ValueError as error:
            if isinstance(error, ProblemError):
                raise
            raise row.fault("date", f"must be a date like 2026-05-01, not {shown(row.data['date'])}.") from None
        day = Day(
            row.data["index"],
            when,
            row.whole("call_minutes", 0, 1439, Day.call_minutes),
            row.whole("wrap_limit_minutes", 1, MOST_MINUTES, Day.wrap_limit_minutes),
            row.whole("daylight_start_minutes", 0, 1440, Day.daylight_start_minutes),
            row.whole("daylight_end_minutes", 0, 1440, Day.daylight_end_minutes),
        )
        if day.wrap_limit_minutes <= day.call_minutes:
            raise row.fault("wrap_limit_minutes", f"must be after the call at {day.call_minutes}.")
        if day.daylight_end_minutes <= day.daylight_start_minutes:
            raise row.fault("daylight_end_minutes", f"must be after daylight starts at {day.daylight_start_minutes}.")
        if made and (day.index <= made[-1].index or day.date <= made[-1].date):
            raise row.fault("date", "and index must both be later than in the row before.")
        made.append(day)
    return tuple(made)


def read_base(row: Row, bases: set[str]) -> Base:
    moves = row.data.get("move_minutes") or {}
    if not isinstance(moves, dict):
        raise row.fault("move_minutes", f"must be an object of base id to minutes, not {shown(moves)}.")
    for other in moves:
        if other not in bases:
            raise row.fault("move_minutes", f"names base {shown(other)}, which is not in bases.")
    inner = Row(moves, f"{row.words}, move_minutes", f"{row.path}.move_minutes", list(moves))
    return Base(row.data["id"], {other: inner.whole(other, 0, 1440) for other in moves})


def read_set(row: Row, bases: set[str], days: set[int]) -> FilmSet:
    base = row.data.get("base")
    if base is None or base == "":
        raise row.fault("base", "is missing: every set stands at a base.")
    base = row.text("base")
    if base not in bases:
        raise row.fault("base", f"names {shown(base)}, which is not in bases.")
    hour, by_day = row.whole("price_per_hour", 0, MOST_FEN, 0), row.whole("price_per_day", 0, MOST_FEN, 0)
    if hour and by_day:
        raise row.fault("price_per_day", "and price_per_hour are both given: a set is hired by hour or by day.")

    def window(data: object) -> OpenWindow:
        inner = Row(data, f"{row.words}, open", f"{row.path}.open", names(OpenWindow))
        made = OpenWindow(
            inner.day("day", inner.data.get("day"), days),
            inner.whole("start_minute", 0, MOST_MINUTES),
            inner.whole("end_minute", 0, MOST_MINUTES),
        )
        if made.end_minute <= made.start_minute:
            raise inner.fault("end_minute", f"must be after its start at {made.start_minute}.")
        return made

    windows = None if row.data.get("open") is None else row.many("open", window)
    return FilmSet(row.data["id"], base, hour, by_day, row.whole("dressing_minutes", 0, 1440, 0), windows)


def read_person(row: Row, days: set[int]) -> Person:
    available = None
    if row.data.get("available") is not None:
        available = row.many("available", lambda value: row.day("available", value, days))
        if len(set(available)) != len(available):
            raise row.fault("available", "names a day twice.")
    return Person(
        row.data["id"],
        row.whole("day_rate", 0, MOST_FEN),
        row.whole("hold_percent", 0, 100, 0),
        row.whole("min_days", 0, MOST_DAYS, 0),
        available,
    )


def read_scene(row: Row, sets: set[str], people: set[str], scenes: set[str], days: set[int]) -> Scene:
    where = row.text("set")
    if where not in sets:
        raise row.fault("set", f"names {shown(where)}, which is not in sets.")
    cast, after = row.ids("cast"), row.ids("after")
    for person in cast:
        if person not in people:
            raise row.fault("cast", f"names {shown(person)}, who is not in people.")
    for other in after:
        if other not in scenes:
            raise row.fault("after", f"names scene {shown(other)}, which is not in scenes.")
    locked = row.data.get("locked_day")
    return Scene(
        row.data["id"],
        row.whole("episode", 0, 10_000),
        row.whole("minutes", 1, MOST_MINUTES),
        where,
        row.choice("int_ext", INT_EXT, "int"),
        row.choice("time_of_day", TIMES, "day"),
        cast,
        row.whole("extras", 0, 100_000, 0),
        row.whole("priority", 0, 100, 0),
        after,
        None if locked is None else row.day("locked_day", locked, days),
    )


def refuse_circles(scenes: tuple[Scene, ...]) -> None:
    """Raise ProblemError naming the first circle of `after`."""
    after = {scene.id: scene.after for scene in scenes}
    row_of = {scene.id: number for number, scene in enumerate(scenes, 1)}
    state: dict[str, int] = {}
    for first, firsts in after.items():
        path: list[str] = []
        stack = [(first, iter(firsts))] if first not in state else []
        while stack:
            scene, rest = stack[-1]
            if state.get(scene) is None:
                state[scene] = 1
                path.append(scene)
            other = next(rest, None)
            if other is None:
                state[scene] = 2
                path.pop()
                stack.pop()
            elif state.get(other) == 1:
                circle = [*path[path.index(other) :], other]
                raise ProblemError(
                    f'scene row {row_of[other]} ("{other}"): after makes a circle: {" after ".join(circle)}.',
                    field_path=f"scenes[{row_of[other] - 1}].after",
                )
            elif other not in state:
                stack.append((other, iter(after[other])))


def read_rules(top: Row) -> Rules:
    row = section(top, "rules", Rules)
    return Rules(
        row.whole("max_scenes_a_day", 1, MOST_SCENES, Rules.max_scenes_a_day),
        row.whole("rest_minutes", 0, MOST_MINUTES, Rules.rest_minutes),
        row.whole("meal_after_minutes", 30, MOST_MINUTES, Rules.meal_after_minutes),
        row.whole("meal_minutes", 0, 480, Rules.meal_minutes),
        row.choice("night_exteriors", NIGHTS, Rules.night_exteriors),
        row.whole("set_change_minutes", 0, 1440, Rules.set_change_minutes),
        row.whole("base_move_minutes", 0, 1440, Rules.base_move_minutes),
        row.whole("overtime_after_minutes", 0, MOST_MINUTES, Rules.overtime_after_minutes),
    )


def read_costs(top: Row) -> Costs:
    row = section(top, "costs", Costs)
    return Costs(**{name: row.whole(name, 0, MOST_FEN, 0) for name in names(Costs)})


def read_weights(top: Row) -> Weights:
    row = section(top, "weights", Weights)
    return Weights(**{name: row.whole(name, 0, MOST_FEN, 0) for name in names(Weights)})


def section(top: Row, name: str, kind: type) -> Row:
    data = top.data.get(name)
    return Row({} if data is None else data, name, name, names(kind))


def text_is_json(text: str) -> Mapping[str, Any]:
    """The JSON object in `text`. Raises ProblemError when it is not one."""
    import json

    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProblemError(f"The file is not JSON: {error}.", field_path="problem") from None
    if not isinstance(data, dict):
        raise ProblemError(f"The file must hold one JSON object, not {shown(data)}.", field_path="problem")
    return data
