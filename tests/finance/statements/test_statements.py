from __future__ import annotations

import io
import json
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from finance.statements import ReadStatement, guess_mapping, read_statement
from finance.statements.__main__ import main

HEADS = "剧名,集数,日期,收入类型,充值金额（元）,分成金额（元）,币种\n"
GOOD = (
    "某平台结算单\n" + HEADS + '长夜灯,第1集,2026年1月,IAP,"1,000.00",400.00,人民币\n'
    "长夜灯,2,2026-01-15,IAP,500,200.5,CNY\n合计,,,,1500.00,600.50,\n"
)


def codes(statement: ReadStatement) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.row) for finding in statement.findings]


def csv_of(*lines: str) -> bytes:
    return (HEADS + "\n".join(lines)).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_chinese_csv(encoding):
    statement = read_statement(GOOD.encode(encoding), "一月.csv")
    assert codes(statement) == []
    assert statement.holds
    assert [
        (line.row, line.title, line.episode, line.period, line.kind, line.gross_fen, line.share_fen)
        for line in statement.lines
    ] == [(3, "长夜灯", 1, "2026-01", "IAP", 100000, 40000), (4, "长夜灯", 2, "2026-01-15", "IAP", 50000, 20050)]
    assert statement.lines[1].text == "长夜灯 | 2 | 2026-01-15 | IAP | 500 | 200.5 | CNY"
    assert (statement.declared_total, statement.counted_total) == (60050, 60050)
    assert statement.mapping["share"] == "分成金额（元）"


def workbook(rows: list[list[object]]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for index, row in enumerate(rows):
        sheet.write_row(index, 0, row)
    book.close()
    return stream.getvalue()


def test_a_workbook_gives_the_amounts_as_typed():
    data = workbook(
        [["Title", "Episode", "Month", "Net Amount"], ["Lamp", 1, "2026-01", 0.1], ["Lamp", 2, "2026-01", 8.29]]
    )
    statement = read_statement(data, "january.xlsx")
    assert codes(statement) == []
    assert [line.share_fen for line in statement.lines] == [10, 829]
    assert [line.episode for line in statement.lines] == [1, 2]


def test_float_dirt_of_a_workbook_is_held():
    data = workbook([["Title", "Amount"], ["Lamp", 1.005], ["Lamp", 3.3]])
    statement = read_statement(data, "x.xlsx")
    assert codes(statement) == [("below_smallest_unit", 2)]
    assert statement.findings[0].message == "Row 2 has digits below the smallest unit of CNY: 1.005"
    assert [line.share_fen for line in statement.lines] == [330]


def test_a_total_that_is_not_the_sum():
    statement = read_statement(csv_of("灯,1,2026-01,IAP,10,4,CNY", "合计,,,,10,5,"), "x.csv")
    assert codes(statement) == [("does_not_sum", None)]
    assert statement.findings[0].params == {"declared": "5.00", "counted": "4.00", "difference": "1.00"}
    assert not statement.holds


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("灯,1,2026-01,IAP,10,1.005,CNY", "below_smallest_unit"),
        ("灯,1,2026-01,IAP,10,1e3,CNY", "unreadable_amount"),
        ("灯,1,2026-01,IAP,10,不详,CNY", "unreadable_amount"),
        ("灯,1,2026-01,IAP,10,NaN,CNY", "unreadable_amount"),
        (f"灯,1,2026-01,IAP,10,{'9' * 5000},CNY", "unreadable_amount"),
        ("灯,1,2026-01,IAP,10,-4,CNY", "negative"),
        ("灯,1,2026-01,IAP,10,=A1*2,CNY", "formula"),
        ("灯,1,2026-01,IAP,10,4,USD", "two_currencies"),
        ("灯,1,2026-01,IAP,10,4,XYZ", "unknown_currency"),
        ("灯,1,2026-01,IAP,10,,CNY", "missing_amount"),
    ],
)
def test_a_line_that_cannot_be_counted_is_held(line, code):
    statement = read_statement(csv_of("灯,2,2026-01,IAP,10,4,CNY", line), "x.csv")
    assert codes(statement) == [(code, 3)]
    assert [row.row for row in statement.lines] == [2]
    assert not statement.holds
    assert statement.findings[0].message.startswith("Row 3 ")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("灯,上,2026-01,IAP,10,4,CNY", "unreadable_episode"),
        ("灯,3,2026-13,IAP,10,4,CNY", "unreadable_period"),
        ("灯,3,2026-01,IAP,3,4,CNY", "share_over_gross"),
        ("灯,2,2026-01,IAP,10,4,CNY", "duplicate_line"),
    ],
)
def test_a_doubtful_line_counts_with_a_warning(line, code):
    statement = read_statement(csv_of("灯,2,2026-01,IAP,10,4,CNY", line), "x.csv")
    assert codes(statement) == [(code, 3)]
    assert len(statement.lines) == 2
    assert statement.holds


