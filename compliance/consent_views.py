"""Pages of consents and of what a title declares to be made with AI; the clocks of a studio's filings."""

from __future__ import annotations

import csv
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance import alarms, consent_queries, consents, queries
from compliance.choices import ConsentKind, Gate
from compliance.forms import AiForm, ClockForm, ConsentForm
from compliance.models import AiDeclaration, Consent
from compliance.rules import Need, ai_label_source
from compliance.wording import need_label
from studio.choices import WorkKind
from studio.doors import page, scoped, studio_for
from studio.models import Production
from studio.refusals import Refused
from studio.uploads import read_paper, serve_paper


def _title(request: HttpRequest, pk: int, verb: str) -> Production:
    return scoped(request, Production.objects.select_related("studio"), verb, pk=pk)


@page("compliance.view")
def title_consents(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is asked for what and how it stands, the papers, and the declaration of AI. `?format=csv`: the list."""
    production = _title(request, pk, "compliance.view")
    if request.GET.get("format") == "csv":
        return _csv(production)
    return _page(request, production)


def _needs(production: Production) -> list[Need]:
    on = timezone.localdate(timezone=production.studio.zone)
    return consent_queries.needs_of(production, queries.traits_of(production), on)


def _page(
    request: HttpRequest,
    production: Production,
    *,
    consent_form: ConsentForm | None = None,
    ai_form: AiForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate(timezone=production.studio.zone)
    people = consent_queries.performers_by_title([production]).get(production.pk, [])
    wanted = request.GET.get("state", "")
    needs = _needs(production)
    rows = [
        {"need": need, "label": need_label(need), "kind": ConsentKind(need.kind).label,
         "gate": Gate(need.gate).label if need.gate else ""}
        for need in needs
        if wanted != "missing" or not need.met
    ]  # fmt: skip
    declared = consent_queries.current_declaration(production)
    return render(
        request, "compliance/consents.html",
        {
            "production": production, "tab": "filing", "rows": rows, "asked": len(needs), "wanted": wanted,
            "lacking": sum(not need.met for need in needs),
            "ageless": [person.name for person in people if person.in_cast and person.birth_date is None],
            "people": len(people),
            "papers": Consent.objects.filter(production=production)
            .select_related("person", "recorded_by", "withdrawn_by").order_by("person__name", "-pk"),
            "consent_form": consent_form or ConsentForm(
                people=people, initial={"from_date": today, **_asked_for(request)}
            ),
            "declared": declared,
            "labels_lacking": consent_queries.labels_lacking(declared, today) if declared else [],
            "label_source": ai_label_source(),
            "must_declare": declared is None and queries.rule_kind(production.work_kind) == WorkKind.AI,
            "earlier": AiDeclaration.objects.filter(production=production).count() - 1 if declared else 0,
            "ai_form": ai_form or AiForm.of(declared),
            "may_edit": request.access.may_on("compliance.edit", production),  # type: ignore[attr-defined]
        },
        status=status,
    )  # fmt: skip


def _asked_for(request: HttpRequest) -> dict[str, str]:
    """A row's button fills in whom and what it asks."""
    return {name: request.GET[name] for name in ("person", "kind") if name in request.GET}


@page("compliance.view", write="compliance.edit", methods=("POST",))
def record_consent(request: HttpRequest, pk: int) -> HttpResponse:
    production = _title(request, pk, "compliance.edit")
    people = consent_queries.performers_by_title([production]).get(production.pk, [])
    form = ConsentForm(request.POST, request.FILES, people=people)
    if form.is_valid():
        words = dict(form.cleaned_data)
        person = production.studio.people.filter(pk=words.pop("person")).get()
        try:
            consents.record_consent(
                production=production, person=person, paper=read_paper(words.pop("paper"), field="paper"),
                by=request.user, **words,  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("The consent of %(name)s is kept with its paper.") % {"name": person.name})
            return redirect("title_consents", pk=pk)
    return _page(request, production, consent_form=form, status=422)


def _consent(request: HttpRequest, pk: int, consent_pk: int, verb: str) -> Consent:
    rows = Consent.objects.select_related("production", "person")
    return scoped(request, rows, verb, pk=consent_pk, production=pk)


@page("compliance.view", write="compliance.edit", methods=("POST",))
def withdraw_consent(request: HttpRequest, pk: int, consent_pk: int) -> HttpResponse:
    row = _consent(request, pk, consent_pk, "compliance.edit")
    try:
        consents.withdraw_consent(consent=row, reason=request.POST.get("reason", ""), by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Withdrawn. The paper is kept."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("title_consents", pk=pk)


@page("compliance.view")
def consent_paper(request: HttpRequest, pk: int, consent_pk: int) -> HttpResponseBase:
    row = _consent(request, pk, consent_pk, "compliance.view")
    return serve_paper(row.file, row.file_name)


@page("compliance.view", write="compliance.edit", methods=("POST",))
def declare_ai(request: HttpRequest, pk: int) -> HttpResponse:
    production = _title(request, pk, "compliance.edit")
    form = AiForm(request.POST, request.FILES)
    if form.is_valid():
        words = dict(form.cleaned_data)
        proof = words.pop("proof")
        try:
            consents.declare_ai(
                production=production, paper=read_paper(proof, field="proof") if proof else None,
                by=request.user, **words,  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("The declaration is kept."))
            return redirect("title_consents", pk=pk)
    return _page(request, production, ai_form=form, status=422)


@page("compliance.view")
def ai_proof(request: HttpRequest, pk: int, declaration_pk: int) -> HttpResponseBase:
    row = scoped(request, AiDeclaration.objects.all(), "compliance.view", pk=declaration_pk, production=pk)
    return serve_paper(row.file, row.file_name)


@page("compliance.view", write="compliance.edit", methods=("GET", "POST"))
def filing_clocks(request: HttpRequest) -> HttpResponse:
    """Days of the studio's clocks, and the consents it asks for."""
    studio = studio_for(request, "compliance.edit" if request.method == "POST" else "compliance.view")
    form = ClockForm(request.POST or None, initial=alarms.clock_days(studio))
    if request.method == "POST" and form.is_valid():
        alarms.set_clocks(studio=studio, days=form.cleaned_data, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Kept. What rings is judged by these days from now on."))
        return redirect("filing_clocks")
    rules = consent_queries.consent_rules_of(studio)
    return render(
        request, "compliance/clocks.html",
        {
            "form": form, "rules": [_rule_row(rule) for rule in rules], "own": studio.consent_rules.exists(),
            "may_edit": request.access.may_in_studio("compliance.edit", studio.pk),  # type: ignore[attr-defined]
        },
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _rule_row(rule: Any) -> dict[str, Any]:
    from compliance.choices import Trait, Whom

    return {
        "rule": rule, "kind": ConsentKind(rule.kind).label, "whom": Whom(rule.whom).label,
        "trait": Trait(rule.when).label if rule.when else "", "gate": Gate(rule.gate).label if rule.gate else "",
    }  # fmt: skip


def _csv(production: Production) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = quote(f"{production.code}-{_('Consents')}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.csv"
    out = csv.writer(response)
    out.writerow([_("Name"), _("Consent"), _("State"), _("Until"), _("Holds shut"), _("Source")])
    for need in _needs(production):
        name = f"'{need.name}" if need.name[:1] in {"=", "+", "-", "@", "\t"} else need.name
        out.writerow(
            [name, ConsentKind(need.kind).label, need_label(need), need.until_date or "",
             Gate(need.gate).label if need.gate else "", need.source]
        )  # fmt: skip
    return response
