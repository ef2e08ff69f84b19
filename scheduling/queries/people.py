"""People, engagements and roles."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from scheduling.models import (
    Casting,
    Unavailability,
)
from scripts_app.choices import SceneState
from scripts_app.models import Character
from studio.access import Access
from studio.choices import Department
from studio.models import Engagement, Person, Production


def people(
    access: Access, *, search: str = "", department: str = "", production_id: int | None = None
) -> QuerySet[Person]:
    """People with their engagements and absences to come."""
    engagements = access.scope(Engagement.objects.select_related("production"), "people.view").order_by("-id")
    rows = access.scope(Person.objects.all(), "people.view").prefetch_related(
        Prefetch("engagements", engagements, to_attr="seen_engagements"),
        Prefetch(
            "unavailabilities", Unavailability.objects.filter(to_date__gte=timezone.localdate()).order_by("from_date"),
            to_attr="away",
        ),
    )  # fmt: skip
    if search:
        rows = rows.filter(
            Q(name__icontains=search) | Q(phone__icontains=search) | Q(engagements__job_title__icontains=search)
        )
    if department in Department.values:
        rows = rows.filter(engagements__department=department)
    if production_id is not None:
        rows = rows.filter(engagements__production=production_id)
    return rows.distinct().order_by("name", "id")


def engagements_of(production: Production) -> QuerySet[Engagement]:
    return (
        Engagement.objects.filter(production=production)
        .select_related("person")
        .prefetch_related(Prefetch("castings", Casting.objects.select_related("character")))
        .order_by("department", "id")
    )


def roles_of(production: Production) -> list[Character]:
    """Roles that need a performer: with scene count and who plays them, most scenes first."""
    rows = list(
        Character.objects.filter(production=production, is_crowd=False)
        .annotate(scenes_count=Count("scenes", filter=Q(scenes__scene__state=SceneState.ACTIVE), distinct=True))
        .order_by("id")
    )
    castings = {
        row.character_id: row
        for row in Casting.objects.filter(character__production=production).select_related("engagement__person")
    }
    for row in rows:
        row.played_by = castings.get(row.pk)  # type: ignore[attr-defined]
    return sorted(rows, key=lambda row: (-row.scenes_count, row.pk))  # type: ignore[attr-defined]
