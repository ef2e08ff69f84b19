"""One file over many titles: read once from front to back, its lines laid aside, a sum kept for each title."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

from .lines import LineReader
from .reading import does_not_sum, episode_gaps
from .values import Finding

# A file in which every row is wrong would fill the page with the same sentence.
MOST_FINDINGS = 500
_AT_ONCE = 2_000


class Laid(NamedTuple):
    """A line laid aside: `part` counts the titles of the file from 0, `minor` is what the platform pays."""

    part: int
    row: int
    episode: int | None
    kind: str
    minor: int
    period: str
    text: str


class Spool:
    """Lines on disk, in the order they came; `file` is opened for text, to write and read."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._waiting: list[Laid] = []

    def add(self, line: Laid) -> None:
        self._waiting.append(line)
        if len(self._waiting) >= _AT_ONCE:
            self._write()

    def _write(self) -> None:
        self._file.write(json.dumps(self._waiting, ensure_ascii=False) + "\n")
        self._waiting.clear()

    def __iter__(self) -> Iterator[list[Any]]:
        """Each line as a list of the fields of `Laid`: no objects are made of a million lines."""
        if self._waiting:
            self._write()
        self._file.seek(0)
        for chunk in self._file:
            yield from json.loads(chunk)


@dataclass(slots=True)
class Part:
    """What the file says of one title, known by the platform's own id where the file gives one."""

    place: int
    title: str
    title_id: str
    lines: int = 0
    # Rows of this title that could not be counted.
    lost: int = 0
    counted: int = 0
    declared: int | None = None
    currency: str = ""
    currencies: set[str] = field(default_factory=set)
    periods: set[str] = field(default_factory=set)
    episodes: set[int] = field(default_factory=set)
    rates: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    errors: int = 0

    def note(self, finding: Finding) -> None:
        wrong = finding.severity == "error"
        self.errors += wrong
        # Many warnings leave room for what keeps the title from being settled.
        if len(self.findings) < (MOST_FINDINGS if wrong else MOST_FINDINGS // 2):
            self.findings.append(finding)


@dataclass(slots=True)
class Sheet:
    """A file as read. `findings` are of the file as a whole; each part has its own."""

    parts: list[Part]
    findings: list[Finding]
    declared: int | None
    rows: int

    @property
    def currencies(self) -> set[str]:
        return {unit for part in self.parts for unit in part.currencies}

    @property
    def counted(self) -> int:
        """Of one currency only: with two, there is no sum."""
        return sum(part.counted for part in self.parts)

    @property
    def sums(self) -> bool | None:
        """Whether the lines make the total stated; None when none is stated, or over two currencies."""
        if self.declared is None or len(self.currencies) > 1:
            return None
        return self.declared == self.counted


def read_sheet(
    reader: LineReader, spool: Spool, report: Callable[[int], None] = lambda rows: None, every: int = 20_000
) -> Sheet:
    """Read all lines, laying each aside under its title. `report` hears of every 20,000 rows. Raises Unreadable."""
    parts: dict[tuple[str, str], Part] = {}
    file_findings = list(reader.findings)
    reader.findings.clear()
    rows = 0
    key: tuple[str, str] | None = None
    part = Part(0, "", "")
    add = spool.add
    for line in reader:
        rows += 1
        if rows % every == 0:
            report(rows)
        now = ("id", reader.title_id) if reader.title_id else ("name", reader.title)
        if now != key:
            key = now
            part = parts.get(now) or parts.setdefault(now, Part(len(parts), reader.title, reader.title_id))
        if reader.findings:
            for finding in reader.findings:
                part.note(finding)
            reader.findings.clear()
        if line is None:
            part.lost += 1
            continue
        part.lines += 1
        part.counted += line.share_fen
        part.currencies.add(line.currency)
        part.periods.add(line.period[:7])
        if line.episode is not None:
            part.episodes.add(line.episode)
        if reader.rate:
            part.rates.add(reader.rate)
        add(Laid(part.place, line.row, line.episode, line.kind, line.share_fen, line.period, line.text))
    # What is said of a row of totals belongs to no title.
    file_findings += reader.findings
    sheet = Sheet(list(parts.values()), file_findings, reader.declared, rows)
    _check_totals(sheet, reader)
    if not any(part.lines for part in sheet.parts):
        file_findings.append(Finding("no_lines", None, {}))
    return sheet


def _check_totals(sheet: Sheet, reader: LineReader) -> None:
    named = {part.title: part for part in sheet.parts} | {part.title_id: part for part in sheet.parts if part.title_id}
    for row, title, minor in reader.subtotals:
        part = named.get(title)
        if part is None:
            sheet.findings.append(Finding("total_of_nothing", row, {"row": str(row), "title": title}))
        else:
            part.declared = minor
    for part in sheet.parts:
        part.currency = min(part.currencies, default=reader.currency)
        if len(part.currencies) > 1:
            shown = ", ".join(sorted(part.currencies))
            part.note(Finding("title_of_two_currencies", None, {"title": part.title, "currencies": shown}))
        elif part.declared is not None and part.declared != part.counted:
            part.note(does_not_sum(part.declared, part.counted, part.currency))
        for finding in episode_gaps((part.title, number) for number in part.episodes):
            part.note(finding)
    if sheet.declared is not None and len(sheet.currencies) > 1:
        sheet.findings.append(
            Finding("total_of_two_currencies", None, {"currencies": ", ".join(sorted(sheet.currencies))})
        )
    elif sheet.sums is False:
        sheet.findings.append(does_not_sum(sheet.declared or 0, sheet.counted, min(sheet.currencies, default="CNY")))
