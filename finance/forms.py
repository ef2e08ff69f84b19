"""Forms of the finance room."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.models import Platform
from finance.choices import COST_ACCOUNTS, Account
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
    account = forms.ChoiceField(label=gettext_lazy("Account"), choices=COST_CHOICES)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    quantity = forms.IntegerField(label=gettext_lazy("Quantity"), min_value=1, max_value=100_000, initial=1)
    rate_minor = YuanField(label=gettext_lazy("Rate"))

    def __init__(self, data: Any = None, *, production: Production, line: BudgetLine | None = None) -> None:
        initial = (
            {"account": line.account, "name": line.name, "quantity": line.quantity, "rate_minor": line.rate_minor}
            if line
            else None
        )
        super().__init__(data, initial=initial, prefix=f"line{line.pk}" if line else "new")
        self.fields["rate_minor"].currency = production.studio.currency  # type: ignore[attr-defined]


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
        widget=forms.Textarea(attrs={"rows": 22, "class": "terms-editor", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, production: Production, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["platform"].queryset = Platform.objects.filter(studio=production.studio_id)  # type: ignore[attr-defined]

    def clean_terms(self) -> Any:
        try:
            return read_json(self.cleaned_data["terms"])
        except ValueError as error:
            raise forms.ValidationError(
                _("This is not JSON: %(why)s"), code="not_json", params={"why": str(error)}
            ) from None
