"""`python -m scripts_app.matching OLD NEW` prints which scene is which as JSON; each a script or the parsers' JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from scripts_app.parsers import SIZE_LIMIT, read_script

from .match import match_scenes
from .model import KINDS, DraftScene
from .reading import scenes_from_json


class _Unreadable(Exception):
    """Why a file cannot be compared, in one sentence."""


def _scenes(path: Path) -> tuple[DraftScene, ...]:
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except OSError as problem:
        raise _Unreadable(f"{path} cannot be opened: {problem.strerror}.") from problem
    if path.suffix.lower() == ".json":
        try:
            return scenes_from_json(json.loads(data))
        except (ValueError, RecursionError) as problem:
            raise _Unreadable(f"{path} is not what the parsers print: {problem}.") from problem
    parsed = read_script(data, path.name)
    if not parsed.importable:
        raise _Unreadable(f"{path}: {next(each.message for each in parsed.faults if each.severity == 'error')}")
    return scenes_from_json(parsed.to_json())


def main(arguments: list[str] | None = None) -> int:
    """0: printed; 2: a file cannot be compared, said on stderr."""
    options = argparse.ArgumentParser(prog="scripts_app.matching", description="Match the scenes of two drafts.")
    options.add_argument("old", type=Path)
    options.add_argument("new", type=Path)
    chosen = options.parse_args(arguments)
    try:
        matches = match_scenes(_scenes(chosen.old), _scenes(chosen.new))
    except (_Unreadable, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 2
    counts = Counter(match.kind for match in matches)
    document = {
        "counts": {kind: counts[kind] for kind in KINDS},
        "matches": [match.to_json() for match in matches],
    }
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
