"""A script that comes as one file per episode: put in order, each with its head, as one text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from .decoding import decode, kind_fault
from .docx import docx_paragraphs, is_docx
from .episodes import episode_head
from .faults import Fault, fault
from .fdx import is_fdx
from .normalise import NUMERAL, numeral, split_lines
from .pdf import is_pdf, pdf_lines
from .word import is_styled

_STATED = re.compile(
    rf"第\s?([{NUMERAL}]{{1,7}})\s?[集话回]|(?<![A-Za-z])(?:EPISODE|EP|E)[\s._#-]{{0,2}}(\d{{1,4}})(?!\d)",
    re.IGNORECASE,
)
_SPAN = re.compile(rf"[{NUMERAL}]\s?集?\s?[-–—~～至到]\s?第?\s?[{NUMERAL}]{{1,7}}\s?集")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a set as read: its lines, the episode it is, and whether its text says so itself."""

    name: str
    lines: list[str]
    episode: int | None
    headed: bool


class NotJoined(ValueError):
    """A set that cannot be put together; `name` is the file it failed on, `fault` why."""

    def __init__(self, name: str, reason: Fault) -> None:
        super().__init__(f"{name}: {reason.message}")
        self.name = name
        self.fault = reason


def join_files(files: Sequence[tuple[str, bytes]]) -> str:
    """The files' lines as one text: what belongs to no episode first, then the episodes in order.

    The episode is the one a file's first head states, else the one its name states; a file without a head is given
    one. Raises NotJoined for a file that cannot be read or placed, and for two files that are the same episode.
    """
    stems = [PurePath(name).stem for name, _data in files]
    plain = _numbers_of_plain_names(stems)
    parts = [_part(name, data, plain.get(stem)) for (name, data), stem in zip(files, stems, strict=True)]
    front = sorted((part for part in parts if part.episode is None), key=lambda part: natural(part.name))
    episodes = sorted((part for part in parts if part.episode is not None), key=lambda part: part.episode or 0)
    for before, part in itertools.pairwise(episodes):
        if before.episode == part.episode:
            raise NotJoined(part.name, fault("set_twice", number=part.episode, other=before.name))
    out: list[str] = []
    for part in [*front, *episodes]:
        if part.episode is not None and not part.headed:
            out.append(f"第{part.episode}集")
        out += [*part.lines, ""]
    return "\n".join(out)


def _part(name: str, data: bytes, plain_number: int | None) -> Part:
    lines = _lines(name, data)
    heads = [head.number for line in lines if (head := episode_head(line)) is not None]
    stem = PurePath(name).stem
    if heads:
        return Part(name, lines, heads[0], True)
    stated = _STATED.search(stem)
    if _SPAN.search(stem):
        raise NotJoined(name, fault("set_span"))
    number = numeral(stated[1] or stated[2]) if stated else plain_number
    return Part(name, lines, number, False)


def _numbers_of_plain_names(stems: Sequence[str]) -> dict[str, int]:
    """Numbers of names that differ in one number alone, as `03`, `龙王 3` or `draft2-03` do."""
    numbers = [_DIGITS.findall(stem) for stem in stems]
    shapes: dict[str, list[int]] = {}
    for index, stem in enumerate(stems):
        if numbers[index]:
            shapes.setdefault(_DIGITS.sub("#", stem), []).append(index)
    found: dict[str, int] = {}
    for indexes in shapes.values():
        differing = [
            place
            for place in range(len(numbers[indexes[0]]))
            if len({int(numbers[index][place]) for index in indexes}) > 1
        ]
        if len(differing) == 1:
            found |= {stems[index]: int(numbers[index][differing[0]][:6]) for index in indexes}
    return found


def _lines(name: str, data: bytes) -> list[str]:
    if not data.strip():
        raise NotJoined(name, fault("empty_file"))
    if is_pdf(data):
        found = pdf_lines(data)
        if isinstance(found, Fault):
            raise NotJoined(name, found)
        return found[0]
    if is_docx(data):
        paragraphs = docx_paragraphs(data)
        if isinstance(paragraphs, Fault):
            raise NotJoined(name, paragraphs)
        if is_styled(paragraphs):
            raise NotJoined(name, fault("set_styled"))
        return [paragraph.text for paragraph in paragraphs]
    if (seen := kind_fault(data)) is not None:
        raise NotJoined(name, seen)
    if is_fdx(data):
        raise NotJoined(name, fault("set_final_draft"))
    decoded = decode(data)
    if isinstance(decoded, Fault):
        raise NotJoined(name, decoded)
    return split_lines(decoded[0])


def natural(name: str) -> list[tuple[int, str]]:
    return [(int(piece[:9]), "") if piece.isdigit() else (-1, piece) for piece in re.split(r"(\d+)", name) if piece]
