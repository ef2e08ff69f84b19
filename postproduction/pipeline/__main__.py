"""`python -m postproduction.pipeline FILE.json`: order, state and due dates of a pipeline.

The file holds `{"template": "live"}` or `{"steps": [...]}`, and may add `done` (codes), `start` (a date),
`minutes_per_day` (a number, or one per department), `weekly_off` (Monday 0) and `off` (dates).
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from .plan import Calendar, plan
from .steps import Pipeline, PipelineFault, template

USAGE = "Give one file: python -m postproduction.pipeline FILE.json"
_FIELDS = {"template", "steps", "done", "start", "minutes_per_day", "weekly_off", "off"}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        return _refuse(USAGE)
    try:
        document = json.loads(Path(arguments[0]).read_text("utf-8-sig"))
    except OSError as error:
        return _refuse(f"{arguments[0]} cannot be read: {error.strerror}.")
    except (ValueError, RecursionError):
        return _refuse(f"{arguments[0]} is not JSON in UTF-8.")
    try:
        answer = _answer(document)
    except PipelineFault as fault:
        return _refuse(fault.message)
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0


def _answer(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict) or ("template" in document) == ("steps" in document):
        raise PipelineFault("file_malformed", "The file must hold an object with either template or steps.")
    if unknown := sorted(document.keys() - _FIELDS):
        raise PipelineFault("file_malformed", "There is no field {field}.", field=unknown[0])
    if "template" in document:
        pipeline = template(str(document["template"]))
    else:
        pipeline = Pipeline.from_json({"steps": document["steps"]})
    done = document.get("done", [])
    if not isinstance(done, list) or not all(isinstance(code, str) for code in done):
        raise PipelineFault("file_malformed", "done must be a list of step codes.")
    answer: dict[str, Any] = {
        "order": pipeline.order(),
        "ready": pipeline.ready(done),
        "progress": pipeline.progress(done),
    }
    if "start" in document:
        minutes = document.get("minutes_per_day", 480)
        if not isinstance(minutes, int | dict):
            raise PipelineFault("file_malformed", "minutes_per_day must be a number, or one per department.")
        start, calendar = _date(document["start"]), _calendar(document)
        answer["plan"] = [row.to_json() for row in plan(pipeline, start, minutes, calendar, done=done)]
    return answer


def _calendar(document: dict[str, Any]) -> Calendar:
    weekly, off = document.get("weekly_off", []), document.get("off", [])
    if not isinstance(weekly, list) or any(day not in range(7) for day in weekly) or not isinstance(off, list):
        raise PipelineFault("file_malformed", "weekly_off lists days 0 (Monday) to 6, off lists dates.")
    return Calendar(frozenset(weekly), frozenset(_date(day) for day in off))


def _date(written: Any) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except (TypeError, ValueError):
        raise PipelineFault("date_malformed", "Dates are written like 2026-01-31.") from None


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
