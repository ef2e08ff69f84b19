"""Pages of files over many titles: bring one, name its columns, see what became of each title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance.batches import assign_titles, leave_out, name_columns, start_batch, waiting_job
from finance.choices import FileState, PartState, StatementState
from finance.exports import FORMATS, WRITERS
from finance.forms_batches import BatchForm, ColumnsForm
from finance.mappings import check_columns, columns_of, likely_heads
from finance.models import BatchPart, StatementBatch
from finance.queries import batches_for, parts_of
from finance.sentences import finding_sentence, is_error
from finance.statements import LineReader, Unreadable, guess_mapping, named_heads
from finance.views import complain, put_on
from studio.doors import page, scoped, studio_for
from studio.models import Production
from studio.refusals import Refused
from studio.values import Money

PER_PAGE = 40
PARTS_PER_PAGE = 100
PREVIEWED = 12
MOST_EXPORTED = 10_000


def _batch(request: HttpRequest, pk: int, verb: str = "money.view") -> StatementBatch:
    return scoped(
        request, StatementBatch.objects.select_related("platform__studio", "production", "imported_by"), verb, pk=pk
    )


@page("money.view")
def batches(request: HttpRequest) -> HttpResponseBase:
    """Files over many titles, newest first."""
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()[:80]
    access = request.access  # type: ignore[attr-defined]
    rows = batches_for(access, request.studio, state=state, text=query)  # type: ignore[attr-defined]
    if request.GET.get("format") in FORMATS:
        return _export(rows[:MOST_EXPORTED], request.GET["format"])
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PER_PAGE + 1])
    parameters = request.GET.copy()
    parameters.pop("before", None)
    first = f"?{parameters.urlencode()}" if before else ""
    following = ""
    if len(found) > PER_PAGE:
        parameters["before"] = str(found[PER_PAGE - 1].pk)
        following = f"?{parameters.urlencode()}"
    return render(
        request,
        "finance/batches.html",
        {
            "rows": found[:PER_PAGE], "state": state, "query": query, "states": FileState.choices,
            "next_url": following, "first_url": first, "may_edit": access.may("money.edit"),
        },
    )  # fmt: skip


def _export(rows: Any, kind: str) -> HttpResponseBase:
    heads = [
        _("Platform"), _("Month"), _("File"), _("State"), pgettext("statement", "Lines"), _("Lines make"), _("The file states"),
        _("Currency"), _("Taken"), _("Held"), _("There already"), _("Unknown"),
    ]  # fmt: skip
    return WRITERS[kind](
        "statement-files",
        heads,
        (
            (
                row.platform.name, row.period, row.file_name, row.get_state_display(), row.rows,
                None if row.counted_minor is None else Money(row.counted_minor, row.currency),
                None if row.declared_minor is None else Money(row.declared_minor, row.currency),
                row.currency, row.n_taken, row.n_held, row.n_duplicate, row.n_unknown,
            )
            for row in rows
        ),
    )  # fmt: skip


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def new_batch(request: HttpRequest) -> HttpResponseBase:
    """Bring a file over all titles of a platform's month."""
    studio = studio_for(request, "money.edit")
    form = BatchForm(request.POST or None, request.FILES or None, studio=studio)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            row = start_batch(
                platform=form.cleaned_data["platform"], period=form.cleaned_data["period"], stream=upload.file,
                file_name=upload.name, currency=form.cleaned_data["currency"],
                by=request.user,  # type: ignore[arg-type]
            )  # fmt: skip
            return redirect("batch_columns" if row.state == FileState.COLUMNS else "batch", pk=row.pk)
        except Refused as refused:
            put_on(form, refused)
    return render(request, "finance/new_batch.html", {"form": form}, status=422 if form.errors else 200)


