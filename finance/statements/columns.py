"""Which column is what: guessed from the heads that platforms use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

FIELDS = ("title", "episode", "period", "kind", "gross", "share", "currency")

# The first head that fits wins, so the more telling stand in front.
HEADS: dict[str, tuple[str, ...]] = {
    "title": ("剧名", "短剧名称", "剧目名称", "剧目", "作品名称", "作品", "短剧", "片名", "title", "drama", "series", "show"),
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
}  # fmt: skip
TOTALS = ("合计", "总计", "总额", "汇总", "total", "grandtotal", "sum", "subtotal", "小计")
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


def find_heads(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None, search: int = 30) -> int | None:
    """Index of the row of heads: the first that holds an amount and one more known column."""
    for index, row in enumerate(rows[:search]):
        heads = [cell.strip() for cell in row]
        if mapping is not None:
            if any(head in heads for field, head in mapping.items() if field in ("gross", "share")):
                return index
            continue
        guessed = guess_mapping(heads)
        if len(guessed) >= 2 and ("gross" in guessed or "share" in guessed):
            return index
    return None


def is_total(row: Sequence[str]) -> bool:
    """True for a line of totals: its first filled cell says so."""
    first = next((cell for cell in row if cell.strip()), "")
    return plain_head(first) in TOTALS
