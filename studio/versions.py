"""Version counters behind the API's ETags: bumped in every writing transaction, read before the rows."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from studio.models import Production, Studio


def bump_production(production_id: int) -> None:
    """Count a change of a title. Call it last in the transaction: the row stays locked until the commit."""
    Production.objects.filter(pk=production_id).update(version=F("version") + 1, updated_at=timezone.now())


def bump_studio(studio_id: int) -> None:
    """Count a change of something that belongs to no title: a platform, a person, a base."""
    Studio.objects.filter(pk=studio_id).update(version=F("version") + 1)
