"""Forms of the finance room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from delivery.models import Platform
from finance.agreements import stated_titles
from finance.budget_words import fault_text, words, written_rate
from finance.budgeting import read_row, write_quantity
from finance.choices import COST_ACCOUNTS, Account, BudgetUnit
from finance.models import BudgetLine
from finance.settlement import read_json
from studio.models import Person, Production
from studio.values import Money, MoneyError

COST_CHOICES = [(account.value, account.label) for account in Account if account in COST_ACCOUNTS]


class YuanField(forms.Field):
    """An amount typed in the main unit, kept as whole minor units; never a float on the way."""

    def __init__(self, *, currency: str = "CNY", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "input-num"}))
        super().__init__(**kwargs)
        self.currency = currency

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return Money.parse(text, self.currency).minor
        except MoneyError:
            raise forms.ValidationError(_("Write an amount such as 1,234.50."), code="not_an_amount") from None

    def prepare_value(self, value: Any) -> Any:
        return Money(value, self.currency).plain() if isinstance(value, int) else value


class BudgetLineForm(forms.Form):
    """One line of a budget, as a phone takes it. The sheet reads the same fields by the same rules."""

    account = forms.ChoiceField(label=gettext_lazy("Account"), choices=COST_CHOICES)
    name = forms.CharField(label=pgettext_lazy("budget", "Name"), max_length=120)
    quantity = forms.CharField(
        label=gettext_lazy("Quantity"), max_length=12, initial="1",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-num"}),
    )  # fmt: skip
    unit = forms.ChoiceField(label=pgettext_lazy("budget", "Unit"), choices=BudgetUnit.choices)
    factor = forms.IntegerField(
        label=pgettext_lazy("budget", "Times"), min_value=1, max_value=10_000, initial=1,
        help_text=gettext_lazy("How many of it at once: three people for five days is 5 days, 3 times."),
    )  # fmt: skip
    rate = forms.CharField(
        label=gettext_lazy("Rate"), max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-num"}),
        help_text=gettext_lazy("With the unit “% of the rest”: the percentage, such as 5."),
    )  # fmt: skip
    group = forms.CharField(label=pgettext_lazy("budget", "Group"), max_length=60, required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, production: Production, line: BudgetLine | None = None) -> None:
        self.currency = production.studio.currency
        initial = None
        if line is not None:
            initial = {
                "account": line.account, "name": line.name, "quantity": line.quantity, "unit": line.unit,
                "factor": line.factor, "rate": written_rate(line, self.currency), "group": line.group,
                "note": line.note,
            }  # fmt: skip
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        """The fields together as a line, read as the sheet reads its rows."""
        super().clean()
        if not self.errors:
            cells = {name: str(self.cleaned_data[name]) for name in self.fields}
            self.line, faults = read_row(cells, words(), currency=self.currency)
            for fault in faults:
                self.add_error(fault.field, fault_text(fault))
        return self.cleaned_data

    @property
    def terms(self) -> dict[str, Any]:
        """What the actions take."""
        line = self.line
        assert line is not None
        return {
            "account": line.account, "name": line.name, "quantity": write_quantity(line.quantity), "unit": line.unit,
            "factor": line.factor, "rate_minor": line.rate_minor, "percent_bp": line.percent_bp, "group": line.group,
            "note": line.note,
        }  # fmt: skip


class BudgetRowsForm(forms.Form):
    """Rows brought in from a spreadsheet: pasted, or as a file."""

    rows = forms.CharField(
        label=gettext_lazy("Rows copied from a spreadsheet"), required=False, max_length=500_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy("Account, name, quantity, unit, times, rate; with heads in any order."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Or a file (CSV or XLSX)"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )  # fmt: skip
    replace = forms.BooleanField(
        label=gettext_lazy("The file stands instead of all lines there are"), required=False
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("file")) == bool((data.get("rows") or "").strip()):
            raise forms.ValidationError(_("Paste rows, or choose a file."), code="one_of_both")
        return data


class CostForm(forms.Form):
    """A cost posted by hand. The number of its paper is its source, so that it is not posted twice."""

    account = forms.ChoiceField(label=gettext_lazy("Account"), choices=COST_CHOICES)
    amount_minor = YuanField(label=gettext_lazy("Amount"))
    on_date = forms.DateField(
        label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reference = forms.CharField(
        label=gettext_lazy("Number of the invoice or receipt"), max_length=80,
        help_text=gettext_lazy("The same number is posted once."),
    )  # fmt: skip
    narrative = forms.CharField(label=gettext_lazy("What for"), max_length=200)
    person = forms.ModelChoiceField(
        label=gettext_lazy("Owed to"), queryset=Person.objects.none(), required=False, empty_label="—"
    )

    def __init__(self, data: Any = None, *, production: Production) -> None:
        super().__init__(data, initial={"on_date": dt.date.today()})
        self.fields["amount_minor"].currency = production.studio.currency  # type: ignore[attr-defined]
        self.fields["person"].queryset = Person.objects.filter(studio=production.studio_id)  # type: ignore[attr-defined]


class StatementForm(forms.Form):
    platform = forms.ModelChoiceField(label=gettext_lazy("Platform"), queryset=Platform.objects.none())
    period = forms.CharField(
        label=gettext_lazy("Month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"}),
        help_text=gettext_lazy("Written like 2026-01."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Statement (CSV or XLSX)"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
        allow_empty_file=True,
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, production: Production, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["platform"].queryset = Platform.objects.filter(studio=production.studio_id)  # type: ignore[attr-defined]


class ContractForm(forms.Form):
    platform = forms.ModelChoiceField(label=gettext_lazy("Platform"), queryset=Platform.objects.none())
    from_date = forms.DateField(
        label=gettext_lazy("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The first of a month."),
    )  # fmt: skip
    pay_after_days = forms.IntegerField(
        label=gettext_lazy("Paid after (days)"), min_value=0, max_value=365, initial=30,
        help_text=gettext_lazy("Counted from the day a settlement is issued."),
    )  # fmt: skip
    terms = forms.CharField(
        label=gettext_lazy("Terms"), max_length=100_000,
        help_text=gettext_lazy(
            "Each term has an id, a kind and who it is for. A fee can be agreed after tax; the studio then bears the tax "
            "on it besides. The manual of settlements has every kind with an example."
        ),
        widget=forms.Textarea(attrs={"rows": 22, "class": "terms-editor", "spellcheck": "false"}),
    )  # fmt: skip

    others = forms.MultipleChoiceField(
        label=gettext_lazy("Titles besides this one"), required=False, widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("For a contract over several titles. Each keeps its own pools unless they are joined."),
    )  # fmt: skip
    pool = forms.CharField(
        label=gettext_lazy("Joint pool"), required=False, max_length=60,
        help_text=gettext_lazy(
            "A name, when all these titles answer for one another. Pools of some of them are written as “groups” in the terms."
        ),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, production: Production, titles: Iterable[Production], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.production = production
        self.fields["platform"].queryset = Platform.objects.filter(studio=production.studio_id)  # type: ignore[attr-defined]
        choices = [(title.code, f"{title.title} ({title.code})") for title in titles if title.pk != production.pk]
        self.fields["others"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["others"], self.fields["pool"]

    def clean(self) -> dict[str, Any]:
        """Titles chosen beside the terms are written into them; terms that name other titles themselves are not changed."""
        data = super().clean() or self.cleaned_data
        others, pool = data.pop("others", []), (data.pop("pool", "") or "").strip()
        terms = data.get("terms")
        if isinstance(terms, list):
            terms = {"terms": terms}
        if not isinstance(terms, dict) or not (others or pool):
            return data
        codes = [self.production.code, *others]
        if others:
            if terms.get("titles", codes) != codes:
                self.add_error("others", _("The terms name titles too. Choose them here or write them there."))
                return data
            terms = {**terms, "titles": codes}
        if pool:
            groups = {pool: list(dict.fromkeys([self.production.code, *stated_titles(terms)]))}
            if terms.get("groups", groups) != groups:
                self.add_error("pool", _("The terms join titles themselves. Name the pool here or write it there."))
                return data
            terms = {**terms, "groups": groups}
        return {**data, "terms": terms}

    def clean_terms(self) -> Any:
        try:
            return read_json(self.cleaned_data["terms"])
        except ValueError as error:
            raise forms.ValidationError(
                _("This is not JSON: %(why)s"), code="not_json", params={"why": str(error)}
            ) from None
