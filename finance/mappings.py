"""Which column of a platform's file is what: remembered for each shape of file, asked again when the shape changes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from delivery.models import Platform
from finance.models import ColumnMapping
from finance.statements import FIELDS, can_be_read, find_heads, guess_mapping, named_heads, open_rows, shape_of
from studio.models import User
from studio.refusals import Refused
from studio.values import parse_month

SHOWN = 30
MOST_BYTES = 300 * 1024 * 1024


@dataclasses.dataclass(frozen=True)
class Columns:
    """How a file is read: `mapping` is None while nobody has said; `rows` are its first, to look at.

    `remembered`: by a person's word for this shape. `changed`: the platform's files were read by such a word before,
    and this one looks different.
    """

    mapping: dict[str, str] | None
    rows: tuple[tuple[str, ...], ...]
    remembered: bool = False
    changed: bool = False


def columns_of(platform: Platform, period: str, stream: BinaryIO, most_bytes: int = MOST_BYTES) -> Columns:
    """How a platform's file of a month is read. Raises `finance.statements.Unreadable`."""
    rows = tuple(tuple(row) for row in islice(open_rows(stream, most_bytes=most_bytes), SHOWN))
    known = {
        mapping.shape: mapping
        for mapping in ColumnMapping.objects.filter(
            platform=platform, from_date__lte=parse_month(period)
        ).order_by("from_date", "pk")
    }  # fmt: skip
    for row in rows:
        mapping = known.get(shape_of(named_heads(row)))
        if mapping is not None and any(cell.strip() for cell in row):
            return Columns(dict(mapping.columns), rows, remembered=True)
    if known:
        return Columns(None, rows, changed=True)
    start = find_heads(rows, None)
    return Columns(guess_mapping(named_heads(rows[start])) if start is not None else None, rows)


def likely_heads(rows: Sequence[Sequence[str]]) -> int:
    """Index of the row that most looks like heads: the first with an amount, else the first with most cells filled."""
    start = find_heads(rows, None)
    if start is not None:
        return start
    filled = [len({cell.strip() for cell in row if cell.strip()}) for row in rows]
    return filled.index(max(filled)) if filled else 0


def check_columns(mapping: Mapping[str, str], heads: Sequence[str], *, one_title: bool) -> dict[str, str]:
    """A mapping that can be used, field -> head. Refuses one without an amount or, over many titles, without a title."""
    chosen = {name: head for name, head in mapping.items() if head}
    if set(chosen) - set(FIELDS) or set(chosen.values()) - set(heads):
        raise Refused("unknown_column", _("A mapping names columns of the file."), field="columns")
    if len(set(chosen.values())) < len(chosen):
        raise Refused("column_twice", _("Two meanings are given to one column. Choose one of them."), field="columns")
    if "gross" not in chosen and "share" not in chosen:
        raise Refused("amount_missing", _("Say which column is the amount."), field="columns")
    if not one_title and "title" not in chosen and "title_id" not in chosen:
        raise Refused("title_missing", _("Say which column names the title."), field="columns")
    if not can_be_read(chosen):
        raise Refused(
            "columns_missing", _("Say of one more column what it is: the episode, the month or the kind."),
            field="columns",
        )  # fmt: skip
    return chosen


@transaction.atomic
def remember_columns(
    *, platform: Platform, heads: Sequence[str], columns: Mapping[str, str], from_date: dt.date, by: User | None
) -> ColumnMapping:
    """Keep how files with these heads are read from that date on; said again for the same date, the later word holds."""
    shape = shape_of(heads)
    fields = {"heads": list(heads), "columns": dict(columns), "made_by": by}
    try:
        with transaction.atomic():
            return ColumnMapping.objects.create(platform=platform, shape=shape, from_date=from_date, **fields)
    except IntegrityError:
        row = ColumnMapping.objects.select_for_update().get(platform=platform, shape=shape, from_date=from_date)
        row.heads, row.columns, row.made_by = fields["heads"], fields["columns"], by
        row.save(update_fields=["heads", "columns", "made_by", "updated_at"])
        return row
