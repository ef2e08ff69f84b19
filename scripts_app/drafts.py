"""What a draft says of each scene, as plain values to compare with the draft before and to write."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from typing import Any

from scripts_app.choices import Category, IntExt, TimeOfDay
from scripts_app.matching import DraftScene
from scripts_app.matching.reading import text_of
from scripts_app.parsers import ParsedElement, ParsedEpisode, ParsedScene, ParsedScript
from studio.values import SceneNumber
from studio.values.pages import UNITS

# Fields of a scene that follow the draft until a person changes them.
FOLLOWED = (
    "int_ext", "time_of_day", "time_written", "set_name", "sub_place", "flashback", "synopsis", "page_parts", "seconds",
    "shoot_minutes",
)  # fmt: skip
# Fields of a heading that tell a reader of two drafts something.
HEADING = ("int_ext", "time_of_day", "time_written", "set_name", "sub_place", "flashback", "title", "note")
LEAST_MINUTES = 10
_STEP_MINUTES = 5
_SYNOPSIS = 60
_ELEMENT_NAME = 30

# Camera words and labels that name a thing somebody has to bring.
_LABELS = {
    "道具": Category.PROPS, "服装": Category.WARDROBE, "化妆": Category.MAKEUP, "造型": Category.MAKEUP,
    "特效": Category.EFFECTS, "视效": Category.EFFECTS, "VFX": Category.EFFECTS, "音效": Category.SOUND,
    "SFX": Category.SOUND, "群演": Category.EXTRAS,
}  # fmt: skip
_KINDS = {"effect": Category.EFFECTS, "sound": Category.SOUND}
# 【紫砂壶】 in a line of action marks a thing; brackets hold camera and cutting words as well.
_MARKED = re.compile(r"【([^【】：:]{1,30})】")
_NOT_A_THING = re.compile(
    r"镜|[远中近全]景|特写|画面|字幕|闪回|回忆|倒叙|转场|切|黑场|蒙太奇|卡点|钩子|悬念|音|BGM|OS|VO|[开结]束|始$"
)
_SEVERAL = re.compile(r"\s*[、，,/／&＆]\s*")
_CROWD = re.compile(r"^(?:众|群)|众人|所有人|大家|若干|路人|围观|群演|^全(?:体|场)")
_VOICES = {"旁白", "画外音", "系统音", "系统提示音", "系统", "广播", "电话音", "NARRATOR", "NARRATION"}


@dataclasses.dataclass(frozen=True, slots=True)
class CastRow:
    """A role on set in a scene."""

    name: str
    count: int
    note: str
    speaks: bool

    def to_json(self) -> list[Any]:
        return [self.name, self.count, self.note, self.speaks]


@dataclasses.dataclass(frozen=True, slots=True)
class SceneDraft:
    """A scene as a draft has it; `head` holds FOLLOWED and what else the heading says."""

    number: str
    sort_key: str
    episode: int
    head: dict[str, Any]
    cast: tuple[CastRow, ...]
    elements: list[dict[str, Any]]
    digest: str
    things: tuple[tuple[str, str], ...]


def default_minutes(parts: int, page_unit: str, minutes_per_page: int) -> int:
    """Minutes to shoot a scene of so many parts of a page: rounded up to five, at least ten."""
    needed = -(-parts * minutes_per_page // UNITS[page_unit])
    return max(LEAST_MINUTES, -(-needed // _STEP_MINUTES) * _STEP_MINUTES)


def speaker_names(speaker: str) -> list[str]:
    """Names in `林叶、沈乐：`; most speakers are one."""
    return [name[:60] for name in _SEVERAL.split(speaker.strip()) if name]


def is_voice(name: str) -> bool:
    """Whether a name is never anybody's on set: narrator, announcements, the system of a game story."""
    return name.upper() in _VOICES


def is_crowd(name: str) -> bool:
    return bool(_CROWD.search(name))


def scene_drafts(parsed: ParsedScript, minutes_per_page: int) -> list[SceneDraft]:
    return [_scene(scene, episode, parsed, minutes_per_page) for episode in parsed.episodes for scene in episode.scenes]


def episode_drafts(parsed: ParsedScript) -> list[dict[str, Any]]:
    """What a draft says of its episodes, as `Revision.episodes` keeps it."""
    starts = [episode.line for episode in parsed.episodes]
    marks: dict[int, list[Any]] = {}
    for mark in parsed.marks:
        at = max((line for line in starts if line <= mark.line), default=starts[0] if starts else 0)
        marks.setdefault(at, []).append(mark)
    return [
        {
            "number": episode.number,
            "title": (episode.title or "")[:120],
            "line": episode.line,
            "outline": episode.outline or "",
            "stated_seconds": episode.stated_seconds,
            "hook": next((mark.text for mark in marks.get(episode.line, []) if mark.kind == "hook"), "")[:300],
            "paywall": any(mark.kind == "paywall" for mark in marks.get(episode.line, [])),
            "lead": [{"line": line.line, "text": line.text} for line in episode.lead],
        }
        for episode in parsed.episodes
    ]


