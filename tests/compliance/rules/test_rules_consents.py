"""Which consents are asked of whom on a day, and what a declaration of AI lacks."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.rules import (
    AI_USES,
    ConsentRule,
    Given,
    Performer,
    RuleFault,
    age_on,
    consents_asked,
    declaration_lacks,
    default_consent_rules,
)

DAY = dt.date(2026, 11, 21)
CHILD = Performer(1, "小雨", dt.date(2012, 5, 1), True)
GROWN = Performer(2, "林叶", dt.date(1999, 5, 1), True)
GAFFER = Performer(3, "老周", dt.date(1980, 5, 1), False)
EVERYBODY = [CHILD, GROWN, GAFFER]


def asked(people=EVERYBODY, rules=None, given=(), traits=(), on=DAY):
    found = consents_asked(people, rules or default_consent_rules(), given, traits=traits, on=on)
    return [(need.name, need.kind, need.state) for need in found]


def test_the_working_set_asks_guardians_likeness_and_ai():
    assert asked() == [
        ("小雨", "guardian", "missing"), ("小雨", "likeness", "missing"), ("林叶", "likeness", "missing"),
    ]  # fmt: skip
    assert asked(traits=["ai"]) == [
        ("小雨", "guardian", "missing"), ("小雨", "likeness", "missing"), ("小雨", "ai", "missing"),
        ("林叶", "likeness", "missing"), ("林叶", "ai", "missing"),
    ]  # fmt: skip


def test_the_birthday_ends_the_guardian():
    before, on = dt.date(2030, 4, 30), dt.date(2030, 5, 1)
    assert ("小雨", "guardian", "missing") in asked(on=before)
    assert ("小雨", "guardian", "missing") not in asked(on=on)
    leap = dt.date(2008, 2, 29)
    assert (age_on(leap, dt.date(2026, 2, 28)), age_on(leap, dt.date(2026, 3, 1))) == (17, 18)


@pytest.mark.parametrize(
    ("paper", "state"),
    [
        (Given(2, "likeness", DAY), "given"),
        (Given(2, "likeness", DAY, DAY), "given"),
        (Given(2, "likeness", DAY - dt.timedelta(9), DAY - dt.timedelta(1)), "ended"),
        (Given(2, "likeness", DAY + dt.timedelta(1)), "later"),
        (Given(2, "ai", DAY), "missing"),
        (Given(1, "likeness", DAY), "missing"),
    ],
)
def test_a_paper_stands_from_its_first_to_its_last_day(paper, state):
    assert asked([GROWN], given=[paper]) == [("林叶", "likeness", state)]


def test_the_longest_paper_says_until_when():
    papers = [Given(2, "likeness", DAY, DAY + dt.timedelta(days)) for days in (3, 30, 7)]
    (need,) = consents_asked([GROWN], default_consent_rules(), papers, on=DAY)
    assert need.until_date == DAY + dt.timedelta(30)
    (need,) = consents_asked([GROWN], default_consent_rules(), [*papers, Given(2, "likeness", DAY)], on=DAY)
    assert (need.state, need.until_date) == ("given", None)


def test_a_later_rule_supersedes_and_can_end_one():
    first = ConsentRule(dt.date(2026, 1, 1), "likeness", "cast", source="一")
    strict = ConsentRule(dt.date(2026, 6, 1), "likeness", "cast", gate="shoot", source="二")
    ended = ConsentRule(dt.date(2026, 12, 1), "likeness", "cast", asked=False, source="三")
    rules = [ended, first, strict]

    def gates(on):
        return [need.gate for need in consents_asked([GROWN], rules, [], on=on)]

    assert (gates(dt.date(2025, 12, 31)), gates(dt.date(2026, 1, 1))) == ([], [""])
    assert (gates(dt.date(2026, 11, 30)), gates(dt.date(2026, 12, 1))) == (["shoot"], [])


def test_the_strictest_gate_of_two_rules_holds():
    rules = [
        ConsentRule(DAY, "likeness", "everyone", gate="delivery", source="一"),
        ConsentRule(DAY, "likeness", "cast", gate="shoot", source="二"),
    ]
    found = consents_asked(EVERYBODY, rules, [], on=DAY)
    assert [(need.name, need.gate) for need in found] == [("小雨", "shoot"), ("林叶", "shoot"), ("老周", "delivery")]


def test_rules_that_cannot_hold_are_refused():
    for words in (
        {"kind": "oral", "whom": "cast"}, {"kind": "ai", "whom": "dogs"}, {"kind": "ai", "whom": "cast", "gate": "air"},
        {"kind": "ai", "whom": "cast", "when": "rain"},
    ):  # fmt: skip
        with pytest.raises(RuleFault) as caught:
            ConsentRule(DAY, source="x", **words)
        assert caught.value.code == "consent_rule"
    for words in ({"whom": "minors"}, {"whom": "cast", "under_age": 18}):
        with pytest.raises(RuleFault) as caught:
            ConsentRule(DAY, "guardian", source="x", **words)
        assert caught.value.code == "consent_rule_age"


def test_labels_are_asked_for_from_the_day_of_the_measures():
    before, on = dt.date(2025, 8, 31), dt.date(2025, 9, 1)
    labels = {"visible_label": False, "metadata_label": False}
    assert declaration_lacks(["voice"], **labels, on=before) == []
    assert declaration_lacks(["voice"], **labels, on=on) == ["visible_label", "metadata_label"]
    assert declaration_lacks(["voice"], visible_label=True, metadata_label=False, on=on) == ["metadata_label"]
    assert declaration_lacks([], **labels, on=on) == []
    with pytest.raises(RuleFault) as caught:
        declaration_lacks(["catering"], **labels, on=on)
    assert caught.value.code == "unknown_ai_use"
    assert len(AI_USES) == 6


DATES = st.dates(dt.date(2024, 1, 1), dt.date(2028, 1, 1))


@given(
    papers=st.lists(
        st.builds(Given, st.integers(1, 3), st.sampled_from(["guardian", "likeness", "ai"]), DATES), max_size=8
    ),
    more=st.builds(Given, st.integers(1, 3), st.sampled_from(["guardian", "likeness", "ai"]), DATES),
    on=DATES,
)
def test_another_endless_paper_never_makes_a_need(papers, more, on):
    def unmet(given):
        found = consents_asked(EVERYBODY, default_consent_rules(), given, traits=["ai"], on=on)
        return {(need.person, need.kind) for need in found if not need.met}

    assert unmet([*papers, more]) <= unmet(papers)
    assert unmet(list(reversed(papers))) == unmet(papers)
