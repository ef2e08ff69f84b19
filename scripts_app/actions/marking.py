"""Things tagged by marking the text, and what the dictionary suggests there."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scripts_app.actions.breakdown import learn, named_element, plain_name, put_tag, settle
from scripts_app.actions.steps import Steps
from scripts_app.models import Element, Mark, Refusal, Scene, Tag
from scripts_app.queries.suggestions import Place, suggestions
from scripts_app.queries.texts import lines_of, text_of
from scripts_app.tagging import anchor
from studio.models import Production, User
from studio.refusals import Refused

_MOST_WORDS = 80


@transaction.atomic
def mark_words(
    *, scene: Scene, category: str, name: str, line: int, start: int, length: int, words: str, by: User | None
) -> Element:
    """Tag a thing on words of the scene's current text: `line` is the index of its line, the rest code points in it.

    `words` is what the person saw there; when the text has something else by now, nothing is tagged.
    """
    production = scene.production
    text = text_of(scene)
    lines = lines_of(text) if text is not None else []
    place = anchor(lines, line, start, length)
    if place is None or place.words != words:
        raise Refused(
            "text_changed", _("The text is another one by now. Look at the scene again and mark the words once more."),
            conflict=True,
        )  # fmt: skip
    if length > _MOST_WORDS:
        raise Refused("too_long", _("At most %(most)s characters."), field="words", params={"most": _MOST_WORDS})
    steps = Steps(production.studio_id, production)
    element = named_element(steps, production, category, name or words)
    tag = put_tag(steps, element, scene, by)
    _put_mark(steps, tag, lines, (line, start, length))
    learn(steps, production, element, " ".join(words.split()), by)
    steps.keep("mark", by=by, name=element.name, scenes=[scene.number])
    settle(production, [scene.pk])
    return element


def _put_mark(steps: Steps, tag: Tag, lines: Sequence[str], place: Place) -> None:
    at = anchor(lines, *place)
    if at is not None:
        steps.get_or_make(
            Mark, tag=tag, digest=at.digest, nth=at.nth, start=at.start,
            defaults={"length": at.length, "words": at.words[:_MOST_WORDS]},
        )  # fmt: skip


@transaction.atomic
def accept_suggestions(
    *, production: Production, by: User | None, category: str = "", name: str = "", scene: Scene | None = None
) -> int:
    """Tag what is suggested now: all of it, or of one kind, one thing, one scene. Returns how many tags were made."""
    found = [
        each for each in suggestions(production, scene)
        if category in ("", each.category) and name in ("", each.name)
    ]  # fmt: skip
    steps = Steps(production.studio_id, production)
    scenes = {row.pk: row for row in production.scenes.filter(pk__in={each.scene for each in found})}
    things: dict[tuple[str, str], Element] = {}
    for each in found:
        key = (each.category, each.name)
        if key not in things:
            things[key] = named_element(steps, production, *key)
        tag = put_tag(steps, things[key], scenes[each.scene], by)
        for place in each.places:
            _put_mark(steps, tag, each.lines, place)
    steps.keep(
        "accept", by=by, name="、".join(key[1] for key in list(things)[:5]),
        scenes=[row.number for row in scenes.values()][:20],
    )  # fmt: skip
    if found:
        settle(production, list(scenes))
    return len(found)


@transaction.atomic
def refuse_suggestion(*, production: Production, category: str, name: str, by: User | None) -> Refusal:
    """Say that this title does not want a thing: it is suggested no more, and no rule adds it."""
    name = plain_name(category, name)
    steps = Steps(production.studio_id, production)
    refusal: Refusal = steps.get_or_make(
        Refusal, production_id=production.pk, scene=None, category=category, name=name, defaults={"refused_by": by}
    )
    steps.keep("refuse", by=by, name=name)
    settle(production)
    return refusal


@transaction.atomic
def allow_again(*, refusal: Refusal, by: User | None) -> None:
    """Take a refusal back: suggestions and rules may bring the thing again."""
    production = refusal.production
    steps = Steps(production.studio_id, production)
    steps.drop(refusal)
    steps.keep("allow", by=by, name=refusal.name)
    settle(production)
