"""Bases, locations, sets and bookings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from scheduling import actions, forms, queries
from scheduling.models import Booking, FilmBase, Location, Set
from scheduling.views_boards import production_of
from studio.doors import page, scoped, studio_for
from studio.models import Production
from studio.refusals import Refused

CHART_DAYS = 28


def may_in_front(request: HttpRequest, verb: str) -> bool:
    front = request.studio  # type: ignore[attr-defined]
    return front is not None and bool(request.access.may_in_studio(verb, front.pk))  # type: ignore[attr-defined]


def _first_date(request: HttpRequest, usual: dt.date) -> dt.date:
    try:
        asked = parse_date(request.GET.get("from", ""))
    except ValueError:
        asked = None
    return asked if asked is not None and 2000 <= asked.year <= 2200 else usual


@page("board.view")
def places(request: HttpRequest) -> HttpResponse:
    """Film bases, their locations, and who has them when."""
    access = request.access  # type: ignore[attr-defined]
    search = request.GET.get("q", "").strip()
    bases = queries.bases(access)
    if search:
        from django.db.models import Q

        bases = bases.filter(
            Q(name__icontains=search) | Q(city__icontains=search) | Q(locations__name__icontains=search)
        ).distinct()
    found = list(bases)
    locations = [location for base in found for location in base.locations.all()]
    for base in found:
        for location in base.locations.all():
            location.base = base
    first = _first_date(request, timezone.localdate())
    zone = timezone.get_current_timezone()
    chart = queries.gantt(access.scope(Booking.objects.all(), "board.view"), locations, first, CHART_DAYS, zone)
    return render(
        request, "scheduling/places.html",
        {"bases": found, "gantt": chart, "search": search, "may_edit": may_in_front(request, "board.edit"),
         "may_see_money": access.may("people.view"), **_paging(first)},
    )  # fmt: skip


def _paging(first: dt.date) -> dict[str, Any]:
    step = dt.timedelta(days=CHART_DAYS)
    return {"chart_from": first, "chart_before": first - step, "chart_after": first + step}


@page("board.edit", methods=("GET", "POST"))
def base_new(request: HttpRequest) -> HttpResponse:
    studio = studio_for(request, "board.edit")
    form = forms.BaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            base = actions.add_film_base(studio=studio, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("“%(name)s” is added. Now add its locations.") % {"name": base.name})
            return redirect("places")
    return render(
        request, "scheduling/form.html",
        {"form": form, "title": _("New film base"), "submit": _("Add"), "back": "places", "grid": True},
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("board.edit", methods=("GET", "POST"))
def location_new(request: HttpRequest) -> HttpResponse:
    studio = studio_for(request, "board.edit")
    asked = request.GET.get("base", "")
    form = forms.LocationForm(
        FilmBase.objects.filter(studio=studio), request.POST or None,
        initial={"base": asked} if asked.isdecimal() else None,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.add_location(
                base=data["base"], name=data["name"], hire_by=data["hire_by"], by=request.user,  # type: ignore[arg-type]
                price_minor=forms.minor_of(data["price"], studio.currency), dressing_minutes=data["dressing_minutes"],
                **form.hours(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return redirect("places")
    return render(
        request, "scheduling/form.html",
        {"form": form, "title": _("New location"), "submit": _("Add"), "back": "places", "grid": True},
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("board.view")
def production_places(request: HttpRequest, pk: int) -> HttpResponse:
    """Which set is shot where, what the board still needs booked, and the bookings."""
    production = production_of(request, pk, "board.view")
    may_edit = request.access.may_on("board.edit", production)  # type: ignore[attr-defined]
    return _production_places(request, production, may_edit)


def _production_places(
    request: HttpRequest, production: Any, may_edit: bool, *, status: int = 200, form: Any = None
) -> HttpResponse:
    sets = queries.sets_of(production)
    board = queries.board_in_front(production)
    bookings = list(production.bookings.select_related("location__base").order_by("start_at", "id"))
    used = {row.location_id: row.location for row in sets if row.location is not None}
    used.update({booking.location_id: booking.location for booking in bookings})
    start = min((booking.start_at for booking in bookings), default=None)
    first = _first_date(
        request, timezone.localtime(start).date() if start else production.shoot_from_date or timezone.localdate()
    )
    locations = (
        Location.objects.filter(base__studio=production.studio_id).select_related("base").order_by("base__name", "name")
    )
    chart = queries.gantt(
        Booking.objects.filter(location__in=used), list(used.values()), first, CHART_DAYS, production.studio.zone
    )
    # Whoever works on one title alone sees that a place is taken, not by which title.
    titles = Production.objects.filter(studio=production.studio_id)
    seen = set(request.access.scope(titles, "board.view").values_list("pk", flat=True))  # type: ignore[attr-defined]
    return render(
        request, "scheduling/production_places.html",
        {"production": production, "seen": seen, "tab": "production_places", "sets": sets, "locations": locations, "bookings": bookings,
         "needs": queries.places_to_book(board) if board is not None else [], "board": board, "gantt": chart,
         "may_edit": may_edit, "form": form or forms.BookingForm(locations), "currency": production.studio.currency,
         "has_scenes": bool(sets) or production.scenes.exists(),
         "may_see_money": request.access.may_on("people.view", production), **_paging(first)},  # type: ignore[attr-defined]
        status=status,
    )  # fmt: skip


@page("board.view", write="board.edit", methods=("POST",))
def sets_sync(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the sets from the scenes again."""
    production = production_of(request, pk, "board.edit")
    count = actions.sync_sets(production=production)
    messages.success(request, _("%(count)s new sets from the script.") % {"count": count})
    return redirect("production_places", pk=pk)


