"""Scene heads: numbers, labels, and which lines are heads at all.

Source: the spellings collected from real scripts; every one of them is a test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .episodes import MAX_HEAD, undecorated
from .fields import SceneHead, head_from_fields, read_fields
from .normalise import NUMERAL, numeral
from .slugs import english_int_ext, slugline
from .times import CLOCK, INT_EXT, int_ext

_LABEL = re.compile(
    r"(?P<key>场景地点|拍摄地点|地点|场景|场地|内外景|景别内外|时间|出场人物|出场角色|登场人物|场景人物|人物|角色|出场|"
    r"道具|Location|LOCATION|Place|Time|TIME|INT/EXT|Int/Ext|Cast|CAST|Characters)\s{0,3}[:：]"
)
_PLACE_KEYS = {"场景地点", "拍摄地点", "地点", "场景", "场地", "location", "place"}
_TIME_KEYS = {"时间", "time"}
_INT_KEYS = {"内外景", "景别内外", "int/ext"}
_CAST_KEYS = {"出场人物", "出场角色", "登场人物", "场景人物", "人物", "角色", "出场", "cast", "characters"}
_NUMBER = re.compile(
    r"^(?P<label>场次|场景|场|SCENE|Scene|SC\.?(?=\s?\d)|S(?=\d))?\s{0,3}[:：#]?\s{0,3}"
    r"(?P<bracket>[(（])?\s?(?P<first>\d{1,4}[A-Za-z]?)"
    r"(?:\s?[-—–－_.．]{1,2}\s?(?P<second>\d{1,4}[A-Za-z]{0,2}))?\s?(?(bracket)[)）])"
    r"(?P<after>\s?(?:场次|场景|场|#))?(?P<end>\s{0,5}[、.．:：,，—–\-]{0,2}\s{0,5})(?P<rest>.*)$"
)
_NUMBER_CN = re.compile(
    rf"^(?:场次\s?[:：]\s?)?(?:第\s?(?P<first>[{NUMERAL}]{{1,6}})\s?集\s?)?第\s?(?P<second>[{NUMERAL}]{{1,6}})\s?场(?P<end>[景次]?[\s、.．:：,，]{{0,5}})"
    rf"(?P<rest>.*)$"
)
_NUMBER_WORD = re.compile(
    r"^(?:场次|场景|场)\s?(?P<scene>[一二三四五六七八九十百]{1,5})(?=[\s、.．:：,，]|$)[\s、.．:：,，]{0,5}(?P<rest>.*)$"
)
_ACT = re.compile(rf"^第\s?([{NUMERAL}]{{1,6}})\s?幕\s{{0,3}}[:：、.]?\s{{0,3}}(.{{0,40}})$")
_ADDED = re.compile(r"^[+＋]\s?(?:场次|场景|场|戏)\s{0,3}[:：]?\s{0,3}(?P<rest>.*)$")
_SENTENCE = re.compile('[。！？!?…“”"；]')
_SPAN = re.compile(
    "^(?:多|几)?(?:天|日|年|周|个?月|个?星期|个?小时|分钟|秒)(?:之?[后前内]|以[后前内]|来|里|多|$|[ ，])"
)  # 3 天后 夜
_NO_PLACE = re.compile(
    "^(?:内心|独白|旁白|画外|字幕|特写|近景|远景|全景|中景|空镜|镜头|画面|音效|特效|闪回|心声|OS|VO|系统)"
)


def from_label(key: str, value: str) -> SceneHead:
    """One labelled field of a head (`地点：兰州拉面馆`, `Time: 11:47 PM`)."""
    key = key.lower()
    if key in _CAST_KEYS:
        return SceneHead(cast_text=value, labelled=True)
    if key in _TIME_KEYS:
        fields = read_fields(value)
        written = fields.time or value.strip(" ,，。;；")
        return SceneHead(time_written=written or None, int_ext=fields.int_ext, labelled=True)
    if key in _INT_KEYS:
        return SceneHead(int_ext=int_ext(value) or english_int_ext(value), labelled=True)
    if key in _PLACE_KEYS:
        return replace(head_from_fields(read_fields(value)), labelled=True)
    return SceneHead(note=f"{key}：{value}", labelled=True)


def label_parts(text: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first label, and the labelled fields of a line."""
    found = list(_LABEL.finditer(text[:400]))
    if not found:
        return text, []
    parts = []
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        parts.append((match["key"], text[match.end() : end].strip(" 　；;，,")))
    return text[: found[0].start()].strip(), parts


def label_line(text: str) -> SceneHead | None:
    """A line that is nothing but labelled fields of a head (not only a cast line), or None."""
    if len(text) > MAX_HEAD * 3:
        return None
    before, parts = label_parts(text)
    if before.strip(" （(【") or not parts or parts[0][0].lower() in _CAST_KEYS or parts[0][0] == "道具":
        return None
    head = SceneHead()
    for key, value in parts:
        head = head.merged(from_label(key, value))
    return replace(head, labelled=True)


