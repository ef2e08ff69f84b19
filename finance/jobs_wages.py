"""Daily look for wages overdue, and what people are told of their pay."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.queries import wages
from studio.access import users_with
from studio.actions import tell
from studio.clockwork import at_hour
from studio.job_names import name_job
from studio.jobs import Run, job
from studio.models import Production
from studio.notices import sentence
from studio.values import Money

name_job("finance.wages_overdue", _("Look for wages overdue"))
sentence("finance.wage_paid", _("%(studio)s paid you %(amount)s. The statement is in My pay."))
sentence(
    "finance.wages_overdue",
    _("“%(title)s” owes %(people)s people %(amount)s that was due; the oldest since %(date)s. Pay them under Wages."),
)


@job("finance.wages_overdue")
def wages_overdue(run: Run, studio: int, on: str) -> dict[str, Any]:
    """Tell those who see a title's money, its producer among them, what it owes people past the day; once per day due."""
    date = dt.date.fromisoformat(on)
    rows = wages.overdue_wages(wages.unpaid_lines().filter(entry__production__studio=studio), date)
    titles = Production.objects.in_bulk([row.production_id for row in rows])
    for row in rows:
        title = titles[row.production_id]
        tell(
            users=users_with("money.view", title), studio_id=studio, production_id=title.pk,
            kind="finance.wages_overdue", url=f"/wages/?show=overdue&title={title.pk}",
            dedupe=f"wages_overdue:{title.pk}:{row.currency}:{row.latest.isoformat()}",
            params={
                "title": title.title, "people": row.people, "amount": str(Money(row.amount_minor, row.currency)),
                "date": row.since.isoformat(),
            },
        )  # fmt: skip
    return {"told": len(rows)}


at_hour("finance.wages_overdue", 9)
