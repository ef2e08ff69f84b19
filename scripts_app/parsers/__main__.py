"""`python -m scripts_app.parsers FILE [--pages eighths|tenths]` prints what was read as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .reader import SIZE_LIMIT, read_script


def main(arguments: list[str] | None = None) -> int:
    """0: printed and importable; 2: the file cannot be opened or cannot be imported, said on stderr."""
    options = argparse.ArgumentParser(prog="scripts_app.parsers", description="Read a script file into JSON.")
    options.add_argument("file", type=Path)
    options.add_argument("--pages", choices=("tenths", "eighths"), default="tenths", help="unit of page counts")
    chosen = options.parse_args(arguments)
    try:
        with chosen.file.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except OSError as problem:
        print(f"{chosen.file} cannot be opened: {problem.strerror}.", file=sys.stderr)
        return 2
    parsed = read_script(data, chosen.file.name, chosen.pages)
    json.dump(parsed.to_json(), sys.stdout, ensure_ascii=False, indent=2)
    print()
    if parsed.importable:
        return 0
    print(next(each.message for each in parsed.faults if each.severity == "error"), file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
