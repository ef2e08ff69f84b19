"""Fundings: what networks and funds advanced, what came back, who holds the copyright. A network looks, finance writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from finance import fundings as actions
from finance.choices import CopyrightOwner
from finance.exports import FORMATS, MOST_ROWS, WRITERS
from finance.forms import YuanField
from finance.fundings import Terms
from finance.models import Funding, FundingDraw, Party
from finance.queries.fundings import (
    copyright_of,
    copyright_titles,
    fundings_for,
    owner_label,
    standings,
    totals_by_studio,
    totals_over_all,
)
from finance.views import complain, put_on
from studio.doors import page, studio_for
from studio.models import Production, Studio
from studio.refusals import Refused
from studio.values import Money

PER_PAGE = 50


class PercentField(forms.Field):
    """A rate typed in percent with at most two places, kept as whole basis points; never a float on the way."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "input-num"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip().removesuffix("%").strip()
        whole, _dot, places = text.partition(".")
        if not text:
            return None
        if not (whole.isascii() and whole.isdecimal() and len(whole) < 6 and len(places) <= 2) or (
            places and not (places.isascii() and places.isdecimal())
        ):
            raise forms.ValidationError(_("Write a percentage such as 12.5."), code="not_a_percentage")
        return int(whole) * 100 + int(places.ljust(2, "0") or 0)


