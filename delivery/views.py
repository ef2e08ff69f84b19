"""Pages of delivery: the desk, a title's packages, one package, one episode of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from delivery import actions, queries
from delivery.actions.sending import running_send
from delivery.choices import DeliverableState, PackageState
from delivery.forms import EditForm, MomentForm, OpenForm, ReasonForm, TakedownForm, VerdictForm
from delivery.history import sentence
from delivery.models import Deliverable, Package, Platform
from postproduction.sheets import answer
from studio.choices import JobState
from studio.doors import page, scoped
from studio.job_names import job_name
from studio.models import Job, Production
from studio.refusals import Refused

# How a state feels; the chips and the cells of the grid share it.
TONES = {
    "open": "neutral", "failed": "bad", "ready": "warn", "sent": "info", "redeliver": "bad", "accepted": "good",
    "taken_down": "bad", "draft": "neutral", "sending": "info", "rejected": "bad", "live": "good",
}  # fmt: skip
BUCKET_TONES = {"critical": "bad", "at_risk": "warn", "on_track": "good", "over": "neutral"}


def _lines(request: HttpRequest) -> tuple[list[Any], dict[str, str], dict[str, int]]:
    """The desk's lines under the filters as read, and how many stand in each bucket before the bucket filter."""
    chosen = {name: request.GET.get(name, "")[:60] for name in ("platform", "state", "bucket", "q")}
    rows = queries.packages_for(request.access)  # type: ignore[attr-defined]
    if chosen["platform"]:
        rows = rows.filter(platform__code=chosen["platform"])
    if chosen["state"] in PackageState.values:
        rows = rows.filter(state=chosen["state"])
    if chosen["q"].strip():
        rows = rows.filter(production__title__icontains=chosen["q"].strip())
    lines = queries.desk(rows, timezone.localdate())
    counts = {bucket: sum(line.bucket == bucket for line in lines) for bucket in queries.BUCKETS}
    if chosen["bucket"] in queries.BUCKETS:
        lines = [line for line in lines if line.bucket == chosen["bucket"]]
    return lines, chosen, counts


def _dress(line: Any) -> dict[str, Any]:
    counts = [
        {"label": label, "count": line.counts[state], "tone": TONES[state]}
        for state, label in DeliverableState.choices
        if line.counts[state]
    ]
    return {
        "line": line, "package": line.package, "tone": BUCKET_TONES[line.bucket], "counts": counts,
        "state_tone": TONES[line.package.state], "why": queries.WHY[line.why],
    }  # fmt: skip


@page("delivery.view")
def desk(request: HttpRequest) -> HttpResponse:
    """Every package: both states, when a verdict is expected, what is in danger and why."""
    access = request.access  # type: ignore[attr-defined]
    lines, chosen, counts = _lines(request)
    query = request.GET.copy()
    platforms = access.scope(Package.objects.all(), "delivery.view").order_by("platform__name")
    return render(
        request,
        "delivery/desk.html",
        {
            "rows": [_dress(line) for line in lines],
            "chosen": chosen,
            "buckets": [
                {"code": code, "name": name, "count": counts[code], "tone": BUCKET_TONES[code]}
                for code, name in queries.BUCKETS.items()
            ],
            "platforms": platforms.values_list("platform__code", "platform__name").distinct(),
            "states": PackageState.choices,
            "query": query.urlencode(),
            "today": timezone.localdate(),
            "may_collect": request.studio is not None and access.may_in_studio("delivery.edit", request.studio.pk),  # type: ignore[attr-defined]
        },
    )


