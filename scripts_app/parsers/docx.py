"""Word files: the text of every paragraph, in order."""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.etree.ElementTree import Element  # nosec B405: the type only; parsing is defusedxml's

from .faults import Fault, fault
from .xml import local, parse_xml

UNPACKED_LIMIT = 100 * 1024 * 1024
_DOCUMENT = "word/document.xml"


def is_docx(data: bytes) -> bool:
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def docx_lines(data: bytes, limit: int = UNPACKED_LIMIT) -> list[str] | Fault:
    """Paragraphs as lines; a table row's cells are joined by spaces, a line break begins a new line.

    The sizes that the archive states are looked at before anything is unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > limit:
                return fault("unpacks_too_large", limit_mb=limit // (1024 * 1024))
            if _DOCUMENT not in archive.namelist():
                return fault("docx_unreadable")
            document = archive.read(_DOCUMENT)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return fault("docx_unreadable")
    root = parse_xml(document, "docx_unreadable")
    if isinstance(root, Fault):
        return root
    lines: list[str] = []
    _walk(root, lines)
    return lines


def _walk(root: Element, lines: list[str]) -> None:
    # An explicit stack: nesting of a hostile file must not reach the interpreter's limit.
    stack = [root]
    while stack:
        element = stack.pop()
        tag = local(element.tag)
        if tag == "p":
            lines.extend(_paragraph(element).split("\n"))
        elif tag == "tr":
            cells = [child for child in element if local(child.tag) == "tc"]
            texts = [_cell(cell) for cell in cells]
            if len(texts) > 1 and all("\n" not in text for text in texts):
                lines.append(" ".join(text for text in texts if text.strip()))
            else:
                lines.extend(line for text in texts for line in text.split("\n"))
        elif tag not in ("Fallback", "sectPr"):
            stack.extend(reversed(list(element)))


def _cell(cell: Element) -> str:
    return "\n".join(_paragraph(each) for each in cell.iter() if local(each.tag) == "p")


def _paragraph(paragraph: Element) -> str:
    pieces: list[str] = []
    stack = list(reversed(list(paragraph)))
    while stack:
        element = stack.pop()
        tag = local(element.tag)
        if tag == "t":
            pieces.append(element.text or "")
        elif tag == "tab":
            pieces.append("\t")
        elif tag in ("br", "cr"):
            pieces.append("\n")
        elif tag == "noBreakHyphen":
            pieces.append("-")
        elif tag == "p":
            pieces.append("\n")  # a text box inside a paragraph
            stack.extend(reversed(list(element)))
        elif tag not in ("Fallback", "del", "rPr", "pPr", "instrText"):
            stack.extend(reversed(list(element)))
    return "".join(pieces)
