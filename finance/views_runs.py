"""Pages of a month's run: what waits, how far it is, the drafts to review, and issuing them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from delivery.models import Platform
from finance import actions
from finance.choices import RunStanding
from finance.exports import FORMATS, MOST_ROWS, WRITERS
from finance.models import RunTitle, SettlementRun
from finance.queries.runs import (
    SORTS,
    RunProgress,
    month_before,
    months_to_settle,
    run_progress,
    run_titles,
    runs_of,
)
from finance.sentences import refusal_sentence
from finance.views import complain
from studio.doors import page, scoped, studio_for
from studio.refusals import Refused
from studio.values import Money

RUNS_SHOWN = 60
TITLES_PER_PAGE = 100
TONES = {
    RunStanding.WAITING: "neutral", RunStanding.RUNNING: "info", RunStanding.DRAFT: "warn",
    RunStanding.REVIEWED: "info", RunStanding.ISSUED: "good", RunStanding.REFUSED: "bad",
    RunStanding.GIVEN_UP: "bad", RunStanding.GONE: "neutral",
}  # fmt: skip
# Refusal -> where it is put right: the page and what its link says. All else is put right at the statement.
REMEDIES: dict[str, tuple[str, Promise]] = {
    "no_contract": ("new_contract", gettext_lazy("Write the contract")),
    "terms_faulty": ("production_money", gettext_lazy("To the title's contracts")),
    "two_currencies": ("production_money", gettext_lazy("To the title's contracts")),
    "unknown_party": ("admin:finance_party_changelist", gettext_lazy("To the parties")),
    "earlier_month_open": ("production_money", gettext_lazy("To the title's statements")),
    "settlement_stale": ("settlement", gettext_lazy("To the settlement")),
    "changed_since_review": ("settlement", gettext_lazy("To the settlement")),
}


def _run(request: HttpRequest, pk: int, verb: str = "money.view") -> SettlementRun:
    rows = SettlementRun.objects.select_related("studio", "platform", "started_by", "issue_job")
    return scoped(request, rows, verb, pk=pk)


@page("money.view", write="money.edit", methods=("GET", "POST"))
def settlement_runs(request: HttpRequest) -> HttpResponse:
    """Months with statements to settle, and the runs there were; a POST starts one."""
    studio = studio_for(request, "money.edit" if request.method == "POST" else "money.view")
    if request.method == "POST":
        return _start(request, studio)
    waiting: dict[str, dict[str, Any]] = {}
    for row in months_to_settle(studio):
        month = waiting.setdefault(row.period, {"period": row.period, "platforms": [], "statements": 0})
        month["platforms"].append(row)
        month["statements"] += row.statements
    found = list(runs_of(SettlementRun.objects.filter(studio=studio))[: RUNS_SHOWN + 1])
    return render(
        request,
        "finance/runs.html",
        {
            "months": list(waiting.values()), "rows": found[:RUNS_SHOWN], "more": len(found) > RUNS_SHOWN,
            "may_edit": request.access.may_in_studio("money.edit", studio.pk),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


def _start(request: HttpRequest, studio: Any) -> HttpResponse:
    code = request.POST.get("platform", "")
    platform = None
    if code:
        platform = Platform.objects.filter(
            studio=studio, pk=int(code) if code.isdecimal() and len(code) < 19 else 0
        ).first()
        if platform is None:
            messages.error(request, _("There is no such platform."))
            return redirect("settlement_runs")
    try:
        run, new = actions.start_run(
            studio=studio,
            period=request.POST.get("period", ""),
            platform=platform,
            by=request.user,  # type: ignore[arg-type]
        )
    except Refused as refused:
        complain(request, refused)
        return redirect("settlement_runs")
    if not new:
        messages.info(request, _("Nothing is new since this run. What it refused can be tried again here."))
    return redirect("settlement_run", pk=run.pk)


@page("money.view")
def settlement_run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a run is, and its drafts to review against the month before. With ?panel its progress alone."""
    run = _run(request, pk)
    progress = run_progress(run)
    live = progress.open > 0 or (run.issue_job is not None and not run.issue_job.ended)
    if "panel" in request.GET:
        response = render(request, "finance/_run_panel.html", _panel(run, progress, live))
        if not live:
            # The page that waited shows the drafts by itself.
            response["HX-Refresh"] = "true"
        return response
    standing = request.GET.get("standing", "")
    query = request.GET.get("q", "").strip()[:80]
    sort = request.GET.get("sort", "")
    rows = run_titles(run, standing=standing, text=query, sort=sort)
    if request.GET.get("format") in FORMATS:
        return _export(run, rows[:MOST_ROWS], request.GET["format"])
    number = request.GET.get("page", "1")
    at = int(number) if number.isdecimal() and len(number) < 6 and int(number) > 0 else 1
    found = list(rows[(at - 1) * TITLES_PER_PAGE : at * TITLES_PER_PAGE + 1])
    shown = found[:TITLES_PER_PAGE]
    for row in shown:
        _dress(row)
    parameters = request.GET.copy()
    parameters.pop("page", None)
    first = f"?{parameters.urlencode()}" if at > 1 else ""
    parameters["page"] = str(at + 1)
    following = f"?{parameters.urlencode()}" if len(found) > TITLES_PER_PAGE else ""
    return render(
        request,
        "finance/run.html",
        {
            **_panel(run, progress, live),
            "rows": shown, "standing": standing, "query": query, "sort": sort if sort in SORTS else "",
            "standings": [(value, label, progress.counts[value]) for value, label in RunStanding.choices if progress.counts.get(value)],
            "next_url": following, "first_url": first, "before": month_before(run.period),
            "query_string": _kept(request, "page", "format"), "unsorted": _kept(request, "page", "format", "sort"),
            "to_review": sum(row.standing == RunStanding.DRAFT for row in shown),
            "may_edit": request.access.may_in_studio("money.edit", run.studio_id),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


def _kept(request: HttpRequest, *without: str) -> str:
    parameters = request.GET.copy()
    for name in without:
        parameters.pop(name, None)
    return parameters.urlencode()


def _panel(run: SettlementRun, progress: RunProgress, live: bool) -> dict[str, Any]:
    counts = {name: progress.counts.get(name, 0) for name in RunStanding.values}
    return {
        "run": run, "progress": progress, "counts": counts, "live": live, "job": run.issue_job,
        "failed": counts[RunStanding.REFUSED] + counts[RunStanding.GIVEN_UP],
    }  # fmt: skip


def _dress(row: Any) -> None:
    """What the page says of a row: where it stands, why, and where that is put right."""
    row.label, row.tone = RunStanding(row.standing).label, TONES[row.standing]
    refusal = row.refusal or row.issue_refusal
    row.why, row.remedy_url, row.remedy = "", "", ""
    if row.standing == RunStanding.GIVEN_UP:
        row.why = row.job.error if row.job is not None else ""
        if row.job_id is not None:
            row.remedy_url, row.remedy = reverse("job", args=[row.job_id]), _("To the job")
    elif refusal and row.standing != RunStanding.ISSUED:
        row.why = refusal_sentence(refusal)
        row.remedy_url, row.remedy = _remedy(row, refusal)
    row.stamp = row.settlement.updated_at.isoformat() if row.settlement is not None else ""


def _remedy(row: RunTitle, refusal: dict[str, Any]) -> tuple[str, str]:
    name, label = REMEDIES.get(refusal.get("code", ""), ("statement", gettext_lazy("To the statement")))
    if name == "settlement" and row.settlement_id is None:
        name = "statement"
    key = {
        "new_contract": row.statement.production_id, "production_money": row.statement.production_id,
        "settlement": row.settlement_id, "statement": row.statement_id,
    }.get(name)  # fmt: skip
    return reverse(name, args=[key] if key is not None else []), str(label)


def _seen(texts: Iterable[str]) -> dict[int, dt.datetime]:
    """Rows and the drafts that were looked at, from `12@2026-11-20T04:00:00+00:00`; what is no such text is left out."""
    found = {}
    for text in texts:
        key, _at, stamp = text.partition("@")
        try:
            moment = parse_datetime(stamp)
        except ValueError:
            moment = None
        if key.isdecimal() and len(key) < 19 and moment is not None and timezone.is_aware(moment):
            found[int(key)] = moment
    return found


@page("money.view", write="money.edit", methods=("POST",))
def review_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark drafts as reviewed, the ticked ones or all that the page showed; or take the mark back."""
    run = _run(request, pk, "money.edit")
    seen = _seen(request.POST.getlist("shown" if "all" in request.POST else "row"))
    if "back" in request.POST:
        count = actions.take_back_review(run=run, titles=seen, by=request.user)  # type: ignore[arg-type]
        messages.success(
            request, ngettext("%(n)s review is taken back.", "%(n)s reviews are taken back.", count) % {"n": count}
        )
    elif not seen:
        messages.error(request, _("Tick the settlements that you have looked at."))
    else:
        count, changed = actions.review_titles(run=run, seen=seen, by=request.user)  # type: ignore[arg-type]
        if count:
            messages.success(
                request,
                ngettext("%(n)s settlement is reviewed.", "%(n)s settlements are reviewed.", count) % {"n": count},
            )
        if changed:
            messages.warning(
                request,
                ngettext(
                    "%(n)s settlement changed since this page was drawn. Look at it again.",
                    "%(n)s settlements changed since this page was drawn. Look at them again.",
                    changed,
                )
                % {"n": changed},
            )
    return _back(request, run)


@page("money.view", write="money.edit", methods=("POST",))
def issue_run(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk, "money.edit")
    try:
        actions.issue_run(run=run, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        complain(request, refused)
    return redirect("settlement_run", pk=run.pk)


@page("money.view", write="money.edit", methods=("POST",))
def try_run_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Work out once more what was refused or given up."""
    run = _run(request, pk, "money.edit")
    count = actions.try_again(run=run, by=request.user)  # type: ignore[arg-type]
    messages.info(
        request, ngettext("%(n)s title is tried again.", "%(n)s titles are tried again.", count) % {"n": count}
    )
    return redirect("settlement_run", pk=run.pk)


def _back(request: HttpRequest, run: SettlementRun) -> HttpResponse:
    """To the page of the list that the form stood on."""
    query = request.POST.get("query", "")[:500]
    address = reverse("settlement_run", args=[run.pk])
    return redirect(f"{address}?{query}" if query and "\n" not in query and "\r" not in query else address)


def _export(run: SettlementRun, rows: Iterable[Any], kind: str) -> HttpResponse:
    heads = [
        _("Title"), _("Code"), _("Platform"), _("Month"), _("Currency"), _("Receipts"), _("Receipts of the month before"), pgettext("amount", "Change"),
        _("Shares"), _("Shares of the month before"), _("Retained"), _("Retained of the month before"), _("State"), _("Reason"), _("Reviewed by"),
        _("Reviewed"), _("Issued"),
    ]  # fmt: skip

    def cells(row: Any) -> tuple[Any, ...]:
        _dress(row)
        unit, draft = row.statement.currency, row.settlement
        title = row.statement.production

        def money(minor: int | None) -> Money | None:
            return Money(minor, unit) if minor is not None else None

        return (
            title.title, title.code, row.statement.platform.name, run.period, unit, money(row.receipts),
            money(row.before_receipts), money(row.change), money(draft.shares_minor if draft else None),
            money(row.before_shares), money(draft.retained_minor if draft else None), money(row.before_retained),
            str(row.label), row.why, str(row.reviewed_by or ""), _day(row.reviewed_at),
            _day(draft.issued_at if draft else None),
        )  # fmt: skip

    return WRITERS[kind](f"settlements-{run.period}", heads, (cells(row) for row in rows))


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localtime(moment).date() if moment is not None else None
