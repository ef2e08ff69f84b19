"""The stripboard: drafts, strips moved by hand, solving, locking."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from scheduling import actions, forms, queries
from scheduling.actions.solving import KIND
from scheduling.choices import BoardState
from scheduling.models import Stripboard
from scripts_app.queries import lacks_greenlight
from studio.choices import JobState
from studio.doors import page, scoped
from studio.models import Job, Production
from studio.refusals import Refused

SOLVE_SECONDS = (5, 10, 30, 60, 180)


def production_of(request: HttpRequest, pk: int, verb: str) -> Production:
    return scoped(request, Production.objects.select_related("studio"), verb, pk=pk)


def board_of(request: HttpRequest, pk: int, board_pk: int, verb: str) -> Stripboard:
    rows = Stripboard.objects.select_related("production__studio", "locked_by")
    return scoped(request, rows, verb, production=pk, pk=board_pk)


@page("board.view")
def board(request: HttpRequest, pk: int, board_pk: int | None = None) -> HttpResponse:
    """A board; without `board_pk` the newest draft, else the locked one."""
    production = production_of(request, pk, "board.view")
    if board_pk is None:
        shown = queries.board_in_front(production)
        if shown is None:
            return render(
                request, "scheduling/board_empty.html",
                {"production": production, "tab": "board", "may_edit": _may_edit(request, production),
                 "has_scenes": production.scenes.exists()},
            )  # fmt: skip
    else:
        shown = board_of(request, pk, board_pk, "board.view")
    return _board_page(request, production, shown)


def _may_edit(request: HttpRequest, production: Production) -> bool:
    return bool(request.access.may_on("board.edit", production))  # type: ignore[attr-defined]


def _board_page(
    request: HttpRequest, production: Production, shown: Stripboard, *, status: int = 200, **more: Any
) -> HttpResponse:
    view = queries.board_view(shown)
    may_edit = _may_edit(request, production)
    context = {
        "production": production,
        "tab": "board",
        "view": view,
        "board": shown,
        "boards": queries.boards_of(production),
        "may_edit": may_edit,
        "editable": may_edit and shown.state == BoardState.DRAFT,
        "solve_seconds": SOLVE_SECONDS,
        "owed_count": queries.owed_scenes(production).count(),
        "job": _last_solve(shown),
        "lacks_greenlight": lacks_greenlight(production),
        "new_day_form": forms.NewDayForm(initial=_next_date(view)),
        "currency": production.studio.currency,
        "may_see_money": request.access.may_on("people.view", production),  # type: ignore[attr-defined]
        **more,
    }
    return render(request, "scheduling/board.html", context, status=status)


def _next_date(view: queries.BoardView) -> dict[str, Any]:
    import datetime as dt

    if not view.days:
        return {}
    last = view.days[-1]
    return {
        "date": last.date + dt.timedelta(days=1),
        "call": dt.time(*divmod(last.call_minute, 60)),
        "hours": last.limit_minutes / 60,
    }


def _last_solve(board: Stripboard) -> Job | None:
    """The solve that is running, or the last one when it found no board."""
    for job in Job.objects.filter(kind=KIND, production=board.production_id).order_by("-id")[:20]:
        if job.payload.get("board") == board.pk:
            running = job.state in {JobState.QUEUED, JobState.RUNNING}
            parked = job.state == JobState.PARKED and (job.finished_at or job.created_at) >= board.updated_at
            return job if running or parked else None
    return None


# --- changes that answer with the fragments they touch ---------------------------------------------------------------


class BadInput(ValueError):
    """A request that no page of ours sends."""


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        data = json.loads(request.body)
    except ValueError:
        raise BadInput from None
    if not isinstance(data, dict) or not isinstance(data.get("version"), int):
        raise BadInput
    return data


def _whole(data: dict[str, Any], name: str) -> int:
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**31) < value < 2**63:
        raise BadInput
    return value


def _scenes(data: dict[str, Any]) -> list[int]:
    wanted = data.get("scene_ids")
    if not isinstance(wanted, list) or len(wanted) > 2000:
        raise BadInput
    if any(not isinstance(pk, int) or isinstance(pk, bool) or not 0 < pk < 2**63 for pk in wanted):
        raise BadInput
    return wanted


def _changing(
    request: HttpRequest, pk: int, board_pk: int, change: Callable[[Stripboard, dict[str, Any]], actions.Changed]
) -> HttpResponse:
    shown = board_of(request, pk, board_pk, "board.edit")
    try:
        changed = change(shown, _body(request))
    except BadInput:
        return JsonResponse(
            {"code": "bad_input", "message": _("This change cannot be read. Reload the page.")}, status=422
        )
    except Refused as refused:
        return JsonResponse(
            {"code": refused.code, "message": refused.message, "reload": refused.conflict},
            status=409 if refused.conflict else 422,
        )
    if changed.days_changed:
        return JsonResponse({"version": changed.board.version, "reload": True})
    view = queries.board_view(changed.board)
    context = {
        "view": view, "board": changed.board, "production": changed.board.production, "editable": True,
        "currency": changed.board.production.studio.currency,
        "may_see_money": request.access.may_on("people.view", changed.board.production),  # type: ignore[attr-defined]
    }  # fmt: skip

    def draw(template: str, **more: Any) -> str:
        return render_to_string(f"scheduling/{template}", {**context, **more}, request=request)

    return JsonResponse(
        {
            "version": changed.board.version,
            "fragments": {
                **{f"day-{day.id}": draw("_board_day.html", day=day) for day in view.days if day.id in changed.day_ids},
                "boneyard": draw("_board_boneyard.html"),
                "board-summary": draw("_board_summary.html"),
                "board-side": draw("_board_side.html"),
                "board-history": draw("_board_history.html"),
            },
        }
    )


@page("board.view", write="board.edit", methods=("POST",))
def board_move(request: HttpRequest, pk: int, board_pk: int) -> HttpResponse:
    """JSON {"version", "scene_ids", "day_id": id or null, "position"} -> the fragments that changed."""

    def change(shown: Stripboard, data: dict[str, Any]) -> actions.Changed:
        day_id = None if data.get("day_id") is None else _whole(data, "day_id")
        return actions.move_strips(
            board=shown, version=data["version"], scene_ids=_scenes(data), day_id=day_id,
            position=_whole(data, "position"), by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip

    return _changing(request, pk, board_pk, change)


@page("board.view", write="board.edit", methods=("POST",))
def board_pin(request: HttpRequest, pk: int, board_pk: int) -> HttpResponse:
    """JSON {"version", "scene_ids", "pinned"}."""

    def change(shown: Stripboard, data: dict[str, Any]) -> actions.Changed:
        return actions.pin_strips(
            board=shown, version=data["version"], scene_ids=_scenes(data), pinned=data.get("pinned") is True,
            by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip

    return _changing(request, pk, board_pk, change)


@page("board.view", write="board.edit", methods=("POST",))
def board_undo(request: HttpRequest, pk: int, board_pk: int) -> HttpResponse:
    """JSON {"version", "redo": true to go forward again}."""

    def change(shown: Stripboard, data: dict[str, Any]) -> actions.Changed:
        walk = actions.redo if data.get("redo") is True else actions.undo
        return walk(board=shown, version=data["version"], by=request.user)  # type: ignore[arg-type]

    return _changing(request, pk, board_pk, change)


# --- changes by forms -------------------------------------------------------------------------------------------------


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 19 else -1


def _back_to(board: Stripboard) -> HttpResponse:
    return redirect("board_page", pk=board.production_id, board_pk=board.pk)


def _or_say(request: HttpRequest, board: Stripboard, change: Callable[[], Any], said: str = "") -> HttpResponse:
    """Do it and go back to the board, saying what came out."""
    try:
        change()
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        if said:
            messages.success(request, said)
    return _back_to(board)


def _first_error(form: Any) -> str:
    return next(iter(next(iter(form.errors.values()))))


@page("board.view", write="board.edit", methods=("POST",))
def board_day_add(request: HttpRequest, pk: int, board_pk: int) -> HttpResponse:
    shown = board_of(request, pk, board_pk, "board.edit")
    form = forms.NewDayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _first_error(form))
        return _back_to(shown)
    data = form.cleaned_data
    return _or_say(
        request, shown,
        lambda: actions.add_board_day(
            board=shown, version=_version(request), date=data["date"], call_minute=forms.minute_of(data["call"]),
            limit_minutes=int(data["hours"] * 60), by=request.user,  # type: ignore[arg-type]
        ),
    )  # fmt: skip


@page("board.view", write="board.edit", methods=("POST",))
def board_day(request: HttpRequest, pk: int, board_pk: int, day_pk: int) -> HttpResponse:
    """Change a day's call and length, or with `remove` take it off the board."""
    shown = board_of(request, pk, board_pk, "board.edit")
    if "remove" in request.POST:
        return _or_say(
            request, shown,
            lambda: actions.remove_board_day(
                board=shown, version=_version(request), day_id=day_pk, by=request.user  # type: ignore[arg-type]
            ),
            _("The day is off the board; its strips are in the boneyard."),
        )  # fmt: skip
    form = forms.DayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _first_error(form))
        return _back_to(shown)
    data = form.cleaned_data
    return _or_say(
        request, shown,
        lambda: actions.change_board_day(
            board=shown, version=_version(request), day_id=day_pk, call_minute=forms.minute_of(data["call"]),
            limit_minutes=int(data["hours"] * 60), by=request.user,  # type: ignore[arg-type]
        ),
    )  # fmt: skip


