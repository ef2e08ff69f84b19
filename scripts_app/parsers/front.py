"""Front matter: title, logline, outline, character biographies, outlines of episodes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .episodes import undecorated
from .model import ParsedCharacter, SourceLine
from .normalise import numeral

_SECTIONS = {
    "title": "剧名|片名|剧本名称?|作品名称?|书名|短剧名称|Title",
    "logline": "一句话故事|一句话梗概|一句话简介|一句话|故事核心|核心梗|Logline|LOGLINE",
    "outline": "大纲|故事大纲|总大纲|整体大纲|故事梗概|剧情梗概|全剧梗概|梗概|剧情简介|故事简介|内容简介|简介|Synopsis|Outline",
    "characters": "人物小传|人物介绍|主要人物介绍|主要人物|人物简介|人物设定|角色介绍|角色小传|主要角色|人物表|人物|角色|Characters",
    "episode_outlines": "分集大纲|分集梗概|分集简介|每集梗概|各集梗概",
    "body": "正文|剧本正文|正文剧本|剧本内容|正片",
    "other": "版权状态|全本集数|集数|总集数|题材|类型|单集时长|每集时长|时长|编剧|作者|版权|受众|目标受众|亮点|项目亮点|主题|风格|故事背景|世界观|"
    "剧本类型|字数|总字数|标签|频道|制片|导演|出品|联系方式|备注|一句话卖点|卖点|创作说明",
}  # fmt: skip
_SECTION = {
    name: re.compile(
        rf"^(?:[一二三四五六七八九十0-9]{{1,2}}\s?[、.．]\s?)?[【\[《]?\s?(?:{words})\s?(?:[】\]》]\s?[:：]?|[:：]|$)\s*(?P<rest>.*)$"
    )
    for name, words in _SECTIONS.items()
}
_ANYWHERE = {
    "characters": "人物小传|人物介绍|角色介绍",
    "episode_outlines": "分集大纲|分集梗概",
    "body": "正文|剧本正文",
}
_HEADING = {
    name: re.compile(rf"^(?:[一二三四五六七八九十]\s?[、.．]\s?)?[【\[]?\s?(?:{words})\s?[】\]]?[:：]?$")
    for name, words in _ANYWHERE.items()
}
_BOOK = re.compile("^《([^《》]{1,40})》")
_BOOK_INSIDE = re.compile("《([^《》]{1,40})》")
_BIO = re.compile(
    r"^(?:[(（]?\d{1,2}[)）]?\s?[.、．,，]?\s?|[-•·]\s?)?(?P<name>[^\s：:（(，,。、.—]{1,12})\s?"
    r"(?:[（(](?P<note>[^（）()]{0,40})[）)])?\s?(?:[：:，,]|——?|(?<=\s)(?=[男女](?:\s|，|,|$)|\d{1,3}\s?岁))\s?(?P<bio>.*)$"
)
# What a biography spread over lines says of the role above.
_TRAITS = {
    "性格", "年龄", "身份", "外貌", "外形", "背景", "职业", "性别", "关系", "人设", "特点", "技能", "人物关系", "经历", "动机", "目标", "弱点", "标签",
    "金句", "口头禅", "外号", "身高", "人物弧光", "成长线",
}  # fmt: skip
_AGE = re.compile(r"(?<!\d)(\d{1,3})\s?岁?")
_AGE_STATED = re.compile(r"^年龄\s?[:：]\s?(\d{1,3})")
_AGE_IN_BIO = re.compile(rf"(?<!\d)(\d{{1,3}}|[{'一二三四五六七八九十两'}]{{1,3}})岁")
_OUTLINE_LINE = re.compile(r"^[#*\s]*第\s?([0-9〇零一二两三四五六七八九十百]{1,7})\s?集\s?[:：、.\s]*(.*)$")


def section_of(text: str, inside_story: bool) -> tuple[str, str] | None:
    """Section name and the text after its heading; inside the story only unmistakable headings count."""
    if len(text) > 4000:
        return None
    bare = undecorated(text)
    if inside_story:
        if len(bare) > 12:
            return None
        return next(((name, "") for name, pattern in _HEADING.items() if pattern.match(bare)), None)
    for source in (bare, text):
        for name, pattern in _SECTION.items():
            match = pattern.match(source)
            if match:
                return name, match["rest"].strip()
    return None


@dataclass(slots=True)
class FrontMatter:
    """Front matter as it grows, line by line."""

    title: str | None = None
    lines: list[SourceLine] = field(default_factory=list)
    logline: list[str] = field(default_factory=list)
    outline: list[str] = field(default_factory=list)
    characters: list[ParsedCharacter] = field(default_factory=list)
    episode_outlines: dict[int, list[str]] = field(default_factory=dict)
    section: str = "preface"
    _episode: int | None = None

    def open(self, section: str) -> None:
        self.section = section
        self._episode = None

    def take(self, line: int, written: str, text: str, heading: str | None = None) -> None:
        """Keep the line and read what its section makes of it (`heading`: text after a section heading)."""
        self.lines.append(SourceLine(line, written, self.section))
        text = heading if heading is not None else text
        if not text:
            return
        if self.section == "preface":
            self._preface(text)
        elif self.section == "title":
            if self.title is None:
                self.title = text.strip("《》 ")
        elif self.section == "logline":
            self.logline.append(text)
        elif self.section == "outline":
            self.outline.append(text)
        elif self.section == "characters":
            self._character(line, text)
        elif self.section == "episode_outlines":
            self._episode_outline(text)

    def _preface(self, text: str) -> None:
        bare = undecorated(text)
        book = _BOOK.match(bare) or (_BOOK_INSIDE.search(bare) if len(bare) <= 40 and len(self.lines) <= 2 else None)
        if self.title is None and book:
            self.title = book[1].strip()
        elif self.title is None and len(self.lines) == 1 and len(bare) <= 20 and not re.search("[：:。，]", bare):
            self.title = bare

    def _character(self, line: int, text: str) -> None:
        match = _BIO.match(text.replace("**", ""))
        if match and self.characters and match["name"] in _TRAITS:
            match = None
        if match and re.search(r"[^\W\d_]", match["name"]) and not match["name"].startswith("【"):
            note, bio = match["note"] or "", match["bio"].strip()
            aged = _AGE.search(note) or _AGE_IN_BIO.search(bio[:60])
            age = numeral(aged[1]) if aged else None
            self.characters.append(ParsedCharacter(match["name"], age if age and age < 150 else None, bio, line))
        elif self.characters:
            last = self.characters.pop()
            bio = f"{last.bio}\n{text}" if last.bio else text
            age = last.age
            if age is None and (aged := _AGE_IN_BIO.search(text[:60]) or _AGE_STATED.match(text)):
                age = numeral(aged[1])
            self.characters.append(ParsedCharacter(last.name, age, bio, last.line))

    def _episode_outline(self, text: str) -> None:
        match = _OUTLINE_LINE.match(text)
        number = numeral(match[1]) if match else None
        if match and number is not None:
            self._episode = number
            self.episode_outlines.setdefault(number, [])
            text = match[2].strip()
        if self._episode is not None and text:
            self.episode_outlines[self._episode].append(text)
