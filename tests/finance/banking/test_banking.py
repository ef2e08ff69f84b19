from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.banking import (
    SENTENCES,
    Column,
    FileFault,
    Layout,
    Payment,
    ReturnFault,
    Sent,
    clean_number,
    match,
    number_fault,
    read_return,
    write_file,
)


def luhn_complete(head: str) -> str:
    for digit in "0123456789":
        if number_fault(head + digit, is_person=True) == "":
            return head + digit
    raise AssertionError(head)


def payment(**changes: Any) -> Payment:
    given: dict[str, Any] = {
        "reference": "KJ1P2", "holder": "王导", "number": "62220202", "bank": "工行", "branch": "", "bank_code": "",
        "amount_minor": 1669920, "currency": "CNY", "purpose": "初光 2026-01", "on_date": dt.date(2026, 2, 3),
    }  # fmt: skip
    return Payment(**{**given, **changes})


COLUMNS = (
    Column("户名", "holder", 12),
    Column("金额", "amount", 10),
    Column("", "constant", 3, "CN"),
    Column("日期", "date", 8),
)


@pytest.mark.parametrize(
    ("written", "person", "code"),
    [
        ("4111111111111111", True, ""),  # no Chinese card: no rule of ours
        ("6250941006528599", True, ""),  # the industry's published UnionPay test number
        ("6250941006528598", True, "check_digit"),
        ("6250941006528598", False, ""),  # a company's account has no check digit that all banks share
        ("1234567", True, "length"),
        ("1" * 33, False, "length"),
        ("12345678", False, ""),
        ("1234567A", False, "not_digits"),
        ("", True, "not_digits"),
        ("٣٤٣٤٣٤٣٤٣", False, "not_digits"),
    ],
)
def test_numbers_are_judged(written: str, person: bool, code: str) -> None:
    assert number_fault(written, is_person=person) == code


def test_a_number_is_cleaned_of_what_people_write() -> None:
    assert clean_number(" ６２２２ 0202-0000—1234 ") == "6222020200001234"


@given(st.text("0123456789", min_size=13, max_size=16))
def test_one_mistyped_digit_is_always_found(middle: str) -> None:
    good = luhn_complete("62" + middle)
    for place in range(2, len(good)):
        wrong = good[:place] + str((int(good[place]) + 1) % 10) + good[place + 1 :]
        assert number_fault(wrong, is_person=True) == "check_digit"


def test_a_csv_file_is_what_the_columns_say() -> None:
    data = write_file(Layout("csv", COLUMNS), [payment(), payment(holder="李,编剧", amount_minor=5)])
    assert data.decode("utf-8-sig") == '户名,金额,,日期\r\n王导,16699.20,CN,20260203\r\n"李,编剧",0.05,CN,20260203\r\n'
    assert write_file(Layout("csv", COLUMNS, encoding="gbk", has_heads=False, amounts="fen"), [payment()]) == (
        "王导,1669920,CN,20260203\r\n".encode("gbk")
    )


def test_a_file_of_fixed_width_counts_bytes() -> None:
    data = write_file(Layout("fixed", COLUMNS, encoding="gbk"), [payment()])
    assert data == "王导        ".encode("gbk") + b"0016699.20" + b"CN " + b"20260203\r\n"
    with pytest.raises(FileFault) as fault:
        write_file(Layout("fixed", COLUMNS, encoding="gbk"), [payment(holder="七个汉字的户名")])
    assert (fault.value.code, fault.value.params["width"]) == ("too_wide", "12")


def test_a_workbook_is_the_same_bytes_again_and_keeps_long_numbers() -> None:
    import python_calamine

    layout = Layout("xlsx", (Column("账号", "number"), Column("金额", "amount")))
    rows = [payment(number="6222020200001234567", amount_minor=123456789)]
    data = write_file(layout, rows)
    assert data == write_file(layout, rows)
    sheet = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    assert sheet.to_python() == [["账号", "金额"], ["6222020200001234567", 1234567.89]]


