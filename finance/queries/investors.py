"""What somebody who has a share in titles sees of them, and nothing of anybody else.

Everything starts from the signed contracts that name a party of the user's, in the user's scope: `own_shares`. What
is read of others (a title's cost, its budget) is let through by the party's rights alone.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from django.db.models import Count, Max, Q
from django.utils import timezone

from delivery.models import Package
from finance.agreements import engine_contract
from finance.choices import PAYOUTS_OVER, AllocationSource, ContractState, PayoutState, SettlementState, StatementState
from finance.models import Allocation, Contract, ContractParty, Payout, RoomRight, Statement
from finance.own_terms import Given, OwnTerm, Standing, own_claims, own_terms, standing
from finance.queries.glance import glances
from finance.room_sentences import reason_sentence, term_sentence
from finance.settlement import read_contract
from finance.settlement.terms import Contract as Terms
from scheduling.choices import ShootDayState
from scheduling.models import ShootDay
from scripts_app.choices import SceneState
from scripts_app.models import Scene
from shooting.choices import SceneResult
from shooting.queries import scene_results
from studio.access import Access
from studio.models import Production, User

# A title and a platform: the contracts between them follow one another as versions.
Pair = tuple[int, int]


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far a title is: days and scenes shot of those planned."""

    days: int = 0
    days_shot: int = 0
    scenes: int = 0
    scenes_shot: int = 0
    last_day: dt.date | None = None


@dataclasses.dataclass(frozen=True)
class OnAir:
    """A platform that the user has a contract with: when it is to be and when it was live there."""

    platform: str
    planned: dt.date | None
    live: dt.date | None


@dataclasses.dataclass(frozen=True)
class Stated:
    """What a platform stated for a month."""

    period: str
    platform: str
    currency: str
    amount_minor: int


@dataclasses.dataclass(frozen=True)
class ShareLine:
    """One amount of the user's own share in an issued settlement; `why` is how it was reckoned."""

    period: str
    platform: str
    term: str
    clause: str
    kind: str
    currency: str
    amount_minor: int
    why: str


@dataclasses.dataclass(frozen=True)
class Clause:
    """A clause that speaks of the user: in words, and what it gave so far, line by line."""

    platform: str
    clause: str
    currency: str
    said: tuple[str, ...]
    lines: tuple[ShareLine, ...]

    @property
    def total_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines)


@dataclasses.dataclass(frozen=True)
class Recoupment:
    """What the user put in under a clause and has back: invested + premium = recouped + left."""

    platform: str
    clause: str
    currency: str
    invested_minor: int
    premium_minor: int
    recouped_minor: int
    left_minor: int
    interest: bool
    ahead: bool
    # Where several titles repay it together: what they have repaid is the same on the page of each, and counts once.
    titles: tuple[str, ...] = ()
    joint_key: tuple[int, int, str] | None = None

    @property
    def whole_minor(self) -> int:
        return self.invested_minor + self.premium_minor

    @property
    def percent(self) -> int:
        return self.recouped_minor * 100 // self.whole_minor if self.whole_minor else 0


@dataclasses.dataclass(frozen=True)
class SharePayment:
    """One payment of a user's own share."""

    period: str
    platform: str
    due_date: dt.date
    currency: str
    gross_minor: int
    set_off_minor: int
    tax_minor: int
    net_minor: int
    state: str
    state_label: str
    paid_date: dt.date | None


