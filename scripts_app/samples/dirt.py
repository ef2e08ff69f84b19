"""Scripts as they really arrive: a clean one written in some layout, with dirt on it, and what is true of the result.

The dirt is what was seen on real files. Where it changes what is right (a nickname, an episode left out), the truth
changes with it.
"""

from __future__ import annotations

import itertools
import random
import unicodedata
from dataclasses import dataclass, field, replace

from .generator import Generated, TrueEpisode, TrueLine, TrueScene
from .layouts import (
    ACTIONS,
    CAPTIONS,
    CASTS,
    EPISODES,
    FLASHES,
    HEADS,
    HOOKS,
    NO_EPISODES,
    PAYWALLS,
    SPEECHES,
    Facts,
    HeadStyle,
    Layout,
)

DIRT = (
    "zero_width", "kangxi", "full_width", "spaces", "blank_lines", "repeated_heads", "episode_heads_missing",
    "episode_left_out", "episode_number_twice", "aliases", "drifting_places", "captions_against_time", "lookalikes",
    "inserted_scenes", "montages", "mixed_heads", "front_matter", "mixed_line_ends", "bom", "gb18030", "utf16",
)  # fmt: skip
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_KANGXI = {
    plain: chr(code)
    for code in range(0x2F00, 0x2FD6)
    if (plain := unicodedata.normalize("NFKC", chr(code))) != chr(code)
}
_WIDE = {ord(char): chr(ord(char) + 0xFEE0) for char in "0123456789"} | {ord(","): "，", ord("("): "（", ord(")"): "）"}
_AGAINST = {"day": ("night", "深夜"), "night": ("day", "上午"), "dawn": ("night", "午夜"), "dusk": ("dawn", "清晨")}
_STATED = HeadStyle(lambda facts: [])  # what an inserted scene says of itself
_LOOKALIKES = ("内心独白 - 日", "2026", "3 天后 夜", "三日之内 必有回音")


@dataclass(frozen=True, slots=True)
class Expected:
    """A scene as a reader should have it; None where the layout does not say.

    `speakers` in the order they take turns.
    """

    number: str
    place: str | None
    int_ext: str | None
    time_of_day: str | None
    flashback: bool
    cast: tuple[tuple[str, int | None], ...]
    speakers: tuple[str, ...]


@dataclass(slots=True)
class Dirty:
    """A file, what is in it, and the faults that the dirt deserves (code, from or place, to)."""

    data: bytes
    text: str
    layout: Layout
    dirt: frozenset[str]
    title: str | None
    roles: tuple[tuple[str, int], ...]
    episodes: list[tuple[int, str | None]]
    scenes: list[Expected]
    faults: list[tuple[str, str]] = field(default_factory=list)


def applicable(layout: Layout) -> list[str]:
    """The kinds of dirt that leave a script of this layout readable at all."""
    style = layout.style
    out = set()
    if not style.states_episode or layout.episode == NO_EPISODES:
        out.add("episode_heads_missing")
    if layout.episode == NO_EPISODES:
        out.add("episode_number_twice")
    if "place" in style.silent:
        out.add("drifting_places")
    if "time" in style.silent:
        out.add("captions_against_time")
    if not style.numbered or not style.states_episode:
        out |= {"montages"}
    if not style.numbered:
        out |= {"inserted_scenes", "mixed_heads"}
    return [each for each in DIRT if each not in out]


