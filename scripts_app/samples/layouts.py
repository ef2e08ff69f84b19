"""Every way a script is laid out, by the spellings collected from real ones: heads, cast lines, speech, marks.

A spelling turns what is true of a scene into lines. Some say less than others (`场景2` names no place): `silent` lists
what a reader cannot know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .generator import TrueLine, TrueScene

_UNITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """`12` -> `十二`, up to 999."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{_UNITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _UNITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_UNITS[ones] if ones or not text else "")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a head may say; `flash` is text a writer adds to the place."""

    episode: int
    scene: str
    place: str
    inside: str  # 内 or 外
    time: str  # day, night, dawn or dusk
    flash: str = ""
    cast: str = ""  # the members alone, for heads that hold the cast
    title: str = ""

    @property
    def when(self) -> str:
        return {"day": "日", "night": "夜", "dawn": "晨", "dusk": "傍晚"}[self.time]

    @property
    def where(self) -> str:
        return f"{self.place}{self.flash}"


Head = Callable[[Facts], list[str]]
_LATE = {"day": "午后", "night": "深夜", "dawn": "清晨", "dusk": "黄昏"}
_OTHER = {"day": "白天", "night": "雨夜", "dawn": "黎明", "dusk": "暮"}
_OLD = {"day": "巳时", "night": "亥时三刻", "dawn": "卯时", "dusk": "酉时"}
_ENGLISH = {"day": "DAY", "night": "NIGHT", "dawn": "DAWN", "dusk": "DUSK"}
_CLOCK = {"day": "10:30 AM", "night": "11:47 PM", "dawn": "5:40 AM", "dusk": "6:15 PM"}


@dataclass(frozen=True, slots=True)
class HeadStyle:
    write: Head
    states_episode: bool = True
    silent: frozenset[str] = frozenset()
    holds_cast: bool = False
    flash_in_place: bool = True
    numbered: bool = True
    prefix: str = ""  # what every place of this spelling begins with

    @property
    def says_all(self) -> bool:
        return self.numbered and not self.silent and not self.holds_cast


_ONE = frozenset({"int_ext"})

HEADS: dict[str, HeadStyle] = {
    "1-1 日 内 客厅": HeadStyle(lambda f: [f"{f.episode}-{f.scene} {f.when} {f.inside} {f.where}"]),
    "场 1-1 日 外 公园": HeadStyle(lambda f: [f"场 {f.episode}-{f.scene} {f.when} {f.inside} {f.where}"]),
    "场1-1 日 内 机舱": HeadStyle(lambda f: [f"场{f.episode}-{f.scene} {f.when} {f.inside} {f.where}"]),
    "3—1场景：日，外，校场": HeadStyle(lambda f: [f"{f.episode}—{f.scene}场景：{f.when}，{f.inside}，{f.where}"]),
    "1-1场景：银行外 日 外": HeadStyle(lambda f: [f"{f.episode}-{f.scene}场景：{f.where} {f.when} {f.inside}"]),
    "场景2": HeadStyle(
        lambda f: [f"场景{f.scene}"], False, frozenset({"int_ext", "time", "place", "flash"}), flash_in_place=False
    ),
    "场景1：病房，内，日": HeadStyle(lambda f: [f"场景{f.scene}：{f.where}，{f.inside}，{f.when}"], False),
    "**1-1 日 内 新沪市**": HeadStyle(lambda f: [f"**{f.episode}-{f.scene} {f.when} {f.inside} {f.where}**"]),
    "1 张三卧室 日内": HeadStyle(lambda f: [f"{f.scene} {f.where} {f.when}{f.inside}"], False),
    "第一幕/场景： 现代·深夜·超市。": HeadStyle(
        lambda f: [
            f"第{chinese_number(int(f.scene))}幕：{f.title}",
            f"场景： 现代·{_LATE[f.time]}·{f.place}。 人物： {f.cast}。",
        ],
        False, _ONE, holds_cast=True, flash_in_place=False,
    ),
    "场次（1）地点：…；出场人物：": HeadStyle(
        lambda f: [f"场次（{f.scene}）地点：{f.place}，{f.when}，{f.inside}；出场人物：{f.cast}"],
        False, holds_cast=True, flash_in_place=False,
    ),
    "场次：1/地点：/时间：/内外景：": HeadStyle(
        lambda f: [f"场次：{f.scene}", f"地点：{f.where}", f"时间：{f.when}", f"内外景：{f.inside}"], False
    ),
    "1-1/时间：/地点：": HeadStyle(
        lambda f: [f"{f.episode}-{f.scene}", f"时间：{_LATE[f.time]}", f"地点：{f.place}"],
        silent=_ONE, flash_in_place=False,
    ),
    "1/咖啡馆 日 内": HeadStyle(lambda f: [f.scene, f"{f.where} {f.when} {f.inside}"], False),
    "1-1、老城·旧址 深夜 外": HeadStyle(
        lambda f: [f"{f.episode}-{f.scene}、上海老城·{f.where} {_LATE[f.time]} {f.inside}"], prefix="上海老城·"
    ),
    "2-1、外墙 亥时三刻 外": HeadStyle(lambda f: [f"{f.episode}-{f.scene}、{f.where} {_OLD[f.time]} {f.inside}"]),
    "内景 客厅 - 夜": HeadStyle(
        lambda f: [f"{f.inside}景 {f.where} - {f.when}"], False, numbered=False
    ),
    "8-1/场景：夜 内 堂屋": HeadStyle(
        lambda f: [f"{f.episode}-{f.scene}", f"场景：{f.when} {f.inside} {f.where}"]
    ),
    "## 1-1 客厅-内-日": HeadStyle(lambda f: [f"## {f.episode}-{f.scene} {f.where}-{f.inside}-{f.when}"]),
    "1-1 公司楼下 日 外": HeadStyle(lambda f: [f"{f.episode}-{f.scene} {f.where} {f.when} {f.inside}"]),
    "EXT. YARD - DAY #2#": HeadStyle(
        lambda f: [f"{'INT' if f.inside == '内' else 'EXT'}. {f.place} - {_ENGLISH[f.time]} #{f.scene}#"],
        False, flash_in_place=False,
    ),
    "SCENE 1 — TITLE/Location:/Time:": HeadStyle(
        lambda f: [f"SCENE {f.scene} — THE EMPTY PLATFORM", f"Location: {f.place}", f"Time: {_CLOCK[f.time]}"],
        False, _ONE, flash_in_place=False,
    ),
    "1.1 客厅 内 日": HeadStyle(lambda f: [f"{f.episode}.{f.scene} {f.where} {f.inside} {f.when}"]),
    "1-1场 内景 客厅 白天": HeadStyle(lambda f: [f"{f.episode}-{f.scene}场 {f.inside}景 {f.where} {_OTHER[f.time]}"]),
    "1-1# 夜/内/客厅": HeadStyle(
        lambda f: [f"{f.episode}-{f.scene}# {f.when}/{f.inside}/{f.place}"], flash_in_place=False
    ),
    "第1场 客厅 日 内": HeadStyle(lambda f: [f"第{f.scene}场 {f.where} {f.when} {f.inside}"], False),
    "第一场：客厅，日，内景": HeadStyle(
        lambda f: [f"第{chinese_number(int(f.scene))}场：{f.where}，{f.when}，{f.inside}景"], False
    ),
    "1-1 客厅（日 内）": HeadStyle(lambda f: [f"{f.episode}-{f.scene} {f.place}（{f.when} {f.inside}）"], flash_in_place=False),
    "【1-1 日 内 客厅】": HeadStyle(lambda f: [f"【{f.episode}-{f.scene} {f.when} {f.inside} {f.where}】"]),
}  # fmt: skip

