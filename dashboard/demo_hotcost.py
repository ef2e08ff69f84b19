"""What people are owed and paid, a forecast and thresholds in the demo studio: only by the actions people use."""

from __future__ import annotations

import datetime as dt

from delivery.models import Platform
from finance.choices import AlarmMeasure, PayoutState
from finance.queries.wages import people_owed, wage_lines
from finance.wages import approve_wage, make_up_wages, pay_wage
from finance.watching import give_figure, give_forecast, set_threshold
from studio.choices import Role
from studio.models import Production, Studio, User
from studio.values import month_of

THRESHOLDS = [
    (AlarmMeasure.ESTIMATE, 500), (AlarmMeasure.MARGIN, 1_000), (AlarmMeasure.OWED_SCENES, 3),
]  # fmt: skip
FORECAST_MINOR = 96_000_000


def seed(studio: Studio, users: dict[str, User], shooting: Production, today: dt.date) -> None:
    """Two people paid or on the way, the rest overdue; a forecast, a figure and the studio's thresholds."""
    finance, producer, owner = (users[role] for role in (Role.FINANCE, Role.PRODUCER, Role.OWNER))
    platform = Platform.objects.filter(studio=studio).order_by("pk").first()
    if platform is not None:
        give_forecast(
            production=shooting, platform=platform, amount_minor=FORECAST_MINOR, by=producer,
            by_month=month_of(today + dt.timedelta(days=75)), reason="参照上一部同题材首两月收入，打八折",
        )  # fmt: skip
    give_figure(
        production=shooting, account="promotion", amount_minor=1_200_000, reason="预告片与海报已谈定包干价", by=finance
    )
    for measure, threshold in THRESHOLDS:
        set_threshold(studio=studio, measure=measure, threshold=threshold, by=owner)
    due = [
        row.person for row in people_owed(wage_lines().filter(entry__production__studio=studio), today) if row.can_pay
    ]
    if not due:
        return
    for place, payment in enumerate(make_up_wages(studio=studio, people=due[:3], through=today, by=finance)):
        if place == 2:
            break
        row = approve_wage(payment=payment, by=producer)
        if row.state != PayoutState.APPROVED:
            row = approve_wage(payment=payment, by=owner)
        if place == 0:
            pay_wage(payment=row, bank_reference="LW000001", by=finance)
