"""Pages of what drafts change: two side by side, what one made stale, and the colours they come in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from scripts_app import queries
from scripts_app.actions.staleness import settle_stale as settle
from scripts_app.choices import Tint
from scripts_app.colours import colours_of, set_colours
from scripts_app.matching import KINDS
from scripts_app.models import Revision, StaleItem
from scripts_app.views import room_context, title_of
from scripts_app.wording import KIND_NAMES
from studio.doors import page, scoped, studio_for
from studio.models import Production
from studio.refusals import Refused

PAGE = 40


@page("script.view")
def revision_changes(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A draft beside another of its title, the one before unless `?against=` says, and what it made stale."""
    production = title_of(request, pk)
    revisions = {
        row.number: row
        for row in Revision.objects.filter(script__production=production).select_related("imported_by", "locked_by")
    }
    shown = revisions.get(number)
    if shown is None:
        raise Http404
    asked = request.GET.get("against", "")
    other = revisions.get(int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 0)
    if other is None or other == shown:
        other = revisions.get(number - 1)
    context = room_context(request, production, "script")
    context |= {
        "revision": shown, "other": other, "revisions": revisions.values(), "stale": _stale(request, production, shown),
        "kinds": [], "rows": [],
    }  # fmt: skip
    if other is not None:
        # The earlier draft stands on the left whichever was asked for.
        before, after = sorted((other, shown), key=lambda row: row.number)
        changes = queries.compare(before, after)
        kind = request.GET.get("kind", "")
        wanted = [change for change in changes if queries.is_of_kind(change, kind)]
        found = Paginator(wanted, PAGE).get_page(request.GET.get("page"))
        counts = {name: sum(queries.is_of_kind(change, name) for change in changes) for name in ("", *KINDS)}
        context |= {
            "before": before, "after": after, "kind": kind, "found": found,
            "rows": [queries.scene_diff(change) for change in found],
            "kinds": [(name, KIND_NAMES[name], counts[name]) for name in ("", *KINDS)],
        }  # fmt: skip
    return render(request, "scripts/changes.html", context)


def _stale(request: HttpRequest, production: Production, revision: Revision) -> list[dict[str, Any]]:
    """What the draft made stale, open things first, each with whether this reader may settle it."""
    access = request.access  # type: ignore[attr-defined]
    rows = StaleItem.objects.filter(revision=revision).select_related("settled_by").order_by("id")
    may = {verb: access.may_on(verb, production) for verb in {row.verb for row in rows}}
    may_settle = access.may_on("script.settle", production)
    return sorted(
        ({"item": row, "may": may_settle and may[row.verb]} for row in rows),
        key=lambda each: each["item"].settled_at is not None,
    )


@page("script.view", write="script.settle", methods=("POST",))
def settle_stale(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    rows = StaleItem.objects.select_related("revision__script__production")
    item = scoped(request, rows, "script.settle", pk=item_pk, revision__script__production=pk)
    if not request.access.may_on(item.verb, item.revision.script.production):  # type: ignore[attr-defined]
        raise PermissionDenied
    settle(item=item, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Noted: this has been dealt with."))
    return redirect(f"{reverse('revision_changes', args=[pk, item.revision.number])}#stale")


@page("script.view", write="script.edit", methods=("GET", "POST"))
def revision_colours(request: HttpRequest) -> HttpResponse:
    """The studio's colours of revisions in order; a POST with `name` and `tint` for each replaces the list."""
    studio = studio_for(request, "script.view" if request.method in {"GET", "HEAD"} else "script.edit")
    listed = [(colour.label, colour.tint) for colour in colours_of(studio)]
    refused, status = "", 200
    if request.method == "POST":
        given = list(zip(request.POST.getlist("name"), request.POST.getlist("tint"), strict=False))
        listed = [(name, tint) for name, tint in given if name.strip()]
        try:
            set_colours(studio=studio, colours=listed, by=request.user)  # type: ignore[arg-type]
        except Refused as problem:
            refused, status = problem.message, 422
        else:
            messages.success(request, _("The colours are kept. Drafts that are in keep the one they came with."))
            return redirect("revision_colours")
    return render(
        request,
        "scripts/colours.html",
        {
            "studio": studio, "colours": listed, "tints": Tint.choices, "refused": refused, "spare": range(2),
            "may_edit": request.access.may_in_studio("script.edit", studio.pk),  # type: ignore[attr-defined]
        },
        status=status,
    )  # fmt: skip
