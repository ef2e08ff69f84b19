"""Caps on the parts of a title's cost, and who is a lead. The amounts are the ledger's, which is a later room."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from compliance import models
from compliance.rules import CostCap, default_caps
from studio.choices import Department
from studio.models import Engagement, Person, Production, Studio, User
from studio.refusals import Refused
from studio.versions import bump_production


def caps_of(studio: Studio) -> list[CostCap]:
    """The studio's own caps; the published ones while it has none."""
    rows = [
        CostCap(row.from_date, row.measure, row.most_bp, row.source, row.binding)
        for row in models.CostCap.objects.filter(studio=studio)
    ]
    return rows or default_caps()


def performers_of(production: Production) -> list[Person]:
    """Those engaged in the cast, once each."""
    rows = Engagement.objects.filter(production=production, department=Department.CAST).select_related("person")
    return list({row.person_id: row.person for row in rows.order_by("pk")}.values())


def leads_of(production: Production) -> set[int]:
    return set(models.LeadPerformer.objects.filter(production=production).values_list("person", flat=True))


@transaction.atomic
def name_leads(*, production: Production, people: Collection[int], by: User | None) -> None:
    """Say who the leads are. Refuses somebody who is not engaged in the cast."""
    Production.objects.select_for_update(of=("self",)).get(pk=production.pk)
    wanted = set(people)
    if wanted - {person.pk for person in performers_of(production)}:
        raise Refused("not_in_the_cast", _("Only performers engaged on this title can be its leads."), field="leads")
    models.LeadPerformer.objects.filter(production=production).exclude(person__in=wanted).delete()
    models.LeadPerformer.objects.bulk_create(
        [models.LeadPerformer(production=production, person_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )
    bump_production(production.pk)
