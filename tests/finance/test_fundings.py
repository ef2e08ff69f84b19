"""Advances of networks and funds: recorded, drawn, repaid by issued settlements; who sees which."""

from __future__ import annotations

import dataclasses
import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance.fundings import Terms, change_funding_terms, draw_funding, record_funding, take_back_draw
from finance.models import Funding, FundingDraw, FundingTerms
from finance.queries.fundings import copyright_of, copyright_titles, fundings_for, standings, totals_by_studio
from finance.repaying import Account, Rates, spread
from studio.access import access_of
from studio.actions import open_production
from studio.models import Network, NetworkMembership, Studio, User
from studio.refusals import Refused

DAY = dt.date(2026, 1, 1)


@pytest.fixture
def network(studio: Any) -> Network:
    row = Network.objects.create(name="长夏版权")
    Studio.objects.filter(pk=studio.pk).update(network=row)
    studio.refresh_from_db()
    return row


@pytest.fixture
def watcher(network: Any) -> User:
    user = User.objects.create_user("watcher", password="correct horse")
    NetworkMembership.objects.create(user=user, network=network)
    return user


def advance(studio: Any, reference: str = "A-1", **kwargs: Any) -> Funding:
    terms = Terms(**{"from_date": DAY, "advance_minor": 100_000, **kwargs.pop("terms", {})})
    if not kwargs.get("fund_name"):
        kwargs.setdefault("network", studio.network)
    return record_funding(studio=studio, reference=reference, terms=terms, by=None, **kwargs)


def refused(call: Any) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def test_what_settlements_repay(
    network: Any, studio: Any, production: Any, parties: Any, settled: Any, owner: Any
) -> None:
    """The investor's clause gives 180.00 of January: what was drawn, 150.00 and its tenth, is back; the rest is over."""
    row = advance(studio, production=production, party=parties["investor"], terms={"premium_bp": 1000})
    draw_funding(funding=row, on_date=DAY, amount_minor=15_000, reference="B1", by=owner)
    (before,) = standings([row])
    assert (before.drawn_minor, before.premium_minor, before.recouped_minor, before.outstanding_minor) == (
        15_000, 1_500, 0, 16_500,
    )  # fmt: skip
    settled("2026-01", ("1", "300"))
    assert standings([row])[0].recouped_minor == 0
    from finance.actions import issue_settlement
    from finance.models import Settlement

    issue_settlement(settlement=Settlement.objects.get(), by=owner)
    (after,) = standings([row])
    assert (after.recouped_minor, after.outstanding_minor, after.over_minor) == (16_500, 0, 1_500)
    assert after.steps == ((dt.date(2026, 1, 31), 16_500, 0),)
    draw_funding(funding=row, on_date=dt.date(2026, 1, 2), amount_minor=10_000, reference="B2", by=owner)
    (later,) = standings([row])
    assert (later.recouped_minor, later.outstanding_minor, later.over_minor) == (18_000, 9_500, 0)


def test_a_settlement_taken_back_repays_nothing(
    network: Any, studio: Any, production: Any, parties: Any, settled: Any, owner: Any
) -> None:
    from finance.actions import reverse_settlement

    row = advance(studio, production=production, party=parties["investor"], terms={"interest_bp": 1000})
    draw_funding(funding=row, on_date=DAY, amount_minor=36_500, reference="B1", by=owner)
    settlement = settled("2026-01", ("1", "300"), issue=True)
    day = dt.date(2026, 3, 12)
    assert standings([row], day)[0].recouped_minor == 18_000
    reverse_settlement(settlement=settlement, by=owner, reason="重复入账")
    (then,) = standings([row], day)
    # Seventy days on the whole, as if nothing had come back.
    assert (then.recouped_minor, then.interest_minor, then.outstanding_minor) == (0, 700, 37_200)


def test_a_month_issued_before_its_end_repays_at_once(
    network: Any, studio: Any, production: Any, parties: Any, settled: Any, owner: Any
) -> None:
    from django.utils import timezone

    today = timezone.localdate()
    row = advance(studio, production=production, party=parties["investor"])
    draw_funding(funding=row, on_date=DAY, amount_minor=18_000, reference="B1", by=owner)
    settled(f"{today:%Y-%m}", ("1", "300"), issue=True)
    (now,) = standings([row])
    assert (now.recouped_minor, now.outstanding_minor, now.steps) == (18_000, 0, ((today, 18_000, 0),))


