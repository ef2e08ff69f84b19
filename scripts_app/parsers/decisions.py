"""What people decided about a script, as plain data, and the script as it reads with it.

A decision is `{"action": ..., ...}`; lines are those of the file, from 1. Decisions are laid over a draft between
reading and finishing: the file is never changed, so leaving one out again is undoing it. First what begins where,
then numbers, then what is named, in the order decided; so decisions about different things may come in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from studio.values import SceneNumber

from .draft import ScriptDraft
from .faults import ERROR, Fault
from .finish import finish
from .measure import Pace
from .model import CastMember, ParsedScript
from .normalise import plain
from .restructure import make_action, make_head, merge_up, scenes_of, set_head, split_scene, time_word, with_number

Decision = dict[str, Any]

MAX_DECISIONS = 4000
_MAX_NAME = 60
_MAX_SET = 120
_HEAD = {"number", "set", "int_ext", "time"}
# action -> keys it needs, keys it may have besides
ACTIONS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "rename_role": (frozenset({"from", "to"}), frozenset({"line"})),
    "rename_set": (frozenset({"from", "to"}), frozenset()),
    "set_time": (frozenset({"line", "time"}), frozenset()),
    "number_scene": (frozenset({"line", "number"}), frozenset()),
    "number_episode": (frozenset({"line", "number"}), frozenset()),
    "set_head": (frozenset({"line"}), frozenset(_HEAD)),
    "make_head": (frozenset({"line"}), frozenset(_HEAD)),
    "split_scene": (frozenset({"line"}), frozenset(_HEAD)),
    "make_action": (frozenset({"line"}), frozenset()),
    "merge_up": (frozenset({"line"}), frozenset()),
    "add_cast": (frozenset({"line", "name"}), frozenset()),
    "drop_cast": (frozenset({"line", "name"}), frozenset()),
    "ignore": (frozenset({"code"}), frozenset({"line", "key"})),
}
_SEVERAL = re.compile(r"(\s*[、，,/／&＆]\s*)")
_SUB_PLACE = re.compile(r"^(.*?)(\s+[-—–]\s+.*)$")
_NO_NAME = re.compile(r"^[\s\d,，、.\-–—A-Z#+第集场]*$")
# Words of ours, and numbers: they do not say whom or what a fault is about.
_NOT_ABOUT = {"suffix", "found", "encoding", "number", "written", "missing", "read_as", "previous", "episode", "count"}


class BadDecision(ValueError):
    """A decision that says nothing a reader could follow; `code` tells which part of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_decision(given: object) -> Decision:
    """A decision with its values checked and nothing else in it. Raises BadDecision."""
    if not isinstance(given, dict) or given.get("action") not in ACTIONS:
        raise BadDecision("unknown_action")
    action = str(given["action"])
    needed, possible = ACTIONS[action]
    values = {key: value for key in (*sorted(needed), *sorted(possible)) if (value := given.get(key)) not in (None, "")}
    if needed - values.keys():
        raise BadDecision(f"{min(needed - values.keys())}_missing")
    for key, value in values.items():
        values[key] = _value(action, key, value)
    if action == "set_head" and not values.keys() & _HEAD:
        raise BadDecision("head_unchanged")
    if action == "split_scene" and not values.get("set"):
        raise BadDecision("set_missing")
    if action in ("rename_role", "rename_set") and values["from"] == values["to"]:
        raise BadDecision("to_unchanged")
    if action == "ignore" and ("line" in values) == ("key" in values):
        raise BadDecision("key_missing")
    return {"action": action, **values}


def _value(action: str, key: str, value: object) -> str | int:
    if key == "line" or (key, action) == ("number", "number_episode"):
        number = value if isinstance(value, int) else int(str(value)) if re.fullmatch(r"[0-9]{1,7}", str(value)) else -1
        least, most = (0, 10**7) if action == "ignore" else (1, 10**7 if key == "line" else 9999)
        if isinstance(value, bool) or not least <= number <= most:
            raise BadDecision(f"{key}_unreadable")
        return number
    text = plain(" ".join(str(value).split()))
    if key == "number":
        try:
            return SceneNumber.parse(text).text
        except ValueError:
            raise BadDecision("number_unreadable") from None
    if key == "time" and text not in ("day", "night", "dawn", "dusk"):
        raise BadDecision("time_unreadable")
    if key == "int_ext" and text not in ("int", "ext", "int_ext"):
        raise BadDecision("int_ext_unreadable")
    most = {"key": 400, "code": 60, "set": _MAX_SET}.get(key, _MAX_SET if action == "rename_set" else _MAX_NAME)
    if not text or len(text) > most:
        raise BadDecision(f"{key}_unreadable")
    return text


