"""The breakdown: what scenes need, by kind of thing and scene by scene."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scripts_app import actions, queries
from scripts_app.choices import SceneState
from scripts_app.forms import ElementForm, scenes_named
from scripts_app.models import Breakdown, Element, Scene
from scripts_app.tagging_views import undoable
from scripts_app.views import room_context, title_of
from studio.doors import page, scoped
from studio.models import Production
from studio.refusals import Refused


@page("script.view", write="script.edit", methods=("GET", "POST"))
def breakdown(request: HttpRequest, pk: int) -> HttpResponse:
    """Elements by category, what the dictionary suggests, and the way to each scene; a POST adds a thing."""
    production = title_of(request, pk, "script.view" if request.method in {"GET", "HEAD"} else "script.edit")
    form = ElementForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _add(request, production, form):
        return redirect("breakdown", pk=pk)
    return _page(request, production, form, status=422 if form.errors else 200)


def _add(request: HttpRequest, production: Production, form: ElementForm) -> bool:
    scenes, unknown = scenes_named(production, form.cleaned_data["scenes"])
    if unknown:
        form.add_error("scenes", _("There is no scene %(numbers)s.") % {"numbers": ", ".join(unknown)[:200]})
        return False
    try:
        element = actions.add_element(
            production=production, category=form.cleaned_data["category"], name=form.cleaned_data["name"],
            by=request.user, scenes=scenes,  # type: ignore[arg-type]
        )  # fmt: skip
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    messages.success(request, _("“%(name)s” is on the breakdown.") % {"name": element.name})
    return True


def scenes_without_tags(kinds: list[queries.CategoryRow], scenes: list[Scene]) -> set[int]:
    """Scenes nobody said anything of yet."""
    tagged = {tag.scene_id for kind in kinds for element in kind.elements for tag in element.shown}  # type: ignore[attr-defined]
    return {scene.pk for scene in scenes} - tagged


def _page(request: HttpRequest, production: Production, form: ElementForm, status: int) -> HttpResponse:
    context: dict[str, Any] = room_context(request, production, "breakdown")
    scenes = list(production.scenes.filter(state=SceneState.ACTIVE).order_by("sort_key"))
    found = queries.suggestions(production)
    unclear = queries.unclear_scenes(production)
    kinds = queries.elements_by_category(production)
    context.update(
        {
            "form": form,
            "breakdown": queries.current_breakdown(production),
            "kinds": kinds,
            "elements": sum(len(kind.elements) for kind in kinds),
            "suggested": sum(element.suggested for kind in kinds for element in kind.elements),
            "scenes": scenes,
            "untagged": scenes_without_tags(kinds, scenes),
            "proposed": queries.suggested_things(found),
            "proposed_count": len(found),
            "refused": list(production.refusals.filter(scene=None)),
            **undoable(production, production.studio_id),
            "unclear": unclear,
            "confirm": _confirm_sentence(len(unclear)),
        }
    )
    return render(request, "scripts/breakdown.html", context, status=status)


def _confirm_sentence(unclear: int) -> str:
    if unclear:
        return ngettext(
            "%(n)s scene lacks its set, inside/outside or time of day. Approve the breakdown all the same?",
            "%(n)s scenes lack their set, inside/outside or time of day. Approve the breakdown all the same?",
            unclear,
        ) % {"n": unclear}
    return _("Approve the breakdown? The title moves on to prep.")


@page("script.view", write="script.edit", methods=("POST",))
def tag(request: HttpRequest, pk: int, element_pk: int) -> HttpResponse:
    """`tag`: numbers of scenes that need the thing; `untag`: a scene that does not; `remove`: take it off whole."""
    production = title_of(request, pk, "script.edit")
    element = scoped(request, Element.objects.all(), "script.edit", pk=element_pk, production=pk)
    back = reverse("breakdown", args=[pk])
    by: Any = request.user
    if "remove" in request.POST:
        actions.remove_element(element=element, by=by)
        return redirect(back)
    if untag := request.POST.get("untag", ""):
        scene = production.scenes.filter(number=untag).first()
        if scene is not None:
            actions.untag_element(element=element, scene=scene, by=by)
        return redirect(back)
    scenes, unknown = scenes_named(production, request.POST.get("tag", ""))
    if unknown:
        messages.error(request, _("There is no scene %(numbers)s.") % {"numbers": ", ".join(unknown)[:200]})
        return redirect(back)
    for scene in scenes:
        actions.tag_element(element=element, scene=scene, by=by)
    return redirect(back)


@page("script.view", write="script.edit", methods=("POST",))
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    title_of(request, pk, "script.edit")
    row = scoped(
        request, Breakdown.objects.select_related("revision__script__production"), "script.edit",
        pk=int(request.POST.get("breakdown", "")) if request.POST.get("breakdown", "").isdecimal() else 0,
        revision__script__production=pk,
    )  # fmt: skip
    try:
        actions.approve_breakdown(breakdown=row, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The breakdown is approved."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("breakdown", pk=pk)