class TermsForm(forms.Form):
    from_date = forms.DateField(
        label=gettext_lazy("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    advance_minor = YuanField(label=gettext_lazy("Advance"))
    recoup_order = forms.IntegerField(
        label=gettext_lazy("Place in the order of recoupment"), min_value=1, max_value=99, initial=1
    )
    premium_bp = PercentField(label=gettext_lazy("Premium (%)"), required=False)
    interest_bp = PercentField(label=gettext_lazy("Simple interest a year (%)"), required=False)
    copyright_owner = forms.ChoiceField(
        label=gettext_lazy("Copyright"), required=False,
        choices=[("", gettext_lazy("not stated")), *CopyrightOwner.choices],
    )  # fmt: skip
    copyright_bp = PercentField(
        label=gettext_lazy("The funder's part (%)"), required=False, help_text=gettext_lazy("When it is shared.")
    )
    note = forms.CharField(label=pgettext_lazy("funding", "Note"), max_length=300, required=False)

    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(
            from_date=given["from_date"], advance_minor=given["advance_minor"], recoup_order=given["recoup_order"],
            premium_bp=given["premium_bp"] or 0, interest_bp=given["interest_bp"] or 0,
            copyright_owner=given["copyright_owner"], copyright_bp=given["copyright_bp"], note=given["note"],
        )  # fmt: skip


class FundingForm(TermsForm):
    reference = forms.CharField(label=gettext_lazy("Number of the agreement"), max_length=80)
    production = forms.ModelChoiceField(
        label=gettext_lazy("Title"), queryset=Production.objects.none(), required=False,
        empty_label=gettext_lazy("the studio as a whole"),
    )  # fmt: skip
    fund_name = forms.CharField(
        label=gettext_lazy("Outside fund"), max_length=120, required=False,
        help_text=gettext_lazy("Empty: the network that the studio belongs to."),
    )  # fmt: skip
    party = forms.ModelChoiceField(
        label=gettext_lazy("As the contracts name the funder"), queryset=Party.objects.none(), required=False,
        empty_label="—", help_text=gettext_lazy("What issued settlements give this party repays the advance."),
    )  # fmt: skip
    field_order = ["reference", "production", "fund_name", "party"]

    def __init__(self, data: Any = None, *, studio: Studio) -> None:
        super().__init__(data, initial={"from_date": timezone.localdate()})
        self.fields["production"].queryset = Production.objects.filter(studio=studio).order_by("-pk")  # type: ignore[attr-defined]
        self.fields["party"].queryset = Party.objects.filter(studio=studio)  # type: ignore[attr-defined]
        self.fields["advance_minor"].currency = studio.currency  # type: ignore[attr-defined]


class DrawForm(forms.Form):
    on_date = forms.DateField(
        label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    amount_minor = YuanField(label=gettext_lazy("Amount"))
    reference = forms.CharField(label=gettext_lazy("Bank reference"), max_length=80)


def _chosen(request: HttpRequest) -> QuerySet[Funding]:
    """The fundings that the filters leave, newest first."""
    rows = fundings_for(request.access)  # type: ignore[attr-defined]
    query, studio, funder = (
        request.GET.get("q", "").strip()[:80],
        request.GET.get("studio", ""),
        request.GET.get("funder", ""),
    )
    if query:
        rows = rows.filter(
            Q(reference__icontains=query) | Q(production__title__icontains=query) | Q(fund_name__icontains=query)
            | Q(studio__name__icontains=query)
        )  # fmt: skip
    if studio.isdecimal() and len(studio) < 19:
        rows = rows.filter(studio=int(studio))
    if funder in {"network", "fund"}:
        rows = rows.filter(network__isnull=funder == "fund")
    return rows.order_by("-pk")


@page("funding.view")
def fundings(request: HttpRequest) -> HttpResponse:
    """All advances the reader may see, with sums over all and per studio; fifty a page."""
    rows = standings(_chosen(request)[:MOST_ROWS])
    if request.GET.get("open"):
        rows = [row for row in rows if row.outstanding_minor]
    kind = request.GET.get("format", "")
    if kind in FORMATS:
        return _export(rows, kind)
    before = request.GET.get("before", "")
    left = [row for row in rows if not (before.isdecimal() and len(before) < 19) or row.funding.pk < int(before)]
    shown = left[:PER_PAGE]
    parameters = request.GET.copy()
    parameters.pop("before", None)
    kept = parameters.urlencode()
    following = ""
    if len(left) > PER_PAGE:
        parameters["before"] = str(shown[-1].funding.pk)
        following = f"?{parameters.urlencode()}"
    access = request.access  # type: ignore[attr-defined]
    visible = fundings_for(access).order_by().values("studio")
    return render(
        request, "finance/fundings.html",
        {
            "rows": shown, "totals": totals_over_all(rows), "by_studio": totals_by_studio(rows),
            "studios": Studio.objects.filter(pk__in=visible).order_by("name"),
            "query": request.GET.get("q", ""), "studio_pk": request.GET.get("studio", ""),
            "funder": request.GET.get("funder", ""), "open": request.GET.get("open", ""), "query_string": kept,
            "filtered": any(request.GET.get(name) for name in ("q", "studio", "funder", "open")),
            "next_url": following, "first_url": f"?{kept}" if before else "", "may_edit": access.may("money.edit"),
        },
    )  # fmt: skip


def _export(rows: list[Any], kind: str) -> HttpResponse:
    heads = [
        _("Studio"), _("Title"), _("Funder"), _("Agreement"), pgettext("recoupment", "Order"), _("Advance"), _("Drawn"), _("Premium"),
        _("Interest"), _("Recouped"), _("Outstanding"), _("Currency"), _("Copyright"), _("The funder's part (%)"),
    ]  # fmt: skip
    lines = []
    for row in rows:
        funding, terms, unit = row.funding, row.terms, row.funding.currency
        sums = (
            row.advance_minor, row.drawn_minor, row.premium_minor, row.interest_minor, row.recouped_minor,
            row.outstanding_minor,
        )  # fmt: skip
        lines.append(
            (
                funding.studio.name, funding.production.title if funding.production else "", funding.funder,
                funding.reference, terms.recoup_order if terms else None, *(Money(value, unit) for value in sums), unit,
                owner_label(terms) if terms else "", _percent(terms.copyright_bp) if terms else "",
            )
        )  # fmt: skip
    return WRITERS[kind]("fundings", heads, lines)


def _percent(bp: int | None) -> str:
    return "" if bp is None else f"{bp // 100}.{bp % 100:02d}"


def _one(request: HttpRequest, pk: int, verb: str = "funding.view") -> Funding:
    rows = fundings_for(request.access)  # type: ignore[attr-defined]
    if verb != "funding.view":
        rows = request.access.scope(rows, verb)  # type: ignore[attr-defined]
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@page("funding.view")
def funding(request: HttpRequest, pk: int) -> HttpResponse:
    """One advance: its terms by date, what was drawn, what each month repaid and what was left then."""
    return _funding_page(request, _one(request, pk))


def _funding_page(request: HttpRequest, row: Funding, terms: Any = None, draw: Any = None) -> HttpResponse:
    (standing,) = standings([row])
    today = timezone.localdate()
    terms_form, draw_form = (
        terms or TermsForm(initial={"from_date": today}),
        draw or DrawForm(initial={"on_date": today}),
    )
    for form, name in ((terms_form, "advance_minor"), (draw_form, "amount_minor")):
        form.fields[name].currency = row.currency
    versions = list(row.terms.select_related("recorded_by").order_by("-from_date"))
    return render(
        request, "finance/funding.html",
        {
            "row": standing, "funding": row, "versions": versions, "terms_form": terms_form, "draw_form": draw_form,
            "draws": row.draws.select_related("recorded_by", "reverses", "reversed_by").order_by("on_date", "pk"),
            "may_edit": request.access.may_in_studio("money.edit", row.studio_id),  # type: ignore[attr-defined]
        },
        status=422 if terms or draw else 200,
    )  # fmt: skip


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def new_funding(request: HttpRequest) -> HttpResponse:
    studio = studio_for(request, "money.edit")
    posted = request.method == "POST"
    form = FundingForm(request.POST if posted else None, studio=studio)
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            row = actions.record_funding(
                studio=studio, reference=given["reference"], production=given["production"], party=given["party"],
                network=None if given["fund_name"] else studio.network, fund_name=given["fund_name"],
                terms=form.terms(), currency=studio.currency, by=request.user,  # type: ignore[arg-type]
            )  # fmt: skip
            messages.success(request, _("The agreement is recorded."))
            return redirect("funding", pk=row.pk)
        except Refused as refused:
            put_on(form, refused)
    return render(
        request, "finance/new_funding.html", {"form": form, "studio": studio}, status=422 if posted else 200
    )  # fmt: skip


@page("funding.view", write="money.edit", methods=("POST",))
def change_funding(request: HttpRequest, pk: int) -> HttpResponse:
    """A further version of the terms."""
    row = _one(request, pk, "money.edit")
    form = TermsForm(request.POST)
    form.fields["advance_minor"].currency = row.currency  # type: ignore[attr-defined]
    if form.is_valid():
        try:
            actions.change_funding_terms(funding=row, terms=form.terms(), by=request.user)  # type: ignore[arg-type]
            messages.success(request, _("The further version is recorded."))
            return redirect("funding", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    return _funding_page(request, row, terms=form)


@page("funding.view", write="money.edit", methods=("POST",))
def draw_on_funding(request: HttpRequest, pk: int) -> HttpResponse:
    row = _one(request, pk, "money.edit")
    form = DrawForm(request.POST)
    form.fields["amount_minor"].currency = row.currency  # type: ignore[attr-defined]
    if form.is_valid():
        try:
            actions.draw_funding(funding=row, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The draw is noted."))
            return redirect("funding", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    return _funding_page(request, row, draw=form)


@page("funding.view", write="money.edit", methods=("POST",))
def take_back_draw(request: HttpRequest, pk: int, draw_pk: int) -> HttpResponse:
    row = _one(request, pk, "money.edit")
    draw = FundingDraw.objects.select_related("funding").filter(funding=row, pk=draw_pk).first()
    if draw is None:
        raise Http404
    try:
        actions.take_back_draw(draw=draw, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The draw is taken back."))
    except Refused as refused:
        complain(request, refused)
    return redirect("funding", pk=pk)


@page("funding.view")
def copyrights(request: HttpRequest) -> HttpResponse:
    """Who holds the copyright of each title by the agreements in force; titles of which none says anything."""
    access = request.access  # type: ignore[attr-defined]
    gaps, query = request.GET.get("gaps", ""), request.GET.get("q", "").strip()[:80]
    rows = copyright_titles(access, gaps=bool(gaps))
    if query:
        rows = rows.filter(Q(title__icontains=query) | Q(code__icontains=query) | Q(studio__name__icontains=query))
    if request.GET.get("format") in FORMATS:
        heads = [
            _("Studio"),
            _("Title"),
            _("Code"),
            _("Copyright"),
            _("Funder"),
            _("The funder's part (%)"),
            _("From"),
            _("Agreement"),
        ]
        lines: list[tuple[Any, ...]] = []
        for row in copyright_of(access, rows[:20_000]):
            title = row.production
            named = (title.studio.name, title.title, title.code)
            lines += [
                (*named, owner_label(each), each.funding.funder, _percent(each.copyright_bp), each.from_date, each.funding.reference)
                for each in row.terms
            ] or [(*named, _("no copyright term stated"), "", "", None, "")]  # fmt: skip
        return WRITERS[request.GET["format"]]("copyright", heads, lines)
    parameters = request.GET.copy()
    before = parameters.pop("before", [""])[-1]
    kept = parameters.urlencode()
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PER_PAGE + 1])
    following = ""
    if len(found) > PER_PAGE:
        parameters["before"] = str(found[PER_PAGE - 1].pk)
        following = f"?{parameters.urlencode()}"
    return render(
        request, "finance/copyrights.html",
        {
            "rows": copyright_of(access, found[:PER_PAGE]), "gaps": gaps, "query": query, "query_string": kept,
            "next_url": following, "first_url": f"?{kept}" if before else "",
        },
    )  # fmt: skip
