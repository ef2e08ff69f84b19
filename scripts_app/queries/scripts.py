"""Scripts and their drafts. Never writes; costs the same number of queries however long the script is."""

from __future__ import annotations

import dataclasses
from collections import Counter

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from scripts_app.choices import SceneState
from scripts_app.models import Breakdown, Revision, Scene, SceneCharacter, ScriptWriter
from studio.access import Access
from studio.models import Production


def scripts_for(access: Access) -> QuerySet[Production]:
    """Titles with what their script page shows at a glance: `drafts`, `draft_at`, `locked_at`, `scene_count`, ..."""
    latest = Revision.objects.filter(script__production=OuterRef("pk")).order_by("-number")
    writers = ScriptWriter.objects.filter(script__production=OuterRef("pk")).order_by("position", "pk")
    writer_count = writers.order_by().values("script").annotate(n=Count("pk")).values("n")
    scenes = (
        Scene.objects.filter(production=OuterRef("pk"), state=SceneState.ACTIVE)
        .order_by()
        .values("production")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return access.scope(
        Production.objects.select_related("studio").annotate(
            drafts=Coalesce(Subquery(latest.values("number")[:1]), 0),
            draft_at=Subquery(latest.values("created_at")[:1]),
            locked_at=Subquery(latest.values("locked_at")[:1]),
            breakdown_state=Subquery(latest.values("breakdown__state")[:1]),
            scene_count=Coalesce(Subquery(scenes), 0),
            writer_name=Subquery(writers.values("person__name")[:1]),
            writer_count=Coalesce(Subquery(writer_count), 0),
        ),
        "script.view",
    ).order_by(F("draft_at").desc(nulls_last=True), "-pk")


def latest_first(rows: QuerySet[Production], start: int, stop: int) -> list[int]:
    """Keys of titles, those with the latest draft first, from `start` to before `stop`.

    `scripts_for` would work out every title's draft to order by it. Here the drafts are walked from the last one
    back, and only as far as the page: as long with ten titles as with thousands.
    """
    later = Revision.objects.filter(script=OuterRef("script"), number__gt=OuterRef("number"))
    drafted = Revision.objects.filter(~Exists(later), script__production__in=rows.order_by().values("pk"))
    found = list(drafted.order_by("-pk").values_list("script__production", flat=True)[start:stop])
    if len(found) < stop - start:
        blank = rows.filter(~Exists(Revision.objects.filter(script__production=OuterRef("pk")))).order_by("-pk")
        skipped = max(start - drafted.count(), 0) if not found else 0
        found += blank.values_list("pk", flat=True)[skipped : skipped + stop - start - len(found)]
    return found


@dataclasses.dataclass(frozen=True)
class ScriptList:
    """Titles as `scripts_for` has them, latest draft first, sliced by a paginator: only the page is worked out."""

    access: Access
    rows: QuerySet[Production]

    def count(self) -> int:
        return self.rows.count()

    def __getitem__(self, window: slice) -> list[Production]:
        keys = latest_first(self.rows, window.start, window.stop)
        found = {row.pk: row for row in scripts_for(self.access).order_by().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


def current_revision(production: Production) -> Revision | None:
    """The latest draft."""
    return (
        Revision.objects.filter(script__production=production)
        .select_related("script", "imported_by", "locked_by")
        .order_by("-number")
        .first()
    )


def locked_revision(production_id: int) -> Revision | None:
    """The latest draft, if it is locked: what it says is then changed by a new one alone."""
    latest = Revision.objects.filter(script__production=production_id).order_by("-number").first()
    return latest if latest is not None and latest.locked_at is not None else None


def current_breakdown(production: Production) -> Breakdown | None:
    return (
        Breakdown.objects.filter(revision__script__production=production)
        .select_related("revision__script__production", "approved_by")
        .order_by("-revision__number")
        .first()
    )


@dataclasses.dataclass(frozen=True)
class ScriptCounts:
    """A script in numbers; `day` and `night` count scenes, dawn going with day and dusk with night."""

    scenes: int
    episodes: int
    sets: int
    parts: int
    seconds: int
    minutes: int
    day: int
    night: int
    interior: int
    exterior: int
    roles: int


def script_counts(production: Production) -> ScriptCounts:
    rows = list(
        production.scenes.filter(state=SceneState.ACTIVE)
        .order_by()
        .values_list("episode_id", "set_name", "page_parts", "seconds", "shoot_minutes", "time_of_day", "int_ext")
    )
    times, places = Counter(row[5] for row in rows), Counter(row[6] for row in rows)
    roles = (
        SceneCharacter.objects.filter(scene__production=production, scene__state=SceneState.ACTIVE, speaks=True)
        .values("character")
        .distinct()
        .count()
    )
    return ScriptCounts(
        len(rows), len({row[0] for row in rows}), len({row[1] for row in rows if row[1]}), sum(row[2] for row in rows),
        sum(row[3] for row in rows), sum(row[4] for row in rows), times["day"] + times["dawn"],
        times["night"] + times["dusk"], places["int"], places["ext"], roles,
    )  # fmt: skip
