"""Word files: every paragraph as its reader sees it, in order, with the styles it is set in."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element  # nosec B405: the type only; parsing is defusedxml's

from .body import ACTION_MARKS
from .docx_numbering import Numbering
from .docx_tables import table_lines
from .faults import Fault, fault
from .xml import local, parse_xml

UNPACKED_LIMIT = 100 * 1024 * 1024
PART_LIMIT = 40 * 1024 * 1024  # of the one part that holds the text: a full-size script has 3 MB
_DOCUMENT, _NUMBERING, _STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"
# Deleted and moved text is gone for the reader; instructions, phonetic guides and fallbacks were never shown.
_UNSEEN = {"del", "moveFrom", "rPr", "pPr", "instrText", "delText", "Fallback", "rt", "sectPr", "tblPr", "sdtPr"}
_SPECIAL = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(slots=True)
class Run:
    """Text in one character style."""

    text: str
    style: str = ""


@dataclass(slots=True)
class Paragraph:
    style: str = ""
    runs: list[Run] = field(default_factory=list)
    joined: bool = False  # its end is deleted, so the next one goes on where it stops

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def is_docx(data: bytes) -> bool:
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def docx_paragraphs(data: bytes, limit: int = UNPACKED_LIMIT) -> list[Paragraph] | Fault:
    """Paragraphs in order; a table row is one, its cells joined, and a line break begins a new one.

    The sizes that the archive states are looked at before anything is unpacked, and no part is unpacked further
    than it may be. Headers, footers, comments and footnotes are other parts, which are not read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if _DOCUMENT not in names:
                return fault(_kind_of_archive(names))
            if sum(entry.file_size for entry in archive.infolist()) > limit:
                return fault("unpacks_too_large", limit_mb=limit // (1024 * 1024))
            parts = {}
            for name in (_DOCUMENT, _NUMBERING, _STYLES):
                if name in names:
                    with archive.open(name) as part:
                        parts[name] = part.read(PART_LIMIT + 1)
                    if len(parts[name]) > PART_LIMIT:
                        return fault("unpacks_too_large", limit_mb=PART_LIMIT // (1024 * 1024))
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return fault("docx_unreadable")
    root = parse_xml(parts[_DOCUMENT], "docx_unreadable")
    if isinstance(root, Fault):
        return root
    numbering = Numbering.read(_tree(parts.get(_NUMBERING)), _tree(parts.get(_STYLES)))
    return list(_joined(_Walk(numbering).paragraphs(root)))


def _tree(data: bytes | None) -> Element | None:
    """A part that only helps; where it is broken the text is read without it."""
    root = parse_xml(data, "docx_unreadable") if data else None
    return None if isinstance(root, Fault) else root


def _kind_of_archive(names: set[str]) -> str:
    """What an archive without a Word document is."""
    if any(name.startswith("xl/") for name in names):
        return "spreadsheet_file"
    if any(name.startswith("ppt/") for name in names):
        return "slides_file"
    if "content.xml" in names and "mimetype" in names:
        return "odt_file"
    if any(name.lower().endswith(".iwa") or name in ("Index.zip", "index.xml") for name in names):
        return "pages_file"
    if "META-INF/container.xml" in names:
        return "epub_file"
    return "docx_unreadable" if "[Content_Types].xml" in names else "archive_file"


def _joined(paragraphs: Iterator[Paragraph]) -> Iterator[Paragraph]:
    """Line breaks begin new paragraphs; one whose end is deleted goes on in the next."""
    held: Paragraph | None = None
    for paragraph in paragraphs:
        if held is not None:
            paragraph = Paragraph(held.style or paragraph.style, [*held.runs, *paragraph.runs], paragraph.joined)
        held = paragraph if paragraph.joined else None
        if held is None:
            yield from _split(paragraph)
    if held is not None:
        yield from _split(held)


def _split(paragraph: Paragraph) -> Iterator[Paragraph]:
    current = Paragraph(paragraph.style)
    for run in paragraph.runs:
        first, *rest = run.text.split("\n")
        if first:
            current.runs.append(Run(first, run.style))
        for text in rest:
            yield current
            current = Paragraph(paragraph.style, [Run(text, run.style)] if text else [])
    yield current


class _Walk:
    """One pass over the body; an explicit stack, as nesting must not reach the interpreter's limit."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering

    def paragraphs(self, root: Element) -> Iterator[Paragraph]:
        stack = [root]
        while stack:
            element = stack.pop()
            tag = local(element.tag)
            if tag == "p":
                yield from self.paragraph(element)
            elif tag == "tbl":
                rows = [self.row(row) for row in element.iter() if local(row.tag) == "tr"]
                yield from (Paragraph(runs=[Run(line)]) for line in table_lines(rows))
            elif tag not in _UNSEEN:
                stack.extend(reversed(element))

    def row(self, row: Element) -> list[list[str]]:
        """The cells of a row, each a list of lines; a table inside a cell has rows of its own."""
        cells, stack = [], list(reversed(row))
        while stack:
            element = stack.pop()
            tag = local(element.tag)
            if tag == "tc":
                cells.append(self.cell(element))
            elif tag in ("sdt", "sdtContent", "ins", "moveTo"):
                stack.extend(reversed(element))
        return cells

    def cell(self, cell: Element) -> list[str]:
        lines = []
        stack = list(reversed(cell))
        while stack:
            element = stack.pop()
            tag = local(element.tag)
            if tag == "p":
                lines += [each.text for one in self.paragraph(element) for each in _split(one)]
            elif tag != "tbl" and tag not in _UNSEEN:
                stack.extend(reversed(element))
        return [line for line in lines if line.strip()]

    def paragraph(self, element: Element) -> Iterator[Paragraph]:
        """The paragraph with its automatic number, then the text boxes that hang on it."""
        properties = next((child for child in element if local(child.tag) == "pPr"), None)
        style = _value(properties, "pStyle")
        label = self.numbering.label(properties, style)
        found = Paragraph(style, joined=_mark_is_deleted(properties))
        boxes: list[Element] = []
        stack: list[tuple[Element, str]] = [(child, "") for child in reversed(element)]
        while stack:
            child, character = stack.pop()
            tag = local(child.tag)
            if tag == "t":
                found.runs.append(Run(child.text or "", character))
            elif tag in _SPECIAL:
                found.runs.append(Run(_SPECIAL[tag], character))
            elif tag == "txbxContent":
                boxes.append(child)
            elif tag == "r":
                inside = next((each for each in child if local(each.tag) == "rPr"), None)
                if not _hidden(inside):
                    character = _value(inside, "rStyle")
                    stack.extend((each, character) for each in reversed(child))
            elif tag not in _UNSEEN:
                stack.extend((each, character) for each in reversed(child))
        if label and (found.text.strip() or label[0] not in ACTION_MARKS):
            found.runs.insert(0, Run(label))
        yield found
        for box in boxes:
            yield from self.paragraphs(box)


def _value(properties: Element | None, name: str) -> str:
    """`w:val` of a property."""
    for child in properties if properties is not None else ():
        if local(child.tag) == name:
            return next((value for key, value in child.attrib.items() if local(key) == "val"), "")
    return ""


def _hidden(properties: Element | None) -> bool:
    for child in properties if properties is not None else ():
        if local(child.tag) == "vanish":
            return _value(properties, "vanish") not in ("0", "false", "off")
    return False


def _mark_is_deleted(properties: Element | None) -> bool:
    for child in properties if properties is not None else ():
        if local(child.tag) == "rPr":
            return any(local(each.tag) in ("del", "moveFrom") for each in child)
    return False
