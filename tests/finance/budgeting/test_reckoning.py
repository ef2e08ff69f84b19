from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.budgeting import Kind, Line, amount_of, compare, differences, read_row, read_table, reckon, write_quantity
from finance.budgeting import Words as W
from finance.budgeting.__main__ import main
from finance.budgeting.reading import read_percent, read_quantity

ACCOUNTS = ("cast", "crew", "sets")
WORDS = W(
    heads={"科目": "account", "名称": "name", "数量": "quantity", "单价": "rate", "name": "name", "rate": "rate"},
    accounts={"演员": "cast", "cast": "cast", "crew": "crew"},
    units={"天": "day", "day": "day"},
)


def plain_lines(keys: bool = True) -> st.SearchStrategy[list[Line]]:
    line = st.builds(
        Line, account=st.sampled_from(ACCOUNTS), name=st.sampled_from(["a", "b", "c"]),
        quantity=st.integers(1, 10_000), factor=st.integers(1, 50), rate_minor=st.integers(0, 10**9),
        group=st.sampled_from(["", "night"]),
    )  # fmt: skip
    share = st.builds(
        Line, account=st.sampled_from(ACCOUNTS), name=st.sampled_from(["a", "x"]), unit=st.just("percent"),
        percent_bp=st.integers(1, 10_000),
    )  # fmt: skip
    return st.lists(line | share, max_size=12)


def test_amounts_round_half_up_to_the_fen() -> None:
    assert amount_of(250, 2, 100_050) == 500_250
    assert (amount_of(50, 1, 1), amount_of(49, 1, 1)) == (1, 0)
    with pytest.raises(ValueError, match="never floats"):
        amount_of(1.5, 1, 1)  # type: ignore[arg-type]


def test_a_contingency_is_of_all_lines_that_are_no_percentage() -> None:
    lines = [
        Line("crew", "灯光", "day", 300, 2, 50_000),
        Line("contingency", "不可预见", "percent", percent_bp=500),
        Line("cast", "主演", "day", 250, 1, 200_000),
        Line("contingency", "保险", "percent", percent_bp=125),
    ]
    found = reckon(lines)
    assert found.amounts == (300_000, 40_000, 500_000, 10_000)
    assert (found.base, found.total) == (800_000, 850_000)
    assert found.by_account == {"crew": 300_000, "contingency": 50_000, "cast": 500_000}


@given(plain_lines(), st.randoms())
def test_totals_are_the_sum_whatever_the_order(lines: list[Line], random: object) -> None:
    found = reckon(lines)
    assert sum(found.amounts) == found.total == sum(found.by_account.values()) == sum(found.by_group.values())
    mixed = list(lines)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert (reckon(mixed).total, reckon(mixed).by_account) == (found.total, found.by_account)


@given(plain_lines(), plain_lines())
def test_a_comparison_loses_and_invents_nothing(before: list[Line], after: list[Line]) -> None:
    changes = differences(before, after)
    assert sum(change.before is not None for change in changes) == len(before)
    assert [change.after for change in changes if change.after is not None] == after
    rows = compare(before, after, accounts=ACCOUNTS)
    assert sum(row.before_minor for row in rows) == reckon(before).total
    assert sum(row.after_minor for row in rows) == reckon(after).total
    assert all(sum(c.difference_minor for c in row.changes) == row.difference_minor for row in rows)


@given(plain_lines())
def test_the_same_lines_have_no_difference(lines: list[Line]) -> None:
    assert {change.kind for change in differences(lines, lines)} <= {Kind.SAME}


