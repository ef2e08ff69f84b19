"""What a budget would mean for the title's class: proposed on its page, changed by a person on the filing page."""

from __future__ import annotations

import dataclasses

from django.utils import timezone

from compliance.choices import ClassCode
from compliance.queries import case_facts, case_of, rules_of
from compliance.rules import RuleFault, classify
from finance.models import BudgetVersion


@dataclasses.dataclass(frozen=True)
class InvestmentProposal:
    """The total beside the investment the class is judged by, and the class each would give ("" without a rule)."""

    total_minor: int
    investment_minor: int
    class_now: str
    class_then: str

    @property
    def class_changes(self) -> bool:
        return self.class_now != self.class_then


def investment_proposal(version: BudgetVersion, total_minor: int) -> InvestmentProposal | None:
    """None while the budget and the investment agree, or there is no budget yet. Never writes."""
    production = version.production
    if not total_minor or total_minor == production.investment_minor:
        return None
    on = timezone.localdate(timezone=production.studio.zone)
    rules, facts = rules_of(production.studio), case_facts(production)

    def judged(investment: int) -> str:
        try:
            return str(ClassCode(classify(case_of({**facts, "investment_minor": investment}, on), rules).class_).label)
        except RuleFault:
            return ""

    return InvestmentProposal(
        total_minor, production.investment_minor, judged(production.investment_minor), judged(total_minor)
    )
