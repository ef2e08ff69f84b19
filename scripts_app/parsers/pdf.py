"""PDFs that hold text."""

from __future__ import annotations

import io
import logging
import re

from .faults import Fault, fault

PAGE_LIMIT = 3000
_PAGE_NUMBER = re.compile(r"^[-—–\s]*(?:第\s?)?(\d{1,4})(?:\s?页)?(?:\s?[/／]\s?\d{1,4})?[-—–\s.]*$")


def is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def pdf_lines(data: bytes) -> tuple[list[str], set[int]] | Fault:
    """Lines of all pages and the numbers of those lines that are page numbers; or what is wrong with the file."""
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
        pages = [page.extract_text() for page in reader.pages]
    except Exception:  # pypdf raises whatever the damage leads to: KeyError, RecursionError, its own
        return fault("pdf_unreadable")
    finally:
        log.setLevel(level)
    if sum(len(page.strip()) for page in pages) < 20:
        return fault("pdf_scanned")
    lines: list[str] = []
    numbers: set[int] = set()
    for page_number, page in enumerate(pages, start=1):
        texts = page.replace("\r\n", "\n").split("\n")
        filled = [index for index, text in enumerate(texts) if text.strip()]
        for index, text in enumerate(texts):
            lines.append(text)
            if filled and index in (filled[0], filled[-1]) and len(pages) > 1:
                match = _PAGE_NUMBER.match(text.strip())
                # A cover or a contents page may stand uncounted in front.
                if match and 0 <= page_number - int(match[1]) <= 3:
                    numbers.add(len(lines))
    return lines, numbers
