"""A title opened with its budget: one action, so that there is never the one without the other."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from finance.budget_parts import insert_part
from finance.budgets import make_budget_from_template, open_budget
from finance.models import BudgetPart
from studio.actions import open_production
from studio.models import Production, User


@transaction.atomic
def open_with_budget(
    *,
    by: User | None,
    template: BudgetPart | None = None,
    standard: bool = False,
    at: dt.datetime | None = None,
    **title: Any,
) -> Production:
    """Open a title as `open_production` does, with the budget of a template or the studio's standard shares.

    What a template counts by episodes, days or scenes is counted once until the title has them: its budget then says
    that the template comes to something else. Refuses what the three actions refuse; nothing is opened then.
    """
    production = open_production(by=by, at=at, **title)
    if template is not None:
        version = open_budget(production=production, by=by, name=template.name, at=at)
        insert_part(version=version, part=template, by=by, at=at)
    elif standard:
        make_budget_from_template(production=production, by=by, at=at)
    return production