class _Hand:
    """One writer at work."""

    def __init__(self, truth: Generated, layout: Layout, dirt: frozenset[str], seed: int) -> None:
        self.truth, self.layout, self.dirt = truth, layout, dirt
        self.chance = random.Random(f"{seed} {layout} {sorted(dirt)}")
        self.lines: list[str] = []
        self.heads: set[int] = set()  # indexes of lines that are heads or cast lines
        self.result = Dirty(b"", "", layout, dirt, None, (), [], [])
        self.drifted: dict[str, str] = {}
        self.headed = True  # the episode being written has a head

    def has(self, kind: str, share: float = 1.0) -> bool:
        return kind in self.dirt and self.chance.random() < share

    def head(self, *lines: str) -> None:
        self.heads.update(range(len(self.lines), len(self.lines) + len(lines)))
        self.lines.extend(lines)

    # --- the parts ---

    def write(self) -> Dirty:
        if "front_matter" in self.dirt:
            self.front()
        episodes = list(self.truth.episodes)
        if "episode_left_out" in self.dirt and len(episodes) > 3:
            gone = episodes.pop(self.chance.randrange(1, len(episodes) - 1))
            self.result.faults.append(("episode_missing", str(gone.number)))
        # Not beside an episode that is left out: then nobody could tell which of the two a number stands for.
        twice = None
        if "episode_number_twice" in self.dirt and "episode_left_out" not in self.dirt and len(episodes) > 2:
            twice = self.chance.randrange(1, len(episodes))
            self.result.faults.append(("episode_duplicate", str(episodes[twice].number - 1)))
        for index, episode in enumerate(episodes):
            self.episode(episode, wrong=index == twice, first=index == 0)
        return self.finished()

    def front(self) -> None:
        roles = list(zip(self.truth.roles, self.truth.ages, strict=True))
        self.result.title, self.result.roles = self.truth.title, tuple(roles)
        numbered = self.chance.random() < 0.5
        parts = [
            ["【版权状态】原创"],
            [f"【全本集数】{len(self.truth.episodes)}集"],
            [
                "【故事梗概】",
                f"{roles[0][0]}回到江城，三年前的旧案一件一件被翻开。",
                "最后站在她身边的，是她最恨的人。",
            ],
            [
                "【人物小传】",
                *(
                    f"{at}.{name}：{age}岁，江城人。" if numbered else f"{name}（{age}）：江城人。"
                    for at, (name, age) in enumerate(roles, start=1)
                ),
            ],
            ["分集大纲", *(f"第{each.number}集：{each.title}，旧案又进一步。" for each in self.truth.episodes)],
        ]
        self.chance.shuffle(parts)
        self.lines += [f"《{self.truth.title}》", "", *(line for part in parts for line in [*part, ""]), "【正文】"]

    def episode(self, episode: TrueEpisode, wrong: bool, first: bool) -> None:
        layout = self.layout
        stated = layout.episode != NO_EPISODES and (first or not self.has("episode_heads_missing", 0.3))
        self.headed, title = stated, None
        if stated:
            write, titled = EPISODES[layout.episode]
            line = write(episode.number - 1 if wrong else episode.number, episode.title)
            title = episode.title if titled else None
            self.lines.append("")
            self.head(line)
            if self.has("repeated_heads", 0.2) and not wrong:
                self.head(line)
        self.result.episodes.append((episode.number, title))
        last: str | None = None
        suffixes = 0
        for at, scene in enumerate(episode.scenes):
            added = at > 0 and self.has("inserted_scenes", 0.3)
            if added:
                suffixes += 1
                base = last or ""
                number = f"{base}{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[suffixes - 1]}"
            else:
                suffixes = 0
                number = f"{episode.number}-{at + 1 - sum(e.number[-1] >= 'A' for e in self.here(episode.number))}"
                last = number
            self.scene(scene, episode.number, number, added)

    def here(self, episode: int) -> list[Expected]:
        return [each for each in self.result.scenes if each.number.startswith(f"{episode}-")]

    def scene(self, scene: TrueScene, episode: int, number: str, added: bool) -> None:
        layout, style = self.layout, self.layout.style
        if self.has("mixed_heads", 0.5):
            # Where the episode has no head, only the scene's own can say which episode it is.
            style = self.chance.choice(
                [each for each in HEADS.values() if each.says_all and (self.headed or each.states_episode)]
            )
        place = scene.place
        if scene.int_ext == "int" and self.has("drifting_places", 0.25) and place not in self.drifted.values():
            place = self.drifted.setdefault(place, f"{place}里")
        body = list(scene.body)
        shown = scene
        if self.has("aliases", 0.3) and scene.speakers:
            body = self.nickname(body, self.chance.choice(scene.speakers))
        montage = not added and self.has("montages", 0.15)
        flash_head = scene.flashback and layout.flash == FLASHES[0] and style.flash_in_place and not montage
        if not montage and self.has("captions_against_time", 0.25):
            caption = _AGAINST[scene.time_of_day][1]
            body = [TrueLine("caption", caption), *[line for line in body if line.kind != "caption"]]
            self.result.faults.append(("time_contradicts_caption", number))
        inside = "内" if scene.int_ext == "int" else "外"
        cast_line = CASTS[layout.cast](shown)
        facts = Facts(
            episode, number.partition("-")[2], place, inside, scene.time_of_day, "（闪回）" if flash_head else "",
            "、".join(f"{name}*{count}" if count and count > 1 else name if count else f"{name}若干" for name, count in scene.cast),
            "倒闭前的神秘来客",
        )  # fmt: skip
        holds = style.holds_cast
        if added:
            head, holds = [f"+场 {place}{facts.flash} {inside} {facts.when}"], False
            flash_head = bool(facts.flash)
        elif montage:
            head, holds = [f"{episode}—{facts.scene}场景：蒙太奇快剪（各界反应）"], False
        else:
            head = style.write(facts)
        lines = [*head, *([cast_line] if cast_line and not holds else [])]
        self.lines.append("")
        self.head(*lines)
        if self.has("repeated_heads", 0.2) and not added and style.numbered:
            self.head(*lines)
        flash_body = scene.flashback and not flash_head
        self.body(body, flash_body)
        if added or montage:
            style = _STATED
        self.expect(scene, number, style, montage, place, holds or cast_line is not None, body)

    def nickname(self, body: list[TrueLine], name: str) -> list[TrueLine]:
        short = self.chance.choice([name[0], name[1:]])
        self.result.faults.append(("speaker_alias", f"{short}>{name}"))
        return [replace(line, speaker=short) if line.speaker == name else line for line in body]

    def body(self, body: list[TrueLine], flashback: bool) -> None:
        layout = self.layout
        marked = layout.flash == FLASHES[2]
        if flashback:
            self.lines.append("△闪回：三年前。" if marked else "【闪回】")
        for line in body:
            if line.kind == "action":
                self.lines.append(ACTIONS[layout.action](line.text))
            elif line.kind == "dialogue":
                if layout.speech.startswith("名/"):
                    self.lines.append("")
                self.lines += SPEECHES[layout.speech](line)
                if layout.speech.startswith("名/"):
                    self.lines.append("")
                if self.has("lookalikes", 0.06):
                    self.lines += [self.chance.choice(_LOOKALIKES)]
            elif line.kind == "caption":
                self.lines.append(CAPTIONS[layout.caption](line.text))
            elif line.kind == "hook":
                self.lines.append(HOOKS[layout.hook](line.text))
            else:
                self.lines.append(PAYWALLS[layout.paywall] if line.kind == "paywall" else line.text)
        if flashback:
            self.lines.append("△闪回结束。" if marked else "【闪回结束】")

    def expect(
        self,
        scene: TrueScene,
        number: str,
        style: HeadStyle,
        montage: bool,
        place: str,
        has_cast: bool,
        body: list[TrueLine],
    ) -> None:
        silent = frozenset({"int_ext", "time"}) if montage else style.silent
        place = f"{style.prefix}{place}"
        self.result.scenes.append(
            Expected(
                number,
                "蒙太奇" if montage else None if "place" in silent else place,
                None if "int_ext" in silent else scene.int_ext,
                None if "time" in silent else scene.time_of_day,
                scene.flashback,
                scene.cast if has_cast else (),
                tuple(name for name, _ in itertools.groupby(line.speaker for line in body if line.speaker)),
            )
        )

    # --- what happens to the file ---

    def finished(self) -> Dirty:
        result = self.result
        places = {each.place for each in result.scenes}
        for clean, drifted in self.drifted.items():
            for prefix in ("", "上海老城·"):
                if {f"{prefix}{clean}", f"{prefix}{drifted}"} <= places:
                    result.faults.append(("place_drift", f"{prefix}{clean}|{prefix}{drifted}"))
        if self.layout.cast == "none" and not self.layout.style.holds_cast and "front_matter" not in self.dirt:
            # Nobody can tell whose nickname it is when the full name never stands anywhere.
            seen = {name for each in result.scenes for name in each.speakers}
            result.faults = [one for one in result.faults if ">" not in one[1] or one[1].partition(">")[2] in seen]
        lines = [self.dirtied(line, index in self.heads) for index, line in enumerate(self.lines)]
        if "blank_lines" in self.dirt:
            lines = [each for line in lines for each in ([line, ""] if self.chance.random() < 0.4 else [line])]
        if "mixed_line_ends" in self.dirt:
            text = "".join(line + self.chance.choice(["\n", "\r\n", "\r", "\u2028"]) for line in lines)
        else:
            text = "\n".join(lines) + "\n"
        result.text = text
        if "gb18030" in self.dirt:
            result.data = text.encode("gb18030")
        elif "utf16" in self.dirt:
            little = self.chance.random() < 0.5
            result.data = (b"\xff\xfe" if little else b"\xfe\xff") + text.encode("utf-16-le" if little else "utf-16-be")
        else:
            result.data = (b"\xef\xbb\xbf" if "bom" in self.dirt else b"") + text.encode()
        return result

    def dirtied(self, line: str, is_head: bool) -> str:
        if not line:
            return line
        if "kangxi" in self.dirt:
            line = "".join(_KANGXI.get(char, char) if self.chance.random() < 0.5 else char for char in line)
        if "full_width" in self.dirt and is_head:
            line = line.translate(_WIDE)
        if "spaces" in self.dirt:
            line = line.replace(" ", self.chance.choice([" ", "  ", "\u3000", "\u00a0", "\t"]))
            line = (
                self.chance.choice(["", "\u3000\u3000", "  ", "\t"]) + line + self.chance.choice(["", "  ", "\u3000"])
            )
        if self.has("zero_width", 0.3):
            at = self.chance.randint(0, len(line))
            line = f"{line[:at]}{self.chance.choice(_INVISIBLE)}{line[at:]}"
        return line


def dirty(truth: Generated, layout: Layout, dirt: frozenset[str] = frozenset(), seed: int = 0) -> Dirty:
    """The script in that layout with that dirt; the same arguments give the same bytes on every machine."""
    unknown = dirt - set(DIRT)
    if unknown:
        raise ValueError(f"no such dirt: {', '.join(sorted(unknown))}")
    return _Hand(truth, layout, dirt & set(applicable(layout)), seed).write()
