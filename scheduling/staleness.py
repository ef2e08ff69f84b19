"""What a draft makes stale in scheduling: the locked board, call sheets that are out, bookings of places left empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.choices import BoardState, BookingState, CallSheetState, ShootDayState
from scheduling.models import Booking, CallSheet, PlannedScene, Set, Strip, Stripboard
from scripts_app.choices import SceneState
from scripts_app.models import Scene
from scripts_app.queries.comparing import SceneChange
from scripts_app.staleness import DraftChange, Stale, finder, numbers
from studio.notices import sentence

sentence("scheduling.stale_board_omitted", _("The locked board “%(board)s” still plans omitted scenes: %(scenes)s."))
sentence(
    "scheduling.stale_board_changed",
    _("The locked board “%(board)s” plans scenes whose set, time of day, cast or length changed: %(scenes)s."),
)
sentence("scheduling.stale_board_new", _("New scenes are on no day of the locked board “%(board)s”: %(scenes)s."))
sentence(
    "scheduling.stale_call_sheet",
    _("The call sheet of %(date)s names scenes that the draft changed, moved or omitted: %(scenes)s. Issue it anew."),
)
sentence(
    "scheduling.stale_booking", _("%(location)s is booked on %(date)s, and the draft plays no scene there any more.")
)


@finder("scheduling")
def find(change: DraftChange) -> Iterator[Stale]:
    yield from _boards(change)
    yield from _call_sheets(change)
    yield from _bookings(change)


def _replanned(change: DraftChange) -> dict[int, SceneChange]:
    """Scenes a board has to plan otherwise: another heading, cast or length."""
    found = {}
    for pk, each in change.told.items():
        assert each.old is not None
        assert each.new is not None
        longer = each.old.head.get("page_parts") != each.new.head.get("page_parts")
        if longer or {"heading", "cast"} & set(each.changed):
            found[pk] = each
    return found


def _boards(change: DraftChange) -> Iterator[Stale]:
    board = Stripboard.objects.filter(production=change.production, state=BoardState.LOCKED).first()
    if board is None:
        return
    laid = set(Strip.objects.filter(board=board).exclude(day=None).values_list("scene_id", flat=True))
    url = reverse("board_page", args=[change.production.pk, board.pk])
    for kind, scenes in (
        ("omitted", [each for pk, each in change.omitted.items() if pk in laid]),
        ("changed", [each for pk, each in _replanned(change).items() if pk in laid]),
        ("new", [each for pk, each in change.new.items() if pk not in laid]),
    ):
        if scenes:
            yield Stale(
                f"scheduling.stale_board_{kind}", f"board:{board.pk}:{kind}", "board.edit", url,
                {"board": board.name, "scenes": numbers(scenes)},
            )  # fmt: skip


def _call_sheets(change: DraftChange) -> Iterator[Stale]:
    """Sheets in force of days that are still to be shot. They stay as they are: people were called by them."""
    touched = change.told | change.omitted | change.moved
    sheets = {
        sheet.shoot_day_id: sheet
        for sheet in CallSheet.objects.filter(
            shoot_day__production=change.production, shoot_day__state=ShootDayState.CALLED
        )
        .exclude(state=CallSheetState.REVISED)
        .select_related("shoot_day")
        .order_by("shoot_day__date")
    }
    planned: dict[int, list[SceneChange]] = defaultdict(list)
    for day, scene in (
        PlannedScene.objects.filter(shoot_day__in=sheets, scene__in=touched)
        .order_by("position")
        .values_list("shoot_day_id", "scene_id")
    ):
        planned[day].append(touched[scene])
    for day, sheet in sheets.items():
        if planned[day]:
            yield Stale(
                "scheduling.stale_call_sheet", f"call_sheet:{sheet.pk}", "shoot.log", reverse("call_sheet", args=[sheet.pk]),
                {"date": sheet.shoot_day.date.isoformat(), "scenes": _as_called(planned[day])},
            )  # fmt: skip


def _as_called(scenes: list[SceneChange]) -> str:
    """Numbers as the sheet has them, with the new one behind an arrow."""
    found = [
        f"{each.old.number} → {each.new.number}" if each.moved and each.old and each.new else each.number
        for each in scenes
    ]
    return ", ".join(found[:12]) + (" …" if len(found) > 12 else "")


def _bookings(change: DraftChange) -> Iterator[Stale]:
    """Bookings ahead of places that scenes of this draft left and where none plays now."""
    left = {
        str(each.old.head.get("set_name", ""))
        for each in (*change.omitted.values(), *_replanned(change).values())
        if each.old is not None
    }
    places: dict[int, set[str]] = defaultdict(set)
    for name, location in (
        Set.objects.filter(production=change.production).exclude(location=None).values_list("name", "location_id")
    ):
        places[location].add(name)
    played = set(
        Scene.objects.filter(production=change.production, state=SceneState.ACTIVE).values_list("set_name", flat=True)
    )
    empty = [location for location, names in places.items() if names & left and not names & played]
    zone = change.production.studio.zone
    for booking in (
        Booking.objects.filter(production=change.production, location__in=empty, end_at__gt=timezone.now())
        .exclude(state=BookingState.CANCELLED)
        .select_related("location__base")
    ):
        yield Stale(
            "scheduling.stale_booking", f"booking:{booking.pk}", "board.edit",
            reverse("production_places", args=[change.production.pk]),
            {"location": str(booking.location), "date": timezone.localtime(booking.start_at, zone).date().isoformat()},
        )  # fmt: skip
