"""Pages of post: the desk, and a title's episodes by steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from postproduction import actions, queries
from postproduction.choices import TaskState
from postproduction.forms import AssignForm, FinishForm, ReopenForm
from postproduction.models import EpisodePost, Master, PostTask
from postproduction.sheets import answer
from studio.doors import page, scoped
from studio.models import Episode, Production
from studio.refusals import Refused

TASKS_A_PAGE = 100
DESK_STATES = {
    "open": [TaskState.READY, TaskState.WORKING], "ready": [TaskState.READY], "working": [TaskState.WORKING],
    "waiting": [TaskState.WAITING], "done": [TaskState.DONE], "all": list(TaskState),
}  # fmt: skip


def back_to(request: HttpRequest, default: str) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and safe else default


def _desk(request: HttpRequest) -> tuple[Any, Any, dict[str, str]]:
    """The tasks of the chosen person and title, the filtered ones of them, and the filters as read."""
    access = request.access  # type: ignore[attr-defined]
    chosen = {
        "who": request.GET.get("who") or ("all" if access.may("post.manage") else "mine"),
        "state": request.GET.get("state", "open"),
        "step": request.GET.get("step", "")[:40],
        "production": request.GET.get("production", ""),
        "late": request.GET.get("late", ""),
        "q": request.GET.get("q", "").strip()[:60],
    }
    if chosen["state"] not in DESK_STATES:
        chosen["state"] = "open"
    rows = queries.tasks_for(access)
    if chosen["who"] == "mine":
        rows = rows.filter(assignee__user=request.user)
    elif chosen["who"] == "nobody":
        rows = rows.filter(assignee=None)
    if chosen["production"].isdecimal():
        rows = rows.filter(episode_post__episode__production=int(chosen["production"][:18]))
    if chosen["step"]:
        rows = rows.filter(step=chosen["step"])
    if chosen["q"]:
        rows = rows.filter(episode_post__episode__production__title__icontains=chosen["q"])
    found = rows.filter(state__in=DESK_STATES[chosen["state"]])
    if chosen["late"]:
        found = found.filter(due_date__lt=timezone.localdate()).exclude(state=TaskState.DONE)
    order = ("-finished_at", "-pk") if chosen["state"] == "done" else ("due_date", "pk")
    return rows, found.order_by(*order), chosen


@page("post.view")
def desk(request: HttpRequest) -> HttpResponse:
    """The post desk: what is ready, in work, late; mine or everybody's."""
    access = request.access  # type: ignore[attr-defined]
    rows, found, chosen = _desk(request)
    steps, titles = queries.desk_choices(access)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "postproduction/desk.html",
        {
            "page": Paginator(found, TASKS_A_PAGE).get_page(request.GET.get("page")),
            "counts": queries.desk_counts(rows, timezone.localdate()),
            "chosen": chosen,
            "steps": steps,
            "titles": titles,
            "today": timezone.localdate(),
            "query": query.urlencode(),
            "may_work": access.may("post.work"),
        },
    )


def _task_head() -> list[str]:
    return [
        pgettext("column", "Title"), pgettext("column", "Episode"), pgettext("column", "Step"),
        pgettext("column", "State"), pgettext("column", "Round"), pgettext("column", "Assigned to"),
        pgettext("column", "Due"), pgettext("column", "Minutes planned"), pgettext("column", "Minutes worked"),
        pgettext("column", "Note"),
    ]  # fmt: skip


def _task_row(task: PostTask) -> list[Any]:
    episode = task.episode_post.episode
    return [
        episode.production.title, episode.number, task.label, task.get_state_display(), task.round,
        task.assignee.name if task.assignee else "", task.due_date.isoformat() if task.due_date else "",
        task.minutes_planned, task.minutes_worked, task.note,
    ]  # fmt: skip


@page("post.view")
def export_desk(request: HttpRequest) -> HttpResponse:
    """The desk as it is filtered, as a table."""
    _rows, found, _chosen = _desk(request)
    kind = request.GET.get("format", "csv")
    return answer("post-tasks", kind, _task_head(), (_task_row(task) for task in found[:50_000]))


def _task(request: HttpRequest, pk: int, verb: str) -> PostTask:
    rows = PostTask.objects.select_related("episode_post__episode__production__studio", "assignee")
    return scoped(request, rows, verb, pk=pk)


def _task_answer(request: HttpRequest, pk: int, error: str = "") -> HttpResponse:
    """The task's line where htmx asked for it, else back to the page with a message."""
    if request.htmx:  # type: ignore[attr-defined]
        context = {
            "task": _task(request, pk, "post.view"), "error": error, "today": timezone.localdate(), "may_work": True,
        }  # fmt: skip
        return render(request, "postproduction/_task_row.html", context, status=422 if error else 200)
    if error:
        messages.error(request, error)
    return redirect(back_to(request, "post_desk"))


