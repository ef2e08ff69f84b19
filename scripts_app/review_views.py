"""Pages of reviews: a title's rounds, one round, an episode read with notes beside it."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scripts_app import actions, queries
from scripts_app.choices import NoteState, PitchState
from scripts_app.forms import ReviewForm
from scripts_app.models import Criterion, ReviewNote, ReviewRound
from scripts_app.review_forms import CloseRoundForm, NoteForm, OpenRoundForm, PlanForm
from scripts_app.views import revision_of, room_context, title_of
from studio.doors import page, scoped
from studio.models import Production
from studio.refusals import Refused


def _context(request: HttpRequest, production: Production) -> dict[str, Any]:
    context = room_context(request, production, "reviews")
    context["may_greenlight"] = request.access.may_on("production.edit", production)  # type: ignore[attr-defined]
    return context


def _round(request: HttpRequest, pk: int, round_pk: int, verb: str) -> ReviewRound:
    rows = ReviewRound.objects.select_related("revision__script__production__studio", "reviewed_by", "opened_by")
    return scoped(request, rows, verb, pk=round_pk, revision__script__production=pk)


def _or_say(request: HttpRequest, act: Callable[[], Any], said: str = "") -> bool:
    """Do it; a refusal becomes a message. Whether it was done."""
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.message)
        return False
    if said:
        messages.success(request, said)
    return True


@page("script.view")
def reviews(request: HttpRequest, pk: int) -> HttpResponse:
    """All that was said of a title's drafts: rounds, points, notes that wait, rights, the greenlight."""
    production = title_of(request, pk)
    revision = queries.current_revision(production)
    criteria = list(queries.criteria_of(production.studio_id))
    history = queries.score_history(production, criteria)
    used = {pk for row in history for pk in row.standings}
    shown = [each for each in criteria if not each.retired or each.pk in used]
    notes = [
        each for each in (queries.notes_of(revision) if revision is not None else [])
        if each.note.state != NoteState.SETTLED
    ]  # fmt: skip
    sources = list(production.source_works.all())
    script = getattr(production, "script", None)
    context = _context(request, production)
    context.update(
        {
            "revision": revision,
            "rounds": queries.rounds_of(production),
            "standing": queries.greenlight_standing(production, revision),
            "criteria": shown,
            "history": [{"row": row, "cells": [row.standings.get(each.pk) for each in shown]} for row in history],
            "chart": _chart(shown, history) if len(history) > 1 else None,
            "notes_count": len(notes),
            "notes_here": [each for each in notes if each.line is not None],
            "notes_lost": [each for each in notes if each.line is None],
            "sources": sources,
            "warnings": queries.rights_warnings(production, sources, _today(production)),
            "open_form": OpenRoundForm(production=production),
            "review_form": ReviewForm(),
            "plan_form": PlanForm(
                initial={
                    "planned_episodes": script.planned_episodes if script else None,
                    "logline": script.logline if script else "",
                    "pitch_state": script.pitch_state if script else PitchState.PITCHED,
                }
            ),
        }
    )
    return render(request, "scripts/reviews.html", context)


def _today(production: Production) -> Any:
    return timezone.now().astimezone(production.studio.zone).date()


def _chart(criteria: list[Criterion], history: list[queries.RevisionScore]) -> dict[str, Any]:
    """Lines over revisions: the total thick, each criterion thin."""
    lines = [
        {
            "name": str(each), "type": "line", "connectNulls": True, "lineStyle": {"width": 1},
            "data": [row.standings[each.pk].mean if each.pk in row.standings else None for row in history],
        }
        for each in criteria
    ]  # fmt: skip
    whole = {"name": _("Total"), "type": "line", "lineStyle": {"width": 3}, "data": [row.total for row in history]}
    return {
        "legend": {}, "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [_("Revision %(number)s") % {"number": row.number} for row in history]},
        "yAxis": {"type": "value", "min": 0, "max": 100}, "series": [whole, *lines],
    }  # fmt: skip