@dataclasses.dataclass(frozen=True)
class Investment:
    """A title in which the user has a share. What is here is all an investor sees: no other party, no others' terms.

    `cost_minor`, `budget_minor` and `progress` are None where the contract does not give the right.
    """

    production: Production
    pool: str
    cost_minor: int | None
    budget_minor: int | None
    progress: Progress | None
    on_air: tuple[OnAir, ...]
    statements: tuple[Stated, ...]
    clauses: tuple[Clause, ...]
    recoupments: tuple[Recoupment, ...]
    payments: tuple[SharePayment, ...]

    @property
    def id(self) -> int:
        return self.production.pk

    @property
    def title(self) -> str:
        return self.production.title

    @property
    def code(self) -> str:
        return self.production.code

    @property
    def stage(self) -> str:
        return self.production.stage

    @property
    def stage_label(self) -> str:
        return str(self.production.get_stage_display())

    @property
    def studio_name(self) -> str:
        return self.production.studio.name

    @property
    def currency(self) -> str:
        return self.production.studio.currency

    @cached_property
    def lines(self) -> tuple[ShareLine, ...]:
        found = [line for clause in self.clauses for line in clause.lines]
        return tuple(sorted(found, key=lambda line: (line.period, line.platform, line.clause), reverse=True))

    @cached_property
    def totals(self) -> tuple[Totals, ...]:
        return totals_of([self])

    @property
    def stated_minor(self) -> tuple[tuple[str, int], ...]:
        found: dict[str, int] = defaultdict(int)
        for row in self.statements:
            found[row.currency] += row.amount_minor
        return tuple(sorted(found.items()))

    @property
    def next_payment(self) -> SharePayment | None:
        waiting = [row for row in self.payments if row.state not in PAYOUTS_OVER]
        return min(waiting, key=lambda row: row.due_date, default=None)

    @property
    def live_date(self) -> dt.date | None:
        return min((row.live for row in self.on_air if row.live), default=None)

    @property
    def planned_date(self) -> dt.date | None:
        """When it is to be live: the first date agreed with a platform, else when the title is to be delivered."""
        agreed = min((row.planned for row in self.on_air if row.planned), default=None)
        return agreed or self.production.deliver_by_date


@dataclasses.dataclass(frozen=True)
class Totals:
    """What a user has over several titles, in one currency."""

    currency: str
    invested_minor: int = 0
    premium_minor: int = 0
    recouped_minor: int = 0
    left_minor: int = 0
    share_minor: int = 0
    paid_minor: int = 0
    waiting_minor: int = 0

    @property
    def whole_minor(self) -> int:
        return self.invested_minor + self.premium_minor


@dataclasses.dataclass(frozen=True)
class PoolOfTitles:
    """Titles that answer for one another under a contract, and what the user has over all of them."""

    name: str
    titles: tuple[Investment, ...]
    totals: tuple[Totals, ...]


