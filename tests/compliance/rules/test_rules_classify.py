"""Classes of titles at every bound and date of the published notices."""

import datetime as dt
import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.rules import (
    Case,
    ClassRule,
    RuleFault,
    classify,
    default_rules,
    rule_from_json,
    special_themes,
)

ROOT = Path(__file__).resolve().parents[3]
TIERS = ROOT.parent / "shared" / "data" / "nrta_tiers.json"
RULES = default_rules()
YUAN = 100


def case(yuan=0, on="2026-02-01", kind="live", themes=(), promoted=False, voluntary=False):
    return Case(yuan * YUAN, kind, frozenset(themes), promoted, dt.date.fromisoformat(on), voluntary)


def judge(*args, **kwargs):
    return classify(case(*args, **kwargs), RULES).class_


@pytest.mark.parametrize(
    ("on", "kind", "yuan", "class_"),
    [
        # The first rule knows two classes only.
        ("2022-06-01", "live", 1_000_000, "key"),
        ("2022-06-01", "live", 999_999, "other"),
        ("2024-05-31", "live", 999_999, "other"),
        ("2024-05-31", "live", 0, "other"),
        ("2024-06-01", "live", 1_000_000, "key"),
        ("2024-06-01", "live", 999_999, "ordinary"),
        ("2024-06-01", "live", 300_000, "ordinary"),
        ("2024-06-01", "live", 299_999, "other"),
        ("2025-12-31", "live", 1_000_000, "key"),
        ("2026-01-01", "live", 1_000_000, "ordinary"),
        ("2026-01-01", "live", 3_000_000, "key"),
        ("2026-01-01", "live", 2_999_999, "ordinary"),
        ("2026-01-01", "live", 999_999, "other"),
        # AI works leave the rule for any kind on 2026-07-01, live works stay with it.
        ("2026-06-30", "ai", 999_999, "other"),
        ("2026-06-30", "ai", 2_999_999, "ordinary"),
        ("2026-07-01", "ai", 800_000, "key"),
        ("2026-07-01", "ai", 799_999, "ordinary"),
        ("2026-07-01", "ai", 300_000, "ordinary"),
        ("2026-07-01", "ai", 299_999, "other"),
        ("2026-07-01", "live", 800_000, "other"),
        ("2030-01-01", "ai", 800_000, "key"),
    ],
)
def test_bounds(on, kind, yuan, class_):
    assert judge(yuan, on, kind) == class_


def test_one_fen_below_a_bound_is_below_it():
    below = Case(3_000_000 * YUAN - 1, "live", frozenset(), False, dt.date(2026, 1, 1))
    assert classify(below, RULES).class_ == "ordinary"


@pytest.mark.parametrize("theme", sorted(special_themes()))
@pytest.mark.parametrize(
    ("on", "kind", "class_"),
    [
        ("2024-05-31", "live", "other"),
        ("2024-06-01", "live", "key"),
        ("2026-01-01", "live", "key"),
        ("2026-07-01", "ai", "key"),
    ],
)
def test_special_theme_is_key_since_2024_06(theme, on, kind, class_):
    assert judge(0, on, kind, themes=[theme, "romance"]) == class_


@pytest.mark.parametrize(
    ("on", "class_"),
    [("2022-06-01", "key"), ("2024-06-01", "key"), ("2025-12-31", "key"), ("2026-01-01", "other")],
)
def test_promotion_makes_key_until_2026(on, class_):
    assert judge(0, on, promoted=True) == class_


def test_any_title_may_be_filed_as_key():
    judgement = classify(case(0, voluntary=True), RULES)
    assert (judgement.class_, [reason.code for reason in judgement.reasons]) == ("key", ["key_voluntary"])


def test_judgement_names_its_rule_and_every_ground():
    judgement = classify(case(1_200_000, "2025-01-01", themes=["justice", "religion"], promoted=True), RULES)
    assert judgement.to_json() == {
        "class": "key",
        "rule": "2024-06-01/any",
        "from_date": "2024-06-01",
        "reasons": [
            {
                "code": "key_investment",
                "params": {"investment": "1200000", "bound": "1000000"},
                "message": "Investment of 1200000 yuan reaches 1000000 yuan, where the key class starts.",
            },
            {
                "code": "key_theme",
                "params": {"themes": ["justice", "religion"]},
                "message": "Special theme: justice, religion.",
            },
            {
                "code": "key_promoted",
                "params": {},
                "message": "The title is promoted by a platform or shown on its first screen.",
            },
        ],
    }


