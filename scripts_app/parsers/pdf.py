"""PDFs that hold text: physical lines made into the lines that were written."""

from __future__ import annotations

import functools
import io
import logging
import re
from collections import Counter

from .body import ACTION_MARKS
from .cast import cast_line
from .episodes import episode_head
from .faults import Fault, fault
from .heads import read_scene_line
from .normalise import HAN, plain

PAGE_LIMIT = 3000
CHARACTER_LIMIT = 5_000_000
_PAGE_NUMBER = re.compile(r"^[-—–\s]*(?:第\s?)?(\d{1,4})(?:\s?页)?(?:\s?[/／]\s?\d{1,4})?[-—–\s.]*$")
_STARTS = re.compile(rf"^(?:[{ACTION_MARKS}【（(《#]|[^\s，。！？、：:]{{1,14}}[:：]|\d{{1,3}}[-—.、])")
_ENDS = re.compile(r"[。！？…”’」』\"'~～.!?）)】\]:：]$")
_HAN_PAIR = re.compile(rf"(?={HAN.pattern}( ?){HAN.pattern})")
_SPACED_HEAD = re.compile(r"^(\d{1,4}) ?([-—–]) ?(\d{1,4}) +(?:([日夜晨昏暮]) +)?(?:([内外]) +)?(\S.*)$")
_CJK = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef△▲∆"
_GLYPH_GAP = re.compile(f"(?<=[{_CJK}]) (?=[{_CJK}])")


def is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def pdf_lines(data: bytes) -> tuple[list[str], set[int]] | Fault:
    """Lines of all pages and the numbers of those that belong to the page (its number, a running head); or what is
    wrong with the file."""
    pages = _pages(data)
    if isinstance(pages, Fault):
        return pages
    if sum(len(page.strip()) for page in pages) < 20:
        return fault("pdf_scanned")
    split = [[text.rstrip() for text in page.replace("\r\n", "\n").split("\n")] for page in pages]
    if _is_spaced(split):
        split = [[_closed_up(text) for text in texts] for texts in split]
    furniture = _furniture(split)
    return _joined(split, furniture)


@functools.lru_cache(maxsize=2)
def _pages(data: bytes) -> tuple[str, ...] | Fault:
    """The text of every page. Taking a PDF apart costs more than reading it, and each decision reads it anew."""
    from pypdf import PdfReader

    log = logging.getLogger("pypdf")
    level = log.level
    log.setLevel(logging.CRITICAL)  # its warnings are about the file's inside, which no reader can mend
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return fault("pdf_encrypted")
        count = len(reader.pages)
        if count > PAGE_LIMIT:
            return fault("pdf_too_long", pages=count, limit=PAGE_LIMIT)
        pages, left = [], CHARACTER_LIMIT
        for page in reader.pages:
            pages.append(page.extract_text())
            left -= len(pages[-1])
            if left < 0:
                return fault("text_too_long", count=CHARACTER_LIMIT - left, limit=CHARACTER_LIMIT)
    except Exception:  # pypdf raises whatever the damage leads to: KeyError, RecursionError, its own
        return fault("pdf_unreadable")
    finally:
        log.setLevel(level)
    return tuple(pages)


def _furniture(pages: list[list[str]]) -> set[tuple[int, int]]:
    """Places (page, line) of page numbers, and of heads and feet that most pages repeat."""
    if len(pages) < 2:
        return set()
    found: set[tuple[int, int]] = set()
    edges: list[tuple[int, int, str]] = []
    for page, texts in enumerate(pages):
        filled = [index for index, text in enumerate(texts) if text.strip()]
        for index in {*filled[:2], *filled[-2:]}:
            text = texts[index].strip()
            edges.append((page, index, re.sub(r"\d+", "#", text)))
            match = _PAGE_NUMBER.match(text)
            # A cover or a contents page may stand uncounted in front.
            if match and index in (filled[0], filled[-1]) and 0 <= page + 1 - int(match[1]) <= 3:
                found.add((page, index))
    repeated = Counter(text for _page, _index, text in edges)
    least = max(3, len(pages) * 6 // 10)
    for page, index, text in edges:
        if repeated[text] >= least and not _begins_part(pages[page][index].strip()):
            found.add((page, index))
    return found


def _begins_part(text: str) -> bool:
    """An episode or a scene, which may stand at the top of every page and is no running head."""
    return episode_head(plain(text)) is not None or read_scene_line(plain(text)) is not None


def _width(text: str) -> int:
    """In half characters."""
    return sum(1 if char.isascii() else 2 for char in text)


def _joined(pages: list[list[str]], furniture: set[tuple[int, int]]) -> tuple[list[str], set[int]]:
    """The lines as written: one that fills its column and does not end there goes on in the next."""
    widths = sorted(
        _width(text.strip())
        for page, texts in enumerate(pages)
        for index, text in enumerate(texts)
        if text.strip() and (page, index) not in furniture and HAN.search(text)
    )
    # The column is as wide as its fullest lines; a line that stands alone in its length fills nothing.
    column = widths[-2] if len(widths) > 2 and widths[-2] >= 36 else 10**9
    lines: list[str] = []
    numbers: set[int] = set()
    last: int | None = None  # the line that may go on, of those of the page that do not count
    full = False
    for page, texts in enumerate(pages):
        for index, text in enumerate(texts):
            if (page, index) in furniture:
                lines.append(text)
                numbers.add(len(lines))
                continue
            bare = text.strip()
            if last is not None and bare and (glued := _glued(lines[last], bare, full)) is not None:
                lines[last] = glued
            else:
                lines.append(text)
                last = len(lines) - 1 if bare else None if index < len(texts) - 1 else last
            full = _width(bare) >= column - 4 if bare else full
    return lines, numbers


def _glued(before: str, after: str, full: bool) -> str | None:
    """The two as one line, or None where a new one begins."""
    if re.search(r"[a-z]-$", before) and re.match("[a-z]", after):
        return before[:-1] + after
    if not full or _ENDS.search(before.rstrip()) or _begins_part(before.strip()):
        return None
    if not HAN.search(after) and not HAN.search(before):
        return None
    text = plain(after)
    if _STARTS.match(text) or _begins_part(after) or cast_line(text) is not None:
        return None
    return before.rstrip() + after


def _is_spaced(pages: list[list[str]]) -> bool:
    """Some programs set a space after every glyph; a writer sets a few between fields."""
    gaps = [match[1] for texts in pages for text in texts for match in _HAN_PAIR.finditer(text)]
    return len(gaps) > 20 and sum(map(len, gaps)) * 10 > len(gaps) * 7


def _closed_up(text: str) -> str:
    head = _SPACED_HEAD.match(text.strip())
    if head:
        place = _GLYPH_GAP.sub("", head[6])
        return " ".join(part for part in (f"{head[1]}-{head[3]}", head[4], head[5], place) if part)
    return re.sub(" {2,}", " ", _GLYPH_GAP.sub("", text))
