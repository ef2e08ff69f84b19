"""A platform's monthly file over many titles: brought, its columns named, read, its unknown titles assigned."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import BinaryIO

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from delivery.models import Platform
from finance.batch_reading import locked, read_and_take, refuse_batch
from finance.choices import FileState, PartState, StatementState
from finance.desk import plain_title
from finance.events import ColumnsNamed, PlatformTitleNamed
from finance.mappings import MOST_BYTES, check_columns, columns_of, remember_columns
from finance.models import BatchPart, PlatformTitle, StatementBatch
from finance.periods import refuse_closed
from finance.receiving import import_statement
from finance.sentences import finding_sentence
from finance.statements import Finding, Unreadable, named_heads
from studio import jobs
from studio.choices import JobState
from studio.facts import publish
from studio.models import Job, Production, User
from studio.refusals import Refused
from studio.uploads import check_size
from studio.values import CURRENCIES, parse_month

KIND = "finance.read_statement_file"
# Up to here a file is read while the person waits; above, by a worker.
AT_ONCE_BYTES = 400 * 1024
_CHUNK = 1024 * 1024


def _digest(stream: BinaryIO) -> tuple[str, int]:
    stream.seek(0)
    hashed, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        hashed.update(chunk)
        size += len(chunk)
        check_size(size, most=MOST_BYTES)
    stream.seek(0)
    return hashed.hexdigest(), size


def unreadable(code: str, row: int | None, params: Mapping[str, str]) -> Refused:
    finding = Finding(code, row, dict(params)).as_json()
    return Refused(
        "unreadable", "%(text)s", field="file", params={"text": finding_sentence(finding), "findings": [finding]}
    )


def start_batch(
    *,
    platform: Platform,
    period: str,
    stream: BinaryIO,
    file_name: str,
    by: User | None,
    currency: str | None = None,
    production: Production | None = None,
    columns: Mapping[str, str] | None = None,
    at: dt.datetime | None = None,
) -> StatementBatch:
    """Bring a file over all titles of a platform's month (with `production`: a file of that title alone).

    A file whose columns are known is read: a small one now, a large one by a worker. Where they are not, or where the
    shape of the platform's files changed, it waits for a person to name them. The same file again is the batch there
    is. `currency` is that of lines which name none; the studio's unless told. `columns` says what they are for this
    file alone. Refuses what is no table or no month.
    """
    try:
        period = f"{parse_month(period):%Y-%m}"
    except ValueError:
        raise Refused("not_a_month", _("A month is written like 2026-01."), field="period") from None
    currency = currency or platform.studio.currency
    if currency not in CURRENCIES:
        raise Refused("unknown_currency", _("This currency is not known."), field="currency")
    if production is not None and production.studio_id != platform.studio_id:
        raise Refused("other_studio", _("This platform belongs to another studio."), field="platform")
    with transaction.atomic():
        refuse_closed(platform.studio_id, period)
    digest, size = _digest(stream)
    known = _known(platform, digest, period, production)
    if known is not None:
        return known
    try:
        found = columns_of(platform, period, stream)
    except Unreadable as error:
        raise unreadable(error.code, error.row, error.params) from None
    mapping = dict(columns) if columns is not None else found.mapping
    if columns is not None:
        heads = next((heads for row in found.rows if set(columns.values()) <= set(heads := named_heads(row))), [])
        mapping = check_columns(columns, heads, one_title=production is not None)
    if mapping is None and not any(len({cell for cell in row if cell.strip()}) > 1 for row in found.rows):
        # One column is no statement, whatever it is called.
        raise unreadable("no_heads", None, {})
    if mapping is not None and production is None and not ({"title", "title_id"} & set(mapping)):
        # All heads are known, and none of them says whose lines these are.
        mapping = None
    batch = StatementBatch(
        platform=platform, production=production, period=period, currency=currency, file_name=file_name[:200],
        sha256=digest, columns=mapping or {}, imported_by=by,
        state=FileState.READING if mapping is not None else FileState.COLUMNS,
    )  # fmt: skip
    stream.seek(0)
    # The name on disk is ours: the platform's file name may hold anything.
    suffix = ".xlsx" if stream.read(2) == b"PK" else ".csv"
    stream.seek(0)
    batch.file.save(f"{platform.code}-{period}-{digest[:12]}{suffix}", File(stream), save=False)
    try:
        with transaction.atomic():
            batch.save()
            if mapping is not None and size > AT_ONCE_BYTES:
                _enqueue(batch, by)
    except IntegrityError:
        # The same file from two windows at once: the first one stands.
        batch.file.storage.delete(batch.file.name)
        return StatementBatch.objects.get(platform=platform, sha256=digest)
    if mapping is not None and size <= AT_ONCE_BYTES:
        _read_now(batch, by, at)
    return batch


def _known(platform: Platform, digest: str, period: str, production: Production | None) -> StatementBatch | None:
    known = StatementBatch.objects.filter(platform=platform, sha256=digest).first()
    if known is None:
        return None
    if known.period != period:
        raise Refused(
            "file_of_other_month", _("This very file is the statement of %(period)s."), field="period",
            params={"period": known.period},
        )  # fmt: skip
    if production is not None and known.production_id != production.pk:
        raise Refused("file_of_other_title", _("This very file was brought for other titles."), field="file")
    return known


def _enqueue(batch: StatementBatch, by: User | None) -> Job:
    return jobs.enqueue(KIND, {"batch": batch.pk}, studio_id=batch.platform.studio_id, by=by)


def waiting_job(batch: StatementBatch) -> Job | None:
    """The job that reads this file, while it has not done so."""
    return (
        Job.objects.filter(kind=KIND, payload={"batch": batch.pk})
        .exclude(state__in=[JobState.DONE, JobState.CANCELLED])
        .order_by("-pk")
        .first()
    )


def _read_now(batch: StatementBatch, by: User | None, at: dt.datetime | None) -> None:
    """Read a small file; what cannot be read leaves nothing but the file, marked as such."""
    if batch.production is not None:
        try:
            _read_whole(batch, batch.production, by, at)
        except Refused as refused:
            refuse_batch(batch, refused.params.get("findings", []))
    else:
        read_and_take(batch, by=by, at=at)
    batch.refresh_from_db()


@transaction.atomic
def _read_whole(batch: StatementBatch, production: Production, by: User | None, at: dt.datetime | None) -> None:
    """A file of one title: a statement as if it were brought at the title, by the columns named here."""
    with batch.file.open("rb") as stream:
        statement = import_statement(
            platform=batch.platform, production=production, period=batch.period, data=stream.read(),
            file_name=batch.file_name, by=by, mapping=batch.columns, at=at,
        )  # fmt: skip
    lines = statement.lines.count()
    BatchPart.objects.create(
        batch=batch, place=0, title=production.title, lines=lines, currency=statement.currency,
        counted_minor=statement.counted_minor, declared_minor=statement.declared_minor, production=production,
        statement=statement, state=PartState.TAKEN,
    )  # fmt: skip
    StatementBatch.objects.filter(pk=batch.pk).update(
        state=FileState.READ, rows=lines, declared_minor=statement.declared_minor,
        counted_minor=statement.counted_minor, currency=statement.currency,
    )  # fmt: skip


def name_columns(
    *,
    batch: StatementBatch,
    head_row: int,
    columns: Mapping[str, str],
    from_date: dt.date,
    by: User | None,
    at: dt.datetime | None = None,
) -> StatementBatch:
    """Say what the columns of a waiting file are, remember it for files of this shape from that date, and read it.

    `head_row` counts from 0. Refuses a mapping that cannot be used, and a file that is read already.
    """
    with transaction.atomic():
        row = locked(batch)
        if row.state not in (FileState.COLUMNS, FileState.REFUSED):
            raise Refused("batch_read", _("This file is read already."), conflict=True)
        first = parse_month(row.period)
        if from_date > first:
            raise Refused(
                "mapping_later", _("The file is of %(period)s: its columns hold from the first of that month or earlier."),
                field="from_date", params={"period": row.period},
            )  # fmt: skip
        with row.file.open("rb") as stream:
            rows = columns_of(row.platform, row.period, stream).rows
            size = row.file.size
        if not 0 <= head_row < len(rows):
            raise Refused("no_such_row", _("Choose the row that holds the column heads."), field="head_row")
        heads = named_heads(rows[head_row])
        chosen = check_columns(columns, heads, one_title=row.production_id is not None)
        mapping = remember_columns(platform=row.platform, heads=heads, columns=chosen, from_date=from_date, by=by)
        row.columns, row.state, row.findings = chosen, FileState.READING, []
        row.save(update_fields=["columns", "state", "findings", "updated_at"])
        publish(
            ColumnsNamed(
                studio_id=row.platform.studio_id, batch_id=row.pk, mapping_id=mapping.pk, from_date=from_date.isoformat()
            ),
            by=by, at=at,
        )  # fmt: skip
        if size <= AT_ONCE_BYTES:
            _read_now(row, by, at)
        else:
            _enqueue(row, by)
    return row


def assign_titles(
    *, batch: StatementBatch, titles: Mapping[int, Production], by: User | None, at: dt.datetime | None = None
) -> StatementBatch:
    """Say which title each of these parts is (part -> title): remembered, and its lines are taken from the file.

    Refuses another studio's title, a part that is known already, and a title whose statement of this file is in the
    books: nothing is added to that one.
    """
    with transaction.atomic():
        row = locked(batch)
        parts = {part.pk: part for part in row.parts.select_for_update().filter(pk__in=list(titles))}
        for pk, production in titles.items():
            part = parts.get(pk)
            if part is None or part.state not in (PartState.UNKNOWN, PartState.LEFT_OUT):
                raise Refused("part_known", _("This title is known already."), conflict=True)
            if production.studio_id != row.platform.studio_id:
                raise Refused("other_studio", _("This title belongs to another studio."), field="production")
            _check_open(row, production)
            for written in filter(None, (part.title_id, part.title)):
                PlatformTitle.objects.update_or_create(
                    platform=row.platform, written=plain_title(written)[:200],
                    defaults={"production": production, "made_by": by},
                )  # fmt: skip
                publish(
                    PlatformTitleNamed(
                        studio_id=row.platform.studio_id, production_id=production.pk, platform_id=row.platform_id,
                        written=written,
                    ),
                    by=by, at=at,
                )  # fmt: skip
            part.production, part.state = production, PartState.UNKNOWN
            part.save(update_fields=["production", "state"])
        if row.file.size > AT_ONCE_BYTES:
            _enqueue(row, by)
        else:
            read_and_take(row, by=by, at=at)
    row.refresh_from_db()
    return row


def _check_open(batch: StatementBatch, production: Production) -> None:
    taken = (
        BatchPart.objects.filter(batch=batch, statement__production=production, state=PartState.TAKEN)
        .exclude(statement__state__in=[StatementState.READY, StatementState.HELD])
        .exists()
    )
    if taken:
        raise Refused(
            "statement_in_books",
            _("The statement of “%(title)s” from this file is in the books. Hold it first, then add these lines."),
            conflict=True, params={"title": production.title},
        )  # fmt: skip


@transaction.atomic
def leave_out(*, part: BatchPart, by: User | None) -> BatchPart:
    """Say that a title of a file is none of ours: its lines are not waited for any longer."""
    row = BatchPart.objects.select_for_update(of=("self",)).get(pk=part.pk)
    if row.state != PartState.UNKNOWN or row.production_id is not None:
        raise Refused("part_known", _("This title is known already."), conflict=True)
    row.state = PartState.LEFT_OUT
    row.save(update_fields=["state"])
    StatementBatch.objects.get(pk=row.batch_id).save(update_fields=["updated_at"])
    return row
