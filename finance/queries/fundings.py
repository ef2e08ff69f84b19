"""Fundings as their readers see them: drawn, recouped through issued settlements, outstanding; copyright per title."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from finance.choices import AllocationSource, ContractState, CopyrightOwner, SettlementState
from finance.models import Allocation, Contract, Funding, FundingDraw, FundingTerms
from finance.own_terms import last_day
from finance.repaying import Account, Rates, spread
from studio.access import TABLE, Access
from studio.models import Network, Production, Studio
from studio.values import allocate

# Terms that give back what was put in; what a funder gets by others is its share of what is earned.
_CLAIMS = frozenset({"recoup", "expenses"})


def _foreign(access: Access) -> Q:
    """Advances of networks that the reader has nothing to do with, in studios that are seen through another network."""
    if access.everything:
        return Q(pk__in=[])
    own_studios = {grant.studio_id for grant in access.grants if grant.role in TABLE["funding.view"]}
    networks = Network.objects.filter(memberships__user=access.user).values("pk")
    return Q(network__isnull=False) & ~Q(studio__in=own_studios) & ~Q(network__in=networks)


def fundings_for(access: Access) -> QuerySet[Funding]:
    """The fundings that the user may see: a studio's own people all of it, a network its own and outside funds'."""
    rows = access.scope(Funding.objects.all(), "funding.view").exclude(_foreign(access))
    return rows.select_related("studio", "production", "network", "party")


@dataclasses.dataclass(frozen=True)
class Drawn:
    on_date: dt.date
    reference: str
    amount_minor: int
    pk: int
    is_reversal: bool
    is_reversed: bool


@dataclasses.dataclass(frozen=True)
class FundingStanding:
    """A funding on a day: drawn + premium + interest = recouped + outstanding (without what was recouped over it)."""

    funding: Funding
    terms: FundingTerms | None
    drawn_minor: int
    premium_minor: int
    interest_minor: int
    recouped_minor: int
    outstanding_minor: int
    over_minor: int
    steps: tuple[tuple[dt.date, int, int], ...]

    @property
    def advance_minor(self) -> int:
        return self.terms.advance_minor if self.terms else 0

    @property
    def undrawn_minor(self) -> int:
        return max(0, self.advance_minor - self.drawn_minor)


@dataclasses.dataclass(frozen=True)
class FundingTotals:
    """Sums over fundings in one currency; of one studio, or of all when `studio` is None."""

    studio: Studio | None
    currency: str
    count: int
    advance_minor: int
    drawn_minor: int
    recouped_minor: int
    outstanding_minor: int


def standings(rows: Iterable[Funding], on: dt.date | None = None) -> list[FundingStanding]:
    """Where each funding stands on a day (today unless told), in the given order; five queries however many.

    All advances of a party take part, also those that were not asked for: which of them a settlement repays does not
    depend on what a page is filtered by.
    """
    asked = list(rows)
    parties = {row.party_id for row in asked if row.party_id is not None}
    beside = Funding.objects.filter(party__in=parties).exclude(pk__in=[row.pk for row in asked])
    fundings = [*asked, *beside.select_related("studio")]
    ids = [row.pk for row in fundings]
    terms: dict[int, list[FundingTerms]] = defaultdict(list)
    for version in FundingTerms.objects.filter(funding__in=ids).order_by("from_date"):
        terms[version.funding_id].append(version)
    draws: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
    for pk, day, amount in (
        FundingDraw.objects.filter(funding__in=ids)
        .order_by("on_date", "pk")
        .values_list("funding", "on_date", "amount_minor")
    ):
        draws[pk].append((day, amount))
    now = timezone.now()
    days = {row.pk: on or timezone.localtime(now, row.studio.zone).date() for row in fundings}
    accounts = {
        row.pk: Account(
            row.pk,
            [(day, amount) for day, amount in draws[row.pk] if day <= days[row.pk]],
            [Rates(each.from_date, each.recoup_order, each.premium_bp, each.interest_bp) for each in terms[row.pk]],
        )
        for row in fundings
    }
    _repay(fundings, accounts, days)
    found = []
    for row in asked:
        account, day = accounts[row.pk], days[row.pk]
        held = [each for each in terms[row.pk] if each.from_date <= day]
        outstanding, premium = account.due(day), account.premium(day)
        found.append(
            FundingStanding(
                funding=row,
                terms=held[-1] if held else None,
                drawn_minor=account.drawn,
                premium_minor=premium,
                interest_minor=max(0, outstanding + account.recouped - account.drawn - premium),
                recouped_minor=account.recouped,
                outstanding_minor=outstanding,
                over_minor=account.over,
                steps=tuple(account.steps),
            )
        )
    return found


def _repay(fundings: list[Funding], accounts: dict[int, Account], days: dict[int, dt.date]) -> None:
    """Let issued settlements repay: each advance from its own title's months, those to the studio from any title's."""
    given = _given({row.party_id for row in fundings if row.party_id is not None})
    by_party: dict[int, list[Funding]] = defaultdict(list)
    for row in fundings:
        if row.party_id is not None:
            by_party[row.party_id].append(row)
    for party, rows in by_party.items():
        day = max(days[row.pk] for row in rows)
        general = [accounts[row.pk] for row in rows if row.production_id is None]
        titles: dict[int, list[Account]] = defaultdict(list)
        for row in rows:
            if row.production_id is not None:
                titles[row.production_id].append(accounts[row.pk])
        events = sorted((on, title, amount) for title, on, amount in given.get(party, []) if on <= day)
        for on, title, amount in events:
            spread([*titles.get(title, []), *general], [(on, amount)], on)
        for account in (*general, *(account for each in titles.values() for account in each)):
            account.go_to(day)


def _given(parties: set[int]) -> dict[int, list[tuple[int, dt.date, int]]]:
    """Party -> (title, day, amount) that clauses of recoupment gave in issued settlements.

    A month's receipts count on its last day, as the engine reckons them; on the day of issue when that was earlier.
    """
    sums = list(
        Allocation.objects.filter(
            party__in=parties, settlement__state=SettlementState.ISSUED, source=AllocationSource.POOL
        )
        .order_by()
        .values_list(
            "party",
            "party__code",
            "settlement__production",
            "settlement__contract__production",
            "settlement__contract__platform",
            "term",
            "period",
            "settlement__issued_at",
        )
        .annotate(total=Sum("amount_minor"))
    )
    claims: dict[tuple[int, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for kept_under, platform, terms in (
        Contract.objects.filter(production__in={row[3] for row in sums})
        .exclude(state=ContractState.DRAFT)
        .values_list("production", "platform", "terms")
    ):
        for code, term in claims_in(terms):
            claims[(kept_under, platform)][code].add(term)
    # What a correction or a reversal changes belongs to its month: month by month they come to what is right, over all
    # titles of a contract.
    months: dict[tuple[int, int, int, str], list[tuple[int, dt.date, int]]] = defaultdict(list)
    for party, code, title, kept_under, platform, term, period, issued_at, total in sums:
        if term in claims[(kept_under, platform)][code]:
            months[(party, kept_under, platform, period)].append((title, timezone.localdate(issued_at), total))
    found: dict[int, list[tuple[int, dt.date, int]]] = defaultdict(list)
    for (party, _kept_under, _platform, period), rows in months.items():
        for title, amount in _by_title([(title, total) for title, _day, total in rows]):
            days = (day for each, day, _total in rows if each == title)
            found[party].append((title, min(last_day(period), *days), amount))
    return found


def _by_title(rows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A month's sum, laid on the titles in whose settlements it was given: one of them may have taken back another's."""
    sums: dict[int, int] = defaultdict(int)
    for title, amount in rows:
        sums[title] += amount
    whole = sum(sums.values())
    if len(sums) == 1 or whole <= 0:
        return [(title, amount) for title, amount in sorted(sums.items()) if amount]
    above = {title: amount for title, amount in sorted(sums.items()) if amount > 0}
    parts = allocate(whole, list(above.values()))
    return [(title, part) for title, part in zip(above, parts, strict=True) if part]