def totals_of(rows: Iterable[Investment]) -> tuple[Totals, ...]:
    """Sums by currency: two currencies never go into one."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    counted: set[tuple[int, int, str]] = set()
    for row in rows:
        for claim in row.recoupments:
            if claim.joint_key is not None:
                if claim.joint_key in counted:
                    continue
                counted.add(claim.joint_key)
            found = sums[claim.currency]
            found["invested_minor"] += claim.invested_minor
            found["premium_minor"] += claim.premium_minor
            found["recouped_minor"] += claim.recouped_minor
            found["left_minor"] += claim.left_minor
        for clause in row.clauses:
            sums[clause.currency]["share_minor"] += clause.total_minor
        for payment in row.payments:
            if payment.state == PayoutState.PAID:
                sums[payment.currency]["paid_minor"] += payment.net_minor
            elif payment.state not in PAYOUTS_OVER:
                sums[payment.currency]["waiting_minor"] += payment.net_minor
    return tuple(Totals(currency, **sums[currency]) for currency in sorted(sums))


def pools_of(rows: Iterable[Investment]) -> list[PoolOfTitles]:
    """The titles that stand in a pool with others, by pool."""
    found: dict[tuple[int, str], list[Investment]] = defaultdict(list)
    for row in rows:
        if row.pool:
            found[(row.production.studio_id, row.pool)].append(row)
    return [PoolOfTitles(name, tuple(titles), totals_of(titles)) for (_studio, name), titles in sorted(found.items())]


# --- whose share, in which contracts ------------------------------------------------------------------------------


@dataclasses.dataclass
class OwnShares:
    """The contracts that name a user: by title and platform, with the versions between them and the party's codes.

    A contract over several titles stands under each of them; `kept_under` says where all its versions are.
    """

    versions: dict[Pair, list[Contract]]
    kept_under: dict[Pair, Pair]
    naming: frozenset[int]
    codes: dict[int, frozenset[str]]
    parties: frozenset[int]

    @property
    def production_ids(self) -> set[int]:
        return {production for production, _platform in self.versions}

    def mates(self, pair: Pair) -> list[Pair]:
        """The titles of the same contract, itself among them."""
        kept = self.kept_under[pair]
        return [other for other, under in self.kept_under.items() if under == kept]

    def with_mates(self, titles: Iterable[int]) -> set[int]:
        wanted = set(titles)
        return wanted | {other for pair in self.versions if pair[0] in wanted for other, _platform in self.mates(pair)}

    def names(self, pair: Pair, period: str) -> bool:
        """Whether the version in force in a month names the user."""
        held = [row for row in self.versions.get(pair, []) if f"{row.from_date:%Y-%m}" <= period]
        return bool(held) and held[-1].pk in self.naming


def own_shares(access: Access, user: User) -> OwnShares:
    """The signed contracts in the user's scope that name a party of the user's. Three queries."""
    named = list(
        access.scope(ContractParty.objects.filter(party__user=user), "investment.view")
        .exclude(contract__state=ContractState.DRAFT)
        .values_list("contract_id", "contract__production", "contract__platform", "party_id", "party__code")
    )
    pairs = {(production, platform) for _pk, production, platform, _party, _code in named}
    versions: dict[Pair, list[Contract]] = defaultdict(list)
    kept_under: dict[Pair, Pair] = {}
    further: dict[Pair, set[int]] = defaultdict(set)
    for row in (
        Contract.objects.filter(production__in={production for production, _platform in pairs})
        .exclude(state=ContractState.DRAFT)
        .select_related("production__studio", "platform")
        .prefetch_related("further")
        .order_by("from_date")
    ):
        under = (row.production_id, row.platform_id)
        if under in pairs:
            titles = {each.production_id for each in row.further.all()}
            further[under] |= titles
            for title in (row.production_id, *sorted(titles)):
                versions[(title, row.platform_id)].append(row)
                kept_under[(title, row.platform_id)] = under
    codes: dict[int, set[str]] = defaultdict(set)
    for _pk, production, platform, _party, code in named:
        for title in (production, *further[(production, platform)]):
            codes[title].add(code)
    return OwnShares(
        dict(versions),
        kept_under,
        frozenset(pk for pk, *_rest in named),
        {pk: frozenset(found) for pk, found in codes.items()},
        frozenset(party for *_rest, party, _code in named),
    )


def investment_view(access: Access, user: User, *, production: int | None = None) -> list[Investment]:
    """The titles in which a user has a share, newest first; a constant number of queries however many."""
    shares = own_shares(access, user)
    wanted = shares.production_ids if production is None else shares.production_ids & {production}
    titles = list(Production.objects.filter(pk__in=wanted).select_related("studio").order_by("-pk"))
    if not titles:
        return []
    ids = [title.pk for title in titles]
    rights = _rights(shares, ids)
    money = {row.production.pk: row for row in glances(titles)}
    progress, on_air = _progress(ids), _on_air(shares, ids)
    lines = _given(shares, list(shares.with_mates(ids)))
    statements, payments = _statements(shares, ids), _payments(shares, ids)
    found = []
    for title in titles:
        right = rights[title.pk]
        clauses, recoupments = _clauses(shares, title, lines)
        found.append(
            Investment(
                production=title,
                pool=_pool(shares, title),
                cost_minor=money[title.pk].cost_minor if right.sees_cost else None,
                budget_minor=money[title.pk].budget_minor if right.sees_cost and right.sees_budget else None,
                progress=progress.get(title.pk, Progress()) if right.sees_progress else None,
                on_air=tuple(on_air[title.pk]),
                statements=tuple(statements[title.pk]),
                clauses=clauses,
                recoupments=recoupments,
                payments=tuple(payments[title.pk]),
            )
        )
    return found


def investment_of(access: Access, user: User, production: int) -> Investment | None:
    return next(iter(investment_view(access, user, production=production)), None)


@dataclasses.dataclass(frozen=True)
class Rights:
    sees_progress: bool
    sees_cost: bool
    sees_budget: bool


def _rights(shares: OwnShares, ids: list[int]) -> dict[int, Rights]:
    """What the user's parties may see of each title: the most that any of them may."""
    kept: dict[int, dict[int, RoomRight]] = defaultdict(dict)
    for row in RoomRight.objects.filter(production__in=ids, party__in=shares.parties):
        kept[row.production_id][row.party_id] = row
    plain = RoomRight()
    named: dict[int, set[int]] = defaultdict(set)
    of_contract = {row.pk: row for rows in shares.versions.values() for row in rows}
    for contract, party in ContractParty.objects.filter(
        contract__in=shares.naming, party__in=shares.parties
    ).values_list("contract", "party"):
        row = of_contract[contract]
        for title in (row.production_id, *(each.production_id for each in row.further.all())):
            named[title].add(party)
    found = {}
    for pk in ids:
        rows = [kept[pk].get(party, plain) for party in named[pk]]
        found[pk] = Rights(
            any(row.sees_progress for row in rows),
            any(row.sees_cost for row in rows),
            any(row.sees_budget for row in rows),
        )
    return found


