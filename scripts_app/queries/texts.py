"""The text that a scene has now."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from scripts_app.models import Scene, SceneText


def current_texts() -> QuerySet[SceneText]:
    """The last text of each scene: one that a draft left out keeps that of the draft before."""
    later = SceneText.objects.filter(scene=OuterRef("scene"), pk__gt=OuterRef("pk"))
    return SceneText.objects.filter(~Exists(later))


def text_of(scene: Scene) -> SceneText | None:
    return SceneText.objects.filter(scene=scene).order_by("-pk").first()


def lines_of(text: SceneText) -> list[str]:
    return [str(row.get("text", "")) for row in text.elements]
