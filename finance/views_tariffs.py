"""Pages of the studio's tariffs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from finance.choices import TariffKind
from finance.exports import FORMATS, WRITERS
from finance.forms_costs import TariffForm
from finance.models import Tariff
from finance.tariffs import set_tariff, take_back_tariff
from finance.views import complain, put_on
from studio.doors import page, scoped, studio_for
from studio.models import Studio
from studio.refusals import Refused
from studio.values import Money


@page("money.view")
def tariffs(request: HttpRequest) -> HttpResponse:
    """What is paid by tariff, with what is in force today; earlier and later ones beneath. CSV and XLSX."""
    studio = studio_for(request, "money.view")
    rows = list(Tariff.objects.filter(studio=studio).select_related("base").order_by("kind", "base", "-from_date"))
    kind = request.GET.get("kind", "")
    if kind in TariffKind.values:
        rows = [row for row in rows if row.kind == kind]
    today = timezone.localdate(timezone=studio.zone)
    held: set[tuple[str, int | None]] = set()
    for row in rows:
        place = (row.kind, row.base_id)
        row.in_force = row.from_date <= today and place not in held  # type: ignore[attr-defined]
        row.to_come = row.from_date > today  # type: ignore[attr-defined]
        if row.from_date <= today:
            held.add(place)
    if request.GET.get("format") in FORMATS:
        return _export(studio, rows, request.GET["format"])
    return render(
        request, "finance/tariffs.html",
        {
            "studio": studio, "rows": rows, "kind": kind, "kinds": TariffKind.choices,
            "may_edit": request.access.may_in_studio("money.edit", studio.pk),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


def _export(studio: Studio, rows: list[Tariff], kind: str) -> HttpResponse:
    unit = studio.currency
    heads = [
        _("Kind of tariff"), _("Film base"), _("In force from"), _("A head and day, or a case"), _("Half a day (extras)"),
        _("An hour"), _("Share of the own hourly rate (%)"), _("Currency"), _("Where this price comes from"),
    ]  # fmt: skip
    table = (
        (
            row.get_kind_display(), str(row.base or ""), row.from_date, Money(row.flat_minor, unit),
            Money(row.half_day_minor, unit) if row.half_day_minor is not None else "", Money(row.hour_minor, unit),
            row.percent, unit, row.source,
        )
        for row in rows
    )  # fmt: skip
    return WRITERS[kind]("tariffs", heads, table)


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def new_tariff(request: HttpRequest) -> HttpResponse:
    return _edit(request, studio_for(request, "money.edit"), None)


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def tariff(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a tariff, or take it back."""
    row = scoped(request, Tariff.objects.select_related("studio", "base"), "money.edit", pk=pk)
    if request.method == "POST" and "remove" in request.POST:
        try:
            take_back_tariff(tariff=row, by=request.user)  # type: ignore[arg-type]
            messages.success(request, _("The tariff is taken back. Days it priced are reckoned again."))
        except Refused as refused:
            complain(request, refused)
        return redirect("tariffs")
    return _edit(request, row.studio, row)


def _edit(request: HttpRequest, studio: Studio, row: Tariff | None) -> HttpResponse:
    form = TariffForm(request.POST or None, studio=studio, tariff=row)
    if request.method == "POST" and form.is_valid():
        try:
            set_tariff(studio=studio, tariff=row, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The tariff is kept. Approved days it touches are reckoned again."))
            return redirect("tariffs")
        except Refused as refused:
            put_on(form, refused)
    return render(
        request, "finance/tariff.html", {"studio": studio, "form": form, "row": row}, status=422 if form.errors else 200
    )
