"""Questions about scripts: never write, and cost the same number of queries however long the script is."""

from __future__ import annotations

import bisect
import dataclasses
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from scripts_app.choices import Category, IntExt, SceneState, TimeOfDay
from scripts_app.drafts import speaker_names
from scripts_app.models import Breakdown, Element, Revision, Scene, SceneCharacter, SceneText
from scripts_app.wording import fault_sentence
from studio.access import Access
from studio.models import Production

HITS = 200


def scripts_for(access: Access) -> QuerySet[Production]:
    """Titles with what their script page shows at a glance: `drafts`, `draft_at`, `locked_at`, `scene_count`, ..."""
    latest = Revision.objects.filter(script__production=OuterRef("pk")).order_by("-number")
    scenes = (
        Scene.objects.filter(production=OuterRef("pk"), state=SceneState.ACTIVE)
        .order_by()
        .values("production")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return access.scope(
        Production.objects.select_related("studio").annotate(
            drafts=Coalesce(Subquery(latest.values("number")[:1]), 0),
            draft_at=Subquery(latest.values("created_at")[:1]),
            locked_at=Subquery(latest.values("locked_at")[:1]),
            breakdown_state=Subquery(latest.values("breakdown__state")[:1]),
            scene_count=Coalesce(Subquery(scenes), 0),
            writer_name=F("script__writer__name"),
        ),
        "script.view",
    ).order_by(F("draft_at").desc(nulls_last=True), "-pk")


def current_revision(production: Production) -> Revision | None:
    """The latest draft."""
    return (
        Revision.objects.filter(script__production=production)
        .select_related("script", "imported_by", "locked_by")
        .order_by("-number")
        .first()
    )


def current_breakdown(production: Production) -> Breakdown | None:
    return (
        Breakdown.objects.filter(revision__script__production=production)
        .select_related("revision__script__production", "approved_by")
        .order_by("-revision__number")
        .first()
    )


# --- scene list -----------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class SceneFilter:
    """What a scene list is narrowed to; values that no choice knows narrow nothing."""

    episode: str = ""
    set_name: str = ""
    int_ext: str = ""
    time_of_day: str = ""
    cast: str = ""
    q: str = ""
    omitted: bool = False

    @classmethod
    def read(cls, params: Any) -> SceneFilter:
        def known(name: str, values: Iterable[str]) -> str:
            value = params.get(name, "")
            return value if value in values else ""

        def number(name: str) -> str:
            value = params.get(name, "")
            return value if value.isascii() and value.isdecimal() and len(value) < 16 else ""

        return cls(
            number("episode"), params.get("set_name", "")[:120], known("int_ext", IntExt.values),
            known("time_of_day", TimeOfDay.values), number("cast"), params.get("q", "").strip()[:80].replace("\x00", ""),
            params.get("omitted") == "1",
        )  # fmt: skip

    @property
    def active(self) -> bool:
        return self != SceneFilter()

    def narrow(self, rows: QuerySet[Scene]) -> QuerySet[Scene]:
        if not self.omitted:
            rows = rows.filter(state=SceneState.ACTIVE)
        if self.episode:
            rows = rows.filter(episode__number=int(self.episode))
        if self.set_name:
            rows = rows.filter(set_name=self.set_name)
        if self.int_ext:
            rows = rows.filter(int_ext=self.int_ext)
        if self.time_of_day:
            rows = rows.filter(time_of_day=self.time_of_day)
        if self.cast:
            rows = rows.filter(cast__character=int(self.cast))
        if self.q:
            rows = rows.filter(
                Q(number__icontains=self.q) | Q(set_name__icontains=self.q) | Q(synopsis__icontains=self.q)
            )
        return rows


def scene_rows(rows: QuerySet[Scene]) -> QuerySet[Scene]:
    """Scenes in script order with episode, cast and elements: four queries for any number of them."""
    return (
        rows.select_related("episode", "production__studio")
        .prefetch_related(
            Prefetch("cast", SceneCharacter.objects.select_related("character").order_by("pk")),
            Prefetch("needs", Element.objects.order_by("category", "name")),
        )
        .order_by("sort_key", "pk")
    )


def sets_of(production: Production) -> list[tuple[str, int]]:
    """Sets of the story with how many scenes play there, most used first."""
    counted = (
        production.scenes.filter(state=SceneState.ACTIVE)
        .exclude(set_name="")
        .order_by()
        .values_list("set_name")
        .annotate(n=Count("pk"))
    )
    return sorted(((name, n) for name, n in counted), key=lambda row: (-row[1], row[0]))


@dataclasses.dataclass(frozen=True)
class ScriptCounts:
    """A script in numbers; `day` and `night` count scenes, dawn going with day and dusk with night."""

    scenes: int
    episodes: int
    sets: int
    parts: int
    seconds: int
    minutes: int
    day: int
    night: int
    interior: int
    exterior: int
    roles: int


def script_counts(production: Production) -> ScriptCounts:
    rows = list(
        production.scenes.filter(state=SceneState.ACTIVE)
        .order_by()
        .values_list("episode_id", "set_name", "page_parts", "seconds", "shoot_minutes", "time_of_day", "int_ext")
    )
    times, places = Counter(row[5] for row in rows), Counter(row[6] for row in rows)
    roles = (
        SceneCharacter.objects.filter(scene__production=production, scene__state=SceneState.ACTIVE, speaks=True)
        .values("character")
        .distinct()
        .count()
    )
    return ScriptCounts(
        len(rows), len({row[0] for row in rows}), len({row[1] for row in rows if row[1]}), sum(row[2] for row in rows),
        sum(row[3] for row in rows), sum(row[4] for row in rows), times["day"] + times["dawn"],
        times["night"] + times["dusk"], places["int"], places["ext"], roles,
    )  # fmt: skip


def unclear_scenes(production: Production) -> list[Scene]:
    """Active scenes that lack a set, inside/outside or a time of day: nobody can plan them as they are."""
    return list(
        production.scenes.filter(state=SceneState.ACTIVE)
        .filter(Q(set_name="") | Q(int_ext="") | Q(time_of_day=""))
        .order_by("sort_key")
    )


# --- reading --------------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class FaultAt:
    """A fault in the reader's language, with where it shows: `episode` None is above the first."""

    line: int
    severity: str
    sentence: str
    episode: int | None
    scene: str = ""


@dataclasses.dataclass(frozen=True)
class ElementRead:
    row: dict[str, Any]
    faults: list[FaultAt]


@dataclasses.dataclass(frozen=True)
class SceneRead:
    """A scene as a draft has it; `scene` is the row that carries on."""

    scene: Scene
    head: dict[str, Any]
    elements: list[ElementRead]
    faults: list[FaultAt]


@dataclasses.dataclass(frozen=True)
class EpisodeRead:
    number: int
    told: dict[str, Any]
    scenes: list[SceneRead]
    faults: list[FaultAt]


@dataclasses.dataclass(frozen=True)
class Hit:
    episode: int
    scene: str
    line: int
    speaker: str
    text: str


@dataclasses.dataclass(frozen=True)
class Draft:
    """A revision ready to be read: one query for its texts, whatever is asked of it then."""

    revision: Revision
    texts: list[SceneText]

    @classmethod
    def of(cls, revision: Revision) -> Draft:
        texts = list(
            SceneText.objects.filter(revision=revision)
            .select_related("scene__episode")
            .order_by("scene__sort_key", "pk")
        )
        return cls(revision, sorted(texts, key=lambda text: text.head.get("line", 0)))

    def episode_of(self, text: SceneText) -> int:
        return int(text.scene.episode.number)

    def faults(self) -> list[FaultAt]:
        """All faults, each with the episode and scene its line stands in."""
        starts = [text.head.get("line", 0) for text in self.texts]
        heads = sorted((row["line"], row["number"]) for row in self.revision.episodes)
        found = []
        for row in self.revision.faults:
            line = row["line"]
            at = bisect.bisect_right(starts, line) - 1
            above = bisect.bisect_right(heads, (line, 10**9)) - 1
            text = self.texts[at] if line and at >= 0 else None
            episode = heads[above][1] if line and above >= 0 else None
            if text is not None and episode is not None and text.head.get("line", 0) < heads[above][0]:
                text = None  # between an episode's head and its first scene
            if text is not None:
                episode = self.episode_of(text)
            found.append(
                FaultAt(
                    line, row["severity"], fault_sentence(row["code"], row["params"], row["message"]), episode,
                    text.scene.number if text is not None else "",
                )
            )  # fmt: skip
        return found

    def episode(self, number: int, faults: list[FaultAt]) -> EpisodeRead:
        here = [each for each in faults if each.episode == number]
        told = next((row for row in self.revision.episodes if row["number"] == number), {"number": number})
        scenes = []
        for text in self.texts:
            if self.episode_of(text) != number:
                continue
            own = [each for each in here if each.scene == text.scene.number]
            lines = {row["line"] for row in text.elements}
            elements = [ElementRead(row, [each for each in own if each.line == row["line"]]) for row in text.elements]
            scenes.append(SceneRead(text.scene, text.head, elements, [each for each in own if each.line not in lines]))
        return EpisodeRead(number, told, scenes, [each for each in here if not each.scene])

    def search(self, wanted: str) -> list[Hit]:
        """Lines that hold a text, by speaker or word, at most HITS."""
        needle = wanted.casefold()
        hits = []
        for text in self.texts:
            heading = " ".join(str(text.head.get(name, "")) for name in ("set_name", "sub_place", "time_written"))
            if needle in heading.casefold() or needle == text.scene.number.casefold():
                hits.append(
                    Hit(self.episode_of(text), text.scene.number, text.head.get("line", 0), "", heading.strip())
                )
            for row in text.elements:
                speaker = row.get("speaker", "")
                if needle in row["text"].casefold() or needle in speaker.casefold():
                    hits.append(Hit(self.episode_of(text), text.scene.number, row["line"], speaker, row["text"]))
                if len(hits) >= HITS:
                    return hits
        return hits


# --- roles and elements ---------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class RoleRow:
    """A role in numbers; `lines` and `characters` are of the current draft, voices from off included."""

    pk: int
    name: str
    age: str
    bio: str
    is_crowd: bool
    scenes: int
    speaking_scenes: int
    episodes: int
    lines: int
    characters: int


def role_rows(production: Production, revision: Revision | None) -> list[RoleRow]:
    """Roles by how much of the story they carry. Three queries."""
    scenes: dict[int, set[int]] = {}
    speaking: Counter[int] = Counter()
    episodes: dict[int, set[int]] = {}
    for role, scene, episode, speaks in SceneCharacter.objects.filter(
        scene__production=production, scene__state=SceneState.ACTIVE
    ).values_list("character_id", "scene_id", "scene__episode_id", "speaks"):
        scenes.setdefault(role, set()).add(scene)
        episodes.setdefault(role, set()).add(episode)
        speaking[role] += bool(speaks)
    lines: Counter[str] = Counter()
    said: Counter[str] = Counter()
    texts = SceneText.objects.filter(revision=revision).values_list("elements", flat=True) if revision else []
    for elements in texts:
        for row in elements:
            for name in speaker_names(row.get("speaker", "")):
                lines[name] += 1
                said[name] += len(row["text"])
    rows = [
        RoleRow(
            role.pk, role.name, role.age, role.bio, role.is_crowd, len(scenes.get(role.pk, ())), speaking[role.pk],
            len(episodes.get(role.pk, ())), lines[role.name], said[role.name],
        )
        for role in production.characters.all()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.is_crowd, -row.scenes, -row.lines, row.pk))


@dataclasses.dataclass(frozen=True)
class CategoryRow:
    code: str
    label: str
    elements: list[Element]


def elements_by_category(production: Production) -> list[CategoryRow]:
    """Every category, also an empty one, with its elements and their scenes. Two queries."""
    rows: dict[str, list[Element]] = {code: [] for code in Category.values}
    scenes = Prefetch("scenes", Scene.objects.filter(state=SceneState.ACTIVE).order_by("sort_key"))
    for element in production.elements.order_by("name").prefetch_related(scenes):
        rows[element.category].append(element)
    return [CategoryRow(code, str(label), rows[code]) for code, label in Category.choices]