def _pool(shares: OwnShares, title: Production) -> str:
    """The name of the pool in which the title stands with others, as the latest contract has it."""
    for (production, _platform), rows in shares.versions.items():
        groups = rows[-1].terms.get("groups") if production == title.pk else None
        for name, codes in groups.items() if isinstance(groups, dict) else ():
            if isinstance(codes, list) and title.code in codes:
                return str(name)
    return ""


# --- what there is of each title ----------------------------------------------------------------------------------


def _progress(ids: list[int]) -> dict[int, Progress]:
    scenes = dict(
        Scene.objects.filter(production__in=ids, state=SceneState.ACTIVE)
        .order_by()
        .values_list("production")
        .annotate(n=Count("id"))
    )
    shot = {
        pk: sum(result == SceneResult.SHOT for result in results.values()) for pk, results in scene_results(ids).items()
    }
    done = Q(state__in=[ShootDayState.WRAPPED, ShootDayState.APPROVED])
    days = {
        pk: (count, wrapped, last)
        for pk, count, wrapped, last in ShootDay.objects.filter(production__in=ids)
        .exclude(state=ShootDayState.CANCELLED)
        .order_by()
        .values_list("production")
        .annotate(n=Count("id"), wrapped=Count("id", filter=done), last=Max("date"))
    }
    return {
        pk: Progress(
            days=days.get(pk, (0, 0, None))[0],
            days_shot=days.get(pk, (0, 0, None))[1],
            scenes=scenes.get(pk, 0),
            scenes_shot=shot.get(pk, 0),
            last_day=days.get(pk, (0, 0, None))[2],
        )
        for pk in ids
    }


def _on_air(shares: OwnShares, ids: list[int]) -> dict[int, list[OnAir]]:
    """Live dates on the platforms that the user has a contract with."""
    found: dict[int, list[OnAir]] = defaultdict(list)
    for row in (
        Package.objects.filter(production__in=ids).select_related("platform", "production__studio").order_by("pk")
    ):
        if (row.production_id, row.platform_id) in shares.versions:
            zone = row.production.studio.zone
            live = timezone.localtime(row.live_at, zone).date() if row.live_at else None
            found[row.production_id].append(OnAir(row.platform.name, row.due_date, live))
    return found


def _statements(shares: OwnShares, ids: list[int]) -> dict[int, list[Stated]]:
    found: dict[int, list[Stated]] = defaultdict(list)
    for row in (
        Statement.objects.filter(production__in=ids, state__in=[StatementState.ACCEPTED, StatementState.SETTLED])
        .select_related("platform")
        .order_by("-period", "pk")
    ):
        if shares.names((row.production_id, row.platform_id), row.period):
            found[row.production_id].append(Stated(row.period, row.platform.name, row.currency, row.counted_minor))
    return found


@dataclasses.dataclass(frozen=True)
class _Row:
    pair: Pair
    settled: str
    pool: str
    line: ShareLine
    source: str


def _given(shares: OwnShares, ids: list[int]) -> dict[int, list[_Row]]:
    """The user's own allocations in issued settlements."""
    found: dict[int, list[_Row]] = defaultdict(list)
    for row in (
        Allocation.objects.filter(
            settlement__production__in=ids, settlement__state=SettlementState.ISSUED, party__in=shares.parties
        )
        .select_related("settlement__contract__platform")
        .order_by("pk")
    ):
        settlement = row.settlement
        pair = (settlement.production_id, settlement.contract.platform_id)
        if pair not in shares.versions:
            continue
        line = ShareLine(
            row.period, settlement.contract.platform.name, row.term, row.clause or row.term, row.kind,
            settlement.currency, row.amount_minor, reason_sentence(row.explanation),
        )  # fmt: skip
        found[settlement.production_id].append(_Row(pair, settlement.period, row.title, line, row.source))
    return found