@page("money.view")
def batch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What became of each title of a file."""
    row = _batch(request, pk)
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()[:80]
    number = request.GET.get("page", "1")
    at = int(number) if number.isdecimal() and 0 < int(number[:6] or 0) < 100_000 else 1
    rows = parts_of(row, state=state, text=query)
    if request.GET.get("format") in FORMATS:
        return _export_parts(row, rows[:MOST_EXPORTED], request.GET["format"])
    found = list(rows[(at - 1) * PARTS_PER_PAGE : at * PARTS_PER_PAGE + 1])
    parts = found[:PARTS_PER_PAGE]
    access = request.access  # type: ignore[attr-defined]
    may_edit = access.may_in_studio("money.edit", row.platform.studio_id)
    unknown = [part for part in parts if part.state == PartState.UNKNOWN]
    parameters = request.GET.copy()
    parameters.pop("page", None)
    first = f"?{parameters.urlencode()}" if at > 1 else ""
    parameters["page"] = str(at + 1)
    counts = batches_for(access).get(pk=row.pk)
    return render(
        request,
        "finance/batch.html",
        {
            "batch": row, "parts": parts, "unknown": unknown, "state": state, "query": query, "may_edit": may_edit,
            "states": [*PartState.choices, ("held", StatementState.HELD.label)], "counts": counts,
            "titles": Production.objects.filter(studio=row.platform.studio_id).order_by("title") if unknown and may_edit else (),
            "difference": row.counted_minor - row.declared_minor
            if row.declared_minor is not None and row.counted_minor is not None
            else None,
            "findings": [{"text": finding_sentence(found), "error": is_error(found)} for found in row.findings],
            "job": waiting_job(row),
            "next_url": f"?{parameters.urlencode()}" if len(found) > PARTS_PER_PAGE else "", "first_url": first,
        },
    )  # fmt: skip


def _export_parts(row: StatementBatch, parts: Any, kind: str) -> HttpResponseBase:
    heads = [
        _("As the platform writes it"), _("The platform's id"), _("Title"), _("Code"), _("State"), pgettext("statement", "Lines"),
        _("Lines make"), _("The file states"), _("Currency"),
    ]  # fmt: skip
    return WRITERS[kind](
        f"statement-file-{row.pk}",
        heads,
        (
            (
                part.title, part.title_id, part.production.title if part.production else "",
                part.production.code if part.production else "", part.get_state_display(), part.lines,
                Money(part.counted_minor, part.currency),
                None if part.declared_minor is None else Money(part.declared_minor, part.currency), part.currency,
            )
            for part in parts
        ),
    )  # fmt: skip


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def batch_columns(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The first rows of a file beside a choice for each column, and what they then say."""
    row = _batch(request, pk, "money.edit")
    if row.state not in (FileState.COLUMNS, FileState.REFUSED):
        return redirect("batch", pk=pk)
    try:
        with row.file.open("rb") as stream:
            columns = columns_of(row.platform, row.period, stream)
    except (Unreadable, OSError):
        raise Http404 from None
    asked = request.POST.get("head_row") or request.GET.get("head_row") or ""
    head_row = int(asked) if asked.isdecimal() and int(asked[:4]) < len(columns.rows) else likely_heads(columns.rows)
    heads = named_heads(columns.rows[head_row]) if columns.rows else []
    form = ColumnsForm(
        request.POST or None, heads=heads, guessed=row.columns or guess_mapping(heads), period=row.period
    )
    preview = None
    if request.method == "POST" and form.is_valid():
        mapping = form.cleaned_data["mapping"]
        try:
            if "preview" in request.POST:
                chosen = check_columns(mapping, heads, one_title=row.production_id is not None)
                preview = _preview(columns.rows[head_row:], chosen, row.currency)
            else:
                name_columns(
                    batch=row, head_row=head_row, columns=mapping, from_date=form.cleaned_data["from_date"],
                    by=request.user,  # type: ignore[arg-type]
                )  # fmt: skip
                return redirect("batch", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    return render(
        request,
        "finance/batch_columns.html",
        {
            "batch": row, "form": form, "head_row": head_row, "changed": columns.changed, "preview": preview,
            "below": columns.rows[head_row + 1 : head_row + 6], "rows": list(enumerate(columns.rows)),
            "findings": [{"text": finding_sentence(found), "error": is_error(found)} for found in row.findings],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _preview(rows: Sequence[Sequence[str]], mapping: dict[str, str], currency: str) -> dict[str, Any]:
    """How the first rows read."""
    reader = LineReader(iter(rows), mapping, currency, by_title=True)
    lines: list[dict[str, Any]] = []
    for line in reader:
        if line is not None and len(lines) < PREVIEWED:
            lines.append({"line": line, "title_id": reader.title_id, "rate": reader.rate})
    return {"lines": lines, "findings": [finding_sentence(found.as_json()) for found in reader.findings][:PREVIEWED]}


@page("money.view", write="money.edit", methods=("POST",))
def assign_batch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say which titles the unknown ones are."""
    row = _batch(request, pk, "money.edit")
    typed = {
        int(name.removeprefix("part")): value.strip()
        for name, value in request.POST.items()
        if name.startswith("part") and name[4:].isdecimal() and len(name) < 22 and value.strip()
    }
    known = {
        title.code.casefold(): title
        for title in Production.objects.filter(studio=row.platform.studio_id, code__in=[*typed.values()])
    }
    wrong = [value for value in typed.values() if value.casefold() not in known]
    if wrong:
        messages.error(request, _("No title has the code “%(code)s”.") % {"code": wrong[0][:40]})
        return redirect("batch", pk=pk)
    if not typed:
        messages.info(request, _("Write the code of a title beside one that is not known."))
        return redirect("batch", pk=pk)
    try:
        assign_titles(batch=row, titles={part: known[code.casefold()] for part, code in typed.items()}, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Remembered: next month these titles are known."))
    except Refused as refused:
        complain(request, refused)
    return redirect("batch", pk=pk)


@page("money.view", write="money.edit", methods=("POST",))
def leave_out_part(request: HttpRequest, pk: int) -> HttpResponseBase:
    part = scoped(request, BatchPart.objects.select_related("batch"), "money.edit", pk=pk)
    try:
        leave_out(part=part, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Left out: its lines are not waited for."))
    except Refused as refused:
        complain(request, refused)
    return redirect("batch", pk=part.batch_id)


@page("money.view")
def batch_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it came."""
    row = _batch(request, pk)
    try:
        stream = row.file.open("rb")
    except (OSError, ValueError):
        raise Http404 from None
    return FileResponse(stream, as_attachment=True, filename=row.file_name, content_type="application/octet-stream")
