"""`python -m scripts_app.samples generate --seed 1 > out.txt`; `... first-light` prints the written sample."""

from __future__ import annotations

import argparse
import sys

from . import FIRST_LIGHT
from .generator import generate_script


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="scripts_app.samples", description="Print a sample script.")
    commands = options.add_subparsers(dest="command", required=True)
    commands.add_parser("first-light", help="the script written for the project")
    made = commands.add_parser("generate", help="a full-size script from a seed")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--episodes", type=int, default=80)
    made.add_argument("--scenes", type=int, nargs=2, default=(150, 300), metavar=("LEAST", "MOST"))
    chosen = options.parse_args(arguments)
    if chosen.command == "first-light":
        text = FIRST_LIGHT.read_text(encoding="utf-8")
    else:
        try:
            text = generate_script(chosen.seed, chosen.episodes, tuple(chosen.scenes))
        except ValueError as problem:
            print(f"{problem}.", file=sys.stderr)
            return 2
    sys.stdout.buffer.write(text.encode("utf-8"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
