"""What is done about things a draft made stale: listed, told, dealt with."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from scripts_app.events import StaleItemSettled
from scripts_app.models import Revision, StaleItem
from scripts_app.staleness import find_stale
from studio.access import users_with
from studio.actions import tell
from studio.facts import publish
from studio.models import User


@transaction.atomic
def list_stale(*, revision: Revision, actor_id: int | None = None) -> list[StaleItem]:
    """Keep what the draft makes stale and tell those concerned, each once. The same draft again adds nothing."""
    StaleItem.objects.bulk_create(
        [
            StaleItem(
                revision=revision, kind=stale.kind, key=stale.key[:80], params=stale.params, url=stale.url[:200],
                verb=stale.verb,
            )
            for stale in find_stale(revision)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    items = list(revision.stale_items.filter(settled_at=None).order_by("id"))
    production = revision.script.production
    concerned: dict[int, tuple[User, int]] = {}
    by_verb: dict[str, int] = {}
    for item in items:
        by_verb[item.verb] = by_verb.get(item.verb, 0) + 1
    for verb, count in by_verb.items():
        for user in users_with(verb, production):
            concerned[user.pk] = (user, concerned.get(user.pk, (user, 0))[1] + count)
    for user, count in concerned.values():
        if user.pk == actor_id:
            # Whoever handed the draft in sees the list where they did so.
            continue
        tell(
            users=[user], studio_id=production.studio_id, production_id=production.pk, kind="scripts_app.stale",
            dedupe=f"stale:{revision.pk}",
            url=f"{reverse('revision_changes', args=[production.pk, revision.number])}#stale",
            params={"number": revision.number, "title": production.title, "count": count},
        )  # fmt: skip
    return items


@transaction.atomic
def settle_stale(*, item: StaleItem, by: User | None, at: dt.datetime | None = None) -> StaleItem:
    """Say that a stale thing has been dealt with. Twice is once, and the first who said it stays."""
    now = at or timezone.now()
    settled = StaleItem.objects.filter(pk=item.pk, settled_at=None).update(
        settled_at=now, settled_by=by, updated_at=now
    )
    item.refresh_from_db()
    if settled:
        production = item.revision.script.production
        publish(
            StaleItemSettled(
                studio_id=production.studio_id, production_id=production.pk, revision_id=item.revision_id,
                item_id=item.pk, kind=item.kind,
            ),
            by=by, at=at,
        )  # fmt: skip
    return item
