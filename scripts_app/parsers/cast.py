"""Cast lines: `人物：满满 阿丰、男同学*4（逃课）`, `人 甲 乙`, `人物：无`."""

from __future__ import annotations

import re

from .model import CastMember
from .normalise import numeral

_CAST = re.compile(
    r"^(?:出场人物|出场角色|登场人物|场景人物|人物|出场|角色|演员|人|Cast|CAST|Characters|CHARACTERS)\s{0,3}[:：]\s{0,3}(.*)$"
)
_BARE = re.compile(r"^人[ ]+([^\s，。：:！？]{1,12}(?:[ 、，,]+[^\s，。：:！？]{1,12}){0,30})$")
_TOKEN = re.compile(
    r"(?P<note>[(（【\[][^()（）【】\[\]]{0,80}[)）】\]])|(?P<sep>[、，,；;/\s。.|]+)|(?P<name>[^、，,；;/\s。.|(（【\[]+)|(?P<odd>.)"
)
_TIMES = re.compile(r"^(.+?)[*×xX＊](\d{1,4})$")
_HEADS = re.compile(r"^(.+?)([0-9〇零一二两三四五六七八九十百]{1,4})[名个位人](?:人)?$")
_BEFORE = re.compile(r"^([0-9两三四五六七八九十百]{1,4})[名个位]([^\s]{1,10})$")
_SOME = re.compile(r"^(.+?)(若干|数名|数人|多名|多人|一群|几名|几人|等人|等)[名人]?$")
_LETTERED = re.compile("^([\u4e00-\u9fff]{1,6}?)([甲乙丙丁]{2,4}|[A-D]{2,4})$")  # 丫鬟甲乙
_FIELD = re.compile(r"^[^、，,；;/\s(（]{2,8}[:：]")
_NOBODY = {"无", "无人", "暂无", "空", "无人物", "none", "-"}


def cast_line(text: str) -> str | None:
    """The names part of a cast line, or None when the line is not one."""
    if len(text) > 600:
        return None
    match = _CAST.match(text)
    if match:
        return match[1]
    bare = _BARE.match(text) if len(text) < 200 else None
    return bare[1] if bare else None


def read_cast(text: str) -> tuple[CastMember, ...]:
    """Members in order, each name once; trailing fields such as `本集死亡：无` are not members."""
    members: dict[str, CastMember] = {}
    last: str | None = None
    after_gap = True
    for match in _TOKEN.finditer(text):
        word = match.group().strip()
        if match.lastgroup == "sep":
            after_gap = True
            continue
        if match.lastgroup == "note":
            note = word[1:-1].strip()
            if last is not None and note and not _FIELD.match(note):
                old = members[last]
                count = _stated_count(note)
                if count is not None and old.count == 1:
                    members[last] = CastMember(old.name, count, old.note)
                else:
                    members[last] = CastMember(old.name, old.count, f"{old.note}；{note}" if old.note else note)
            continue
        if match.lastgroup == "odd" or not word:
            continue
        if _FIELD.match(word + "：") and re.match(r"^[^:：]{2,8}[:：]", word):
            break  # a further field of the line begins
        if word in ("等", "若干", "数名") and last is not None:
            members[last] = CastMember(members[last].name, None, members[last].note)
            continue
        several = _LETTERED.match(word)
        if several and (after_gap or last is None):
            for letter in several[2]:
                last = f"{several[1]}{letter}"
                members.setdefault(last, CastMember(last))
            after_gap = False
            continue
        member = _member(word)
        if member is None:
            continue
        if after_gap or last is None:
            members.setdefault(member.name, member)
            last = member.name
        after_gap = False
    return tuple(members.values())


def _stated_count(note: str) -> int | None:
    match = re.match(r"^[*×xX]?([0-9两三四五六七八九十百]{1,4})[名个位人]?$", note)
    return numeral(match[1]) if match else None


def _member(word: str) -> CastMember | None:
    word = word.strip("*_：:")
    if not word or word.lower() in _NOBODY:
        return None
    match = _TIMES.match(word)
    if match:
        return CastMember(match[1], int(match[2]))
    match = _SOME.match(word)
    if match:
        return CastMember(match[1], None)
    match = _HEADS.match(word)
    if match and len(match[1]) >= 2 and (count := numeral(match[2])):
        return CastMember(match[1], count)
    match = _BEFORE.match(word)
    if match and (count := numeral(match[1])):
        return CastMember(match[2], count)
    return CastMember(word)