def claims_in(terms: Any) -> Iterable[tuple[str, str]]:
    """(party's code, term) for what a contract's terms repay: investments, expenses, guarantees paid ahead."""
    for term in terms.get("terms", []) if isinstance(terms, dict) else []:
        if not isinstance(term, dict):
            continue
        name = str(term.get("id", ""))
        if term.get("kind") in _CLAIMS:
            for part in term.get("parties", [term]):
                yield str(part.get("party", "")), name
        elif term.get("kind") == "guarantee":
            yield str(term.get("payer", "")), name


def totals_by_studio(rows: Iterable[FundingStanding]) -> list[FundingTotals]:
    return _totals(rows, by_studio=True)


def totals_over_all(rows: Iterable[FundingStanding]) -> list[FundingTotals]:
    return _totals(rows, by_studio=False)


def _totals(rows: Iterable[FundingStanding], *, by_studio: bool) -> list[FundingTotals]:
    groups: dict[tuple[str, int, str], list[FundingStanding]] = defaultdict(list)
    for row in rows:
        studio = row.funding.studio
        key = (studio.name, studio.pk) if by_studio else ("", 0)
        groups[(*key, row.funding.currency)].append(row)
    return [
        FundingTotals(
            studio=found[0].funding.studio if by_studio else None,
            currency=currency,
            count=len(found),
            advance_minor=sum(row.advance_minor for row in found),
            drawn_minor=sum(row.drawn_minor for row in found),
            recouped_minor=sum(row.recouped_minor for row in found),
            outstanding_minor=sum(row.outstanding_minor for row in found),
        )
        for (_name, _pk, currency), found in sorted(groups.items())
    ]


