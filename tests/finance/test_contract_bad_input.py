"""Bad terms through the contract page: refused with the reason and the place, nothing half-written, never an error page."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from django.db import transaction

from finance.models import Contract, ContractParty

from .conftest import TERMS
from .settlement.test_bad_input import mutate


def send(browser: Any, production: Any, platform: Any, text: str, **more: str) -> Any:
    data = {"platform": platform.pk, "from_date": "2026-01-01", "pay_after_days": "30", "terms": text, **more}
    return browser.post(f"/productions/{production.pk}/contracts/new/", data)


def with_term(**changed: object) -> str:
    terms: dict[str, Any] = copy.deepcopy(TERMS)
    terms["terms"][0] |= changed
    return json.dumps(terms)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "required"),
        ("[1,", "This is not JSON"),
        ("[" * 100_000, "nested too deep"),
        ('{"terms": [], "note": ' + "[" * 300 + "]" * 300 + "}", "nested too deep"),
        ('{"terms": [{"id": "\\u0000"}]}', "cannot be kept"),
        ('{"terms": [{"id": "\\ud800"}]}', "cannot be kept"),
        ('{"terms": 5}', "must be a list"),
        ('{"terms": [5]}', "must be an object"),
        ("5", "an object with a list of"),
        ('{"terms": [{"id": "a"}], "versions": []}', "Give the terms of this version alone"),
        ('{"terms": [{"id": "a"}], "ranks": [5]}', "is a list of objects"),
        ('{"terms": [{"id": "a"}], "surprise": 1}', "no field “surprise”"),
        (with_term(rate=0.2), "binary floating number (0.2)"),
        (with_term(rate=float("nan")), "binary floating number (nan)"),
        (with_term(rate="101%"), "term fee.rate is above 100%"),
        (with_term(of="after:rest"), "each would wait for the other in a circle"),
        (with_term(cap="9" * 30), "larger than any amount can be"),
        (with_term(party="stranger"), "not on the list: stranger"),
        (with_term(multiplier=8), "would count as basis points"),
    ],
)
def test_it_is_refused_with_a_sentence(
    text: str, sentence: str, production: Any, platform: Any, parties: Any, owner: Any, client_of: Any
) -> None:
    answer = send(client_of(owner), production, platform, text)
    assert answer.status_code == 422
    assert sentence in answer.content.decode().replace("&quot;", '"')
    assert not Contract.objects.exists()


@pytest.mark.parametrize("day", ["2026-01-15", "9999-12-01", "0001-01-01", "nonsense"])
def test_a_version_begins_in_a_month_that_can_be(
    day: str, production: Any, platform: Any, parties: Any, owner: Any, client_of: Any
) -> None:
    answer = send(client_of(owner), production, platform, json.dumps(TERMS), from_date=day)
    assert (answer.status_code, Contract.objects.exists()) == (422, False)


def test_whatever_is_changed_is_refused_or_kept_whole(
    production: Any, platform: Any, parties: Any, owner: Any, client_of: Any
) -> None:
    browser = client_of(owner)
    answers = {302: 0, 422: 0}
    for number in range(150):
        terms = copy.deepcopy(TERMS)
        mutate(random.Random(f"page {number}"), terms)
        with transaction.atomic():
            answer = send(browser, production, platform, json.dumps(terms))
            assert answer.status_code in answers, f"{number}: {answer.status_code}"
            answers[answer.status_code] += 1
            row = Contract.objects.first()
            assert (row is not None) == (answer.status_code == 302), number
            if row is not None:
                assert row.terms == terms
                assert ContractParty.objects.filter(contract=row).exists()
                assert browser.get(f"/contracts/{row.pk}/").status_code == 200
            else:
                assert not ContractParty.objects.exists()
            transaction.set_rollback(True)
    assert min(answers.values()) > 10
