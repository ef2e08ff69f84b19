"""Pages of the crew's phone: my days, one day, the calendar feed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scheduling import call_sheets
from scheduling.call_sheet_feed import calendar_of
from scheduling.call_sheet_queries import calls_for_feed, calls_of, own_call
from scheduling.call_sheet_views import pdf_answer
from scheduling.choices import CallSheetState, ShootDayState
from scheduling.models import CallSheetRecipient
from scheduling.sides import sides_of_calls
from studio.actions import renew_feed
from studio.models import Person
from studio.refusals import Refused

HISTORY = 30


def own_page(*methods: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Guard a page of one's own rows: signed in is enough, as a person who works may have no role at any desk."""

    def guard(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in {*methods, "HEAD", "OPTIONS"}:
                return HttpResponseNotAllowed(methods)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            return view(request, *args, **kwargs)

        guarded.verb = "own.view"  # type: ignore[attr-defined]
        guarded.write_verb = None  # type: ignore[attr-defined]
        guarded.methods = methods  # type: ignore[attr-defined]
        return guarded

    return guard


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


@own_page("GET")
def my_days(request: HttpRequest) -> HttpResponse:
    """The next call large, the ones after it, what was; and the calendar."""
    return _my_days(request)


def _my_days(request: HttpRequest, feed: dict[str, str] | None = None) -> HttpResponse:
    people = list(Person.objects.filter(user=request.user).select_related("studio").order_by("pk"))  # type: ignore[misc]
    language = _language()
    # A call counts as coming until its day is over, so that the address is still there at noon.
    today = min((timezone.localdate(timezone=person.studio.zone) for person in people), default=timezone.localdate())
    rows = calls_of(request.user)  # type: ignore[arg-type]
    coming = [own_call(row, language) for row in rows.filter(call_sheet__shoot_day__date__gte=today)[:60]]
    past = rows.filter(call_sheet__shoot_day__date__lt=today).order_by("-call_sheet__shoot_day__date", "id")[:HISTORY]
    live = [call for call in coming if not call.cancelled]
    return render(
        request,
        "crew/my_days.html",
        {
            "people": people, "next": live[0] if live else None, "today": today,
            "coming": [call for call in coming if not live or call.pk != live[0].pk],
            "past": [own_call(row, language) for row in past], "feed": feed,
        },
    )  # fmt: skip


def own_call_row(request: HttpRequest, pk: int) -> CallSheetRecipient:
    row = (
        CallSheetRecipient.objects.filter(person__user=request.user)  # type: ignore[misc]
        .select_related("person", "call_sheet__shoot_day__production__studio", "call_sheet__shoot_day__base")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise Http404
    return row


def _has_sides(row: CallSheetRecipient) -> bool:
    day = row.call_sheet.shoot_day
    return day.state != ShootDayState.CANCELLED and bool(sides_of_calls(day.production_id, [row]))


def _newer(row: CallSheetRecipient) -> CallSheetRecipient | None:
    """The same person's call on the sheet that replaced this one; None when they are no longer called."""
    return (
        CallSheetRecipient.objects.filter(person=row.person_id, call_sheet__shoot_day=row.call_sheet.shoot_day_id)
        .exclude(call_sheet__state=CallSheetState.REVISED)
        .order_by("call_minute", "id")
        .first()
    )


@own_page("GET", "POST")
def my_day(request: HttpRequest, pk: int) -> HttpResponse:
    """One of my days; POST confirms it. Looking at it counts as opening it."""
    row = own_call_row(request, pk)
    revised = row.call_sheet.state == CallSheetState.REVISED
    if request.method == "POST":
        try:
            call_sheets.confirm_call(recipient=row, by=request.user)  # type: ignore[arg-type]
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("Confirmed. See you there."))
        return redirect("my_day", pk=row.pk)
    newer = _newer(row) if revised else None
    if not revised and request.method == "GET":
        call_sheets.note_opened(recipient=row)
    return render(
        request,
        "crew/my_day.html",
        {
            "call": own_call(row, _language()), "revised": revised, "newer": newer, "has_sides": _has_sides(row),
            "may_confirm": not revised and row.confirmed_at is None
            and row.call_sheet.shoot_day.state == ShootDayState.CALLED,
        },
    )  # fmt: skip


@own_page("GET")
def my_day_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole sheet of one of my days."""
    return pdf_answer(own_call_row(request, pk).call_sheet, request.GET.get("lang", ""))


@own_page("POST")
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make my calendar's address anew; it is on the answer to this very request and nowhere else."""
    chosen = request.POST.get("person", "")
    person = get_object_or_404(
        Person,
        user=request.user,
        pk=int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0,  # type: ignore[misc]
    )
    secret = renew_feed(person=person)
    url = request.build_absolute_uri(reverse("call_feed", args=[secret]))
    return _my_days(
        request, {"url": url, "webcal": "webcal://" + url.partition("://")[2], "studio": person.studio.name}
    )


def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """A person's calls for their calendar. The secret in the address is the key: no session, and a renewed one opens
    nothing."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    found = calls_for_feed(secret)
    if found is None:
        raise Http404
    person, rows = found
    language = (person.user.language if person.user is not None else "") or settings.LANGUAGE_CODE
    answer = HttpResponse(calendar_of(person, rows, language), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="kaiji.ics"'
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


feed.open_to_all = True  # type: ignore[attr-defined]
