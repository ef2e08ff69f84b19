"""Papers: what users typed stands on them letter by letter, long days go over pages, and missing parts leave no hole."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time
from typing import Any

import pytest

from studio.documents import DocumentError, render_pdf
from studio.values.money import Money

# Markup, code, references, comments, raw text and set rules of Typst, all of which must stay text.
AWKWARD = '#panic("x") *a* _b_ $c$ `d` @e <f> \\ //g = [h] {i} ~ "q" &amp;'
LONG_NAME = "欧阳" * 20
LONG_WORD = "https://example.org/" + "x" * 90


def text_of(pdf: bytes) -> tuple[int, str]:
    """Page count and the text without spaces and line ends, which belong to the layout."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))
    text = "".join(page.extract_text() for page in reader.pages)
    return len(reader.pages), re.sub(r"[\s\u200b]", "", text)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def scene(index: int, **changes: Any) -> dict[str, Any]:
    return {
        "number": f"{index // 3 + 1}-{index % 3 + 1}",
        "int_ext": ("int", "ext", "int_ext")[index % 3],
        "time": ("day", "night", "dawn", "dusk")[index % 4],
        "set": "林家客厅",
        "place": "3 号棚",
        "synopsis": "林叶推门而入，发现桌上的离婚协议。",
        "cast": ["林叶", "顾沉"],
        "extras": "路人 4",
        "pages": "0.7",
        "start": "07:00",
        "minutes": 20,
        **changes,
    }


def call_sheet(lang: str, **changes: Any) -> dict[str, Any]:
    return {
        "lang": lang, "studio": "长安影视", "title": "逆光而行", "status": "issued", "version": 2,
        "issued_at": datetime(2026, 3, 13, 21, 40), "day_number": 3, "day_count": 8, "date": date(2026, 3, 14),
        "weekday": "星期六", "base": {"name": "曲江基地", "address": "雁塔区 88 号"}, "call": time(5, 30),
        "first_shot": "07:00", "wrap": "19:30", "weather": "晴", "sunrise": "06:42", "sunset": "18:31",
        "scenes": [scene(index) for index in range(6)], "pages_total": "4.2",
        "cast": [{"name": "陈思雨", "role": "林叶", "code": "SW", "pickup": "04:40", "on_set": "06:40"}],
        "departments": [{"name": "摄影", "call": "05:30", "note": "雨罩"}, {"name": "灯光", "call": "05:15"}, {"name": "录音"}],
        "meals": [{"name": "午餐", "time": "12:00", "place": "棚外", "count": 65}],
        "notes": ["现场禁止吸烟"], "contacts": [{"role": "制片主任", "name": "赵强", "phone": "138 0000 0001"}],
        "next": {"date": "2026-03-15", "day_number": 4, "base": "曲江基地", "call": "06:00", "scenes": [scene(60)]},
        **changes,
    }  # fmt: skip


def one_liner(lang: str, **changes: Any) -> dict[str, Any]:
    return {
        "lang": lang, "title": "逆光而行", "version": 3, "totals": {"days": 1, "scenes": 2, "pages": "1.4"},
        "days": [
            {"number": 1, "date": "2026-03-12", "base": "曲江基地", "scenes": [scene(0, status="shot"), scene(1)]},
            {"number": None, "scenes": [scene(7, status="omitted")]},
        ],
        **changes,
    }  # fmt: skip


def payout(lang: str, **changes: Any) -> dict[str, Any]:
    return {
        "lang": lang, "studio": "长安影视", "number": "P-0012", "period": "2026-03", "status": "issued",
        "payee": {"name": "陈思雨", "kind": "演员", "account": "**** 8899", "bank": "招商银行"},
        "lines": [{"title": "逆光而行", "clause": "主演分成 2%", "basis": "净收入 × 2%", "amount": Money(2_000_000)}],
        "gross": Money(2_000_000), "tax_steps": [{"label": "应税所得", "amount": Money(1_600_000)}],
        "tax": Money(-320_000), "net": Money(1_680_000), "notes": [],
        **changes,
    }  # fmt: skip


def settlement(lang: str, **changes: Any) -> dict[str, Any]:
    return {
        "lang": lang, "studio": "长安影视", "title": "逆光而行", "number": "S-004", "period": "2026-03", "platform": "红果",
        "receipts": [{"source": "广告分账", "period": "2026-03", "gross": Money(500), "net": Money(500)}],
        "receipts_total": Money(500),
        "terms": [
            {"order": 1, "clause": "发行", "party": "甲", "rule": "25%", "base": Money(500), "amount": Money(125),
             "remaining": Money(375)},
        ],
        "parties": [{"name": "甲", "share": Money(125), "set_off": Money(-25), "payable": Money(100)}],
        "totals": {"receipts": Money(500), "shares": Money(125), "retained": Money(375)},
        **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "labels"),
    [
        (
            "zh",
            ["《逆光而行》通告单", "第3天/共8天", "第2版", "演员通告", "内日", "外夜", "次日预告", "65份", "第1页，共"],
        ),
        ("en", ["CallSheet", "Day3of8", "Revision2", "Castcalls", "INTDAY", "EXTNIGHT", "Advance:nextday", "Page1of"]),
    ],
)
def test_call_sheet_says_everything_in_the_readers_language(lang: str, labels: list[str]) -> None:
    _, text = text_of(render_pdf("call_sheet.typ", call_sheet(lang)))
    facts = ["05:30", "06:42/18:31", "1-1", "2-3", "陈思雨", "SW", "雨罩", "13800000001", "21-1", "2026-03-1321:40"]
    assert [word for word in labels + facts if word not in text] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sixty_scenes_go_over_pages_with_their_heads(lang: str) -> None:
    sheet = call_sheet(lang, scenes=[scene(index) for index in range(60)])
    pages, text = text_of(render_pdf("call_sheet.typ", sheet))
    assert pages == 3
    assert [index for index in range(60) if f"{index // 3 + 1}-{index % 3 + 1}" not in text] == []
    # The head of the scene table stands again on the second page.
    assert text.count("景/时" if lang == "zh" else "I/E") >= 2


