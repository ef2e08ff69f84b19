"""`python -m scripts_app.writers FILE --to fountain|fdx|docx|xlsx [--output OUT]` writes a script in another format.

FILE is a script or the JSON that `python -m scripts_app.parsers` printed of one.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from scripts_app.parsers import SIZE_LIMIT, ParsedScript, read_script

from . import FORMATS, script_of_json, write_script

_JSON_LIMIT = 20 * SIZE_LIMIT


def main(arguments: list[str] | None = None) -> int:
    """0: written; 2: the file cannot be opened or holds no script, said on stderr."""
    options = argparse.ArgumentParser(prog="scripts_app.writers", description="Write a script in another format.")
    options.add_argument("file", type=Path)
    options.add_argument("--to", choices=tuple(FORMATS), required=True)
    options.add_argument("--output", type=Path, help="default: the file's name with the suffix of the format")
    chosen = options.parse_args(arguments)
    output = chosen.output or Path(chosen.file.with_suffix(FORMATS[chosen.to].suffix).name)
    try:
        script = _read(chosen.file)
        output.write_bytes(write_script(script, chosen.to))
    except OSError as problem:
        print(f"{problem.filename} cannot be opened: {problem.strerror}.", file=sys.stderr)
        return 2
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 2
    print(json.dumps({"file": str(output), "to": chosen.to, "scenes": len(script.scenes)}, ensure_ascii=False))
    return 0


def _read(path: Path) -> ParsedScript:
    with path.open("rb") as file:
        data = file.read(_JSON_LIMIT)
    if path.suffix.lower() == ".json":
        try:
            return script_of_json(json.loads(data))
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
            raise ValueError(f"{path} holds no JSON. Give a script, or what scripts_app.parsers printed.") from None
    script = read_script(data, path.name)
    if not script.importable:
        raise ValueError(next(each.message for each in script.faults if each.severity == "error"))
    return script


if __name__ == "__main__":
    raise SystemExit(main())
