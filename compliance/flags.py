"""Content flags of a title: found under the dictionary of the day, carried over drafts, decided by a person."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance import models
from compliance.choices import FlagOrigin, FlagState
from compliance.events import ContentFlagDecided
from compliance.models import ContentFlag
from compliance.rules import FlagFind, FlagFinder, FlagTerm, carried, default_flag_terms
from scripts_app.choices import SceneState
from scripts_app.models import Tag
from scripts_app.queries.texts import current_texts, lines_of
from studio.facts import publish
from studio.models import Production, Studio, User
from studio.refusals import Refused
from studio.versions import bump_production


@dataclasses.dataclass(frozen=True)
class Looked:
    """What a look through a title came to."""

    new: int
    carried: int
    gone: int


def terms_of(studio: Studio) -> list[FlagTerm]:
    """The studio's own words; the house's working list while it has none."""
    rows = [
        FlagTerm(row.kind, row.word, row.from_date, row.until_date, row.source)
        for row in models.FlagTerm.objects.filter(studio=studio)
    ]
    return rows or default_flag_terms()


def _finds(production: Production, on: dt.date) -> dict[str, list[tuple[int, FlagFind]]]:
    """Finds by origin, with their scene. A tagged thing is read as a line of its own."""
    finder = FlagFinder(terms_of(production.studio), on)
    texts = current_texts().filter(scene__production=production, scene__state=SceneState.ACTIVE)
    text = [
        (row.scene_id, find)
        for row in texts.order_by("scene__sort_key", "pk")
        for find in finder.find(lines_of(row))
    ]  # fmt: skip
    things: dict[int, list[str]] = defaultdict(list)
    tags = Tag.objects.filter(scene__production=production, scene__state=SceneState.ACTIVE)
    for scene, name in tags.order_by("scene__sort_key", "element__name").values_list("scene", "element__name"):
        things[scene].append(name)
    tagged = [(scene, find) for scene, names in things.items() for find in finder.find(names)]
    return {FlagOrigin.TEXT: text, FlagOrigin.BREAKDOWN: tagged}


@transaction.atomic
def look_for_flags(*, production: Production, by: User | None, at: dt.datetime | None = None) -> Looked:
    """Read the current draft and its breakdown. What was decided of a line stays while the line reads as it did."""
    now = at or timezone.now()
    production = Production.objects.select_for_update(of=("self",)).select_related("studio").get(pk=production.pk)
    found = _finds(production, timezone.localtime(now, production.studio.zone).date())
    rows = list(ContentFlag.objects.filter(production=production).order_by("gone_at", "pk"))
    new, changed, gone = [], [], []
    kept = 0
    for origin, finds in found.items():
        mine = sorted((row for row in rows if row.origin == origin), key=lambda row: row.gone_at is not None)
        matched, left = carried(
            finds, [(row.scene_id, (row.kind, row.word, row.digest, row.start), row) for row in mine]
        )
        for (scene, find), row in zip(finds, matched, strict=True):
            place = {"scene_id": scene, "line": find.line, "nth": find.nth, "gone_at": None}
            if row is None:
                new.append(
                    ContentFlag(
                        production=production, kind=find.kind, word=find.word, origin=origin, quote=find.quote,
                        digest=find.digest, start=find.start, **place,
                    )
                )  # fmt: skip
                continue
            kept += 1
            if any(getattr(row, name) != value for name, value in place.items()):
                for name, value in place.items():
                    setattr(row, name, value)
                row.updated_at = now
                changed.append(row)
        for row in left:
            if row.gone_at is None:
                row.gone_at = row.updated_at = now
                gone.append(row)
    ContentFlag.objects.bulk_create(new)
    ContentFlag.objects.bulk_update([*changed, *gone], ["scene", "line", "nth", "gone_at", "updated_at"])
    if new or changed or gone:
        bump_production(production.pk)
    return Looked(len(new), kept, len(gone))


@transaction.atomic
def decide_flag(
    *, flag: ContentFlag, state: str, reason: str = "", by: User, at: dt.datetime | None = None
) -> ContentFlag:
    """Keep the words with a reason, ask for a change, clear a false alarm, or open the question again."""
    reason = reason.strip()[:300]
    row = ContentFlag.objects.select_for_update(of=("self",)).select_related("production").get(pk=flag.pk)
    if state not in FlagState.values:
        raise Refused("unknown_state", _("Choose what becomes of it."), field="state")
    if state in {FlagState.KEPT, FlagState.CHANGE} and not reason:
        raise Refused("reason_missing", _("Say why it stays, or what is to change."), field="reason")
    if (row.state, row.reason) == (state, reason):
        return row
    decided = state != FlagState.OPEN
    row.state, row.reason = state, reason
    row.decided_by, row.decided_at = (by, at or timezone.now()) if decided else (None, None)
    row.save(update_fields=["state", "reason", "decided_by", "decided_at", "updated_at"])
    publish(
        ContentFlagDecided(
            studio_id=row.production.studio_id, production_id=row.production_id, content_flag_id=row.pk, state=state,
            reason=reason,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row