def test_advances_of_one_party_are_repaid_in_their_order(
    network: Any, studio: Any, production: Any, parties: Any, settled: Any, owner: Any
) -> None:
    second = advance(studio, "A-2", production=production, party=parties["investor"], terms={"recoup_order": 2})
    first = advance(studio, "A-1", party=parties["investor"])
    for row in (first, second):
        draw_funding(funding=row, on_date=DAY, amount_minor=10_000, reference=row.reference, by=owner)
    settled("2026-01", ("1", "300"), issue=True)
    assert [row.recouped_minor for row in standings([first, second])] == [10_000, 8_000]
    # Asked for alone it is told the same: a filter changes nothing.
    assert [row.recouped_minor for row in standings([second])] == [8_000]
    assert totals_by_studio(standings([first, second]))[0].outstanding_minor == 2_000


def test_interest_on_what_was_drawn(network: Any, studio: Any, owner: Any) -> None:
    row = advance(studio, terms={"interest_bp": 1000})
    draw_funding(funding=row, on_date=DAY, amount_minor=36_500, reference="B1", by=owner)
    (then,) = standings([row], dt.date(2026, 1, 11))
    assert (then.interest_minor, then.outstanding_minor) == (100, 36_600)
    change_funding_terms(
        funding=row, terms=Terms(from_date=dt.date(2026, 1, 11), advance_minor=100_000, interest_bp=2000), by=owner
    )
    (later,) = standings([row], dt.date(2026, 1, 21))
    assert later.interest_minor == 300
    # A past day is told under the terms of that day.
    assert standings([row], dt.date(2026, 1, 11))[0].interest_minor == 100


_rates = st.builds(
    Rates, begin=st.just(DAY), order=st.integers(1, 3), premium_bp=st.integers(0, 5_000), interest_bp=st.just(0)
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.lists(st.integers(1, 10**7), min_size=1, max_size=3), _rates), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(1, 800), st.integers(1, 10**7)), max_size=8),
)
def test_all_that_is_given_repays_or_is_over(advances: Any, given_rows: Any) -> None:
    accounts = [
        Account(key, [(DAY, amount) for amount in amounts], [rates]) for key, (amounts, rates) in enumerate(advances)
    ]
    rows = [(DAY + dt.timedelta(days=days), amount) for days, amount in given_rows]
    last = DAY + dt.timedelta(days=900)
    spread(accounts, rows, last)
    assert sum(row.recouped + row.over for row in accounts) == sum(amount for _day, amount in rows)
    for row in accounts:
        assert row.drawn + row.premium(last) == row.recouped + row.due(last)
        assert row.due(last) >= 0


@given(st.integers(1, 10**9), st.integers(0, 5_000), st.lists(st.integers(1, 700), min_size=1, max_size=5))
def test_interest_does_not_depend_on_the_days_it_is_asked_for(amount: int, bp: int, days: list[int]) -> None:
    whole, stepped = (Account(1, [(DAY, amount)], [Rates(DAY, interest_bp=bp)]) for _ in range(2))
    last = DAY + dt.timedelta(days=max(days))
    for step in sorted(days):
        stepped.due(DAY + dt.timedelta(days=step))
    assert whole.due(last) == stepped.due(last)
    assert whole.interest == Fraction(amount * bp * max(days), 365 * 10_000)


def test_what_cannot_be_recorded_is_refused(
    network: Any, studio: Any, production: Any, other_studio: Any, other_production: Any, parties: Any, owner: Any
) -> None:
    row = advance(studio, production=production, terms={"copyright_owner": "shared", "copyright_bp": 6_000})
    assert advance(studio, production=production) == row
    strange = Network.objects.create(name="别的版权")
    wrong: dict[str, dict[str, Any]] = {
        "reference_missing": {"reference": " "},
        "reference_taken": {"fund_name": "基金"},
        "other_network": {"reference": "B", "network": strange},
        "other_studio": {"reference": "B", "production": other_production},
        "unknown_currency": {"reference": "B", "currency": "XXX"},
        "negative_amount": {"reference": "B", "terms": {"advance_minor": -1}},
        "order_out_of_range": {"reference": "B", "terms": {"recoup_order": 0}},
        "rate_out_of_range": {"reference": "B", "terms": {"premium_bp": 100_001}},
        "premium_or_interest": {"reference": "B", "terms": {"premium_bp": 1, "interest_bp": 1}},
        "part_missing": {"reference": "B", "terms": {"copyright_owner": "shared"}},
        "unknown_owner": {"reference": "B", "terms": {"copyright_owner": "nobody"}},
        "copyright_over_100": {
            "reference": "B", "production": production, "terms": {"copyright_owner": "shared", "copyright_bp": 4_001},
        },
    }  # fmt: skip
    for code, kwargs in wrong.items():
        assert refused(lambda kwargs=kwargs: advance(studio, **kwargs)) == code
    assert refused(
        lambda: record_funding(studio=studio, reference="B", terms=Terms(DAY, 1), by=None)
    ) == "one_funder"  # fmt: skip
    # For the whole studio it would be above the whole of that one title.
    assert refused(lambda: advance(studio, "B", terms={"copyright_owner": "funder"})) == "copyright_over_100"
    assert Funding.objects.count() == 1
    advance(studio, "B", production=production, terms={"copyright_owner": "shared", "copyright_bp": 4_000})


