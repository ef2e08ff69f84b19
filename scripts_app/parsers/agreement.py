"""Where a script disagrees with itself: speakers beside cast lines, drifting places, times against captions.

All of it is said and nothing changed; each fault names its repair. Whoever errs here errs towards silence: a false
alarm in eighty episodes is read eighty times.
"""

from __future__ import annotations

import re
from collections import Counter

from .faults import Fault, Proposal, fault
from .model import ParsedCharacter, ParsedElement, ParsedEpisode, ParsedScene

_CROWD = re.compile(
    "众|群|路人|宾客|全场|全班|记者|旁白|画外|系统|广播|所有人|大家|们$|若干|人[甲乙丙丁]|[甲乙丙丁ABCD]$|NARRATOR|[、/&]"
)
# What makes another person of a name (沈乐 and 沈乐妈妈), so that the shorter is no nickname of the longer.
_SOMEBODY_ELSE = re.compile(
    "妈|爸|父|母|爷|奶|公$|婆|哥|姐|弟|妹|叔|姨|婶|舅|姑|嫂|儿|女|子$|妻|夫|孙|老师|助理|秘书|司机|管家|保镖|律师|医生|同学|同事|朋友|"
    "经理|总|太太|粉丝|手下|小弟|丫鬟|侍卫|[甲乙丙丁0-9A-Za-z]"
)
_CALLED = re.compile(
    "^(?:[小老阿](?P<after>[\u4e00-\u9fff])|(?P<before>[\u4e00-\u9fff]{1,2})(?:总|董|小姐|先生|经理|医生|老师|律师|警官|队长|少|爷))$"
)


def say_of_speakers(
    episodes: tuple[ParsedEpisode, ...], characters: tuple[ParsedCharacter, ...], faults: list[Fault]
) -> None:
    """Speakers who are in no cast line or there by a longer name, and cast who never speak."""
    described = {role.name for role in characters}
    on_cast = {member.name for episode in episodes for scene in episode.scenes for member in scene.cast}
    on_cast |= {member.name for episode in episodes for member in episode.cast}
    full = described or on_cast or {name for episode in episodes for scene in episode.scenes for name in scene.speakers}
    aliases: dict[str, list[tuple[int, str, str]]] = {}  # short -> line, full name, scene
    for episode in episodes:
        for scene in episode.scenes:
            names = [member.name for member in (*scene.cast, *episode.cast)]
            for element in _first_lines(scene):
                speaker = element.speaker or ""
                if speaker in names or speaker in described or _CROWD.search(speaker):
                    continue
                named = [member.name for member in scene.cast if member.note == speaker]
                if len(named) == 1 and named[0] not in aliases:
                    # 红裙女孩（陈雪）: the line itself gives the name that speaks.
                    aliases.setdefault(named[0], []).append((element.line, speaker, scene.number))
                if named:
                    continue
                meant = _meant(speaker, names) if names else None
                if meant is None and speaker not in on_cast:
                    meant = _meant(speaker, full)
                if meant is not None:
                    aliases.setdefault(speaker, []).append((element.line, meant, scene.number))
                elif names:
                    proposal: Proposal = {"action": "add_cast", "line": scene.line, "name": speaker}
                    faults.append(
                        fault("speaker_not_in_cast", element.line, proposal, speaker=speaker, number=scene.number)
                    )
            for member in scene.cast:
                if member.name in described or not described or member.count != 1 or _CROWD.search(member.name):
                    continue
                meant = _meant(member.name, described)
                if meant is not None:
                    aliases.setdefault(member.name, []).append((scene.line, meant, scene.number))
    for speaker, found in aliases.items():
        faults.extend(_alias_faults(speaker, found))
    _say_of_silence(episodes, {name for found in aliases.values() for _, name, _ in found} | set(aliases), faults)


def _alias_faults(speaker: str, found: list[tuple[int, str, str]]) -> list[Fault]:
    """One fault when the short name means the same person everywhere, else one for each scene."""
    same = len({name for _, name, _ in found}) == 1
    told = []
    for line, name, number in found[:1] if same else {each[2]: each for each in found}.values():
        proposal: Proposal = {"action": "rename_role", "from": speaker, "to": name}
        if not same:
            proposal["scene"] = number
        told.append(fault("speaker_alias", line, proposal, speaker=speaker, name=name, number=number))
    return told


