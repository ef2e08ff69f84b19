"""What a bank sends back: a table of which payment was made and which was not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from finance.statements.columns import is_total, plain_head
from finance.statements.tables import read_rows
from studio.values import Money, MoneyError

from .accounts import clean_number
from .sentences import SENTENCES

# The first head that fits wins, so the more telling stand in front.
RETURN_FIELDS: dict[str, tuple[str, ...]] = {
    "reference": ("参考号", "商户订单号", "业务参考号", "客户流水号", "企业流水号", "对账码", "备注", "用途", "附言", "摘要", "reference", "ref"),
    "amount": ("交易金额", "付款金额", "转账金额", "金额", "amount", "paidamount"),
    "account": ("收款账号", "收款人账号", "对方账号", "账号", "卡号", "account", "accountnumber", "payeeaccount"),
    "status": ("交易状态", "处理状态", "处理结果", "交易结果", "状态", "结果", "status", "result", "state"),
    "reason": ("失败原因", "退汇原因", "错误信息", "原因", "处理信息", "reason", "message", "error"),
    "bank_reference": ("交易流水号", "银行流水号", "流水号", "回单号", "凭证号", "bankreference", "transactionid", "serial"),
}  # fmt: skip
PAID, REFUSED = "paid", "refused"
_SEARCH = 30
_MOST_TEXT = 200


class ReturnFault(Exception):
    """A file that gives no return: `code` and `params` of the sentence."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}
        super().__init__(SENTENCES[code].format_map(self.params))


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One line; `row` counts from 1 as a spreadsheet does. `amount_minor` is None where none can be read."""

    row: int
    reference: str
    amount_minor: int | None
    account: str
    state: str
    state_text: str
    reason: str
    bank_reference: str


@dataclass(frozen=True, slots=True)
class ReadReturn:
    """Lines as read, and field -> head as used, worth remembering."""

    lines: tuple[ReturnLine, ...]
    mapping: Mapping[str, str]


def read_return(
    data: bytes,
    *,
    mapping: Mapping[str, str] | None = None,
    paid_words: Iterable[str],
    refused_words: Iterable[str],
    currency: str = "CNY",
) -> ReadReturn:
    """Read a bank's CSV or XLSX. Raises ReturnFault, and `finance.statements.tables.Unreadable` for no table at all."""
    rows = read_rows(data)
    at, used = _heads(rows, mapping)
    heads = [cell.strip() for cell in rows[at]]
    places = {field: heads.index(head) for field, head in used.items()}
    words = [
        (plain_head(word), state)
        for state, known in ((PAID, paid_words), (REFUSED, refused_words))
        for word in known
        if word.strip()
    ]
    lines = []
    for number, row in enumerate(rows[at + 1 :], at + 2):
        if not any(cell.strip() for cell in row) or is_total(row):
            continue

        def cell(field: str, row: Sequence[str] = row) -> str:
            place = places.get(field)
            return row[place].strip()[:_MOST_TEXT] if place is not None and place < len(row) else ""

        state = _state(plain_head(cell("status")), words)
        lines.append(
            ReturnLine(
                number, cell("reference"), _amount(cell("amount"), currency), clean_number(cell("account")), state,
                cell("status"), cell("reason"), cell("bank_reference"),
            )
        )  # fmt: skip
    if not lines:
        raise ReturnFault("no_lines")
    return ReadReturn(tuple(lines), used)


def _state(written: str, words: Sequence[tuple[str, str]]) -> str:
    """Paid or refused; empty where no word is known, or words of both are there.

    未成功 holds 成功: a word inside a longer one says nothing.
    """
    found = [(word, state) for word, state in words if word and word in written]
    states = {state for word, state in found if not any(word != other and word in other for other, _state in found)}
    return states.pop() if len(states) == 1 else ""


def _heads(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None) -> tuple[int, dict[str, str]]:
    if mapping:
        wanted = {field: head for field, head in mapping.items() if field in RETURN_FIELDS and head}
        for index, row in enumerate(rows[:_SEARCH]):
            heads = [cell.strip() for cell in row]
            if wanted and all(head in heads for head in wanted.values()):
                return index, wanted
        there = {cell.strip() for row in rows[:_SEARCH] for cell in row}
        lacking = next((head for head in wanted.values() if head not in there), "")
        if lacking:
            raise ReturnFault("missing_column", column=lacking)
    for index, row in enumerate(rows[:_SEARCH]):
        found = _guess([cell.strip() for cell in row])
        if "amount" in found and "status" in found:
            return index, found
    raise ReturnFault("no_heads")


def _guess(heads: Sequence[str]) -> dict[str, str]:
    plain = [plain_head(head) for head in heads]
    found: dict[str, str] = {}
    used: set[int] = set()
    for field, names in RETURN_FIELDS.items():
        place = next((plain.index(name) for name in names if name in plain and plain.index(name) not in used), None)
        if place is not None:
            found[field] = heads[place]
            used.add(place)
    return found


def _amount(written: str, currency: str) -> int | None:
    try:
        return abs(Money.parse(written.strip("¥￥ "), currency).minor)
    except MoneyError:
        return None