@page("board.view", write="board.edit", methods=("POST",))
def set_place(request: HttpRequest, pk: int, set_pk: int) -> HttpResponse:
    row = scoped(request, Set.objects.select_related("production__studio"), "board.edit", production=pk, pk=set_pk)
    wanted = request.POST.get("location", "")
    location = None
    if wanted:
        location = (
            Location.objects.select_related("base")
            .filter(
                base__studio=row.production.studio_id, pk=int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0
            )
            .first()
        )
        if location is None:
            messages.error(request, _("There is no such location."))
            return redirect("production_places", pk=pk)
    actions.place_set(set_=row, location=location, by=request.user)  # type: ignore[arg-type]
    messages.success(
        request,
        _("“%(set)s” is placed.") % {"set": row.name}
        if location
        else _("“%(set)s” has no location now.") % {"set": row.name},
    )
    return redirect("production_places", pk=pk)


@page("board.view", write="board.edit", methods=("POST",))
def booking_new(request: HttpRequest, pk: int) -> HttpResponse:
    production = production_of(request, pk, "board.edit")
    form = forms.BookingForm(
        Location.objects.filter(base__studio=production.studio_id).select_related("base"), request.POST
    )
    if form.is_valid():
        data = form.cleaned_data
        price = data["price"]
        try:
            booking = actions.book_location(
                production=production, location=data["location"], start_at=data["start_at"], end_at=data["end_at"],
                price_minor=None if price is None else forms.minor_of(price, production.studio.currency),
                by=request.user,  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("%(place)s is booked.") % {"place": str(booking.location)})
            return redirect("production_places", pk=pk)
    return _production_places(request, production, True, status=422, form=form)


@page("board.view", write="board.edit", methods=("POST",))
def booking_cancel(request: HttpRequest, pk: int, booking_pk: int) -> HttpResponse:
    booking = scoped(
        request,
        Booking.objects.select_related("production", "location__base"),
        "board.edit",
        production=pk,
        pk=booking_pk,
    )
    if actions.cancel_booking(booking=booking, by=request.user):  # type: ignore[arg-type]
        messages.success(request, _("%(place)s is given back.") % {"place": str(booking.location)})
    return redirect("production_places", pk=pk)
