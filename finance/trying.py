"""A contract tried on made-up months before it is signed. Nothing is kept."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.agreements import engine_contract
from finance.forms import YuanField
from finance.models import Contract
from finance.sentences import named, settlement_sentence
from finance.settlement import Settlement, read_contract, read_receipts, read_takedowns, settle
from studio.values import Money, MoneyError, month_of, parse_month

MOST_LINES = 120
MOST_MONTHS = 60
# What a month without a kind is: a statement without kinds has one, too.
ONE_KIND = "share"


class TrialForm(forms.Form):
    """Months as somebody types them: `2026-01 500000`, or `2026-01 iap 500000` where kinds are told apart."""

    lines = forms.CharField(
        label=gettext_lazy("Receipts, a line each"), max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "input", "spellcheck": "false"}),
        help_text=gettext_lazy("Month and amount, with the kind of revenue between them where it matters."),
    )  # fmt: skip
    taken_down = forms.CharField(
        label=gettext_lazy("Taken down in"), required=False, max_length=7,
        widget=forms.TextInput(attrs={"placeholder": "2026-05", "class": "input"}),
        help_text=gettext_lazy("A month, to see what a takedown takes back."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, currency: str, titles: Sequence[str] = ()) -> None:
        super().__init__(data)
        self.currency, self.titles = currency, list(titles)
        if len(self.titles) > 1:
            self.fields["lines"].help_text = _(
                "Month, title's code and amount, with the kind of revenue where it matters."
            )
            self.fields["taken_down"].help_text = _("A title's code and a month, to see what a takedown takes back.")
            self.fields["taken_down"].max_length = 60
            self.fields["taken_down"].widget.attrs["placeholder"] = f"{self.titles[0]} 2026-05"
            self.fields["taken_down"].widget.attrs.pop("maxlength", None)

    def clean_lines(self) -> list[dict[str, str]]:
        rows = [(number, text.split()) for number, text in enumerate(self.cleaned_data["lines"].splitlines(), 1)]
        rows = [(number, words) for number, words in rows if words]
        if len(rows) > MOST_LINES:
            raise forms.ValidationError(
                _("At most %(most)s lines are tried at once."), code="too_many", params={"most": MOST_LINES}
            )
        return [self._receipt(number, words) for number, words in rows]

    def _receipt(self, number: int, words: list[str]) -> dict[str, str]:
        """A line of one title: month, kind where it is told, amount. Of several: the title's code after the month."""
        try:
            month, *kind, written = words
            title = self.titles[0] if self.titles else ""
            if len(self.titles) > 1:
                title = kind.pop(0) if kind else ""
                if title not in self.titles:
                    raise ValueError(title)
            amount = Money.parse(written, self.currency)
            if len(kind) > 1 or amount.minor < 0:
                raise ValueError(written)
            period = month_of(parse_month(month))
        except (MoneyError, ValueError):
            if len(self.titles) > 1:
                raise forms.ValidationError(
                    _("Line %(line)s is not a month, a title's code and an amount, such as 2026-01 %(code)s 500000."),
                    code="not_a_line", params={"line": number, "code": self.titles[0]},
                ) from None  # fmt: skip
            raise forms.ValidationError(
                _("Line %(line)s is not a month and an amount, such as 2026-01 500000."),
                code="not_a_line", params={"line": number},
            ) from None  # fmt: skip
        return {
            "line": str(number), "title": title, "kind": kind[0] if kind else ONE_KIND, "period": period, "amount": amount.plain(),
        }  # fmt: skip

    def clean_taken_down(self) -> tuple[str, str] | None:
        """(title, month)."""
        words = self.cleaned_data["taken_down"].split()
        if not words:
            return None
        title = words.pop(0) if len(self.titles) > 1 else (self.titles or [""])[0]
        try:
            if title not in (self.titles or [""]):
                raise ValueError(title)
            return title, month_of(parse_month(" ".join(words)))
        except ValueError:
            if len(self.titles) > 1:
                raise forms.ValidationError(
                    _("Write a title's code and a month, such as %(code)s 2026-05."), code="not_a_month",
                    params={"code": self.titles[0]},
                ) from None  # fmt: skip
            raise forms.ValidationError(_("Write a month such as 2026-05."), code="not_a_month") from None


