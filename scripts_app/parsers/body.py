"""Lines inside a scene: action, dialogue, captions, sounds, effects, transitions, marks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

ACTION_MARKS = "△∆▲Δᐃ"
_ACTION = re.compile(f"^[{ACTION_MARKS}]+\\s*")
_COLON = re.compile("[:：]")
_BRACKETED = re.compile(r"[(（【\[]([^()（）【】\[\]]{0,60})[)）】\]]")
_VOICE = re.compile(
    r"[\s·.、—-]*(?P<voice>O\.?S\.?|V\.?O\.?|内心OS|内心独白|内心旁白|内心|独白|心声|画外音|画外|旁白)$",
    re.IGNORECASE,
)
_INNER = ("OS", "内心OS", "内心独白", "内心旁白", "内心", "独白", "心声")
_OFF_SCREEN = ("VO", "画外音", "画外", "旁白")
_OFF_SCREEN_SPEAKERS = {"旁白", "画外音", "系统", "系统音", "系统提示音", "广播", "电话音", "NARRATOR"}
_NOT_A_NAME = re.compile('[，。！？；!?“”"《》<>…~→=△▲∆]')

_CAPTION_KEYS = {
    "字幕", "出字幕", "人物字幕", "人名字幕", "身份字幕", "时间字幕", "屏幕字幕", "弹幕", "短信", "微信", "微信消息",
    "手机屏幕", "手机画面", "手机短信", "手机弹窗", "屏幕", "电视画面", "电脑屏幕", "SUPER", "TITLE", "CAPTION",
}  # fmt: skip
_SOUND_KEYS = {"音效", "声音", "BGM", "背景音乐", "配乐", "音乐", "歌曲", "SFX", "SOUND"}
_EFFECT_KEYS = {"特效", "视效", "VFX"}
_TRANSITION_KEYS = {"转场", "切换", "CUT TO", "DISSOLVE TO", "FADE TO", "SMASH CUT TO", "FADE OUT", "FADE IN"}
# Camera words and paper labels that stand before a colon and speak no line.
_LABEL_KEYS = {
    "特写", "大特写", "近景", "中景", "远景", "全景", "大全景", "镜头", "画面", "空镜", "镜头语言", "航拍", "俯拍", "仰拍",
    "主观", "主观镜头", "主观视角", "慢镜头", "快剪", "蒙太奇", "插入", "插入画面", "闪回", "回忆", "回忆画面", "动作", "道具", "服装",
    "化妆", "造型", "服化道", "备注", "注", "注意", "提示", "说明", "另", "时间", "地点", "场景", "内外景", "人物", "出场人物", "角色",
    "出场", "片头", "片尾", "彩蛋", "下集预告", "预告", "卡点", "钩子", "悬念", "剧情卡点", "付费点", "本集看点", "看点", "爽点", "反转",
    "群演", "天气", "情绪", "节奏", "剧情", "标题", "集尾钩子", "结尾钩子", "本集钩子", "本集梗概", "本集概要", "梗概",
    "CLOSE ON", "INSERT", "NOTE", "MONTAGE", "ANGLE ON", "POV",
}  # fmt: skip
_TRANSITION = re.compile(
    r"^[（(【\[]?(?:切至|切到|切入|切出|切回|切|转场|转|化入|化出|淡入|淡出|叠化|黑场|闪白|闪黑|黑屏|渐黑|画面切换|镜头切换|画面一转|镜头一转|"
    r"蒙太奇开始|蒙太奇结束|蒙太奇|全剧终|剧终|未完待续|本集完|本集终|完|"
    r"第[0-9〇零一二两三四五六七八九十百]{1,6}集\s?(?:完|终|结束)|"
    r"(?:SMASH |MATCH |JUMP )?CUT TO|FADE (?:IN|OUT)|DISSOLVE TO)[：:.。]?[）)】\]]?$",
    re.IGNORECASE,
)
FLASH_START = re.compile(
    r"^[（(【\[△▲∆\s]*(?:闪回|回忆|倒叙)(?:开始|画面|杀|片段|镜头|插入|入)?(?=$|[\s：:，,。）)】\]—-])"
)
FLASH_END = re.compile(r"(?:闪回|回忆|倒叙)(?:画面|片段|镜头)?(?:结束|完|毕|出)|回到现实|切回现实")
_MARK_ONLY = re.compile(
    r"^[（(【\[#*\s]*(?P<text>(?:剧情|付费|第?[一二三四五六七八九十0-9]{1,3}|首个?|大|小)?(?:付费)?(?:卡点|卡)|付费点|付费墙|"
    r"(?:集尾|结尾|本集)?(?:钩子|悬念))(?:[：:](?P<rest>.{0,200}?))?[）)】\]*\s]*$"
)
_MARK_INSIDE = re.compile(
    r"[（(【\[]((?:剧情|付费|第?[一二三四五六七八九十0-9]{1,3})?(?:付费)?(?:卡点|卡)|付费点|钩子|集尾钩子|悬念)[）)】\]]"
)

# Feelings and manners writers glue to a name (沈乐惊喜：).
_DELIVERY = (
    "惊喜|惊讶|惊恐|惊慌|震惊|大惊|愤怒|生气|大怒|暴怒|怒吼|怒|冷笑|微笑|大笑|苦笑|笑|哭|大哭|哽咽|哭泣|焦急|着急|急|激动|紧张|害怕|恐惧|"
    "疑惑|不解|得意|不屑|嘲讽|讽刺|冷冷|冷漠|冷静|平静|温柔|小声|低声|轻声|大声|大喊|喊|吼|怒喊|无奈|叹气|失望|绝望|虚弱|痛苦|尴尬|害羞|"
    "坚定|严肃|认真|兴奋|开心|高兴|委屈|心虚|慌张|慌乱|犹豫|沉默|自言自语|打电话|电话"
)
_GLUED = re.compile(f"^(?P<name>.{{1,8}}?)(?P<how>{_DELIVERY})(?:地|的|地说|道)?$")
_KIN = re.compile(
    "^(?:的)?(?:妈妈?|爸爸?|父亲?|母亲?|爷爷?|奶奶?|哥哥?|姐姐?|弟弟?|妹妹?|叔叔?|阿姨|婶|舅舅?|姑姑?|老师|助理|秘书|司机|管家|"
    "保镖|律师|医生|同学|同事|朋友|经理|总|太太|夫人|丈夫|妻子|儿子|女儿|粉丝|手下|小弟|[甲乙丙丁ABCD0-9一二三四]).{0,2}$"
)
# What somebody does beside the name (苏雨柔推门而入：), and not who else it is (苏雨柔堂嫂：).
_DOES = re.compile(
    "^(?:[推走站坐跪转看望抬低端拿举放接挂打拍摇点撇皱咬捂握抱拉扶指瞪盯喊叫愣想回停躲冲跑扑起进出闭睁擦撕甩摔扔挥伸蹲倒醒叹喘颤抖哽一不连"
    "愤激得惊慌急冷怒笑哭苦强缓慢轻微满突忽猛恶狠认严焦迟意委欣嘴眼面眉声心翻挑耸嗤淡沉默打断没赶]|.*[地着道状]$)"
)
_SAYS = re.compile("(?:说|说道|问道|问|喊道|笑道|答道|道|想|写着|写道|显示|表示|知道|心想|只有一个|如下|例如|传来)$")


@dataclass(frozen=True, slots=True)
class Body:
    """What a line of a scene is; `flash` is start or end, `mark` hook or paywall."""

    kind: str
    text: str
    speaker: str | None = None
    delivery: str | None = None
    voice: str | None = None
    label: str | None = None
    flash: str | None = None
    mark: str | None = None
    marked: bool = False  # an action mark or a clear form, so not a possible continuation


_WRAPPED = re.compile(r"^([*_]{1,3})(?P<text>[^*_].*?)\1$")


_STANDING = re.compile("^[\u4e00-\u9fff][\u4e00-\u9fff·]{1,6}$")


def unmarked(text: str) -> str:
    """A line without the Markdown of notes and web editors: bold, italic, quotes and list dashes."""
    text = re.sub(r"^(?:[>＞]|[-•])\s+", "", text).replace("**", "")
    wrapped = _WRAPPED.match(text)
    return wrapped["text"].strip() if wrapped else text


def _unbracketed(text: str) -> str:
    """Without the brackets around it all, or around its first words (`【闪回】手术室 日 内`)."""
    if text[-1:] in "）)】]" and text[:1] in "（(【[":
        return text.strip("（()）【】[]")
    return " ".join(re.sub(r"^[（(【\[]([^）)】\]]*)[）)】\]]", r"\1 ", text).split())


def mark_kind(text: str) -> str:
    return "hook" if "钩" in text or "悬念" in text else "paywall"


def mark_line(text: str) -> str | None:
    """`hook` or `paywall` for a line that is only a mark: `（一卡）`, `剧情卡点`."""
    match = _MARK_ONLY.match(text) if len(text) < 240 else None
    return mark_kind(match["text"]) if match else None


def read_body(text: str, known: Callable[[str], str | None]) -> Body:
    """Read one line of a scene; `known(name)` gives the role a name begins with, if any.

    A mark inside the line (`……（一卡）`) is taken out of its text.
    """
    flash = "end" if FLASH_END.search(text[:200]) else "start" if FLASH_START.match(text[:40]) else None
    mark = mark_line(text)
    if mark is None and (found := _MARK_INSIDE.search(text[:2000])):
        mark = mark_kind(found[1])
        text = f"{text[: found.start()]}{text[found.end() :]}".strip()
    action = _ACTION.match(text)
    if action:
        rest = text[action.end() :]
        key = _bracket_label(rest) or _colon_label(rest)
        if key and key[0] in ("caption", "sound", "effect"):
            return Body(key[0], key[2], label=key[1], flash=flash, mark=mark, marked=True)
        return Body("action", rest, flash=flash, mark=mark, marked=True)
    if _TRANSITION.match(text):
        return Body("transition", _unbracketed(text), flash=flash, mark=mark, marked=True)
    if flash and len(text) <= 24:
        return Body("transition", _unbracketed(text), flash=flash, mark=mark, marked=True)
    labelled = _bracket_label(text) or _colon_label(text)
    if labelled:
        kind, label, rest = labelled
        return Body(kind, rest, label=label, flash=flash, mark=mark, marked=True)
    spoken = _dialogue(text, known)
    if spoken is not None:
        return Body(
            "dialogue",
            spoken.text,
            spoken.speaker,
            spoken.delivery,
            spoken.voice,
            flash=flash,
            mark=mark,
            marked=True,
        )
    bracketed = text[:1] in "（(【[" and text[-1:] in "）)】]"
    return Body("action", text, flash=flash, mark=mark, marked=bracketed)


def alone(text: str) -> tuple[str, str | None]:
    """A name that may stand on a line of its own, and the voice beside it: `沈乐`, `沈乐 OS`, `沈乐（VO）`."""
    name = _BRACKETED.sub("", text).strip() if len(text) <= 30 else text
    stated = _BRACKETED.search(text[:30])
    tail = _VOICE.search(name) if len(name) <= 30 else None
    if tail and tail.start() > 0:
        return name[: tail.start()].strip(), _voice_of(tail["voice"])
    voice = _voice_of(stated[1].strip()) if stated else None
    return (name, voice) if voice or not stated else (text, None)


def _kind_of_label(key: str) -> str | None:
    upper = key.upper()
    if upper in _CAPTION_KEYS:
        return "caption"
    if upper in _SOUND_KEYS:
        return "sound"
    if upper in _EFFECT_KEYS:
        return "effect"
    if upper in _TRANSITION_KEYS:
        return "transition"
    return "action" if upper in _LABEL_KEYS else None


def _bracket_label(text: str) -> tuple[str, str, str] | None:
    """`【字幕：三年后】` `（音效：雷声）` `【空镜】城市夜景`."""
    if text[:1] not in "【[（(":
        return None
    end = min((at for at in (text.find(close) for close in "】]）)") if at > 0), default=-1)
    if end < 0:
        return None
    inside, after = text[1:end], text[end + 1 :].strip(" ：:")
    cut = _COLON.search(inside)
    key = (inside[: cut.start()] if cut else inside).strip()
    kind = _kind_of_label(key)
    if kind is None:
        return None
    value = inside[cut.end() :].strip() if cut else ""
    return kind, key, " ".join(part for part in (value, after) if part) or key


def is_name_like(text: str) -> bool:
    """A short line that could be a name standing alone: no sentence, label or cutting word."""
    return _STANDING.match(text) is not None and _kind_of_label(text) is None and _TRANSITION.match(text) is None


def _colon_label(text: str) -> tuple[str, str, str] | None:
    cut = _COLON.search(text[:16])
    if cut is None:
        return None
    key = _BRACKETED.sub("", text[: cut.start()]).strip()
    kind = _kind_of_label(key)
    return (kind, key, text[cut.end() :].strip() or key) if kind else None


def _voice_of(text: str) -> str | None:
    word = text.upper().replace(".", "").strip()
    if word in _INNER or text in _INNER:
        return "OS"
    return "VO" if word in _OFF_SCREEN or text in _OFF_SCREEN else None


def _dialogue(text: str, known: Callable[[str], str | None]) -> Body | None:
    cut = _COLON.search(text[:60])
    if cut is None or cut.start() == 0:
        return None
    before, spoken = text[: cut.start()].strip(" *_"), text[cut.end() :].strip().removeprefix("**").strip()
    if before and re.match(r"^\d{1,2}$", before[-2:]) and spoken[:2].isdigit():
        return None  # a clock, 11:47
    notes: list[str] = []
    voice: str | None = None
    for inside in _BRACKETED.findall(before):
        stated = _voice_of(inside)
        if stated:
            voice = stated
        elif inside.strip():
            glued = _VOICE.search(inside)
            if glued and _voice_of(glued["voice"]):
                voice = _voice_of(glued["voice"])
                inside = inside[: glued.start()].strip(" ，,")
            if inside.strip():
                notes.append(inside.strip())
    name = _BRACKETED.sub("", before).strip()
    tail = _VOICE.search(name)
    if tail and tail.start() > 0:
        voice, name = _voice_of(tail["voice"]) or voice, name[: tail.start()].strip()
    if not _is_name(name) or (
        any(char in before for char in "（(【[") and "）" not in before and not _BRACKETED.search(before)
    ):
        return None
    speaker, how = _who(name, voice is not None, known)
    if speaker is None:
        return None
    if how:
        notes.insert(0, how)
    if speaker in _OFF_SCREEN_SPEAKERS:
        voice = voice or "VO"
    lead = re.match(r"^[（(]([^()（）]{0,60})[）)]\s*", spoken)
    if lead and spoken[lead.end() :].strip():
        stated = _voice_of(lead[1].strip())
        voice = stated or voice
        if not stated and lead[1].strip():
            notes.append(lead[1].strip())
        spoken = spoken[lead.end() :].strip()
    return Body("dialogue", spoken, speaker, "；".join(notes) or None, voice)


def _is_name(name: str) -> bool:
    if not name or _NOT_A_NAME.search(name) or not re.search(r"[^\W\d_]", name):
        return False
    if name.isascii():
        return len(name) <= 30 and len(name.split()) <= 4
    return len(name) <= 14 and len(name.split()) <= 3 and _kind_of_label(name) is None


def _who(name: str, voiced: bool, known: Callable[[str], str | None]) -> tuple[str | None, str | None]:
    """The speaker and a delivery glued to the name; None when the words are no name."""
    role = known(name)
    if role == name:
        return name, None
    if role is not None:
        rest = name[len(role) :].strip()
        if re.match(f"^(?:{_DELIVERY})(?:地|的)?$", rest) or (
            not _KIN.match(rest) and (voiced or (len(rest) >= 2 and _DOES.match(rest)))
        ):
            return role, rest
    glued = _GLUED.match(name)
    if glued and len(glued["name"]) >= 2:
        return glued["name"], glued["how"]
    if _SAYS.search(name) and len(name) > 2:
        return None, None
    return name, None
