"""Boards from the shell: `generate SIZE`, `board FILE`, `baseline FILE`; and one order of scenes or their days, proved:
`talent FILE`, `allocate FILE`. JSON on stdout.

Exit 0 for an answer, 1 for a board with scenes unplaced (the clashes are sentences on stderr), 2 for bad input (one
sentence on stderr).
"""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any, NoReturn

from .answer import Answer
from .baseline import baseline
from .generate import SIZES, generate
from .problem import Problem, ProblemError
from .reading import text_is_json
from .search import solve

MOST_BYTES = 20_000_000
MOST_SECONDS = 86_400


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ProblemError(f"{message[:1].upper()}{message[1:]}.", field_path="arguments")


def arguments() -> Parser:
    parser = Parser(prog="python -m scheduling.solver", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    made = verbs.add_parser("generate", help="print a seeded problem")
    made.add_argument("size", choices=sorted(SIZES))
    made.add_argument("--seed", type=int, default=1)
    board = verbs.add_parser("board", help="search a board for a problem")
    board.add_argument("file")
    board.add_argument("--seconds", type=float, default=10.0)
    board.add_argument("--iterations", type=int, default=None)
    board.add_argument("--seed", type=int, default=1)
    for verb, says in (("talent", "order the scenes of a talent file"), ("allocate", "put scenes on days")):
        exact = verbs.add_parser(verb, help=f"{says}; proves the cheapest")
        exact.add_argument("file")
        exact.add_argument("--seconds", type=float, default=10.0)
    hand = verbs.add_parser("baseline", help="lay the board an assistant director makes by hand")
    hand.add_argument("file")
    return parser


def read_text(name: str) -> str:
    try:
        if name == "-":
            text = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                text = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ProblemError(f"{name} cannot be read: {error.strerror}.", field_path="file") from None
    if len(text) > MOST_BYTES:
        raise ProblemError(f"{name} is larger than {MOST_BYTES} bytes.", field_path="file")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProblemError(f"{name} is not UTF-8 text.", field_path="file") from None


def read_file(name: str) -> Problem:
    return Problem.from_json(text_is_json(read_text(name)))


def run(argv: list[str]) -> int:
    given = arguments().parse_args(argv)
    if given.verb == "generate":
        show(generate(given.size, given.seed).to_json())
        return 0
    if given.verb in ("talent", "allocate"):
        show(exact(given.verb, given.file, given.seconds))
        return 0
    if given.verb == "board":
        if not math.isfinite(given.seconds):
            raise ProblemError("The seconds must be a number.", field_path="seconds")
        answer = solve(read_file(given.file), seed=given.seed, seconds=given.seconds, iterations=given.iterations)
    else:
        answer = baseline(read_file(given.file))
    show(answer.to_json())
    return complain(answer)


def exact(verb: str, file: str, seconds: float) -> dict[str, Any]:
    """The answer of an exact method; they are imported here because the boards do without numba."""
    if not 0 < seconds <= MOST_SECONDS:
        raise ProblemError(f"The seconds must be above 0 and at most {MOST_SECONDS}.", field_path="seconds")
    text = read_text(file)
    if verb == "allocate":
        from .talent.allocation import allocate, read_allocation

        return allocate(read_allocation(text_is_json(text)), seconds=seconds).to_json()
    from .talent import read_talent, schedule

    problem = read_talent(text)
    for actor in problem.idle():
        print(f"Actor row {actor + 1} is in no scene and costs nothing.", file=sys.stderr)
    return schedule(problem, seconds=seconds).to_json()


def show(data: object) -> None:
    json.dump(data, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def complain(answer: Answer) -> int:
    for item in answer.clashes:
        print(item.message, file=sys.stderr)
    return 0 if answer.feasible else 1


def main() -> int:
    try:
        return run(sys.argv[1:])
    except ProblemError as error:
        print(error.message, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
