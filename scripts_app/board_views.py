"""The board of all scripts, and what the studio gives points for."""

from __future__ import annotations

import csv
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scripts_app import placing, queries
from scripts_app.models import Criterion
from scripts_app.review_forms import CriterionForm
from scripts_app.views import safe_cell
from studio.access import visible_studios
from studio.doors import page
from studio.models import Studio
from studio.versions import bump_studio

# So many cards of a column at first; a column alone has pages of the other size.
FIRST, ALONE = 8, 40
LATE_DAYS = 14


def column_names() -> dict[str, str]:
    return {
        placing.PITCH: pgettext("script column", "Pitch"),
        placing.TRIAL: pgettext("script column", "Trial episodes"),
        placing.FULL: pgettext("script column", "Full draft"),
        placing.REVIEW: pgettext("script column", "In review"),
        placing.LOCKED: pgettext("script column", "Locked"),
    }


@page("script.view")
def board(request: HttpRequest) -> HttpResponse:
    """Where every script stands; `?column=` shows one column by pages, `?format=csv` the whole as a file."""
    access, studio = request.access, request.studio  # type: ignore[attr-defined]
    narrowed = queries.BoardFilter.read(request.GET)
    studio_id = studio.pk if studio is not None else None
    placed = queries.placed_titles(access, narrowed, studio_id)
    if request.GET.get("format") == "csv":
        return _csv(placed)
    columns = queries.columns_of(placed)
    alone = request.GET.get("column", "")
    names = column_names()
    pages = None
    if alone in columns:
        pages = Paginator(columns[alone], ALONE).get_page(request.GET.get("page"))
        shown = {alone: list(pages)}
    else:
        alone = ""
        shown = {column: rows[:FIRST] for column, rows in columns.items()}
    made = {
        card.placed.pk: card for card in queries.cards([row for rows in shown.values() for row in rows], timezone.now())
    }
    parameters = request.GET.copy()
    for name in ("column", "page", "format"):
        parameters.pop(name, None)
    return render(
        request,
        "scripts/board.html",
        {
            "columns": [
                {
                    "code": column, "name": names[column], "cards": [made[row.pk] for row in rows if row.pk in made],
                    "count": len(columns[column]), "more": len(columns[column]) - len(rows) if not alone else 0,
                }
                for column, rows in shown.items()
            ],
            "alone": alone, "pages": pages, "filter": narrowed, "query": parameters.urlencode(),
            "writers": queries.board_writers(access, studio_id), "total": len(placed), "late_days": LATE_DAYS,
            "studios": list(visible_studios(access).order_by("name")[:100]) if studio is None else [],
            "may_criteria": access.may("script.edit"),
            "sorts": [
                ("age", _("Waits longest")), ("due", _("Review due")), ("draft", _("Last draft")), ("title", _("Title")),
            ],
        },
    )  # fmt: skip


def _csv(placed: list[queries.Placed]) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('Board of scripts'))}.csv"
    out = csv.writer(response)
    out.writerow(
        [_("Code"), _("Title"), _("Column"), _("Writer"), _("Days there"), _("Days in all"), _("Revision"),
         _("Last draft"), _("Episodes"), _("Episodes planned"), _("Reviews"), _("Review due"), _("Greenlight")]
    )  # fmt: skip
    names = column_names()
    for card in queries.cards(placed, timezone.now()):
        last = card.revision
        out.writerow(
            [
                safe_cell(card.production.code), safe_cell(card.production.title), names[card.column],
                safe_cell(card.writer), card.days, card.total_days, last.number if last else "",
                timezone.localtime(last.created_at).strftime("%Y-%m-%d %H:%M") if last else "", card.episodes or "",
                card.planned or "", "; ".join(f"{chip.label}: {_verdict(chip.verdict)}" for chip in card.chips),
                card.due.isoformat() if card.due else "", _("yes") if card.greenlit else "",
            ]
        )  # fmt: skip
    return response


def _verdict(verdict: str) -> str:
    return {"pass": pgettext("review", "Pass"), "return": pgettext("review", "Return")}.get(
        verdict, pgettext("review", "going on")
    )


def _studio_of(request: HttpRequest) -> Studio | None:
    """The studio in front, or the only one there is."""
    studio: Studio | None = request.studio  # type: ignore[attr-defined]
    return studio or visible_studios(request.access).order_by("pk").first()  # type: ignore[attr-defined]


@page("script.view", write="script.edit", methods=("GET", "POST"))
def review_criteria(request: HttpRequest) -> HttpResponse:
    """What the studio gives points for: a row each; a POST saves one, or adds one."""
    studio = _studio_of(request)
    access = request.access  # type: ignore[attr-defined]
    if studio is None or not access.may_in_studio("script.view", studio.pk):
        raise PermissionDenied
    may_edit = access.may_in_studio("script.edit", studio.pk)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    rows = list(queries.criteria_of(studio.pk))
    wanted = request.POST.get("criterion", "") if request.method == "POST" else None
    forms: list[dict[str, Any]] = []
    status = 200
    for row in [*rows, Criterion()] if may_edit else []:
        prefix = str(row.pk or "new")
        posted = wanted == prefix
        form = CriterionForm(request.POST if posted else None, instance=row, prefix=prefix, studio=studio)
        if posted and form.is_valid():
            form.save()
            bump_studio(studio.pk)
            messages.success(request, _("Saved."))
            return redirect("review_criteria")
        status = 422 if posted else status
        forms.append({"row": row, "form": form, "key": prefix})
    return render(
        request, "scripts/criteria.html", {"rows": rows, "forms": forms, "may_edit": may_edit, "studio": studio},
        status=status,
    )  # fmt: skip
