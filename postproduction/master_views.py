"""Pages of masters: handing in with progress, watching, approving."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postproduction import actions, queries
from postproduction.choices import MasterState
from postproduction.forms import MasterForm, episode_number_of
from postproduction.masters import upload_limit
from postproduction.models import Master
from postproduction.ranged import serve
from postproduction.views import back_to, production_of
from studio.doors import page, scoped
from studio.models import Episode
from studio.refusals import Refused


def _newest(production: Any) -> list[tuple[Episode, Master | None]]:
    masters = {m.episode_id: m for m in Master.objects.filter(episode__production=production).order_by("version")}
    return [(episode, masters.get(episode.pk)) for episode in production.episodes.order_by("number")]


@page("post.view", write="post.work", methods=("GET", "POST"))
def production_masters(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A title's masters; POST hands one in (a script sends each chosen file by itself and shows how far it is)."""
    production = production_of(request, pk, "post.view" if request.method != "POST" else "post.work")
    form = MasterForm(request.POST, request.FILES) if request.method == "POST" else MasterForm()
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            master = _hand_in(request, production, file, form.cleaned_data["number"])
        except Refused as refused:
            form.add_error("file", refused.message)
        else:
            if wants_json:
                return JsonResponse(
                    {"episode": master.episode.number, "version": master.version, "url": _page_of(master)}, status=201
                )
            messages.success(
                request, _("Episode %(number)s: the file is in and being measured.") % {"number": master.episode.number}
            )
            return redirect("production_masters", pk=pk)
    if request.method == "POST" and wants_json:
        sentence = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"error": sentence}, status=422)
    rows = _newest(production)
    access = request.access  # type: ignore[attr-defined]
    return render(
        request,
        "postproduction/masters.html",
        {
            "production": production, "tab": "production_post", "rows": rows, "form": form,
            "limit_mb": upload_limit() // 1024**2,
            "ready": sum(master is not None and master.state == MasterState.READY for _episode, master in rows),
            "approved": sum(master is not None and master.state == MasterState.APPROVED for _episode, master in rows),
            "checking": any(master is not None and master.state == MasterState.CHECKING for _episode, master in rows),
            "may_manage": access.may_on("post.manage", production), "may_work": access.may_on("post.work", production),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _page_of(master: Master) -> str:
    return reverse("master", args=[master.pk])


def _hand_in(request: HttpRequest, production: Any, file: Any, number: int | None) -> Master:
    wanted = number or episode_number_of(file.name)
    episode = Episode.objects.filter(production=production, number=wanted).first() if wanted else None
    if episode is None:
        raise Refused(
            "episode_unknown",
            _(
                "The name %(name)s does not say an episode of this title. Name it like “EP03.mp4” or choose the episode."
            ),
            params={"name": file.name},
        )
    master = actions.hand_in_master(episode=episode, file=file, file_name=file.name, by=request.user)  # type: ignore[arg-type]
    master.episode = episode
    return master


def _master(request: HttpRequest, pk: int, verb: str) -> Master:
    rows = Master.objects.select_related("episode__production__studio", "approved_by")
    return scoped(request, rows, verb, pk=pk)


@page("post.view")
def master_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Watch a master beside what was measured."""
    master = _master(request, pk, "post.view")
    access = request.access  # type: ignore[attr-defined]
    return render(
        request,
        "postproduction/master.html",
        {
            "master": master, "production": master.episode.production, "tab": "production_post",
            "others": queries.masters_for(access).filter(episode=master.episode).order_by("-version"),
            "may_manage": access.may_on("post.manage", master.episode.production),
        },
    )  # fmt: skip


@page("post.view")
def master_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself, in parts where the player asks so."""
    master = _master(request, pk, "post.view")
    # What could not be read as a film is not handed to a browser as one.
    refused = master.state == MasterState.REFUSED or "download" in request.GET
    return serve(request, master.file, name=master.file_name, etag=master.sha256, download=refused)


@page("post.view", write="post.manage", methods=("POST",))
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    master = _master(request, pk, "post.manage")
    try:
        actions.approve_master(master=master, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Episode %(number)s is approved.") % {"number": master.episode.number})
    return redirect(back_to(request, _page_of(master)))


@page("post.view", write="post.manage", methods=("POST",))
def approve_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the newest master of every episode that was measured and is whole."""
    production = production_of(request, pk, "post.manage")
    count = 0
    for _episode, master in _newest(production):
        if master is not None and master.state == MasterState.READY:
            actions.approve_master(master=master, by=request.user)  # type: ignore[arg-type]
            count += 1
    text = ngettext("%(count)s master is approved.", "%(count)s masters are approved.", count)
    messages.success(request, text % {"count": count})
    return redirect("production_masters", pk=pk)
