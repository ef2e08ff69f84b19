"""`python -m delivery.checks FILE.json`: findings of a package, and whether it may be sent.

The file holds `{"spec": code or object, "on": date, "title": {...}, "episodes": [{"number", "file_name", "media",
"subtitles"}]}`; `media` is what a probe printed. Amounts are yuan in text (`cost`), covers `[width, height]`.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from .findings import passes
from .reading import episode_from_json, title_from_json
from .spec import Spec, SpecFault, default_specs
from .title import check

USAGE = "Give one file: python -m delivery.checks FILE.json"


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
    except SpecFault as fault:
        return _refuse(fault.message)
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0


def _answer(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict) or document.keys() != {"spec", "on", "title", "episodes"}:
        raise SpecFault("file_malformed", "The file must hold an object with spec, on, title and episodes.")
    try:
        on = dt.date.fromisoformat(document["on"])
    except (TypeError, ValueError):
        raise SpecFault("file_malformed", "on must be a date written like 2026-01-31.") from None
    if not isinstance(document["episodes"], list):
        raise SpecFault("file_malformed", "episodes must be a list.")
    spec = _spec(document["spec"])
    episodes = [episode_from_json(row, position) for position, row in enumerate(document["episodes"], start=1)]
    title = title_from_json(document["title"], tuple(episode.number for episode in episodes))
    findings = check(spec, title, episodes, on)
    return {
        "spec": spec.code,
        "passes": passes(findings),
        "findings": [finding.to_json() for finding in findings],
    }


def _spec(asked: Any) -> Spec:
    if not isinstance(asked, str):
        return Spec.from_json(asked)
    known = {spec.code: spec for spec in default_specs()}
    if asked not in known:
        raise SpecFault(
            "no_such_spec", "There is no spec {spec}; there are: {known}.", spec=asked, known=", ".join(known)
        )
    return known[asked]


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
