from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from finance.actions import (
    add_budget_line,
    add_party,
    contract_in_force,
    draft_contract,
    edit_budget_line,
    make_budget_from_template,
    remove_budget_line,
    sign_contract,
)
from finance.models import BudgetLine, BudgetShare, Contract, ContractParty
from finance.queries import cost_report
from studio.refusals import Refused

from .conftest import TERMS

JANUARY = dt.date(2026, 1, 1)


@pytest.fixture
def draft(production: Any, platform: Any, parties: Any, owner: Any) -> Any:
    def make(**changes: Any) -> Contract:
        fields = {"production": production, "platform": platform, "from_date": JANUARY, "terms": TERMS, "by": owner}
        return draft_contract(**{**fields, **changes})

    return make


def share(**changes: Any) -> list[dict[str, Any]]:
    return [{"id": "a", "kind": "share", "party": "agent", "rate": "10%", **changes}]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"terms": {}}, "no_terms"),
        ({"terms": "x"}, "no_terms"),
        ({"terms": {"versions": [], "terms": [1]}}, "versions_inside"),
        ({"terms": {"terms": [1], "colour": "red"}}, "unknown_field"),
        ({"terms": share(party="stranger")}, "unknown_party"),
        ({"terms": share(rate="110%")}, "terms_faulty"),
        ({"terms": share(rate=0.1)}, "terms_faulty"),
        ({"terms": {"currency": "XXX", "terms": share()}}, "terms_faulty"),
        ({"terms": {"currency": "USD", "terms": share(party="writer")}}, "tax_needs_cny"),
        ({"from_date": dt.date(2026, 1, 2)}, "not_first_of_month"),
        ({"pay_after_days": 366}, "days_out_of_range"),
    ],
)
def test_terms_that_are_refused_in_words(draft: Any, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        draft(**changes)
    assert (refused.value.code, Contract.objects.count(), ContractParty.objects.count()) == (code, 0, 0)
    assert len(refused.value.message) > 10


def test_a_draft_is_replaced_and_a_signed_one_is_not(draft: Any, owner: Any) -> None:
    first = draft()
    second = draft(terms=share())
    assert (second.pk, second.version, Contract.objects.count()) == (first.pk, 1, 1)
    assert [row.party.code for row in ContractParty.objects.select_related("party")] == ["agent"]
    signed = sign_contract(contract=second, by=owner)
    assert (signed.state, signed.signed_by, sign_contract(contract=signed, by=owner).signed_at) == (
        "signed", owner, signed.signed_at,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        draft()
    assert refused.value.code == "date_taken"
    assert draft(from_date=dt.date(2026, 3, 1)).version == 2


def test_the_version_in_force(draft: Any, production: Any, platform: Any, owner: Any) -> None:
    first, later = draft(), draft(from_date=dt.date(2026, 3, 1))
    assert contract_in_force(production, platform, "2026-05") is None
    sign_contract(contract=first, by=owner)
    sign_contract(contract=later, by=owner)
    found = [contract_in_force(production, platform, month) for month in ("2025-12", "2026-01", "2026-02", "2026-03")]
    assert found == [None, first, first, later]


def test_versions_keep_currency_and_pools(draft: Any, owner: Any) -> None:
    sign_contract(contract=draft(), by=owner)
    with pytest.raises(Refused) as refused:
        draft(from_date=dt.date(2026, 3, 1), terms={**TERMS, "pool_by": ["title", "kind"]})
    assert refused.value.code == "versions_differ"


def test_a_settled_month_keeps_its_rules(draft: Any, settled: Any, owner: Any) -> None:
    settled("2026-02", ("1", "100"), issue=True)
    with pytest.raises(Refused) as refused:
        sign_contract(contract=draft(from_date=dt.date(2026, 2, 1), terms=TERMS), by=owner)
    assert refused.value.code == "month_settled"


def test_another_studios_platform(draft: Any, other_production: Any) -> None:
    with pytest.raises(Refused) as refused:
        draft(production=other_production)
    assert refused.value.code == "other_studio"


def test_only_people_are_taxed(studio: Any) -> None:
    with pytest.raises(Refused) as refused:
        add_party(studio=studio, code="x", name="公司", kind="company", tax_method="author", by=None)
    assert refused.value.code == "company_not_withheld"


def test_the_standard_budget_sums_to_the_investment(production: Any, owner: Any) -> None:
    production.investment_minor = 60_000_001
    production.save()
    lines = make_budget_from_template(production=production, by=owner)
    assert sum(line.amount_minor for line in lines) == 60_000_001
    assert cost_report(production).budget_minor == 60_000_001
    with pytest.raises(Refused) as refused:
        make_budget_from_template(production=production, by=owner)
    assert (refused.value.code, BudgetLine.objects.count()) == ("budget_exists", len(lines))


def test_a_studio_edits_its_shares(production: Any, studio: Any, owner: Any) -> None:
    BudgetShare.objects.create(studio=studio, account="cast", name="演员", share_bp=2)
    BudgetShare.objects.create(studio=studio, account="post", name="后期", share_bp=1)
    lines = make_budget_from_template(production=production, by=owner)
    assert [(line.account, line.amount_minor) for line in lines] == [("cast", 40_000_000), ("post", 20_000_000)]


def test_no_investment_no_standard_budget(other_production: Any, other_owner: Any) -> None:
    with pytest.raises(Refused) as refused:
        make_budget_from_template(production=other_production, by=other_owner)
    assert refused.value.code == "no_investment"


def test_budget_lines_are_edited(production: Any, owner: Any) -> None:
    line = add_budget_line(production=production, account="crew", name="灯光", quantity=10, rate_minor=50_000, by=owner)
    edit_budget_line(line=line, account="equipment", name="灯光器材", quantity=9, rate_minor=50_000, by=owner)
    assert [(row.account, row.budget_minor) for row in cost_report(production).rows] == [("equipment", 450_000)]
    for changes in ({"account": "bank"}, {"name": " "}, {"quantity": 0}, {"rate_minor": -1}, {"rate_minor": 1.5}):
        with pytest.raises(Refused):
            edit_budget_line(
                **{"line": line, "account": "crew", "name": "x", "quantity": 1, "rate_minor": 1, "by": owner, **changes}
            )
    remove_budget_line(line=line, by=owner)
    assert cost_report(production).rows == ()