@pytest.mark.parametrize(
    ("layout", "changes", "code"),
    [
        (Layout("csv", ()), {}, "no_columns"),
        (Layout("csv", (Column("", "salary"),)), {}, "unknown_field"),
        (Layout("fixed", (Column("户名", "holder"),)), {}, "no_width"),
        (Layout("csv", COLUMNS, encoding="gbk"), {"holder": "𠮷田"}, "not_encodable"),
        (Layout("csv", COLUMNS), {"holder": "=HYPERLINK(1)"}, "formula"),
        (Layout("xlsx", COLUMNS), {"holder": "王\n导"}, "line_break"),
    ],
)
def test_what_a_file_cannot_hold_is_refused(layout: Layout, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(FileFault) as fault:
        write_file(layout, [payment(**changes)])
    assert fault.value.code == code


WORDS: dict[str, Any] = {"paid_words": ["成功"], "refused_words": ["失败", "退汇", "未成功"]}
SENT = [
    Sent("KJ1P1", 10000, "62220001"), Sent("KJ1P2", 20000, "62220002"), Sent("KJ1P3", 30000, "62220003"),
    Sent("KJ1P4", 40000, "62220004", "paid"), Sent("KJ1P5", 50000, "62220005", "refused"),
    Sent("KJ1P6", 60000, "62220006"), Sent("KJ1P7", 60000, "62220006"),
]  # fmt: skip


def outcomes(*rows: str) -> list[tuple[str, str]]:
    text = "\n".join(["某银行回单", "参考号,收款账号,金额,交易状态,失败原因,流水号", *rows])
    read = read_return(text.encode("gb18030"), **WORDS)
    return [(found.reference, found.outcome) for found in match(read.lines, SENT)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("KJ1P1,62220001,100.00,交易成功,,BK1", ("KJ1P1", "paid")),
        ("付款KJ1P1初光,62220001,¥100,成功,,BK1", ("KJ1P1", "paid")),
        ("KJ1P1,6222****0001,100.00,成功,,", ("KJ1P1", "paid")),
        ("KJ1P1,6222****0009,100.00,成功,,", ("KJ1P1", "account_differs")),
        ("KJ1P1,622*001,100.00,成功,,", ("KJ1P1", "paid")),
        ("KJ1P1,,100.00,未成功,账号户名不符,", ("KJ1P1", "refused")),
        ("KJ1P1,62220001,100.01,成功,,", ("KJ1P1", "amount_differs")),
        ("KJ1P1,62220001,一百,成功,,", ("KJ1P1", "amount_differs")),
        ("KJ1P1,62220009,100.00,成功,,", ("KJ1P1", "account_differs")),
        ("KJ1P1,62220001,100.00,处理中,,", ("KJ1P1", "unclear")),
        ("KJ1P1,62220001,100.00,成功后退汇,,", ("KJ1P1", "unclear")),
        (",62220002,200.00,成功,,", ("KJ1P2", "paid")),
        (",62220006,600.00,成功,,", ("", "unknown")),
        ("KJ9P9,62220002,200.00,成功,,", ("", "unknown")),
        ("KJ1P4,62220004,400.00,成功,,", ("KJ1P4", "done")),
        ("KJ1P4,62220004,400.00,退汇,账户已销户,", ("KJ1P4", "came_back")),
        ("KJ1P5,62220005,500.00,失败,,", ("KJ1P5", "done")),
        ("KJ1P5,62220005,500.00,成功,,", ("KJ1P5", "paid_after_refusal")),
    ],
)
def test_a_line_is_matched_with_what_was_sent(row: str, expected: tuple[str, str]) -> None:
    assert outcomes(row) == [expected]


def test_a_payment_is_taken_once_however_often_it_stands_there() -> None:
    assert outcomes("KJ1P1,62220001,100.00,成功,,", ",62220001,100.00,成功,,", "KJ1P1,62220001,100.00,失败,,") == [
        ("KJ1P1", "paid"), ("", "unknown"), ("KJ1P1", "repeated"),
    ]  # fmt: skip


@given(st.lists(st.sampled_from(SENT), max_size=12), st.data())
def test_no_payment_is_paid_twice_by_one_return(picked: list[Sent], data: Any) -> None:
    rows = []
    for one in picked:
        reference = data.draw(st.sampled_from([one.reference, ""]))
        rows.append(f"{reference},{one.number},{one.amount_minor // 100},成功,,")
    if not rows:
        return
    taken = [reference for reference, outcome in outcomes(*rows) if outcome == "paid"]
    assert len(taken) == len(set(taken))


def test_columns_are_remembered_and_missing_ones_named() -> None:
    data = "编号,数,怎样\nKJ1P1,100,成功\n".encode()
    with pytest.raises(ReturnFault) as fault:
        read_return(data, **WORDS)
    assert fault.value.code == "no_heads"
    mapping = {"reference": "编号", "amount": "数", "status": "怎样"}
    read = read_return(data, mapping=mapping, **WORDS)
    assert (read.mapping, [line.amount_minor for line in read.lines]) == (mapping, [10000])
    with pytest.raises(ReturnFault) as fault:
        read_return(data, mapping={**mapping, "reason": "为何"}, **WORDS)
    assert fault.value.params == {"column": "为何"}
    with pytest.raises(ReturnFault) as fault:
        read_return("金额,状态\n合计,5\n".encode(), **WORDS)
    assert fault.value.code == "no_lines"


def test_the_door_prints_what_became_of_each_line(tmp_path: Path) -> None:
    (tmp_path / "回单.csv").write_text("参考号,金额,状态\nKJ1P1,100,成功\nKJ1P1,90,成功\n", "utf-8")
    asked = tmp_path / "asked.json"
    asked.write_text(
        json.dumps({"return": "回单.csv", "sent": [{"reference": "KJ1P1", "amount": "100", "number": "1"}]})
    )
    done = subprocess.run(
        [sys.executable, "-m", "finance.banking", str(asked)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [(row["row"], row["outcome"]) for row in json.loads(done.stdout)["lines"]] == [(2, "paid"), (3, "repeated")]


def test_every_outcome_has_a_choice_and_a_sentence() -> None:
    from finance.banking import FIELDS
    from finance.choices import BankField, ReturnOutcome

    assert set(ReturnOutcome.values) <= set(SENTENCES)
    assert set(BankField.values) == set(FIELDS)
