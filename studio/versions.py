"""Version counters behind the API's ETags: bumped in every writing transaction, read before the rows."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Count, F, Func, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from studio.access import Access, visible_studios
from studio.models import Production, Studio


def bump_production(production_id: int) -> None:
    """Count a change of a title. Call it last in the transaction: the row stays locked until the commit."""
    Production.objects.filter(pk=production_id).update(version=F("version") + 1, updated_at=timezone.now())


def bump_studio(studio_id: int) -> None:
    """Count a change of something that belongs to no title: a platform, a person, a base."""
    Studio.objects.filter(pk=studio_id).update(version=F("version") + 1)


class _Joined(Func):
    """Numbers as one text. Written out, as `Concat` wraps each part in casts and parameters of its own."""

    template = "%(expressions)s"
    arg_joiner = " || ' ' || "
    output_field = CharField()


def stamps_of(access: Access) -> QuerySet[Any]:
    """For each studio the caller may see a text of its key, its version, its titles and the sum of their versions.

    Counters only grow, so the text differs whenever anything was written that the caller may see.
    """
    total = Coalesce(Sum("productions__version"), Value(0))
    joined = _Joined(F("pk"), F("version"), Count("productions"), total)
    return visible_studios(access).order_by("pk").annotate(stamp=joined).values("stamp")


def stamp_of(access: Access) -> str:
    """The versions of all that the caller may see, as one text. One query."""
    return ",".join(row["stamp"] for row in stamps_of(access))
