"""Pages of the ground floor: health, language, notices, tokens, jobs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from studio import actions, jobs, queries
from studio.access import VERBS, visible_studios
from studio.choices import JobState
from studio.doors import page, scoped
from studio.job_names import job_name
from studio.models import ApiToken, Job, Notice, Studio
from studio.notices import render as render_notice
from studio.refusals import Refused
from studio.verb_names import verb_name, verbs_by_room


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and is migrated."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        ready = queries.database_answers()
        executor = MigrationExecutor(connection)
        migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception:
        ready = migrated = False
    return JsonResponse({"database": ready, "migrated": migrated}, status=200 if ready and migrated else 503)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"type": "client_error", "errors": [{"code": "not_found", "message": _("Not found."), "field": None}]},
            status=404,
        )
    return render(request, "404.html", status=404)


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.META.get("HTTP_REFERER") or "/"
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "/"


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    response = redirect(_back(request))
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax")
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
        translation.activate(language)
    return response


@page("own.view", methods=("POST",))
def choose_studio(request: HttpRequest) -> HttpResponse:
    studio_id = request.POST.get("studio", "")
    studio = get_object_or_404(visible_studios(request.access), pk=studio_id if studio_id.isdecimal() else 0)
    request.session["studio_id"] = studio.pk
    return redirect("/")


@page("own.view")
def notices(request: HttpRequest) -> HttpResponse:
    rows = [
        {"notice": notice, "text": render_notice(notice.kind, notice.params)}
        for notice in Notice.objects.filter(user=request.user).select_related("production")[:100]
    ]
    return render(request, "studio/notices.html", {"rows": rows})


@page("own.view", methods=("POST",))
def read_notices(request: HttpRequest) -> HttpResponse:
    actions.read_notices(user=request.user)  # type: ignore[arg-type]
    return redirect("notices")


class TokenForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("token", "Name"), max_length=80, help_text=gettext_lazy("Says who uses it.")
    )
    studio = forms.ModelChoiceField(label=gettext_lazy("Studio"), queryset=Studio.objects.none(), empty_label=None)
    scopes = forms.MultipleChoiceField(label=pgettext_lazy("token", "Allowed to"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=gettext_lazy("Valid for (days)"), initial=90, min_value=1, max_value=366)

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self.fields["studio"].queryset = visible_studios(request.access)  # type: ignore[attr-defined]
        allowed = {verb for verb in VERBS if request.access.may(verb)}  # type: ignore[attr-defined]
        self.fields["scopes"].choices = verbs_by_room(allowed)  # type: ignore[attr-defined]


@page("own.view", methods=("GET", "POST"))
def tokens(request: HttpRequest) -> HttpResponse:
    """The user's own API tokens. A new one's secret is on the answer to this very request and nowhere else."""
    secret = None
    form = TokenForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = actions.make_token(user=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            form = TokenForm(request)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    rows = list(ApiToken.objects.filter(user=request.user).select_related("studio"))
    for row in rows:
        row.may = [verb_name(verb) for verb in row.scopes if verb in VERBS]  # type: ignore[attr-defined]
    status = 422 if form.errors else 200
    return render(
        request,
        "studio/tokens.html",
        {"form": form, "rows": rows, "secret": secret, "now": timezone.now()},
        status=status,
    )


@page("own.view", methods=("POST",))
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    actions.revoke_token(token=token, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The token is revoked."))
    return redirect("tokens")


@page("job.view")
def jobs_page(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = request.access.scope(Job.objects.select_related("production"), "job.view")
    if state in JobState.values:
        rows = rows.filter(state=state)
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-id")[:51])
    for row in found:
        row.label = job_name(row.kind)  # type: ignore[attr-defined]
    return render(
        request,
        "studio/jobs.html",
        {
            "jobs": found[:50],
            "next_before": found[49].pk if len(found) > 50 else None,
            "states": JobState.choices,
            "state": state,
            "counts": queries.job_counts(request.access),
        },
    )


@page("job.view")
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; with ?panel the progress panel alone, which pages poll until the job ends."""
    job = scoped(request, Job.objects.select_related("production", "created_by"), "job.view", pk=pk)
    job.label = job_name(job.kind)  # type: ignore[attr-defined]
    panel = "panel" in request.GET
    query = "?panel=1&then=1" if request.GET.get("then") else "?panel=1"
    response = render(
        request,
        "studio/_job_panel.html" if panel else "studio/job.html",
        {"job": job, "job_url": request.path + query, "may_manage": request.access.may("job.manage")},
    )
    if panel and request.GET.get("then") and job.state == JobState.DONE:
        # The page that waited shows the result by itself; a parked job's sentence stays to be read.
        response["HX-Refresh"] = "true"
    return response


@page("job.view", write="job.manage", methods=("POST",))
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    job = scoped(request, Job.objects.all(), "job.manage", pk=pk)
    jobs.cancel(job.pk)
    return redirect(_back(request))


@page("job.view", write="job.manage", methods=("POST",))
def rerun_job(request: HttpRequest, pk: int) -> HttpResponse:
    job = scoped(request, Job.objects.all(), "job.manage", pk=pk)
    if jobs.rerun(job.pk):
        messages.success(request, _("The job is in the queue again."))
    else:
        messages.warning(request, _("Only a parked or cancelled job can be run again."))
    return redirect("job", pk=job.pk)