@dataclass(frozen=True, slots=True)
class NumberRead:
    """The number at the start of a line and the text after it."""

    number: str
    episode: int | None
    scene: str
    labelled: bool
    rest: str
    separated: bool  # a space or mark stood between number and text


def leading_number(text: str) -> NumberRead | None:
    match = _NUMBER_CN.match(text)
    if match:
        which, within = numeral(match["second"]), numeral(match["first"]) if match["first"] else None
        if which is None or (match["first"] and within is None):
            return None
        written = re.sub(r"^场次\s?[:：]\s?", "", text[: match.start("end")]).strip()
        return NumberRead(written, within, str(which), True, match["rest"].strip(), True)
    match = _NUMBER_WORD.match(text)
    if match and (counted := numeral(match["scene"])) is not None:
        return NumberRead(text[: match.end("scene")], None, str(counted), True, match["rest"].strip(), True)
    match = _NUMBER.match(text)
    if match is None:
        return None
    first, second = match["first"], match["second"]
    labelled = bool(match["label"] or (match["after"] and match["after"].strip() != "#"))
    episode: int | None = None
    if second is None:
        scene, written = _unpadded(first), first
    elif first.isdigit():
        episode, scene, written = int(first), _unpadded(second), f"{first}-{second}"
    else:
        return None
    gap = text[: match.start("rest")][-1:]
    separated = labelled or not match["rest"] or not gap.isalnum() or match["rest"][0] in "日夜晨昏内外（(【"
    return NumberRead(written, episode, scene, labelled, match["rest"].strip(), separated)


def _unpadded(number: str) -> str:
    """`01A` -> `1A`: numbers that differ in leading zeros alone are the same number."""
    return re.sub(r"^0+(?=\d)", "", number.upper())


def read_scene_line(text: str, current_episode: int | None = None) -> SceneHead | None:
    """A head that stands on one line, or None when the line is not one.

    A number alone is not enough: the line also needs a time, an inside/outside word, the word 场景, or to be
    numbered with the current episode.
    """
    if not text or len(text) > MAX_HEAD * 3:
        return None
    bare = undecorated(text)
    slug = slugline(bare)
    if slug is not None:
        return slug
    added = _ADDED.match(bare)
    if added:
        head = _rest_of_head(added["rest"])
        return replace(head, number="+", labelled=True) if head else None
    number = leading_number(bare)
    if number is None:
        return _numberless(bare)
    if not number.labelled and number.episode is None and _SPAN.match(number.rest):
        return None
    head = _rest_of_head(number.rest)
    if head is None or not (number.separated or (head.time_written and head.int_ext)):
        return None
    head = replace(
        head,
        number=number.number,
        episode=number.episode,
        scene=number.scene,
        labelled=head.labelled or number.labelled,
    )
    if not number.rest:
        return head if number.labelled else None
    if number.labelled and (head.place or head.time_written or head.int_ext or head.title):
        return head
    stated = bool(head.time_written) + bool(head.int_ext)
    if head.place is None:
        return head if stated == 2 or (stated and number.episode is not None) else None
    if stated or head.labelled:
        return head
    if number.episode is not None and len(number.rest) <= 20 and number.episode == current_episode:
        return head
    return None


def _rest_of_head(rest: str) -> SceneHead | None:
    """The fields after a number; None when the text is a sentence."""
    before, parts = label_parts(rest)
    title = None
    if parts:
        before = before.strip(" —–-:：、.")
        if before and not read_fields(before).time and not read_fields(before).int_ext:
            title, before = before, ""
    elif len(rest) > MAX_HEAD or _SENTENCE.search(rest) or re.search("[:：]", CLOCK.sub("", rest)):
        return None
    if before and not parts and re.match(r"^[A-Z][A-Z0-9 ,.'’&-]+$", before) and not read_fields(before).time:
        return SceneHead(title=before)
    head = head_from_fields(read_fields(before))
    if head.place and len(head.place) > 40:
        return None
    for key, value in parts:
        head = head.merged(from_label(key, value))
    return replace(head, title=title, labelled=bool(parts))


_SCENERY = re.compile(rf"^({INT_EXT}景?)[\s:：.．、,，]+(?=\S)")


def _numberless(text: str) -> SceneHead | None:
    """`内景 客厅 - 夜`, `客厅 日 内`: a head without a number must say both when and where it is shot from."""
    if len(text) > 40 or _SENTENCE.search(text) or _LABEL.search(text) or re.search("[:：△▲∆]", text):
        return None
    fields = read_fields(text)
    if not fields.place or _NO_PLACE.match(fields.place) or not fields.int_ext:
        return None
    explicit = _SCENERY.match(text) is not None and "景" in text[:4]
    if not explicit and (fields.time is None or fields.count > 5 or fields.notes):
        return None
    return head_from_fields(fields)


def act_head(text: str) -> tuple[str, str] | None:
    """Number and title of `第一幕：...`, a scene in some layouts; the caller looks at what follows."""
    match = _ACT.match(undecorated(text)) if len(text) <= MAX_HEAD else None
    number = numeral(match[1]) if match else None
    return (str(number), match[2].strip()) if match and number is not None else None