class MadeUpForm(forms.Form):
    """Months made up from a first amount that grows or shrinks."""

    months = forms.IntegerField(label=gettext_lazy("Months"), min_value=1, max_value=MOST_MONTHS, initial=6)
    amount = YuanField(label=gettext_lazy("First month"))
    change = forms.IntegerField(
        label=gettext_lazy("Change each month, %"), min_value=-100, max_value=100, initial=-20
    )  # fmt: skip

    def __init__(self, data: Any = None, *, currency: str) -> None:
        super().__init__(data, initial={"amount": 50_000_000})
        self.fields["amount"].currency = currency  # type: ignore[attr-defined]

    def clean_amount(self) -> int:
        amount = int(self.cleaned_data["amount"])
        if not 0 <= amount <= 10**14:
            raise forms.ValidationError(_("Write an amount such as 1,234.50."), code="not_an_amount")
        return amount


def made_up(first: dt.date, months: int, amount: int, change: int, currency: str, titles: Sequence[str] = ()) -> str:
    """Lines for so many months from `first` on, each `change` percent off the one before, in whole units; for each title."""
    lines = []
    for number in range(months):
        year, month = divmod(first.month - 1 + number, 12)
        minor = amount * (100 + change) ** number // 100**number
        start = f"{first.year + year}-{month + 1:02d}"
        for code in titles if len(titles) > 1 else [""]:
            lines.append(" ".join(filter(None, [start, code, Money(minor, currency).plain()])))
    return "\n".join(lines)


@dataclass(frozen=True)
class TrialMonth:
    """What came in, what each party got (in the order of `Trial.parties`), and what is retained."""

    month: str
    received: int
    amounts: list[int]
    retained: int


@dataclass(frozen=True)
class TrialLine:
    """One clause's amount for one party out of a pool, and why."""

    month: str
    pool: str
    clause: str
    party: str
    amount: int
    ahead: bool
    after_tax: bool
    sentence: str


@dataclass(frozen=True)
class Trial:
    parties: list[str]
    months: list[TrialMonth]
    total: TrialMonth | None
    lines: list[TrialLine]
    faults: list[str]


def try_out(
    contract: Contract, names: Mapping[str, str], rows: list[dict[str, str]], taken_down: tuple[str, str] | None = None
) -> Trial:
    """The version settled over made-up receipts of its titles; faults in words when it cannot be."""
    data = engine_contract(contract.production, [contract])
    if len(set(names.values())) == len(names):
        data = named(data, names)
    body: dict[str, Any] = {"receipts": [{"title": contract.production.code, **row} for row in rows]}
    if taken_down is not None:
        body["takedowns"] = [{"title": taken_down[0], "on": taken_down[1]}]
    read, faults = read_contract(data)
    if read is not None:
        receipts, faults = read_receipts(body, read)
        takedowns, more = read_takedowns(body, read)
        faults = (*faults, *more)
        if not faults:
            result = settle(read, receipts, takedowns=takedowns)
            if not result.faults:
                return _table(result)
            faults = result.faults
    return Trial([], [], None, [], [settlement_sentence(fault.as_json()) for fault in faults])


def _table(result: Settlement) -> Trial:
    parties = list(result.totals)
    got: dict[tuple[str, str], int] = defaultdict(int)
    received: dict[str, int] = defaultdict(int)
    retained: dict[str, int] = defaultdict(int)
    for pool in result.pools:
        received[pool.period] += pool.received
        retained[pool.period] += pool.retained
    for row in result.allocations:
        got[row.period, row.party] += row.amount
    periods = sorted({*received, *(row.period for row in result.allocations)})
    ordered = sorted(enumerate(result.allocations), key=lambda item: (item[1].period, item[0]))
    return Trial(
        parties=parties,
        months=[
            TrialMonth(period, received[period], [got[period, party] for party in parties], retained[period])
            for period in periods
        ],
        total=TrialMonth("", result.received, [result.totals[party] for party in parties], result.retained),
        lines=[
            TrialLine(
                month=row.period,
                pool=row.title,
                clause=row.clause or row.term,
                party=row.party,
                amount=row.amount,
                ahead=row.source == "payer",
                after_tax=row.after_tax,
                sentence=settlement_sentence(row.explanation.as_json()),
            )
            for _, row in ordered
        ],
        faults=[],
    )
