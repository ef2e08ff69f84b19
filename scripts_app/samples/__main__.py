"""`python -m scripts_app.samples generate --seed 1 > out.txt`; `... first-light` prints the written sample.

`... dirty --layout 3 --dirt kangxi,aliases > out.txt` writes a generated script in another layout with dirt on it;
`--truth` prints what is in it, `--list` the layouts and kinds of dirt.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from . import FIRST_LIGHT
from .dirt import DIRT, dirty
from .generator import generate, generate_script
from .layouts import layouts


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="scripts_app.samples", description="Print a sample script.")
    commands = options.add_subparsers(dest="command", required=True)
    commands.add_parser("first-light", help="the script written for the project")
    made = commands.add_parser("generate", help="a full-size script from a seed")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--episodes", type=int, default=80)
    made.add_argument("--scenes", type=int, nargs=2, default=(150, 300), metavar=("LEAST", "MOST"))
    soiled = commands.add_parser("dirty", help="a script in another layout, with dirt on it")
    soiled.add_argument("--seed", type=int, default=1)
    soiled.add_argument("--episodes", type=int, default=80)
    soiled.add_argument("--layout", type=int, default=0, help="number of a layout; --list shows them")
    soiled.add_argument("--dirt", default="", help="kinds of dirt with commas between, or all")
    soiled.add_argument("--truth", action="store_true", help="print what is in the file as JSON instead")
    soiled.add_argument("--list", action="store_true", help="print the layouts and kinds of dirt instead")
    chosen = options.parse_args(arguments)
    if chosen.command == "dirty":
        return _dirty(chosen)
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


def _dirty(chosen: argparse.Namespace) -> int:
    made = layouts()
    if chosen.list:
        for number, layout in enumerate(made):
            print(number, " | ".join((layout.head, layout.episode, layout.cast, layout.action, layout.speech)))
        print("dirt:", ", ".join(DIRT))
        return 0
    if not 0 <= chosen.layout < len(made):
        print(f"layouts have the numbers 0 to {len(made) - 1}.", file=sys.stderr)
        return 2
    dirt = frozenset(DIRT) if chosen.dirt == "all" else frozenset(filter(None, chosen.dirt.split(",")))
    try:
        truth = generate(chosen.seed, chosen.episodes, (chosen.episodes * 2, chosen.episodes * 3))
        one = dirty(truth, made[chosen.layout], dirt, chosen.seed)
    except ValueError as problem:
        print(f"{problem}.", file=sys.stderr)
        return 2
    if chosen.truth:
        told = {"title": one.title, "episodes": one.episodes, "scenes": [asdict(each) for each in one.scenes]}
        print(json.dumps({**told, "faults": one.faults}, ensure_ascii=False, indent=2))
    else:
        sys.stdout.buffer.write(one.data)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
