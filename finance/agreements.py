"""Signed contracts as they are looked up and as the settlement engine reads them, of one title or of several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from delivery.models import Platform
from finance.choices import ContractState
from finance.models import Contract, ContractTitle
from studio.models import Production
from studio.values import parse_month


def covering(production: Production | int) -> Q:
    """The contracts of a title: those kept under it, and those kept under another one that cover it too."""
    return Q(production=production) | Q(
        Exists(ContractTitle.objects.filter(contract=OuterRef("pk"), production=production))
    )


def contract_in_force(production: Production, platform: Platform, period: str) -> Contract | None:
    """The signed version that holds for a title in a month (`2026-01`). Raises ValueError for what is no month."""
    return (
        Contract.objects.filter(covering(production), platform=platform, from_date__lte=parse_month(period))
        .exclude(state=ContractState.DRAFT)
        .select_related("production__studio")
        .order_by("-from_date")
        .first()
    )


def signed_versions(production: Production, platform: Platform) -> list[Contract]:
    """The signed versions of a contract kept under a title, in the order of their dates."""
    return list(
        Contract.objects.filter(production=production, platform=platform)
        .exclude(state=ContractState.DRAFT)
        .order_by("from_date")
    )


def stated_titles(terms: Any) -> list[str]:
    """The codes of the titles that terms name, as they stand there."""
    found = terms.get("titles", []) if isinstance(terms, dict) else []
    return [code for code in found if isinstance(code, str)] if isinstance(found, list) else []


def stated_groups(terms: Any) -> dict[str, list[str]]:
    """Name of a joint pool -> the codes of the titles that answer for one another in it."""
    found = terms.get("groups", {}) if isinstance(terms, dict) else {}
    if not isinstance(found, dict):
        return {}
    return {str(name): [str(code) for code in codes] for name, codes in found.items() if isinstance(codes, list)}


def titles_of(production: Production, versions: Iterable[Contract]) -> list[str]:
    """The codes of all titles that these versions cover, the one they are kept under first."""
    return list(dict.fromkeys([production.code, *(code for row in versions for code in stated_titles(row.terms))]))


def engine_contract(production: Production, versions: Iterable[Contract]) -> dict[str, Any]:
    """The JSON of `finance.settlement` for versions in the order of their dates, kept under this title.

    Titles and studio are ours to say. A title that a later version adds has no receipts before it, so the pools that
    titles are joined in are those of all versions together.
    """
    rows = list(versions)
    last = rows[-1].terms
    read: list[dict[str, Any]] = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        version = {"from": row.from_date.isoformat(), "terms": row.terms.get("terms", [])}
        if following is not None:
            version["until"] = (following.from_date - dt.timedelta(days=1)).isoformat()
        read.append(version)
    titles = titles_of(production, rows)
    joint = len(titles) > 1
    # A rank that a later version states again is the later one's; the rest is the past, which keeps its own.
    ranks: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        for stated in row.terms.get("ranks", []):
            title = str(stated.get("title", production.code)) if joint else production.code
            ranks[title, str(stated.get("from"))] = {**stated, "title": title}
    groups: dict[str, list[str]] = {}
    for row in rows if joint else ():
        for name, codes in stated_groups(row.terms).items():
            groups[name] = list(dict.fromkeys([*groups.get(name, []), *codes]))
    return {
        **({"ranks": list(ranks.values())} if ranks else {}),
        **({"groups": groups} if groups else {}),
        "id": str(last.get("id") or production.code),
        "currency": last.get("currency", production.studio.currency),
        "studio": production.studio.name,
        "pool_by": last.get("pool_by", ["title", "kind"]),
        "titles": titles,
        "versions": read,
    }
