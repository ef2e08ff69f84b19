"""What watches a title's money: figures and forecasts people give, the margin's trail, thresholds and their alarms."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.models import Platform
from finance.choices import COST_ACCOUNTS, AlarmMeasure
from finance.estimating import moved
from finance.events_watching import AlarmRaised, AlarmSeen, FigureGiven, ForecastGiven, ThresholdSet
from finance.ledger import MOST_MINOR
from finance.models import AlarmRule, EstimateFigure, MarginCause, MarginPoint, MoneyAlarm, ReceiptForecast
from finance.queries.estimates import TitleEstimate, title_estimate
from finance.queries.hot_costs import title_costs
from finance.queries.margins import TitleMargin, title_margin
from finance.queries.watching import advice, alarm_value, owed_in_cash, subject_text
from studio.access import users_with
from studio.actions import tell
from studio.facts import publish
from studio.models import Production, Studio, User
from studio.refusals import Refused
from studio.values import parse_month

PERCENT = 100
"""Percent are kept in hundredths of a percent."""
MOST = {
    AlarmMeasure.ACCOUNT: 1000 * PERCENT, AlarmMeasure.ESTIMATE: 1000 * PERCENT, AlarmMeasure.MARGIN: 100 * PERCENT,
    AlarmMeasure.OVERTIME: 60 * 10_000, AlarmMeasure.OWED_SCENES: 100_000, AlarmMeasure.CASH: MOST_MINOR,
}  # fmt: skip


def _amount(value: object, field: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_MINOR:
        raise Refused("not_whole_fen", _("An amount is a whole number of fen."), field=field)
    return value


def _reason(text: str) -> str:
    if not text.strip():
        raise Refused("reason_missing", _("Say what this rests on; others will read it."), field="reason")
    return text.strip()[:300]


@transaction.atomic
def give_figure(
    *, production: Production, account: str, amount_minor: int | None, reason: str, by: User | None,
    at: dt.datetime | None = None,
) -> EstimateFigure:  # fmt: skip
    """Say what an account will come to; None goes back to the computed figure. Earlier figures are kept."""
    if account not in COST_ACCOUNTS:
        raise Refused("not_a_cost_account", _("Costs are posted to one of the cost accounts."), field="account")
    if amount_minor is not None:
        _amount(amount_minor, "amount_minor")
    row = EstimateFigure.objects.create(
        production=production, account=account, amount_minor=amount_minor, reason=_reason(reason), said_by=by,
        said_at=at or timezone.now(),
    )  # fmt: skip
    publish(
        FigureGiven(
            studio_id=production.studio_id, production_id=production.pk, figure_id=row.pk, account=account,
            amount_minor=amount_minor, reason=row.reason,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def give_forecast(
    *, production: Production, platform: Platform, amount_minor: int, by_month: str, reason: str, by: User | None,
    at: dt.datetime | None = None,
) -> ReceiptForecast:  # fmt: skip
    """Say what the title will take on a platform in all, by a month. Earlier forecasts are kept."""
    if platform.studio_id != production.studio_id:
        raise Refused("other_studio", _("This platform belongs to another studio."), field="platform")
    try:
        parse_month(by_month)
    except ValueError:
        raise Refused("not_a_month", _("Write a month such as 2026-05."), field="by_month") from None
    row = ReceiptForecast.objects.create(
        production=production, platform=platform, amount_minor=_amount(amount_minor, "amount_minor"),
        by_month=by_month, reason=_reason(reason), said_by=by, said_at=at or timezone.now(),
    )  # fmt: skip
    publish(
        ForecastGiven(
            studio_id=production.studio_id, production_id=production.pk, forecast_id=row.pk, platform_id=platform.pk,
            amount_minor=amount_minor, by_month=by_month, reason=row.reason,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def set_threshold(
    *, studio: Studio, measure: str, threshold: int, by: User | None, account: str = "", active: bool = True,
    at: dt.datetime | None = None,
) -> AlarmRule:  # fmt: skip
    """Set a studio's threshold for a measure (and an account): percent in hundredths, overtime in minutes, cash in fen."""
    if measure not in AlarmMeasure.values:
        raise Refused("unknown_measure", _("There is no such measure."), field="measure")
    if account and (measure != AlarmMeasure.ACCOUNT or account not in COST_ACCOUNTS):
        raise Refused(
            "account_not_watched", _("Only a cost account's own overrun is watched by account."), field="account"
        )
    lowest = -MOST[AlarmMeasure.MARGIN] if measure == AlarmMeasure.MARGIN else 0
    if isinstance(threshold, bool) or not isinstance(threshold, int):
        raise Refused("not_whole", _("A threshold is a whole number."), field="threshold")
    if not lowest <= threshold <= MOST[AlarmMeasure(measure)]:
        raise Refused("threshold_out_of_range", _("No title can pass such a threshold."), field="threshold")
    now = at or timezone.now()
    try:
        with transaction.atomic():
            row, _new = AlarmRule.objects.update_or_create(
                studio=studio, measure=measure, account=account,
                defaults={"threshold": threshold, "active": active, "set_by": by},
            )  # fmt: skip
    except IntegrityError:
        raise Refused("set_meanwhile", _("Somebody set this threshold meanwhile. Look again."), conflict=True) from None
    if not active:
        # Nobody watches: what it had raised is over.
        MoneyAlarm.objects.filter(rule=row, cleared_at=None).update(cleared_at=now, updated_at=now)
    publish(
        ThresholdSet(
            studio_id=studio.pk, alarm_rule_id=row.pk, measure=measure, account=account, threshold=threshold,
            active=active,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def see_alarm(*, alarm: MoneyAlarm, answer: str, by: User, at: dt.datetime | None = None) -> MoneyAlarm:
    """Put one's name under an alarm, with what is done about it. Seen already: the first name stays."""
    now = at or timezone.now()
    seen = MoneyAlarm.objects.filter(pk=alarm.pk, seen_at=None).update(
        seen_by=by, seen_name=str(by)[:150], seen_at=now, answer=answer.strip()[:300], updated_at=now
    )
    row = MoneyAlarm.objects.select_related("production").get(pk=alarm.pk)
    if seen:
        publish(
            AlarmSeen(
                studio_id=row.production.studio_id, production_id=row.production_id, money_alarm_id=row.pk,
                answer=row.answer,
            ),
            by=by, at=at,
        )  # fmt: skip
    return row


# --- reckoning ----------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Watched:
    point: MarginPoint
    new: bool
    raised: int
    cleared: int


@transaction.atomic
def watch_title(
    *, production: Production, cause: str, by: User | None, at: dt.datetime | None = None, only_if_moved: bool = False
) -> Watched | None:
    """Reckon the margin after something happened, keep it with what moved it, and judge the studio's thresholds.

    Once per cause: the same one again returns the point there is. With `only_if_moved`, nothing is kept where nothing
    moved (None), but thresholds are judged all the same.
    """
    # The title's row is the lock: points are numbered and compared one after the other.
    held = Production.objects.select_for_update(of=("self",)).select_related("studio").get(pk=production.pk)
    known = MarginPoint.objects.filter(production=held, cause=cause).first()
    if known is not None:
        return Watched(known, False, 0, 0)
    now = at or timezone.now()
    found = title_estimate(title_costs(held))
    margin = title_margin(found)
    raised, cleared = _judge(held, found, margin, by, now)
    last = MarginPoint.objects.filter(production=held).order_by("-number").first()
    if only_if_moved and last is not None and last.amounts == margin.amounts:
        return None
    point = MarginPoint.objects.create(
        production=held, number=last.number + 1 if last else 1, cause=cause[:120], reckoned_at=now,
        expected_minor=margin.margin.expected, shares_minor=margin.margin.shares, cost_minor=margin.margin.cost,
        margin_minor=margin.margin.amount, amounts=margin.amounts,
    )  # fmt: skip
    if last is not None:
        MarginCause.objects.bulk_create(
            MarginCause(point=point, key=row.key, amount_minor=row.amount)
            for row in moved(last.amounts, margin.amounts)
        )
    return Watched(point, True, raised, cleared)


@dataclasses.dataclass(frozen=True)
class _Reading:
    subject: str
    value: int
    crossed: bool


def _readings(rule: AlarmRule, found: TitleEstimate, margin: TitleMargin, cash: int) -> Iterator[_Reading]:
    """What a rule measures on a title; a measure of nothing (no budget, no receipts expected) is not read."""
    limit = rule.threshold
    rows = found.estimate.rows
    if rule.measure == AlarmMeasure.ACCOUNT:
        for row in rows:
            if row.budget and rule.account in ("", row.account):
                over = (row.spent - row.budget) * 10_000
                yield _Reading(row.account, over // row.budget, over > limit * row.budget)
    elif rule.measure == AlarmMeasure.ESTIMATE:
        budget = found.estimate.budget
        if budget:
            over = -found.estimate.variance * 10_000
            yield _Reading("", over // budget, over > limit * budget)
    elif rule.measure == AlarmMeasure.MARGIN:
        expected = margin.margin.expected
        if expected > 0:
            have = margin.margin.amount * 10_000
            yield _Reading("", have // expected, have < limit * expected)
    elif rule.measure == AlarmMeasure.OVERTIME:
        for day in found.costs.days:
            if day.reported:
                yield _Reading(f"day:{day.day.pk}", day.overtime_minutes, day.overtime_minutes > limit)
    elif rule.measure == AlarmMeasure.OWED_SCENES:
        yield _Reading("", found.owed_scenes, found.owed_scenes > limit)
    else:
        yield _Reading("", cash, cash > limit)


def _judge(
    production: Production, found: TitleEstimate, margin: TitleMargin, by: User | None, now: dt.datetime
) -> tuple[int, int]:
    """Raise what was crossed, once per crossing; clear what is back. Returns how many of each."""
    rules = list(AlarmRule.objects.filter(studio=production.studio_id, active=True).order_by("pk"))
    # A rule for one account speaks for it instead of the rule for all.
    own = {rule.account for rule in rules if rule.measure == AlarmMeasure.ACCOUNT and rule.account}
    open_now = {
        (row.rule_id, row.subject): row for row in MoneyAlarm.objects.filter(production=production, cleared_at=None)
    }
    cash = owed_in_cash(production)
    raised = 0
    still: set[int] = set()
    for rule in rules:
        for reading in _readings(rule, found, margin, cash):
            if rule.measure == AlarmMeasure.ACCOUNT and not rule.account and reading.subject in own:
                continue
            if not reading.crossed:
                continue
            known = open_now.get((rule.pk, reading.subject))
            if known is not None:
                still.add(known.pk)
                if known.value != reading.value:
                    MoneyAlarm.objects.filter(pk=known.pk).update(value=reading.value, updated_at=now)
                continue
            alarm = MoneyAlarm.objects.create(
                production=production, rule=rule, subject=reading.subject, value=reading.value,
                threshold=rule.threshold, raised_at=now,
            )  # fmt: skip
            _tell(production, alarm, by, now)
            raised += 1
    gone = [row.pk for row in open_now.values() if row.pk not in still]
    cleared = MoneyAlarm.objects.filter(pk__in=gone, cleared_at=None).update(cleared_at=now, updated_at=now)
    return raised, cleared


def _tell(production: Production, alarm: MoneyAlarm, by: User | None, now: dt.datetime) -> None:
    publish(
        AlarmRaised(
            studio_id=production.studio_id, production_id=production.pk, money_alarm_id=alarm.pk,
            measure=alarm.rule.measure, about=alarm.subject, value=alarm.value, threshold=alarm.threshold,
        ),
        by=by, at=now,
    )  # fmt: skip
    unit = production.studio.currency
    tell(
        users=users_with("money.view", production), studio_id=production.studio_id, production_id=production.pk,
        kind=f"finance.alarm_{alarm.rule.measure}", url=f"/productions/{production.pk}/alarms/",
        dedupe=f"money_alarm:{alarm.pk}",
        params={
            "title": production.title, "about": subject_text(alarm), "value": alarm_value(alarm.rule.measure, alarm.value, unit),
            "threshold": alarm_value(alarm.rule.measure, alarm.threshold, unit), "advice": str(advice(alarm.rule.measure)),
        },
    )  # fmt: skip
