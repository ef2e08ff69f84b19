"""What the reader of scripts has to say, in the language of who looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from scripts_app.choices import IntExt, TimeOfDay
from scripts_app.matching import CHANGED, MOVED, NEW, OMITTED, UNCHANGED
from scripts_app.parsers import CATALOGUE, ERROR, Decision, Fault, ParsedScript, fault_key
from studio.refusals import Refused

# What became of a scene; the empty kind is all that differ.
KIND_NAMES = {
    "": pgettext_lazy("scenes of two drafts", "All that differ"),
    UNCHANGED: pgettext_lazy("scenes of two drafts", "Unchanged"),
    CHANGED: pgettext_lazy("scenes of two drafts", "Changed"),
    MOVED: pgettext_lazy("scenes of two drafts", "Moved"),
    NEW: pgettext_lazy("scenes of two drafts", "New"),
    OMITTED: pgettext_lazy("scenes of two drafts", "Omitted"),
}
# Parameters that are words of ours and not of the file.
_WORDS = {"found"}


def fault_sentence(code: str, params: Mapping[str, Any], message: str = "") -> str:
    """The sentence of a fault; `message` is what stands when a later release dropped its code."""
    if code not in CATALOGUE:
        return message
    shown = {name: gettext(str(value)) if name in _WORDS else value for name, value in params.items()}
    try:
        return gettext(CATALOGUE[code][1]).format(**shown)
    except (KeyError, IndexError):
        return message


def _sentences(faults: tuple[tuple[str, Mapping[str, Any], str], ...]) -> str:
    return " ".join(fault_sentence(*one) for one in faults)


_lazy_sentences = lazy(_sentences, str)


def refusal(faults: Iterable[Fault]) -> Refused:
    """Why a file is not imported: the sentences of its errors."""
    errors = [each for each in faults if each.severity == ERROR]
    told = tuple((each.code, each.params, each.message) for each in errors)
    return Refused(errors[0].code, _lazy_sentences(told), field="file")


# What a kind of fault is called where many of them are counted.
KINDS = {
    "other_type": gettext_lazy("Named as another type"),
    "encoding_fallback": gettext_lazy("Old encoding"),
    "normalised": gettext_lazy("Look-alike characters"),
    "episode_missing": gettext_lazy("Episode missing"),
    "episode_duplicate": gettext_lazy("Episode stated twice"),
    "episode_repeated_head": gettext_lazy("Episode head repeated"),
    "episode_out_of_order": gettext_lazy("Episode out of order"),
    "episode_head_missing": gettext_lazy("Episode head missing"),
    "episode_without_scenes": gettext_lazy("Episode without scenes"),
    "episode_number_odd": gettext_lazy("Odd episode number"),
    "scene_missing": gettext_lazy("Scene missing"),
    "scene_repeated_head": gettext_lazy("Scene heading repeated"),
    "scene_numbers_none": gettext_lazy("No scene numbers"),
    "scene_number_missing": gettext_lazy("Scene without a number"),
    "scene_number_duplicate": gettext_lazy("Scene number used twice"),
    "scene_number_unreadable": gettext_lazy("Scene number unreadable"),
    "scene_episode_mismatch": gettext_lazy("Scene in another episode"),
    "scene_place_missing": gettext_lazy("Scene without a place"),
    "header_unclear": gettext_lazy("Unclear heading"),
    "text_before_scene": gettext_lazy("Text before the first scene"),
    "place_drift": gettext_lazy("Set under two names"),
    "time_contradicts_caption": gettext_lazy("Time against caption"),
    "speaker_not_in_cast": gettext_lazy("Speaker not in the cast line"),
    "speaker_alias": gettext_lazy("Role under two names"),
    "cast_never_speaks": gettext_lazy("Cast without a line"),
}

# What is decided, as a step of the list and on the button that decides it.
DECISIONS = {
    "rename_role": gettext_lazy("Rename the role {from} to {to}"),
    "rename_role_here": gettext_lazy("Rename the role {from} to {to} in the scene at line {line}"),
    "rename_set": gettext_lazy("Rename the set {from} to {to}"),
    "set_time": gettext_lazy("Scene at line {line}: time {time}"),
    "number_scene": gettext_lazy("Scene at line {line}: number {number}"),
    "number_episode": gettext_lazy("Episode at line {line}: number {number}"),
    "set_head": gettext_lazy("Heading at line {line}: {fields}"),
    "make_head": gettext_lazy("Line {line} is a scene heading"),
    "make_head_as": gettext_lazy("Line {line} is a scene heading: {fields}"),
    "split_scene": gettext_lazy("A scene begins above line {line}: {fields}"),
    "make_action": gettext_lazy("Line {line} is no heading"),
    "merge_up": gettext_lazy("Join the head at line {line} to what is above it"),
    "add_cast": gettext_lazy("Add {name} to the cast of the scene at line {line}"),
    "drop_cast": gettext_lazy("Take {name} off the cast of the scene at line {line}"),
    "ignore": gettext_lazy("Leave as it is: {what}"),
}

# The same beside its line, where the line need not be named.
DECISIONS_HERE = {
    "set_time": gettext_lazy("Make it {time}"),
    "number_scene": gettext_lazy("Number it {number}"),
    "number_episode": gettext_lazy("Number it episode {number}"),
    "make_head": gettext_lazy("Read it as a scene heading"),
    "make_action": gettext_lazy("It is no heading"),
    "merge_up": gettext_lazy("Join it to what is above"),
    "add_cast": gettext_lazy("Add {name} to the cast"),
    "drop_cast": gettext_lazy("Take {name} off the cast"),
    "rename_role_here": gettext_lazy("Rename the role {from} to {to} in this scene"),
}

BAD_DECISIONS = {
    "unknown_action": gettext_lazy("Say what is to be decided."),
    "from_missing": gettext_lazy("Say which name is meant."),
    "to_missing": gettext_lazy("Type the name it should have."),
    "to_unchanged": gettext_lazy("This is the name it has already."),
    "to_unreadable": gettext_lazy("This name is too long."),
    "number_missing": gettext_lazy("Type a number."),
    "number_unreadable": gettext_lazy("This is no number of a scene or an episode. Write 3-7, 3-7A or 3."),
    "set_missing": gettext_lazy("Name the set of the new scene."),
    "set_unreadable": gettext_lazy("The name of this set is too long."),
    "head_unchanged": gettext_lazy("Fill in what should be different."),
}
_ANY_BAD = gettext_lazy("This decision could not be read. Load the page again and decide anew.")
_NOTHING = pgettext_lazy("heading", "as it stands")


def kind_label(code: str) -> str:
    """A kind of fault in two or three words; a kind we have no words for goes by its code."""
    return str(KINDS.get(code) or code.replace("_", " "))


def bad_decision(code: str) -> Any:
    """Why a decision was not taken."""
    return BAD_DECISIONS.get(code, _ANY_BAD)


def decision_sentence(decision: Decision, parsed: ParsedScript | None = None, *, here: bool = False) -> str:
    """What a decision does; `here` beside its line. With `parsed`, a fault that is ignored is told in its own words."""
    action = decision["action"]
    shown = {name: value for name, value in decision.items() if name != "at"}
    if action == "ignore":
        shown["what"] = _ignored(decision, parsed)
    if decision.get("time"):
        shown["time"] = str(TimeOfDay(decision["time"]).label)
    if action in ("set_head", "make_head", "split_scene"):
        told = [decision.get("number"), decision.get("set")]
        told.append(str(IntExt(decision["int_ext"]).label) if decision.get("int_ext") else None)
        told.append(shown.get("time"))
        shown["fields"] = " · ".join(str(each) for each in told if each) or str(_NOTHING)
        if action == "make_head" and any(told):
            action = "make_head_as"
    if action == "rename_role" and decision.get("line"):
        action = "rename_role_here"
    sentences = DECISIONS | DECISIONS_HERE if here else DECISIONS
    return str(sentences[action]).format(**shown)


def _ignored(decision: Decision, parsed: ParsedScript | None) -> str:
    for each in parsed.ignored if parsed else ():
        about = each.line if "line" in decision else fault_key(each, parsed.lines) if parsed else ""
        if each.code == decision["code"] and about == decision.get("line", decision.get("key")):
            return fault_sentence(each.code, each.params, each.message)
    label = kind_label(decision["code"])
    return f"{label} ({decision['key']})" if decision.get("key") else label
