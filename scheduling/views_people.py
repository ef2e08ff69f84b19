"""People, engagements, casting and absences."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling import actions, forms, queries
from scheduling.models import Casting, Unavailability
from scheduling.views_boards import production_of
from scheduling.views_papers import as_file
from scheduling.views_places import may_in_front
from scripts_app.models import Character
from studio.actions import engage
from studio.choices import Department
from studio.doors import page, scoped, studio_for
from studio.models import Engagement, Person, Production
from studio.refusals import Refused

PAGE = 100


@page("people.view")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody the studio works with, by department, with absences to come; ?format=csv as a file."""
    access = request.access  # type: ignore[attr-defined]
    search, department = request.GET.get("q", "").strip(), request.GET.get("department", "")
    title = request.GET.get("production", "")
    rows = queries.people(
        access, search=search, department=department,
        production_id=int(title) if title.isdecimal() and len(title) < 19 else None,
    )  # fmt: skip
    if request.GET.get("format") == "csv":
        return _people_csv(rows)
    number = request.GET.get("page", "1")
    at = max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1
    found = list(rows[(at - 1) * PAGE : at * PAGE + 1])
    asked = request.GET.copy()
    asked.pop("page", None)
    return render(
        request, "scheduling/people.html",
        {"people": found[:PAGE], "search": search, "department": department, "departments": Department.choices,
         "productions": access.scope(Production.objects.order_by("-id"), "people.view")[:200], "chosen": title,
         "may_edit": may_in_front(request, "people.edit"), "query": asked.urlencode(),
         "next_page": at + 1 if len(found) > PAGE else None, "page_number": at,
         "clashes": queries.clashes(access)},
    )  # fmt: skip


def _people_csv(rows: Any) -> HttpResponse:
    buffer = io.StringIO()
    buffer.write("\ufeff")
    out = csv.writer(buffer)
    out.writerow([_("Name"), _("Phone"), _("E-mail"), _("Production"), _("Department"), _("Job"), _("Away")])
    for person in rows:
        away = "; ".join(f"{row.from_date}–{row.to_date}" for row in person.away)
        for engagement in person.seen_engagements or [None]:
            cells = [person.name, person.phone, person.email]
            cells += (
                [engagement.production.title, engagement.get_department_display(), engagement.job_title]
                if engagement else ["", "", ""]
            )  # fmt: skip
            out.writerow([_harmless(cell) for cell in [*cells, away]])
    return as_file(buffer.getvalue().encode(), "text/csv; charset=utf-8", "people.csv")


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet will not run as a formula."""
    return (
        f"'{cell}"
        if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and not cell[1:].replace(" ", "").isdecimal()
        else cell
    )


@page("people.edit", methods=("GET", "POST"))
def person_new(request: HttpRequest) -> HttpResponse:
    studio = studio_for(request, "people.edit")
    form = forms.PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add_person(studio=studio, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": person.name})
            return redirect("people")
    return render(
        request, "scheduling/form.html",
        {"form": form, "title": _("New person"), "submit": _("Add"), "back": "people"},
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("people.edit", methods=("GET", "POST"))
def person_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Note when somebody cannot work."""
    person = scoped(request, Person.objects.all(), "people.edit", pk=pk)
    form = forms.AwayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.mark_unavailable(person=person, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("Noted. The drafts they are on are reckoned anew."))
            return redirect("people")
    return render(
        request, "scheduling/form.html",
        {"form": form, "title": _("%(name)s is away") % {"name": person.name}, "submit": _("Note it"), "back": "people"},
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("people.view", write="people.edit", methods=("POST",))
def person_back(request: HttpRequest, pk: int, away_pk: int) -> HttpResponse:
    """Take a note of absence back."""
    row = scoped(request, Unavailability.objects.select_related("person"), "people.edit", person=pk, pk=away_pk)
    actions.mark_available(unavailability=row, by=request.user)  # type: ignore[arg-type]
    return redirect("people")


@page("people.view")
def production_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who works on a title, on what terms, and who plays whom."""
    production = production_of(request, pk, "people.view")
    engagements = list(queries.engagements_of(production))
    by_department = [
        (label, own)
        for value, label in Department.choices
        if (own := [row for row in engagements if row.department == value])
    ]
    return render(
        request, "scheduling/production_people.html",
        {"production": production, "tab": "production_people", "departments": by_department,
         "roles": queries.roles_of(production), "performers": [row for row in engagements if row.department == "cast"],
         "sided": _sided(request, production, engagements),
         "may_edit": request.access.may_on("people.edit", production), "currency": production.studio.currency,  # type: ignore[attr-defined]
         "today": timezone.localdate()},
    )  # fmt: skip


def _sided(request: HttpRequest, production: Production, engagements: list[Engagement]) -> set[int]:
    """The engagements whose sides this user may take."""
    if not request.access.may_on("script.view", production):  # type: ignore[attr-defined]
        return set()
    playing = Casting.objects.filter(character__production=production).values_list("engagement__person_id", flat=True)
    people = set(playing)
    return {row.pk for row in engagements if row.department == "cast" and row.person_id in people}


@page("people.edit", methods=("GET", "POST"))
def engage_person(request: HttpRequest, pk: int) -> HttpResponse:
    production = production_of(request, pk, "people.edit")
    asked = request.GET.get("person", "")
    form = forms.EngageForm(
        Person.objects.filter(studio=production.studio_id).order_by("name"), request.POST or None,
        initial={"person": asked, "job_title": request.GET.get("job", "")[:60]} if asked.isdecimal() or request.GET else None,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            engage(
                production=production, person=data["person"], department=data["department"],
                job_title=data["job_title"], by=request.user, **form.terms(production.studio.currency),  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("%(name)s is engaged.") % {"name": data["person"].name})
            return redirect("production_people", pk=pk)
    return render(
        request, "scheduling/form.html",
        {"production": production, "tab": "production_people", "form": form, "title": _("Engage somebody"),
         "submit": _("Engage"), "back": "production_people", "grid": True},
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("people.view", write="people.edit", methods=("POST",))
def role_cast(request: HttpRequest, pk: int, character_pk: int) -> HttpResponse:
    """Choose who plays a role; empty leaves it open."""
    role = scoped(
        request, Character.objects.select_related("production"), "people.edit", production=pk, pk=character_pk
    )
    wanted = request.POST.get("engagement", "")
    try:
        if not wanted:
            actions.uncast_role(character=role, by=request.user)  # type: ignore[arg-type]
        else:
            engagement = (
                forms.cast_of(role.production)
                .filter(pk=int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0)
                .first()
            )
            if engagement is None:
                raise Refused("not_cast", _("Only somebody engaged as cast can play a role."))
            actions.cast_role(character=role, engagement=engagement, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("production_people", pk=pk)
