"""Writing a rule, putting it in force, and judging titles anew when rules or titles have changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance import queries, rule_queries
from compliance.choices import RuleState
from compliance.events import ClassRulePutInForce
from compliance.models import ClassRule
from compliance.rules import RuleFault
from compliance.wording import refusal
from studio.choices import WorkKind
from studio.facts import publish
from studio.jobs import enqueue
from studio.models import Studio, User
from studio.refusals import Refused
from studio.versions import bump_studio

JUDGE_JOB = "compliance.judge_anew"
# Rules speak of works made with AI; digital humans are judged as such.
RULE_KINDS = ["any", *(kind for kind in WorkKind.values if kind != WorkKind.DIGITAL_HUMAN)]


@transaction.atomic
def draft_rule(*, studio: Studio, by: User | None, rule: ClassRule | None = None, **terms: Any) -> ClassRule:
    """Write a rule that is not in force yet, or rewrite it (`rule`). Refuses terms that could never stand.

    `terms`: from_date, work_kind, key_from_minor, ordinary_from_minor, special_theme_is_key, promoted_is_key, source,
    replaces (the rule in force that it supersedes, or None).
    """
    Studio.objects.select_for_update().get(pk=studio.pk)
    row = _draft(rule) if rule is not None else ClassRule(studio=studio, state=RuleState.DRAFT)
    for name, value in terms.items():
        setattr(row, name, value)
    row.source = row.source.strip()
    if not row.source:
        raise Refused("source_missing", _("Name the notice that the rule comes from."), field="source")
    if row.work_kind not in RULE_KINDS:
        raise Refused("unknown_work_kind", _("Choose what kind of work the title is."), field="work_kind")
    if row.replaces is not None and (row.replaces.studio_id, row.replaces.state) != (studio.pk, RuleState.IN_FORCE):
        raise Refused("rule_not_there", _("The rule it is to supersede is no longer in force."), field="replaces")
    _check(row)
    row.save()
    bump_studio(studio.pk)
    return row


@transaction.atomic
def drop_rule(*, rule: ClassRule, by: User | None) -> None:
    """Throw a draft away."""
    row = _draft(rule)
    row.delete()
    bump_studio(rule.studio_id)


@transaction.atomic
def put_in_force(*, rule: ClassRule, by: User | None, at: dt.datetime | None = None) -> ClassRule:
    """Let a draft hold from its date on; the rule it supersedes stays as it was, for the judgements made under it.

    Titles are judged anew at once when its date has come, else on the morning of that date. Twice is once.
    """
    now = at or timezone.now()
    Studio.objects.select_for_update().get(pk=rule.studio_id)
    row = ClassRule.objects.select_for_update(of=("self",)).select_related("studio", "replaces").get(pk=rule.pk)
    if row.state == RuleState.IN_FORCE:
        return row
    row = _draft(row)
    if row.replaces is not None and row.replaces.state != RuleState.IN_FORCE:
        raise Refused("rule_not_there", _("The rule it is to supersede is no longer in force."), conflict=True)
    _check(row)
    if row.replaces is not None:
        ClassRule.objects.filter(pk=row.replaces_id).update(state=RuleState.SUPERSEDED, updated_at=now)
    row.state, row.decided_at, row.decided_by = RuleState.IN_FORCE, now, by
    row.save(update_fields=["state", "decided_at", "decided_by", "updated_at"])
    publish(
        ClassRulePutInForce(
            studio_id=row.studio_id, class_rule_id=row.pk, from_date=row.from_date.isoformat(), work_kind=row.work_kind,
            replaces_id=row.replaces_id,
        ),
        by=by, at=at,
    )  # fmt: skip
    today = timezone.localtime(now, row.studio.zone).date()
    enqueue(
        JUDGE_JOB, {"studio": row.studio_id, "on": today.isoformat()}, studio_id=row.studio_id,
        dedupe=f"judge-anew:rule:{row.pk}", by=by,
    )  # fmt: skip
    return row


def _draft(rule: ClassRule) -> ClassRule:
    row = ClassRule.objects.select_for_update(of=("self",)).select_related("studio", "replaces").get(pk=rule.pk)
    if row.state != RuleState.DRAFT:
        raise Refused(
            "rule_in_force",
            _("A rule that was put in force is not changed. Write a new one that supersedes it."),
            conflict=True,
        )
    return row


_FIELDS = {"rule_overlap": "from_date", "rule_gap": "from_date", "rule_other_kind": "replaces"}


def _check(row: ClassRule) -> None:
    if not queries.rule_rows(row.studio).exists():
        from compliance.actions import install_default_rules

        install_default_rules(studio=row.studio)
    try:
        rule_queries.rules_after(row)
    except RuleFault as fault:
        raise refusal(fault, field=_FIELDS.get(fault.code, "key_from")) from fault