@page("board.edit", methods=("GET", "POST"))
def board_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a board."""
    production = production_of(request, pk, "board.edit")
    first = production.shoot_from_date
    initial: dict[str, Any] = {"first_date": first} if first else {}
    if first and production.shoot_to_date:
        initial["days"] = min(120, (production.shoot_to_date - first).days + 1)
    form = forms.DraftForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.draft_board(
                production=production, dates=form.dates(), name=data["name"], by=request.user,  # type: ignore[arg-type]
                call_minute=forms.minute_of(data["call"]), limit_minutes=int(data["hours"] * 60),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return _back_to(made)
    return render(
        request, "scheduling/form.html",
        {"production": production, "tab": "board", "form": form, "title": _("New board"),
         "text": _("Every scene still to be shot becomes a strip in the boneyard; then solve it, or lay it by hand."),
         "submit": _("Draft the board"), "back": "board"},
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("board.view", write="board.edit", methods=("POST",))
def board_duplicate(request: HttpRequest, pk: int, board_pk: int) -> HttpResponse:
    shown = board_of(request, pk, board_pk, "board.edit")
    try:
        copy = actions.duplicate_board(board=shown, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
        return _back_to(shown)
    messages.success(request, _("This is “%(name)s”, a copy to try things on.") % {"name": copy.name})
    return _back_to(copy)


@page("board.view", write="board.edit", methods=("POST",))
def board_rename(request: HttpRequest, pk: int, board_pk: int) -> HttpResponse:
    shown = board_of(request, pk, board_pk, "board.edit")
    return _or_say(
        request, shown,
        lambda: actions.rename_board(board=shown, name=request.POST.get("name", ""), by=request.user),  # type: ignore[arg-type]
    )  # fmt: skip


@page("board.edit", methods=("GET", "POST"))
def board_settings(request: HttpRequest, pk: int, board_pk: int) -> HttpResponse:
    """What the board reckons with."""
    shown = board_of(request, pk, board_pk, "board.edit")
    currency = shown.production.studio.currency
    initial = {name: getattr(shown, name) for name in forms.SettingsForm.base_fields if hasattr(shown, name)}
    for name in ("base_move", "extra_day", "set_change", "early_episodes"):
        initial[name] = forms.amount_of(getattr(shown, f"{name}_minor"), currency)
    form = forms.SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_settings(
                board=shown, version=_version(request), by=request.user,  # type: ignore[arg-type]
                **form.settings(currency),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("The board is reckoned anew."))
            return _back_to(shown)
    return render(
        request, "scheduling/form.html",
        {"production": shown.production, "tab": "board", "form": form, "title": _("What the board reckons with"),
         "text": shown.name, "submit": _("Save and reckon"), "back": "board_page", "back_board": shown.pk,
         "version": shown.version, "grid": True},
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("board.view", write="board.edit", methods=("POST",))
def board_solve(request: HttpRequest, pk: int, board_pk: int) -> HttpResponse:
    shown = board_of(request, pk, board_pk, "board.edit")
    text = request.POST.get("seconds", "10")
    seconds = int(text) if text.isdecimal() and len(text) < 6 else 0
    return _or_say(request, shown, lambda: actions.request_solve(board=shown, by=request.user, seconds=seconds))  # type: ignore[arg-type]


@page("board.view", write="board.edit", methods=("POST",))
def board_stop(request: HttpRequest, pk: int, board_pk: int) -> HttpResponse:
    """Stop the solve and keep the best board it has."""
    shown = board_of(request, pk, board_pk, "board.edit")
    actions.stop_solve(board=shown)
    return _back_to(shown)


@page("board.view")
def board_solve_panel(request: HttpRequest, pk: int, board_pk: int, job_pk: int) -> HttpResponse:
    """How far the solve is; the page reloads itself when it has ended."""
    shown = board_of(request, pk, board_pk, "board.view")
    job = Job.objects.filter(pk=job_pk, kind=KIND, production=pk).first()
    response = render(
        request, "scheduling/_solve_panel.html",
        {"job": job, "board": shown, "production": shown.production, "currency": shown.production.studio.currency,
         "editable": _may_edit(request, shown.production)},
    )  # fmt: skip
    if job is None or job.ended:
        response["HX-Refresh"] = "true"
    return response


@page("board.view", write="board.edit", methods=("POST",))
def board_lock(request: HttpRequest, pk: int, board_pk: int) -> HttpResponse:
    shown = board_of(request, pk, board_pk, "board.edit")

    def lock() -> None:
        actions.lock_board(
            board=shown, version=_version(request), by=request.user,  # type: ignore[arg-type]
            leave_out="leave_out" in request.POST, override_reason=request.POST.get("override_reason", ""),
        )  # fmt: skip
        if lacks_greenlight(shown.production):
            messages.warning(
                request, _("The board is locked although the title has no greenlight yet. Tell its producer.")
            )

    return _or_say(request, shown, lock, _("The board is locked; its shoot days are planned."))


@page("board.view")
def boards(request: HttpRequest, pk: int) -> HttpResponse:
    """All boards of a title side by side."""
    production = production_of(request, pk, "board.view")
    rows = list(queries.boards_of(production))
    return render(
        request, "scheduling/boards.html",
        {"production": production, "tab": "board", "boards": rows, "may_edit": _may_edit(request, production),
         "comparison": queries.compare(rows), "currency": production.studio.currency,
         "may_see_money": request.access.may_on("people.view", production)},  # type: ignore[attr-defined]
    )  # fmt: skip
