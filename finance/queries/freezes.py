"""Which payouts are frozen by a takedown. Never writes."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from finance.models import Freeze, Payout, Settlement


def is_frozen() -> Exists:
    """For a queryset of payouts: whether the title was taken down on the platform and nobody lifted the freeze."""
    return Exists(
        Freeze.objects.filter(
            lifted_at=None, production=OuterRef("settlement__production"),
            platform=OuterRef("settlement__contract__platform"),
        )
    )  # fmt: skip


def freeze_of(payout: Payout) -> Freeze | None:
    """The freeze that holds a payout back."""
    return freezes_over(payout.settlement).filter(lifted_at=None).first()


def freezes_over(settlement: Settlement) -> QuerySet[Freeze]:
    return Freeze.objects.filter(
        production=settlement.production_id, platform=settlement.contract.platform_id
    ).select_related("takedown", "platform", "lifted_by")
