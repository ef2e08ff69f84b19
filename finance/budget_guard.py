"""What the database itself refuses of budgets: a changed line, total or number of a version that was approved.

Of such a version only the step from approved to superseded is left, and who approved it may be forgotten.
"""

from __future__ import annotations

from studio.guards import Closed, Guard, Rule

MESSAGE = "an approved budget is not changed: make a new version"
_CLOSED = "state <> 'draft'"
RULES: tuple[Rule, ...] = (
    Closed("finance_budgetline", "version_id", "finance_budgetversion", f"p.{_CLOSED}", MESSAGE),
    Guard(
        "finance_budgetversion", MESSAGE, verbs=("UPDATE",), only=f"OLD.{_CLOSED}",
        # A draft has never been in force, so this one never becomes a draft again.
        columns=("production_id", "number", "name", "approved_minor", "approved_at", "in_force_at"),
    ),
    Guard("finance_budgetversion", MESSAGE, verbs=("DELETE",), only=f"OLD.{_CLOSED}"),
)  # fmt: skip
