"""What the studio's dictionary finds in a title and nobody tagged or refused yet. Never writes.

Found anew each time, so that it is never out of date: a script of full size and 5,000 words take a fraction of a
second, one scene nothing to speak of.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict

from scripts_app.choices import Category, SceneState
from scripts_app.models import DictionaryWord, Refusal, Scene, Tag
from scripts_app.queries.texts import current_texts, lines_of
from scripts_app.tagging import Finder, fold
from studio.models import Production

Place = tuple[int, int, int]
"""Index of the line, start and length in code points."""


@dataclasses.dataclass(frozen=True)
class Suggestion:
    """A thing found in a scene; `places` are where, in `lines`."""

    category: str
    name: str
    scene: int
    number: str
    lines: list[str]
    places: list[Place]


def suggestions(production: Production, scene: Scene | None = None) -> list[Suggestion]:
    """In script order, then by kind and name. Four queries, one when the dictionary is empty."""
    meant: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for word, category, name in DictionaryWord.objects.filter(studio=production.studio_id, active=True).values_list(
        "word", "category", "name"
    ):
        meant[word].append((category, name))
    finder = Finder(meant)
    if not finder:
        return []
    # Words that differ in case alone are one to the finder.
    alike: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for word, things in meant.items():
        alike[fold(word)] += things
    texts = current_texts().filter(scene__production=production, scene__state=SceneState.ACTIVE)
    if scene is not None:
        texts = texts.filter(scene=scene)
    known = _known(production, scene)
    found: list[Suggestion] = []
    order = {code: index for index, code in enumerate(Category.values)}
    for text in texts.select_related("scene").order_by("scene__sort_key", "pk"):
        lines = lines_of(text)
        here: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for index, line in enumerate(lines):
            for each in finder.find(line):
                for thing in dict.fromkeys(alike[fold(each.word)]):
                    here[thing].append((index, each.start, each.length))
        found += [
            Suggestion(*thing, text.scene_id, text.scene.number, lines, places)
            for thing, places in sorted(here.items(), key=lambda item: (order.get(item[0][0], 99), item[0][1]))
            if (None, thing) not in known and (text.scene_id, thing) not in known
        ]
    return found


def _known(production: Production, scene: Scene | None) -> set[tuple[int | None, tuple[str, str]]]:
    """Things tagged in a scene, refused there, or refused in the whole title (None)."""
    tags = Tag.objects.filter(element__production=production)
    refusals = Refusal.objects.filter(production=production)
    if scene is not None:
        tags = tags.filter(scene=scene)
    rows = [
        *tags.values_list("scene_id", "element__category", "element__name"),
        *refusals.values_list("scene_id", "category", "name"),
    ]
    return {(at, (category, name)) for at, category, name in rows}


@dataclasses.dataclass(frozen=True)
class SuggestedThing:
    """A thing suggested in several scenes of a title."""

    category: str
    name: str
    scenes: list[tuple[int, str]]


def suggested_things(found: list[Suggestion]) -> dict[str, list[SuggestedThing]]:
    """Suggestions by kind, a thing once with its scenes, the most frequent first."""
    scenes: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for each in found:
        scenes[each.category, each.name].append((each.scene, each.number))
    kinds: dict[str, list[SuggestedThing]] = {code: [] for code in Category.values}
    for (category, name), at in sorted(scenes.items(), key=lambda item: (-len(item[1]), item[0])):
        kinds[category].append(SuggestedThing(category, name, at))
    return {code: things for code, things in kinds.items() if things}
