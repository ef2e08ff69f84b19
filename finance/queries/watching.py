"""Alarms of a title's money in words, and what they measure. Never writes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from django.db.models import QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.choices import Account, AlarmMeasure
from finance.models import EntryLine, MoneyAlarm
from scheduling.models import ShootDay
from studio.models import Production
from studio.values import Money

PERCENTS = (AlarmMeasure.ACCOUNT, AlarmMeasure.ESTIMATE, AlarmMeasure.MARGIN)
ADVICE: dict[str, Promise] = {
    AlarmMeasure.ACCOUNT: gettext_lazy("Open the account's lines; move budget to it, or stop what is still to come."),
    AlarmMeasure.ESTIMATE: gettext_lazy("Open the estimate: cut days ahead, or have the budget raised."),
    AlarmMeasure.MARGIN: gettext_lazy("See what moved the margin; check the forecast, then the days ahead."),
    AlarmMeasure.OVERTIME: gettext_lazy("Open the day's hot cost; call later or plan fewer scenes a day."),
    AlarmMeasure.OWED_SCENES: gettext_lazy("Put the owed scenes on the days that are left, or add a day."),
    AlarmMeasure.CASH: gettext_lazy("Pay what is due under Wages and Payouts, or agree on later dates."),
}
PAGES = {
    AlarmMeasure.ACCOUNT: "/productions/{title}/ledger/?account={subject}",
    AlarmMeasure.ESTIMATE: "/productions/{title}/estimate/", AlarmMeasure.MARGIN: "/productions/{title}/margin/",
    AlarmMeasure.OVERTIME: "/shoot-days/{day}/hot-cost/", AlarmMeasure.OWED_SCENES: "/productions/{title}/shoot/",
    AlarmMeasure.CASH: "/productions/{title}/ledger/?account=payable",
}  # fmt: skip


def owed_in_cash(production: Production) -> int:
    """What the title owes by its ledger, in the studio's currency."""
    total = EntryLine.objects.filter(
        entry__production=production, account=Account.PAYABLE, currency=production.studio.currency
    ).aggregate(total=Sum("amount_minor"))["total"]
    return -(total or 0)


def advice(measure: str) -> Promise:
    return ADVICE[AlarmMeasure(measure)]


def alarm_value(measure: str, value: int, currency: str) -> str:
    """A measured value as people read it: percent, hours, scenes or money."""
    if measure in PERCENTS:
        sign, rest = ("-", -value) if value < 0 else ("", value)
        return f"{sign}{rest // 100}.{rest % 100:02d}%".replace(".00%", "%")
    if measure == AlarmMeasure.OVERTIME:
        return f"{value // 60}:{value % 60:02d}"
    return str(Money(value, currency)) if measure == AlarmMeasure.CASH else str(value)


def subject_text(alarm: MoneyAlarm, days: dict[str, int] | None = None) -> str:
    """What of the title an alarm is about: an account, a shoot day, or the title itself."""
    if alarm.subject in Account.values:
        return str(Account(alarm.subject).label)
    if alarm.subject.startswith("day:"):
        number = (days or {}).get(alarm.subject) or _day_numbers([alarm]).get(alarm.subject)
        return _("shoot day %(day)s") % {"day": number or "?"}
    return ""


def _day_numbers(alarms: Iterable[MoneyAlarm]) -> dict[str, int]:
    keys = [int(row.subject[4:]) for row in alarms if row.subject.startswith("day:") and row.subject[4:].isdecimal()]
    if not keys:
        return {}
    return {f"day:{pk}": number for pk, number in ShootDay.objects.filter(pk__in=keys).values_list("pk", "number")}


@dataclasses.dataclass(frozen=True)
class AlarmLine:
    """An alarm as it is shown: what passed which threshold, what to do, and the page to look at."""

    alarm: MoneyAlarm
    about: str
    value: str
    threshold: str
    advice: str
    url: str


def alarm_lines(rows: QuerySet[MoneyAlarm]) -> list[AlarmLine]:
    """Alarms with their words; two queries however many."""
    found = list(rows.select_related("rule", "production__studio", "seen_by"))
    days = _day_numbers(found)
    return [
        AlarmLine(
            row, subject_text(row, days), alarm_value(row.rule.measure, row.value, row.production.studio.currency),
            alarm_value(row.rule.measure, row.threshold, row.production.studio.currency), str(advice(row.rule.measure)),
            PAGES[AlarmMeasure(row.rule.measure)].format(
                title=row.production_id, subject=row.subject, day=row.subject[4:] or 0
            ),
        )
        for row in found
    ]  # fmt: skip


def open_alarms() -> QuerySet[MoneyAlarm]:
    """What stands and nobody has put a name under, newest first."""
    return MoneyAlarm.objects.filter(cleared_at=None, seen_at=None).order_by("-raised_at", "-pk")
