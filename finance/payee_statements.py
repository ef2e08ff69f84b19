"""Statements of payees in one go: begun, written by a job, opened by link, withdrawn."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _

from finance.choices import SettlementState
from finance.documents import payout_pdf
from finance.events import PayeeLinkOpened, PayeeLinkRevoked, PayeeStatementsMade
from finance.models import Party, PayeeBatch, PayeeLink, PayeeLinkOpening, Settlement
from finance.queries.payee_links import payouts_in
from finance.sealing import seal
from studio import jobs
from studio.actions import tell
from studio.facts import publish
from studio.link_secrets import digest_of, new_secret
from studio.models import Job, Studio, User
from studio.refusals import Refused
from studio.values import parse_month

KIND = "finance.payee_statements"
MOST_DAYS, LEAST_PASSWORD = 366, 6
MOST_PAPERS = 5000


@transaction.atomic
def start_statements(
    *,
    studio: Studio,
    period: str,
    by: User | None,
    settlement: Settlement | None = None,
    days: int = 30,
    password: str = "",
    at: dt.datetime | None = None,
) -> tuple[PayeeBatch, Job | None]:
    """Have every payee's statements of a month, or of one issued settlement, made by a worker.

    While one of the month is being made, that one is returned. Refuses a month without payouts, a settlement that is not
    issued, days and passwords out of range.
    """
    if settlement is not None:
        if settlement.state != SettlementState.ISSUED or settlement.production.studio_id != studio.pk:
            raise Refused("not_issued", _("Statements are made from an issued settlement."), field="settlement")
        period = settlement.period
    try:
        period = f"{parse_month(period):%Y-%m}"
    except ValueError:
        raise Refused("not_a_month", _("A month is written like 2026-01."), field="period") from None
    if not 1 <= days <= MOST_DAYS:
        raise Refused(
            "days_out_of_range", _("A link lives 1 to %(most)s days."), field="days", params={"most": MOST_DAYS}
        )
    if password and not LEAST_PASSWORD <= len(password) <= 128:
        raise Refused(
            "password_too_short", _("A password has at least %(least)s letters."), field="password",
            params={"least": LEAST_PASSWORD},
        )  # fmt: skip
    Studio.objects.select_for_update().get(pk=studio.pk)
    known = PayeeBatch.objects.filter(studio=studio, period=period, ready_at=None).first()
    if known is not None:
        return known, None
    batch = PayeeBatch(studio=studio, period=period, settlement=settlement, days=days, made_by=by)
    count = payouts_in(batch).count()
    if not count:
        raise Refused(
            "no_payouts", _("No payout was issued for %(period)s."), field="period", params={"period": period}
        )
    if count > MOST_PAPERS:
        raise Refused(
            "too_many_papers", _("A batch holds %(most)s statements at most."), field="period",
            params={"most": MOST_PAPERS},
        )  # fmt: skip
    batch.password = make_password(password) if password else ""
    batch.save()
    return batch, jobs.enqueue(KIND, {"batch": batch.pk}, studio_id=studio.pk, by=by)


def language_of(party: Party) -> str:
    """The language a payee reads: that of their own account, else the house's."""
    own = party.user.language if party.user else ""
    return own or settings.LANGUAGE_CODE


def write_papers(batch: PayeeBatch, progress: Callable[[int, int], None]) -> tuple[bytes, int]:
    """The ZIP with every payout's PDF, each in its payee's language; writes no row."""
    rows = list(payouts_in(batch))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, row in enumerate(rows, 1):
            with translation.override(language_of(row.party)):
                data = payout_pdf(row)
            # A fixed time: the same statements give the same archive.
            name = zipfile.ZipInfo(f"{get_valid_filename(row.party.name)}-{row.settlement.period}-P{row.pk}.pdf")
            archive.writestr(name, data)
            progress(number, len(rows))
    return out.getvalue(), len(rows)


def finish_statements(*, batch: PayeeBatch, data: bytes, papers: int, at: dt.datetime | None = None) -> PayeeBatch:
    """Keep the ZIP, make a link for each payee and tell who asked; call it inside a transaction. Ready already: no change."""
    now = at or timezone.now()
    row = PayeeBatch.objects.select_for_update(of=("self",)).select_related("studio", "made_by").get(pk=batch.pk)
    if row.ready_at is not None:
        return row
    row.file.save(f"statements-{row.period}-{row.pk}.zip", ContentFile(data), save=False)
    row.ready_at, row.papers_count = now, papers
    row.save()
    parties: dict[int, Party] = {payout.party_id: payout.party for payout in payouts_in(row)}
    links = []
    for party in parties.values():
        secret = new_secret()
        links.append(
            PayeeLink(
                batch=row, party=party, digest=digest_of(secret), sealed_secret=seal(secret.encode()).decode(),
                password=row.password, language=language_of(party), expires_at=now + dt.timedelta(days=row.days),
            )
        )  # fmt: skip
    PayeeLink.objects.bulk_create(links)
    publish(
        PayeeStatementsMade(
            studio_id=row.studio_id, payee_batch_id=row.pk, period=row.period, payees=len(links), papers=papers
        ),
        by=row.made_by, at=at,
    )  # fmt: skip
    if row.made_by is not None:
        tell(
            users=[row.made_by], studio_id=row.studio_id, kind="finance.payee_statements_ready",
            url=f"/payouts/statements/{row.pk}/", dedupe=f"payee_batch:{row.pk}",
            params={"period": row.period, "count": len(links)},
        )  # fmt: skip
    return row


@transaction.atomic
def open_payee_link(
    *, link: PayeeLink, kind: str, agent: str = "", network: str = "", at: dt.datetime | None = None
) -> PayeeLinkOpening:
    """Write an opening down. Refuses a link that ended or was withdrawn, also when that happened a moment ago."""
    now = at or timezone.now()
    held = PayeeLink.objects.filter(pk=link.pk, revoked_at=None, expires_at__gt=now).update(updated_at=now)
    if not held:
        raise Refused("link_over", _("This link opens nothing any more."))
    first = not link.openings.exists()
    row = PayeeLinkOpening.objects.create(
        link=link, opened_at=now, kind=kind, agent=agent[:40], network=network[:40]
    )  # fmt: skip
    if first:
        publish(
            PayeeLinkOpened(studio_id=link.batch.studio_id, payee_link_id=link.pk, party_id=link.party_id),
            by=None,
            at=at,
        )
    return row


@transaction.atomic
def revoke_payee_link(*, link: PayeeLink, by: User | None, at: dt.datetime | None = None) -> None:
    """Withdraw a link: it opens nothing from the next request on. Twice is once."""
    now = at or timezone.now()
    if PayeeLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now, revoked_by=by, updated_at=now):
        publish(
            PayeeLinkRevoked(studio_id=link.batch.studio_id, payee_link_id=link.pk, party_id=link.party_id),
            by=by,
            at=at,
        )
