"""Script links: the one a secret opens, and a title's with who opened them. Never writes."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db.models import Count, Max, Q
from django.utils import timezone

from scripts_app.choices import LinkState, OpeningKind
from scripts_app.models import ScriptLink, ScriptLinkOpening
from studio.models import Production

SHOWN_OPENINGS = 300


def live_link(secret: str, now: dt.datetime | None = None) -> ScriptLink | None:
    """The link of a secret while it opens anything: None for unknown, revoked and expired ones alike."""
    link = (
        ScriptLink.objects.select_related("revision__script__production__studio", "made_by")
        .filter(digest=ScriptLink.digest_of(secret))
        .first()
    )
    return link if link is not None and link.is_live(now or timezone.now()) else None


@dataclasses.dataclass(frozen=True)
class LinkRow:
    """A link as the studio sees it, with its latest openings, newest first."""

    link: ScriptLink
    state: LinkState
    pages: int
    pdfs: int
    last_at: dt.datetime | None
    openings: list[ScriptLinkOpening]


def links_of(production: Production, now: dt.datetime | None = None) -> list[LinkRow]:
    """A title's links, newest first. Two queries however many; openings beyond the latest are only counted."""
    now = now or timezone.now()
    links = list(
        ScriptLink.objects.filter(revision__script__production=production)
        .select_related("revision__script__production", "made_by")
        .annotate(
            pages=Count("openings", filter=Q(openings__kind=OpeningKind.PAGE)),
            pdfs=Count("openings", filter=Q(openings__kind=OpeningKind.PDF)),
            last_at=Max("openings__opened_at"),
        )
        .order_by("-pk")
    )
    latest: dict[int, list[ScriptLinkOpening]] = {}
    for row in ScriptLinkOpening.objects.filter(link__revision__script__production=production).order_by("-pk")[
        :SHOWN_OPENINGS
    ]:
        latest.setdefault(row.link_id, []).append(row)
    return [
        LinkRow(link, _state(link, now), link.pages, link.pdfs, link.last_at, latest.get(link.pk, []))  # type: ignore[attr-defined]
        for link in links
    ]


def _state(link: ScriptLink, now: dt.datetime) -> LinkState:
    if link.revoked_at is not None:
        return LinkState.REVOKED
    if link.expires_at <= now:
        return LinkState.EXPIRED
    return LinkState.USED_UP if link.used_up else LinkState.LIVE
