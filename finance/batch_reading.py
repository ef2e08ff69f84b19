"""Reading a file over many titles: read and decided with no transaction open, written in one, so all of it or nothing.

Nothing here grows with the number of lines but a file on disk: lines are laid aside while they are read, and go from
there to the database once it is known whose they are.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import F

from finance.choices import FileState, PartState, StatementState
from finance.desk import Desk, Titles, desk_finding, look_up, month_again, stated_before
from finance.events import StatementFileRead, StatementImported
from finance.lines import Row, write_lines
from finance.mappings import MOST_BYTES
from finance.models import BatchPart, Statement, StatementBatch, StatementLine
from finance.periods import refuse_closed
from finance.rates import convert, rates_of, wanted_currency
from finance.sentences import is_error
from finance.statements import Finding, LineReader, Part, Sheet, Spool, Unreadable, open_rows, read_sheet
from studio.facts import publish
from studio.models import User
from studio.values import Money

NO_KIND = "share"
MOST_FINDINGS = 500
Finish = Callable[[], contextlib.AbstractContextManager[Any]]


def locked(batch: StatementBatch) -> StatementBatch:
    return StatementBatch.objects.select_for_update(of=("self",)).select_related("platform__studio").get(pk=batch.pk)


def refuse_batch(batch: StatementBatch, findings: list[dict[str, Any]]) -> None:
    """Note that a file cannot be read by these columns; nothing of it was taken."""
    StatementBatch.objects.filter(pk=batch.pk, state=FileState.READING).update(
        state=FileState.REFUSED, findings=findings[:MOST_FINDINGS]
    )


def read_and_take(
    batch: StatementBatch,
    *,
    by: User | None,
    at: dt.datetime | None = None,
    finish: Finish = transaction.atomic,
    report: Callable[[int], None] = lambda rows: None,
) -> None:
    """Read a batch's file and take what is known of it: every title at first, later those that were assigned.

    Run twice, or again after a crash, it takes nothing twice. `finish` opens the transaction in which all is written.
    """
    row = StatementBatch.objects.select_related("platform__studio").get(pk=batch.pk)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as aside, row.file.open("rb") as stream:
        spool = Spool(aside)
        try:
            reader = LineReader(open_rows(stream, most_bytes=MOST_BYTES), row.columns, row.currency, by_title=True)
            sheet = read_sheet(reader, spool, report)
        except Unreadable as error:
            refuse_batch(row, [Finding(error.code, error.row, error.params).as_json()])
            return
        if not any(part.lines for part in sheet.parts):
            found = [finding for part in sheet.parts for finding in part.findings] + sheet.findings
            refuse_batch(row, [finding.as_json() for finding in found])
            return
        with finish():
            _Taking(locked(row), sheet, spool, by, at).take()


class _Taking:
    """One file on its way into the books' antechamber; lives as long as the transaction."""

    def __init__(
        self, batch: StatementBatch, sheet: Sheet, spool: Spool, by: User | None, at: dt.datetime | None
    ) -> None:
        self.batch, self.sheet, self.spool, self.by, self.at = batch, sheet, spool, by, at
        self.studio = batch.platform.studio
        self.rates = rates_of(self.studio.pk, batch.period)

    def take(self) -> None:
        refuse_closed(self.studio.pk, self.batch.period)
        if self.batch.state == FileState.READING:
            self._lay_out()
        waiting = list(
            BatchPart.objects.filter(batch=self.batch, state=PartState.UNKNOWN, production__isnull=False).order_by(
                "place"
            )
        )
        parts = {row.place: self.sheet.parts[row.place] for row in waiting if self.sheet.parts[row.place].lines}
        waiting = [row for row in waiting if row.place in parts]
        desk = look_up(self.batch.platform, {row.production_id for row in waiting}, self.batch.period)  # type: ignore[misc]
        twins = self._twins(waiting, parts, desk)
        for row in waiting:
            if row.place in twins:
                row.statement, row.state = twins[row.place], PartState.DUPLICATE
        self._write([row for row in waiting if row.place not in twins], parts, desk)
        BatchPart.objects.bulk_update(waiting, ["statement", "state"], batch_size=500)
        self._publish()

    def _lay_out(self) -> None:
        """A row for each title of the file, with the title of ours where it is known."""
        titles = Titles(self.batch.platform)
        BatchPart.objects.bulk_create(
            BatchPart(
                batch=self.batch, place=part.place, title=part.title, title_id=part.title_id, lines=part.lines,
                lost=part.lost, currency=part.currency, counted_minor=part.counted, declared_minor=part.declared,
                production_id=titles.find(part.title, part.title_id), state=PartState.UNKNOWN,
            )
            for part in self.sheet.parts
        )  # fmt: skip
        one = len(self.sheet.currencies) == 1
        self.batch.state, self.batch.rows = FileState.READ, self.sheet.rows
        self.batch.counted_minor = self.sheet.counted if one else None
        self.batch.declared_minor = self.sheet.declared if one else None
        if one:
            self.batch.currency = min(self.sheet.currencies)
        self.batch.findings = [finding.as_json() for finding in self.sheet.findings[:MOST_FINDINGS]]
        self.batch.save()

    def _twins(self, rows: list[BatchPart], parts: dict[int, Part], desk: Desk) -> dict[int, Statement]:
        """Parts whose very lines are here already under another file of the month."""
        alike: dict[int, list[Statement]] = {}
        for row in rows:
            standing = [
                other
                for other in desk.standing.get(row.production_id or 0, [])
                if other.sha256 != self.batch.sha256 and other.counted_minor == parts[row.place].counted
            ]
            if standing:
                alike[row.place] = standing
        if not alike:
            return {}
        # A sum of hashes tells sets of lines apart whatever their order, and remembers none of them.
        ours: dict[int, int] = defaultdict(int)
        for line in self.spool:
            if line[0] in alike:
                ours[line[0]] += hash((line[4], line[6]))
        theirs: dict[int, int] = defaultdict(int)
        ids = [other.pk for standing in alike.values() for other in standing]
        for pk, minor, text in (
            StatementLine.objects.filter(statement__in=ids).values_list("statement", "amount_minor", "text").iterator()
        ):
            theirs[pk] += hash((minor, text))
        return {
            place: other
            for place, standing in alike.items()
            for other in standing
            if theirs[other.pk] == ours[place]
        }  # fmt: skip

    def _write(self, rows: list[BatchPart], parts: dict[int, Part], desk: Desk) -> None:
        """A statement for each title, of all its parts; those of an earlier reading grow by what was assigned."""
        by_title: dict[int, list[BatchPart]] = defaultdict(list)
        for row in rows:
            by_title[row.production_id or 0].append(row)
        odd = self._odd_rows(
            [parts[row.place] for row in rows], {row.place: row.production_id or 0 for row in rows}, desk
        )
        new: list[Statement] = []
        grown: list[Statement] = []
        for production, group in by_title.items():
            standing = desk.standing.get(production, [])
            statement = next((other for other in standing if other.sha256 == self.batch.sha256), None)
            if statement is None:
                statement = Statement(
                    platform=self.batch.platform, production_id=production, period=self.batch.period,
                    currency=parts[group[0].place].currency, file_name=self.batch.file_name, sha256=self.batch.sha256,
                    imported_by=self.by,
                )  # fmt: skip
                new.append(statement)
                statement.findings = [
                    month_again(other) for other in standing if other.sha256 != self.batch.sha256
                ]  # fmt: skip
            else:
                grown.append(statement)
            self._judge(statement, [parts[row.place] for row in group], odd, desk)
        Statement.objects.bulk_create(new, batch_size=500)
        of = {statement.production_id: statement for statement in [*new, *grown]}
        for row in rows:
            row.statement, row.state = of[row.production_id or 0], PartState.TAKEN
        write_lines(self._lines({row.place: row.statement_id or 0 for row in rows}))
        before = stated_before(statement.pk for statement in of.values())
        changed = [statement for statement in of.values() if statement in grown or statement.pk in before]
        for statement in changed:
            said = {(finding["code"], finding["row"]) for finding in statement.findings}
            statement.findings += [
                finding for finding in before.get(statement.pk, []) if (finding["code"], finding["row"]) not in said
            ]
        Statement.objects.bulk_update(
            changed,
            [
                "findings", "counted_minor", "declared_minor", "state", "rate_numerator", "rate_denominator",
                "rate_source", "converted_currency", "converted_minor",
            ],
            batch_size=500,
        )  # fmt: skip
        for statement in of.values():
            publish(
                StatementImported(
                    studio_id=self.studio.pk, production_id=statement.production_id, statement_id=statement.pk,
                    period=statement.period, state=str(statement.state), counted_minor=statement.counted_minor,
                ),
                by=self.by, at=self.at,
            )  # fmt: skip

    def _judge(self, statement: Statement, parts: list[Part], odd: dict[int, list[dict[str, Any]]], desk: Desk) -> None:
        """Put parts into a statement: its sums, what is wrong, and whether it may be accepted."""
        errors = sum(part.errors for part in parts)
        found: list[dict[str, Any]] = list(statement.findings)
        for part in parts:
            found += [finding.as_json() for finding in part.findings] + odd.get(part.place, [])
        wanted = desk.currencies.get(statement.production_id) or (
            self.studio.currency if statement.production_id in desk.currencies else ""
        )
        stated = set().union(*(part.rates for part in parts))
        if wanted and wanted != statement.currency:
            found.append(desk_finding("currency_differs", None, found=statement.currency, currency=wanted))
        if len({part.currency for part in parts} | {statement.currency}) > 1:
            units = sorted({part.currency for part in parts} | {statement.currency})
            found.append(
                Finding(
                    "title_of_two_currencies", None, {"title": parts[0].title, "currencies": ", ".join(units)}
                ).as_json()
            )
        if self.sheet.sums is False and any(part.declared is None for part in parts):
            found.append(
                desk_finding(
                    "file_does_not_sum", None, declared=self._plain(self.sheet.declared),
                    counted=self._plain(self.sheet.counted),
                )
            )  # fmt: skip
        first = statement.pk is None
        statement.counted_minor += sum(part.counted for part in parts)
        target, required = wanted_currency(statement.currency, wanted, self.studio.currency)
        found = [finding for finding in found if finding["code"] != "no_rate"]
        found += convert(statement, target=target, required=required, stated=stated, rates=self.rates)
        stated = [part.declared for part in parts]
        if all(amount is not None for amount in stated) and (first or statement.declared_minor is not None):
            statement.declared_minor = (statement.declared_minor or 0) + sum(amount or 0 for amount in stated)
        else:
            statement.declared_minor = None
        # A statement that grows may hear the same again.
        distinct = {(finding["code"], finding["row"], str(finding["params"])): finding for finding in found}
        statement.findings = list(distinct.values())[:MOST_FINDINGS]
        wrong = errors or any(is_error(finding) for finding in found)
        statement.state = (
            StatementState.HELD if wrong or (statement.state == "held" and not first) else StatementState.READY
        )

    def _plain(self, minor: int | None) -> str:
        return Money(minor or 0, self.batch.currency).plain()

    def _odd_rows(
        self, parts: list[Part], production_of: dict[int, int], desk: Desk
    ) -> dict[int, list[dict[str, Any]]]:
        """Rows of another month or of an episode that the title does not have; looked for only where there are any."""
        period = self.batch.period
        unknown = {
            part.place: part.episodes - desk.episodes.get(production_of[part.place], set()) for part in parts
        }  # fmt: skip
        suspect = {part.place for part in parts if unknown[part.place] or part.periods - {period, ""}}
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        if not suspect:
            return found
        for place, row, episode, _kind, _minor, named, _text in self.spool:
            if place not in suspect or len(found[place]) >= MOST_FINDINGS:
                continue
            if named and named[:7] != period:
                found[place].append(desk_finding("other_month", row, found=named, period=period))
            if episode in unknown[place]:
                found[place].append(desk_finding("unknown_episode", row, episode=episode))
        return found

    def _lines(self, statement_of: dict[int, int]) -> Iterator[Row]:
        for place, row, episode, kind, minor, _period, text in self.spool:
            statement = statement_of.get(place)
            if statement is not None:
                yield statement, row, episode, kind or NO_KIND, minor, text

    def _publish(self) -> None:
        StatementBatch.objects.filter(pk=self.batch.pk).update(updated_at=self.at or F("updated_at"))
        counts = _counts(self.batch)
        publish(
            StatementFileRead(studio_id=self.studio.pk, batch_id=self.batch.pk, period=self.batch.period, **counts),
            by=self.by, at=self.at,
        )  # fmt: skip


def _counts(batch: StatementBatch) -> dict[str, int]:
    rows: Collection[tuple[str, str | None]] = BatchPart.objects.filter(batch=batch).values_list(
        "state", "statement__state"
    )
    counts = {"taken": 0, "held": 0, "duplicate": 0, "unknown": 0}
    for state, of_statement in rows:
        name = "held" if state == PartState.TAKEN and of_statement == StatementState.HELD else str(state)
        if name in counts:
            counts[name] += 1
    return counts