def test_lines_keep_their_identity_when_renamed_and_move_between_accounts() -> None:
    before = [Line("crew", "灯光", rate_minor=100, key="k1"), Line("crew", "场务", rate_minor=50, key="k2")]
    after = [Line("crew", "灯光组", rate_minor=150, key="k1"), Line("sets", "场务", rate_minor=50, key="k2")]
    assert [change.kind for change in differences(before, after)] == [Kind.CHANGED, Kind.CHANGED]
    crew, sets = compare(before, after, accounts=ACCOUNTS, actual={"crew": 170})
    assert [(c.kind, c.difference_minor) for c in crew.changes] == [(Kind.CHANGED, 50), (Kind.REMOVED, -50)]
    assert [(c.kind, c.difference_minor) for c in sets.changes] == [(Kind.ADDED, 50)]
    assert (crew.difference_minor, crew.difference_bp, crew.left_minor, sets.difference_bp) == (0, 0, -20, None)


@pytest.mark.parametrize(
    ("text", "hundredths"), [("2.5", 250), ("1,200", 120_000), ("0.05", 5), ("3.", None), ("2.555", None), ("-1", None),
                             ("1e3", None), ("٣", None), ("7.50", 750)],
)  # fmt: skip
def test_quantities(text: str, hundredths: int | None) -> None:
    assert read_quantity(text) == hundredths


@given(st.integers(1, 10_000_000))
def test_quantities_read_back(hundredths: int) -> None:
    assert read_quantity(write_quantity(hundredths)) == hundredths


def test_percentages() -> None:
    assert [read_percent(text) for text in ("5%", "7.25 %", "5％", "x", "5.123")] == [500, 725, 500, None, None]


def test_rows_say_all_that_is_wrong() -> None:
    _line, faults = read_row(
        {"account": "演员们", "name": " ", "quantity": "0", "unit": "周", "factor": "1.5", "rate": "1.234"}, WORDS,
        number=7,
    )  # fmt: skip
    assert [(fault.row, fault.field, fault.code) for fault in faults] == [
        (7, "account", "account_unknown"), (7, "name", "name_missing"), (7, "unit", "unit_unknown"),
        (7, "quantity", "quantity_out_of_range"), (7, "factor", "factor_out_of_range"), (7, "rate", "not_an_amount"),
    ]  # fmt: skip
    _line, faults = read_row({"account": "cast", "name": "x", "rate": "-5"}, WORDS)
    assert [fault.code for fault in faults] == ["negative_amount"]
    _line, faults = read_row({"account": "cast", "name": "x", "rate": "99999999999", "quantity": "99999"}, WORDS)
    assert [fault.code for fault in faults] == ["amount_too_large"]
    _line, faults = read_row({"account": "cast", "name": "x", "rate": "101%"}, WORDS)
    assert [fault.code for fault in faults] == ["percent_out_of_range"]


def test_tables_with_heads_blank_rows_and_totals() -> None:
    rows, faults = read_table(
        [["预算表"], ["科目", "名称", "数量", "单价", "金额"], ["演员", "", "", "", "900"], ["", "女一", "3", "¥300", "900"],
         [], ["", "'=公式", "", "1", "1"], ["合计", "", "", "", "901"]], WORDS,
    )  # fmt: skip
    assert faults == []
    assert [(row.number, row.line.account, row.line.name, row.line.quantity, row.line.rate_minor) for row in rows] == [
        (4, "cast", "女一", 300, 30_000), (6, "cast", "=公式", 100, 100),
    ]  # fmt: skip
    rows, faults = read_table([["crew", "灯光", "2", "天", "1", "500"]], WORDS)
    assert (rows[0].line, faults) == (Line("crew", "灯光", "day", 200, 1, 50_000), [])


def test_the_door(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "budget.json"
    file.write_text(
        json.dumps([{"account": "cast", "quantity": 250, "factor": 1, "rate_minor": 100},
                    {"account": "contingency", "unit": "percent", "percent_bp": 1000}])
    )  # fmt: skip
    assert main([str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["amounts"] == [250, 25]
    for bad in ("[1]", "{}", '[{"account": "cast", "rate_minor": 1.5}]', '[{"account": "cast", "price": 1}]', "["):
        file.write_text(bad)
        assert main([str(file)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