def to_match(
    key: str, number: str, episode: int, head: dict[str, Any], elements: list[dict[str, Any]], *, present: bool = True
) -> DraftScene:
    """What a draft says of a scene, as `scripts_app.matching` wants it."""
    return DraftScene(
        key=key, number=number, episode=episode,
        heading=(
            head.get("int_ext", ""), head.get("time_of_day", ""), head.get("set_name", ""), head.get("sub_place", ""),
        ),
        cast=tuple(row[0] for row in head.get("cast", [])), text=text_of(elements), present=present,
    )  # fmt: skip


def heading_changes(old: dict[str, Any], new: dict[str, Any]) -> tuple[str, ...]:
    """Names out of HEADING whose value differs."""
    return tuple(name for name in HEADING if (old.get(name) or "") != (new.get(name) or ""))


def cast_of(head: dict[str, Any]) -> dict[str, CastRow]:
    return {row[0]: CastRow(*row) for row in head.get("cast", [])}


def _scene(scene: ParsedScene, episode: ParsedEpisode, parsed: ParsedScript, minutes_per_page: int) -> SceneDraft:
    cast = _cast(scene, episode)
    elements = [_element(each) for each in scene.elements]
    place = (scene.place or "").strip()
    if scene.sub_place and place.endswith(scene.sub_place):
        place = re.sub(r"\s+[-—–]\s+$", "", place.removesuffix(scene.sub_place))
    head = {
        "line": scene.line,
        "written_number": (scene.written_number or "")[:40],
        "title": scene.title or "",
        "note": scene.note or "",
        "int_ext": scene.int_ext if scene.int_ext in IntExt.values else "",
        "time_of_day": scene.time_of_day if scene.time_of_day in TimeOfDay.values else "",
        "time_written": (scene.time_written or "")[:40],
        "set_name": place[:120],
        "sub_place": (scene.sub_place or "")[:120],
        "flashback": scene.flashback,
        "synopsis": _synopsis(scene),
        "page_parts": scene.parts,
        "seconds": scene.seconds,
        "shoot_minutes": default_minutes(scene.parts, parsed.page_unit, minutes_per_page),
        "cast": [row.to_json() for row in cast],
    }
    told = [{key: value for key, value in each.items() if key != "line"} for each in elements]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return SceneDraft(
        scene.number, SceneNumber.parse(scene.number).sort_key, episode.number, head, cast, elements, digest,
        _things(scene),
    )  # fmt: skip


def _element(each: ParsedElement) -> dict[str, Any]:
    """The element with the fields that say something; `kind`, `text` and `line` always."""
    row: dict[str, Any] = {"kind": each.kind, "text": each.text, "line": each.line}
    for name in ("speaker", "delivery", "voice", "label", "dual", "flashback"):
        if value := getattr(each, name):
            row[name] = value
    return row


def _cast(scene: ParsedScene, episode: ParsedEpisode) -> tuple[CastRow, ...]:
    """Who must be on set: the cast line, and speakers it forgot, but no voice from off."""
    spoken: dict[str, bool] = {}  # name -> whether some line of theirs is spoken in view
    for each in scene.elements:
        for name in speaker_names(each.speaker or ""):
            spoken[name] = spoken.get(name, False) or each.voice != "VO"
    rows: dict[str, CastRow] = {}
    for member in scene.cast:
        name = member.name.strip()[:60]
        if not name or is_voice(name):
            continue
        note = member.note or ("若干" if member.count is None else "")
        rows[name] = CastRow(name, member.count or 1, note[:120], name in spoken)
    for name, in_view in spoken.items():
        if in_view and name not in rows and not is_voice(name):
            rows[name] = CastRow(name, 1, "", True)
    return tuple(rows.values())


def _synopsis(scene: ParsedScene) -> str:
    """What the script says the scene is about, else its first line of action, else its first line."""
    if scene.synopsis or scene.title:
        return (scene.synopsis or scene.title or "")[:300]
    plain = [each for each in scene.elements if each.kind == "action" and each.label is None]
    first = next(iter(plain), None) or next(iter(scene.elements), None)
    if first is None:
        return ""
    text = _MARKED.sub(r"\1", first.text if first.speaker is None else f"{first.speaker}：{first.text}")
    return text if len(text) <= _SYNOPSIS else f"{text[: _SYNOPSIS - 1]}…"


def stated_synopsis(scene: ParsedScene, kept: str) -> str | None:
    """The synopsis kept of a scene when the script stated it; None when it was made of the scene's own text."""
    return kept if kept and kept != _synopsis(scene) else None


def _things(scene: ParsedScene) -> tuple[tuple[str, str], ...]:
    """(category, name) of what marks and labels of the text name; a whole sentence is no name and is left out."""
    found: dict[tuple[str, str], None] = {}
    for each in scene.elements:
        category = _LABELS.get(each.label or "") or _KINDS.get(each.kind)
        if category is None:
            if each.kind == "action":
                marked = (name.strip() for name in _MARKED.findall(each.text))
                found |= {
                    (str(Category.PROPS), name): None for name in marked if name and not _NOT_A_THING.search(name)
                }
            continue
        for part in re.split(r"[、，,；;]", each.text):
            name = part.strip(" 。.：:")
            if 0 < len(name) <= _ELEMENT_NAME:
                found[(str(category), name)] = None
    return tuple(found)
