"""What one scene head states, and the fields of a head in whatever order they stand.

What is a time is the time, what says inside or outside is that, and what is left is the place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from .episodes import MAX_HEAD
from .times import INT_EXT_ONLY, INT_TIME, TIME_INT, TIME_ONLY, int_ext, time_of_day


@dataclass(frozen=True, slots=True)
class SceneHead:
    """Everything one head states; None where it is silent. `number` is as written, `+` for an inserted scene."""

    number: str | None = None
    episode: int | None = None
    scene: str | None = None
    labelled: bool = False  # 场, 场景, 场次, SCENE or a label stood in it
    int_ext: str | None = None
    time_written: str | None = None
    place: str | None = None
    title: str | None = None
    note: str | None = None
    flashback: bool = False
    montage: bool = False
    cast_text: str | None = None

    @property
    def time_of_day(self) -> str | None:
        return time_of_day(self.time_written)

    def merged(self, later: SceneHead) -> SceneHead:
        """This head with what it does not state taken from the next line of the same head."""
        return replace(
            self,
            int_ext=self.int_ext or later.int_ext,
            time_written=self.time_written or later.time_written,
            place=self.place or later.place,
            title=self.title or later.title,
            note=self.note or later.note,
            flashback=self.flashback or later.flashback,
            montage=self.montage or later.montage,
            cast_text=self.cast_text or later.cast_text,
        )


@dataclass(slots=True)
class Fields:
    place: str | None = None
    time: str | None = None
    int_ext: str | None = None
    flashback: bool = False
    montage: bool = False
    notes: list[str] = field(default_factory=list)
    count: int = 0


_FIELD = re.compile(
    r"(?P<bracket>[(（【\[][^()（）【】\[\]]{0,60}[)）】\]])"
    r"|(?P<sep>[\s，,；;。｜|、]+|\s*[-—–－~]+\s*)"
    r"|(?P<word>[^\s，,；;。｜|、\-—–－~()（）【】\[\]]+)|(?P<odd>.)"
)
_FLAG = re.compile("^(闪回|回忆|倒叙|闪前|插叙|梦境|幻想|现实|蒙太奇(?:快剪|段落)?|快剪)(?:开始|画面|场景|段)?$")
_NO_TIME_OF_DAY = {"连续", "稍后", "同时", "接上", "接上场", "片刻后"}
_ERA = re.compile("^(现代|古代|当代|民国|都市|年代|未来)$")
_MODIFIED = re.compile("^[\u4e00-\u9fff]{4,}的([\u4e00-\u9fff]{2,})$")


def _take(word: str, into: Fields) -> bool:
    """Read a field that is a time, an inside/outside word or a flag; False when it is a place."""
    both = TIME_INT.match(word)
    if both and into.time is None and into.int_ext is None:
        into.time, into.int_ext = both[1], int_ext(both[2])
        return True
    both = INT_TIME.match(word)
    if both and into.time is None and into.int_ext is None:
        into.time, into.int_ext = both[2], int_ext(both[1])
        return True
    if into.time is None and TIME_ONLY.match(word):
        into.time = word
        return True
    if into.time is None and word in _NO_TIME_OF_DAY:
        into.time = word
        return True
    if into.int_ext is None and INT_EXT_ONLY.match(word):
        into.int_ext = int_ext(word)
        return True
    flag = _FLAG.match(word)
    if flag:
        into.flashback |= flag[1] in ("闪回", "回忆", "倒叙")
        into.montage |= "蒙太奇" in flag[1] or flag[1] == "快剪"
        if flag[1] not in ("闪回", "回忆", "倒叙"):
            into.notes.append(word)
        return True
    return False


def _split_inside(word: str) -> list[str] | None:
    """`日/内/客厅` and `现代·深夜·超市` hold fields; `客厅/卧室` and `老城·旧址` are places."""
    for mark in "/·・":
        if mark in word and not TIME_ONLY.match(word) and not INT_EXT_ONLY.match(word):
            pieces = [piece for piece in word.split(mark) if piece]
            probe = Fields()
            if any(_take(piece, probe) or _ERA.match(piece) for piece in pieces):
                return pieces
    return None


def read_fields(text: str) -> Fields:
    """The fields of a head without its number, in whatever order they stand."""
    found = Fields()
    spans: list[tuple[int, int]] = []  # of the place, which keeps the separators it was written with
    extra: list[str] = []
    open_place = True
    framed = ""  # 【医院-病房】 日内
    for match in _FIELD.finditer(text[: MAX_HEAD * 2]):
        kind = match.lastgroup
        word = match.group().strip()
        if kind == "sep" or not word:
            continue
        found.count += 1
        if kind == "bracket":
            inside = re.split(r"[\s，,、/·]+", word[1:-1].strip())
            probe = Fields(time=found.time, int_ext=found.int_ext)
            if inside != [""] and all(_take(piece, probe) for piece in inside):
                for piece in inside:
                    _take(piece, found)
                continue
            if found.montage or not (spans and spans[-1][1] == match.start()):
                found.notes.append(word[1:-1])
                framed = framed or (word[1:-1] if word[0] in "【[" else "")
                continue
        elif kind == "word":
            clock_tail = re.match(r"^[AaPp]\.?[Mm]\.?$", word)
            if clock_tail and found.time and re.match(r"^\d{1,2}(?::\d{2})?$", found.time):
                found.time = f"{found.time} {word}"
                continue
            pieces = _split_inside(word)
            if pieces is not None:
                for piece in pieces:
                    if not _take(piece, found) and not _ERA.match(piece):
                        modified = _MODIFIED.match(piece)
                        extra.append(modified[1] if modified else piece)
                        if modified:
                            found.notes.append(piece)
                open_place = not extra
                continue
            if _take(word, found):
                if spans or extra:
                    open_place = False
                continue
            if _ERA.match(word):
                found.notes.append(word)
                continue
        if open_place:
            spans.append(match.span())
        else:
            found.notes.append(word)
    if spans:
        found.place = " ".join(text[spans[0][0] : spans[-1][1]].split())
    elif extra:
        found.place = " ".join(extra)
    elif framed and (found.time or found.int_ext):
        found.place = framed
        found.notes.remove(framed)
    if found.montage and found.place is None:
        found.place = "蒙太奇"
    return found


def head_from_fields(fields: Fields) -> SceneHead:
    return SceneHead(
        int_ext=fields.int_ext,
        time_written=fields.time,
        place=fields.place,
        note="；".join(fields.notes) or None,
        flashback=fields.flashback,
        montage=fields.montage,
    )
