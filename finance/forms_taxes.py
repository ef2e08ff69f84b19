"""What people type about taxes."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from finance.choices import TaxTableMethod
from studio.values import Money, MoneyError

_DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _fen(written: str) -> int:
    try:
        amount = Money.parse(written.replace(",", "").replace("，", "").strip())
    except MoneyError:
        raise forms.ValidationError(_("Write an amount in yuan, such as 600000.")) from None
    if not 0 <= amount.minor <= 10**13:
        raise forms.ValidationError(_("This amount is below zero or too large."))
    return amount.minor


def _basis_points(written: str) -> int:
    match = re.fullmatch(r"(\d{1,3})(?:\.(\d{1,2}))?\s*%?", written.strip(), re.ASCII)
    if match is None:
        raise forms.ValidationError(_("Write a percentage such as 20 or 2.5."))
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))


class TaxTrialForm(forms.Form):
    """A payment to try. `net`: the amount is what is to be left after tax."""

    method = forms.ChoiceField(label=_("Taxed as"), choices=TaxTableMethod.choices)
    amount = forms.CharField(label=_("Amount (yuan)"), max_length=20)
    on = forms.DateField(label=_("Paid on"), widget=_DATE)
    net = forms.BooleanField(label=_("The amount is what is to be left after tax"), required=False)

    def clean_amount(self) -> int:
        return _fen(self.cleaned_data["amount"])


class TaxTableForm(forms.Form):
    """A table of the studio's own; brackets as lines of upper limit, rate and quick deduction."""

    method = forms.ChoiceField(label=_("Kind of tax"), choices=TaxTableMethod.choices)
    from_date = forms.DateField(label=_("In force from"), widget=_DATE)
    until_date = forms.DateField(
        label=_("Until"), required=False, widget=_DATE, help_text=_("The last day. Empty: no end.")
    )
    brackets = forms.CharField(
        label=_("Brackets"), widget=forms.Textarea(attrs={"rows": 6, "placeholder": "20000 20 0\n50000 30 2000\n- 40 7000"}),
        max_length=2000,
        help_text=_("A line each: upper limit in yuan (- for none), rate in per cent, quick deduction in yuan."),
    )  # fmt: skip
    deduction = forms.CharField(label=_("Deduction (%)"), required=False, max_length=8, initial="20")
    small = forms.CharField(label=_("Small incomes up to (yuan)"), required=False, max_length=20)
    small_deduction = forms.CharField(label=_("Deduction of small incomes (yuan)"), required=False, max_length=20)
    part = forms.CharField(label=_("Part that is taxed (%)"), required=False, max_length=8, initial="100")
    monthly = forms.CharField(label=_("Standing deduction a month (yuan)"), required=False, max_length=20)
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Title, number and date of the law or notice.")
    )

    def clean_brackets(self) -> list[tuple[int | None, int, int]]:
        found: list[tuple[int | None, int, int]] = []
        for number, line in enumerate(self.cleaned_data["brackets"].splitlines(), start=1):
            words = line.split()
            if not words:
                continue
            if len(words) != 3:
                raise forms.ValidationError(
                    _("Line %(line)s: write upper limit, rate and quick deduction."), params={"line": number}
                )
            found.append((None if words[0] == "-" else _fen(words[0]), _basis_points(words[1]), _fen(words[2])))
        return found

    def _cleaned(self, name: str, read: Any, default: int) -> int:
        written = self.cleaned_data[name].strip()
        return read(written) if written else default  # type: ignore[no-any-return]

    def clean_deduction(self) -> int:
        return self._cleaned("deduction", _basis_points, 0)

    def clean_part(self) -> int:
        return self._cleaned("part", _basis_points, 10_000)

    def clean_small(self) -> int:
        return self._cleaned("small", _fen, 0)

    def clean_small_deduction(self) -> int:
        return self._cleaned("small_deduction", _fen, 0)

    def clean_monthly(self) -> int:
        return self._cleaned("monthly", _fen, 0)

    @property
    def terms(self) -> dict[str, Any]:
        """What `add_tax_table` takes."""
        words = self.cleaned_data
        return {
            "method": words["method"], "from_date": words["from_date"], "until_date": words["until_date"],
            "brackets": words["brackets"], "source": words["source"], "deduction_bp": words["deduction"],
            "part_bp": words["part"], "small_minor": words["small"], "small_deduction_minor": words["small_deduction"],
            "monthly_minor": words["monthly"],
        }  # fmt: skip
