"""What a draft makes stale on the set: scenes already shot that read otherwise now, and slates under old numbers."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scripts_app.staleness import DraftChange, Stale, finder
from shooting.choices import SceneResult
from shooting.models import SceneReport
from shooting.queries import SUBMITTED
from studio.notices import sentence

sentence(
    "shooting.stale_shot",
    _("Scene %(number)s was shot on %(date)s, and the draft changed it since. Shoot it again, or let it stand."),
)
sentence("shooting.stale_shot_omitted", _("Scene %(number)s was shot on %(date)s, and the draft omits it."))
sentence("shooting.stale_slates", _("Scenes were shot under numbers they no longer have: %(scenes)s."))


@finder("shooting")
def find(change: DraftChange) -> Iterator[Stale]:
    shot = {
        scene: (day, date)
        for scene, day, date in SceneReport.objects.filter(
            scene__production=change.production, report__state__in=SUBMITTED,
            result__in=[SceneResult.SHOT, SceneResult.PART],
        )
        .order_by("report__shoot_day__date", "pk")
        .values_list("scene_id", "report__shoot_day_id", "report__shoot_day__date")
    }  # fmt: skip
    for kind, scenes in (("stale_shot", change.told), ("stale_shot_omitted", change.omitted)):
        for pk, each in scenes.items():
            if pk in shot:
                day, date = shot[pk]
                yield Stale(
                    f"shooting.{kind}", f"shot:{pk}", "shoot.log", reverse("shoot_day", args=[day]),
                    {"number": each.number, "date": date.isoformat()},
                )  # fmt: skip
    moved = [f"{each.old.number} → {each.number}" for pk, each in change.moved.items() if pk in shot and each.old]
    if moved:
        yield Stale(
            "shooting.stale_slates", "slates", "post.manage",
            reverse("revision_changes", args=[change.production.pk, change.revision.number]) + "?kind=moved",
            {"scenes": ", ".join(moved[:12]) + (" …" if len(moved) > 12 else "")},
        )  # fmt: skip
