"""Licence and record numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.rules import Number, RuleFault, parse_number
from compliance.rules.numbers import PROVINCES


@pytest.mark.parametrize(
    "written",
    [
        "(沪)网剧审字(2023)第001号",
        "（沪）网剧审字（2023）第001号",
        "〔沪〕网剧审字〔2023〕第001号",
        " (沪) 网剧审字 [２０２３] 第 ００１ 号\u200b",
        "发行许可证号：（沪）网剧审字（2023）第001号",
    ],
)
def test_spellings_of_one_licence(written):
    assert parse_number(written) == Number("(沪)网剧审字(2023)第001号", "licence", "沪", 2023, 1)


def test_national_licence_names_no_province():
    assert parse_number("网剧审字(2022)第001号") == Number("网剧审字(2022)第001号", "licence", "", 2022, 1)


@given(st.sampled_from(sorted(PROVINCES)), st.integers(2022, 2099), st.integers(1, 999_999))
def test_licence_reads_back(province, year, serial):
    number = parse_number(f"({province})网剧审字({year})第{serial:03d}号")
    assert (number.province, number.year, number.serial) == (province, year, serial)
    assert parse_number(number.text) == number


def test_platform_number_holds_there_alone():
    number = parse_number("备案号: HG-20260001", issued_by="hongguo")
    assert number == Number("HG-20260001", "platform", platform="hongguo")
    assert number.holds_on("hongguo")
    assert not number.holds_on("douyin")
    assert parse_number("V51010622305001").holds_on("douyin")
    assert parse_number("V51010622305001").kind == "record"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "number_empty"),
        (" \u200b ", "number_empty"),
        ("备案号：", "number_empty"),
        ("网剧审字2023第001号", "licence_malformed"),
        ("(沪)网剧审字(2023)第001", "licence_malformed"),
        ("(沪)网剧审字(23)第001号", "licence_malformed"),
        ("(火)网剧审字(2023)第001号", "number_province"),
        ("(沪)网剧审字(2021)第001号", "number_year"),
        ("(沪)网剧审字(2027)第001号", "number_year"),
        ("(沪)网剧审字(2023)第000号", "number_serial"),
        ("正在办理", "number_malformed"),
        ("12345", "number_malformed"),
        ("V510106!22305001", "number_malformed"),
        ("1" * 41, "number_malformed"),
    ],
)
def test_refusals(written, code):
    with pytest.raises(RuleFault) as caught:
        parse_number(written, latest_year=2026)
    assert caught.value.code == code
    assert caught.value.message.endswith(".")


def test_no_platform_issues_licences():
    with pytest.raises(RuleFault) as caught:
        parse_number("(沪)网剧审字(2023)第001号", issued_by="hongguo")
    assert caught.value.code == "number_not_platforms"
