"""Fountain beside screenplain: the same files in one run, how much processor time each takes, and what one keeps and the other loses.

`make bench-scripts` prints, for each script, the median of both readers and every scene, name and line that screenplain
keeps and ours does not. Ours does more in its time: numbers, lengths, faults, a place for every line. Ends with 1 when
something is lost or ours is slower over all scripts together.
"""

from __future__ import annotations

import io
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from screenplain.parsers.fountain import parse  # noqa: E402
from screenplain.types import Action, Dialog, DualDialog, Slug, Transition  # noqa: E402

from scripts_app.parsers import ParsedScript, read_text  # noqa: E402
from scripts_app.parsers.fountain_marks import plain_emphasis  # noqa: E402
from scripts_app.samples import FIRST_LIGHT  # noqa: E402
from scripts_app.samples.generator import generate_script  # noqa: E402
from scripts_app.writers import write_script  # noqa: E402

ROUNDS = 7
_PLACES = ["HARBOUR OFFICE", "KITCHEN", "ROOFTOP", "TRAIN CAR", "BACK ALLEY", "COURT ROOM", "FERRY DECK", "LIBRARY"]
_SIDES = ["INT.", "EXT.", "INT./EXT.", "I/E", "int.", "EST."]
_TIMES = ["DAY", "NIGHT", "DAWN", "LATER", "CONTINUOUS"]
_NAMES = ["MAYA", "LEO", "DR. OKAFOR", "R2D2", "ÉLODIE", "@McAvoy", "@沈乐"]
_VOICES = ["", "", "", " (V.O.)", " (O.S.)", " (CONT'D)", " (on the phone)"]
_WORDS = [
    "the",
    "letter",
    "waits",
    "on",
    "a",
    "table",
    "while",
    "rain",
    "falls",
    "over",
    "harbour",
    "lights",
    "and",
    "nobody",
    "comes",
    "to",
    "open",
    "door",
    "again",
]


def written_by_hand(seed: int, scenes: int = 120) -> str:
    """A screenplay with everything the syntax has, from a seed."""
    chance = random.Random(seed)

    def words(least: int, most: int) -> str:
        text = " ".join(chance.choices(_WORDS, k=chance.randint(least, most)))
        marked = chance.choice(
            ["{}", "{}", "{}", "*{}*", "**{}**", "_{}_", "She says \\*{}\\*", "{} [[check]] now", "{} /* cut */ then"]
        )
        return str(marked.format(text[0].upper() + text[1:])) + chance.choice([".", ".", "?"])

    out = ["Title:", "    **The Harbour**", "Author: Nobody", ""]
    for scene in range(1, scenes + 1):
        if scene % 15 == 1:
            out += [f"# Act {scene // 15 + 1}", "", "= " + words(3, 8), ""]
        number = f" #{scene}{chance.choice(['', '', 'A'])}#" if chance.random() < 0.5 else ""
        forced = chance.random() < 0.1
        place = chance.choice(_PLACES)
        out += [
            f".{place}{number}" if forced else f"{chance.choice(_SIDES)} {place} - {chance.choice(_TIMES)}{number}",
            "",
        ]
        for _ in range(chance.randint(4, 14)):
            roll = chance.random()
            if roll < 0.35:
                out += [words(4, 16), *([words(4, 12)] if chance.random() < 0.2 else []), ""]
            elif roll < 0.9:
                out.append(chance.choice(_NAMES) + chance.choice(_VOICES))
                out += ["(quietly)"] if chance.random() < 0.2 else []
                out += [words(3, 14) for _ in range(chance.randint(1, 3))] + [""]
                if chance.random() < 0.1:
                    out += ["LEO ^", words(2, 6), ""]
            else:
                out += [
                    chance.choice(["CUT TO:", "> FADE OUT.", "> THE END <", "~Row and row", "!BOOM!", "===", "BOOM!"]),
                    "",
                ]
    return "\n".join(out)


