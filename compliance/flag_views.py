"""The page of a title's content flags, by episode and line, and its buttons."""

from __future__ import annotations

import itertools

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from compliance import flags
from compliance.choices import FlagKind, FlagState
from compliance.models import ContentFlag
from studio.doors import page, scoped
from studio.models import Production
from studio.refusals import Refused

MOST_SHOWN = 400


@page("compliance.view")
def content_flags(request: HttpRequest, pk: int) -> HttpResponse:
    """Flags of the current draft, by episode; `state` and `kind` narrow them."""
    production = scoped(request, Production.objects.select_related("studio"), "compliance.view", pk=pk)
    every = ContentFlag.objects.filter(production=production, gone_at=None)
    chosen = {
        "state": value if (value := request.GET.get("state", "")) in FlagState.values else "",
        "kind": value if (value := request.GET.get("kind", "")) in FlagKind.values else "",
    }
    rows = every.filter(**{name: value for name, value in chosen.items() if value})
    shown = list(
        rows.select_related("scene__episode", "decided_by").order_by("scene__sort_key", "scene", "line", "start", "pk")[
            : MOST_SHOWN + 1
        ]
    )
    for row in shown:
        row.before, row.hit = row.quote[: row.start], row.quote[row.start : row.start + len(row.word)]
        row.after = row.quote[row.start + len(row.word) :]
    return render(
        request, "compliance/flags.html",
        {
            "production": production, "tab": "filing", "chosen": chosen, "states": FlagState.choices,
            "kinds": FlagKind.choices, "more": len(shown) > MOST_SHOWN, "open": every.filter(state=FlagState.OPEN).count(),
            "episodes": [
                (episode, list(group))
                for episode, group in itertools.groupby(shown[:MOST_SHOWN], key=lambda row: row.scene.episode)
            ],
            "own_words": production.studio.flag_terms.exists(),
            "may_edit": request.access.may_on("compliance.edit", production),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


@page("compliance.view", write="compliance.edit", methods=("POST",))
def look_for_flags(request: HttpRequest, pk: int) -> HttpResponse:
    production = scoped(request, Production.objects.select_related("studio"), "compliance.edit", pk=pk)
    looked = flags.look_for_flags(production=production, by=request.user)  # type: ignore[arg-type]
    messages.success(
        request,
        _("Looked through: %(new)s new, %(carried)s known, %(gone)s no longer there.")
        % {"new": looked.new, "carried": looked.carried, "gone": looked.gone},
    )
    return redirect("content_flags", pk=pk)


@page("compliance.view", write="compliance.edit", methods=("POST",))
def decide_flag(request: HttpRequest, pk: int, flag_pk: int) -> HttpResponse:
    rows = ContentFlag.objects.select_related("production")
    row = scoped(request, rows, "compliance.edit", pk=flag_pk, production=pk)
    try:
        flags.decide_flag(
            flag=row, state=request.POST.get("state", ""), reason=request.POST.get("reason", ""),
            by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(f"{reverse('content_flags', args=[pk])}#flag-{row.pk}")
