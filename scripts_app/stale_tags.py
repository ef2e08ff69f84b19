"""Tags of the breakdown that a draft makes stale: somebody confirmed them on a text that reads otherwise now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import Origin
from scripts_app.models import Tag
from scripts_app.staleness import DraftChange, Stale, finder, numbers
from studio.notices import sentence

sentence(
    "scripts_app.stale_tags",
    _("Episode %(episode)s: look at the breakdown of scenes %(scenes)s again; %(count)s confirmed tags are of the old text."),
)  # fmt: skip
sentence("scripts_app.stale_tags_omitted", _("Episode %(episode)s: scenes %(scenes)s with %(count)s tags are omitted."))


@finder("scripts_app")
def find(change: DraftChange) -> Iterator[Stale]:
    for kind, scenes in (
        ("stale_tags", {pk: each for pk, each in change.told.items() if {"text", "cast"} & set(each.changed)}),
        ("stale_tags_omitted", change.omitted),
    ):
        tags: dict[int, int] = defaultdict(int)
        # A linked tag follows its rule by itself.
        for scene in (
            Tag.objects.filter(scene__in=scenes, element__suggested=False)
            .exclude(origin=Origin.LINKED)
            .values_list("scene", flat=True)
        ):
            tags[scene] += 1
        episodes: dict[int, list[int]] = defaultdict(list)
        for pk, each in scenes.items():
            if pk in tags:
                episodes[max(each.episodes)].append(pk)
        for episode, found in sorted(episodes.items()):
            yield Stale(
                f"scripts_app.{kind}", f"{kind}:{episode}", "script.edit",
                f"{reverse('breakdown', args=[change.production.pk])}",
                {
                    "episode": episode, "scenes": numbers(scenes[pk] for pk in found),
                    "count": sum(tags[pk] for pk in found),
                },
            )  # fmt: skip
