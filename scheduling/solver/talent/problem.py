"""What talent scheduling is about: scenes with a duration, actors with a cost, and who is in which scene.

The file: a name, the number of scenes, the number of actors, a row per actor (1 or 0 for each scene, his cost last), and the
durations of the scenes.
"""

from dataclasses import dataclass
from itertools import chain

from ..problem import ProblemError
from ..reading import shown

MOST_SCENES = 500
MOST_ACTORS = 500
MOST_COST = 10**9
MOST_DURATION = 10_000


@dataclass(frozen=True)
class Talent:
    """Scenes to put into one order. `presence` holds, for each actor, the scenes (numbers from 0) he is in."""

    name: str
    durations: tuple[int, ...]
    costs: tuple[int, ...]
    presence: tuple[frozenset[int], ...]

    def total(self, order: list[int]) -> int:
        """Every actor paid his cost for the time from his first scene to his last, for scenes shot in this order."""
        total = 0
        for cost, scenes in zip(self.costs, self.presence, strict=True):
            places = [place for place, scene in enumerate(order) if scene in scenes]
            if places:
                total += cost * sum(self.durations[scene] for scene in order[places[0] : places[-1] + 1])
        return total

    def idle(self) -> list[int]:
        """Actors who are in no scene: they are paid nothing."""
        return [actor for actor, scenes in enumerate(self.presence) if not scenes]


Line = tuple[int, list[int]]
"""Where a line stands, and the numbers it holds."""


def fault(message: str, path: str) -> ProblemError:
    return ProblemError(message, field_path=path)


def whole(token: str, where: str, low: int, high: int) -> int:
    if not token.removeprefix("-").isdecimal() or len(token) > 20:
        raise fault(f"{where} must be a whole number, not {shown(token)}.", where)
    value = int(token)
    if not low <= value <= high:
        raise fault(f"{where} must be between {low} and {high}, not {value}.", where)
    return value


def read_talent(text: str) -> Talent:
    """Read a file of the family. Raises ProblemError naming the row that is wrong."""
    lines = [(at, line.split()) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) < 3:
        raise fault("The file must hold a name, the scenes, the actors, a row per actor and the durations.", "file")
    name = " ".join(lines[0][1])
    head = list(chain.from_iterable(tokens for _, tokens in lines[1:3]))
    used = 2 if len(lines[1][1]) == 2 else 3
    if len(head[:2]) < 2 or (used == 3 and len(head) != 2):
        raise fault(f"Line {lines[1][0]} must hold the number of scenes and the next one that of actors.", "scenes")
    scenes = whole(head[0], "The number of scenes", 1, MOST_SCENES)
    actors = whole(head[1], "The number of actors", 1, MOST_ACTORS)
    rows = shape(lines[used:], scenes, actors)
    presence, costs = [], []
    for number, (where, tokens) in enumerate(rows[:-1], 1):
        who = f"Actor row {number}{where}"
        seen = [whole(token, f"{who}, scene {scene}", 0, 1) for scene, token in enumerate(tokens[:-1], 1)]
        presence.append(frozenset(scene for scene, there in enumerate(seen) if there))
        costs.append(whole(tokens[-1], f"{who}, cost", 0, MOST_COST))
    where, tokens = rows[-1]
    durations = [
        whole(token, f"Durations{where}, scene {scene}", 0, MOST_DURATION) for scene, token in enumerate(tokens, 1)
    ]
    return Talent(name, tuple(durations), tuple(costs), tuple(presence))


def shape(lines: list[tuple[int, list[str]]], scenes: int, actors: int) -> list[tuple[str, list[str]]]:
    """The rows of the actors and the durations last, each with the words for where it stands.

    Rows may run over several lines as long as the numbers add up.
    """
    rows = [(f" (line {at})", tokens) for at, tokens in lines]
    ends = rows[:actors], list(chain.from_iterable(tokens for _, tokens in rows[actors:]))
    if all(len(tokens) == scenes + 1 for _, tokens in ends[0]) and len(ends[0]) == actors and len(ends[1]) == scenes:
        return [*ends[0], (rows[actors][0], ends[1])]
    every = list(chain.from_iterable(tokens for _, tokens in rows))
    if len(every) == actors * (scenes + 1) + scenes:
        cut = [("", every[at * (scenes + 1) : (at + 1) * (scenes + 1)]) for at in range(actors)]
        return [*cut, ("", every[actors * (scenes + 1) :])]
    for number, (where, tokens) in enumerate(ends[0], 1):
        if len(tokens) != scenes + 1:
            raise fault(
                f"Actor row {number}{where} holds {len(tokens)} numbers; {scenes + 1} are needed, one for each of "
                f"{scenes} scenes and the cost.",
                f"actors[{number - 1}]",
            )
    if len(ends[0]) < actors:
        raise fault(f"The file holds {len(ends[0])} actor rows; it says {actors}.", "actors")
    raise fault(f"There are {len(ends[1])} durations; {scenes} are needed, one for each scene.", "durations")
