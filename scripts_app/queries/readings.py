"""Scripts that wait for decisions: read as decided so far, what the last draft taught, what an import would do."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import ReadingState, SceneState
from scripts_app.drafts import scene_drafts, speaker_names, to_match
from scripts_app.matching import CHANGED, KINDS, MOVED, NEW, OMITTED, DraftScene, match_scenes
from scripts_app.models import Reading, Revision, SceneText, Script
from scripts_app.parsers import Decision, ParsedScript, carried, read_script
from studio.models import Production
from studio.refusals import Refused

Step = dict[str, Any]


def open_readings(production: Production) -> QuerySet[Reading]:
    """What waits for a person, the newest first."""
    return Reading.objects.filter(production=production, state=ReadingState.OPEN).select_related("read_by")


def read_file(source: str, filename: str, page_unit: str, decisions: Sequence[Decision] = ()) -> ParsedScript:
    """A kept file as it reads with these decisions. Raises Refused when the file is gone.

    A page shows what an action has just looked at, so the last few results are held in this process; they are frozen.
    """
    return _read_file(source, filename, page_unit, settings.SCRIPT_UPLOAD_LIMIT, json.dumps(list(decisions)))


@functools.lru_cache(maxsize=6)
def _read_file(source: str, filename: str, page_unit: str, limit: int, decisions: str) -> ParsedScript:
    # Files are kept under their own digest, so that a name never comes to mean another text.
    try:
        with default_storage.open(source) as file:
            data: bytes = file.read()
    except FileNotFoundError:
        raise Refused("file_gone", _("The file is no longer kept. Upload it again.")) from None
    return read_script(data, filename, page_unit, max_bytes=limit, decisions=json.loads(decisions))


def parsed_reading(reading: Reading, steps: Sequence[Step] | None = None) -> ParsedScript:
    """The script as decided so far, or as it would be with other `steps`."""
    decisions = [each for step in (reading.steps if steps is None else steps) for each in step["decisions"]]
    return read_file(reading.source_file.name, reading.source_name, reading.production.studio.page_unit, decisions)


def recalled(production: Production, lines: Sequence[str]) -> list[Step]:
    """What was decided for the last draft of a title, as far as it holds for these lines; each with its revision."""
    last = (
        Reading.objects.filter(production=production, state=ReadingState.IMPORTED)
        .select_related("revision")
        .order_by("-revision__number", "-pk")
        .first()
    )
    if last is None or last.revision is None:
        return []
    decided = list(last.decided())
    steps: dict[int, Step] = {}
    for (step, _old), decision in zip(decided, carried([each for _step, each in decided], lines), strict=True):
        if decision is None:
            continue
        number = step.get("from_revision") or last.revision.number
        kept = steps.setdefault(
            step["id"], {"id": len(steps) + 1, "decisions": [], "by": step["by"], "at": step["at"], "from_revision": number}
        )  # fmt: skip
        kept["decisions"].append(decision)
    return list(steps.values())


@dataclasses.dataclass(frozen=True)
class Remembered:
    """A script read with what the last draft taught."""

    parsed: ParsedScript
    steps: list[Step]


def remembering(production: Production, read: Callable[[list[Decision]], ParsedScript]) -> Remembered:
    """A script as `read` has it, read again with what the last draft taught where that is anything."""
    plain = read([])
    steps = recalled(production, plain.lines) if plain.lines else []
    if not steps:
        return Remembered(plain, [])
    return Remembered(read([each for step in steps for each in step["decisions"]]), steps)


def read_remembering(production: Production, source: str, filename: str) -> Remembered:
    unit = production.studio.page_unit
    return remembering(production, lambda decisions: read_file(source, filename, unit, decisions))


# --- what an import would do -----------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Preview:
    """What would be saved, and what that does to the scenes of the title: numbers by kind of change."""

    episodes: int
    scenes: int
    roles: int
    before: int | None  # number of the revision it would follow
    changes: dict[str, list[str]]

    @property
    def omitted(self) -> list[str]:
        return self.changes[OMITTED]

    @property
    def shown(self) -> list[tuple[str, list[str]]]:
        """Kinds of change that there are, with the scenes they meet."""
        return [(kind, self.changes[kind]) for kind in (NEW, CHANGED, MOVED, OMITTED) if self.changes[kind]]


def preview(production: Production, parsed: ParsedScript) -> Preview:
    """Three queries, however long the script is."""
    script = Script.objects.filter(production=production).first()
    minutes = script.minutes_per_page if script else Script._meta.get_field("minutes_per_page").default
    drafts = scene_drafts(parsed, minutes)
    names = {role.name for role in parsed.characters}
    for draft in drafts:
        names.update(row.name for row in draft.cast)
        names.update(name for each in draft.elements for name in speaker_names(each.get("speaker", "")))
    last = Revision.objects.filter(script__production=production).order_by("-number").first()
    changes: dict[str, list[str]] = {kind: [] for kind in KINDS}
    if last is not None:
        new = [to_match(each.number, each.number, each.episode, each.head, each.elements) for each in drafts]
        for match in match_scenes(_saved_scenes(production, last), new):
            changes[match.kind].append((match.new or match.old).number)  # type: ignore[union-attr]
    return Preview(len(parsed.episodes), len(drafts), len(names), last.number if last else None, changes)


def _saved_scenes(production: Production, last: Revision) -> list[DraftScene]:
    texts = SceneText.objects.filter(revision=last).select_related("scene__episode").order_by("scene__sort_key")
    return [
        to_match(
            str(text.scene_id), text.scene.number, text.scene.episode.number, text.head, text.elements,
            present=text.scene.state == SceneState.ACTIVE,
        )
        for text in texts
    ]  # fmt: skip


def nothing_to_decide(production: Production, parsed: ParsedScript) -> bool:
    """A script that can go in by itself: nothing a person should look at, and no scene of the title falls away."""
    return all(each.severity == "info" for each in parsed.faults) and not preview(production, parsed).omitted
