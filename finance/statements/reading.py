"""A statement of one title out of bytes: its lines, its total, and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from studio.values import CURRENCIES, Money

from .lines import LineReader
from .tables import Unreadable, read_rows
from .values import Finding, Line, ReadStatement


def read_statement(
    data: bytes, filename: str, mapping: Mapping[str, str] | None = None, currency: str = "CNY"
) -> ReadStatement:
    """Read a platform's statement; whatever the bytes are, the answer says what is wrong with them.

    `mapping` is field -> head (see FIELDS); without it the heads are guessed. `filename` is for people only: what a
    file is, its bytes say. Raises ValueError for a currency that is not known.
    """
    if currency not in CURRENCIES:
        raise ValueError(f"unknown currency: {currency!r}")
    try:
        rows = read_rows(data)
    except Unreadable as error:
        finding = Finding(error.code, error.row, error.params)
        return ReadStatement((), None, dict(mapping or {}), (finding,), currency)
    reader = LineReader(iter(rows), mapping, currency)
    if reader.used is None:
        return ReadStatement((), None, dict(mapping or {}), tuple(reader.findings), currency)
    lines, rates = [], set()
    for line in reader:
        if line is not None:
            lines.append(line)
            rates.add(reader.rate)
    findings = reader.findings
    if not lines:
        findings.append(Finding("no_lines", None, {}))
    findings += episode_gaps((line.title, line.episode) for line in lines)
    counted = sum(line.share_fen for line in lines)
    if reader.declared is not None and reader.declared != counted:
        findings.append(does_not_sum(reader.declared, counted, currency))
    return ReadStatement(tuple(lines), reader.declared, reader.used, tuple(findings), currency, frozenset(rates - {""}))


def does_not_sum(declared: int, counted: int, currency: str) -> Finding:
    return Finding(
        "does_not_sum",
        None,
        {
            "declared": Money(declared, currency).plain(),
            "counted": Money(counted, currency).plain(),
            "difference": Money(declared - counted, currency).plain(),
        },
    )


def gap_ranges(numbers: Iterable[int]) -> list[str]:
    """`2`, `5-7`: what is missing between the lowest and the highest."""
    return [
        f"{low + 1}" if high - low == 2 else f"{low + 1}-{high - 1}"
        for low, high in pairwise(sorted(numbers))
        if high - low > 1
    ]


def episode_gaps(numbered: Iterable[tuple[str, int | None]]) -> Sequence[Finding]:
    """A finding for each title of whose episodes some are missing in between."""
    episodes: dict[str, set[int]] = defaultdict(set)
    for title, episode in numbered:
        if episode is not None:
            episodes[title].add(episode)
    findings = []
    for title, found in episodes.items():
        ranges = gap_ranges(found)
        if ranges:
            shown = ", ".join(ranges[:20])
            params = {"title": title, "missing": shown, "low": str(min(found)), "high": str(max(found))}
            findings.append(Finding("episode_gap", None, {name: text[:200] for name, text in params.items()}))
    return findings


__all__ = ["Line", "does_not_sum", "episode_gaps", "gap_ranges", "read_statement"]
