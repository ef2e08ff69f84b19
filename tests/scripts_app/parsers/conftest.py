"""What every test of the readers needs: the check that no line is lost, and the collected spellings of heads."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts_app.parsers import ParsedScript

ROOT = Path(__file__).resolve().parents[3]
HEADERS = ROOT.parent / "shared" / "data" / "scene_headers.tsv"
# Stated apart from the reader's own, so that a change there is seen here.
LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def _unplaced_lines(parsed: ParsedScript, text: str) -> list[int]:
    """Numbers of non-blank lines that are in no element, head, front matter or aside, or are there in part only."""
    kept: dict[int, list[str]] = {}
    elements: set[int] = set()
    for line in (*parsed.front, *parsed.aside):
        kept.setdefault(line.line, []).append(line.text)
    for episode in parsed.episodes:
        for line in (*episode.head, *episode.lead):
            kept.setdefault(line.line, []).append(line.text)
        for scene in episode.scenes:
            for line in scene.head:
                kept.setdefault(line.line, []).append(line.text)
            elements.update(element.line for element in scene.elements)
    lost = []
    for number, written in enumerate(LINE_END.split(text), start=1):
        if not written.strip():
            continue
        whole = number in elements or written in kept.get(number, [])
        if not whole or number not in parsed.lines_read or parsed.lines[number - 1] != written:
            lost.append(number)
    return lost


@pytest.fixture(scope="session")
def unplaced_lines() -> Callable[[ParsedScript, str], list[int]]:
    return _unplaced_lines


def header_rows() -> list[dict[str, str]]:
    """Rows of the collection; empty where it is not at hand."""
    if not HEADERS.exists():
        return []
    lines = HEADERS.read_text(encoding="utf-8").splitlines()
    names = lines[1].split("\t")
    return [dict(zip(names, (line.split("\t") + [""] * 6)[:6], strict=True)) for line in lines[2:] if line.strip()]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "header_row" in metafunc.fixturenames:
        rows = header_rows()
        if rows:
            metafunc.parametrize("header_row", rows, ids=[row["written"][:40] for row in rows])
        else:
            reason = f"the collected spellings are not at {HEADERS}"
            metafunc.parametrize("header_row", [pytest.param({}, marks=pytest.mark.skip(reason=reason))])
