"""Tagging a scene by marking its text, and what the dictionary suggests for a title."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scripts_app import actions, queries
from scripts_app.breakdown_wording import category_letter, step_sentence
from scripts_app.choices import Category, SceneState
from scripts_app.models import BreakdownStep, Element, Refusal, Scene
from scripts_app.views import room_context, scene_of, title_of
from studio.doors import page, scoped
from studio.models import Production
from studio.refusals import Refused


def whole(text: str) -> int:
    """A number that a page sent; -1 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def kinds_of_things() -> list[dict[str, str]]:
    return [{"code": code, "label": str(label), "letter": category_letter(code)} for code, label in Category.choices]


def undoable(production: Production | None, studio_id: int) -> dict[str, Any]:
    step = actions.last_step(studio_id, production)
    return {"step": step, "step_sentence": step_sentence(step.kind, step.params) if step is not None else ""}


@page("script.view", write="script.edit", methods=("GET", "POST"))
def scene_breakdown(request: HttpRequest, pk: int, scene_pk: int) -> HttpResponse:
    """A scene's text with its marks, its sheet and what is suggested.

    A POST does one thing, named by its `do`: mark, untag, accept, refuse, undo. With htmx the answer is the workspace.
    """
    verb = "script.view" if request.method in {"GET", "HEAD"} else "script.edit"
    scene = scene_of(request, pk, scene_pk, verb)
    status, problem = 200, ""
    if request.method == "POST":
        try:
            _do(request, scene)
        except Refused as refused:
            status, problem = (409 if refused.conflict else 422), refused.message
        if not request.htmx:  # type: ignore[attr-defined]
            if problem:
                messages.error(request, problem)
            return redirect("scene_breakdown", pk=pk, scene_pk=scene_pk)
    context = room_context(request, scene.production, "breakdown")
    order = list(
        Scene.objects.filter(production=pk, state=SceneState.ACTIVE).order_by("sort_key").values("pk", "number")
    )
    at = next((index for index, row in enumerate(order) if row["pk"] == scene.pk), None)
    context.update(
        {
            "scene": scene, "marked": queries.marked_scene(scene), "categories": kinds_of_things(), "problem": problem,
            "cast": list(scene.cast.select_related("character").order_by("pk")),
            "previous": order[at - 1] if at else None,
            "following": order[at + 1] if at is not None and at + 1 < len(order) else None,
            "scenes": order, **undoable(scene.production, scene.production.studio_id),
        }
    )  # fmt: skip
    template = "scripts/_scene_workspace.html" if request.htmx else "scripts/scene_breakdown.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _do(request: HttpRequest, scene: Scene) -> None:
    given, by = request.POST, request.user
    what = given.get("do", "")
    if given.get("category"):
        # The menu's buttons name the kind, and with it what is done.
        what = what or "mark"
    if what == "mark":
        actions.mark_words(
            scene=scene, category=given.get("category", ""), name=given.get("name", "").strip(),
            line=whole(given.get("line", "")), start=whole(given.get("start", "")),
            length=whole(given.get("length", "")), words=given.get("words", ""), by=by,  # type: ignore[arg-type]
        )  # fmt: skip
    elif what == "untag":
        element = scoped(
            request,
            Element.objects.all(),
            "script.edit",
            pk=whole(given.get("element", "")),
            production=scene.production_id,
        )
        actions.untag_element(element=element, scene=scene, by=by)  # type: ignore[arg-type]
    elif what == "accept":
        kind, name = _thing(given.get("thing", ""))
        actions.accept_suggestions(production=scene.production, by=by, category=kind, name=name, scene=scene)  # type: ignore[arg-type]
    elif what == "refuse":
        kind, name = _thing(given.get("thing", ""))
        actions.refuse_suggestion(production=scene.production, category=kind, name=name, by=by)  # type: ignore[arg-type]
    elif what == "undo":
        _undo(request, scene.production)


def _thing(text: str) -> tuple[str, str]:
    """`props:红色请柬`; nothing means all."""
    category, _colon, name = text.partition(":")
    return category, name


def _undo(request: HttpRequest, production: Production) -> None:
    step = scoped(
        request, BreakdownStep.objects.select_related("studio", "production"), "script.edit",
        pk=whole(request.POST.get("step", "")), production=production.pk,
    )  # fmt: skip
    actions.undo_step(step=step, by=request.user)  # type: ignore[arg-type]


@page("script.view", write="script.edit", methods=("POST",))
def title_step(request: HttpRequest, pk: int) -> HttpResponse:
    """What is done to suggestions of a whole title (`do`: accept, refuse, allow), and undoing its last step."""
    production = title_of(request, pk, "script.edit")
    given, by = request.POST, request.user
    what = given.get("do", "")
    kind, name = _thing(given.get("thing", ""))
    try:
        if what == "accept":
            made = actions.accept_suggestions(production=production, by=by, category=kind, name=name)  # type: ignore[arg-type]
            messages.success(request, ngettext("%(n)s tag made.", "%(n)s tags made.", made) % {"n": made})
        elif what == "refuse":
            actions.refuse_suggestion(production=production, category=kind, name=name, by=by)  # type: ignore[arg-type]
        elif what == "allow":
            refusal = scoped(
                request, Refusal.objects.select_related("production"), "script.edit",
                pk=whole(given.get("refusal", "")), production=pk,
            )  # fmt: skip
            actions.allow_again(refusal=refusal, by=by)  # type: ignore[arg-type]
        elif what == "undo":
            _undo(request, production)
            messages.success(request, _("Undone."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("breakdown", pk=pk)
