"""Platform statements: read, checked against the title, kept; accepted into the ledger or held."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.models import Platform
from finance.agreements import contract_in_force
from finance.choices import Account, SettlementState, StatementState
from finance.desk import desk_finding, month_again, plain_title, stated_before
from finance.events import StatementAccepted, StatementCorrected, StatementHeld, StatementImported
from finance.ledger import Side, post, reverse
from finance.lines import write_lines
from finance.mappings import columns_of
from finance.models import Entry, PlatformTitle, Settlement, Statement
from finance.periods import refuse_closed
from finance.queries.chains import IN_FORCE, last_settled_after, settled_of_month, standing_statements
from finance.rates import convert, rates_of, wanted_currency
from finance.sentences import finding_sentence, is_error
from finance.statements import Line, Unreadable, read_statement
from studio.facts import publish
from studio.models import Production, User
from studio.refusals import Refused
from studio.uploads import check_size
from studio.values import CURRENCIES, parse_month

# A file in which every row is wrong would fill the page with the same sentence.
MOST_FINDINGS = 500
NO_KIND = "share"


def _desk_findings(
    platform: Platform, production: Production, period: str, lines: Iterable[Line]
) -> list[dict[str, Any]]:
    """What only the studio can know: another title, another month, an episode the title does not have."""
    known = set(production.episodes.values_list("number", flat=True))
    said = PlatformTitle.objects.filter(platform=platform, production=production).values_list("written", flat=True)
    names = {plain_title(name) for name in (production.title, production.code, *said)}
    found: list[dict[str, Any]] = []
    for line in lines:
        if line.title and plain_title(line.title) not in names:
            found.append(desk_finding("wrong_title", line.row, found=line.title, title=production.title))
        if line.period and line.period[:7] != period:
            found.append(desk_finding("other_month", line.row, found=line.period, period=period))
        if line.episode is not None and line.episode not in known:
            found.append(desk_finding("unknown_episode", line.row, episode=line.episode))
    return found


def _remembered(platform: Platform, period: str, data: bytes) -> dict[str, str] | None:
    """The columns that a person named for files of this shape; None where none were named and they are guessed."""
    try:
        columns = columns_of(platform, period, io.BytesIO(data))
    except Unreadable:
        # Read again below, which says what is wrong with it.
        return None
    if columns.changed:
        raise Refused(
            "shape_changed",
            _("The columns of this platform's files have changed. Name them again before this one is read."),
            field="file",
        )  # fmt: skip
    return columns.mapping if columns.remembered else None


@transaction.atomic
def import_statement(
    *,
    platform: Platform,
    production: Production,
    period: str,
    data: bytes,
    file_name: str,
    by: User | None,
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
    at: dt.datetime | None = None,
) -> Statement:
    """Read a month's statement and keep it: ready to accept, or held with what is wrong. The same file is kept once.

    The columns are those remembered for the platform's files of this shape, else guessed; a shape that changed is
    asked again. The currency is the contract's then in force, else the studio's. Refuses what is no month, another studio's
    platform, and a file without a single readable line; nothing is kept then.
    """
    if platform.studio_id != production.studio_id:
        raise Refused("other_studio", _("This platform belongs to another studio."), field="platform")
    try:
        period = f"{parse_month(period):%Y-%m}"
    except ValueError:
        raise Refused("not_a_month", _("A month is written like 2026-01."), field="period") from None
    refuse_closed(production.studio_id, period)
    check_size(len(data))
    digest = hashlib.sha256(data).hexdigest()
    known = Statement.objects.filter(production=production, platform=platform, sha256=digest).first()
    if known is not None:
        if known.period != period:
            raise Refused(
                "file_of_other_month", _("This very file is the statement of %(period)s."), field="period",
                params={"period": known.period},
            )  # fmt: skip
        return known
    if currency is None:
        contract = contract_in_force(production, platform, period)
        currency = (contract.terms.get("currency") if contract else None) or production.studio.currency
    if currency not in CURRENCIES:
        raise Refused("unknown_currency", _("This currency is not known."), field="currency")
    if mapping is None:
        mapping = _remembered(platform, period, data)
    read = read_statement(data, file_name, mapping=mapping, currency=currency)
    findings = [finding.as_json() for finding in read.findings]
    if not read.lines:
        errors = [finding for finding in findings if is_error(finding)] or findings
        text = finding_sentence(errors[0]) if errors else str(_("The file holds no lines."))
        raise Refused("unreadable", "%(text)s", field="file", params={"text": text, "findings": findings})
    findings += _desk_findings(platform, production, period, read.lines)
    findings += [
        month_again(other)
        for other in Statement.objects.filter(production=production, platform=platform, period=period).order_by("pk")
    ]
    statement = Statement(
        platform=platform, production=production, period=period, currency=currency, file_name=file_name[:200],
        sha256=digest, declared_minor=read.declared_total, counted_minor=read.counted_total, imported_by=by,
    )  # fmt: skip
    contract = contract_in_force(production, platform, period)
    agreed = (contract.terms.get("currency") or production.studio.currency) if contract else ""
    target, required = wanted_currency(currency, agreed, production.studio.currency)
    findings += convert(
        statement, target=target, required=required, stated=read.rates, rates=rates_of(production.studio_id, period)
    )
    holds = not any(is_error(finding) for finding in findings)
    statement.findings = findings[:MOST_FINDINGS]
    statement.state = StatementState.READY if holds else StatementState.HELD
    try:
        with transaction.atomic():
            statement.save()
    except IntegrityError:
        # The same file from two windows at once: the first one stands.
        return Statement.objects.get(production=production, platform=platform, sha256=digest)
    write_lines(
        (statement.pk, line.row, line.episode, line.kind or NO_KIND, line.share_fen, line.text) for line in read.lines
    )
    before = stated_before([statement.pk])
    if before:
        statement.findings = (statement.findings + before[statement.pk])[:MOST_FINDINGS]
        statement.save(update_fields=["findings", "updated_at"])
    # The name on disk is ours: the platform's file name may hold anything.
    suffix = ".xlsx" if data.startswith(b"PK") else ".csv"
    statement.file.save(f"{production.code}-{period}-{digest[:12]}{suffix}", ContentFile(data), save=False)
    Statement.objects.filter(pk=statement.pk).update(file=statement.file.name)
    publish(
        StatementImported(
            studio_id=production.studio_id, production_id=production.pk, statement_id=statement.pk, period=period,
            state=str(statement.state), counted_minor=statement.counted_minor,
        ),
        by=by, at=at,
    )  # fmt: skip
    return statement


def _held(statement: Statement) -> Statement:
    """The statement as it is now, its row locked so that accepting and holding come one after the other."""
    return (
        Statement.objects.select_for_update(of=("self",))
        .select_related("production__studio", "platform")
        .get(pk=statement.pk)
    )


@transaction.atomic
def accept_statement(
    *, statement: Statement, by: User | None, reason: str = "", at: dt.datetime | None = None
) -> Statement:
    """Take a statement into the books: owed by the platform, received by the title. Accepted already: no change.

    Of a month that is settled it is a correction: the one it corrects stays as it is and leaves the books, and the next
    settlement holds the difference. Refuses without a reason a held one, a correction, and a month before one that is
    settled; and a second one of a month that is not settled.
    """
    row = _held(statement)
    if row.state in (*IN_FORCE, StatementState.CORRECTED):
        return row
    refuse_closed(row.production.studio_id, row.period)
    reason = reason.strip()
    settled = settled_of_month(row)
    if settled is not None and settled.currency != row.currency:
        raise Refused(
            "two_currencies", _("The statement is in %(found)s, the one it corrects in %(currency)s."),
            params={"found": row.currency, "currency": settled.currency},
        )  # fmt: skip
    if settled is not None and not reason:
        raise Refused(
            "correction_needs_reason",
            _("%(period)s is settled. Say why it is corrected: the difference is settled beside what was issued."),
            field="reason", params={"period": row.period},
        )  # fmt: skip
    later = last_settled_after(row)
    if later and not reason:
        raise Refused(
            "later_month_settled",
            _("%(period)s is settled already. Say why this one comes late: the difference is settled beside it."),
            field="reason", params={"period": later},
        )  # fmt: skip
    if row.state == StatementState.HELD and not reason:
        raise Refused("reason_missing", _("A held statement is accepted with a reason only."), field="reason")
    now = at or timezone.now()
    if settled is not None:
        _take_out(settled, row, now=now, by=by, at=at)
    row.state, row.accepted_at, row.accepted_by, row.reason = StatementState.ACCEPTED, now, by, reason[:300]
    row.corrects = settled
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "accepted_at", "accepted_by", "reason", "corrects", "updated_at"])
    except IntegrityError:
        raise Refused(
            "month_taken", _("Another statement of %(period)s is accepted. Hold that one first."), conflict=True,
            params={"period": row.period},
        ) from None  # fmt: skip
    _take_in(row, now=now, by=by)
    publish(
        StatementAccepted(
            studio_id=row.production.studio_id, production_id=row.production_id, statement_id=row.pk,
            period=row.period, counted_minor=row.counted_minor, reason=reason[:300],
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


def _take_in(row: Statement, *, now: dt.datetime, by: User | None) -> None:
    """Post what the platform owes; a statement that comes back after it was taken out is posted once more."""
    if not row.counted_minor:
        return
    earlier = Entry.objects.filter(production=row.production, source__startswith=f"statement:{row.pk}:").count()
    post(
        production=row.production,
        sides=[Side(Account.RECEIVABLE, row.counted_minor), Side(Account.RECEIPTS, -row.counted_minor)],
        currency=row.currency,
        on_date=timezone.localtime(now, row.production.studio.zone).date(),
        source=f"statement:{row.pk}:{earlier + 1}",
        narrative=f"{row.platform.name} {row.period}",
        by=by,
        params={"statement": row.pk, "period": row.period},
    )


def _reverse_entries(row: Statement, *, now: dt.datetime, by: User | None, at: dt.datetime | None) -> None:
    for entry in Entry.objects.filter(
        production=row.production, source__startswith=f"statement:{row.pk}:", reversed_by=None
    ):
        reverse(entry=entry, on_date=timezone.localtime(now, row.production.studio.zone).date(), by=by, at=at)


def _take_out(settled: Statement, row: Statement, *, now: dt.datetime, by: User | None, at: dt.datetime | None) -> None:
    """A settled statement gives way: its entry is reversed, the rest of it stays."""
    settled.production = row.production
    _reverse_entries(settled, now=now, by=by, at=at)
    moved = Statement.objects.filter(pk=settled.pk, state=StatementState.SETTLED).update(
        state=StatementState.CORRECTED, updated_at=now
    )
    if not moved:
        raise Refused(
            "inputs_changed", _("A statement or the contract changed meanwhile. Run it again."), conflict=True
        )
    publish(
        StatementCorrected(
            studio_id=row.production.studio_id, production_id=row.production_id, statement_id=settled.pk,
            corrected_by_id=row.pk, period=row.period, before_minor=settled.counted_minor,
            counted_minor=row.counted_minor,
        ),
        by=by, at=at,
    )  # fmt: skip


def _bring_back(corrected: Statement, row: Statement, *, now: dt.datetime, by: User | None) -> None:
    """A correction is held again before it was settled: the statement it corrected is in force once more."""
    corrected.production, corrected.platform = row.production, row.platform
    stands = bool(standing_statements([corrected]))
    Statement.objects.filter(pk=corrected.pk).update(
        state=StatementState.SETTLED if stands else StatementState.ACCEPTED, updated_at=now
    )
    _take_in(corrected, now=now, by=by)


@transaction.atomic
def hold_statement(*, statement: Statement, reason: str, by: User | None, at: dt.datetime | None = None) -> Statement:
    """Take a statement out of the books again: its entry is reversed, a settlement not yet issued goes.

    What a correction corrected is in force again. Refuses without a reason, and once the statement is settled.
    """
    row = _held(statement)
    reason = reason.strip()
    if not reason:
        raise Refused("reason_missing", _("Say why the statement is held."), field="reason")
    if row.state in (StatementState.SETTLED, StatementState.CORRECTED):
        raise Refused("statement_settled", _("This statement is settled; it stays as it is."), conflict=True)
    refuse_closed(row.production.studio_id, row.period)
    for draft in Settlement.objects.filter(takes__statement=row, state=SettlementState.DRAFT):
        draft.delete()
    now = at or timezone.now()
    _reverse_entries(row, now=now, by=by, at=at)
    corrected, row.corrects = row.corrects, None
    row.state, row.accepted_at, row.accepted_by, row.reason = StatementState.HELD, None, None, reason[:300]
    row.save(update_fields=["state", "accepted_at", "accepted_by", "reason", "corrects", "updated_at"])
    if corrected is not None:
        _bring_back(corrected, row, now=now, by=by)
    publish(
        StatementHeld(
            studio_id=row.production.studio_id, production_id=row.production_id, statement_id=row.pk,
            period=row.period, reason=reason[:300],
        ),
        by=by, at=at,
    )  # fmt: skip
    return row