def test_draws_and_versions(network: Any, studio: Any, owner: Any) -> None:
    row = advance(studio)

    def draw(amount: int, reference: str = "B1", day: dt.date = DAY) -> FundingDraw:
        return draw_funding(funding=row, on_date=day, amount_minor=amount, reference=reference, by=owner)

    first = draw(60_000)
    assert draw(60_000) == first
    assert refused(lambda: draw(1)) == "reference_taken"
    assert refused(lambda: draw(40_001, "B2")) == "over_the_advance"
    assert refused(lambda: draw(0, "B2")) == "not_an_amount"
    assert refused(lambda: draw(1, "")) == "reference_missing"
    assert refused(lambda: draw(1, "B2", dt.date(2025, 12, 31))) == "no_terms"
    terms = Terms(from_date=dt.date(2026, 6, 1), advance_minor=59_999)
    assert refused(lambda: change_funding_terms(funding=row, terms=terms, by=owner)) == "below_drawn"
    back = take_back_draw(draw=first, by=owner)
    assert (take_back_draw(draw=first, by=owner), back.amount_minor) == (back, -60_000)
    assert refused(lambda: take_back_draw(draw=back, by=owner)) == "is_a_reversal"
    assert standings([row])[0].drawn_minor == 0
    version = change_funding_terms(funding=row, terms=terms, by=owner)
    assert (version.version, change_funding_terms(funding=row, terms=terms, by=owner)) == (2, version)
    again = dataclasses.replace(terms, advance_minor=1)
    assert refused(lambda: change_funding_terms(funding=row, terms=again, by=owner)) == "date_not_after"
    for change in (
        lambda: FundingTerms.objects.filter(pk=version.pk).update(advance_minor=1),
        lambda: FundingDraw.objects.filter(pk=first.pk).update(amount_minor=1),
        lambda: FundingDraw.objects.filter(pk=back.pk).delete(),
    ):
        with pytest.raises((IntegrityError, OperationalError)), transaction.atomic():
            change()


def test_a_network_sees_its_members_and_no_other_s_advances(
    network: Any, watcher: Any, studio: Any, other_studio: Any, production: Any, owner: Any, other_owner: Any,
    client_of: Any,
) -> None:  # fmt: skip
    own = advance(studio, "长夏-1", production=production)
    fund = advance(studio, "基金-1", fund_name="外部基金")
    elsewhere = record_funding(
        studio=other_studio, reference="别人-1", fund_name="别人的基金", terms=Terms(DAY, 5), by=None
    )
    rival = Network.objects.create(name="对家版权")
    rival_user = User.objects.create_user("rival", password="correct horse")
    NetworkMembership.objects.create(user=rival_user, network=rival)

    def seen(user: Any) -> set[str]:
        return set(fundings_for(access_of(user)).values_list("reference", flat=True))

    assert (seen(watcher), seen(owner), seen(other_owner), seen(rival_user)) == (
        {"长夏-1", "基金-1"}, {"长夏-1", "基金-1"}, {"别人-1"}, set(),
    )  # fmt: skip
    page = client_of(watcher).get("/fundings/").content.decode()
    assert ("长夏-1" in page, "别人" in page) == (True, False)
    assert client_of(watcher).get(reverse("funding", args=[elsewhere.pk])).status_code == 404
    # The studio goes to the other network: the advance of the first is no business of the second.
    Studio.objects.filter(pk=studio.pk).update(network=rival)
    assert (seen(watcher), seen(rival_user), seen(owner)) == (set(), {"基金-1"}, {"长夏-1", "基金-1"})
    client = client_of(rival_user)
    assert client.get(reverse("funding", args=[own.pk])).status_code == 404
    assert "长夏" not in "".join(
        client.get(url).content.decode() for url in ("/fundings/", "/fundings/copyright/", "/fundings/?format=csv")
    )
    # A network looks and never writes.
    for name in ("change_funding", "draw_on_funding"):
        assert client.post(reverse(name, args=[fund.pk])).status_code == 403
    assert client.get("/fundings/new/").status_code == 403


