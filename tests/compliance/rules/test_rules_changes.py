"""What a change of the rules would do, before it does it."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.rules import Case, ClassRule, RuleFault, classify, default_rules, touched, with_rule

RULES = default_rules()
YUAN = 100
NEXT = ClassRule(dt.date(2027, 1, 1), "any", 5_000_000 * YUAN, 2_000_000 * YUAN, True, False, "next notice")


def case(yuan, kind="live"):
    return Case(yuan * YUAN, kind, frozenset(), False, dt.date(2026, 12, 1))


@pytest.mark.parametrize(
    ("yuan", "kind", "classes"),
    [
        (5_000_000, "live", ("key", "key")),
        (4_999_999, "live", ("key", "ordinary")),
        (2_000_000, "live", ("ordinary", "ordinary")),
        (1_999_999, "live", ("ordinary", "other")),
        # Works made with AI have a rule of their own.
        (4_999_999, "ai", None),
    ],
)
def test_a_later_rule_touches_titles_from_its_day(yuan, kind, classes):
    after = with_rule(RULES, NEXT)
    found = list(touched([("t", case(yuan, kind))], RULES, after, NEXT.from_date))
    assert [(one.before.class_, one.after.class_) for one in found] == ([] if classes is None else [classes])
    assert list(touched([("t", case(yuan, kind))], RULES, after, NEXT.from_date - dt.timedelta(1))) == []


def test_a_title_that_only_changes_its_rule_does_not_move():
    (found,) = touched([("t", case(9_000_000))], RULES, with_rule(RULES, NEXT), NEXT.from_date)
    assert (found.moves, found.after.rule) == (False, "2027-01-01/any")


def test_the_first_rule_of_all_gives_a_class_where_there_was_none():
    (found,) = touched([("t", case(10))], [], with_rule([], RULES[0]), RULES[0].from_date)
    assert (found.before, found.after.class_, found.moves) == (None, "other", True)


@pytest.mark.parametrize(
    ("new", "instead_of", "code"),
    [
        (RULES[2], None, "rule_overlap"),
        (dataclasses.replace(RULES[0], from_date=dt.date(2022, 6, 2)), RULES[0], "rule_gap"),
        (dataclasses.replace(RULES[0], from_date=dt.date(2022, 5, 1)), RULES[0], None),
        (dataclasses.replace(RULES[3], from_date=dt.date(2026, 8, 1)), RULES[3], None),
        (dataclasses.replace(RULES[3], work_kind="any"), RULES[3], "rule_other_kind"),
        (NEXT, dataclasses.replace(NEXT, key_from=9_000_000_00), "rule_not_there"),
        (dataclasses.replace(RULES[1], key_from=2_000_000_00), RULES[1], None),
    ],
)
def test_what_may_stand_beside_the_rules(new, instead_of, code):
    if code is None:
        assert new in with_rule(RULES, new, instead_of=instead_of)
        return
    with pytest.raises(RuleFault) as caught:
        with_rule(RULES, new, instead_of=instead_of)
    assert caught.value.code == code


@given(
    st.lists(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), min_size=1, max_size=6, unique=True),
    st.dates(dt.date(2019, 1, 1), dt.date(2031, 1, 1)),
    st.integers(0, 5),
    st.dates(dt.date(2018, 1, 1), dt.date(2032, 1, 1)),
)
def test_no_change_that_is_allowed_leaves_a_covered_day_uncovered(dates, new_date, which, day):
    rules = [ClassRule(date, "any", 1000, None, True, False) for date in sorted(dates)]
    new = ClassRule(new_date, "any", 2000, None, True, False)
    try:
        after = with_rule(rules, new, instead_of=rules[which] if which < len(rules) else None)
    except RuleFault:
        return
    asked = Case(0, "live", frozenset(), False, day)
    if day >= min(dates):
        assert classify(asked, rules).class_ == "other"
        assert classify(asked, after).class_ == "other"
