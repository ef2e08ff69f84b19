"""What people with a share hear of: a month stated, a payment made, a document laid out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.events import PayoutPaid, StatementAccepted
from finance.models import Payout, Statement
from finance.queries.rooms import room_users, shared_in
from studio.actions import tell
from studio.facts import subscriber
from studio.job_names import name_job
from studio.notices import sentence
from studio.values import Money

sentence("finance.room_document", _("“%(title)s”: the document “%(name)s” lies in your room (version %(version)s)."))
sentence("finance.month_stated", _("“%(title)s”: %(platform)s stated %(amount)s for %(period)s."))
sentence("finance.share_paid", _("“%(title)s”, %(period)s: your share of %(amount)s was paid on %(date)s."))
name_job("finance.tell_stated", _("Tell investors of a statement"))
name_job("finance.tell_paid", _("Tell a party of a payment"))


@subscriber(StatementAccepted, kind="finance.tell_stated")
def tell_stated(run: Any, fact: StatementAccepted) -> dict[str, Any]:
    """Tell those whose contract holds in that month."""
    row = Statement.objects.select_related("production", "platform").filter(pk=fact.statement_id).first()
    if row is None or row.accepted_at is None:
        # Held again before this was heard: the next acceptance is heard as well.
        return {"told": 0}
    users = shared_in(row.production_id, row.platform_id, row.period)
    tell(
        users=users, studio_id=row.production.studio_id, production_id=row.production_id, kind="finance.month_stated",
        url=f"/investments/{row.production_id}/#statements", dedupe=f"month_stated:{row.pk}",
        params={
            "title": row.production.title, "platform": row.platform.name, "period": row.period,
            "amount": str(Money(row.counted_minor, row.currency)),
        },
    )  # fmt: skip
    return {"told": len(users)}


@subscriber(PayoutPaid, kind="finance.tell_paid")
def tell_paid(run: Any, fact: PayoutPaid) -> dict[str, Any]:
    row = (
        Payout.objects.select_related("settlement__production__studio", "party").filter(pk=fact.payout_id).first()
    )  # fmt: skip
    if row is None or row.paid_at is None:
        return {"told": 0}
    production = row.settlement.production
    users = [user for user in room_users(production) if user.pk == row.party.user_id]
    tell(
        users=users, studio_id=production.studio_id, production_id=production.pk, kind="finance.share_paid",
        url=f"/investments/{production.pk}/#payments", dedupe=f"share_paid:{row.pk}",
        params={
            "title": production.title, "period": row.settlement.period,
            "amount": str(Money(row.net_minor, row.settlement.currency)),
            "date": row.paid_at.astimezone(production.studio.zone).date().isoformat(),
        },
    )  # fmt: skip
    return {"told": len(users)}
