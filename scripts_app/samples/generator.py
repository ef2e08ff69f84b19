"""Full-size scripts from a seed, with the truth of what is in them.

The text and the truth are built side by side, so a reader can be measured against what was meant.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TypeVar

from . import phrases

CHARS_PER_EPISODE = 930  # of a full-size script: 80 episodes come to about 75,000
PAYWALL_EPISODE = 10
HOOK, PAYWALL, END = "hook", "【剧情卡点】", "【全剧终】"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TrueLine:
    """One line of a scene; `kind`: action, dialogue, caption, hook, paywall, end. `how` is a manner, OS, VO or none."""

    kind: str
    text: str
    speaker: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class TrueScene:
    number: str
    place: str
    int_ext: str
    time_of_day: str
    flashback: bool
    cast: tuple[tuple[str, int | None], ...]
    speakers: tuple[str, ...]
    dialogue_lines: int
    elements: int
    body: tuple[TrueLine, ...] = ()


@dataclass(frozen=True, slots=True)
class TrueEpisode:
    number: int
    title: str
    scenes: tuple[TrueScene, ...]


@dataclass(frozen=True, slots=True)
class Generated:
    """A script and what is in it."""

    text: str
    title: str
    episodes: tuple[TrueEpisode, ...]
    roles: tuple[str, ...]
    sets: tuple[str, ...]
    ages: tuple[int, ...] = ()  # of the roles

    @property
    def scenes(self) -> tuple[TrueScene, ...]:
        return tuple(scene for episode in self.episodes for scene in episode.scenes)


class _Deck:
    """Deals every card once before any comes again, so lines do not repeat close to each other."""

    def __init__(self, chance: random.Random, cards: list[str]) -> None:
        self._chance, self._cards, self._left = chance, cards, list[str]()

    def deal(self) -> str:
        if not self._left:
            self._left = list(self._cards)
            self._chance.shuffle(self._left)
        return self._left.pop()


class _Writer:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        count = self.chance.randint(12, 25)
        self.roles = (phrases.LEADS + phrases.OTHERS)[:count]
        self.sets = phrases.SETS[: self.chance.randint(15, 25)]
        decks = ("ACTIONS", "LINES", "INNER", "OFF_SCREEN", "CAPTIONS", "HOOKS", "PROPS", "TITLES")
        self.decks = {name: _Deck(self.chance, getattr(phrases, name)) for name in decks}

    def weighted(self, options: list[T], weights: list[int]) -> T:
        return self.chance.choices(options, weights)[0]

    def people(self) -> list[str]:
        """Two to four of the roles, leads five times as often as the rest."""
        pool, weights = list(self.roles), [10 if index < 5 else 2 for index in range(len(self.roles))]
        chosen: list[str] = []
        for _ in range(self.weighted([2, 3, 4], [6, 3, 1])):
            index = self.chance.choices(range(len(pool)), weights)[0]
            chosen.append(pool.pop(index))
            weights.pop(index)
        return chosen

    def line(self, deck: str, people: list[str]) -> str:
        first, second = self.chance.sample(people, 2)
        return self.decks[deck].deal().format(a=first, b=second, p=self.decks["PROPS"].deal())

    def scene(self, episode: int, number: int, size: int, closing: list[str]) -> tuple[list[str], TrueScene]:
        place, side = self.weighted(self.sets, [max(2, 60 // (rank + 1)) for rank in range(len(self.sets))])
        time = self.weighted(phrases.TIMES, [each[2] for each in phrases.TIMES])
        people = self.people()
        flashback = self.chance.random() < 0.05
        cast: list[tuple[str, int | None]] = [(name, 1) for name in people]
        names = list(people)
        if self.chance.random() < 0.15:
            crowd = self.chance.choice(phrases.CROWDS)
            count = self.weighted([None, self.chance.randint(2, 20)], [1, 3])
            cast.append((crowd, count))
            names.append(f"{crowd}*{count}" if count else f"{crowd}若干")
        head = f"{episode}-{number} {time[0]} {side} {place}{'（闪回）' if flashback else ''}"
        lines = [head, f"人物：{'、'.join(names)}"]
        body: list[TrueLine] = []
        speakers: list[str] = []
        if self.chance.random() < 0.08:
            body.append(TrueLine("caption", self.decks["CAPTIONS"].deal()))
        written, previous = 0, ""
        while written < size:
            if not body or self.chance.random() < 0.28:
                line = TrueLine("action", self.line("ACTIONS", people))
            else:
                speaker = self.chance.choice([name for name in people if name != previous])
                previous = speaker
                if speaker not in speakers:
                    speakers.append(speaker)
                line = self.speech(speaker, people)
            body.append(line)
            written += len(_typed(line))
        for text in closing:
            kind = {HOOK: "hook", PAYWALL: "paywall"}.get(text, "end")
            body.append(TrueLine(kind, self.line("HOOKS", people) if text == HOOK else text))
        lines += [_typed(line) for line in body]
        true = TrueScene(
            f"{episode}-{number}",
            place,
            "int" if side == "内" else "ext",
            time[1],
            flashback,
            tuple(cast),
            tuple(speakers),
            sum(line.kind == "dialogue" for line in body),
            len(body),
            tuple(body),
        )
        return lines, true

    def speech(self, speaker: str, people: list[str]) -> TrueLine:
        roll = self.chance.random()
        if roll < 0.06:
            return TrueLine("dialogue", self.line("INNER", people), speaker, "OS")
        if roll < 0.09:
            return TrueLine("dialogue", self.line("OFF_SCREEN", people), speaker, "VO")
        if roll < 0.40:
            how = self.chance.choice(phrases.DELIVERIES)
            return TrueLine("dialogue", self.line("LINES", people), speaker, how)
        return TrueLine("dialogue", self.line("LINES", people), speaker)


def _typed(line: TrueLine) -> str:
    """A line as the plain layout types it."""
    if line.kind == "dialogue":
        how = line.how if line.how in ("", "OS", "VO") else f"（{line.how}）"
        return f"{line.speaker}{how}：{line.text}"
    if line.kind == "caption":
        return f"【字幕：{line.text}】"
    if line.kind == "action":
        return f"△{line.text}"
    return f"△{line.text}（钩子）" if line.kind == "hook" else line.text


def generate(seed: int, episodes: int = 80, scenes: tuple[int, int] = (150, 300)) -> Generated:
    """A script of that many episodes; the number of scenes is drawn from the range, at least one an episode.

    The same arguments give the same text on every machine. Raises ValueError for less than one episode or a
    range the wrong way round.
    """
    if episodes < 1 or scenes[0] < 1 or scenes[0] > scenes[1]:
        raise ValueError("a script has at least one episode, and scenes are a range such as (150, 300)")
    writer = _Writer(seed)
    total = max(episodes, writer.chance.randint(*scenes))
    counts = [total // episodes] * episodes
    for index in writer.chance.sample(range(episodes), total - sum(counts)):
        counts[index] += 1
    title = f"{writer.roles[0]}的第{writer.chance.randint(2, 9)}次人生"
    ages = tuple(writer.chance.randint(20, 60) for _ in writer.roles)
    lines = _front(writer, title, episodes, ages)
    done: list[TrueEpisode] = []
    for number, count in enumerate(counts, start=1):
        name = writer.decks["TITLES"].deal()
        lines += ["", f"第{number}集 {name}"]
        true: list[TrueScene] = []
        for index in range(1, count + 1):
            size = max(60, CHARS_PER_EPISODE // count - 30)
            closing = _closing(number, episodes) if index == count else []
            text, scene = writer.scene(number, index, size, closing)
            lines += [*text, ""]
            true.append(scene)
        done.append(TrueEpisode(number, name, tuple(true)))
    return Generated(
        "\n".join(lines) + "\n", title, tuple(done), tuple(writer.roles), tuple(place for place, _ in writer.sets), ages
    )


def _closing(episode: int, episodes: int) -> list[str]:
    """What stands at the end of an episode's last scene."""
    return [HOOK, *([PAYWALL] if episode == PAYWALL_EPISODE else []), *([END] if episode == episodes else [])]


def _front(writer: _Writer, title: str, episodes: int, ages: tuple[int, ...]) -> list[str]:
    lead, rival = writer.roles[0], writer.roles[2]
    lines = [
        f"《{title}》",
        "",
        "【版权状态】原创",
        f"【全本集数】{episodes}集",
        "",
        f"【一句话故事】{lead}带着三年前的证据回到家门口，一步一步，向{rival}讨回属于自己的一切。",
        "",
        "【人物小传】",
    ]
    for index, (role, age) in enumerate(zip(writer.roles, ages, strict=True), start=1):
        kind = "主角" if index <= 2 else "重要角色" if index <= 5 else "配角"
        lines.append(f"{index}.{role}（{age}）：{kind}，与{writer.roles[index % len(writer.roles)]}有一段旧事。")
    return [*lines, "", "【正文】"]


def generate_script(seed: int, episodes: int = 80, scenes: tuple[int, int] = (150, 300)) -> str:
    """The text alone."""
    return generate(seed, episodes, scenes).text
