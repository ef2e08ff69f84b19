"""What a statement says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MESSAGES: dict[str, str] = {
    "empty": "The file is empty.",
    "binary": "The file is neither text nor an XLSX workbook.",
    "too_large": "The file is larger than {limit} MB.",
    "unpacks_too_large": "The workbook unpacks to more than {limit} MB.",
    "broken_workbook": "The workbook cannot be opened.",
    "too_many_rows": "The file has more than {limit} rows.",
    "cell_too_long": "Row {row} has a cell longer than {limit} characters.",
    "no_heads": "No row of column heads with an amount was found.",
    "no_lines": "Below the heads there is no line.",
    "missing_column": "The mapping names the column {column}, which the file does not have.",
    "unknown_field": "The mapping uses the field {field}, which is not known.",
    "unknown_column": "The column {column} is not used.",
    "unknown_currency": "Row {row} names a currency that is not known: {value}",
    "two_currencies": "Row {row} is in {found}, the statement in {currency}: they do not go into one sum.",
    "unreadable_amount": "Row {row} has an amount that cannot be read: {value}",
    "below_smallest_unit": "Row {row} has digits below the smallest unit of {currency}: {value}",
    "missing_amount": "Row {row} has no amount.",
    "negative": "Row {row} has an amount below zero: {value}",
    "formula": "Row {row} holds a formula instead of a value: {value}",
    "unreadable_episode": "Row {row} has an episode that is not a number: {value}",
    "unreadable_period": "Row {row} has a date that cannot be read: {value}",
    "duplicate_line": "Row {row} says the same as row {first}.",
    "episode_gap": "{title}: episodes {missing} are missing between {low} and {high}.",
    "lines_after_total": "Row {row} stands below the line of totals.",
    "does_not_sum": "The file states a total of {declared}, its lines make {counted}: a difference of {difference}.",
    "share_over_gross": "Row {row} has a share above its gross.",
    "total_of_nothing": "Row {row} adds up “{title}”, of which there are no lines.",
    "title_of_two_currencies": "{title} has lines in {currencies}: they do not go into one sum.",
    "total_of_two_currencies": "The file states one total over lines in {currencies}: they do not go into one sum.",
}

# What keeps a statement from being settled; the rest is for a person to look at.
ERRORS = frozenset(MESSAGES) - {
    "unknown_column", "duplicate_line", "episode_gap", "lines_after_total", "unreadable_period", "unreadable_episode",
    "share_over_gross",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; `row` counts from 1 as a spreadsheet does, None for the file as a whole."""

    code: str
    row: int | None
    params: Mapping[str, str]

    @property
    def message(self) -> str:
        return MESSAGES[self.code].format_map(self.params)

    @property
    def severity(self) -> str:
        return "error" if self.code in ERRORS else "warning"

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "row": self.row,
            "params": dict(self.params),
            "message": self.message,
            "severity": self.severity,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One line: amounts in minor units, `period` as 2026-01 or 2026-01-31, `text` as it was written.

    Where the statement has one amount only, gross and share are the same.
    """

    row: int
    title: str
    episode: int | None
    period: str
    kind: str
    gross_fen: int
    share_fen: int
    currency: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """A statement as read. `mapping` is field -> head as used, worth remembering for the platform."""

    lines: tuple[Line, ...]
    declared_total: int | None
    mapping: Mapping[str, str]
    findings: tuple[Finding, ...]
    currency: str = "CNY"
    # Exchange rates as written; a statement states one.
    rates: frozenset[str] = frozenset()

    @property
    def counted_total(self) -> int:
        return sum(line.share_fen for line in self.lines)

    @property
    def holds(self) -> bool:
        """True when nothing keeps it from being settled."""
        return not any(finding.severity == "error" for finding in self.findings)
