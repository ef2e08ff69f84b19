"""What only the studio can know of a statement: its titles, episodes, months, contracts, and what was stated before.

All is asked for many titles at once.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection

from delivery.models import Platform
from finance.choices import ContractState
from finance.models import Contract, PlatformTitle, Statement, StatementLine
from finance.sentences import DESK_FINDINGS, is_error
from studio.models import Episode, Production
from studio.values import Money, parse_month

# Of lines that were stated before, this many are named; the rest are like them.
MOST_NAMED = 100


def plain_title(written: str) -> str:
    """A title as people compare it: without brackets, spaces at its ends, width and case."""
    return unicodedata.normalize("NFKC", written).strip().strip('《》"“”').strip().casefold()


def desk_finding(code: str, row: int | None = None, **params: object) -> dict[str, Any]:
    filled = {name: str(value)[:100] for name, value in params.items()}
    if row is not None:
        filled = {"row": str(row), **filled}
    return {
        "code": code, "row": row, "params": filled, "message": DESK_FINDINGS[code].format_map(filled),
        "severity": "error" if is_error({"code": code}) else "warning",
    }  # fmt: skip


class Titles:
    """Which of a studio's titles a platform means: by what a person said once, by code, by name.

    A name that two titles bear means neither.
    """

    def __init__(self, platform: Platform) -> None:
        self._said = {
            plain_title(written): production
            for written, production in PlatformTitle.objects.filter(platform=platform).values_list(
                "written", "production"
            )
        }
        self._codes: dict[str, int] = {}
        self._names: dict[str, set[int]] = defaultdict(set)
        for pk, code, title in Production.objects.filter(studio=platform.studio_id).values_list("pk", "code", "title"):
            self._codes[plain_title(code)] = pk
            self._names[plain_title(title)].add(pk)

    def find(self, title: str, title_id: str) -> int | None:
        """The title's pk, or None."""
        for written in (title_id, title):
            known = self._said.get(plain_title(written)) if written else None
            if known is not None:
                return known
        for written in (title_id, title):
            if written and (pk := self._codes.get(plain_title(written))) is not None:
                return pk
        named = self._names.get(plain_title(title), set()) if title else set()
        return next(iter(named)) if len(named) == 1 else None


@dataclasses.dataclass(frozen=True)
class Desk:
    """What is known of some titles on one platform for one month."""

    episodes: dict[int, set[int]]
    # The contract's currency where one is in force; empty where it names none and means the studio's.
    currencies: dict[int, str]
    # Statements of the month that are here already.
    standing: dict[int, list[Statement]]


def look_up(platform: Platform, productions: Collection[int], period: str) -> Desk:
    """A constant number of queries, however many titles."""
    episodes: dict[int, set[int]] = defaultdict(set)
    for production, number in Episode.objects.filter(production__in=productions).values_list("production", "number"):
        episodes[production].add(number)
    currencies: dict[int, str] = {}
    signed = Contract.objects.filter(platform=platform, from_date__lte=parse_month(period)).exclude(
        state=ContractState.DRAFT
    )
    for path in ("further__production", "production"):
        rows = signed.filter(**{f"{path}__in": productions}).order_by("from_date")
        for production, currency in rows.values_list(path, "terms__currency"):
            currencies[production] = currency or ""
    standing: dict[int, list[Statement]] = defaultdict(list)
    for row in Statement.objects.filter(platform=platform, production__in=productions, period=period).order_by("pk"):
        standing[row.production_id].append(row)
    return Desk(episodes, currencies, standing)


def month_again(other: Statement) -> dict[str, Any]:
    """The same month under another file: a person chooses which of the two is in force."""
    return desk_finding(
        "month_again", None, period=other.period, file=other.file_name or "—",
        total=Money(other.counted_minor, other.currency).plain(),
    )  # fmt: skip


def stated_before(statements: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """For each of these statements, its lines that an earlier month of the title and platform holds word by word.

    Lines without text are left out, and those after the first hundred of a statement. One query over all of them, in
    time that grows with the lines: what was stated before is gathered once, and each new line looked up in it.
    """
    ids = list(statements)
    if not ids:
        return {}
    line, statement = (connection.ops.quote_name(model._meta.db_table) for model in (StatementLine, Statement))
    places = ", ".join(["%s"] * len(ids))
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            # Names of our own tables and one place for each id: nothing that came from outside. SQLite takes the tables
            # of a CROSS JOIN in the order they are written in; in the other one it compares each line with each.
            f"SELECT statement_id, row, period FROM ("  # nosec B608
            f"SELECT new.statement_id AS statement_id, new.row AS row, old.period AS period,"
            f" ROW_NUMBER() OVER (PARTITION BY new.statement_id ORDER BY new.row) AS place"
            f" FROM {line} new CROSS JOIN ("
            f"SELECT mine.id AS mine_id, line.text AS text, line.amount_minor AS amount_minor,"
            f" MIN(earlier.period) AS period"
            f" FROM {statement} mine JOIN {statement} earlier ON earlier.production_id = mine.production_id"
            f" AND earlier.platform_id = mine.platform_id AND earlier.period < mine.period"
            f" JOIN {line} line ON line.statement_id = earlier.id"
            f" WHERE mine.id IN ({places}) AND line.text <> ''"
            f" GROUP BY mine.id, line.text, line.amount_minor) old"
            f" WHERE new.statement_id IN ({places}) AND new.statement_id = old.mine_id"
            f" AND new.text = old.text AND new.amount_minor = old.amount_minor) named"
            f" WHERE place <= %s ORDER BY statement_id, row",
            [*ids, *ids, MOST_NAMED],
        )
        for pk, row, period in cursor.fetchall():
            found[pk].append(desk_finding("stated_before", row, period=period))
    return found
