"""The import page: a script that was read, its faults beside its text, and what is decided about them."""

from __future__ import annotations

import json
from string import ascii_uppercase
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from scripts_app import actions, queries
from scripts_app.choices import IntExt, ReadingState, TimeOfDay
from scripts_app.models import Reading
from scripts_app.parsers import ParsedScene, ParsedScript, read_as_head
from scripts_app.parsers.decisions import ACTIONS
from scripts_app.queries import ImportPage
from scripts_app.views import room_context
from studio.doors import page, scoped
from studio.models import User
from studio.refusals import Refused

_HEAD = ("number", "set", "int_ext", "time")


def _reading(request: HttpRequest, pk: int, reading_pk: int, verb: str) -> Reading:
    rows = Reading.objects.select_related("production__studio", "revision")
    return scoped(request, rows, verb, pk=reading_pk, production=pk)


def _verb(request: HttpRequest) -> str:
    return "script.view" if request.method in {"GET", "HEAD"} else "script.edit"


@page("script.view", write="script.edit", methods=("GET", "POST"))
def reading(request: HttpRequest, pk: int, reading_pk: int) -> HttpResponseBase:
    """A script that waits for decisions; a POST takes, undoes or repeats one."""
    row = _reading(request, pk, reading_pk, _verb(request))
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _decide(request, row)
        except Refused as why:
            refused = why
            row.refresh_from_db()
        else:
            if not request.htmx:  # type: ignore[attr-defined]
                return redirect(request.get_full_path())
    elif row.state != ReadingState.OPEN:
        return _closed(request, row)
    return _page(request, row, refused)


def _closed(request: HttpRequest, row: Reading) -> HttpResponse:
    if row.revision is not None:
        return redirect(f"{reverse('script', args=[row.production_id])}?revision={row.revision.number}")
    messages.info(request, _("“%(file)s” was dropped.") % {"file": row.source_name})
    return redirect("script", pk=row.production_id)


