"""Tax tables in force for a studio: the product's, and its own where a law is younger than the product."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import TaxTableMethod
from finance.models import TaxTable
from finance.settlement.tax import TABLES, Bracket, Table
from finance.settlement.tax.tables import TableError
from studio.models import Studio, User
from studio.refusals import Refused
from studio.versions import bump_studio

# A bracket as people write it: upper limit in fen (None: no limit), rate in basis points, quick deduction in fen.
Written = tuple[int | None, int, int]


def plain_table(row: TaxTable) -> Table:
    """A row as the engine takes it. Raises TableError for one that cannot hold."""
    return Table(
        method=row.method, from_date=row.from_date, until=row.until_date, source=row.source,
        brackets=tuple(Bracket(most, Fraction(rate, 10_000), quick) for most, rate, quick in row.brackets),
        deduction=Fraction(row.deduction_bp, 10_000), small=row.small_minor, small_deduction=row.small_deduction_minor,
        part=Fraction(row.part_bp, 10_000), monthly=row.monthly_minor,
    )  # fmt: skip


def tables_of(studio_id: int) -> tuple[Table, ...]:
    """The product's tables, then the studio's: of two from one day the studio's is the later, and holds."""
    return (*TABLES, *(plain_table(row) for row in TaxTable.objects.filter(studio=studio_id).order_by("from_date")))


@transaction.atomic
def add_tax_table(
    *,
    studio: Studio,
    method: str,
    from_date: dt.date,
    brackets: Sequence[Written],
    source: str,
    by: User | None,
    until_date: dt.date | None = None,
    deduction_bp: int = 0,
    small_minor: int = 0,
    small_deduction_minor: int = 0,
    part_bp: int = 10_000,
    monthly_minor: int = 0,
) -> TaxTable:
    """Add a table that holds from a date on; payments that were reckoned before keep their steps.

    Refuses what no law could mean, a table without its source, and a second one of the method from that day.
    """
    if method not in TaxTableMethod.values:
        raise Refused("unknown_method", _("Choose what the table is for."), field="method")
    if not source.strip():
        raise Refused("source_missing", _("Name the law or notice that the table comes from."), field="source")
    row = TaxTable(
        studio=studio, method=method, from_date=from_date, until_date=until_date, added_by=by, source=source.strip()[:300],
        brackets=[list(bracket) for bracket in brackets], deduction_bp=deduction_bp, small_minor=small_minor,
        small_deduction_minor=small_deduction_minor, part_bp=part_bp, monthly_minor=monthly_minor,
    )  # fmt: skip
    try:
        plain_table(row)
    except TableError as error:
        raise Refused(error.code, TABLE_ERRORS[error.code], field=_FIELDS.get(error.code, "brackets")) from None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(
            "table_there", _("There is a table of this method from that day. Remove it first, or choose another day."),
            field="from_date", conflict=True,
        ) from None  # fmt: skip
    bump_studio(studio.pk)
    return row


@transaction.atomic
def remove_tax_table(*, table: TaxTable, by: User | None, at: dt.datetime | None = None) -> None:
    """Take a table away that does not hold yet. One that has begun stays: payments may rest on it."""
    row = TaxTable.objects.select_for_update(of=("self",)).select_related("studio").get(pk=table.pk)
    if row.from_date <= timezone.localtime(at, row.studio.zone).date():
        raise Refused(
            "table_in_force",
            _("This table is in force; payments may rest on it. Add one that follows it."),
            conflict=True,
        )
    row.delete()
    bump_studio(row.studio_id)


TABLE_ERRORS = {
    "no_end": _("The last bracket, and no other, has no upper limit."),
    "not_rising": _("The upper limits of the brackets rise from one to the next."),
    "rates": _("Rates rise from bracket to bracket and stay below 100 %."),
    "deductions": _("Deductions are parts between nothing and all, and quick deductions not below 0."),
    "negative": _("An amount of a tax table is below zero."),
    "dates": _("A tax table ends after it begins."),
}
_FIELDS = {"dates": "until_date", "deductions": "deduction_bp"}
