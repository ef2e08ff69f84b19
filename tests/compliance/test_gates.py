"""No call sheet of a title without its filing, no delivery without a number, unless a named person lets it through."""

import datetime as dt

import pytest
from django.urls import reverse

from compliance.actions import classify_production, decide_filing, open_filing, submit_filing
from compliance.gates import close_gate, open_gate
from compliance.models import GateOverride
from compliance.queries import gate_shoot, may_deliver, may_shoot
from scheduling.call_sheets import issue_call_sheet
from scheduling.models import ShootDay
from studio.models import Event, Production
from studio.refusals import Refused

MILLION = 100_000_000
NEEDED = "A key or ordinary title needs its planning filing granted before the shoot."


@pytest.fixture
def key(production, owner):
    Production.objects.filter(pk=production.pk).update(investment_minor=4 * MILLION)
    production.refresh_from_db()
    assert classify_production(production=production, by=owner).class_code == "key"
    return production


@pytest.fixture
def day(key):
    return ShootDay.objects.create(production=key, number=1, date=dt.date(2026, 12, 1))


def refusal(day, by):
    with pytest.raises(Refused) as caught:
        issue_call_sheet(shoot_day=day, by=by)
    return caught.value


def test_no_call_sheet_goes_out_before_the_filing(key, day, owner):
    found = refusal(day, owner)
    assert (found.code, found.message) == (
        "not_cleared",
        f"Compliance does not let this title shoot: {NEEDED}",
    )
    filing = open_filing(production=key, kind="planning", by=owner)
    submit_filing(filing=filing, papers=["planning_form", "synopsis", "production_licence"], by=owner)
    assert refusal(day, owner).code == "not_cleared"
    decide_filing(filing=filing, granted=True, number="总局备2026000123", by=owner)
    # Past the gate, what is missing is the day's own plan.
    assert refusal(day, owner).code == "no_scenes"


def test_a_title_nobody_judged_is_held_by_what_it_is(production, owner):
    assert gate_shoot(production).ok
    Production.objects.filter(pk=production.pk).update(investment_minor=4 * MILLION)
    production.refresh_from_db()
    assert gate_shoot(production) == (False, "The title has not been classified yet. Judge its class first.")
    assert not production.classifications.exists()


def test_a_person_lets_it_through_with_a_reason_until_withdrawn(key, day, owner, client_of):
    client, page = client_of(owner), reverse("filing", args=[key.pk])
    url = reverse("open_gate", args=[key.pk])
    assert "This field is required." in client.post(url, {"gate": "shoot", "reason": " "}, follow=True).content.decode()
    assert not GateOverride.objects.exists()
    client.post(url, {"gate": "shoot", "reason": "总局口头同意先拍"})
    row = GateOverride.objects.get()
    assert (row.given_by, row.gate, row.in_the_way) == (
        owner, "shoot", NEEDED,
    )  # fmt: skip
    assert Event.objects.filter(name="GateOpened", actor_id=owner.pk).count() == 1
    assert may_shoot(key).reason.startswith(f"Let through by {owner} on ")
    assert may_shoot(key).reason.endswith("总局口头同意先拍")
    assert refusal(day, owner).code == "no_scenes"
    assert not may_deliver(key, "hongguo").ok
    assert "总局口头同意先拍" in client.get(page).content.decode()
    client.post(reverse("close_gate", args=[key.pk, row.pk]))
    assert refusal(day, owner).code == "not_cleared"
    assert "withdrawn by" in client.get(page).content.decode()


def test_delivery_has_a_gate_of_its_own(key, owner):
    row = open_gate(production=key, gate="delivery", reason="平台要求先传", by=owner)
    assert open_gate(production=key, gate="delivery", reason="又一次", by=owner) == row
    assert may_deliver(key, "hongguo").ok
    assert not may_shoot(key).ok
    close_gate(override=row, by=owner)
    close_gate(override=row, by=owner)
    assert Event.objects.filter(name="GateClosed").count() == 1
    assert not may_deliver(key, "hongguo").ok


def test_a_gate_that_is_open_is_not_overridden(production, owner):
    classify_production(production=production, by=owner)
    with pytest.raises(Refused) as caught:
        open_gate(production=production, gate="shoot", reason="不必要", by=owner)
    assert caught.value.code == "gate_open"


def test_only_compliance_opens_gates(key, owner, other_owner, make_member, client_of):
    url = reverse("open_gate", args=[key.pk])
    words = {"gate": "shoot", "reason": "急"}
    assert client_of(make_member(key.studio, "producer")).post(url, words).status_code == 403
    assert client_of(other_owner).post(url, words).status_code == 404
    row = open_gate(production=key, gate="shoot", reason="急", by=owner)
    assert client_of(other_owner).post(reverse("close_gate", args=[key.pk, row.pk])).status_code == 404


def test_a_title_that_platforms_review_is_let_out_by_one_of_them(production, owner):
    classify_production(production=production, by=owner)
    given = open_gate(production=production, gate="delivery", reason="试投", by=owner)
    assert may_deliver(production, "hongguo").ok
    close_gate(override=given, by=owner)
    filing = open_filing(production=production, kind="finished", platform_code="hongguo", by=owner)
    submit_filing(filing=filing, papers=["finished_work", "cost_report", "fee_pledge"], by=owner)
    decide_filing(filing=filing, granted=True, number="HG2026000123", by=owner)
    assert (may_deliver(production, "hongguo").ok, may_deliver(production, "douyin").ok) == (True, False)
    with pytest.raises(Refused) as caught:
        open_gate(production=production, gate="delivery", reason="不必要", by=owner)
    assert caught.value.code == "gate_open"
