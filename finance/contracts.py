"""Contracts: drafted, checked by the settlement engine, signed; a change is a new version with its own month.

A row holds one version's terms. The engine gets all signed versions of a title and platform together, so that what a
party has been given under one version is remembered under the next.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.models import Platform
from finance.agreements import engine_contract, signed_versions
from finance.choices import ContractState, PartyKind, SettlementState, TaxMethod, VatKind
from finance.events import ContractDrafted, ContractSigned
from finance.joint_titles import check_against_versions, check_elsewhere, check_scopes, further_titles, spread_faults
from finance.models import Contract, ContractParty, ContractTitle, Party, Settlement
from finance.sentences import first_sentences
from finance.settlement import Fault, read_contract
from finance.settlement.tax import method_for
from finance.settlement.terms import Contract as Terms
from studio.facts import publish
from studio.models import Production, Studio, User
from studio.refusals import Refused
from studio.values import month_of

FIELDS = {"id", "currency", "studio", "pool_by", "terms", "titles", "groups", "ranks", "note"}
MOST_PAY_DAYS = 365


@dataclasses.dataclass(frozen=True)
class ContractFault:
    """One reason why terms cannot be used, as the engine says it."""

    code: str
    params: dict[str, Any]
    message: str


def party_codes(terms: Any) -> Iterator[str]:
    """Every party that terms name, as payee or as payer."""
    if isinstance(terms, dict):
        for key, value in terms.items():
            if key in ("party", "payer", "to") and isinstance(value, str):
                yield value
            else:
                yield from party_codes(value)
    elif isinstance(terms, list):
        for item in terms:
            yield from party_codes(item)


def read_terms(terms: Any) -> dict[str, Any]:
    """One version's terms as they are kept. Refuses what is no object, and versions inside a version."""
    if isinstance(terms, list):
        terms = {"terms": terms}
    if not isinstance(terms, dict) or not terms.get("terms"):
        raise Refused("no_terms", _("A contract is an object with a list of “terms”."), field="terms")
    if "versions" in terms:
        raise Refused(
            "versions_inside", _("Give the terms of this version alone; each version is a row of its own."),
            field="terms",
        )  # fmt: skip
    ranks = terms.get("ranks", [])
    if not isinstance(ranks, list) or any(not isinstance(row, dict) for row in ranks):
        raise Refused("ranks_no_list", _("“ranks” is a list of objects with “rank” and “from”."), field="terms")
    unknown = sorted(set(terms) - FIELDS)
    if unknown:
        raise Refused(
            "unknown_field", _("A contract has no field “%(field)s”."), field="terms",
            params={"field": str(unknown[0])[:40]},
        )  # fmt: skip
    return terms


def lay_over(production: Production, terms: dict[str, Any]) -> tuple[dict[str, Any], list[Production]]:
    """Terms with the codes of all titles they cover, its own first; and the further titles. Refuses unknown ones."""
    further = further_titles(production, terms)
    check_scopes(production, further, terms)
    if further:
        terms = {**terms, "titles": [production.code, *(row.code for row in further)]}
    return terms, further


