"""Pages of the classification rules: what stands, what a draft would change, and putting it in force."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance import rule_actions, rule_queries
from compliance.choices import RuleState
from compliance.forms import RuleForm, kind_choices
from compliance.models import ClassRule
from compliance.rules import ANY, RuleFault
from compliance.wording import refusal
from studio.doors import page, scoped
from studio.models import Studio
from studio.refusals import Refused


def _studio(request: HttpRequest, verb: str) -> Studio:
    """The studio in front. Its rules judge all of its titles, so one title's role is not enough."""
    studio = request.studio  # type: ignore[attr-defined]
    if studio is None:
        raise Http404
    if not request.access.may_in_studio(verb, studio.pk):  # type: ignore[attr-defined]
        raise PermissionDenied
    return studio  # type: ignore[no-any-return]


def _rule(request: HttpRequest, pk: int, verb: str) -> ClassRule:
    return scoped(request, ClassRule.objects.select_related("studio", "replaces", "decided_by"), verb, pk=pk)


@page("compliance.view", write="compliance.edit", methods=("GET", "POST"))
def class_rules(request: HttpRequest) -> HttpResponse:
    """All rules of the studio, newest first; a POST writes a draft."""
    studio = _studio(request, "compliance.edit" if request.method == "POST" else "compliance.view")
    form = RuleForm(request.POST if request.method == "POST" else None, studio=studio, initial={"work_kind": ANY})
    if request.method == "POST" and form.is_valid():
        try:
            row = rule_actions.draft_rule(studio=studio, by=request.user, **form.terms)  # type: ignore[arg-type]
        except Refused as refused:
            _add(form, refused)
        else:
            messages.success(request, _("The draft is kept. It judges nothing until it is put in force."))
            return redirect("class_rule", pk=row.pk)
    today = timezone.localdate(timezone=studio.zone)
    rows = list(rule_queries.rules_listed(studio))
    judging = _judging(rows, today)
    for row in rows:
        row.kind_label = _kind(row.work_kind)
        row.judging = row.pk in judging
        row.later = row.state == RuleState.IN_FORCE and row.from_date > today
    return render(
        request, "compliance/rules.html",
        {
            "rows": rows, "form": form, "opened": form.is_bound,
            "may_edit": request.access.may_in_studio("compliance.edit", studio.pk),  # type: ignore[attr-defined]
        },
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _judging(rows: list[ClassRule], today: Any) -> set[int]:
    """The rule of each kind that titles are judged under today."""
    latest: dict[str, ClassRule] = {}
    for row in rows:
        if row.state == RuleState.IN_FORCE and row.from_date <= today:
            held = latest.get(row.work_kind)
            if held is None or held.from_date < row.from_date:
                latest[row.work_kind] = row
    return {row.pk for row in latest.values()}


@page("compliance.view", write="compliance.edit", methods=("GET", "POST"))
def class_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule; for a draft, the titles it would judge otherwise. A POST rewrites the draft, or drops it (`drop`)."""
    verb = "compliance.edit" if request.method == "POST" else "compliance.view"
    row = _rule(request, pk, verb)
    form = None
    if row.state == RuleState.DRAFT:
        form = RuleForm(request.POST, studio=row.studio) if request.method == "POST" else RuleForm.of(row)
    if request.method == "POST":
        try:
            if "drop" in request.POST:
                rule_actions.drop_rule(rule=row, by=request.user)  # type: ignore[arg-type]
                messages.success(request, _("The draft is thrown away."))
                return redirect("class_rules")
            if form is None or form.is_valid():
                terms = form.terms if form is not None else {}
                rule_actions.draft_rule(studio=row.studio, rule=row, by=request.user, **terms)  # type: ignore[arg-type]
                messages.success(request, _("The draft is kept. It judges nothing until it is put in force."))
                return redirect("class_rule", pk=pk)
        except Refused as refused:
            if form is None:
                messages.error(request, refused.message)
                return redirect("class_rule", pk=pk)
            _add(form, refused)
        row = _rule(request, pk, verb)
    touched: list[rule_queries.TouchedTitle] = []
    problem = ""
    if row.state == RuleState.DRAFT:
        try:
            touched = rule_queries.touched_titles(request.access, row)  # type: ignore[attr-defined]
        except RuleFault as fault:
            problem = refusal(fault).message
    return render(
        request, "compliance/rule.html",
        {
            "row": row, "kind_label": _kind(row.work_kind), "form": form, "touched": touched, "problem": problem,
            "moving": sum(title.moves for title in touched), "on": rule_queries.day_of(row),
            "successor": row.replaced_by.filter(state=RuleState.IN_FORCE).first(), "judged": row.judgements.count(),
            "may_edit": request.access.may_in_studio("compliance.edit", row.studio_id),  # type: ignore[attr-defined]
        },
        status=422 if form is not None and form.is_bound else 200,
    )  # fmt: skip


@page("compliance.view", write="compliance.edit", methods=("POST",))
def put_rule_in_force(request: HttpRequest, pk: int) -> HttpResponse:
    row = _rule(request, pk, "compliance.edit")
    try:
        row = rule_actions.put_in_force(rule=row, by=request.user)  # type: ignore[arg-type]
        messages.success(
            request, _("The rule holds from %(on)s. Titles are judged under it from then on.") % {"on": row.from_date}
        )
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("class_rule", pk=pk)


def _kind(code: str) -> str:
    return _("Any kind") if code == ANY else str(dict(kind_choices()).get(code, code))


def _add(form: RuleForm, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)
