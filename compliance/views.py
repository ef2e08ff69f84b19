"""Pages of this room: a title's class and filings, and the board over all titles."""

from __future__ import annotations

import csv
import dataclasses
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance import actions, alarms, queries
from compliance.choices import Authority, ClassCode, FilingKind, FilingState, Gate
from compliance.forms import CaseForm, DecideForm, OpenForm, OverrideForm
from compliance.models import Filing
from compliance.rules import PaperRow
from compliance.wording import reason_sentence, theme_label
from studio.doors import page, scoped
from studio.models import Production
from studio.refusals import Refused

GRANTED_SHOWN = 30


@dataclasses.dataclass(frozen=True)
class Paper:
    """A paper asked for; `proved` ones the house holds itself."""

    code: str
    name: str
    source: str
    held: bool
    proved: bool


def _title(request: HttpRequest, pk: int, verb: str) -> Production:
    return scoped(request, Production.objects.select_related("studio"), verb, pk=pk)


def _filing(request: HttpRequest, pk: int, filing_pk: int) -> Filing:
    rows = Filing.objects.select_related("production__studio")
    return scoped(request, rows, "compliance.edit", pk=filing_pk, production=pk)


@page("compliance.view")
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """A title's class in words, its filings with their rounds, and what it is judged by."""
    return _page(request, _title(request, pk, "compliance.view"))


def _page(
    request: HttpRequest, production: Production, *, case_form: CaseForm | None = None, status: int = 200
) -> HttpResponse:
    judged = queries.current_classification(production)
    history = list(production.classifications.select_related("rule", "judged_by").order_by("-pk"))
    for row in history:
        row.sentences = [reason_sentence(reason) for reason in row.reasons]
    rows = list(
        production.filings.select_related("production__studio").order_by("kind", "platform_code", "round", "pk")
    )
    days = alarms.clock_days(production.studio)
    for row in rows:
        row.age = queries.age_of(row, days)
        row.asked = _papers(row, judged.class_code) if judged is not None and row.state == FilingState.DRAFT else []
        names = {paper.code: paper.name for paper in queries.paper_rows(production.studio)} if row.papers else {}
        row.handed = [_(names[code]) if code in names else code for code in row.papers]
    shoot = queries.may_shoot(production)
    shut = [
        (gate, answer.reason)
        for gate in Gate
        if not (answer := queries.gate_answer(production, gate)).ok and queries.override_of(production, gate) is None
    ]
    return render(
        request,
        "compliance/filing.html",
        {
            "production": production,
            "tab": "filing",
            "judged": history[0] if history else None,
            "ringing": [alarms.alarm_sentence(alarm) for alarm in alarms.alarms_of([production])[production.pk]],
            "stale": bool(history) and history[0].facts != queries.case_facts(production),
            "earlier": history[1:],
            "filings": rows,
            "shoot": shoot,
            "overrides": production.gate_overrides.select_related("given_by", "withdrawn_by").order_by("-pk"),
            "override_form": OverrideForm(),
            "shut": shut,
            "case_form": case_form or CaseForm.of(production, queries.title_case(production)),
            "open_form": OpenForm(initial={"kind": _next_kind(judged, rows)}),
            "themes": [theme_label(code) for code in production.themes],
            "may_edit": request.access.may_on("compliance.edit", production),  # type: ignore[attr-defined]
            "in_force": queries.filing_in_force(production),
        },
        status=status,
    )


def _next_kind(judged: Any, rows: list[Filing]) -> str:
    if judged is not None and judged.class_code == ClassCode.OTHER:
        return FilingKind.FINISHED
    granted = any(row.kind == FilingKind.PLANNING and row.state == FilingState.GRANTED for row in rows)
    return FilingKind.FINISHED if granted else FilingKind.PLANNING


def _papers(row: Filing, class_code: str) -> list[Paper]:
    asked: list[PaperRow] = queries.papers_asked(row, class_code)
    proved = queries.papers_proved(row.production)
    return [
        Paper(paper.code, _(paper.name), paper.source, paper.code in row.papers or paper.code in proved,
              paper.code == "planning_number")
        for paper in asked
    ]  # fmt: skip


