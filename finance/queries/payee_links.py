"""Statements sent to payees: what a batch holds, what a secret opens, who opened what."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from finance.choices import PayoutState, StatementOpening
from finance.models import PayeeBatch, PayeeLink, Payout
from studio.link_secrets import digest_of
from studio.models import Studio


def payouts_in(batch: PayeeBatch) -> QuerySet[Payout]:
    """Payouts whose statements a batch holds; payees in the order of their names."""
    rows = (
        Payout.objects.filter(settlement__production__studio=batch.studio_id, settlement__period=batch.period)
        .exclude(state=PayoutState.CANCELLED)
        .select_related("party__user", "settlement__production__studio", "settlement__statement__platform")
    )
    if batch.settlement_id is not None:
        rows = rows.filter(settlement=batch.settlement_id)
    return rows.order_by("party__name", "party_id", "pk")


def live_payee_link(secret: str, now: dt.datetime | None = None) -> PayeeLink | None:
    """The link of a secret while it opens anything: None for unknown, revoked and expired ones alike."""
    return (
        PayeeLink.objects.filter(digest=digest_of(secret), revoked_at=None, expires_at__gt=now or timezone.now())
        .select_related("batch__studio", "party")
        .first()
    )


def batches_of(studio: Studio) -> QuerySet[PayeeBatch]:
    """A studio's batches, newest first, with how many payees have opened theirs."""
    return (
        PayeeBatch.objects.filter(studio=studio)
        .select_related("settlement__production", "made_by")
        .annotate(
            links_count=Count("links", distinct=True),
            opened_count=Count("links", filter=Q(links__openings__isnull=False), distinct=True),
        )
        .order_by("-pk")
    )


def links_of_batch(batch: PayeeBatch) -> QuerySet[PayeeLink]:
    """A batch's links with how often and when last they were opened. One query."""
    return (
        batch.links.select_related("party")
        .annotate(
            pages=Count("openings", filter=Q(openings__kind=StatementOpening.PAGE)),
            pdfs=Count("openings", filter=Q(openings__kind=StatementOpening.PDF)),
            last_at=Max("openings__opened_at"),
        )
        .order_by("party__name", "pk")
    )
