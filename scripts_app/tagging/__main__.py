"""`python -m scripts_app.tagging FILE`: {"words": [...], "lines": [...]} in, the words found out as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .words import Finder


def main(argv: list[str]) -> int:
    if len(argv) != 1:
        print("usage: python -m scripts_app.tagging FILE", file=sys.stderr)
        return 2
    try:
        given = json.loads(Path(argv[0]).read_text(encoding="utf-8"))
        words, lines = given["words"], given["lines"]
        if not all(isinstance(one, str) for one in [*words, *lines]):
            raise TypeError
    except (OSError, ValueError, KeyError, TypeError):
        print(f'{argv[0]} is not a JSON file of the form {{"words": [...], "lines": [...]}}.', file=sys.stderr)
        return 2
    finder = Finder(words)
    found = [
        {"line": index, "start": each.start, "length": each.length, "word": each.word}
        for index, line in enumerate(lines)
        for each in finder.find(line)
    ]
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
