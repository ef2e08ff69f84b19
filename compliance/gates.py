"""Letting a title through a gate that the rules hold shut, under a person's name, and taking that back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance import queries
from compliance.choices import Gate
from compliance.events import GateClosed, GateOpened
from compliance.models import GateOverride
from studio.facts import publish
from studio.models import Production, User
from studio.refusals import Refused


@transaction.atomic
def open_gate(
    *, production: Production, gate: str, reason: str, by: User, at: dt.datetime | None = None
) -> GateOverride:
    """Let a title through. Refuses without a reason, and where nothing is in the way."""
    reason = reason.strip()
    if gate not in Gate.values:
        raise Refused("unknown_gate", _("Choose which gate."), field="gate")
    if not reason:
        raise Refused(
            "reason_missing", _("Say why it is let through: the reason stands beside your name."), field="reason"
        )
    production = Production.objects.select_for_update(of=("self",)).select_related("studio").get(pk=production.pk)
    held = queries.override_of(production, gate)
    if held is not None:
        return held
    answer = queries.gate_answer(production, gate)
    if answer.ok:
        raise Refused("gate_open", _("Nothing is in the way: this gate is open."), field="gate")
    row = GateOverride.objects.create(
        production=production, gate=gate, reason=reason[:300], in_the_way=answer.reason[:300], given_by=by,
        given_at=at or timezone.now(),
    )  # fmt: skip
    publish(
        GateOpened(
            studio_id=production.studio_id, production_id=production.pk, gate_override_id=row.pk, gate=gate,
            reason=row.reason,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def close_gate(*, override: GateOverride, by: User, at: dt.datetime | None = None) -> None:
    """Withdraw an override; the rules hold again. Twice is once."""
    closed = GateOverride.objects.filter(pk=override.pk, withdrawn_at=None).update(
        withdrawn_at=at or timezone.now(), withdrawn_by=by, updated_at=timezone.now()
    )
    if closed:
        publish(
            GateClosed(
                studio_id=override.production.studio_id, production_id=override.production_id,
                gate_override_id=override.pk, gate=override.gate,
            ),
            by=by, at=at,
        )  # fmt: skip
