"""The door: bytes or text in, a ParsedScript out, whatever they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from .chinese import read_chinese
from .decisions import Decision, finish_decided
from .decoding import decode, kind_fault
from .docx import docx_paragraphs, is_docx
from .draft import ScriptDraft
from .faults import Fault, fault
from .fdx import fdx_draft, is_fdx
from .fountain import looks_like_fountain, read_fountain
from .heads import read_scene_line
from .measure import Pace
from .model import ParsedScript
from .normalise import han_count, plain, split_lines
from .pdf import is_pdf, pdf_lines
from .word import is_styled, read_styled

SIZE_LIMIT = 20 * 1024 * 1024
TEXT_LIMIT = 3_000_000  # characters: forty full-size scripts
_TEXT_SUFFIXES = {"", ".txt", ".md", ".markdown", ".text", ".fountain", ".spmd"}
_FOUNTAIN_SUFFIXES = {".fountain", ".spmd"}


def read_script(
    data: bytes,
    filename: str,
    page_unit: str = "tenths",
    *,
    max_bytes: int = SIZE_LIMIT,
    pace: Pace | None = None,
    decisions: Sequence[Decision] = (),
) -> ParsedScript:
    """Read a script file, choosing the reader by what it holds and only then by its name.

    Never raises for what a file holds: everything wrong with it is a fault of the result. `page_unit` is
    eighths or tenths. `decisions` were checked by `read_decision`.
    """
    suffix = PurePath(filename).suffix.lower()
    pace = pace or Pace()
    if not data.strip():
        return _refused(fault("empty_file"), "text", page_unit)
    if len(data) > max_bytes:
        size, limit = -(-len(data) // (1024 * 1024)), max(1, max_bytes // (1024 * 1024))
        return _refused(fault("too_large", size_mb=size, limit_mb=limit), "text", page_unit)
    if is_pdf(data):
        return _read_pdf(data, suffix, page_unit, pace, decisions)
    if is_docx(data):
        return _read_docx(data, suffix, page_unit, pace, decisions)
    if suffix != ".fdx" and (seen := kind_fault(data)) is not None:
        return _refused(seen, "text", page_unit)
    if is_fdx(data) and (b"FinalDraft" in data[:4096].replace(b"\x00", b"") or suffix == ".fdx"):
        fdx = fdx_draft(data)
        if isinstance(fdx, Fault):
            return _refused(fdx, "fdx", page_unit)
        _say_type(fdx, suffix, ".fdx", "a Final Draft script")
        return finish_decided(fdx, decisions, page_unit, pace)
    decoded = decode(data)
    if isinstance(decoded, Fault):
        return _refused(decoded, "text", page_unit)
    text, encoding = decoded
    faults = []
    if encoding != "utf-8":
        faults.append(fault("encoding_fallback", 0, encoding=encoding))
    if suffix not in _TEXT_SUFFIXES:
        faults.append(fault("other_type", 0, suffix=suffix, found="plain text"))
    return _read(
        split_lines(text), "text", page_unit, pace, encoding, suffix in _FOUNTAIN_SUFFIXES, faults, decisions=decisions
    )


def read_text(
    text: str,
    filename: str = "",
    page_unit: str = "tenths",
    *,
    max_chars: int = SIZE_LIMIT,
    pace: Pace | None = None,
    decisions: Sequence[Decision] = (),
) -> ParsedScript:
    """Read pasted text. Never raises for what it holds."""
    if not text.strip():
        return _refused(fault("empty_file"), "text", page_unit)
    if len(text) > max_chars:
        size, limit = -(-len(text) // (1024 * 1024)), max(1, max_chars // (1024 * 1024))
        return _refused(fault("too_large", size_mb=size, limit_mb=limit), "text", page_unit)
    suffix = PurePath(filename).suffix.lower()
    return _read(
        split_lines(text),
        "text",
        page_unit,
        pace or Pace(),
        None,
        suffix in _FOUNTAIN_SUFFIXES,
        [],
        decisions=decisions,
    )


def _read_docx(data: bytes, suffix: str, page_unit: str, pace: Pace, decisions: Sequence[Decision]) -> ParsedScript:
    paragraphs = docx_paragraphs(data)
    if isinstance(paragraphs, Fault):
        return _refused(paragraphs, "docx", page_unit)
    lines = [paragraph.text for paragraph in paragraphs]
    if not any(line.strip() for line in lines):
        return _refused(fault("empty_file"), "docx", page_unit)
    faults = [] if suffix in ("", ".docx") else [fault("other_type", 0, suffix=suffix, found="a Word document")]
    if is_styled(paragraphs):
        draft = ScriptDraft("chinese", "docx", lines)
        draft.faults.extend(faults)
        return finish_decided(read_styled(draft, paragraphs), decisions, page_unit, pace)
    return _read(lines, "docx", page_unit, pace, None, suffix in _FOUNTAIN_SUFFIXES, faults, decisions=decisions)


def _read_pdf(data: bytes, suffix: str, page_unit: str, pace: Pace, decisions: Sequence[Decision]) -> ParsedScript:
    found = pdf_lines(data)
    if isinstance(found, Fault):
        return _refused(found, "pdf", page_unit)
    lines, page_numbers = found
    faults = [] if suffix in ("", ".pdf") else [fault("other_type", 0, suffix=suffix, found="a PDF")]
    return _read(lines, "pdf", page_unit, pace, None, False, faults, page_numbers, decisions)


def _read(
    lines: list[str],
    source: str,
    page_unit: str,
    pace: Pace,
    encoding: str | None,
    fountain: bool,
    faults: list[Fault],
    page_numbers: set[int] | None = None,
    decisions: Sequence[Decision] = (),
) -> ParsedScript:
    if (length := sum(map(len, lines))) > TEXT_LIMIT:
        return _refused(fault("text_too_long", count=length, limit=TEXT_LIMIT), source, page_unit)
    draft = ScriptDraft("chinese", source, lines, encoding)
    draft.faults.extend(faults)
    draft.page_numbers = page_numbers or set()
    if (fountain and not _is_chinese(lines)) or _is_fountain(lines):
        draft.layout = "fountain"
        read_fountain(draft)
    else:
        read_chinese(draft)
    return finish_decided(draft, decisions, page_unit, pace)


def _is_chinese(lines: list[str]) -> bool:
    """A Chinese layout under the name of Fountain: its headings, and not one that Fountain would know."""
    marked = any(re.match(r"[*_]{0,4}(?:INT|EXT|EST|I/E)[. /]|\.\w", line, re.IGNORECASE) for line in lines)
    return not marked and any(len(line) < 120 and read_scene_line(plain(line)) is not None for line in lines)


def _is_fountain(lines: list[str]) -> bool:
    """English headings, and more of them than of any other kind."""
    text = "\n".join(lines)
    if not looks_like_fountain(text) or han_count(text) * 3 > len(text):
        return False
    english = others = 0
    for line in lines:
        if len(line) > 120:
            continue
        head = read_scene_line(plain(line))
        if head is not None:
            if re.match(r"^\s*[*_]*(?:\d+\S?\s+)?(?:INT|EXT|EST|I/E)", line, re.IGNORECASE):
                english += 1
            else:
                others += 1
    return english > others


def _say_type(draft: ScriptDraft, suffix: str, usual: str, found: str) -> None:
    if suffix not in ("", usual):
        draft.faults.append(fault("other_type", 0, suffix=suffix, found=found))


def _refused(reason: Fault, source: str, page_unit: str) -> ParsedScript:
    return ParsedScript(kind="not_a_script", layout="none", source=source, page_unit=page_unit, faults=(reason,))