def corpus() -> dict[str, str]:
    """Name and text of every script: one kept with the tests, written ones, and Chinese ones as the house exports them."""
    made = {f"screenplay {seed}": written_by_hand(seed) for seed in (1, 2, 3)}
    chinese = {
        "first light": FIRST_LIGHT.read_text(encoding="utf-8"),
        "80 episodes in Chinese": generate_script(1, 80, (180, 180)),
    }
    return made | {name: write_script(read_text(text), "fountain").decode() for name, text in chinese.items()}


def _same(text: str) -> str:
    """Text as both readers keep it: capitals, spaces and backslashes apart."""
    return re.sub(r"\s+", " ", text.replace("\\", "")).strip().upper()


def theirs(text: str) -> Iterator[tuple[str, str]]:
    """What screenplain keeps: (scene | name | line, text)."""
    for part in parse(io.StringIO(text)):
        speeches: Iterable[Any] = [part] if isinstance(part, Dialog) else ()
        if isinstance(part, DualDialog):
            speeches = (part.left, part.right)
        for speech in speeches:
            yield "name", _same(str(speech.character).split(" (")[0])
            yield from (("line", _same(str(line))) for aside, line in speech.blocks if not aside)
        if isinstance(part, Slug):
            yield "scene", _same(str(part.line))
        elif isinstance(part, Action):
            # A lyric is action to it, and keeps its mark.
            yield from (("line", _same(str(line).removeprefix("~"))) for line in part.lines)
        elif isinstance(part, Transition):
            yield "line", _same(str(part.line))


def ours(parsed: ParsedScript) -> Iterator[tuple[str, str]]:
    """What our reader keeps, in the same words."""
    for episode in parsed.episodes:
        yield from (("line", _same(plain_emphasis(line.text.lstrip("!>")))) for line in episode.lead)
        for scene in episode.scenes:
            heading = next((line.text for line in scene.head if line.role == "scene"), "")
            yield "scene", _same(plain_emphasis(re.sub(r"\s*#[^#]*#\s*$", "", heading).removeprefix(".")))
            for element in scene.elements:
                text = f"【{element.label}：{element.text}】" if element.label else element.text
                yield "line", _same(text)
            for line in scene.head:
                if line.role == "character":
                    yield "name", _same(re.sub(r"\s*\[\[.*|\s*\^$", "", line.text).removeprefix("@").split(" (")[0])


def lost(text: str) -> Counter[tuple[str, str]]:
    """What screenplain keeps of a script and our reader does not."""
    parsed = read_text(text, "a.fountain", "eighths")
    kept, found = Counter(each for each in theirs(text) if each[1]), Counter(ours(parsed))
    return kept - found


def main() -> int:
    print("Fountain, median processor time of each reader on the same text (ms)")
    print(f"{'script':<24}{'characters':>12}{'scenes':>8}{'screenplain':>13}{'ours':>8}{'times':>8}  lost")
    whole = {"theirs": 0.0, "ours": 0.0}
    missing = 0
    for name, text in corpus().items():
        taken: dict[str, list[float]] = {"theirs": [], "ours": []}
        for _ in range(ROUNDS):
            start = time.process_time()
            parse(io.StringIO(text))
            between = time.process_time()
            parsed = read_text(text, "a.fountain", "eighths")
            taken["theirs"].append(between - start)
            taken["ours"].append(time.process_time() - between)
        them, us = (statistics.median(taken[who]) * 1000 for who in ("theirs", "ours"))
        whole["theirs"], whole["ours"] = whole["theirs"] + them, whole["ours"] + us
        gone = lost(text)
        missing += sum(gone.values())
        print(
            f"{name:<24}{len(text):>12,}{len(parsed.scenes):>8}{them:>13.1f}{us:>8.1f}{us / them:>8.2f}  {sum(gone.values())}"
        )
        for what, count in list(gone.items())[:5]:
            print(f"    {what[0]}: {what[1][:90]!r} x{count}")
    faster = whole["ours"] <= whole["theirs"]
    print(f"all together: {whole['ours'] / whole['theirs']:.2f} of screenplain's time, {missing} lost")
    return 0 if faster and not missing else 1


if __name__ == "__main__":
    raise SystemExit(main())
