"""From a file to a revision: kept, read, compared with the draft before, written whole or not at all."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from scripts_app.choices import Origin, ReadingState, SceneState
from scripts_app.colours import colour_of
from scripts_app.drafts import (
    FOLLOWED,
    SceneDraft,
    cast_of,
    episode_drafts,
    heading_changes,
    is_crowd,
    scene_drafts,
    speaker_names,
    to_match,
)
from scripts_app.events import ScriptImported
from scripts_app.linking import ensure_default_rules, link_elements
from scripts_app.matching import MOVED, Match, match_scenes
from scripts_app.models import (
    Breakdown,
    Character,
    Element,
    Reading,
    Refusal,
    Revision,
    Scene,
    SceneCharacter,
    SceneText,
    Script,
    Tag,
)
from scripts_app.parsers import Fault, ParsedScript, read_script
from scripts_app.parsers.decoding import sight_fault
from scripts_app.parsers.faults import fault
from scripts_app.queries.readings import Step, remembering
from scripts_app.wording import refusal
from studio import jobs
from studio.actions import ensure_episodes
from studio.choices import JobState
from studio.facts import publish
from studio.models import Job, Production, User

IMPORT_JOB = "scripts.import_script"
IMPORT_READING_JOB = "scripts.import_reading"
_BATCH = 200
_EPISODE_FIELDS = ("title", "hook", "paywall")


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def keep_file(production_id: int, data: bytes, filename: str) -> str:
    """Store a file under its own digest, so that the same file is kept once; returns its name in the storage."""
    suffix = re.sub(r"[^.a-z0-9]", "", PurePath(filename).suffix.lower())[:10]
    name = f"scripts/{production_id}/{digest_of(data)[:40]}{suffix}"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(data))


def first_look(data: bytes) -> Fault | None:
    """What can be said of a file before it is read through: empty, too large, not a document at all."""
    if not data.strip():
        return fault("empty_file")
    limit = settings.SCRIPT_UPLOAD_LIMIT
    if len(data) > limit:
        size_mb, limit_mb = -(-len(data) // (1024 * 1024)), max(1, limit // (1024 * 1024))
        return fault("too_large", size_mb=size_mb, limit_mb=limit_mb)
    return sight_fault(data)


def receive_script(*, production: Production, upload: Any, by: User | None, review: bool = False) -> Job:
    """Keep an uploaded file and leave a job to import it; the same file again is the same job.

    With `review` the job stops before saving where there is something to decide, and its result names the reading.
    `upload` is a file with `name` and `read`. Refuses at once what no reader could open; the rest the job says.
    """
    # One byte more than allowed tells that it is too large without holding all of it.
    size = getattr(upload, "size", None)
    if size is not None and size > settings.SCRIPT_UPLOAD_LIMIT:
        limit = settings.SCRIPT_UPLOAD_LIMIT // (1024 * 1024)
        raise refusal([fault("too_large", size_mb=-(-size // (1024 * 1024)), limit_mb=max(1, limit))])
    data = upload.read(settings.SCRIPT_UPLOAD_LIMIT + 1)
    if (seen := first_look(data)) is not None:
        raise refusal([seen])
    filename = PurePath(upload.name or "script.txt").name[-200:]
    source = keep_file(production.pk, data, filename)
    with transaction.atomic():
        job = _enqueue(production, source, filename, digest_of(data), by, review)
        if job.state in {JobState.PARKED, JobState.CANCELLED} and jobs.rerun(job.pk):
            # Handed in again on purpose: a later release may read what an earlier one could not.
            job.refresh_from_db()
    return job


def _enqueue(production: Production, source: str, filename: str, digest: str, by: User | None, review: bool) -> Job:
    payload = {"production": production.pk, "source": source, "filename": filename}
    key = f"{IMPORT_JOB}:{production.pk}:{digest}"
    if review:
        payload, key = {**payload, "review": True}, f"{key}:review"
    while True:
        job = jobs.enqueue(
            IMPORT_JOB, payload, studio_id=production.studio_id, production_id=production.pk, by=by, dedupe=key
        )
        waits = job.result.get("reading") if job.state == JobState.DONE else None
        if waits is None or Reading.objects.filter(pk=waits, state=ReadingState.OPEN).exists():
            return job
        if revision_of_file(production, digest) is not None:
            return job
        # What that job left to be decided was dropped since: the file is read anew.
        key = f"{IMPORT_JOB}:{production.pk}:{digest}:{job.pk}"


def import_script(
    *,
    production: Production,
    data: bytes,
    filename: str,
    by: User | None,
    at: dt.datetime | None = None,
    source: str | None = None,
) -> Revision:
    """Read a script and make it the title's next revision; the same file again returns the revision it made.

    Scenes are matched by content and number and keep their identity, under another number too; one the draft lacks
    becomes omitted and keeps its number, a new one is added.
    What a person changed since the last draft stays, unless this draft changes that very field. `source` names the
    file where it is already stored. What was decided for the draft before is decided for this one as far as it holds.
    Refuses with the reader's errors, and then nothing is written.
    """
    known = revision_of_file(production, digest_of(data))
    if known is not None:
        return known
    unit = production.studio.page_unit
    read = remembering(
        production,
        lambda decisions: read_script(
            data, filename, page_unit=unit, max_bytes=settings.SCRIPT_UPLOAD_LIMIT, decisions=decisions
        ),
    )
    if not read.parsed.importable:
        raise refusal(read.parsed.faults)
    source = source or keep_file(production.pk, data, filename)
    with transaction.atomic():
        revision = write_revision(
            production=production, parsed=read.parsed, digest=digest_of(data), filename=filename, source=source, by=by,
            at=at,
        )  # fmt: skip
        remember(revision=revision, steps=read.steps, by=by)
    return revision


def remember(*, revision: Revision, steps: list[Step], by: User | None) -> None:
    """Keep what was decided for a revision, so that the next draft is read with it too."""
    if steps:
        Reading.objects.create(
            production=revision.script.production, source_name=revision.source_name, steps=steps, read_by=by,
            source_file=revision.source_file.name, source_sha256=revision.source_sha256,
            state=ReadingState.IMPORTED, revision=revision,
        )  # fmt: skip


def revision_of_file(production: Production, digest: str) -> Revision | None:
    return Revision.objects.filter(script__production=production, source_sha256=digest).first()


@transaction.atomic
def write_revision(
    *,
    production: Production,
    parsed: ParsedScript,
    digest: str,
    filename: str,
    source: str,
    by: User | None,
    at: dt.datetime | None = None,
) -> Revision:
    """Write a script that was read (`parsed.importable`) as the next revision."""
    # Two drafts at once take their turn here: numbers are counted and scenes compared under the production's row.
    Production.objects.select_for_update().get(pk=production.pk)
    known = revision_of_file(production, digest)
    if known is not None:
        return known
    script, _new = Script.objects.get_or_create(production=production)
    before = script.revisions.order_by("-number").first()
    drafts = scene_drafts(parsed, script.minutes_per_page)
    number = before.number + 1 if before else 1
    colour = colour_of(production.studio, number)
    revision = Revision.objects.create(
        script=script, number=number, colour_tint=colour.tint, colour_name=colour.name, colour_round=colour.round,
        front={"title": parsed.title or "", "logline": parsed.logline or "", "outline": parsed.outline or ""},
        source_name=PurePath(filename).name[-200:] or "-",
        source_file=source, source_sha256=digest, layout=parsed.layout,
        characters_count=sum(scene.han for scene in parsed.scenes),
        faults=[
            {"line": each.line, "code": each.code, "params": each.params, "message": each.message,
             "severity": each.severity}
            for each in parsed.faults
        ],
        marks=[{"kind": mark.kind, "line": mark.line, "text": mark.text[:300]} for mark in parsed.marks],
        episodes=episode_drafts(parsed), imported_by=by,
    )  # fmt: skip
    _write_front(script, parsed)
    written = _Writing(production, revision, before, drafts)
    counts = written.write()
    _write_roles(production, parsed, drafts)
    _write_casts(written)
    _suggest_things(written)
    ensure_default_rules(production.studio)
    link_elements(production)
    Breakdown.objects.create(revision=revision)
    publish(
        ScriptImported(
            studio_id=production.studio_id, production_id=production.pk, revision_id=revision.pk,
            number=revision.number, scenes=len(drafts), **counts,
        ),
        by=by, at=at,
    )  # fmt: skip
    return revision


def _write_front(script: Script, parsed: ParsedScript) -> None:
    given = {"logline": parsed.logline or script.logline, "outline": parsed.outline or script.outline}
    if given != {name: getattr(script, name) for name in given}:
        script.logline, script.outline = given["logline"], given["outline"]
        script.save(update_fields=["logline", "outline", "updated_at"])


@dataclasses.dataclass
class _Writing:
    """The scenes of a draft on their way into the rows; `scenes` holds them by the number this draft gives them."""

    production: Production
    revision: Revision
    before: Revision | None
    drafts: list[SceneDraft]
    scenes: dict[str, Scene] = dataclasses.field(default_factory=dict)
    heads: dict[int, dict[str, Any]] = dataclasses.field(default_factory=dict)
    digests: dict[int, str] = dataclasses.field(default_factory=dict)

    def write(self) -> dict[str, int]:
        """Match, change, renumber, add and omit scenes; returns the counts of the fact."""
        rows = {str(scene.pk): scene for scene in self.production.scenes.order_by("sort_key", "pk")}
        matches = self._matches(rows)
        episodes = self._episodes()
        drafts = {draft.number: draft for draft in self.drafts}
        new, changed, renumbered, omitted, told = [], [], [], [], 0
        for match in matches:
            if match.new is None:
                assert match.old is not None  # a match has at least one side
                omitted.append(rows[match.old.key])
                continue
            draft = drafts[match.new.key]
            if match.old is None:
                scene = Scene(
                    production=self.production, number=draft.number, sort_key=draft.sort_key,
                    first_revision=self.revision, episode=episodes[draft.episode],
                    written_number=draft.head["written_number"], **{name: draft.head[name] for name in FOLLOWED},
                )  # fmt: skip
                new.append(scene)
            else:
                scene = rows[match.old.key]
                told += self._told_anew(match, scene, draft)
                if scene.number != draft.number:
                    renumbered.append(scene.pk)
                if self._follow(scene, draft, episodes[draft.episode].pk):
                    changed.append(scene)
            self.scenes[draft.number] = scene
        for scene in omitted:
            scene.state = SceneState.OMITTED
        for scene in (*changed, *omitted):
            scene.updated_at = self.revision.created_at
        # A number is free once its scene is omitted or set aside: scenes that swap theirs never hold the same one.
        Scene.objects.bulk_update(omitted, ["state", "updated_at"], batch_size=_BATCH)
        Scene.objects.filter(pk__in=renumbered).update(number=Concat(Value("~"), Cast("pk", CharField())))
        Scene.objects.bulk_update(
            changed, ["number", "sort_key", "episode", "state", "written_number", "updated_at", *FOLLOWED],
            batch_size=_BATCH,
        )  # fmt: skip
        Scene.objects.bulk_create(new, batch_size=_BATCH)
        SceneText.objects.bulk_create(
            [
                SceneText(
                    scene=self.scenes[draft.number], revision=self.revision, number=draft.number,
                    episode_number=draft.episode, head=draft.head, elements=draft.elements, digest=draft.digest,
                )
                for draft in self.drafts
            ],
            batch_size=_BATCH,
        )  # fmt: skip
        return {
            "scenes_added": len(new), "scenes_changed": told, "scenes_omitted": len(omitted),
            "scenes_moved": sum(match.kind == MOVED for match in matches),
        }  # fmt: skip

    def _matches(self, rows: dict[str, Scene]) -> tuple[Match, ...]:
        """Which row each scene of the draft is, by the last text of each row."""
        texts = {text.scene_id: text for text in SceneText.objects.filter(revision=self.before)} if self.before else {}
        # One that was omitted for a few drafts is known by what it held last.
        for text in SceneText.objects.filter(
            scene__in=[scene.pk for scene in rows.values() if scene.pk not in texts]
        ).order_by("revision__number"):
            texts[text.scene_id] = text
        numbers = dict(self.production.episodes.values_list("pk", "number"))
        old = []
        for key, scene in rows.items():
            head: dict[str, Any] = {}
            elements: list[dict[str, Any]] = []
            if (known := texts.get(scene.pk)) is not None:
                head, elements = known.head, known.elements
                self.heads[scene.pk], self.digests[scene.pk] = known.head, known.digest
            old.append(
                to_match(
                    key, scene.number, numbers[scene.episode_id], head, elements,
                    present=scene.state == SceneState.ACTIVE,
                )
            )  # fmt: skip
        new = [to_match(draft.number, draft.number, draft.episode, draft.head, draft.elements) for draft in self.drafts]
        return match_scenes(old, new)

    def _told_anew(self, match: Match, scene: Scene, draft: SceneDraft) -> bool:
        old = self.heads.get(scene.pk, {})
        return (
            match.back
            or self.digests.get(scene.pk) != draft.digest
            or bool(heading_changes(old, draft.head))
            or cast_of(old) != cast_of(draft.head)
        )

    def _follow(self, scene: Scene, draft: SceneDraft, episode_id: int) -> bool:
        """Take over what this draft changed; True when the row is another one now."""
        old = self.heads.get(scene.pk, {})
        given = {
            "state": SceneState.ACTIVE, "episode_id": episode_id, "number": draft.number, "sort_key": draft.sort_key,
            "written_number": draft.head["written_number"],
        }  # fmt: skip
        given |= {name: draft.head[name] for name in FOLLOWED if draft.head[name] != old.get(name)}
        changed = [name for name, value in given.items() if value != getattr(scene, name)]
        for name in changed:
            setattr(scene, name, given[name])
        return bool(changed)

    def _episodes(self) -> dict[int, Any]:
        """The episodes of the draft, with titles, hooks and paywalls that it changed."""
        told = {row["number"]: row for row in self.revision.episodes}
        rows = ensure_episodes(production=self.production, numbers=told)
        old = {row["number"]: row for row in (self.before.episodes if self.before else [])}
        for number, row in told.items():
            episode, earlier = rows[number], old.get(number, {"title": "", "hook": "", "paywall": False})
            taken = [name for name in _EPISODE_FIELDS if row[name] not in (earlier[name], getattr(episode, name))]
            for name in taken:
                setattr(episode, name, row[name])
            if taken:
                episode.save(update_fields=[*taken, "updated_at"])
        return rows


def _write_roles(production: Production, parsed: ParsedScript, drafts: list[SceneDraft]) -> None:
    """Every role that is described, on a cast line or speaks; what is known of one already stays."""
    crowds = {row.name for draft in drafts for row in draft.cast if row.count > 1 or row.note == "若干"}
    names: dict[str, None] = dict.fromkeys(role.name[:60] for role in parsed.characters)
    for draft in drafts:
        names.update(dict.fromkeys(row.name for row in draft.cast))
        for each in draft.elements:
            names.update(dict.fromkeys(speaker_names(each.get("speaker", ""))))
    Character.objects.bulk_create(
        [
            Character(production=production, name=name, is_crowd=name in crowds or is_crowd(name))
            for name in names if name
        ],
        ignore_conflicts=True, batch_size=_BATCH,
    )  # fmt: skip
    told = {role.name[:60]: role for role in parsed.characters}
    for row in production.characters.filter(name__in=list(told)):
        role = told[row.name]
        given = (row.age or (str(role.age) if role.age is not None else ""), row.bio or role.bio)
        if given != (row.age, row.bio):
            row.age, row.bio = given
            row.save(update_fields=["age", "bio", "updated_at"])


def _write_casts(written: _Writing) -> None:
    """Add, drop and mend the roles of scenes where this draft differs from the one before; leave the rest alone."""
    roles = dict(written.production.characters.values_list("name", "pk"))
    rows: dict[tuple[int, int], SceneCharacter] = {
        (row.scene_id, row.character_id): row
        for row in SceneCharacter.objects.filter(scene__production=written.production)
    }
    new, mended, gone = [], [], []
    for draft in written.drafts:
        scene = written.scenes[draft.number]
        old = cast_of(written.heads.get(scene.pk, {}))
        wanted = {row.name: row for row in draft.cast}
        for name, row in wanted.items():
            if row == old.get(name):
                continue
            held = rows.get((scene.pk, roles[name]))
            if held is None:
                new.append(
                    SceneCharacter(
                        scene=scene, character_id=roles[name], count=row.count, note=row.note, speaks=row.speaks
                    )
                )
            else:
                held.count, held.note, held.speaks = row.count, row.note, row.speaks
                mended.append(held)
        for name in old.keys() - wanted.keys():
            held = rows.get((scene.pk, roles.get(name, 0)))
            if held is not None:
                gone.append(held.pk)
    SceneCharacter.objects.filter(pk__in=gone).delete()
    SceneCharacter.objects.bulk_update(mended, ["count", "note", "speaks"], batch_size=_BATCH)
    SceneCharacter.objects.bulk_create(new, batch_size=_BATCH)


def _suggest_things(written: _Writing) -> None:
    """Elements that labels of the text name, for scenes that are new or told anew."""
    wanted: dict[tuple[str, str], list[int]] = {}
    for draft in written.drafts:
        scene = written.scenes[draft.number]
        if written.digests.get(scene.pk) == draft.digest:
            continue
        for thing in draft.things:
            wanted.setdefault(thing, []).append(scene.pk)
    production = written.production
    refused = set(Refusal.objects.filter(production=production).values_list("scene_id", "category", "name"))
    wanted = {
        thing: kept for thing, scenes in wanted.items()
        if (None, *thing) not in refused and (kept := [pk for pk in scenes if (pk, *thing) not in refused])
    }  # fmt: skip
    if not wanted:
        return
    Element.objects.bulk_create(
        [
            Element(production=production, category=category, name=name, suggested=True)
            for category, name in wanted
        ],
        ignore_conflicts=True, batch_size=_BATCH,
    )  # fmt: skip
    rows = {(element.category, element.name): element.pk for element in production.elements.all()}
    Tag.objects.bulk_create(
        [
            Tag(element_id=rows[thing], scene_id=scene, origin=Origin.SCRIPT)
            for thing, scenes in wanted.items() for scene in scenes
        ],
        ignore_conflicts=True, batch_size=_BATCH,
    )  # fmt: skip