# --- episode heads: number, title -> line; the flag says whether the title is in it ---

EPISODES: dict[str, tuple[Callable[[int, str], str], bool]] = {
    "第1集 标题": (lambda n, t: f"第{n}集 {t}", True),
    "第一集": (lambda n, t: f"第{chinese_number(n)}集", False),
    "第1集/第二集": (lambda n, t: f"第{n if n % 2 else chinese_number(n)}集", False),
    "第1集.起初": (lambda n, t: f"第{n}集.{t}", True),
    "第3集：标题": (lambda n, t: f"第{n}集：{t}", True),
    "# 第 1 集": (lambda n, t: f"# 第 {n} 集", False),
    "## 第1集【1min30s】": (lambda n, t: f"## 第{n}集【1min30s】", False),
    "**第1集：标题**": (lambda n, t: f"**第{n}集：{t}**", True),
    "【第一集】": (lambda n, t: f"【第{chinese_number(n)}集】", False),
    "Episode 1": (lambda n, t: f"Episode {n}", False),
    "EP1": (lambda n, t: f"EP{n}", False),
}
NO_EPISODES = "no heads"

# --- cast lines ---


def _crowd(name: str, count: int | None, form: str) -> str:
    if count == 1:
        return name
    return f"{name}若干" if count is None else form.format(name=name, count=count)


def _members(scene: TrueScene, joint: str, form: str) -> str:
    return joint.join(_crowd(name, count, form) for name, count in scene.cast)


CASTS: dict[str, Callable[[TrueScene], str | None]] = {
    "人物：甲、乙": lambda s: f"人物：{_members(s, '、', '{name}*{count}')}",
    "出场人物：甲，乙": lambda s: f"出场人物：{_members(s, '，', '{name}（{count}人）')}",
    "出场：甲 乙": lambda s: f"出场：{_members(s, ' ', '{name}*{count}')}",
    "角色：甲,乙": lambda s: f"角色：{_members(s, ',', '{name}{count}名')}",
    "人 甲 乙": lambda s: f"人 {_members(s, ' ', '{name}*{count}')}",
    "人物：甲（受伤）、乙 本集死亡：无": lambda s: (
        f"人物：{_with_note(_members(s, '、', '{name}*{count}'), s)} 本集死亡：无"
    ),
    "none": lambda s: None,
}


