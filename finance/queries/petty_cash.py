"""Petty cash: who holds how much, and slips that look alike. Amounts are fen of the studio's currency."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from django.db.models import Q, QuerySet, Sum

from finance.choices import Account, SlipState
from finance.models import EntryLine, PettySlip
from finance.receipt_photos import alike
from studio.models import Engagement, Person, Production, User


@dataclasses.dataclass(frozen=True)
class Holder:
    """What somebody holds of a title's cash; `waiting` is on slips nobody decided yet."""

    person: Person
    held_minor: int
    waiting_minor: int

    @property
    def after_minor(self) -> int:
        return self.held_minor - self.waiting_minor


def balance_of(production: Production, holder: Person) -> int:
    """What the ledger says somebody holds; below zero what the title owes them."""
    return int(
        EntryLine.objects.filter(
            entry__production=production, account=Account.ADVANCE, person=holder
        ).aggregate(total=Sum("amount_minor"))["total"]
        or 0
    )  # fmt: skip


def holders(production: Production) -> list[Holder]:
    """Everybody with cash or slips of a title, by name. Three queries."""
    held = dict(
        EntryLine.objects.filter(entry__production=production, account=Account.ADVANCE, person__isnull=False)
        .values_list("person")
        .annotate(total=Sum("amount_minor"))
        .order_by()
    )
    waiting = dict(
        PettySlip.objects.filter(production=production, state=SlipState.HANDED_IN)
        .values_list("holder")
        .annotate(total=Sum("amount_minor"))
        .order_by()
    )
    people = Person.objects.filter(pk__in={*held, *waiting}).order_by("name", "pk")
    return [Holder(person, held.get(person.pk, 0), waiting.get(person.pk, 0)) for person in people]


def slips_of(production: Production, *, state: str = "", text: str = "") -> QuerySet[PettySlip]:
    rows = PettySlip.objects.filter(production=production).select_related("holder", "decided_by", "production__studio")
    if state in SlipState.values:
        rows = rows.filter(state=state)
    if text.strip():
        rows = rows.filter(Q(what_for__icontains=text.strip()) | Q(holder__name__icontains=text.strip()))
    return rows.order_by("-pk")


def look_alikes(production: Production, slips: Iterable[PettySlip]) -> dict[int, int]:
    """Slip -> an earlier slip of the title whose photo looks the same. One query."""
    rows = list(
        PettySlip.objects.filter(production=production)
        .exclude(likeness="")
        .exclude(state=SlipState.SENT_BACK)
        .order_by("pk")
        .values_list("pk", "likeness")
    )
    found = {}
    for slip in slips:
        twin = next((pk for pk, likeness in rows if pk < slip.pk and alike(likeness, slip.likeness)), None)
        if twin is not None:
            found[slip.pk] = twin
    return found


def own_people(user: User) -> QuerySet[Person]:
    return Person.objects.filter(user=user).select_related("studio")


def own_titles(user: User) -> QuerySet[Production]:
    """Titles for which somebody may hand receipts in: those they work on, and those whose cash they hold."""
    engaged = Engagement.objects.filter(person__user=user).values("production")
    return (
        Production.objects.filter(
            Q(pk__in=engaged) | Q(petty_floats__holder__user=user) | Q(petty_slips__holder__user=user)
        )
        .select_related("studio")
        .distinct()
        .order_by("-pk")
    )  # fmt: skip