def test_typed_text_is_never_markup() -> None:
    sheet = call_sheet(
        "zh",
        title=AWKWARD,
        notes=[AWKWARD],
        weather=LONG_WORD,
        scenes=[scene(0, set=AWKWARD, synopsis=f"{AWKWARD}\n第二行", cast=[LONG_NAME, AWKWARD])],
        cast=[{"name": LONG_NAME, "role": AWKWARD, "note": LONG_WORD}],
    )
    pages, text = text_of(render_pdf("call_sheet.typ", sheet))
    assert pages == 1
    assert text.count(squeezed(AWKWARD)) >= 6
    assert LONG_WORD in text
    assert "第二行" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sheet_of_the_needed_parts_alone(lang: str) -> None:
    bare = {"lang": lang, "title": "逆光而行", "day_number": 1, "date": "2026-03-14", "scenes": []}
    pages, text = text_of(render_pdf("call_sheet.typ", bare))
    assert pages == 1
    assert ("今日没有安排场次" if lang == "zh" else "Noscenesareplanned") in text
    assert ("演员通告" if lang == "zh" else "Castcalls") not in text


def test_a_draft_says_so() -> None:
    _, draft = text_of(render_pdf("call_sheet.typ", call_sheet("zh", status="draft")))
    _, issued = text_of(render_pdf("call_sheet.typ", call_sheet("zh")))
    assert ("草稿" in draft, "草稿" in issued) == (True, False)


@pytest.mark.parametrize(
    ("lang", "labels"), [("zh", ["顺场表", "未排场次", "删场"]), ("en", ["One-liner", "Notscheduled", "omitted"])]
)
def test_one_liner(lang: str, labels: list[str]) -> None:
    pages, text = text_of(render_pdf("one_liner.typ", one_liner(lang)))
    assert pages == 1
    assert [word for word in [*labels, "1-1", "1-2", "3-2"] if word not in text] == []
    pages, text = text_of(render_pdf("one_liner.typ", one_liner(lang, days=[], totals={})))
    assert pages == 1


@pytest.mark.parametrize(
    ("lang", "labels"), [("zh", ["付款结算单", "实付金额"]), ("en", ["Payoutstatement", "Nettopay"])]
)
def test_payout_statement(lang: str, labels: list[str]) -> None:
    pages, text = text_of(render_pdf("payout_statement.typ", payout(lang)))
    assert pages == 1
    assert [word for word in [*labels, "¥20,000.00", "−¥3,200.00", "¥16,800.00", "****8899"] if word not in text] == []


@pytest.mark.parametrize(("lang", "labels"), [("zh", ["分账结算书", "留存"]), ("en", ["Settlement", "Retained"])])
def test_settlement(lang: str, labels: list[str]) -> None:
    pages, text = text_of(render_pdf("settlement.typ", settlement(lang)))
    assert pages == 1
    assert [word for word in [*labels, "¥5.00", "¥1.25", "¥3.75"] if word not in text] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("template", "data"),
    [
        (
            "payout_statement.typ",
            lambda lang: payout(lang, lines=[], tax_steps=[], gross=Money(0), tax=Money(0), net=Money(0)),
        ),
        ("settlement.typ", lambda lang: settlement(lang, receipts=[], terms=[], parties=[])),
        (
            "payout_statement.typ",
            lambda lang: payout(lang, payee={"name": AWKWARD + LONG_NAME}, notes=[AWKWARD, LONG_WORD]),
        ),
        ("settlement.typ", lambda lang: settlement(lang, title=AWKWARD, notes=[LONG_WORD])),
        ("one_liner.typ", lambda lang: one_liner(lang, title=AWKWARD + LONG_NAME)),
    ],
)
def test_papers_with_nothing_or_too_much(template: str, data: Any, lang: str) -> None:
    given = data(lang)
    pages, text = text_of(render_pdf(template, given))
    assert pages == 1
    assert squeezed(str(given.get("title", given.get("payee", {}).get("name", "")))) in text


def test_rare_names_have_glyphs() -> None:
    """GBK characters outside GB2312, in bold too, where our bold has none."""
    name = "张喆堃镕"
    _, text = text_of(render_pdf("call_sheet.typ", call_sheet("zh", cast=[{"name": name, "role": "甲"}])))
    assert name in text


def test_the_same_data_gives_the_same_bytes() -> None:
    assert render_pdf("call_sheet.typ", call_sheet("zh")) == render_pdf("call_sheet.typ", call_sheet("zh"))


@pytest.mark.parametrize("name", ["missing.typ", "../../pyproject.toml", "_sheet.typ", "call_sheet"])
def test_a_template_that_is_none(name: str) -> None:
    with pytest.raises(DocumentError):
        render_pdf(name, {"lang": "zh"})


def test_data_that_lacks_what_is_needed() -> None:
    with pytest.raises(DocumentError) as caught:
        render_pdf("call_sheet.typ", {"lang": "zh", "title": "x"})
    assert "call_sheet.typ" in str(caught.value)


def test_half_a_surrogate_does_not_break_the_paper() -> None:
    _, text = text_of(render_pdf("call_sheet.typ", call_sheet("zh", notes=["断\ud83d开"])))
    assert "断?开" in text
