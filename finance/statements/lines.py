"""Lines out of rows, one after the other, each doubt noted with its row. What repeats is read once."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice

from studio.values import CURRENCIES, Money, MoneyError

from .columns import FIELDS, TOTALS, find_heads, guess_mapping, is_total, named_heads, plain_head, subtotal_of
from .values import Finding, Line

_PERIOD = re.compile(r"^(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*(?:[-/.月]\s*(?:(\d{1,2})\s*日?)?)?(?:[ T]\d.*)?$", re.ASCII)
_EPISODE = re.compile(r"^(?:第|ep(?:isode)?\.?\s*)?\s*(\d{1,5})(?:\.0)?\s*集?$", re.IGNORECASE | re.ASCII)
_SIGNS = re.compile(r"^(-?)\s*(?:CNY|RMB|US\$|[¥￥$元])?\s*(.*?)\s*元?$")
_BELOW = re.compile(r"^[+-]?[\d,]+\.\d+$", re.ASCII)
# What most amounts look like: read without asking anything else.
_EXACT = re.compile(r"(\d{1,15})(?:\.(\d\d?))?", re.ASCII)
_NAMES = {
    "人民币": "CNY",
    "RMB": "CNY",
    "元": "CNY",
    "美元": "USD",
    "港币": "HKD",
    "港元": "HKD",
    "日元": "JPY",
    "欧元": "EUR",
}

# More is no payment, and would not fit the columns it is kept in.
MOST_DIGITS = 18
# The row of heads is looked for among the first of a file.
SEARCHED = 30
_REMEMBERED = 20_000


class _Memo(dict[str, tuple[object, str]]):
    """Text -> (value, code of a finding): a million lines name a few hundred titles, episodes and months."""

    def __init__(self, read: Callable[[str], tuple[object, str]]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> tuple[object, str]:
        if len(self) >= _REMEMBERED:
            self.clear()
        value = self[text] = self._read(text)
        return value


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _read_episode(text: str) -> tuple[object, str]:
    value = _plain(text)
    match = _EPISODE.match(value)
    if match is None:
        return None, "unreadable_episode" if value else ""
    return int(match[1]), ""


def _read_period(text: str) -> tuple[object, str]:
    """`2026-01` or `2026-01-31`; empty when there is none or it cannot be read."""
    value = _plain(text)
    if not value:
        return "", ""
    match = _PERIOD.match(value)
    if match is None and re.fullmatch(r"\d{8}", value, re.ASCII):
        match = _PERIOD.match(f"{value[:4]}-{value[4:6]}-{value[6:]}")
    try:
        if match is None:
            raise ValueError
        day = dt.date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return "", "unreadable_period"
    return (day.isoformat() if match[3] else f"{day.year:04d}-{day.month:02d}"), ""


def _read_currency(text: str) -> tuple[object, str]:
    written = _plain(text)
    currency = _NAMES.get(written.upper(), written.upper())
    return currency, "" if not currency or currency in CURRENCIES else "unknown_currency"


def _is_total_word(text: str) -> tuple[object, str]:
    return (len(text) <= 40 and plain_head(text) in TOTALS) or text.endswith(("小计", "合计")), ""


class LineReader:
    """Iterate over it: a Line for each row that can be counted, None for one that cannot.

    After each, `title`, `title_id` and `rate` hold what the row says, and `findings` grows by what is wrong with it
    (take them out as you go where there may be many). `declared` is the total the file states. With `by_title`, rows
    that add up one title are given to `subtotals` as (row, title, minor), and each line keeps its own currency;
    without, every line must be in `currency`.

    Memory: some 150 bytes a row, to tell a line that comes twice (by a hash of 64 bits: of a million lines, once in
    forty million files one is called a repetition that is none).
    """

    def __init__(
        self,
        rows: Iterator[Sequence[str]],
        mapping: Mapping[str, str] | None = None,
        currency: str = "CNY",
        *,
        by_title: bool = False,
    ) -> None:
        self.currency = currency
        self.by_title = by_title
        self.findings: list[Finding] = []
        self.declared: int | None = None
        self.subtotals: list[tuple[int, str, int]] = []
        self.title = self.title_id = self.rate = ""
        self.places: dict[str, int] = {}
        self.used: dict[str, str] | None = None
        self.heads: list[str] = []
        first = list(islice(rows, SEARCHED))
        start = find_heads(first, mapping, SEARCHED)
        if start is None:
            self._note("no_heads", None)
            return
        self._columns(named_heads(first[start]), mapping, start)
        self._rows = enumerate(chain(first[start + 1 :], rows), start + 2)

    def _note(self, code: str, row: int | None, **params: object) -> None:
        filled = {name: str(value)[:200] for name, value in params.items()}
        self.findings.append(Finding(code, row, filled if row is None else {"row": str(row), **filled}))

    def _columns(self, heads: list[str], mapping: Mapping[str, str] | None, start: int) -> None:
        self.heads = heads
        self.used = dict(mapping) if mapping is not None else guess_mapping(heads)
        for name, head in self.used.items():
            if name not in FIELDS:
                self._note("unknown_field", None, field=name)
            elif head not in heads:
                self._note("missing_column", None, column=head)
            else:
                self.places[name] = heads.index(head)
        taken = set(self.places.values())
        for place, head in enumerate(heads):
            if head and place not in taken:
                self._note("unknown_column", start + 1, column=head)

    def __iter__(self) -> Iterator[Line | None]:
        if self.used is None:
            return
        places = self.places
        width = max(places.values(), default=-1) + 1
        titles = _Memo(lambda text: (_plain(text)[:200], ""))
        totals = _Memo(_is_total_word)
        title_at, id_at, rate_at = places.get("title"), places.get("title_id"), places.get("rate")
        seen: dict[int, int] = {}
        for number, row in self._rows:
            cells = [cell.strip() for cell in row]
            text = " | ".join(cells)[:300]
            first = next(filter(None, cells), None)
            if first is None:
                continue
            key = hash(tuple(cells))
            if len(cells) < width:
                cells += [""] * (width - len(cells))
            if self._adds_up(cells, number, first, totals):
                continue
            if self.declared is not None:
                self._note("lines_after_total", number)
            if title_at is not None:
                self.title = str(titles[cells[title_at]][0])
            if id_at is not None:
                self.title_id = str(titles[cells[id_at]][0])
            if rate_at is not None:
                self.rate = cells[rate_at]
            earlier = seen.setdefault(key, number)
            if earlier != number:
                self._note("duplicate_line", number, first=earlier)
            yield self._line(cells, number, text)

    def _adds_up(self, cells: Sequence[str], number: int, first: str, totals: _Memo) -> bool:
        """Whether a row is one of totals, which is then kept."""
        if not self.by_title:
            if not (totals[first][0] and is_total(cells)):
                return False
            total = self._total(cells, number)
            self.declared = total if total is not None else self.declared
            return True
        if not (totals[first][0] or any(totals[cell][0] for cell in cells if len(cell) < 12)):
            return False
        of_title = subtotal_of(cells)
        if of_title is None and not is_total(cells):
            return False
        total = self._total(cells, number)
        if of_title is not None:
            if total is not None:
                self.subtotals.append((number, of_title or self.title, total))
        elif total is not None:
            self.declared = total
        return True

    def _total(self, cells: Sequence[str], row: int) -> int | None:
        """The declared total of the share column, or of the gross where there is no share."""
        return self._amount(cells, "share" if "share" in self.places else "gross", row, self.currency)

    def _amount(self, cells: Sequence[str], name: str, row: int, currency: str) -> int | None:
        """Minor units; None when the cell is empty or wrong, which is noted."""
        place = self.places.get(name)
        if place is None:
            return None
        written = cells[place]
        if CURRENCIES[currency] == 2 and (exact := _EXACT.fullmatch(written)):
            part = exact[2]
            return int(exact[1]) * 100 + (int(part) * (10 if len(part) == 1 else 1) if part else 0)
        value = _plain(written)
        if not value:
            return None
        if value.startswith("="):
            self._note("formula", row, value=value)
            return None
        sign, digits = _SIGNS.match(value).groups()  # type: ignore[union-attr]
        try:
            if len(digits) > MOST_DIGITS:
                raise MoneyError("too long to be an amount")
            minor = Money.parse(sign + digits, currency).minor
        except MoneyError:
            code = "below_smallest_unit" if _BELOW.match(digits) else "unreadable_amount"
            self._note(code, row, value=value, currency=currency)
            return None
        if minor < 0:
            self._note("negative", row, value=value)
        return minor

    def _line(self, cells: Sequence[str], row: int, text: str) -> Line | None:
        places = self.places
        currency = self.currency
        if (place := places.get("currency")) is not None and cells[place]:
            found, code = _CURRENCY_OF[cells[place]]
            if code:
                self._note(code, row, value=cells[place])
                return None
            if found and found != currency:
                if not self.by_title:
                    self._note("two_currencies", row, found=found, currency=currency)
                    return None
                currency = str(found)
        before = len(self.findings)
        gross = self._amount(cells, "gross", row, currency)
        share = self._amount(cells, "share", row, currency)
        # A share that is there but wrong must not be replaced by the gross.
        if len(self.findings) > before and any(found.severity == "error" for found in self.findings[before:]):
            return None
        counted = share if share is not None or "share" in places else gross
        if counted is None:
            self._note("missing_amount", row)
            return None
        if gross is not None and counted > gross:
            self._note("share_over_gross", row)
        episode: object = None
        period: object = ""
        if (place := places.get("episode")) is not None:
            episode, code = _EPISODE_OF[cells[place]]
            if code:
                self._note(code, row, value=_plain(cells[place]))
        if (place := places.get("period")) is not None:
            period, code = _PERIOD_OF[cells[place]]
            if code:
                self._note(code, row, value=_plain(cells[place]))
        kind = str(_KIND_OF[cells[place]][0]) if (place := places.get("kind")) is not None else ""
        return Line(
            row, self.title, episode, period, kind, gross if gross is not None else counted, counted, currency, text  # type: ignore[arg-type]
        )  # fmt: skip


_EPISODE_OF = _Memo(_read_episode)
_PERIOD_OF = _Memo(_read_period)
_CURRENCY_OF = _Memo(_read_currency)
_KIND_OF = _Memo(lambda text: (_plain(text)[:60], ""))