@page("compliance.view", write="compliance.edit", methods=("POST",))
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    production = _title(request, pk, "compliance.edit")
    try:
        row = actions.classify_production(production=production, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Class: %(name)s.") % {"name": row.get_class_code_display()})
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("filing", pk=pk)


@page("compliance.view", write="compliance.edit", methods=("POST",))
def change_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the title is judged by; it is judged again at once."""
    production = _title(request, pk, "compliance.edit")
    form = CaseForm(request.POST)
    if form.is_valid():
        words = dict(form.cleaned_data)
        investment = words.pop("investment")
        try:
            row = actions.change_case(
                production=production, investment_minor=investment, by=request.user, **words  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(
                request, _("Kept and judged again. Class: %(name)s.") % {"name": row.get_class_code_display()}
            )
            return redirect("filing", pk=pk)
    production.refresh_from_db()
    return _page(request, production, case_form=form, status=422)


@page("compliance.view", write="compliance.edit", methods=("POST",))
def open_filing(request: HttpRequest, pk: int) -> HttpResponse:
    production = _title(request, pk, "compliance.edit")
    form = OpenForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("filing", pk=pk)
    try:
        actions.open_filing(production=production, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("filing", pk=pk)


@page("compliance.view", write="compliance.edit", methods=("POST",))
def submit_filing(request: HttpRequest, pk: int, filing_pk: int) -> HttpResponse:
    """Hand in; with `drop`, throw the unsent filing away."""
    row = _filing(request, pk, filing_pk)
    by: Any = request.user
    try:
        if "drop" in request.POST:
            actions.drop_filing(filing=row, by=by)
        else:
            actions.submit_filing(filing=row, papers=request.POST.getlist("papers"), by=by)
            messages.success(request, _("The filing is with the authority."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("filing", pk=pk)


@page("compliance.view", write="compliance.edit", methods=("POST",))
def note_papers(request: HttpRequest, pk: int, filing_pk: int) -> HttpResponse:
    """Tick off papers as they come in, before the filing is handed in."""
    row = _filing(request, pk, filing_pk)
    try:
        actions.note_papers(filing=row, papers=request.POST.getlist("papers"), by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Noted. The filing is not handed in yet."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("filing", pk=pk)


@page("compliance.view", write="compliance.edit", methods=("POST",))
def decide_filing(request: HttpRequest, pk: int, filing_pk: int) -> HttpResponse:
    row = _filing(request, pk, filing_pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("filing", pk=pk)
    by: Any = request.user
    try:
        granted = request.POST.get("decision") == "granted"
        actions.decide_filing(filing=row, granted=granted, by=by, **form.cleaned_data)
        done = _("Granted. The number is kept.") if granted else _("Returned. The next round is open.")
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("filing", pk=pk)


@page("compliance.view")
def board(request: HttpRequest) -> HttpResponse:
    """Filings of all titles by where they stand; `?format=csv` is the same as a file."""
    rows = queries.filings_for(request.access)  # type: ignore[attr-defined]
    waiting = queries.titles_without_filing(request.access)  # type: ignore[attr-defined]
    if request.studio is not None:  # type: ignore[attr-defined]
        rows = rows.filter(production__studio=request.studio)  # type: ignore[attr-defined]
        waiting = waiting.filter(studio=request.studio)  # type: ignore[attr-defined]
    chosen = {name: request.GET.get(name, "") for name in ("kind", "authority", "class_code")}
    known = {"kind": FilingKind.values, "authority": Authority.values, "class_code": ClassCode.values}
    for name, value in chosen.items():
        if value in known[name]:
            rows = rows.filter(**{name: value})
    wanted = request.GET.get("q", "").strip()[:80].replace("\x00", "")
    if wanted:
        rows = rows.filter(production__title__icontains=wanted) | rows.filter(number__icontains=wanted)
        waiting = waiting.filter(title__icontains=wanted)
    if chosen["class_code"] in ClassCode.values:
        waiting = waiting.filter(class_code=chosen["class_code"])
    if request.GET.get("format") == "csv":
        return _csv(rows)
    now = timezone.now()
    columns: dict[str, list[Filing]] = {"draft": [], "submitted": [], "granted": []}
    found = list(
        rows.exclude(state=FilingState.RETURNED).exclude(state=FilingState.GRANTED).order_by("created_at", "pk")
    )
    found += list(rows.filter(state=FilingState.GRANTED).order_by("-decided_at", "-pk")[:GRANTED_SHOWN])
    days = alarms.clock_days_of({row.production.studio_id for row in found})
    lacking = queries.papers_lacking([row for row in found if row.state == FilingState.DRAFT])
    for row in found:
        row.age = queries.age_of(row, days[row.production.studio_id], now)
        row.lacking = lacking.get(row.pk, 0)
        row.class_label = _class_label(row.class_code)
        columns[row.state].append(row)
    columns["submitted"].sort(key=lambda row: row.submitted_at or now)
    unfiled = list(waiting[:GRANTED_SHOWN]) if not chosen["kind"] and not chosen["authority"] else []
    for title in unfiled:
        title.class_label = _class_label(title.class_code)
    return render(
        request,
        "compliance/board.html",
        {
            "unfiled": unfiled, "ringing": _ringing(request), "columns": columns, "chosen": chosen, "q": wanted,
            "filtered": bool(wanted or any(chosen.values())), "kinds": FilingKind.choices,
            "authorities": Authority.choices, "classes": ClassCode.choices, "any": bool(found or unfiled),
        },
    )  # fmt: skip


def _ringing(request: HttpRequest) -> list[dict[str, Any]]:
    """What rings over all titles in view, the title's name first."""
    titles = alarms.titles_that_may_ring(request.access)  # type: ignore[attr-defined]
    if request.studio is not None:  # type: ignore[attr-defined]
        titles = titles.filter(studio=request.studio)  # type: ignore[attr-defined]
    rows = list(titles.order_by("pk"))
    found = alarms.alarms_of(rows)
    return [
        {"production": row, "sentences": [alarms.alarm_sentence(alarm) for alarm in found[row.pk]]}
        for row in rows
        if found[row.pk]
    ]


def _class_label(code: str | None) -> str:
    return str(ClassCode(code).label) if code else ""


def _csv(rows: Any) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('Filings'))}.csv"
    out = csv.writer(response)
    out.writerow(
        [_("Code"), _("Title"), _("Class"), _("Filing"), _("Authority"), _("Platform"), _("Round"), _("State"),
         _("Number"), _("Submitted"), _("Decided"), _("Decision")]
    )  # fmt: skip
    for row in rows.order_by("production_id", "kind", "round", "pk"):
        out.writerow(
            [_safe(row.production.code), _safe(row.production.title), _class_label(row.class_code),
             row.get_kind_display(), row.get_authority_display(), _safe(row.platform_code), row.round,
             row.get_state_display(), _safe(row.number), _day(row.submitted_at), _day(row.decided_at),
             _safe(row.decision_note)]
        )  # fmt: skip
    return response


def _day(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d") if at else ""


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text