def _with_note(text: str, scene: TrueScene) -> str:
    name = scene.cast[0][0]
    return text.replace(name, f"{name}（受伤）", 1)


# --- lines of a scene ---

ACTIONS: dict[str, Callable[[str], str]] = {
    "△": lambda text: f"△{text}",
    "△ ": lambda text: f"△ {text}",
    "∆": lambda text: f"∆{text}",
    "▲": lambda text: f"▲{text}",
    "bare": lambda text: text,
    "（…）": lambda text: f"（{text}）",
}


def _voiced(line: TrueLine) -> bool:
    return line.how in ("OS", "VO")


def _bracketed(line: TrueLine, left: str, right: str, colon: str = "：") -> str:
    return (
        f"{line.speaker}{left}{line.how}{right}{colon}{line.text}" if line.how else f"{line.speaker}{colon}{line.text}"
    )


def _glued(line: TrueLine) -> str:
    return f"{line.speaker}{line.how}：{line.text}"


SPEECHES: dict[str, Callable[[TrueLine], list[str]]] = {
    "名（情绪）：/名OS：": lambda d: [_glued(d) if _voiced(d) else _bracketed(d, "（", "）")],
    "名：（动作）": lambda d: [f"{d.speaker}：（{d.how}）{d.text}" if d.how else f"{d.speaker}：{d.text}"],
    "名【VO】：": lambda d: [_bracketed(d, "【", "】")],
    "名 OS：": lambda d: [f"{d.speaker} {d.how}：{d.text}" if _voiced(d) else _bracketed(d, "（", "）")],
    "名惊喜OS：": lambda d: [f"{d.speaker}惊喜{d.how}：{d.text}" if _voiced(d) else _glued(d)],
    "**名**：": lambda d: [_bracketed(TrueLine(d.kind, d.text, f"**{d.speaker}**", d.how), "（", "）")],
    "名(情绪):": lambda d: [_bracketed(d, "(", ")", ":")],
    "名：“……”": lambda d: [_bracketed(TrueLine(d.kind, f"“{d.text}”", d.speaker, d.how), "（", "）")],
    "名/（情绪）/台词": lambda d: [d.speaker, *([f"（{d.how}）"] if d.how else []), d.text],
}

CAPTIONS: dict[str, Callable[[str], str]] = {
    "【字幕：…】": lambda text: f"【字幕：{text}】",
    "字幕：": lambda text: f"字幕：{text}",
    "出字幕：": lambda text: f"出字幕：{text}",
    "△字幕：": lambda text: f"△字幕：{text}",
}
HOOKS: dict[str, Callable[[str], str]] = {
    "△…（钩子）": lambda text: f"△{text}（钩子）",
    "（集尾钩子：…）": lambda text: f"（集尾钩子：{text}）",
}
PAYWALLS: dict[str, str] = {"【剧情卡点】": "【剧情卡点】", "（一卡）": "（一卡）", "剧情卡点": "剧情卡点"}
FLASHES = ("（闪回）", "【闪回】…【闪回结束】", "△闪回：…闪回结束")


@dataclass(frozen=True, slots=True)
class Layout:
    """One writer's habits, each a key of the tables above."""

    head: str
    episode: str = "第1集 标题"
    cast: str = "人物：甲、乙"
    action: str = "△"
    speech: str = "名（情绪）：/名OS："
    caption: str = "【字幕：…】"
    hook: str = "△…（钩子）"
    paywall: str = "【剧情卡点】"
    flash: str = "（闪回）"

    @property
    def style(self) -> HeadStyle:
        return HEADS[self.head]


def layouts() -> list[Layout]:
    """Every head with habits dealt round, then every other habit with a common head."""

    def dealt(keys: list[str], at: int) -> str:
        return keys[at % len(keys)]

    made = []
    episodes = list(EPISODES)
    for at, (head, style) in enumerate(HEADS.items()):
        for turn in (at, 3 * at + 5):
            made.append(
                Layout(
                    head,
                    NO_EPISODES if style.states_episode and turn % 5 == 4 else dealt(episodes, turn),
                    dealt(list(CASTS), turn), dealt(list(ACTIONS), turn), dealt(list(SPEECHES), turn),
                    dealt(list(CAPTIONS), turn), dealt(list(HOOKS), turn), dealt(list(PAYWALLS), turn),
                    dealt(list(FLASHES), turn),
                )
            )  # fmt: skip
    common = "1-1 客厅（日 内）", "场景1：病房，内，日"
    for head in common:
        made += [Layout(head, episode=each) for each in EPISODES]
        made += [Layout(head, cast=each) for each in CASTS]
        made += [Layout(head, speech=speech) for speech in SPEECHES]
        made += [Layout(head, action=action) for action in ACTIONS]
    return made