def check_terms(
    production: Production, platform: Platform, draft: Contract, further: list[Production]
) -> tuple[Terms, list[Party]]:
    """The draft among the signed versions, read by the engine, and the parties it names. Refuses with the faults."""
    check_elsewhere(production, platform, draft, further)
    earlier = [row for row in signed_versions(production, platform) if row.from_date < draft.from_date]
    later = [row for row in signed_versions(production, platform) if row.from_date > draft.from_date]
    data = engine_contract(production, [*earlier, draft, *later])
    for row in [*earlier, *later]:
        if row.terms.get("currency", data["currency"]) != data["currency"] or (
            row.terms.get("pool_by", data["pool_by"]) != data["pool_by"]
        ):
            raise Refused(
                "versions_differ",
                _("All versions keep the currency and what money is pooled by (version %(version)s has others)."),
                field="terms", params={"version": row.version},
            )  # fmt: skip
    check_against_versions(production, draft, [*earlier, *later])
    contract, faults = read_contract(data)
    if contract is None:
        raise faulty(faults)
    faults = spread_faults(contract) if further else ()
    if faults:
        raise faulty(faults)
    if "title" not in contract.pool_by and any(term.kind == "clawback" for _version, term in contract.all_terms()):
        raise Refused(
            "clawback_pooled",
            _("A clawback needs money pooled by title: what one title was paid is not known otherwise."),
            field="terms",
        )  # fmt: skip
    codes = sorted(set(party_codes(draft.terms)))
    parties = {row.code: row for row in Party.objects.filter(studio=production.studio_id, code__in=codes)}
    missing = [code for code in codes if code not in parties]
    if missing:
        raise Refused(
            "unknown_party", _("The terms name parties that are not on the list: %(codes)s. Add them first."),
            field="terms", params={"codes": ", ".join(missing)[:300]},
        )  # fmt: skip
    kept_whole = {
        part.party
        for version, term in contract.all_terms()
        if term.after_tax and version.begin == draft.from_date
        for part in term.parts
    }
    untaxed = [
        parties[code].name for code in codes if code in kept_whole and parties[code].tax_method == TaxMethod.NONE
    ]
    if untaxed:
        raise Refused(
            "after_tax_untaxed",
            _("Nothing is withheld from %(names)s: only what a person is paid is agreed after tax."),
            field="terms", params={"names": ", ".join(untaxed)[:200]},
        )  # fmt: skip
    taxed = [row.name for row in parties.values() if row.tax_method != TaxMethod.NONE]
    if contract.currency != "CNY" and taxed:
        raise Refused(
            "tax_needs_cny",
            _("Tax is withheld in CNY; %(names)s cannot be paid under a contract in %(currency)s."),
            field="terms", params={"names": ", ".join(taxed)[:200], "currency": contract.currency},
        )  # fmt: skip
    return contract, list(parties.values())


def faulty(faults: Iterable[Fault]) -> Refused:
    """The engine's faults as a refusal: the first few in words, all of them in `params`."""
    rows = [fault.as_json() for fault in faults]
    return Refused(
        "terms_faulty", "%(text)s", field="terms", params={"text": first_sentences(rows), "faults": rows}
    )  # fmt: skip


