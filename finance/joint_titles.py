"""Titles of a contract over several: which ones terms name, which pools join them, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from delivery.models import Platform
from finance.agreements import stated_groups, titles_of
from finance.choices import ContractState
from finance.models import Contract, ContractTitle, Statement
from finance.queries.chains import IN_FORCE
from finance.settlement import Fault, read_receipts, settle
from finance.settlement.terms import Contract as Terms
from studio.models import Production
from studio.refusals import Refused
from studio.values import month_of

# Beyond what any deal covers, and what a page can say in sentences.
MOST_TITLES = 200


def further_titles(production: Production, terms: dict[str, Any]) -> list[Production]:
    """The titles that terms cover beside the one they are kept under, in the order of their codes.

    Refuses what is no list of codes, a title named twice, and titles that the studio does not have.
    """
    stated = terms.get("titles", [])
    if not isinstance(stated, list) or any(not isinstance(code, str) for code in stated):
        raise Refused("titles_no_list", _("“titles” is a list of the titles' codes."), field="terms")
    if len(stated) > MOST_TITLES:
        raise Refused("too_many_titles", _("A contract covers at most %(most)s titles."), field="terms",
                      params={"most": MOST_TITLES})  # fmt: skip
    twice = sorted({code for code in stated if stated.count(code) > 1})
    if twice:
        raise Refused(
            "title_twice", _("A title is named twice: %(codes)s. Name each title once."), field="terms",
            params={"codes": ", ".join(twice)[:200]},
        )  # fmt: skip
    wanted = [code for code in stated if code != production.code]
    found = {
        row.code: row
        for row in Production.objects.filter(studio=production.studio_id, code__in=wanted).select_related("studio")
    }
    unknown = [code for code in wanted if code not in found]
    if unknown:
        raise unknown_titles(unknown)
    return [found[code] for code in sorted(found)]


def unknown_titles(codes: Iterable[str]) -> Refused:
    """Titles of another studio, that do not exist, or that who writes the contract may not settle."""
    return Refused(
        "unknown_title", _("There is no title with the code %(codes)s here. Name titles of this studio by their codes."),
        field="terms", params={"codes": ", ".join(codes)[:200]},
    )  # fmt: skip


def check_scopes(production: Production, further: Iterable[Production], terms: dict[str, Any]) -> None:
    """Pools and terms may name the titles of the contract alone. Refuses the first that names another."""
    codes = {production.code, *(row.code for row in further)}
    groups = terms.get("groups", {})
    if not isinstance(groups, dict) or any(not isinstance(titles, list) for titles in groups.values()):
        raise Refused(
            "groups_no_object", _("“groups” is an object: a pool's name, and the list of the titles joined in it."),
            field="terms",
        )  # fmt: skip
    if groups and len(codes) == 1:
        raise Refused("groups_of_one_title", _("Pools are joined over several titles: name them in “titles”."), field="terms")  # fmt: skip
    if len(codes) == 1:
        return
    for name in groups:
        if name in codes:
            raise Refused(
                "title_is_pool", _("“%(name)s” is the code of a title: give the joint pool another name."),
                field="terms", params={"name": name[:60]},
            )  # fmt: skip
    named = [(name, titles) for name, titles in stated_groups(terms).items()]
    known = codes | set(groups)
    for term in terms.get("terms", []):
        if isinstance(term, dict) and isinstance(term.get("titles"), list):
            named.append((str(term.get("id", "")), [str(title) for title in term["titles"]]))
    ranks = [row for row in terms.get("ranks", []) if isinstance(row, dict)]
    named += [(str(row.get("rank", "")), [str(row.get("title", ""))]) for row in ranks]
    for place, titles in named:
        # A pool joins titles; a pool in a pool would repay itself in a circle.
        other = next((title for title in titles if title not in (codes if place in groups else known)), None)
        if other is not None:
            raise Refused(
                "title_not_covered",
                _("“%(place)s” names “%(title)s”, which is none of the contract's titles: %(codes)s."),
                field="terms",
                params={"place": place[:60], "title": other[:60], "codes": ", ".join(sorted(codes))[:200]},
            )  # fmt: skip


def check_against_versions(production: Production, draft: Contract, signed: Iterable[Contract]) -> None:
    """A title that a contract covers stays in it, and in its pool: what it brought in is part of the reckoning."""
    own, own_groups = set(titles_of(production, [draft])), _pools(draft)
    for row in signed:
        theirs = set(titles_of(production, [row]))
        before, after = (theirs, own) if row.from_date < draft.from_date else (own, theirs)
        dropped = sorted(before - after)
        if dropped:
            raise Refused(
                "titles_dropped",
                _("Later versions keep the titles of earlier ones (version %(version)s): %(codes)s. Titles can be added."),
                field="terms", params={"version": row.version, "codes": ", ".join(dropped)[:200]},
            )  # fmt: skip
        pools = _pools(row)
        moved = sorted(code for code in own & theirs if own_groups.get(code) != pools.get(code))
        if moved:
            raise Refused(
                "pools_differ",
                _("All versions join the same titles in the same pools (version %(version)s has others for %(codes)s)."),
                field="terms", params={"version": row.version, "codes": ", ".join(moved)[:200]},
            )  # fmt: skip


def _pools(row: Contract) -> dict[str, str]:
    return {code: name for name, codes in stated_groups(row.terms).items() for code in codes}


def check_elsewhere(production: Production, platform: Platform, draft: Contract, further: list[Production]) -> None:
    """A title is settled under one contract with a platform. Refuses titles that another one has, and two currencies."""
    held = (
        ContractTitle.objects.filter(production=production, contract__platform=platform)
        .exclude(contract__state=ContractState.DRAFT)
        .select_related("contract__production")
        .first()
    )
    if held is not None:
        raise Refused(
            "title_covered",
            _("This title is covered by the contract kept under %(title)s. Write a new version there."),
            field="platform", params={"title": held.contract.production.code},
        )  # fmt: skip
    if not further:
        return
    taken = (
        Contract.objects.filter(production__in=further, platform=platform)
        .exclude(state=ContractState.DRAFT)
        .values_list("production__code", flat=True)
    )
    elsewhere = (
        ContractTitle.objects.filter(production__in=further, contract__platform=platform)
        .exclude(contract__state=ContractState.DRAFT)
        .exclude(contract__production=production)
        .values_list("production__code", flat=True)
    )
    codes = sorted({*taken, *elsewhere})
    if codes:
        raise Refused(
            "title_has_contract",
            _("%(codes)s has a signed contract with %(platform)s already. A title is settled under one of them."),
            field="terms", params={"codes": ", ".join(codes)[:200], "platform": platform.name},
        )  # fmt: skip
    currency = draft.terms.get("currency", production.studio.currency)
    other = (
        Statement.objects.filter(
            production__in=[production, *further], platform=platform, state__in=IN_FORCE,
            period__gte=month_of(draft.from_date),
        )
        .exclude(currency=currency)
        .order_by("production__code", "period")
        .values_list("production__code", "period", "currency")
        .first()
    )  # fmt: skip
    if other is not None:
        raise Refused(
            "titles_of_two_currencies",
            _("%(title)s is stated in %(found)s for %(period)s, the contract is in %(currency)s: two currencies do not go into one pool."),
            field="terms",
            params={"title": other[0], "found": other[2], "period": other[1], "currency": currency},
        )  # fmt: skip


def spread_faults(contract: Terms) -> tuple[Fault, ...]:
    """Fixed amounts that would meet the pools of several titles, found before the first receipt comes in."""
    kinds = sorted({kind for _version, term in contract.all_terms() for kind in term.kinds}) or ["share"]
    months = [month_of(version.begin) for version in contract.versions if version.begin is not None]
    for kind in kinds:
        rows = [
            {"line": f"{title} {month}", "title": title, "kind": kind, "period": month, "amount": "0"}
            for title in sorted(contract.titles)
            for month in months
        ]
        receipts, faults = read_receipts(rows, contract)
        found = faults or settle(contract, receipts).faults
        # A rank may still be given; that amounts are spread will not mend itself.
        spread = tuple(fault for fault in found if fault.code == "amount_over_several_pools")
        if spread:
            return spread
    return ()
