"""The investor room's own rows: who sees what of a title, and the documents laid out, each version kept."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import ContractState, DocumentKind
from finance.models import (
    ContractParty,
    Party,
    RoomDocument,
    RoomDocumentOpening,
    RoomDocumentReader,
    RoomDocumentVersion,
    RoomRight,
)
from finance.queries.rooms import readers_of
from finance.room_events import RoomDocumentAdded, RoomDocumentShown, RoomDocumentWithdrawn, RoomRightSet
from studio.actions import tell
from studio.facts import publish
from studio.models import Production, User
from studio.refusals import Refused
from studio.uploads import check_size, kind_of

KINDS_OF_FILE = (".pdf", ".docx", ".xlsx", ".ofd", ".png", ".jpg", ".jpeg")


def parties_of_title(production: Production) -> list[Party]:
    """The parties that the title's signed contracts name."""
    named = ContractParty.objects.filter(
        Q(contract__production=production) | Q(contract__further__production=production)
    ).exclude(contract__state=ContractState.DRAFT)
    return list(
        Party.objects.filter(pk__in=named.values("party")).select_related("user").order_by("name", "pk")
    )  # fmt: skip


@transaction.atomic
def set_room_right(
    *,
    production: Production,
    party: Party,
    sees_progress: bool,
    sees_cost: bool,
    sees_budget: bool,
    by: User | None,
    clause: str = "",
    at: dt.datetime | None = None,
) -> RoomRight:
    """Say what a party's contract lets it see of a title. As it was: no change.

    Refuses a party that no signed contract of the title names, and the budget without the cost.
    """
    if party.pk not in {row.pk for row in parties_of_title(production)}:
        raise Refused("not_a_party", _("No signed contract of this title names this party."), field="party")
    if sees_budget and not sees_cost:
        raise Refused(
            "budget_needs_cost", _("The budget is shown beside the cost: let the party see the cost too."),
            field="sees_budget",
        )  # fmt: skip
    wanted = {
        "sees_progress": sees_progress,
        "sees_cost": sees_cost,
        "sees_budget": sees_budget,
        "clause": clause.strip()[:200],
    }
    # The title's row is the lock: two people setting it at once follow one another.
    Production.objects.select_for_update().get(pk=production.pk)
    row, new = RoomRight.objects.get_or_create(production=production, party=party, defaults=wanted)
    if not new:
        if all(getattr(row, name) == value for name, value in wanted.items()):
            return row
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save()
    publish(
        RoomRightSet(
            studio_id=production.studio_id, production_id=production.pk, party_id=party.pk,
            sees_progress=row.sees_progress, sees_cost=row.sees_cost, sees_budget=row.sees_budget, clause=row.clause,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


def check_file(file_name: str, data: bytes) -> None:
    """Refuse what is empty, too large, or no paper that people read."""
    ending = f".{file_name.rpartition('.')[2].lower()}" if "." in file_name else ""
    if not data:
        raise Refused("file_empty", _("The file is empty."), field="file")
    check_size(len(data))
    if ending not in KINDS_OF_FILE or kind_of(data, (ending,)) is None:
        raise Refused(
            "file_kind", _("Choose a PDF, Word, Excel, OFD, PNG or JPEG file whose name says so."), field="file"
        )


@transaction.atomic
def add_room_document(
    *,
    production: Production,
    kind: str,
    name: str,
    data: bytes,
    file_name: str,
    by: User | None,
    parties: Iterable[Party] | None = None,
    at: dt.datetime | None = None,
) -> RoomDocument:
    """Lay out a document: for all of the title's investors, or for the parties named.

    The same file under the same name again answers with the document there is. Refuses a name that is taken by
    another file: that one is replaced by a new version.
    """
    name = name.strip()[:120]
    if not name:
        raise Refused("name_missing", _("Give the document a name."), field="name")
    if kind not in DocumentKind.values:
        raise Refused("unknown_kind", _("There is no such kind of document."), field="kind")
    check_file(file_name, data)
    Production.objects.select_for_update().get(pk=production.pk)
    there = RoomDocument.objects.filter(production=production, kind=kind, name=name, withdrawn_at=None).first()
    if there is not None:
        if there.versions.filter(sha256=_sha256(data)).exists():
            return there
        raise Refused(
            "name_taken", _("A document “%(name)s” is there already. Replace it by a new version."), field="name",
            params={"name": name},
        )  # fmt: skip
    named = _named(production, parties)
    document = RoomDocument.objects.create(production=production, kind=kind, name=name, for_all=named is None)
    RoomDocumentReader.objects.bulk_create(RoomDocumentReader(document=document, party=row) for row in named or ())
    _add_version(document, data, file_name, by, at)
    return document


@transaction.atomic
def replace_room_document(
    *, document: RoomDocument, data: bytes, file_name: str, by: User | None, at: dt.datetime | None = None
) -> RoomDocumentVersion:
    """Add the next version; the earlier ones are kept. The file that is current already: no change."""
    check_file(file_name, data)
    row = _open(document)
    current = row.versions.order_by("-number").first()
    if current is not None and current.sha256 == _sha256(data):
        return current
    return _add_version(row, data, file_name, by, at)


@transaction.atomic
def show_room_document(
    *, document: RoomDocument, parties: Iterable[Party] | None, by: User | None, at: dt.datetime | None = None
) -> RoomDocument:
    """Change who may see a document from now on: all of the title's investors, or the parties named."""
    row = _open(document)
    named = _named(row.production, parties)
    before = None if row.for_all else set(row.named.values_list("party_id", flat=True))
    after = None if named is None else {party.pk for party in named}
    if before == after:
        return row
    row.named.all().delete()
    RoomDocumentReader.objects.bulk_create(RoomDocumentReader(document=row, party=party) for party in named or ())
    row.for_all = named is None
    row.save(update_fields=["for_all", "updated_at"])
    publish(
        RoomDocumentShown(
            studio_id=row.production.studio_id, production_id=row.production_id, room_document_id=row.pk,
            for_all=row.for_all, parties=sorted(after or ()),
        ),
        by=by, at=at,
    )  # fmt: skip
    _tell(row)
    return row


@transaction.atomic
def withdraw_room_document(*, document: RoomDocument, by: User | None, at: dt.datetime | None = None) -> RoomDocument:
    """Take a document out of the room; its versions and who opened them are kept. Withdrawn already: no change."""
    now = at or timezone.now()
    gone = RoomDocument.objects.filter(pk=document.pk, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_by=by, updated_at=now
    )
    row = RoomDocument.objects.select_related("production").get(pk=document.pk)
    if gone:
        publish(
            RoomDocumentWithdrawn(
                studio_id=row.production.studio_id, production_id=row.production_id, room_document_id=row.pk
            ),
            by=by, at=at,
        )  # fmt: skip
    return row


def note_opening(*, version: RoomDocumentVersion, by: User, at: dt.datetime | None = None) -> RoomDocumentOpening:
    """Write down that somebody takes a version."""
    return RoomDocumentOpening.objects.create(
        version=version, user=by, user_name=str(by)[:80], opened_at=at or timezone.now()
    )  # fmt: skip


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _open(document: RoomDocument) -> RoomDocument:
    row = RoomDocument.objects.select_for_update(of=("self",)).select_related("production").get(pk=document.pk)
    if row.withdrawn_at is not None:
        raise Refused("withdrawn", _("This document is withdrawn. Lay it out anew."), conflict=True)
    return row


def _named(production: Production, parties: Iterable[Party] | None) -> list[Party] | None:
    """The parties to name; None for all. Refuses an empty list and parties that are none of the title's."""
    if parties is None:
        return None
    rows = list({party.pk: party for party in parties}.values())
    if not rows:
        raise Refused("readers_missing", _("Name at least one party, or show it to all."), field="parties")
    if {party.pk for party in rows} - {party.pk for party in parties_of_title(production)}:
        raise Refused("not_a_party", _("No signed contract of this title names this party."), field="parties")
    return rows


def _add_version(
    document: RoomDocument, data: bytes, file_name: str, by: User | None, at: dt.datetime | None
) -> RoomDocumentVersion:
    last = document.versions.order_by("-number").values_list("number", flat=True).first() or 0
    ending = file_name.rpartition(".")[2].lower()
    try:
        with transaction.atomic():
            version = RoomDocumentVersion.objects.create(
                document=document, number=last + 1, file=ContentFile(data, name=f"document.{ending}"),
                file_name=file_name[:200], size=len(data), sha256=_sha256(data), added_by=by,
                added_at=at or timezone.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Refused("version_taken", _("Somebody else replaced it just now. Look again."), conflict=True) from None
    publish(
        RoomDocumentAdded(
            studio_id=document.production.studio_id, production_id=document.production_id,
            room_document_id=document.pk, version=version.number, sha256=version.sha256,
        ),
        by=by, at=at,
    )  # fmt: skip
    _tell(document)
    return version


def _tell(document: RoomDocument) -> None:
    """Tell who may see it, once for each version."""
    production = document.production
    current = document.versions.order_by("-number").first()
    if current is None:
        return
    tell(
        users=readers_of(document), studio_id=production.studio_id, production_id=production.pk,
        kind="finance.room_document", url=f"/investments/{production.pk}/#documents",
        dedupe=f"room_document:{document.pk}:{current.number}",
        params={"title": production.title, "name": document.name, "version": current.number},
    )  # fmt: skip
