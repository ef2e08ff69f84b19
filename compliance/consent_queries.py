"""Questions about consents: what is asked of whom on a title, what stands, and what a gate still waits for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from compliance import models
from compliance.models import AiDeclaration, Consent
from compliance.rules import (
    ConsentRule,
    Given,
    Need,
    Performer,
    consents_asked,
    declaration_lacks,
    default_consent_rules,
)
from studio.choices import Department
from studio.models import Engagement, Production, Studio


def plain_consent_rule(row: models.ConsentRule) -> ConsentRule:
    """A row as a plain value. Raises RuleFault for one that cannot hold."""
    return ConsentRule(
        from_date=row.from_date, kind=row.kind, whom=row.whom, when=row.trait or None, under_age=row.under_age,
        gate=row.gate, asked=row.asked, source=row.source,
    )  # fmt: skip


def consent_rules_of(studio: Studio) -> list[ConsentRule]:
    """The studio's own rules; the house's working set while it has none."""
    return [
        plain_consent_rule(row) for row in models.ConsentRule.objects.filter(studio=studio)
    ] or default_consent_rules()


def performers_by_title(productions: Iterable[Production]) -> dict[int, list[Performer]]:
    """Everybody engaged on each title, once, in the order they were engaged; one query."""
    found: dict[int, dict[int, Performer]] = defaultdict(dict)
    for row in (
        Engagement.objects.filter(production__in=[title.pk for title in productions])
        .select_related("person")
        .order_by("pk")
    ):
        known = found[row.production_id].get(row.person_id)
        in_cast = row.department == Department.CAST or (known is not None and known.in_cast)
        found[row.production_id][row.person_id] = Performer(
            row.person_id, row.person.name, row.person.birth_date, in_cast
        )
    return {pk: list(people.values()) for pk, people in found.items()}


def standing(rows: QuerySet[Consent]) -> QuerySet[Consent]:
    return rows.filter(withdrawn_at=None)


def given_by_title(productions: Iterable[Production]) -> dict[int, list[Given]]:
    """Consents that nobody withdrew, by title; one query."""
    found: dict[int, list[Given]] = defaultdict(list)
    rows = standing(Consent.objects.filter(production__in=[title.pk for title in productions])).order_by("pk")
    for production, person, kind, begin, end in rows.values_list(
        "production", "person", "kind", "from_date", "until_date"
    ):
        found[production].append(Given(person, kind, begin, end))
    return found


def needs_of(production: Production, traits: Collection[str], on: dt.date) -> list[Need]:
    """Consents that the title is asked for on a day, each with how it stands. Three queries."""
    return consents_asked(
        performers_by_title([production]).get(production.pk, []), consent_rules_of(production.studio),
        given_by_title([production]).get(production.pk, []), traits=traits, on=on,
    )  # fmt: skip


def gate_waits_for(production: Production, gate: str, traits: Collection[str], on: dt.date) -> list[Need]:
    """Consents that a gate is held shut by."""
    return [need for need in needs_of(production, traits, on) if need.gate == gate and not need.met]


def holds_gates(studio: Studio) -> bool:
    """Whether the studio lets any consent hold a gate shut: the question before all the others."""
    return models.ConsentRule.objects.filter(studio=studio).exclude(gate="").exists()


def current_declaration(production: Production) -> AiDeclaration | None:
    return AiDeclaration.objects.filter(production=production).select_related("declared_by").order_by("-pk").first()


def labels_lacking(declaration: AiDeclaration, on: dt.date) -> list[str]:
    """Names of the labels that a declaration lacks on a day."""
    return declaration_lacks(
        declaration.uses, visible_label=declaration.visible_label, metadata_label=declaration.metadata_label, on=on
    )