@transaction.atomic
def draft_contract(
    *,
    production: Production,
    platform: Platform,
    from_date: dt.date,
    terms: Any,
    by: User | None,
    pay_after_days: int = 30,
    at: dt.datetime | None = None,
) -> Contract:
    """Write a version's terms down, checked. A draft of the same month is replaced; a signed one is refused.

    Terms with several “titles” are one contract over all of them, kept under this one. Refuses terms the engine finds
    faulty, parties that are not on the list, titles that another contract has, another studio's platform or titles, and
    a first day that does not begin a month: platforms state by the month.
    """
    if platform.studio_id != production.studio_id:
        raise Refused("other_studio", _("This platform belongs to another studio."), field="platform")
    if from_date.day != 1:
        raise Refused("not_first_of_month", _("A version begins on the first of a month."), field="from_date")
    if isinstance(pay_after_days, bool) or not 0 <= pay_after_days <= MOST_PAY_DAYS:
        raise Refused("days_out_of_range", _("Payment follows after 0 to 365 days."), field="pay_after_days")
    read, further = lay_over(production, read_terms(terms))
    _lock(production, further)
    rows = Contract.objects.filter(production=production, platform=platform)
    row = rows.filter(from_date=from_date).first()
    if row is not None and row.state != ContractState.DRAFT:
        raise Refused(
            "date_taken", _("Version %(version)s is signed from that date. Choose another month."), field="from_date",
            params={"version": row.version},
        )  # fmt: skip
    if row is None:
        last = rows.order_by("-version").values_list("version", flat=True).first() or 0
        row = Contract(production=production, platform=platform, version=last + 1, from_date=from_date)
    row.terms, row.pay_after_days = read, pay_after_days
    _contract, parties = check_terms(production, platform, row, further)
    row.save()
    ContractTitle.objects.filter(contract=row).delete()
    ContractTitle.objects.bulk_create(ContractTitle(contract=row, production=title) for title in further)
    ContractParty.objects.filter(contract=row).delete()
    ContractParty.objects.bulk_create(ContractParty(contract=row, party=party) for party in parties)
    publish(
        ContractDrafted(
            studio_id=production.studio_id, production_id=production.pk, contract_id=row.pk, version=row.version
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


def _lock(production: Production, further: Iterable[Production]) -> None:
    """The titles' rows are the lock of their contracts: version numbers follow one another, no title gets two contracts."""
    ids = sorted({production.pk, *(row.pk for row in further)})
    list(Production.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


@transaction.atomic
def sign_contract(*, contract: Contract, by: User | None, at: dt.datetime | None = None) -> Contract:
    """Put a draft in force. Signed already: no change. Refuses to change months that are settled."""
    production = Production.objects.select_related("studio").get(pk=contract.production_id)
    _lock(production, Production.objects.filter(covered_by__contract=contract))
    current = Contract.objects.select_related("platform").get(pk=contract.pk)
    current.production = production
    if current.state != ContractState.DRAFT:
        return current
    further = list(Production.objects.filter(covered_by__contract=current).order_by("code"))
    check_terms(production, current.platform, current, further)
    settled = (
        Settlement.objects.filter(
            contract__production=production, contract__platform=current.platform, state=SettlementState.ISSUED,
            period__gte=month_of(current.from_date),
        )
        .order_by("-period")
        .values_list("period", flat=True)
        .first()
    )  # fmt: skip
    if settled is not None:
        raise Refused(
            "month_settled", _("%(period)s is settled already. A new version begins in a later month."),
            field="from_date", params={"period": settled},
        )  # fmt: skip
    now = at or timezone.now()
    Contract.objects.filter(pk=current.pk, state=ContractState.DRAFT).update(
        state=ContractState.SIGNED, signed_at=now, signed_by=by, updated_at=now
    )
    publish(
        ContractSigned(
            studio_id=production.studio_id, production_id=production.pk, contract_id=current.pk,
            version=current.version, from_date=current.from_date.isoformat(),
        ),
        by=by, at=at,
    )  # fmt: skip
    current.refresh_from_db()
    return current


@transaction.atomic
def add_party(
    *,
    studio: Studio,
    code: str,
    name: str,
    kind: str,
    by: User | None,
    tax_method: str | None = None,
    vat_kind: str = "",
    person: Any = None,
    user: User | None = None,
) -> Party:
    """Put somebody on the list of parties. A person is taxed by the kind of payer the studio is unless told."""
    from studio.versions import bump_studio

    if kind not in PartyKind.values:
        raise Refused("unknown_kind", _("There is no such kind of party."), field="kind")
    usual = method_for(studio.payer_kind, "labour") if kind == PartyKind.PERSON else TaxMethod.NONE
    method = tax_method or usual
    if method not in TaxMethod.values or (kind != PartyKind.PERSON and method != TaxMethod.NONE):
        raise Refused("company_not_withheld", _("Tax is withheld from people only."), field="tax_method")
    if vat_kind and (kind == PartyKind.PERSON or vat_kind not in VatKind.values):
        raise Refused("person_without_vat", _("VAT is told of companies only."), field="vat_kind")
    if not code.strip() or not name.strip():
        raise Refused("name_missing", _("A party needs a code and a name."), field="code")
    if person is not None and person.studio_id != studio.pk:
        raise Refused("other_studio", _("This person belongs to another studio."), field="person")
    try:
        with transaction.atomic():
            party = Party.objects.create(
                studio=studio, code=code.strip()[:50], name=name.strip()[:120], kind=kind, tax_method=method,
                vat_kind=vat_kind, person=person, user=user,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "code_taken", _("The code “%(code)s” is taken. Choose another."), field="code", params={"code": code}
        ) from None
    bump_studio(studio.pk)
    return party
