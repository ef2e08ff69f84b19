"""Data of this room's papers, frozen before they are drawn."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scheduling.models import Set, Stripboard
from scheduling.templatetags.scheduling_ui import clock
from scripts_app.choices import Category, IntExt, TimeOfDay
from scripts_app.models import Element, SceneCharacter
from studio.values import format_pages


def one_liner(board: Stripboard, *, language: str, printed_at: dt.datetime | None) -> dict[str, Any]:
    """A board as templates/documents/one_liner.typ wants it; days without scenes are left out."""
    production = board.production
    unit = production.studio.page_unit
    strips = list(
        board.strips.select_related("scene__episode", "day").order_by("day__date", "position", "scene__sort_key", "id")
    )
    cast: dict[int, list[str]] = defaultdict(list)
    extras: dict[int, list[str]] = defaultdict(list)
    for scene, name, crowd, count in (
        SceneCharacter.objects.filter(scene__production=production)
        .order_by("id")
        .values_list("scene_id", "character__name", "character__is_crowd", "count")
    ):
        (extras if crowd else cast)[scene].append(f"{name} ×{count}" if count > 1 else name)
    needs: dict[tuple[int, str], list[str]] = defaultdict(list)
    for scene, category, name in (
        Element.scenes.through.objects.filter(
            element__production=production, element__category__in=[Category.PROPS, Category.WARDROBE]
        )
        .order_by("element__name")
        .values_list("scene_id", "element__category", "element__name")
    ):
        needs[scene, category].append(name)
    sets = {row.name: row for row in Set.objects.filter(production=production).select_related("location__base")}
    joint = "、" if language == "zh" else ", "
    numbers = {
        pk: number for number, pk in enumerate(board.days.order_by("date", "unit").values_list("pk", flat=True), 1)
    }
    days: dict[int | None, list[Any]] = defaultdict(list)
    for strip in strips:
        days[strip.day_id].append(strip)
    drawn = []
    for day_id, own in sorted(days.items(), key=lambda item: numbers.get(item[0] or 0, 10**6)):
        places = [sets[strip.scene.set_name].location for strip in own if strip.scene.set_name in sets]
        home = Counter(place.base.name for place in places if place is not None).most_common(1)
        drawn.append(
            {
                "number": numbers.get(day_id) if day_id else None,
                **(
                    {"date": own[0].day.date.isoformat(), "weekday": date_format(own[0].day.date, "D")}
                    if day_id
                    else {}
                ),
                **({"base": home[0][0]} if home and day_id else {}),
                "pages_total": format_pages(sum(strip.scene.page_parts for strip in own), unit),
                "minutes_total": sum(strip.scene.shoot_minutes for strip in own),
                "scenes": [
                    {
                        "number": strip.scene.number,
                        "int_ext": strip.scene.int_ext,
                        "int_ext_name": str(dict(IntExt.choices).get(strip.scene.int_ext, "")),
                        "time": strip.scene.time_of_day,
                        "time_name": str(dict(TimeOfDay.choices).get(strip.scene.time_of_day, "")),
                        "start": clock(strip.start_minute),
                        "set": strip.scene.set_name,
                        "place": _place(sets.get(strip.scene.set_name)),
                        "cast": cast[strip.scene_id],
                        "extras": joint.join(extras[strip.scene_id]),
                        "synopsis": strip.scene.synopsis,
                        "props": joint.join(needs[strip.scene_id, Category.PROPS]),
                        "wardrobe": joint.join(needs[strip.scene_id, Category.WARDROBE]),
                        "pages": format_pages(strip.scene.page_parts, unit),
                        "minutes": strip.scene.shoot_minutes,
                    }
                    for strip in own
                ],
            }
        )
    return {
        "lang": language,
        "studio": production.studio.name,
        "title": production.title,
        **({"printed_at": printed_at} if printed_at else {}),
        "order_note": _("In the order of the board “%(name)s”") % {"name": board.name},
        "days": drawn,
        "totals": {
            "scenes": len(strips),
            "days": sum(1 for day in drawn if day["number"]),
            "pages": format_pages(sum(strip.scene.page_parts for strip in strips), unit),
        },
    }


def _place(row: Set | None) -> str:
    return str(row.location) if row is not None and row.location is not None else ""