@page("delivery.view")
def export_desk(request: HttpRequest) -> HttpResponse:
    lines, _chosen, _counts = _lines(request)
    head = [
        pgettext("column", "Title"), pgettext("column", "Platform"), pgettext("column", "State"),
        pgettext("column", "Bucket"), pgettext("column", "Round"), pgettext("column", "Episodes"),
        *(str(label) for label in DeliverableState.labels), pgettext("column", "Due"), pgettext("column", "Sent"),
        pgettext("column", "Verdict expected"),
    ]  # fmt: skip
    rows = (
        [
            line.package.production.title, line.package.platform.name, line.package.get_state_display(),
            line.bucket_name, line.package.round, line.all, *line.counts.values(),
            line.package.due_date.isoformat() if line.package.due_date else "",
            timezone.localtime(line.package.sent_at).strftime("%Y-%m-%d %H:%M") if line.package.sent_at else "",
            line.expected_date.isoformat() if line.expected_date else "",
        ]
        for line in lines
    )  # fmt: skip
    return answer("deliveries", request.GET.get("format", "csv"), head, rows)


@page("delivery.view", write="delivery.edit", methods=("POST",))
def collect(request: HttpRequest) -> HttpResponse:
    """Look for verdicts of the studio in front, now."""
    access = request.access  # type: ignore[attr-defined]
    studio = request.studio  # type: ignore[attr-defined]
    if studio is None or not access.may_in_studio("delivery.edit", studio.pk):
        messages.error(request, _("Only who delivers for the whole studio can collect its verdicts."))
        return redirect("delivery_desk")
    job = actions.collect_verdicts(studio=studio, by=request.user)  # type: ignore[arg-type]
    return redirect("job", pk=job.pk)


def _production(request: HttpRequest, pk: int, verb: str) -> Production:
    return scoped(request, Production.objects.select_related("studio"), verb, pk=pk)


@page("delivery.view")
def production_delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """A title's packages, one for each platform."""
    return _production_page(request, _production(request, pk, "delivery.view"))


