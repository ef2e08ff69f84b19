"""A budget put in force: by one person, by two different ones above the studio's limit, or returned with a reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import BudgetState
from finance.events import BudgetApproved, BudgetReturned
from finance.models import BudgetVersion
from finance.queries.budgets import budget_total
from studio.facts import publish
from studio.models import User
from studio.refusals import Refused


def needs_two_people(total_minor: int, version: BudgetVersion) -> bool:
    """Above the studio's limit a second, different person approves as well."""
    return total_minor > version.production.studio.budget_approval_minor


def _held(version: BudgetVersion, revision: int | None) -> BudgetVersion:
    row = (
        BudgetVersion.objects.select_for_update(of=("self",))
        .select_related("production__studio")
        .filter(pk=version.pk)
        .first()
    )
    if row is None:
        raise Refused("budget_gone", _("This budget was thrown away meanwhile."), conflict=True)
    if revision is not None and row.revision != revision:
        raise Refused(
            "changed_meanwhile", _("The budget was changed meanwhile. Look at it again."), conflict=True
        )  # fmt: skip
    return row


@transaction.atomic
def approve_budget(
    *, version: BudgetVersion, by: User, revision: int | None = None, at: dt.datetime | None = None
) -> BudgetVersion:
    """Approve a draft; with the last approval it is in force and the version before it is superseded.

    In force already: no change. `revision` is what the approver saw. Refuses an empty budget, a superseded one, one
    that changed since, and the same person twice.
    """
    row = _held(version, revision)
    if row.state == BudgetState.APPROVED:
        return row
    if row.state == BudgetState.SUPERSEDED:
        raise Refused("budget_closed", _("A later budget is in force. Make a new version."), conflict=True)
    if not row.lines.exists():
        raise Refused("budget_empty", _("There is nothing to approve: the budget has no lines."))
    now = at or timezone.now()
    total = budget_total(row)
    if row.approved_at is None:
        row.approved_by, row.approved_at = by, now
        complete = not needs_two_people(total, row)
    else:
        if row.approved_by_id == by.pk:
            raise Refused("same_person_twice", _("You approved this budget. A second person has to approve it too."))
        row.second_approved_by, complete = by, True
    if complete:
        # The old one first: two in force at once are refused by the database.
        BudgetVersion.objects.filter(production=row.production_id, state=BudgetState.APPROVED).update(
            state=BudgetState.SUPERSEDED, updated_at=now
        )
        row.state, row.in_force_at, row.approved_minor = BudgetState.APPROVED, now, total
        row.returned_reason, row.returned_by, row.returned_at = "", None, None
        # Nothing is taken back any more.
        row.steps.all().delete()
    row.save()
    publish(
        BudgetApproved(
            studio_id=row.production.studio_id, production_id=row.production_id, budgetversion_id=row.pk,
            number=row.number, total_minor=total, complete=complete,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def return_budget(
    *, version: BudgetVersion, reason: str, by: User, revision: int | None = None, at: dt.datetime | None = None
) -> BudgetVersion:
    """Do not approve a draft, and say why; a first approval is gone with it."""
    if not reason.strip():
        raise Refused("reason_missing", _("Say what has to change."), field="reason")
    row = _held(version, revision)
    if row.state != BudgetState.DRAFT:
        raise Refused("budget_closed", _("An approved budget is not changed. Make a new version of it."), conflict=True)
    row.returned_reason, row.returned_by = reason.strip()[:300], by
    row.returned_at = at or timezone.now()
    row.approved_by, row.approved_at = None, None
    row.save()
    publish(
        BudgetReturned(
            studio_id=row.production.studio_id, production_id=row.production_id, budgetversion_id=row.pk,
            number=row.number, reason=row.returned_reason,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row