def test_before_the_first_rule_nothing_is_judged():
    with pytest.raises(RuleFault) as caught:
        judge(10, "2022-05-31")
    assert caught.value.code == "no_rule_in_force"
    assert caught.value.params == {"on": "2022-05-31"}
    assert caught.value.message == "No classification rule was in force on 2022-05-31."


def test_own_rule_stands_before_a_newer_one_for_any_kind():
    own = ClassRule(dt.date(2026, 7, 1), "ai", 800_000_00, 300_000_00, True, False)
    newer = ClassRule(dt.date(2027, 1, 1), "any", 5_000_000_00, 2_000_000_00, True, False)
    asked = case(800_000, "2027-06-01", "ai")
    assert classify(asked, [newer, own]).rule == "2026-07-01/ai"
    assert classify(asked, [own, newer]).class_ == "key"


def test_rule_with_its_own_themes():
    rule = ClassRule(dt.date(2026, 1, 1), "any", 300, 100, True, False, special_themes=frozenset({"medicine"}))
    assert classify(case(0, themes=["medicine"]), [rule]).class_ == "key"
    assert classify(case(0, themes=["religion"]), [rule]).class_ == "other"


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.dates(dt.date(2022, 6, 1), dt.date(2030, 1, 1)),
    st.booleans(),
)
def test_more_investment_never_lowers_the_class(a, b, on, promoted):
    rank = {"other": 0, "ordinary": 1, "key": 2}
    low, high = (rank[classify(Case(fen, "ai", frozenset(), promoted, on), RULES).class_] for fen in sorted((a, b)))
    assert low <= high


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: Case(-1, "live", frozenset(), False, dt.date(2026, 1, 1)), "investment_negative"),
        (lambda: Case(1.5, "live", frozenset(), False, dt.date(2026, 1, 1)), "investment_not_whole"),
        (lambda: Case(1, "any", frozenset(), False, dt.date(2026, 1, 1)), "work_kind_missing"),
        (lambda: ClassRule(dt.date(2026, 1, 1), "any", 100, 100, True, True), "rule_bounds"),
        (lambda: ClassRule(dt.date(2026, 1, 1), "any", 0, None, True, True), "rule_bounds"),
    ],
)
def test_impossible_cases_and_rules(act, code):
    with pytest.raises(RuleFault) as caught:
        act()
    assert caught.value.code == code


def _published():
    if not TIERS.exists():
        pytest.skip(f"the published table is not beside the repository: {TIERS.name}")
    return json.loads(TIERS.read_text("utf-8"))


def test_rules_are_those_published():
    published = _published()
    assert set(special_themes()) == set(published["special_themes"])
    for rule, row in zip(RULES, published["regimes"], strict=True):
        ordinary = row["ordinary_from"]
        written = {**row, "key_from": str(row["key_from"]), "ordinary_from": ordinary and str(ordinary)}
        assert rule_from_json({**written, "source": rule.source}) == rule
        assert rule.source


def test_every_published_bound_on_each_side_and_date():
    """Judge by reading the published rows anew, at each bound and a yuan below, on each date and the day before."""
    published = _published()
    regimes = published["regimes"]
    first = dt.date.fromisoformat(regimes[0]["from"])
    dates = {dt.date.fromisoformat(row["from"]) + dt.timedelta(days) for row in regimes for days in (-1, 0, 1)}
    bounds = {row[name] or 0 for row in regimes for name in ("key_from", "ordinary_from")} | {1}
    amounts = {max(0, bound + step) for bound in bounds for step in (-1, 0, 1)}
    themes = [[], ["romance"], *([theme] for theme in published["special_themes"])]
    judged = 0
    for on, yuan, kind, theme, promoted in product(
        sorted(dates), sorted(amounts), ["live", "ai"], themes, [False, True]
    ):
        if on < first:
            with pytest.raises(RuleFault, match="No classification rule was in force"):
                judge(yuan, on.isoformat(), kind, theme, promoted)
            continue
        begun = [row for row in regimes if row["from"] <= on.isoformat()]
        row = (
            [one for one in begun if one["work_kind"] == kind] or [one for one in begun if one["work_kind"] == "any"]
        )[-1]
        special = row["special_theme_is_key"] and set(theme) & set(published["special_themes"])
        if yuan >= row["key_from"] or special or (row["promoted_is_key"] and promoted):
            expected = "key"
        elif row["ordinary_from"] is not None and yuan >= row["ordinary_from"]:
            expected = "ordinary"
        else:
            expected = "other"
        judgement = classify(case(yuan, on.isoformat(), kind, theme, promoted), RULES)
        assert (judgement.class_, judgement.rule) == (expected, f"{row['from']}/{row['work_kind']}")
        judged += 1
    assert judged > 4000
