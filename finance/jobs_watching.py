"""When a title's margin is reckoned and its thresholds judged: after each wrap, accrual, statement, and every morning."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.choices import AlarmMeasure
from finance.events import ContractSigned, SettlementIssued, StatementAccepted
from finance.events_watching import FigureGiven, ForecastGiven, ThresholdSet
from finance.watching import watch_title
from shooting.events import DailyReportReopened, DailyReportSubmitted
from studio.choices import Stage
from studio.clockwork import at_hour
from studio.facts import subscriber
from studio.job_names import name_job
from studio.jobs import Run, enqueue, job
from studio.models import Production
from studio.notices import sentence

WATCH = "finance.watch_title"
_NAME = _("Reckon a title's margin and judge its thresholds")

for _kind in (
    WATCH, "finance.watch_wrap", "finance.watch_reopened", "finance.watch_statement", "finance.watch_settlement",
    "finance.watch_contract", "finance.watch_figure", "finance.watch_forecast", "finance.watch_threshold",
):  # fmt: skip
    name_job(_kind, _NAME)
name_job("finance.watch_titles", _("Reckon the margins of all titles"))
sentence(
    "finance.alarm_account_over",
    _("“%(title)s”: %(about)s is %(value)s over its budget (alarm at %(threshold)s). %(advice)s"),
)
sentence(
    "finance.alarm_estimate_over",
    _("“%(title)s” will come to %(value)s over budget (alarm at %(threshold)s). %(advice)s"),
)
sentence(
    "finance.alarm_margin_below",
    _("“%(title)s”: the margin fell to %(value)s of what is expected (alarm below %(threshold)s). %(advice)s"),
)
sentence(
    "finance.alarm_overtime_day",
    _("“%(title)s”, %(about)s: %(value)s hours of overtime (alarm at %(threshold)s). %(advice)s"),
)
sentence(
    "finance.alarm_owed_scenes", _("“%(title)s” owes %(value)s scenes (alarm at %(threshold)s). %(advice)s")
)  # fmt: skip
sentence("finance.alarm_cash_owed", _("“%(title)s” owes %(value)s (alarm at %(threshold)s). %(advice)s"))
assert len(AlarmMeasure) == 6


def watch_after(production_id: int, studio_id: int, cause: str) -> None:
    """Have a title reckoned after something that the caller's transaction did: once for a cause."""
    enqueue(
        WATCH, {"production": production_id, "cause": cause}, studio_id=studio_id, production_id=production_id,
        dedupe=f"watch:{production_id}:{cause}"[:200],
    )  # fmt: skip


def _watch(production_id: int | None, cause: str) -> dict[str, Any]:
    production = Production.objects.filter(pk=production_id).first()
    if production is None:
        return {}
    # A threshold moves no margin: titles are judged by it, and a point is kept only where something else moved.
    found = watch_title(production=production, cause=cause, by=None, only_if_moved=cause.startswith("threshold:"))
    if found is None:
        return {}
    return {"point": found.point.pk, "raised": found.raised, "cleared": found.cleared}


@job(WATCH, atomic=True)
def watch(run: Run, production: int, cause: str) -> dict[str, Any]:
    return _watch(production, cause)


@subscriber(DailyReportSubmitted, kind="finance.watch_wrap")
def watch_wrap(run: Run, fact: DailyReportSubmitted) -> dict[str, Any]:
    # A day wrapped again is another cause: the fact's own number tells them apart.
    return _watch(fact.production_id, f"wrap:{fact.shoot_day_id}:{run.job.event_id}")


@subscriber(DailyReportReopened, kind="finance.watch_reopened")
def watch_reopened(run: Run, fact: DailyReportReopened) -> dict[str, Any]:
    return _watch(fact.production_id, f"reopened:{fact.shoot_day_id}:{run.job.event_id}")


@subscriber(StatementAccepted, kind="finance.watch_statement")
def watch_statement(run: Run, fact: StatementAccepted) -> dict[str, Any]:
    return _watch(fact.production_id, f"statement:{fact.statement_id}:{run.job.event_id}")


@subscriber(SettlementIssued, kind="finance.watch_settlement")
def watch_settlement(run: Run, fact: SettlementIssued) -> dict[str, Any]:
    return _watch(fact.production_id, f"settlement:{fact.settlement_id}")


@subscriber(ContractSigned, kind="finance.watch_contract")
def watch_contract(run: Run, fact: ContractSigned) -> dict[str, Any]:
    return _watch(fact.production_id, f"contract:{fact.contract_id}")


@subscriber(FigureGiven, kind="finance.watch_figure")
def watch_figure(run: Run, fact: FigureGiven) -> dict[str, Any]:
    return _watch(fact.production_id, f"figure:{fact.figure_id}")


@subscriber(ForecastGiven, kind="finance.watch_forecast")
def watch_forecast(run: Run, fact: ForecastGiven) -> dict[str, Any]:
    return _watch(fact.production_id, f"forecast:{fact.forecast_id}")


@subscriber(ThresholdSet, kind="finance.watch_threshold")
def watch_threshold(run: Run, fact: ThresholdSet) -> dict[str, Any]:
    """A new threshold is judged for every title under way, each by a job of its own."""
    titles = list(_under_way(fact.studio_id))
    for pk in titles:
        watch_after(pk, fact.studio_id, f"threshold:{fact.alarm_rule_id}:{run.job.event_id}")
    return {"titles": len(titles)}


def _under_way(studio_id: int) -> Any:
    return (
        Production.objects.filter(studio=studio_id)
        .exclude(stage__in=[Stage.SETTLED, Stage.CLOSED])
        .order_by("pk")
        .values_list("pk", flat=True)
    )


@job("finance.watch_titles")
def watch_titles(run: Run, studio: int, on: str) -> dict[str, Any]:
    """What nobody announced by itself (post work, invoices, budgets): a point where something moved, thresholds anyway."""
    dt.date.fromisoformat(on)
    titles = list(_under_way(studio))
    moved = 0
    for place, pk in enumerate(titles, 1):
        production = Production.objects.get(pk=pk)
        moved += watch_title(production=production, cause=f"day:{on}", by=None, only_if_moved=True) is not None
        if place % 20 == 0:
            run.progress(place, len(titles))
    return {"titles": len(titles), "moved": moved}


# After the costs of the day before were posted (04:00).
at_hour("finance.watch_titles", 5)