@page("post.view", write="post.work", methods=("POST",))
def start(request: HttpRequest, pk: int) -> HttpResponse:
    task = _task(request, pk, "post.work")
    try:
        actions.start_task(task=task, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        return _task_answer(request, pk, refused.message)
    return _task_answer(request, pk)


@page("post.view", write="post.work", methods=("POST",))
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    task = _task(request, pk, "post.work")
    form = FinishForm(request.POST)
    if not form.is_valid():
        return _task_answer(request, pk, " ".join(form.errors["minutes_worked"]))
    try:
        actions.finish_task(task=task, by=request.user, **form.cleaned_data)
    except Refused as refused:
        return _task_answer(request, pk, refused.message)
    return _task_answer(request, pk)


@page("post.view", write="post.manage", methods=("POST",))
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    task = _task(request, pk, "post.manage")
    episode = task.episode_post.episode
    form = ReopenForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("note_missing", " ".join(form.errors["note"]))
        actions.reopen_task(task=task, note=form.cleaned_data["note"], by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The step is open again, and so is what rests on it."))
    return redirect(back_to(request, f"/productions/{episode.production_id}/post/{episode.number}/"))


def production_of(request: HttpRequest, pk: int, verb: str) -> Production:
    return scoped(request, Production.objects.select_related("studio"), verb, pk=pk)


def _grid_context(request: HttpRequest, production: Production) -> dict[str, Any]:
    access = request.access  # type: ignore[attr-defined]
    today = timezone.localdate()
    grid = queries.grid(production, today)
    return {
        "production": production,
        "tab": "production_post",
        "grid": grid,
        "not_opened": len(grid.rows) - grid.opened,
        "loads": queries.loads(production),
        "chart": _burn_up_chart(queries.burn_up(production, today)),
        "may_manage": access.may_on("post.manage", production),
        "may_work": access.may_on("post.work", production),
    }


def _burn_up_chart(burn: queries.BurnUp) -> dict[str, Any] | None:
    if not burn.dates:
        return None
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {},
        "xAxis": {"type": "category", "data": [day.strftime("%m-%d") for day in burn.dates], "boundaryGap": False},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "name": pgettext("post", "Planned"), "type": "line", "step": "end", "showSymbol": False,
                "data": list(burn.planned), "lineStyle": {"type": "dashed", "color": "token:chart-6"},
                "itemStyle": {"color": "token:chart-6"},
            },
            {
                "name": pgettext("post", "Done"), "type": "line", "step": "end", "showSymbol": False,
                "data": list(burn.done), "lineStyle": {"color": "token:chart-1"},
                "itemStyle": {"color": "token:chart-1"}, "areaStyle": {"opacity": 0.12},
            },
        ],
    }  # fmt: skip


@page("post.view")
def production_post(request: HttpRequest, pk: int) -> HttpResponse:
    """A title in post: episodes by steps, how far, who has how much."""
    production = production_of(request, pk, "post.view")
    context = _grid_context(request, production)
    context["form"] = AssignForm(production, context["grid"])
    return render(request, "postproduction/production.html", context)


@page("post.view")
def export_production(request: HttpRequest, pk: int) -> HttpResponse:
    production = production_of(request, pk, "post.view")
    rows = queries.tasks_for(request.access).filter(episode_post__episode__production=production)  # type: ignore[attr-defined]
    rows = rows.order_by("episode_post__episode__number", "position")
    return answer(
        f"{production.code}-post", request.GET.get("format", "csv"), _task_head(), (_task_row(task) for task in rows)
    )


@page("post.view", write="post.manage", methods=("POST",))
def open_episodes(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one episode, or all that are not yet, into post by hand: for titles without a shoot."""
    production = production_of(request, pk, "post.manage")
    number = request.POST.get("number", "")
    rows = Episode.objects.filter(production=production, post=None).order_by("number")
    if number:
        rows = rows.filter(number=int(number) if number.isdecimal() and len(number) < 7 else 0)
    opened = 0
    try:
        for episode in rows:
            actions.open_episode(episode=episode, by=request.user)  # type: ignore[arg-type]
            opened += 1
    except Refused as refused:
        messages.error(request, refused.message)
    if opened:
        text = ngettext("%(count)s episode is in post now.", "%(count)s episodes are in post now.", opened)
        messages.success(request, text % {"count": opened})
    return redirect("production_post", pk=pk)


@page("post.view", write="post.manage", methods=("POST",))
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a step of a range of episodes to a person."""
    production = production_of(request, pk, "post.manage")
    context = _grid_context(request, production)
    form = AssignForm(production, context["grid"], request.POST)
    if form.is_valid():
        data = form.cleaned_data
        rows = PostTask.objects.filter(
            episode_post__episode__production=production,
            episode_post__episode__number__range=(data["from_number"], data["to_number"]),
        )  # fmt: skip
        if data["step"]:
            rows = rows.filter(step=data["step"])
        try:
            count = actions.assign_tasks(
                production=production, task_ids=list(rows.values_list("pk", flat=True)), person=data["person"],
                by=request.user,  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            text = ngettext("%(count)s task changed hands.", "%(count)s tasks changed hands.", count)
            messages.success(request, text % {"count": count})
            return redirect("production_post", pk=pk)
    return render(request, "postproduction/production.html", {**context, "form": form}, status=422)


@page("post.view")
def episode_page(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """One episode in post: its tasks and masters."""
    production = production_of(request, pk, "post.view")
    episode = scoped(request, Episode.objects.all(), "post.view", production=production, number=number)
    post = EpisodePost.objects.filter(episode=episode).select_related("pipeline").first()
    tasks = queries.tasks_for(request.access).filter(episode_post__episode=episode).order_by("position")  # type: ignore[attr-defined]
    access = request.access  # type: ignore[attr-defined]
    numbers = dict(production.episodes.filter(number__in=[number - 1, number + 1]).values_list("number", "pk"))
    return render(
        request,
        "postproduction/episode.html",
        {
            "production": production, "tab": "production_post", "episode": episode, "post": post, "tasks": tasks,
            "masters": Master.objects.filter(episode=episode).select_related("approved_by").order_by("-version"),
            "today": timezone.localdate(), "may_manage": access.may_on("post.manage", production),
            "may_work": access.may_on("post.work", production), "before": number - 1 if number - 1 in numbers else None,
            "after": number + 1 if number + 1 in numbers else None,
        },
    )  # fmt: skip