def _page(request: HttpRequest, row: Reading, refused: Refused | None = None) -> HttpResponseBase:
    names = {
        user.pk: str(user) for user in User.objects.filter(pk__in={step["by"] for step in row.steps if step["by"]})
    }
    try:
        shown = ImportPage.of(row, names, request.GET.get("show", ""), request.GET.get("code", ""))
    except Refused as gone:
        messages.error(request, gone.message)
        return redirect("script", pk=row.production_id)
    asked = request.GET.get("episode", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else shown.first_episode()
    if not any(each["number"] == number for each in shown.episodes):
        number = shown.first_episode()
    context = room_context(request, row.production, "script")
    context.update(
        {
            "reading": row, "page": shown, "episode": shown.episode(number), "number": number,
            "next_episode": shown.next_episode(number), "refused": refused, "open": row.state == ReadingState.OPEN,
            "preview": queries.preview(row.production, shown.parsed), "importable": shown.parsed.importable,
            "query": _query(request, number), "own": [step for step in shown.steps if not step.from_revision],
            "recalled": [step for step in shown.steps if step.from_revision], "roles": _roles(shown),
        }
    )  # fmt: skip
    status = 200 if refused is None else 409 if refused.conflict else 422
    template = "scripts/_reading.html" if request.htmx else "scripts/reading.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _query(request: HttpRequest, number: int) -> str:
    kept = {name: value for name in ("show", "code") if (value := request.GET.get(name, "")[:60])}
    return urlencode({"episode": number, **kept})


def _roles(shown: ImportPage) -> list[str]:
    names: dict[str, None] = dict.fromkeys(role.name for role in shown.parsed.characters)
    for scene in shown.parsed.scenes:
        names.update(dict.fromkeys(member.name for member in scene.cast))
    return list(names)[:400]


def _decide(request: HttpRequest, row: Reading) -> None:
    sent = request.POST
    version = sent.get("version", "")
    seen: dict[str, Any] = {"reading": row, "by": request.user, "version": int(version) if version.isdecimal() else -1}
    if "undo" in sent:
        actions.undo(**seen)
    elif "redo" in sent:
        actions.redo(**seen)
    elif sent.get("take_back", "").isdecimal():
        actions.undo(**seen, step=int(sent["take_back"]))
    elif "accept_all" in sent or "ignore_all" in sent:
        ignore = "ignore_all" in sent
        actions.decide_all(**seen, code=sent["ignore_all" if ignore else "accept_all"], ignore=ignore)
    elif "decision" in sent:
        try:
            decision = json.loads(sent["decision"])
        except ValueError:
            decision = None
        actions.decide(**seen, decisions=[decision])
    else:
        actions.decide(**seen, decisions=[_typed(row, sent)])


def _typed(row: Reading, sent: Any) -> dict[str, Any]:
    """A decision out of the fields of a form; of a head that is changed, only what is different."""
    action = sent.get("action", "")
    needed, possible = ACTIONS.get(action, (frozenset(), frozenset()))
    decision = {"action": action, **{name: sent.get(name, "").strip() for name in (*needed, *possible)}}
    if action == "set_head" and decision["line"].isdecimal():
        scene = _scene_at(row, int(decision["line"]))
        told = _head_of(scene) if scene else {}
        decision.update({name: "" for name in _HEAD if decision[name] == told.get(name)})
    return decision


def _scene_at(row: Reading, line: int) -> ParsedScene | None:
    return next((each for each in queries.parsed_reading(row).scenes if each.line == line), None)


def _free_number(parsed: ParsedScript, inside: ParsedScene | None) -> str:
    """What a scene cut out of another may be called: 1-3A behind 1-3."""
    base = inside.number.rstrip(ascii_uppercase) if inside else ""
    taken = {each.number for each in parsed.scenes}
    return next((f"{base}{letter}" for letter in ascii_uppercase if f"{base}{letter}" not in taken), "") if base else ""


def _head_of(scene: ParsedScene) -> dict[str, str]:
    return {
        "number": scene.number, "set": scene.place or "", "int_ext": scene.int_ext or "",
        "time": scene.time_of_day or "",
    }  # fmt: skip


@page("script.edit")
def reading_line(request: HttpRequest, pk: int, reading_pk: int, line: int) -> HttpResponseBase:
    """What can be decided about a line: drawn into the dialog of the import page."""
    row = _reading(request, pk, reading_pk, "script.edit")
    try:
        parsed = queries.parsed_reading(row)
    except Refused as gone:
        return HttpResponse(gone.message, status=422)
    written = parsed.lines[line - 1] if 0 < line <= len(parsed.lines) else ""
    context: dict[str, Any] = {
        "reading": row, "production": row.production, "line": line, "written": written,
        "query": urlencode({name: value for name in ("episode", "show", "code") if (value := request.GET.get(name, "")[:60])}),
        "int_ext": IntExt.choices, "times": TimeOfDay.choices,
    }  # fmt: skip
    scene = next(
        (
            each
            for each in parsed.scenes
            if line in {each.line, *(one.line for one in each.head if one.role == "scene")}
        ),
        None,
    )
    episode = next((each for each in parsed.episodes if each.line == line and each.head), None)
    if scene is not None and not any(each.line == line for each in scene.elements):
        context.update({"kind": "scene", "head": _head_of(scene), "line": scene.line, "place": scene.place or ""})
    elif episode is not None:
        context.update({"kind": "episode", "number": episode.number})
    elif written.strip():
        inside = next((each for each in parsed.scenes if any(one.line == line for one in each.elements)), None)
        said = read_as_head(parsed.layout, written)
        number = said.number if said.number and said.scene else _free_number(parsed, inside)
        element = next((one for one in inside.elements if one.line == line), None) if inside else None
        context.update(
            {
                "kind": "text" if inside or any(one.line == line for each in parsed.episodes for one in each.lead) else "front",
                "speaker": element.speaker if element and element.speaker else "", "scene": inside,
                "head": {
                    "number": number, "set": (said.place or "") if len(said.place or "") <= 20 else "",
                    "int_ext": said.int_ext or "", "time": said.time_of_day or "",
                },
            }
        )  # fmt: skip
    else:
        context["kind"] = "front"
    return render(request, "scripts/_reading_line.html", context)


@page("script.view", write="script.edit", methods=("POST",))
def import_reading(request: HttpRequest, pk: int, reading_pk: int) -> HttpResponseBase:
    row = _reading(request, pk, reading_pk, "script.edit")
    version = request.POST.get("version", "")
    try:
        job = actions.start_import(
            reading=row, version=int(version) if version.isdecimal() else -1, by=request.user  # type: ignore[arg-type]
        )  # fmt: skip
    except Refused as refused:
        if row.state != ReadingState.OPEN:
            messages.warning(request, refused.message)
            return _closed(request, row)
        return _page(request, row, refused)
    return redirect(f"{reverse('script', args=[pk])}?job={job.pk}")


@page("script.view", write="script.edit", methods=("POST",))
def discard_reading(request: HttpRequest, pk: int, reading_pk: int) -> HttpResponse:
    row = _reading(request, pk, reading_pk, "script.edit")
    try:
        actions.discard_reading(reading=row, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(
            request, _("“%(file)s” was dropped. Nothing of the title was changed.") % {"file": row.source_name}
        )
    return redirect("script", pk=pk)
