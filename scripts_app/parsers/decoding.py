"""What a file is, told from its first bytes, and the text of one that is text."""

from __future__ import annotations

import re
from collections.abc import Callable

from .docx import is_docx
from .faults import Fault, fault
from .fdx import is_fdx
from .pdf import is_pdf

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_ARCHIVES = (b"Rar!\x1a", b"7z\xbc\xaf\x27", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_WRITTEN = re.compile("[\t\n\r\x20-\x7e\u00a0-\u00ff\u2000-\u206f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef△∆▲]")


def kind_fault(data: bytes) -> Fault | None:
    """What the file is when it is no script in any form we read."""
    if data.startswith(_OLE):
        return fault("old_word_file")
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"{\\rtf"):
        return fault("rtf_file")
    if data.startswith(_ARCHIVES):
        return fault("archive_file")
    if _is_picture(data):
        return fault("picture_file")
    web = start.startswith((b"<!doctype html", b"<html")) or (b"<html" in start and start.startswith(b"<"))
    if web or (start.startswith(b"mime-version:") and b"multipart/related" in start):
        return fault("web_page_file")
    head = data[:4096].replace(b"\x00", b"")
    if start.startswith(b"<?xml") and b"FinalDraft" not in head:
        return fault("xml_other")
    return None


def _is_picture(data: bytes) -> bool:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return True
    # Two letters open a bitmap, but also a line of text; its header says zero where text has letters.
    bitmap = not data.startswith(b"BM") or data[6:10] == b"\x00\x00\x00\x00"
    return (data.startswith(_PICTURES) and bitmap) or data[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif")


def sight_fault(data: bytes) -> Fault | None:
    """What can be said of a file without reading it through: that it is nothing a script comes in."""
    if is_pdf(data) or is_docx(data):
        return None
    if (seen := kind_fault(data)) is not None:
        return seen
    if is_fdx(data):
        return None
    read = decode(data)
    return read if isinstance(read, Fault) else None


def decode(data: bytes) -> tuple[str, str] | Fault:
    """Text and the name of its encoding: byte order marks, UTF-8, UTF-16 without its mark, GB18030, Big5."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                text = data[len(bom) :].decode("utf-8") if encoding == "utf-8" else data.decode(encoding)
            except UnicodeDecodeError:
                return fault("encoding_unreadable")
            return _as_text(text, encoding)
    if b"\x00" in data and (wide := _wide(data)) is not None:
        return wide
    try:
        return _as_text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    head = data[:65_536]
    if data.count(b"\x00") * 200 > len(data) or len(_CONTROL_BYTES.findall(head)) * 50 > len(head):
        return fault("binary_file")
    for encoding, is_written in (("gb18030", _is_simplified), ("big5", _is_traditional)):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_written(text):
            return _as_text(text, encoding)
    return fault("encoding_unreadable")


def _as_text(text: str, encoding: str) -> tuple[str, str] | Fault:
    """The text without a stray zero byte; a file of them, or of control characters, is no text."""
    if "\x00" in text:
        if text.count("\x00") * 200 > len(text):
            return fault("binary_file")
        text = text.replace("\x00", "")
    return fault("binary_file") if len(_CONTROL.findall(text)) * 50 > len(text) else (text, encoding)


def _wide(data: bytes) -> tuple[str, str] | None:
    """UTF-16 without a byte order mark: its spaces and line ends hold zeros, and one of the two orders is writing."""
    if len(data) % 2:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(_WRITTEN.findall(text[:20_000])) * 20 >= min(len(text), 20_000) * 19:
            return text, "utf-16"
    return None


def _is_simplified(text: str) -> bool:
    """Nearly every byte pair is some GB18030 character; written Chinese keeps to the common ones of GB2312."""
    return _mostly(text, 8, lambda char: len(char.encode("gb2312", "ignore")) > 0 or char in "—…·△∆▲")


def _is_traditional(text: str) -> bool:
    """Written Chinese in Big5 keeps to its first level and its punctuation."""

    def common(char: str) -> bool:
        code = char.encode("big5", "ignore")
        return len(code) == 2 and (0xA4 <= code[0] <= 0xC6 or code[0] <= 0xA3)

    return _mostly(text, 9, common)


def _mostly(text: str, tenths: int, common: Callable[[str], bool]) -> bool:
    outside = [char for char in text[:20_000] if ord(char) > 127]
    return sum(1 for char in outside if common(char)) * 10 >= len(outside) * tenths