def test_copyright_title_by_title_and_its_gaps(
    network: Any, watcher: Any, studio: Any, production: Any, owner: Any, client_of: Any
) -> None:
    bare = open_production(studio=studio, title="没写版权的戏", code="NO", by=owner)
    advance(studio, "A-1", production=production, terms={"copyright_owner": "shared", "copyright_bp": 3_000})
    advance(studio, "A-2", production=bare)
    access = access_of(watcher)
    stated = {row.production.code: row for row in copyright_of(access, copyright_titles(access))}
    assert (stated["NO"].is_gap, stated["CG01"].studio_bp) == (True, 7_000)
    assert [row.code for row in copyright_titles(access, gaps=True)] == ["NO"]
    page = client_of(watcher).get("/fundings/copyright/").content.decode()
    assert ("no copyright term stated" in page, "30%" in page, "70%" in page) == (True, True, True)
    # A term that begins tomorrow says nothing today; one for the studio speaks of all its titles.
    future = advance(
        studio, "A-3", production=bare, terms={"from_date": dt.date(2999, 1, 1), "copyright_owner": "studio"}
    )
    assert [row.code for row in copyright_titles(access, gaps=True)] == ["NO"]
    advance(studio, "A-4", terms={"copyright_owner": "studio"})
    assert list(copyright_titles(access, gaps=True)) == []
    # A later version without the words opens the gap again.
    row = Funding.objects.get(reference="A-4")
    change_funding_terms(funding=row, terms=Terms(from_date=dt.date(2026, 2, 1), advance_minor=100_000), by=owner)
    assert [row.code for row in copyright_titles(access, gaps=True)] == ["NO"]
    assert future.production == bare


@pytest.mark.parametrize("studios", [1, 3])
def test_pages_take_a_fixed_number_of_queries(
    studios: int, network: Any, watcher: Any, owner: Any, client_of: Any, django_assert_num_queries: Any
) -> None:
    for number in range(studios):
        studio = Studio.objects.create(name=f"公司 {number}", slug=f"s{number}", network=network)
        title = open_production(studio=studio, title=f"剧 {number}", code=f"T{number}", by=None)
        row = advance(studio, f"A-{number}", production=title)
        draw_funding(funding=row, on_date=DAY, amount_minor=100, reference="B", by=None)
    client = client_of(watcher)
    with django_assert_num_queries(11):
        assert client.get("/fundings/").status_code == 200
    with django_assert_num_queries(9):
        assert client.get("/fundings/copyright/").status_code == 200


def test_pages_follow_one_another(network: Any, watcher: Any, studio: Any, owner: Any, client_of: Any) -> None:
    for number in range(51):
        advance(studio, f"A-{number:03d}")
    client = client_of(watcher)
    page = client.get("/fundings/").content.decode()
    assert ("A-050" in page, "A-001" in page, "A-000" in page) == (True, True, False)
    last = Funding.objects.get(reference="A-001").pk
    assert f"before={last}" in page
    second = client.get(f"/fundings/?before={last}").content.decode()
    assert ("A-000" in second, "A-001" in second) == (True, False)
    assert client.get("/fundings/?format=csv").content.decode().count("A-0") == 51


def test_an_agreement_by_hand(
    network: Any, watcher: Any, studio: Any, production: Any, parties: Any, owner: Any, client_of: Any
) -> None:
    client = client_of(owner)
    terms = {"from_date": "2026-01-01", "advance_minor": "1,000.00", "recoup_order": "1", "premium_bp": "12.5"}
    answer = client.post(
        "/fundings/new/",
        {**terms, "reference": "CX-2026-01", "production": production.pk, "party": parties["investor"].pk,
         "copyright_owner": "shared", "copyright_bp": "40"},
    )  # fmt: skip
    row = Funding.objects.get()
    page = reverse("funding", args=[row.pk])
    assert (answer.url, row.network, row.terms.get().premium_bp, row.terms.get().copyright_bp) == (
        page, network, 1_250, 4_000,
    )  # fmt: skip
    client.post(page + "draw/", {"on_date": "2026-01-02", "amount_minor": "800", "reference": "B1"})
    over = client.post(page + "draw/", {"on_date": "2026-01-02", "amount_minor": "800", "reference": "B2"})
    assert (over.status_code, "of which ¥800.00 is drawn" in over.content.decode()) == (422, True)
    client.post(page + "terms/", {**terms, "from_date": "2026-03-01", "advance_minor": "2000"})
    shown = client_of(watcher).get(page).content.decode()
    assert ("¥800.00" in shown, "¥900.00" in shown, "12.5%" in shown, "¥2,000.00" in shown) == (True, True, True, True)
    assert "Take back" not in shown
    bad = client.post("/fundings/new/", {**terms, "reference": "X", "premium_bp": "1.2.3"})
    assert (bad.status_code, "Write a percentage" in bad.content.decode()) == (422, True)
    draw = FundingDraw.objects.get()
    client.post(reverse("take_back_draw", args=[row.pk, draw.pk]))
    assert standings([row])[0].drawn_minor == 0