def proposed(each: Fault, parsed: ParsedScript) -> Decision | None:
    """What accepting the proposal of a fault decides, or None when it makes none that we know.

    A proposal may name a scene by number; numbers move as more is decided, so its line is kept instead.
    """
    given = dict(each.proposal or {})
    scene = given.pop("scene", None)
    if scene not in (None, ""):
        line = next((one.line for one in parsed.scenes if one.number == scene), scene)
        if not isinstance(line, int):
            return None
        given["line"] = line
    try:
        return read_decision(given)
    except BadDecision:
        return None


# --- what is ignored -----------------------------------------------------------------------------------------------------


def fault_key(each: Fault, lines: Sequence[str]) -> str:
    """What a fault is about, in words that the next draft will have too: names, else the text of its line."""
    names = [
        value for name, value in sorted(each.params.items())
        if isinstance(value, str) and name not in _NOT_ABOUT and not _NO_NAME.match(value)
    ]  # fmt: skip
    if names:
        return "|".join(plain(" ".join(name.split())) for name in names)[:400].strip()
    if 0 < each.line <= len(lines):
        return plain(" ".join(lines[each.line - 1].split()))[:400].strip()
    return ""


def ignoring(each: Fault, lines: Sequence[str]) -> Decision:
    """The decision that this fault is none: for what it names wherever that stands, else for its line."""
    key = fault_key(each, lines)
    by_line = {"action": "ignore", "code": each.code, "line": each.line}
    about_a_line = 0 < each.line <= len(lines) and key == plain(" ".join(lines[each.line - 1].split()))[:400].strip()
    return by_line if about_a_line or not key else {"action": "ignore", "code": each.code, "key": key}


def _without_ignored(parsed: ParsedScript, decisions: Sequence[Decision], done: set[int]) -> ParsedScript:
    wanted: dict[tuple[str, object], list[int]] = {}
    for index, each in enumerate(decisions):
        if each["action"] == "ignore":
            wanted.setdefault((each["code"], each.get("key", each.get("line"))), []).append(index)
    if not wanted:
        return parsed
    kept, ignored = [], []
    for one in parsed.faults:
        by = wanted.get((one.code, one.line), []) + wanted.get((one.code, fault_key(one, parsed.lines)), [])
        if by and one.severity != ERROR:
            ignored.append(one)
            done.update(by)
        else:
            kept.append(one)
    return replace(parsed, faults=tuple(kept), ignored=tuple(ignored))


# --- what is decided -----------------------------------------------------------------------------------------------------


def finish_decided(draft: ScriptDraft, decisions: Sequence[Decision], page_unit: str, pace: Pace) -> ParsedScript:
    """Finish a draft as decided. `idle` of the result are the decisions (by place in the list) that met nothing."""
    if not decisions:
        return finish(draft, page_unit, pace)
    done = _amend(draft, decisions)
    parsed = _without_ignored(finish(draft, page_unit, pace), decisions, done)
    return replace(parsed, idle=tuple(index for index in range(len(decisions)) if index not in done))


def _amend(draft: ScriptDraft, decisions: Sequence[Decision]) -> set[int]:
    done: set[int] = set()
    last = len(draft.written_lines)
    listed = [(index, each) for index, each in enumerate(decisions) if each.get("line", 0) <= last]
    for action in ("make_head", "split_scene", "make_action", "merge_up", "set_head", "number_episode", "number_scene",
                   "set_time"):  # fmt: skip
        chosen = [(index, each) for index, each in listed if each["action"] == action]
        # From the top down, whatever the order of deciding; of two about one line the later holds.
        for index, each in sorted(chosen, key=lambda one: one[1]["line"]):
            if _about_line(draft, action, each):
                done.add(index)
    touched = {decisions[index].get("line") for index in done}
    draft.faults[:] = [each for each in draft.faults if each.line not in touched]
    for index, each in listed:
        if _about_name(draft, each):
            done.add(index)
    return done