def _meant(short: str, names: list[str] | set[str]) -> str | None:
    """The one name that `short` (乔, 安然, 乔总, 小乔) may stand for; None when it is several or none."""
    near = [name for name in dict.fromkeys(names) if name != short and _is_short_for(short, name)]
    if not near and (called := _CALLED.match(short)):
        core = called["after"] or called["before"]
        near = [
            name for name in dict.fromkeys(names)
            if name != short and _plain_name(name) and (name.startswith(core) or (called["after"] and core in name[1:]))
        ]  # fmt: skip
    return near[0] if len(near) == 1 else None


def _plain_name(name: str) -> bool:
    return 2 <= len(name) <= 4 and _SOMEBODY_ELSE.search(name[1:]) is None and _CROWD.search(name) is None


def _is_short_for(short: str, name: str) -> bool:
    if len(short) >= len(name) or _CROWD.search(name):
        return False
    if "·" in name or " " in name:
        return short in re.split("[· ]", name)
    if name.isascii() or len(name) > 4:
        return False
    if name.startswith(short):
        return _SOMEBODY_ELSE.search(name[len(short) :]) is None
    # 安然 for 乔安然; a lone last character is too little to go by.
    return name.endswith(short) and len(short) >= 2 and len(name) - len(short) <= 2 and not _SOMEBODY_ELSE.search(short)


def _say_of_silence(episodes: tuple[ParsedEpisode, ...], nicknamed: set[str], faults: list[Fault]) -> None:
    ever_spoke = nicknamed | {name for episode in episodes for scene in episode.scenes for name in scene.speakers}
    said: set[str] = set()
    for episode in episodes:
        for scene in episode.scenes:
            for member in scene.cast:
                name = member.name
                if member.count != 1 or name in ever_spoke or name in said or _CROWD.search(name):
                    continue
                said.add(name)
                # Somebody the text shows is there without a word; one it never names may have slipped in.
                seen = any(name in element.text for element in scene.elements)
                proposal: Proposal | None = None if seen else {"action": "drop_cast", "line": scene.line, "name": name}
                faults.append(fault("cast_never_speaks", scene.line, proposal, name=name, number=scene.number))


def _first_lines(scene: ParsedScene) -> list[ParsedElement]:
    firsts: dict[str, ParsedElement] = {}
    for element in scene.elements:
        if element.speaker:
            firsts.setdefault(element.speaker, element)
    return list(firsts.values())


# --- places ---

_JOINTS = re.compile(r"[\s·・.\-—–_、,，的]+")
_INSIDE = re.compile("^(.{2,}?)(?:里面|里头|里边|内部|里|内|中)$")
_BRACKETED = re.compile(r"^(?P<outer>[^（()）]+)[（(](?P<inner>[^（()）]+)[)）]$")


def say_of_places(
    episodes: tuple[ParsedEpisode, ...], characters: tuple[ParsedCharacter, ...], faults: list[Fault]
) -> None:
    """客厅里 beside 客厅, 客厅 beside 林家客厅 when nobody else has one."""
    counts: Counter[str] = Counter()
    first: dict[str, int] = {}
    for episode in episodes:
        for scene in episode.scenes:
            if scene.place and not scene.montage:
                counts[scene.place] += 1
                first.setdefault(scene.place, scene.line)
    groups: dict[str, list[str]] = {}
    for place in counts:
        groups.setdefault(_core(place), []).append(place)
    kept: dict[str, str] = {}  # core -> the spelling to keep
    for core, spellings in groups.items():
        kept[core] = max(spellings, key=lambda each: (counts[each], -len(each), -first[each]))
        for place in spellings:
            if place != kept[core]:
                faults.append(_drift(place, kept[core], first[place], counts[place]))
    owners = {role.name for role in characters}
    by_end: dict[str, list[str]] = {}  # 客厅 -> 林家客厅, 顾家客厅
    for core in groups:
        for cut in range(1, min(5, len(core) - 1)):
            by_end.setdefault(core[cut:], []).append(core)
    for core in groups:
        longer = by_end.get(core, [])
        if len(longer) == 1 and _owned(longer[0][: -len(core)], owners):
            place = kept[core]
            faults.append(_drift(place, kept[longer[0]], first[place], counts[place]))


