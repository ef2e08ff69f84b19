"""A frozen call sheet in one language: what templates/documents/call_sheet.typ and the pages draw."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scheduling.call_sheet_clock import clock
from scheduling.choices import CallSheetState, Unit
from scheduling.models import CallSheet
from scripts_app.choices import IntExt, TimeOfDay
from studio.choices import Department
from studio.values.pages import format_pages

_NUMBER = re.compile(r"(?P<number>\+?\d[\d\- ]{5,})\s*$", re.ASCII)


def paper_of(data: dict[str, Any], language: str) -> dict[str, Any]:
    """Everything the paper says, as text of `language` ("zh-hans", "en")."""
    with translation.override(language):
        return _paper(data, "zh" if language.startswith("zh") else "en")


def paper_of_sheet(sheet: CallSheet, language: str) -> dict[str, Any]:
    """The same with its revision and hour of issue; needs the day's production and studio."""
    zone = sheet.shoot_day.production.studio.zone
    status = "revised" if sheet.state == CallSheetState.REVISED else "issued"
    return {
        **paper_of(sheet.data, language),
        "version": sheet.revision,
        "status": status,
        "issued_at": timezone.localtime(sheet.issued_at, zone),
    }


def _weekday(date: dt.date) -> str:
    return str(formats.date_format(date, "l"))


def _paper(data: dict[str, Any], lang: str) -> dict[str, Any]:
    unit = data["page_unit"]
    date = dt.date.fromisoformat(data["date"])
    base = data["base"]
    scenes = [
        {
            "id": scene["id"], "where": _where(scene), "number": scene["number"], "int_ext": scene["int_ext"], "time": scene["time"],
            "set": scene["set"], "place": scene["place"], "synopsis": scene["synopsis"], "cast": scene["cast"],
            "extras": pgettext("list", ", ").join(scene["extras"]),
            "pages": format_pages(scene["page_parts"], unit), "start": clock(scene["start"]),
            "minutes": scene["minutes"],
        }
        for scene in data["scenes"]
    ]  # fmt: skip
    paper: dict[str, Any] = {
        "lang": lang, "studio": data["studio"], "title": data["title"],
        # The main unit is the rule; only another one needs saying.
        "unit": Unit(data["unit"]).label if data["unit"] != Unit.MAIN else "",
        "day_number": data["day_number"], "day_count": data["day_count"], "date": data["date"],
        "weekday": _weekday(date),
        "base": {"name": base["name"], "address": " ".join(filter(None, (base["city"], base["address"])))} if base else {},
        "call": clock(data["call"]), "first_shot": clock(data["first_shot"]), "wrap": clock(data["wrap"]),
        "sunrise": clock(data["sunrise"]), "sunset": clock(data["sunset"]),
        "scenes": scenes, "pages_total": format_pages(sum(scene["page_parts"] for scene in data["scenes"]), unit),
        "minutes_total": sum(scene["minutes"] for scene in data["scenes"]),
        "cast": [
            {"name": row["name"], "role": pgettext("list", ", ").join(row["role"]), "code": row["code"],
             "makeup": clock(row["makeup"]), "on_set": clock(row["on_set"]), "scenes": " ".join(row["scenes"])}
            for row in data["cast"]
        ],
        "departments": _departments(data),
        "meals": [
            {"name": _("Meal %(number)s") % {"number": number}, "time": clock(minute),
             "count": len(data["cast"]) + len(data["crew"])}
            for number, minute in enumerate(data["meals"], 1)
        ],
        "notes": data["notes"], "contacts": data["contacts"], "next": None,
    }  # fmt: skip
    if base and base["contact"]:
        paper["contacts"] = [*data["contacts"], {"role": _("Base"), **_contact(base["contact"])}]
    if data["next"]:
        following = data["next"]
        paper["next"] = {
            **following, "weekday": _weekday(dt.date.fromisoformat(following["date"])), "call": clock(following["call"])
        }  # fmt: skip
    return paper


def _contact(text: str) -> dict[str, str]:
    """A base's contact is one text, the number at its end: `基地前台 029-0000-0000`."""
    match = _NUMBER.search(text)
    if match is None:
        return {"name": text, "phone": ""}
    return {"name": text[: match.start()].strip(" ,，:："), "phone": match["number"].strip()}


def _where(scene: dict[str, Any]) -> str:
    """`Int. Day`, for the screen; the PDF writes its own."""
    place = str(dict(IntExt.choices).get(scene["int_ext"], ""))
    return f"{place} {TimeOfDay(scene['time']).label}".strip()


def _departments(data: dict[str, Any]) -> list[dict[str, str]]:
    """Each department's usual call; those called at another hour by name."""
    rows = []
    for department in Department:
        people = [row for row in data["crew"] if row["department"] == department]
        if not people:
            continue
        calls = [row["call"] for row in people]
        usual = max(sorted(set(calls)), key=calls.count)
        others = [f"{row['name']} {clock(row['call'])}" for row in people if row["call"] != usual]
        rows.append({"name": str(department.label), "call": clock(usual), "note": pgettext("list", ", ").join(others)})
    return rows


def draw(sheet: CallSheet, language: str) -> bytes:
    """The sheet's PDF in a language."""
    from studio.documents import render_pdf

    return render_pdf("call_sheet.typ", paper_of_sheet(sheet, language))
