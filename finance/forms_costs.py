"""Forms of what a studio spends: tariffs, purchases, petty cash, promotion."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.choices import TariffKind
from finance.forms import YuanField
from finance.models import Tariff
from scheduling.call_sheet_clock import clock, read_clock
from scheduling.models import FilmBase
from studio.models import Studio


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ClockField(forms.Field):
    """A time of the day, typed as 22:00, kept as minutes from midnight."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 5}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            minute = read_clock(text)
        except ValueError:
            raise forms.ValidationError(_("Not a time, such as 06:30 or 0630."), code="not_a_time") from None
        if minute >= 1440:
            raise forms.ValidationError(_("Not a time, such as 06:30 or 0630."), code="not_a_time")
        return minute

    def prepare_value(self, value: Any) -> Any:
        return clock(value) if isinstance(value, int) else value


class TariffForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What for"), choices=TariffKind.choices)
    base = forms.ModelChoiceField(
        label=gettext_lazy("Film base"), queryset=FilmBase.objects.none(), required=False,
        empty_label=gettext_lazy("Everywhere"),
    )  # fmt: skip
    from_date = forms.DateField(
        label=gettext_lazy("In force from"), widget=date_input(),
        help_text=gettext_lazy("Until the next tariff of its kind and place. One that charges nothing ends it."),
    )  # fmt: skip
    flat_minor = YuanField(
        label=gettext_lazy("A head and day, or a case"), required=False,
        help_text=gettext_lazy("Extras: a day. Others: each forced call, late meal, night or weekend day."),
    )  # fmt: skip
    half_day_minor = YuanField(label=gettext_lazy("Half a day (extras)"), required=False)
    hour_minor = YuanField(
        label=gettext_lazy("An hour"), required=False,
        help_text=gettext_lazy("Extras: overtime. Others: each hour short, late or worked. Started half hours count."),
    )  # fmt: skip
    percent = forms.IntegerField(
        label=gettext_lazy("Share of the own hourly rate (%)"), min_value=0, max_value=1000, required=False
    )
    day_minutes = forms.IntegerField(label=gettext_lazy("Minutes in a paid day"), min_value=1, max_value=2880)
    half_day_minutes = forms.IntegerField(label=gettext_lazy("Minutes in half a day"), min_value=1, max_value=1440)
    night_from_minute = ClockField(label=gettext_lazy("Night from"))
    night_to_minute = ClockField(label=gettext_lazy("Night to"))
    weekdays = forms.CharField(
        label=gettext_lazy("Weekdays of the supplement"), max_length=7,
        help_text=gettext_lazy("1 is Monday, 7 is Sunday; 67 is Saturday and Sunday."),
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("Where this price comes from"), max_length=200,
        help_text=gettext_lazy("An agreement, a quotation, a decision of the studio."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, studio: Studio, tariff: Tariff | None = None) -> None:
        row = tariff or Tariff(studio=studio, from_date=dt.date.today())
        initial = {name: getattr(row, name) for name in self.base_fields if name != "base"}
        super().__init__(data, initial={**initial, "base": row.base_id})
        self.fields["base"].queryset = FilmBase.objects.filter(studio=studio)  # type: ignore[attr-defined]
        for name in ("flat_minor", "half_day_minor", "hour_minor"):
            self.fields[name].currency = studio.currency  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("flat_minor", "hour_minor", "percent"):
            if name in data:
                data[name] = data[name] or 0
        return data
