"""Pages of a title at completion, its margin and what moved it, its alarms, and the studio's thresholds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.models import Platform
from finance import watching
from finance.charts import margin_line
from finance.choices import Account
from finance.exports import FORMATS, WRITERS
from finance.forms_watching import FigureForm, ForecastForm, ThresholdForm
from finance.models import AlarmRule, EstimateFigure, MarginPoint, MoneyAlarm, ReceiptForecast
from finance.queries.estimates import KeyWords, TitleEstimate, opened, title_estimate
from finance.queries.hot_costs import title_costs
from finance.queries.margins import title_margin
from finance.queries.watching import alarm_lines, alarm_value
from studio.doors import page, scoped, studio_for
from studio.models import Production
from studio.refusals import Refused
from studio.values import Money

POINTS_SHOWN = 60
CAUSES_SHOWN = 12
ALARMS_SHOWN = 60


def _title(request: HttpRequest, pk: int, verb: str = "money.view") -> Production:
    return scoped(request, Production.objects.select_related("studio"), verb, pk=pk)


def _put_on(form: Any, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


@page("money.view", write="money.edit", methods=("GET", "POST"))
def estimate(request: HttpRequest, pk: int) -> HttpResponse:
    """Each account at completion, with its parts; a person's figure beside the computed one."""
    production = _title(request, pk, "money.edit" if request.method == "POST" else "money.view")
    form = FigureForm(request.POST or None, production=production)
    if request.method == "POST" and form.is_valid():
        try:
            watching.give_figure(production=production, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The figure is kept, with your name and the reason."))
            return redirect("estimate", pk=pk)
        except Refused as refused:
            _put_on(form, refused)
    found = title_estimate(title_costs(production))
    if request.GET.get("format") in FORMATS:
        return _export(found, request.GET["format"])
    words = KeyWords(found.costs)
    rows = [
        {
            "row": row, "label": Account(row.account).label, "parts": opened(row, words),
            "figure": found.figures.get(row.account),
        }
        for row in found.estimate.rows
        if row.budget or row.at_completion or row.account in found.figures
    ]  # fmt: skip
    return render(
        request,
        "finance/estimate.html",
        {
            "production": production, "rows": rows, "estimate": found.estimate, "owed": found.owed_scenes, "form": form,
            "history": EstimateFigure.objects.filter(production=production).select_related("said_by")[:40],
            "may_edit": request.access.may_on("money.edit", production), "tab": "production_money",  # type: ignore[attr-defined]
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _export(found: TitleEstimate, kind: str) -> HttpResponse:
    unit = found.costs.production.studio.currency
    heads = [
        _("Account"), _("Budget"), _("Posted"), _("Reported"), _("Committed"), _("Scenes owed"), _("Budget not used"),
        _("Figure given"), _("At completion"), _("To complete"), _("Left"), _("Currency"),
    ]  # fmt: skip
    rows = [
        [
            str(Account(row.account).label),
            *(Money(value, unit) for value in (row.budget, row.posted, row.reported, row.committed, row.owed, row.rest)),
            "" if row.override is None else Money(row.override, unit),
            *(Money(value, unit) for value in (row.at_completion, row.to_complete, row.variance)), unit,
        ]
        for row in found.estimate.rows
        if row.budget or row.at_completion
    ]  # fmt: skip
    return WRITERS[kind](f"estimate-{found.costs.production.pk}", heads, rows)


@page("money.view", write="money.edit", methods=("GET", "POST"))
def margin(request: HttpRequest, pk: int) -> HttpResponse:
    """What the title will leave, how that moved and by what; forecasts by name."""
    production = _title(request, pk, "money.edit" if request.method == "POST" else "money.view")
    form = ForecastForm(request.POST or None, production=production)
    if request.method == "POST" and form.is_valid():
        try:
            watching.give_forecast(production=production, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The forecast is kept, with your name and what it rests on."))
            return redirect("margin", pk=pk)
        except Refused as refused:
            _put_on(form, refused)
    costs = title_costs(production)
    now = title_margin(title_estimate(costs))
    points = list(
        MarginPoint.objects.filter(production=production).prefetch_related("causes").order_by("-number")[:POINTS_SHOWN]
    )
    words = KeyWords(costs, dict(Platform.objects.filter(studio=production.studio_id).values_list("pk", "name")))
    if request.GET.get("format") in FORMATS:
        return _export_margin(production, points, words, request.GET["format"])
    for point in points:
        causes = sorted(point.causes.all(), key=lambda row: (-abs(row.amount_minor), row.pk))
        point.lines = [(words.text(row.key), words.url(row.key), row.amount_minor) for row in causes[:CAUSES_SHOWN]]  # type: ignore[attr-defined]
        point.more = len(causes) - CAUSES_SHOWN  # type: ignore[attr-defined]
        point.more_minor = sum(row.amount_minor for row in causes[CAUSES_SHOWN:])  # type: ignore[attr-defined]
        point.moved_minor = sum(row.amount_minor for row in causes)  # type: ignore[attr-defined]
        point.what = cause_text(point.cause, words)  # type: ignore[attr-defined]
    return render(
        request,
        "finance/margin.html",
        {
            "production": production, "now": now, "points": points, "form": form, "tab": "production_money",
            "chart": margin_line(list(reversed(points)), production.studio),
            "forecasts": ReceiptForecast.objects.filter(production=production).select_related("platform", "said_by")[:40],
            "may_edit": request.access.may_on("money.edit", production),  # type: ignore[attr-defined]
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def cause_text(cause: str, words: KeyWords) -> str:
    """After what a point was reckoned."""
    what, _sep, rest = cause.partition(":")
    day = words.day(rest.partition(":")[0])
    texts = {
        "wrap": _("Wrap of shoot day %(day)s"), "reopened": _("Report of shoot day %(day)s opened again"),
        "daily_report": _("Costs of a shoot day posted"), "booking": _("Booking"), "booking_cancelled": _("Booking given back"),
        "statement": _("Statement accepted"), "settlement": _("Settlement issued"), "contract": _("Contract signed"),
        "figure": _("Figure given for an account"), "forecast": _("Forecast given"), "threshold": _("Threshold set"),
        "day": _("Looked at in the morning of %(date)s"),
    }  # fmt: skip
    return texts[what] % {"day": day, "date": rest} if what in texts else cause


def _export_margin(production: Production, points: list[MarginPoint], words: KeyWords, kind: str) -> HttpResponse:
    unit = production.studio.currency
    heads = [
        _("Number"), _("Reckoned"), _("After"), _("Margin"), _("What moved it"), _("Moved it by"), _("Currency"),
    ]  # fmt: skip
    rows = []
    for point in points:
        on = timezone.localtime(point.reckoned_at, production.studio.zone).date()
        after = cause_text(point.cause, words)
        causes: list[tuple[str, Money | str]] = [
            (words.text(row.key), Money(row.amount_minor, unit)) for row in point.causes.all()
        ]
        causes = causes or [("", "")]
        rows += [
            [point.number, on, after, Money(point.margin_minor, unit), text, amount, unit] for text, amount in causes
        ]
    return WRITERS[kind](f"margin-{production.pk}", heads, rows)


# --- alarms -------------------------------------------------------------------------------------------------------


@page("money.view")
def alarms(request: HttpRequest, pk: int) -> HttpResponse:
    """A title's alarms: what stands, who saw it, what was."""
    production = _title(request, pk)
    rows = MoneyAlarm.objects.filter(production=production)
    return render(
        request,
        "finance/alarms.html",
        {
            "production": production, "tab": "production_money",
            "standing": alarm_lines(rows.filter(cleared_at=None).order_by("-raised_at", "-pk")),
            "past": alarm_lines(rows.filter(cleared_at__isnull=False).order_by("-cleared_at", "-pk")[:ALARMS_SHOWN]),
            "may_see": request.access.may_on("money.approve", production),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


@page("money.view", write="money.approve", methods=("POST",))
def see_alarm(request: HttpRequest, pk: int) -> HttpResponse:
    row = scoped(request, MoneyAlarm.objects.select_related("production"), "money.approve", pk=pk)
    watching.see_alarm(alarm=row, answer=request.POST.get("answer", ""), by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Your name is under it."))
    return redirect("alarms", pk=row.production_id)


@page("money.view", write="money.edit", methods=("GET", "POST"))
def thresholds(request: HttpRequest) -> HttpResponse:
    """The studio's thresholds: set here, judged for every title after each change."""
    studio = studio_for(request, "money.edit" if request.method == "POST" else "money.view")
    form = ThresholdForm(request.POST or None, currency=studio.currency)
    if request.method == "POST" and form.is_valid():
        try:
            watching.set_threshold(studio=studio, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The threshold is set; every title under way is judged by it now."))
            return redirect("thresholds")
        except Refused as refused:
            _put_on(form, refused)
    rules = list(AlarmRule.objects.filter(studio=studio).select_related("set_by"))
    for rule in rules:
        rule.text = alarm_value(rule.measure, rule.threshold, studio.currency)  # type: ignore[attr-defined]
    standing = request.access.scope(MoneyAlarm.objects.filter(cleared_at=None), "money.view")  # type: ignore[attr-defined]
    return render(
        request,
        "finance/thresholds.html",
        {
            "rules": rules, "form": form, "studio": studio,
            "standing": alarm_lines(standing.filter(production__studio=studio).order_by("-raised_at", "-pk")[:ALARMS_SHOWN]),
            "may_edit": request.access.may_in_studio("money.edit", studio.pk),  # type: ignore[attr-defined]
        },
        status=422 if form.errors else 200,
    )  # fmt: skip
