"""Smaller problems with the same waiting: scenes of the same cast are shot in one go, actors who never wait are left out."""

from dataclasses import dataclass

from .problem import Talent


@dataclass(frozen=True)
class Core:
    """What is left to order. `scenes` holds, for each merged scene, the scenes it stands for, in their order.

    Actors come dearest first, so that a bound that looks at some of them looks at those.
    """

    scenes: tuple[tuple[int, ...], ...]
    lengths: tuple[int, ...]
    cast: tuple[frozenset[int], ...]
    rates: tuple[int, ...]
    aside: tuple[int, ...]
    """Scenes that make nobody wait wherever they stand outside of the rest."""

    def unfold(self, order: list[int]) -> list[int]:
        """The order of all scenes for an order of merged ones."""
        return [scene for merged in order for scene in self.scenes[merged]] + list(self.aside)


def core_of(problem: Talent) -> Core:
    """Scenes of one cast may always be shot together: the one among them where the fewest wait takes the others in."""
    groups: list[tuple[int, ...]] = [(scene,) for scene in range(len(problem.durations))]
    cast = [frozenset(a for a, seen in enumerate(problem.presence) if scene in seen) for scene in range(len(groups))]
    rate = list(problem.costs)
    while True:
        groups, cast = joined(groups, cast)
        needs = [tuple(place for place, who in enumerate(cast) if actor in who) for actor in range(len(rate))]
        # Actors of one and the same scenes are as one; who is in one merged scene only, or costs nothing, never waits.
        first: dict[tuple[int, ...], int] = {}
        paid = [0] * len(rate)
        for actor, places in enumerate(needs):
            if len(places) > 1 and rate[actor]:
                paid[first.setdefault(places, actor)] += rate[actor]
        kept = frozenset(actor for actor, fen in enumerate(paid) if fen)
        thinner = [who & kept for who in cast]
        rate = paid
        if thinner == cast:
            break
        cast = thinner
    live = [place for place, who in enumerate(cast) if who]
    ranked = sorted(kept, key=lambda actor: (-rate[actor], actor))
    number = {actor: at for at, actor in enumerate(ranked)}
    return Core(
        tuple(groups[place] for place in live),
        tuple(sum(problem.durations[scene] for scene in groups[place]) for place in live),
        tuple(frozenset(number[actor] for actor in cast[place]) for place in live),
        tuple(rate[actor] for actor in ranked),
        tuple(scene for place, who in enumerate(cast) if not who for scene in groups[place]),
    )


def joined(
    groups: list[tuple[int, ...]], cast: list[frozenset[int]]
) -> tuple[list[tuple[int, ...]], list[frozenset[int]]]:
    found: dict[frozenset[int], list[tuple[int, ...]]] = {}
    for scenes, who in zip(groups, cast, strict=True):
        found.setdefault(who, []).append(scenes)
    return [tuple(s for scenes in same for s in scenes) for same in found.values()], list(found)
