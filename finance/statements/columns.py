"""Which column is what: guessed from the heads that platforms use."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence

FIELDS = ("title", "title_id", "episode", "period", "kind", "gross", "share", "currency", "rate")

# The first head that fits wins, so the more telling stand in front.
HEADS: dict[str, tuple[str, ...]] = {
    "title": ("剧名", "短剧名称", "剧目名称", "剧目", "作品名称", "作品", "短剧", "片名", "title", "drama", "series", "show"),
    "title_id": (
        "剧id", "短剧id", "剧目id", "作品id", "剧目编号", "作品编号", "短剧编号", "titleid", "dramaid", "seriesid", "showid",
    ),
    "episode": ("集数", "集号", "第几集", "剧集", "集", "episode", "episodeno", "episodenumber", "ep"),
    "period": ("结算月份", "账期", "结算周期", "月份", "日期", "统计日期", "时间", "period", "month", "date", "day"),
    "kind": ("收入类型", "分成类型", "收益类型", "类型", "业务类型", "kind", "type", "revenuetype", "model"),
    "share": (
        "分成金额", "结算金额", "分账金额", "应结金额", "应付金额", "分成收入", "分成", "实际收益", "收益",
        "share", "shareamount", "revenueshare", "payable", "net", "netamount", "payout", "earnings",
    ),
    "gross": (
        "充值金额", "流水", "总收入", "收入金额", "收入", "广告收入", "消耗金额", "金额", "gross", "grossamount",
        "grossrevenue", "revenue", "income", "topup", "topups", "amount",
    ),
    "currency": ("币种", "货币", "currency", "ccy"),
    "rate": ("汇率", "折算汇率", "exchangerate", "fxrate"),
}  # fmt: skip
SUBTOTALS = ("小计", "subtotal")
TOTALS = ("合计", "总计", "总额", "汇总", "total", "grandtotal", "sum", *SUBTOTALS)
# No word of totals is longer, notes in brackets and all: most lines are told apart without reading them.
_LONGEST_TOTAL = 40
_NOISE = re.compile(r"[\s_\-:：*]|[(（\[【].*?[)）\]】]")


def plain_head(head: str) -> str:
    """A head without case, spaces and notes in brackets: `分成金额（元）` -> `分成金额`."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", head)).casefold()


def guess_mapping(heads: Sequence[str]) -> dict[str, str]:
    """Field -> head for the heads that are known; each head serves once."""
    plain = [plain_head(head) for head in heads]
    found: dict[str, str] = {}
    used: set[int] = set()
    for field, names in HEADS.items():
        place = next((plain.index(name) for name in names if name in plain and plain.index(name) not in used), None)
        if place is not None:
            found[field] = heads[place]
            used.add(place)
    return found


def can_be_read(mapping: Mapping[str, str]) -> bool:
    """Whether a mapping names an amount and one more column."""
    return len(mapping) >= 2 and ("gross" in mapping or "share" in mapping)


def find_heads(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None, search: int = 30) -> int | None:
    """Index of the row of heads: the first that holds an amount and one more known column."""
    for index, row in enumerate(rows[:search]):
        heads = named_heads(row)
        if mapping is not None:
            if any(head in heads for field, head in mapping.items() if field in ("gross", "share")):
                return index
            continue
        guessed = guess_mapping(heads)
        if can_be_read(guessed):
            return index
    return None


def named_heads(row: Sequence[str]) -> list[str]:
    """Heads without spaces around them; one that comes again gets its number, so that each names one column."""
    seen: dict[str, int] = {}
    heads = []
    for cell in row:
        head = cell.strip()
        seen[head] = seen.get(head, 0) + 1
        heads.append(f"{head} #{seen[head]}" if head and seen[head] > 1 else head)
    return heads


def shape_of(heads: Sequence[str]) -> str:
    """What two files have in common that are read the same way: their heads, in their order."""
    return hashlib.sha256("\n".join(plain_head(head) for head in heads).rstrip("\n").encode()).hexdigest()


def is_total(row: Sequence[str]) -> bool:
    """True for a line of totals: its first filled cell says so."""
    first = next((cell for cell in row if cell.strip()), "")
    return len(first) <= _LONGEST_TOTAL and plain_head(first) in TOTALS


def subtotal_of(row: Sequence[str]) -> str | None:
    """The title whose lines a row adds up; empty for the title of the lines above; None when it adds up no title.

    `小计`, `长夜灯 | 小计` and `长夜灯小计` are such rows; a bare `合计` is the total of the file.
    """
    filled = [cell.strip() for cell in row if cell.strip()][:2]
    if not filled or len(filled[0]) > 220:
        return None
    plain = plain_head(filled[0])
    if plain in SUBTOTALS:
        return ""
    if plain in TOTALS:
        return None
    if len(filled) == 2 and len(filled[1]) <= _LONGEST_TOTAL and plain_head(filled[1]) in TOTALS:
        return filled[0]
    for word in ("小计", "合计"):
        if filled[0].endswith(word):
            return filled[0].removesuffix(word).strip()
    return None
