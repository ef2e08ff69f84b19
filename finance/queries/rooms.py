"""Documents of the investor room, who may see them, and who looks into a title's room."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from compliance.choices import FilingState
from compliance.models import Filing
from finance.choices import ContractState
from finance.models import ContractParty, RoomDocument, RoomDocumentVersion
from finance.queries.investors import OwnShares, own_shares
from studio.access import Access, access_of, users_with
from studio.models import Production, User


@dataclasses.dataclass(frozen=True)
class Laid:
    """A document as a reader sees it: the current version, and how many there were before."""

    document: RoomDocument
    current: RoomDocumentVersion

    @property
    def earlier(self) -> int:
        return self.current.number - 1


@dataclasses.dataclass(frozen=True)
class Paper:
    """A paper whose number another room holds: a granted filing."""

    kind: str
    number: str
    granted: dt.date | None


def versions_for(access: Access, user: User) -> QuerySet[RoomDocumentVersion]:
    """The versions that a user may take as an investor: of the documents that are for all, or for a party of theirs."""
    return versions_of(own_shares(access, user))


def versions_of(shares: OwnShares) -> QuerySet[RoomDocumentVersion]:
    return (
        RoomDocumentVersion.objects.filter(document__withdrawn_at=None)
        .filter(
            Q(document__for_all=True)
            | Q(document__pk__in=RoomDocument.objects.filter(readers__in=shares.parties).values("pk")),
            document__production__in=shares.production_ids,
        )
        .select_related("document__production")
    )


def documents_of(access: Access, user: User, production: Production) -> list[Laid]:
    """The documents of a title that the user may see, by kind and name, each with its current version."""
    return laid(versions_for(access, user).filter(document__production=production))


def laid(versions: QuerySet[RoomDocumentVersion]) -> list[Laid]:
    current: dict[int, RoomDocumentVersion] = {}
    for row in versions.select_related("document").order_by("document__kind", "document__name", "number"):
        current[row.document_id] = row
    return [Laid(row.document, row) for row in current.values()]


def numbers_held(production: Production) -> list[Paper]:
    """Numbers that authorities granted the title."""
    rows = Filing.objects.filter(production=production, state=FilingState.GRANTED).order_by("decided_at", "pk")
    zone = production.studio.zone
    return [
        Paper(
            str(row.get_kind_display()), row.number, row.decided_at.astimezone(zone).date() if row.decided_at else None
        )
        for row in rows
    ]


def room_users(production: Production) -> list[User]:
    """Who looks into the title's room: the sign-ins of its parties that have the verb there."""
    named = ContractParty.objects.filter(
        Q(contract__production=production) | Q(contract__further__production=production)
    ).exclude(contract__state=ContractState.DRAFT)
    return list(users_with("investment.view", production).filter(pk__in=named.values("party__user")).order_by("pk"))


def readers_of(document: RoomDocument) -> list[User]:
    """Who may see a document, by the rule of `versions_for`."""
    found = []
    for user in room_users(document.production):
        shares = own_shares(access_of(user), user)
        if versions_of(shares).filter(document=document).exists():
            found.append(user)
    return found


def shared_in(production_id: int, platform_id: int, period: str) -> list[User]:
    """Who sees what a platform states of a title for a month."""
    production = Production.objects.get(pk=production_id)
    return [
        user
        for user in room_users(production)
        if own_shares(access_of(user), user).names((production_id, platform_id), period)
    ]


def openings_by_version(versions: Iterable[RoomDocumentVersion]) -> dict[int, int]:
    from finance.models import RoomDocumentOpening

    found: dict[int, int] = defaultdict(int)
    for pk in RoomDocumentOpening.objects.filter(version__in=[row.pk for row in versions]).values_list(
        "version", flat=True
    ):
        found[pk] += 1
    return dict(found)
