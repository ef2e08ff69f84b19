"""Forms of figures, forecasts and thresholds."""

from __future__ import annotations

import decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.models import Platform
from finance.choices import AlarmMeasure
from finance.forms import COST_CHOICES, YuanField
from finance.queries.watching import PERCENTS
from studio.models import Production
from studio.values import Money, MoneyError


class FigureForm(forms.Form):
    account = forms.ChoiceField(label=gettext_lazy("Account"), choices=COST_CHOICES)
    amount_minor = YuanField(
        label=gettext_lazy("Will come to"),
        required=False,
        help_text=gettext_lazy("Empty: back to the computed figure."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)

    def __init__(self, data: Any = None, *, production: Production) -> None:
        super().__init__(data)
        self.fields["amount_minor"].currency = production.studio.currency  # type: ignore[attr-defined]


class ForecastForm(forms.Form):
    platform = forms.ModelChoiceField(label=gettext_lazy("Platform"), queryset=Platform.objects.none())
    amount_minor = YuanField(label=gettext_lazy("Receipts in all"))
    by_month = forms.CharField(
        label=gettext_lazy("By month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"}),
        help_text=gettext_lazy("Written like 2026-01."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("What it rests on"), max_length=300)

    def __init__(self, data: Any = None, *, production: Production) -> None:
        super().__init__(data)
        self.fields["amount_minor"].currency = production.studio.currency  # type: ignore[attr-defined]
        self.fields["platform"].queryset = Platform.objects.filter(studio=production.studio_id)  # type: ignore[attr-defined]


class ThresholdForm(forms.Form):
    """A threshold as people write it: percent, hours, scenes or money, whichever the measure takes."""

    measure = forms.ChoiceField(label=gettext_lazy("Measure"), choices=AlarmMeasure.choices)
    account = forms.ChoiceField(
        label=gettext_lazy("Account"), required=False, choices=[("", gettext_lazy("Every account")), *COST_CHOICES],
        help_text=gettext_lazy("For an account's own overrun."),
    )  # fmt: skip
    threshold = forms.CharField(
        label=gettext_lazy("Alarm at"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=gettext_lazy("Percent, hours, scenes or yuan, as the measure has it."),
    )  # fmt: skip
    active = forms.BooleanField(label=gettext_lazy("Watched"), required=False, initial=True)

    def __init__(self, data: Any = None, *, currency: str) -> None:
        super().__init__(data)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "threshold" in data and "measure" in data:
            try:
                data["threshold"] = read_threshold(data["measure"], data["threshold"], self.currency)
            except ValueError:
                self.add_error("threshold", _("Write a number such as 10, or an amount such as 50,000."))
        return data


def read_threshold(measure: str, text: str, currency: str) -> int:
    """What was typed in the measure's smallest unit. Raises ValueError."""
    written = text.strip().rstrip("%％ ")
    if measure == AlarmMeasure.CASH:
        try:
            return Money.parse(written, currency).minor
        except MoneyError:
            raise ValueError(text) from None
    try:
        number = decimal.Decimal(written)
    except decimal.InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite() or abs(number) > 10**9:
        raise ValueError(text)
    scale = 100 if measure in PERCENTS else 60 if measure == AlarmMeasure.OVERTIME else 1
    scaled = number * scale
    if scaled != scaled.to_integral_value():
        raise ValueError(text)
    return int(scaled)