@page("script.view", write="script.review", methods=("POST",))
def open_round(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    revision = revision_of(request, pk, number, "script.review")
    form = OpenRoundForm(request.POST, production=revision.script.production)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("reviews", pk=pk)
    try:
        row = actions.open_round(revision=revision, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("reviews", pk=pk)
    messages.success(request, _("The review is open."))
    return redirect("review_round", pk=pk, round_pk=row.pk)


@page("script.view")
def review_round(request: HttpRequest, pk: int, round_pk: int) -> HttpResponse:
    return _round_page(request, _round(request, pk, round_pk, "script.view"), CloseRoundForm())


def _round_page(request: HttpRequest, row: ReviewRound, form: CloseRoundForm, status: int = 200) -> HttpResponse:
    production = row.revision.script.production
    context = _context(request, production)
    read = queries.round_read(row, request.user)  # type: ignore[arg-type]
    returned = len(read.returned)
    context.update(
        {
            "round": row, "read": read, "form": form, "may_work": context["may_review"] and row.is_open,
            "notes": [each for each in queries.notes_of(row.revision) if each.note.round_id == row.pk],
            "confirm_close": ngettext(
                "Close this review? %(count)s episode is returned. What reviewers said is then frozen.",
                "Close this review? %(count)s episodes are returned. What reviewers said is then frozen.", returned,
            ) % {"count": returned},
        }
    )  # fmt: skip
    return render(request, "scripts/review_round.html", context, status=status)


@page("script.view", write="script.review", methods=("POST",))
def close_round(request: HttpRequest, pk: int, round_pk: int) -> HttpResponse:
    row = _round(request, pk, round_pk, "script.review")
    form = CloseRoundForm(request.POST)
    if form.is_valid():
        try:
            actions.close_round(round=row, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("The review is closed."))
            return redirect("review_round", pk=pk, round_pk=round_pk)
    return _round_page(request, row, form, status=422)


@page("script.view", write="script.review", methods=("POST",))
def withdraw_round(request: HttpRequest, pk: int, round_pk: int) -> HttpResponse:
    row = _round(request, pk, round_pk, "script.review")
    if _or_say(request, lambda: actions.withdraw_round(round=row, by=request.user), _("The review is withdrawn.")):  # type: ignore[arg-type]
        return redirect("reviews", pk=pk)
    return redirect("review_round", pk=pk, round_pk=round_pk)


@page("script.view", write="script.review", methods=("GET", "POST"))
def review_episode(request: HttpRequest, pk: int, round_pk: int, number: int) -> HttpResponse:
    """An episode with notes beside its lines; a POST is this reader's verdict, and goes on to the next."""
    writing = request.method == "POST"
    row = _round(request, pk, round_pk, "script.review" if writing else "script.view")
    numbers = sorted({each["number"] for each in row.revision.episodes})
    if number not in numbers:
        raise Http404
    refused = None
    if writing:
        episode = row.revision.script.production.episodes.filter(number=number).first()
        if episode is None:
            raise Http404
        try:
            actions.judge_episode(
                round=row, episode=episode, by=request.user, verdict=request.POST.get("verdict", ""),  # type: ignore[arg-type]
                reason=request.POST.get("reason", ""),
            )  # fmt: skip
        except Refused as said:
            refused = said
        else:
            at = bisect.bisect_right(numbers, number)
            if at == len(numbers):
                return redirect("review_round", pk=pk, round_pk=round_pk)
            return redirect("review_episode", pk=pk, round_pk=round_pk, number=numbers[at])
    return _episode_page(request, row, number, numbers, refused)


def _episode_page(
    request: HttpRequest, row: ReviewRound, number: int, numbers: list[int], refused: Refused | None
) -> HttpResponse:
    production = row.revision.script.production
    context = _context(request, production)
    draft = queries.Draft.of(row.revision)
    notes = [each for each in queries.notes_of(row.revision, draft) if each.episode == number]
    by_line: dict[int, list[queries.NoteAt]] = {}
    for each in notes:
        if each.line is not None:
            by_line.setdefault(each.line, []).append(each)
    read = queries.round_read(row, request.user)  # type: ignore[arg-type]
    episode = next(each for each in read.episodes if each.number == number)
    at = numbers.index(number)
    wanted = request.GET.get("note", "")
    context.update(
        {
            "round": row, "read": read, "row": episode, "text": _text(draft, number, by_line),
            "notes_lost": [each for each in notes if each.line is None], "refused": refused,
            "reason": request.POST.get("reason", episode.mine.reason if episode.mine else ""),
            "may_work": context["may_review"] and row.is_open,
            "note_line": int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 8 else None,
            "previous": numbers[at - 1] if at else None,
            "following": numbers[at + 1] if at + 1 < len(numbers) else None,
        }
    )  # fmt: skip
    return render(request, "scripts/review_episode.html", context, status=422 if refused else 200)


def _text(draft: queries.Draft, number: int, by_line: dict[int, list[queries.NoteAt]]) -> list[dict[str, Any]]:
    """Lines of an episode as the page draws them, each with the notes that stand there."""
    episode = draft.episode(number, [])
    left = dict(by_line)
    rows: list[dict[str, Any]] = []

    def add(kind: str, line: int, **told: Any) -> None:
        # Two elements may come from one line; its notes are shown once.
        rows.append({"kind": kind, "line": line, "notes": left.pop(line, []), **told})

    for lead in episode.told.get("lead", []):
        add("act", lead["line"], text=lead["text"])
    for scene in episode.scenes:
        add("head", scene.head.get("line", 0), head=scene.head, number=scene.scene.number)
        for element in scene.elements:
            add("talk" if element.row.get("speaker") else "act", element.row["line"], row=element.row,
                text=element.row["text"])  # fmt: skip
    return rows


@page("script.view", write="script.review", methods=("POST",))
def give_points(request: HttpRequest, pk: int, round_pk: int) -> HttpResponse:
    """Points of this reader: `criterion-ID` each, empty taking one's own back."""
    row = _round(request, pk, round_pk, "script.review")
    points: dict[int, int | None] = {}
    for name, value in request.POST.items():
        key = name.removeprefix("criterion-")
        if key == name or not (key.isascii() and key.isdecimal() and len(key) < 16):
            continue
        given = value.strip()
        # What is no number is off every scale.
        points[int(key)] = (
            None if not given else int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else 0
        )
    _or_say(
        request,
        lambda: actions.give_points(round=row, points=points, by=request.user),  # type: ignore[arg-type]
        _("Your points are kept."),
    )
    back = request.POST.get("episode", "")
    if back.isascii() and back.isdecimal() and len(back) < 6:
        return redirect("review_episode", pk=pk, round_pk=round_pk, number=int(back))
    return redirect(f"{reverse('review_round', args=[pk, round_pk])}#points")


@page("script.view", write="script.review", methods=("POST",))
def add_note(request: HttpRequest, pk: int, round_pk: int) -> HttpResponse:
    """A note on a line; back to the line it stands on."""
    row = _round(request, pk, round_pk, "script.review")
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the note, at most 4,000 characters, on a line of the text."))
        return redirect("review_round", pk=pk, round_pk=round_pk)
    try:
        note = actions.add_note(round=row, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("review_round", pk=pk, round_pk=round_pk)
    return redirect(
        f"{reverse('review_episode', args=[pk, round_pk, note.episode.number])}#line-{note.line}"
    )  # fmt: skip


@page("script.view", write="script.review", methods=("POST",))
def review_note(request: HttpRequest, pk: int, note_pk: int) -> HttpResponse:
    """Answer, settle or open again; `round` names the round whose page one came from."""
    rows = ReviewNote.objects.select_related("round__revision__script__production", "episode")
    note = scoped(request, rows, "script.review", pk=note_pk, round__revision__script__production=pk)
    by: Any = request.user
    if "settle" in request.POST:
        _or_say(request, lambda: actions.settle_note(note=note, by=by))
    elif "reopen" in request.POST:
        _or_say(request, lambda: actions.reopen_note(note=note, by=by))
    else:
        _or_say(request, lambda: actions.answer_note(note=note, body=request.POST.get("body", ""), by=by))
    where = request.POST.get("episode", "")
    came = request.POST.get("round", "")
    if came.isascii() and came.isdecimal() and len(came) < 16:
        shown = _round(request, pk, int(came), "script.view")
        if where.isascii() and where.isdecimal() and len(where) < 6:
            return redirect(f"{reverse('review_episode', args=[pk, shown.pk, int(where)])}#note-{note.pk}")
        return redirect(f"{reverse('review_round', args=[pk, shown.pk])}#note-{note.pk}")
    return redirect(f"{reverse('reviews', args=[pk])}#note-{note.pk}")


@page("script.view", write="production.edit", methods=("POST",))
def give_greenlight(request: HttpRequest, pk: int) -> HttpResponse:
    production = title_of(request, pk, "production.edit")
    _or_say(
        request,
        lambda: actions.give_greenlight(
            production=production, by=request.user, override_reason=request.POST.get("override_reason", "")  # type: ignore[arg-type]
        ),
        _("The greenlight is given."),
    )  # fmt: skip
    return redirect("reviews", pk=pk)


@page("script.view", write="script.edit", methods=("POST",))
def plan_script(request: HttpRequest, pk: int) -> HttpResponse:
    production = title_of(request, pk, "script.edit")
    form = PlanForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("reviews", pk=pk)
    told = form.cleaned_data
    _or_say(
        request,
        lambda: actions.plan_script(
            production=production, by=request.user, planned_episodes=told["planned_episodes"],  # type: ignore[arg-type]
            logline=told["logline"], pitch_state=told["pitch_state"] or None,
        ),
        _("Saved."),
    )  # fmt: skip
    return redirect("reviews", pk=pk)
