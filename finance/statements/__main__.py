"""`python -m finance.statements FILE`: print the lines and findings of a platform statement as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from .reading import read_statement
from .tables import MOST_BYTES


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m finance.statements", description="Read a platform's statement.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--currency", default="CNY")
    options = parser.parse_args(arguments)
    try:
        with options.file.open("rb") as stream:
            # One byte more than the limit is enough to say that it is passed.
            data = stream.read(MOST_BYTES + 1)
        statement = read_statement(data, options.file.name, currency=options.currency)
    except OSError as error:
        print(f"{options.file}: cannot be read ({error.strerror})", file=sys.stderr)
        return 2
    except ValueError as error:
        print(str(error), file=sys.stderr)
        return 2
    answer = {
        "currency": statement.currency,
        "lines": [asdict(line) for line in statement.lines],
        "declared_total": statement.declared_total,
        "counted_total": statement.counted_total,
        "mapping": dict(statement.mapping),
        "findings": [finding.as_json() for finding in statement.findings],
    }
    errors = [finding for finding in statement.findings if finding.severity == "error"]
    if errors and not statement.lines:
        print(f"{options.file.name}: {errors[0].message}", file=sys.stderr)
        return 2
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