def _payments(shares: OwnShares, ids: list[int]) -> dict[int, list[SharePayment]]:
    found: dict[int, list[SharePayment]] = defaultdict(list)
    for row in (
        Payout.objects.filter(settlement__production__in=ids, party__in=shares.parties)
        .exclude(state=PayoutState.CANCELLED)
        .select_related("settlement__contract__platform", "settlement__production__studio")
        .order_by("-due_date", "-pk")
    ):
        settlement = row.settlement
        if (settlement.production_id, settlement.contract.platform_id) not in shares.versions:
            continue
        zone = settlement.production.studio.zone
        found[settlement.production_id].append(
            SharePayment(
                settlement.period, settlement.contract.platform.name, row.due_date, settlement.currency,
                row.gross_minor, row.set_off_minor, row.tax_minor, row.net_minor, row.state, str(row.get_state_display()),
                timezone.localtime(row.paid_at, zone).date() if row.paid_at and row.state == PayoutState.PAID else None,
            )
        )  # fmt: skip
    return found


def _clauses(
    shares: OwnShares, title: Production, lines_of: dict[int, list[_Row]]
) -> tuple[tuple[Clause, ...], tuple[Recoupment, ...]]:
    """The user's clauses of a title, platform by platform, with what each gave; and what was put in and is back."""
    today = timezone.localtime(timezone.now(), title.studio.zone).date()
    codes = shares.codes[title.pk]
    clauses: list[Clause] = []
    recoupments: list[Recoupment] = []
    for pair in shares.versions:
        if pair[0] != title.pk:
            continue
        versions = shares.versions[shares.kept_under[pair]]
        platform = versions[0].platform.name
        read, _faults = read_contract(engine_contract(versions[0].production, versions))
        here = [row for row in lines_of[title.pk] if row.pair == pair]
        mates = shares.mates(pair)
        over_all = [row for other in mates for row in lines_of[other[0]] if row.pair == other]
        repaying = _repaying(read) if read is not None else {}
        said: dict[str, OwnTerm] = {}
        for term in own_terms(read, codes) if read is not None else ():
            said[term.term] = term
        for name in dict.fromkeys([*said, *(row.line.term for row in here)]):
            lines = tuple(row.line for row in here if row.line.term == name)
            term = said.get(name)
            clauses.append(
                Clause(
                    platform=platform,
                    clause=(term.clause if term else lines[0].clause) or name,
                    currency=read.currency if read is not None else lines[0].currency,
                    said=tuple(term_sentence(each) for each in term.said) if term else (),
                    lines=tuple(sorted(lines, key=lambda line: line.period, reverse=True)),
                )
            )
        for claim in own_claims(read, codes) if read is not None else ():
            titles = repaying[claim.term]
            if title.code not in titles:
                continue
            mine = [row for row in over_all if row.line.term == claim.term]
            now = standing(claim, [_as_given(row, claim.ahead) for row in mine], today)
            found = _recoupment(platform, read.currency if read else "", now)
            if len(titles) > 1:
                found = dataclasses.replace(
                    found, titles=tuple(titles), joint_key=(*shares.kept_under[pair], claim.term)
                )
            recoupments.append(found)
    return tuple(clauses), tuple(recoupments)


def _repaying(contract: Terms) -> dict[str, list[str]]:
    """Clause -> the codes of the titles whose receipts meet it, under the latest version that has it."""
    found = {}
    for _version, term in contract.all_terms():
        found[term.id] = [
            code
            for code in sorted(contract.titles)
            if not term.titles or code in term.titles or contract.groups.get(code) in term.titles
        ]
    return found


def _as_given(row: _Row, ahead: bool) -> Given:
    """A line as it moves a claim: out of the pool it repays; paid ahead, it is lent."""
    if row.source == AllocationSource.POOL:
        return Given(row.line.period, row.line.amount_minor, f"{row.pool} {row.line.kind}")
    return Given(row.line.period, 0, f"{row.pool} {row.line.kind}", paid=-row.line.amount_minor if ahead else 0)


def _recoupment(platform: str, currency: str, now: Standing) -> Recoupment:
    return Recoupment(
        platform=platform, clause=now.claim.clause or now.claim.term, currency=currency,
        invested_minor=now.principal, premium_minor=now.premium, recouped_minor=now.recouped, left_minor=now.left,
        interest=now.claim.interest is not None, ahead=now.claim.ahead,
    )  # fmt: skip
