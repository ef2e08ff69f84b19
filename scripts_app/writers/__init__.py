"""Scripts written as the files that other people's programs open. Pure.

Each writer sets a script in the form its format has for it, reads that form back with the reader of
`scripts_app.parsers`, and puts only what did not survive into a note: so what is written is read as it was.
"""

from __future__ import annotations

from dataclasses import dataclass

from scripts_app.parsers import ParsedScript

from .docx import docx_of
from .fdx import fdx_of
from .fountain import fountain_of
from .loading import script_of_json
from .sheet import sheet_of

__all__ = ["FORMATS", "Format", "script_of_json", "write_script"]


@dataclass(frozen=True, slots=True)
class Format:
    suffix: str
    content_type: str


FORMATS = {
    "fountain": Format(".fountain", "text/plain; charset=utf-8"),
    "fdx": Format(".fdx", "application/xml"),
    "docx": Format(".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": Format(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_WRITERS = {"fountain": fountain_of, "fdx": fdx_of, "docx": docx_of, "xlsx": sheet_of}


def write_script(script: ParsedScript, to: str) -> bytes:
    """The script as a file; `to` is a key of FORMATS. The same script gives the same bytes."""
    return _WRITERS[to](script)