def _about_line(draft: ScriptDraft, action: str, each: Decision) -> bool:
    line = each["line"]
    if action == "make_head":
        return make_head(draft, line, each)
    if action == "split_scene":
        return split_scene(draft, line, each)
    if action == "make_action":
        return make_action(draft, line)
    if action == "merge_up":
        return merge_up(draft, line)
    if action == "set_head":
        return set_head(draft, line, each)
    if action == "number_episode":
        return _number_episode(draft, line, each["number"])
    for _episode, scene in scenes_of(draft):
        if scene.line == line:
            if action == "number_scene":
                scene.read = with_number(scene.read, each["number"])
            elif scene.read.time_of_day != each["time"]:
                scene.read = replace(scene.read, time_written=time_word(draft, each["time"]))
            return True
    return False


def _number_episode(draft: ScriptDraft, line: int, number: int) -> bool:
    for episode in draft.episodes:
        if episode.line == line:
            for scene in episode.scenes:
                # Scene heads that repeat the wrong number mean the right one.
                if scene.read.episode is not None and scene.read.episode == episode.written:
                    scene.read = replace(scene.read, episode=number)
            episode.written, episode.implied = number, False
            return True
    return False


def _about_name(draft: ScriptDraft, each: Decision) -> bool:
    action = each["action"]
    if action == "rename_role":
        return _rename_role(draft, each["from"], each["to"], each.get("line"))
    if action == "rename_set":
        return _rename_set(draft, each["from"], each["to"])
    if action not in ("add_cast", "drop_cast"):
        return False
    for _episode, scene in scenes_of(draft):
        if scene.line == each["line"]:
            if action == "add_cast":
                scene.add_cast((CastMember(each["name"]),))
            else:
                scene.cast = [member for member in scene.cast if member.name != each["name"]]
            return True
    return False


def _rename_role(draft: ScriptDraft, old: str, new: str, line: int | None) -> bool:
    """One role by its full name: as speaker, on cast lines, and where the roles are described."""
    changed = False
    for _episode, scene in scenes_of(draft):
        if line is not None and scene.line != line:
            continue
        for at, each in enumerate(scene.elements):
            if each.speaker and old in each.speaker and (speaker := _renamed(each.speaker, old, new)) != each.speaker:
                scene.elements[at] = replace(each, speaker=speaker)
                changed = True
        if any(member.name == old for member in scene.cast):
            scene.cast = _one_each(scene.cast, old, new)
            changed = True
    if line is not None:
        return changed
    for episode in draft.episodes:
        if any(member.name == old for member in episode.cast):
            episode.cast = tuple(_one_each(episode.cast, old, new))
            changed = True
    roles = draft.front.characters
    if any(role.name == old for role in roles):
        known = {role.name for role in roles}
        draft.front.characters = [
            replace(role, name=new) if role.name == old else role
            for role in roles if role.name != old or new not in known
        ]  # fmt: skip
        changed = True
    return changed


def _renamed(speaker: str, old: str, new: str) -> str:
    parts = [new if part == old else part for part in _SEVERAL.split(speaker)]
    names = dict.fromkeys(parts[::2])
    return "".join(parts) if len(names) == len(parts[::2]) else "、".join(names)


def _one_each(cast: Iterable[CastMember], old: str, new: str) -> list[CastMember]:
    found: dict[str, CastMember] = {}
    for member in cast:
        name = new if member.name == old else member.name
        found.setdefault(name, member if member.name == name else replace(member, name=name))
    return list(found.values())


def _rename_set(draft: ScriptDraft, old: str, new: str) -> bool:
    changed = False
    for _episode, scene in scenes_of(draft):
        place = scene.read.place
        if not place or old not in place:
            continue
        sub = _SUB_PLACE.match(place)
        if place == old:
            renamed = new
        elif sub and sub[1] == old:
            renamed = f"{new}{sub[2]}"
        else:
            parts = re.split(r"(\s*[/／]\s*)", place)
            renamed = "".join(new if part == old else part for part in parts)
        if renamed != place:
            scene.read = replace(scene.read, place=renamed)
            changed = True
    return changed
