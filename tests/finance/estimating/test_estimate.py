from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.estimating import Account, EstimateError, Override, Part, estimate, moved


def part(account: str, kind: str, amount: int, key: str = "") -> Part:
    return Part(key or f"{kind}:{account}", account, kind, amount)


def test_where_days_decide_the_rest_of_the_budget_promises_nothing() -> None:
    found = estimate(
        [Account("cast", 1_000, by_days=True), Account("post", 1_000)],
        [part("cast", "posted", 300), part("cast", "committed", 200), part("post", "posted", 300)],
    )
    cast, post = found.rows
    assert (cast.at_completion, cast.to_complete, cast.rest, cast.variance) == (500, 200, 0, 500)
    assert (post.at_completion, post.to_complete, post.rest, post.variance) == (1_000, 700, 700, 0)
    assert (found.spent, found.at_completion, found.variance) == (600, 1_500, 500)


def test_a_spent_budget_leaves_no_rest() -> None:
    row = estimate([Account("post", 100)], [part("post", "posted", 80), part("post", "reported", 50)]).rows[0]
    assert (row.rest, row.at_completion, row.variance) == (0, 130, -30)


@pytest.mark.parametrize(
    ("spent", "override", "expired", "completion"),
    [(90, 120, False, 120), (120, 120, False, 120), (121, 120, True, 121), (90, 95, False, 95)],
)
def test_a_persons_figure_holds_until_more_is_spent(spent: int, override: int, expired: bool, completion: int) -> None:
    row = estimate([Account("art", 100, override=Override(override))], [part("art", "posted", spent)]).rows[0]
    assert (row.override_expired, row.at_completion) == (expired, completion)


@pytest.mark.parametrize(
    ("accounts", "parts", "says"),
    [
        ([Account("cast", 1.5)], [], "not a whole number"),  # type: ignore[arg-type]
        ([Account("cast", -1)], [], "below zero"),
        ([Account("cast", 1), Account("cast", 1)], [], "twice"),
        ([Account("cast", 1)], [part("post", "posted", 1)], "no account post"),
        ([Account("cast", 1)], [part("cast", "guessed", 1)], "no such kind"),
        ([Account("cast", 1)], [part("cast", "posted", True)], "not a whole number"),
    ],
)
def test_bad_input_is_refused(accounts: Any, parts: Any, says: str) -> None:
    with pytest.raises(EstimateError, match=says):
        estimate(accounts, parts)


amounts = st.integers(-(10**9), 10**9)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["posted", "reported", "committed", "owed"]), amounts, st.integers(0, 9))),
    st.tuples(*(st.tuples(st.integers(0, 10**9), st.booleans(), st.none() | st.integers(0, 10**9)) for _ in "abc")),
)  # fmt: skip
def test_the_keys_sum_to_the_estimate(rows: Any, accounts: Any) -> None:
    found = estimate(
        [
            Account(code, budget, by_days, None if override is None else Override(override))
            for code, (budget, by_days, override) in zip("abc", accounts, strict=True)
        ],
        [Part(f"{kind}:{account}:{key}", account, kind, amount) for account, kind, amount, key in rows],
    )
    assert sum(found.amounts().values()) == found.at_completion
    assert found.spent + found.to_complete == found.at_completion
    assert found.budget - found.variance == found.at_completion


readings = st.dictionaries(st.sampled_from("abcdefgh"), amounts)


@given(readings, readings)
def test_causes_sum_to_the_difference(before: dict[str, int], after: dict[str, int]) -> None:
    causes = moved(before, after)
    assert sum(cause.amount for cause in causes) == sum(after.values()) - sum(before.values())
    assert all(cause.amount for cause in causes)
    assert len({cause.key for cause in causes}) == len(causes)


def run(tmp_path: Path, data: Any) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "title.json"
    file.write_text(json.dumps(data))
    return subprocess.run([sys.executable, "-m", "finance.estimating", str(file)], capture_output=True, text=True)


def test_the_door(tmp_path: Path) -> None:
    answer = run(
        tmp_path,
        {
            "accounts": [
                {"code": "cast", "budget": 1000, "by_days": True},
                {"code": "post", "budget": 500, "override": 450},
            ],
            "parts": [{"key": "d1", "account": "cast", "kind": "posted", "amount": 700}],
        },
    )
    found = json.loads(answer.stdout)
    assert (answer.returncode, found["at_completion"], found["variance"]) == (0, 1150, 350)
    wrong = run(tmp_path, {"accounts": [{"code": "cast", "budget": 0.5}]})
    assert (wrong.returncode, wrong.stdout, "not a whole number" in wrong.stderr) == (2, "", True)
