"""Papers as PDF: a Typst template under templates/documents/ and plain data.

Data goes in as JSON through `sys.inputs`, so text that users typed is never read as markup. Each template says the shape
of its data on its first lines. The same data gives the same bytes.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from studio.values.money import Money

_NAME = re.compile(r"[a-z][a-z_]*\.typ")
_HOUSE = Path(__file__).resolve().parent.parent
TEMPLATES = _HOUSE / "templates" / "documents"
FONTS = _HOUSE / "static" / "fonts"


class DocumentError(Exception):
    """A paper that could not be drawn; the message is for the log, not for readers."""


def _plain(value: Any) -> str:
    """What JSON has no word for: money and times as people read them, lazy sentences as text."""
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, datetime):
        # The caller's zone: a call time in UTC would send people to the set at midnight.
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    from django.utils.functional import Promise

    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"a document cannot hold a {type(value).__name__}")


def render_pdf(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of `template` ("call_sheet.typ") filled with `data`; about 50 ms for a call sheet.

    `data["lang"]` is "zh" or "en" and chooses the labels. Money, dates, times and lazy translations may stand in `data`
    as they are; datetimes must already be in the reader's zone. Raises DocumentError when the template does not exist
    or the data lacks what it needs.
    """
    import typst

    try:
        pdf = typst.compile(**_inputs(template, data), format="pdf")
    except (typst.TypstError, RuntimeError) as error:
        raise DocumentError(f"{template}: {error}") from error
    return bytes(pdf)


def ask_document(template: str, data: dict[str, Any], label: str) -> list[Any]:
    """The values that a document leaves under a label (`#metadata(...) <label>`), such as what stands on which page.

    It costs the layout, so nearly as much as drawing the document.
    """
    import typst

    inputs = _inputs(template, data)
    try:
        found = typst.query(inputs.pop("input"), f"<{label}>", field="value", **inputs)
    except (typst.TypstError, RuntimeError) as error:
        raise DocumentError(f"{template}: {error}") from error
    return list(json.loads(found))


def data_text(data: dict[str, Any]) -> str:
    """A document's data as the one text it is drawn from: equal texts are equal papers."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=_plain)
    # Half a surrogate pair, as broken imports leave them, has no UTF-8 form.
    return text.encode("utf-8", "replace").decode()


def _inputs(template: str, data: dict[str, Any]) -> dict[str, Any]:
    path = TEMPLATES / template
    if not _NAME.fullmatch(template) or not path.is_file():
        raise DocumentError(f"no document template {template!r}")
    return {
        "input": str(path),
        "root": str(TEMPLATES),
        "font_paths": [str(FONTS)],
        "ignore_system_fonts": True,
        "sys_inputs": {"data": data_text(data)},
    }
