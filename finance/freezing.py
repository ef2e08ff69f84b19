"""Takedowns: payouts of the title are frozen until a named person lifts that with a reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.models import Takedown
from finance.events import FreezeLifted, PayoutsFrozen
from finance.models import Freeze
from studio.access import users_with
from studio.actions import tell
from studio.facts import publish
from studio.models import User
from studio.refusals import Refused


@transaction.atomic
def freeze_payouts(*, takedown: Takedown, by: User | None, at: dt.datetime | None = None) -> Freeze:
    """Hold back what the title's contract with that platform pays. The same takedown again: the same freeze."""
    package = takedown.package
    production, platform = package.production, package.platform
    freeze, new = Freeze.objects.get_or_create(
        takedown=takedown, defaults={"production": production, "platform": platform}
    )
    if not new:
        return freeze
    publish(
        PayoutsFrozen(
            studio_id=production.studio_id, production_id=production.pk, freeze_id=freeze.pk,
            platform_code=platform.code, reason=takedown.reason,
        ),
        by=by, at=at,
    )  # fmt: skip
    tell(
        users={*users_with("money.edit", production), *users_with("money.approve", production)},
        studio_id=production.studio_id, production_id=production.pk, kind="finance.payouts_frozen",
        url=f"/productions/{production.pk}/money/", dedupe=f"payouts_frozen:{freeze.pk}",
        params={"title": production.title, "platform": platform.name, "reason": takedown.reason},
    )  # fmt: skip
    return freeze


@transaction.atomic
def lift_freeze(*, freeze: Freeze, reason: str, by: User, at: dt.datetime | None = None) -> Freeze:
    """Let the payouts fall due again, in somebody's name. Lifted already: no change. Refuses without a reason."""
    reason = reason.strip()[:300]
    if not reason:
        raise Refused("reason_missing", _("Say why the payouts may fall due again."), field="reason")
    now = at or timezone.now()
    lifted = Freeze.objects.filter(pk=freeze.pk, lifted_at=None).update(
        lifted_at=now, lifted_by=by, lift_reason=reason, updated_at=now
    )
    row = Freeze.objects.select_related("production", "platform", "takedown").get(pk=freeze.pk)
    if lifted:
        publish(
            FreezeLifted(
                studio_id=row.production.studio_id, production_id=row.production_id, freeze_id=row.pk, reason=reason
            ),
            by=by, at=at,
        )  # fmt: skip
    return row
