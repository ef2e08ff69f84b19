"""The investor room: a user's own share in titles, read-only. Everything shown comes from `queries.investors`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from finance import actions
from finance.choices import PAYOUTS_OVER
from finance.documents_room import period_pdf
from finance.exports import FORMATS, MOST_ROWS, WRITERS
from finance.models import RoomDocumentVersion
from finance.queries import Investment, investment_of, investment_view, pools_of, totals_of
from finance.queries.rooms import documents_of, numbers_held, versions_for
from studio.choices import Stage
from studio.doors import page
from studio.values import Money, month_of, months_between

PER_PAGE = 30
MOST_CHECKED = 100 * 1024 * 1024
SORTS: dict[str, Callable[[Investment], Any]] = {
    "new": lambda row: -row.id,
    "title": lambda row: row.title,
    "payment": lambda row: (row.next_payment is None, row.next_payment.due_date if row.next_payment else None),
    "left": lambda row: (-sum(claim.left_minor for claim in row.recoupments), -row.id),
}


def mine(request: HttpRequest) -> list[Investment]:
    return investment_view(request.access, request.user)  # type: ignore[attr-defined,arg-type]


def chosen(request: HttpRequest, rows: list[Investment]) -> list[Investment]:
    """The titles that the filters leave, in the order asked for."""
    query = request.GET.get("q", "").strip()[:80].casefold()
    stage = request.GET.get("stage", "")
    found = [
        row
        for row in rows
        if (not query or query in row.title.casefold() or query in row.code.casefold())
        and (stage not in Stage.values or row.stage == stage)
    ]
    return sorted(found, key=SORTS.get(request.GET.get("sort", ""), SORTS["new"]))


@page("investment.view")
def investments(request: HttpRequest) -> HttpResponse:
    """All titles in which the user has a share: what is in, back and still to come, over all and per pool."""
    rows = mine(request)
    shown = chosen(request, rows)
    kind, what = request.GET.get("format", ""), request.GET.get("what", "titles")
    if kind in FORMATS:
        return export_shares(shown, kind) if what == "shares" else export_investments(shown, kind)
    number = request.GET.get("page", "1")
    at = int(number) if number.isdecimal() and len(number) < 6 and int(number) > 0 else 1
    part = shown[(at - 1) * PER_PAGE : at * PER_PAGE]
    parameters = request.GET.copy()
    parameters.pop("page", None)
    first = f"?{parameters.urlencode()}" if at > 1 else ""
    kept = parameters.urlencode()
    parameters["page"] = str(at + 1)
    waiting = [row.next_payment for row in rows if row.next_payment is not None]
    return render(
        request,
        "finance/investments.html",
        {
            "rows": part, "any": bool(rows), "totals": totals_of(rows), "pools": pools_of(rows),
            "next_payment": min(waiting, key=lambda row: row.due_date, default=None),
            "titles": len(rows), "query": request.GET.get("q", ""), "stage": request.GET.get("stage", ""),
            "sort": request.GET.get("sort", "new"), "stages": Stage.choices, "query_string": kept,
            "next_url": f"?{parameters.urlencode()}" if len(shown) > at * PER_PAGE else "", "first_url": first,
            "this_month": month_of(timezone.localdate()), "first_month": f"{timezone.localdate():%Y}-01",
        },
    )  # fmt: skip


@page("investment.view")
def investment(request: HttpRequest, pk: int) -> HttpResponse:
    """One title: progress, recoupment, the own share clause by clause, statements, payments, documents."""
    access, user = request.access, request.user  # type: ignore[attr-defined]
    row = investment_of(access, user, pk)  # type: ignore[arg-type]
    if row is None:
        raise Http404
    kind = request.GET.get("format", "")
    if kind in FORMATS:
        return export_shares([row], kind)
    return render(request, "finance/investment.html", room_context(row, documents_of(access, user, row.production)))  # type: ignore[arg-type]


def room_context(row: Investment, documents: Sequence[Any], preview: Any = None) -> dict[str, Any]:
    """What the page of one title draws; `preview` is the party through whose eyes the studio looks."""
    return {
        "row": row, "production": row.production, "documents": documents, "numbers": numbers_held(row.production),
        "preview": preview, "over": PAYOUTS_OVER,
    }  # fmt: skip


def export_investments(rows: list[Investment], kind: str) -> HttpResponse:
    """One row per title and currency of a contract."""
    heads = [
        _("Title"), _("Code"), _("Studio"), _("Stage"), _("Days shot"), _("Days planned"), _("Scenes shot"),
        _("Scenes"), _("On air planned"), _("On air since"), _("Cost to date"), _("Budget"), _("Invested"),
        _("Premium and interest"), _("Recouped"), _("To recoup"), _("Your share, settled"), _("Paid"), _("To pay"),
        _("Next payment"), _("Currency"),
    ]  # fmt: skip
    lines = []
    for row in rows:
        progress, unit = row.progress, row.currency
        for total in row.totals or (None,):
            money = total.currency if total else unit
            sums = (
                ("invested_minor", "premium_minor", "recouped_minor", "left_minor", "share_minor", "paid_minor", "waiting_minor")
            )  # fmt: skip
            # What the title costs is in the studio's currency; beside another one it would be read as that.
            own = money == unit
            lines.append(
                (
                    row.title, row.code, row.studio_name, row.stage_label,
                    progress.days_shot if progress else None, progress.days if progress else None,
                    progress.scenes_shot if progress else None, progress.scenes if progress else None,
                    row.planned_date, row.live_date,
                    Money(row.cost_minor, unit) if own and row.cost_minor is not None else None,
                    Money(row.budget_minor, unit) if own and row.budget_minor is not None else None,
                    *(Money(getattr(total, name) if total else 0, money) for name in sums),
                    row.next_payment.due_date if row.next_payment else None, money,
                )
            )  # fmt: skip
    return WRITERS[kind]("investments", heads, lines[:MOST_ROWS])


def export_shares(rows: list[Investment], kind: str) -> HttpResponse:
    """Every amount of the own share, with how it was reckoned."""
    heads = [
        _("Month"), _("Title"), _("Code"), _("Platform"), _("Clause"), _("Kind of revenue"), _("How it was reckoned"),
        _("Amount"), _("Currency"),
    ]  # fmt: skip
    lines = [
        (
            line.period, row.title, row.code, line.platform, line.clause, line.kind, line.why,
            Money(line.amount_minor, line.currency), line.currency,
        )
        for row in rows
        for line in row.lines
    ]  # fmt: skip
    return WRITERS[kind]("shares", heads, lines[:MOST_ROWS])


@page("investment.view")
def investments_pdf(request: HttpRequest) -> HttpResponse:
    """The months asked for as a paper: `?from=2026-01&to=2026-06`, this year's to the last one settled unless told."""
    today = timezone.localdate()
    rows = chosen(request, mine(request))
    first = request.GET.get("from", "") or f"{today:%Y}-01"
    # A debt of one month is set off in a later one: the sums agree when both are on the paper.
    settled = (each.period for row in rows for each in (*row.lines, *row.payments))
    last = request.GET.get("to", "") or max(month_of(today), *settled)
    try:
        months = months_between(first, last)
    except ValueError:
        months = []
    if not months or len(months) > 600:
        messages.error(request, _("Choose a first month and a last month that is not before it, such as 2026-01."))
        return redirect("investments")
    data = period_pdf(rows, months[0], months[-1], reader=str(request.user))
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="investments-{months[0]}-{months[-1]}.pdf"'
    return response