# --- copyright ----------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class CopyrightOfTitle:
    """What agreements say of a title's copyright today; none of them: a gap."""

    production: Production
    terms: tuple[FundingTerms, ...]

    @property
    def is_gap(self) -> bool:
        return not self.terms

    @property
    def studio_bp(self) -> int:
        """What is left to the studio."""
        return 10_000 - sum(row.copyright_bp or 0 for row in self.terms)


def copyright_titles(access: Access, *, gaps: bool = False) -> QuerySet[Production]:
    """Titles whose fundings the user may see, newest first; with `gaps` those without a copyright term in force."""
    titles = access.scope(Production.objects.select_related("studio"), "funding.view")
    if gaps:
        today = timezone.localdate()
        held = FundingTerms.objects.filter(funding__in=fundings_for(access).values("pk"), from_date__lte=today)
        later = held.filter(funding=OuterRef("funding"), from_date__gt=OuterRef("from_date"))
        stated = held.exclude(copyright_owner="").filter(~Exists(later))
        titles = titles.filter(
            ~Exists(stated.filter(funding__production=OuterRef("pk"))),
            ~Exists(stated.filter(funding__production=None, funding__studio=OuterRef("studio"))),
        )
    return titles.order_by("-pk")


def copyright_of(access: Access, titles: Iterable[Production]) -> list[CopyrightOfTitle]:
    """The copyright of these titles today, in the given order. One query."""
    rows = list(titles)
    today = timezone.localdate()
    current: dict[int, FundingTerms] = {}
    for row in (
        FundingTerms.objects.filter(
            Q(funding__production__in=[title.pk for title in rows])
            | Q(funding__production=None, funding__studio__in={title.studio_id for title in rows}),
            funding__in=fundings_for(access).values("pk"),
            from_date__lte=today,
        )
        .select_related("funding__network", "funding__studio")
        .order_by("from_date")
    ):
        current[row.funding_id] = row
    by_title: dict[int, list[FundingTerms]] = defaultdict(list)
    by_studio: dict[int, list[FundingTerms]] = defaultdict(list)
    for row in current.values():
        if row.copyright_owner:
            if row.funding.production_id is not None:
                by_title[row.funding.production_id].append(row)
            else:
                by_studio[row.funding.studio_id].append(row)
    return [
        CopyrightOfTitle(title, (*by_title[title.pk], *by_studio[title.studio_id])) for title in rows
    ]  # fmt: skip


def owner_label(row: FundingTerms) -> str:
    return str(CopyrightOwner(row.copyright_owner).label) if row.copyright_owner else ""