def _core(place: str) -> str:
    """What of a place's name does not change when it is written loosely."""
    bracketed = _BRACKETED.match(place)
    if bracketed:
        place = bracketed["inner"] + bracketed["outer"]
    core = _JOINTS.sub("", place) if not place.isascii() else place.upper()
    inside = _INSIDE.match(core)
    return inside[1] if inside else core


def _owned(owner: str, names: set[str]) -> bool:
    """林家, 顾氏, 沈府, or somebody by name: what says whose a place is, and not which of several."""
    return owner in names or (len(owner) >= 2 and owner[-1] in "家氏府宅")


def _drift(place: str, name: str, line: int, count: int) -> Fault:
    proposal: Proposal = {"action": "rename_set", "from": place, "to": name}
    return fault("place_drift", line, proposal, place=place, name=name, count=count)


# --- times ---

_CAPTION_TIME = re.compile(
    "(?P<night>深夜|午夜|半夜|凌晨|夜晚|夜里|当晚|晚上|夜间)|(?P<dawn>清晨|早晨|黎明|拂晓)|(?P<dusk>傍晚|黄昏)|"
    "(?P<day>上午|中午|正午|下午|午后|白天)"
)
# Neighbours that writers use for each other: 凌晨 may be dark or dawn, 清晨 is shot as 日.
_FAR = {
    ("day", "night"),
    ("night", "day"),
    ("dawn", "night"),
    ("dusk", "dawn"),
    ("dawn", "dusk"),
    ("night", "dusk"),
    ("night", "dawn"),
}
_ONSCREEN = {
    "短信",
    "微信",
    "微信消息",
    "弹幕",
    "屏幕",
    "手机屏幕",
    "手机短信",
    "屏幕字幕",
}  # tells another time than now


def say_of_times(episodes: tuple[ParsedEpisode, ...], faults: list[Fault]) -> None:
    """字幕：深夜 in a scene headed 日. The caption must open the scene: further down time may have passed."""
    for episode in episodes:
        for scene in episode.scenes:
            if scene.time_of_day is None or scene.montage:
                continue
            for element in scene.elements[:3]:
                if element.kind != "caption" or element.label in _ONSCREEN:
                    continue
                found = list(_CAPTION_TIME.finditer(element.text[:60]))
                if len(found) != 1 or found[0].lastgroup is None:
                    continue
                stated = found[0].lastgroup
                early = found[0].group() == "凌晨" and scene.time_of_day == "dawn"
                if (stated, scene.time_of_day) in _FAR and not early:
                    faults.append(
                        fault(
                            "time_contradicts_caption", element.line,
                            {"action": "set_time", "line": scene.line, "time": stated},
                            number=scene.number, time=scene.time_written or "", caption=element.text[:60],
                        )
                    )  # fmt: skip
                break


# --- numbers ---


def say_of_gaps(episodes: tuple[ParsedEpisode, ...], faults: list[Fault]) -> None:
    """Scene numbers left out within an episode (1-1, 1-3)."""
    every = {scene.number for episode in episodes for scene in episode.scenes}
    for episode in episodes:
        rows = [(scene, _counted(scene)) for scene in episode.scenes]
        previous = 0 if rows and rows[0][1] is not None and _states_episode(rows[0][0]) else None
        for index, (scene, number) in enumerate(rows):
            if number is None:
                continue
            if previous is not None and number > previous + 1:
                left = [f"{episode.number}-{each}" for each in range(previous + 1, min(number, previous + 21))]
                missing = [each for each in left if each not in every]
                if missing and scene.number.startswith(f"{episode.number}-"):
                    following = rows[index + 1][1] if index + 1 < len(rows) else None
                    slip = missing[0] == left[0] and following == previous + 2  # 1, 22, 3
                    missing = missing[:1] if slip else missing
                    proposal: Proposal | None = None
                    if slip:
                        proposal = {"action": "number_scene", "line": scene.line, "number": missing[0]}
                    faults.append(
                        fault("scene_missing", scene.line, proposal, missing=", ".join(missing), number=scene.number)
                    )
                    if slip:
                        number = previous + 1
            previous = number


def _counted(scene: ParsedScene) -> int | None:
    number = scene.number.partition("-")[2]
    return int(number) if scene.written_number is not None and number.isdigit() else None


def _states_episode(scene: ParsedScene) -> bool:
    return re.search(r"\d\s?[-—–－_.．]{1,2}\s?\d", scene.written_number or "") is not None