# --- documents ----------------------------------------------------------------------------------------------------


def _version(request: HttpRequest, pk: int) -> RoomDocumentVersion:
    row = versions_for(request.access, request.user).filter(pk=pk).first()  # type: ignore[attr-defined,arg-type]
    if row is None:
        raise Http404
    return row


@page("investment.view")
def room_document_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A version of a document, as it was laid out; that it was taken is written down."""
    return hand_over(request, _version(request, pk))


def hand_over(request: HttpRequest, version: RoomDocumentVersion) -> HttpResponseBase:
    try:
        stream = version.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    if request.method == "GET":
        actions.note_opening(version=version, by=request.user)  # type: ignore[arg-type]
    return FileResponse(
        stream, as_attachment=True, filename=version.file_name, content_type="application/octet-stream"
    )  # fmt: skip


@page("investment.view", methods=("POST",))
def room_document_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a file is this version of the document, where the browser could not reckon it itself. Nothing is kept."""
    version = _version(request, pk)
    file = request.FILES.get("file")
    if file is None or file.size is None or file.size > MOST_CHECKED:
        messages.error(request, _("Choose the file to compare, of at most 100 MB."))
    else:
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        if digest.hexdigest() == version.sha256:
            messages.success(request, _("The file is this document: the checksums are equal."))
        else:
            messages.error(request, _("The file is not this document: its checksum is another."))
    return redirect("investment", pk=version.document.production_id)
