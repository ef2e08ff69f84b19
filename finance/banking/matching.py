"""Which of our payments a line of a return speaks of, and what became of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from studio.values import Money

from .returns import PAID, REFUSED, ReturnLine

_REFERENCE = re.compile(r"KJ[0-9]+P[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sent:
    """A payment that a file of ours asked for. `state` is sent, paid or refused as we know it now."""

    reference: str
    amount_minor: int
    number: str
    state: str = "sent"
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class Match:
    """`reference` is ours, empty where no payment fits; `outcome` is a code of the sentences."""

    line: ReturnLine
    reference: str
    outcome: str
    params: Mapping[str, str] = field(default_factory=dict)


def match(lines: Sequence[ReturnLine], sent: Sequence[Sent]) -> list[Match]:
    """One match for each line, in their order.

    By our reference; where the bank left it out, by account and amount if exactly one payment that waits has both and no
    line names it. What does not agree in every respect is never taken as paid.
    """
    known = {row.reference: row for row in sent}
    named = [_reference(line, known) for line in lines]
    taken = set(named)
    waiting: dict[tuple[str, int], list[Sent]] = defaultdict(list)
    for row in sent:
        if row.state == "sent" and row.reference not in taken:
            waiting[(row.number, row.amount_minor)].append(row)
    found: list[Match] = []
    first: dict[str, int] = {}
    for line, reference in zip(lines, named, strict=True):
        if not reference and not _REFERENCE.search(line.reference) and line.amount_minor is not None:
            fitting = waiting.get((line.account, line.amount_minor), [])
            if len(fitting) == 1 and fitting[0].reference not in first:
                reference = fitting[0].reference
        if not reference:
            found.append(Match(line, "", "unknown"))
        elif reference in first:
            found.append(Match(line, reference, "repeated", {"first": str(first[reference])}))
        else:
            first[reference] = line.row
            outcome, params = _outcome(line, known[reference])
            found.append(Match(line, reference, outcome, params))
    return found


def _reference(line: ReturnLine, known: Mapping[str, Sent]) -> str:
    if line.reference in known:
        return line.reference
    inside = _REFERENCE.findall(line.reference)
    return inside[0] if len(inside) == 1 and inside[0] in known else ""


def _outcome(line: ReturnLine, row: Sent) -> tuple[str, dict[str, str]]:
    if line.state not in (PAID, REFUSED):
        return "unclear", {"state": line.state_text}
    if row.state == PAID:
        return ("done" if line.state == PAID else "came_back"), {}
    if row.state == REFUSED:
        return ("done" if line.state == REFUSED else "paid_after_refusal"), {}
    if line.amount_minor != row.amount_minor:
        stated = "—" if line.amount_minor is None else str(Money(line.amount_minor, row.currency))
        return "amount_differs", {"found": stated, "expected": str(Money(row.amount_minor, row.currency))}
    if line.account and not _same_account(line.account, row.number):
        return "account_differs", {}
    return line.state, {}


def _same_account(written: str, number: str) -> bool:
    """A bank may show the ends of a number only: `6222****1234`."""
    if written == number:
        return True
    parts = re.split(r"[*xX•]+", written)
    return len(parts) == 2 and any(parts) and number.startswith(parts[0]) and number.endswith(parts[1])