def test_gaps_in_episodes_are_shown_by_title():
    lines = [f"灯,{episode},2026-01,IAP,10,4,CNY" for episode in (1, 3, 4, 8)]
    (finding,) = read_statement(csv_of(*lines, "伞,5,2026-01,IAP,10,4,CNY"), "x.csv").findings
    assert finding.message == "灯: episodes 2, 5-7 are missing between 1 and 8."


def test_a_given_mapping_is_used_as_it_is():
    data = b"a,b,c\nLamp,2.00,1.00\n"
    statement = read_statement(data, "x.csv", mapping={"title": "a", "share": "c"})
    assert [(line.title, line.share_fen) for line in statement.lines] == [("Lamp", 100)]
    assert codes(statement) == [("unknown_column", 1)]
    missing = read_statement(data, "x.csv", mapping={"share": "c", "title": "z", "colour": "a"})
    assert {"missing_column", "unknown_field"} <= {code for code, _ in codes(missing)}


def test_heads_are_known_in_both_languages():
    assert guess_mapping(["Title", "Episode No.", "Gross Revenue", "Share (USD)", "币种"]) == {
        "title": "Title", "gross": "Gross Revenue", "share": "Share (USD)", "currency": "币种",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n,,,\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "binary"),
        (bytes(range(1, 9)) * 40, "binary"),
        (b"PK\x03\x04 not a workbook", "broken_workbook"),
        ("你好\n世界\n".encode(), "no_heads"),
        (HEADS.encode(), "no_lines"),
        (HEADS.encode() + b"x" * 10_001 + b",1,2026-01,IAP,1,1,CNY", "cell_too_long"),
        (HEADS.encode() + b'"' + b"x" * 200_000, "cell_too_long"),
    ],
)
def test_what_is_no_statement_is_said(data, code):
    statement = read_statement(data, "x")
    assert codes(statement)[-1][0] == code
    assert statement.lines == ()
    assert not statement.holds


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr("finance.statements.tables.MOST_UNPACKED", 1_000_000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    assert codes(read_statement(stream.getvalue(), "x.xlsx")) == [("unpacks_too_large", None)]


@examples(max_examples=200, deadline=None)
@given(st.one_of(st.binary(), st.binary().map(lambda tail: b"PK\x03\x04" + tail), st.text().map(str.encode)))
def test_no_bytes_make_it_raise(data):
    statement = read_statement(data, "x")
    assert all(finding.message for finding in statement.findings)


SHEET = workbook([["剧名", "金额"], ["灯", 12.5]])


@examples(max_examples=150, deadline=None)
@given(st.integers(0, len(SHEET) - 1), st.binary(min_size=1, max_size=8))
def test_no_damage_to_a_workbook_makes_it_raise(place, damage):
    read_statement(SHEET[:place] + damage + SHEET[place + len(damage) :], "x.xlsx")


cells = st.text("灯1２.,-=¥元 年月第集合计eE\"'", max_size=12)


@examples(max_examples=150, deadline=None)
@given(st.lists(st.lists(cells, max_size=8), max_size=8))
def test_no_cells_make_it_raise_and_lines_sum(rows):
    text = HEADS + "\n".join(",".join(cell.replace('"', '""') for cell in row) for row in rows)
    statement = read_statement(text.encode(), "x.csv")
    assert statement.counted_total == sum(line.share_fen for line in statement.lines)
    assert all(line.share_fen >= 0 for line in statement.lines)
    if statement.declared_total not in (None, statement.counted_total):
        assert not statement.holds


def test_the_door(tmp_path, capsys):
    file = tmp_path / "s.csv"
    file.write_text(GOOD, encoding="utf-8")
    assert main([str(file)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["counted_total"], answer["findings"]) == (60050, [])
    file.write_bytes(b"\x00\x01\x02")
    assert main([str(file)]) == 2
    assert capsys.readouterr().err == "s.csv: The file is neither text nor an XLSX workbook.\n"
    assert main([str(tmp_path / "none.csv")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