def _production_page(request: HttpRequest, production: Production, form: Any = None) -> HttpResponse:
    access = request.access  # type: ignore[attr-defined]
    today = timezone.localdate()
    rows = queries.packages_for(access).filter(production=production).order_by("pk")
    may_edit = access.may_on("delivery.edit", production)
    cells: dict[int, list[dict[str, Any]]] = {}
    for row in queries.deliverables_for(access).filter(package__production=production).order_by("episode__number"):
        cells.setdefault(row.package_id, []).append({"row": row, "tone": TONES[row.state]})
    packages = [{**_dress(queries.line_of(row, today)), "cells": cells.get(row.pk, [])} for row in rows]
    form = form or OpenForm(production)
    return render(
        request,
        "delivery/production.html",
        {
            "production": production, "tab": "production_delivery", "packages": packages, "form": form,
            "may_edit": may_edit, "legend": [(label, TONES[state]) for state, label in DeliverableState.choices],
            "platforms_left": may_edit and form.fields["platform"].queryset.exists(),
            "has_platforms": Platform.objects.filter(studio=production.studio_id).exists(),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("delivery.view", write="delivery.edit", methods=("POST",))
def open_package(request: HttpRequest, pk: int) -> HttpResponse:
    production = _production(request, pk, "delivery.edit")
    if "install" in request.POST:
        actions.install_default_platforms(studio=production.studio)
        return redirect("production_delivery", pk=pk)
    form = OpenForm(production, request.POST)
    if form.is_valid():
        try:
            package = actions.open_package(production=production, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return redirect("package", pk=package.pk)
    return _production_page(request, production, form)


def _package(request: HttpRequest, pk: int, verb: str) -> Package:
    return scoped(request, queries.packages_for(request.access, verb), verb, pk=pk)  # type: ignore[attr-defined]


def _active_job(package: Package) -> Job | None:
    """The inspection or sending under way, to be watched on the page."""
    jobs = Job.objects.filter(
        kind__in=["delivery.inspect_package", "delivery.send_package"], production=package.production_id,
        state__in=[JobState.QUEUED, JobState.RUNNING],
    )  # fmt: skip
    return next((job for job in jobs.order_by("-id") if job.payload.get("package") == package.pk), None)


@page("job.view")
def package_job(request: HttpRequest, pk: int, job: int) -> HttpResponse:
    """How far an inspection or a sending is; the package's page asks until it has ended."""
    package = _package(request, pk, "delivery.view")
    row = scoped(request, Job.objects.all(), "job.view", pk=job, production=package.production_id)
    return render(request, "components/job.html", _job_context(package, row))


def _job_context(package: Package, job: Job) -> dict[str, Any]:
    return {
        "job": job, "job_label": job_name(job.kind), "job_url": reverse("package_job", args=[package.pk, job.pk]),
        "next_url": reverse("package", args=[package.pk]),
    }  # fmt: skip


@page("delivery.view")
def package_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One title with one platform."""
    return _package_page(request, _package(request, pk, "delivery.view"))


def _package_page(request: HttpRequest, package: Package, **forms: Any) -> HttpResponse:
    access = request.access  # type: ignore[attr-defined]
    production = package.production
    line = queries.line_of(package, timezone.localdate())
    may_edit = access.may_on("delivery.edit", production)
    deliverables = queries.grid(package)
    # What our own inspection said is not the platform's business.
    inside = access.may_on("production.view", production)
    rows = [
        {"row": row, "tone": TONES[row.state], "found": queries.found(row.findings) if inside and row.master_id else []}
        for row in deliverables
    ]
    newer = 0
    if may_edit and line.counts[DeliverableState.ACCEPTED]:
        from postproduction.queries import latest_approved_masters

        masters = latest_approved_masters(production)
        newer = sum(
            row.state == DeliverableState.ACCEPTED and row.episode_id in masters
            and masters[row.episode_id].pk != row.master_id
            for row in deliverables
        )  # fmt: skip
    job = _active_job(package) if access.may_on("job.view", production) else None
    now = timezone.localtime().replace(second=0, microsecond=0)
    context = {
        **(_job_context(package, job) if job else {}), **_dress(line), "production": production, "tab": "production_delivery", "rows": rows, "may_edit": may_edit,
        "inside": inside, "title_found": queries.found(package.findings) if inside else [],
        "newer": newer,
        "can_send": package.state != PackageState.TAKEN_DOWN
        and (line.counts[DeliverableState.READY] or package.state == PackageState.REJECTED or (
            package.state == PackageState.SENDING and running_send(package) is None)),
        "verdicts": queries.verdicts(package)[:200],
        "history": [{"event": event, "text": sentence(event)} for event in queries.history(package)[:50]],
        "edit_form": EditForm(initial={
            "synopsis": package.synopsis, "tagline": package.tagline, "due_date": package.due_date}),
        "verdict_form": VerdictForm(initial={"external_id": f"manual-{uuid.uuid4().hex[:10]}"}),
        "live_form": MomentForm(initial={"at": now.strftime("%Y-%m-%dT%H:%M")}, prefix="live"),
        "takedown_form": TakedownForm(initial={"at": now.strftime("%Y-%m-%dT%H:%M")}, prefix="down"),
        "takedown": package.takedowns.first(),
        **forms,
    }  # fmt: skip
    return render(request, "delivery/package.html", context, status=422 if forms else 200)


def _refused(
    request: HttpRequest, package: Package, name: str, form: Any, refused: Refused | None = None
) -> HttpResponse:
    if refused is not None:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return _package_page(request, package, **{name: form})


@page("delivery.view", write="delivery.edit", methods=("POST",))
def edit_package(request: HttpRequest, pk: int) -> HttpResponse:
    package = _package(request, pk, "delivery.edit")
    form = EditForm(request.POST)
    if not form.is_valid():
        return _refused(request, package, "edit_form", form)
    try:
        actions.edit_package(package=package, by=request.user, **form.cleaned_data)
    except Refused as refused:
        return _refused(request, package, "edit_form", form, refused)
    messages.success(request, _("The package's texts are changed. Inspect it again before sending."))
    return redirect("package", pk=pk)


@page("delivery.view", write="delivery.edit", methods=("POST",))
def inspect_package(request: HttpRequest, pk: int) -> HttpResponse:
    package = _package(request, pk, "delivery.edit")
    try:
        actions.inspect_package(package=package, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("package", pk=pk)


@page("delivery.view", write="delivery.edit", methods=("POST",))
def send_package(request: HttpRequest, pk: int) -> HttpResponse:
    package = _package(request, pk, "delivery.edit")
    try:
        actions.send_package(package=package, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("package", pk=pk)


@page("delivery.view", write="delivery.edit", methods=("POST",))
def replace_masters(request: HttpRequest, pk: int) -> HttpResponse:
    """Take newer masters for episodes the platform has accepted: they go out again in the next round."""
    package = _package(request, pk, "delivery.edit")
    count = actions.attach_masters(package=package, by=request.user, replace_accepted=True)  # type: ignore[arg-type]
    text = ngettext("%(count)s episode took a newer master.", "%(count)s episodes took a newer master.", count)
    messages.success(request, text % {"count": count})
    return redirect("package", pk=pk)


@page("delivery.view", write="delivery.edit", methods=("POST",))
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    package = _package(request, pk, "delivery.edit")
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _refused(request, package, "verdict_form", form)
    try:
        actions.receive_verdict(package=package, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        return _refused(request, package, "verdict_form", form, refused)
    messages.success(request, _("The verdict is entered."))
    return redirect("package", pk=pk)


@page("delivery.view", write="delivery.edit", methods=("POST",))
def go_live(request: HttpRequest, pk: int) -> HttpResponse:
    package = _package(request, pk, "delivery.edit")
    form = MomentForm(request.POST, prefix="live")
    if not form.is_valid():
        return _refused(request, package, "live_form", form)
    try:
        actions.go_live(package=package, at=form.cleaned_data["at"], by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        return _refused(request, package, "live_form", form, refused)
    messages.success(request, _("“%(title)s” is on air.") % {"title": package.production.title})
    return redirect("package", pk=pk)


@page("delivery.view", write="delivery.edit", methods=("POST",))
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    package = _package(request, pk, "delivery.edit")
    form = TakedownForm(request.POST, prefix="down")
    if not form.is_valid():
        return _refused(request, package, "takedown_form", form)
    data = form.cleaned_data
    try:
        actions.take_down(package=package, reason=data["reason"], at=data["at"], by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        return _refused(request, package, "takedown_form", form, refused)
    messages.success(request, _("The takedown is recorded."))
    return redirect("package", pk=pk)


def _deliverable(request: HttpRequest, pk: int, verb: str) -> Deliverable:
    return scoped(request, queries.deliverables_for(request.access, verb), verb, pk=pk)  # type: ignore[attr-defined]


@page("delivery.view", write="delivery.edit", methods=("GET", "POST"))
def deliverable_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One episode for one platform; POST lets a failed one through for a reason."""
    row = _deliverable(request, pk, "delivery.edit" if request.method == "POST" else "delivery.view")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.override_finding(deliverable=row, reason=form.cleaned_data["reason"], by=request.user)  # type: ignore[arg-type]
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("Episode %(number)s may go out.") % {"number": row.episode.number})
            return redirect("deliverable", pk=pk)
    access = request.access  # type: ignore[attr-defined]
    production = row.package.production
    inside = access.may_on("production.view", production)
    return render(
        request,
        "delivery/deliverable.html",
        {
            "row": row, "package": row.package, "production": production, "tab": "production_delivery",
            "tone": TONES[row.state], "inside": inside, "found": queries.found(row.findings) if inside else [],
            "form": form, "may_edit": access.may_on("delivery.edit", production),
            "may_watch": access.may_on("post.view", production), "verdicts": row.verdicts.order_by("-id"),
            "history": [{"event": event, "text": sentence(event)} for event in queries.delivery_history(row)[:100]],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip
