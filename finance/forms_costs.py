"""Forms of what a studio spends: tariffs, purchases, petty cash, promotion."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from delivery.models import Platform
from finance.choices import Account, TariffKind
from finance.forms import COST_CHOICES, YuanField
from finance.models import Party, PettySlip, Tariff
from scheduling.call_sheet_clock import clock, read_clock
from scheduling.models import FilmBase, ShootDay
from scripts_app.choices import SceneState
from scripts_app.models import Scene
from studio.models import Person, Production, Studio
from studio.values import Money, MoneyError


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
    kind = forms.ChoiceField(label=gettext_lazy("Kind of tariff"), choices=TariffKind.choices)
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


class PurchaseForm(forms.Form):
    """The head of an order; its lines stand beside it as `PurchaseRow`s."""

    title = forms.CharField(label=gettext_lazy("What for"), max_length=120)
    account = forms.ChoiceField(label=gettext_lazy("Account"), choices=COST_CHOICES)
    supplier = forms.ModelChoiceField(
        label=gettext_lazy("Supplier"), queryset=Party.objects.none(), required=False, empty_label="—"
    )
    supplier_name = forms.CharField(
        label=gettext_lazy("Or the supplier's name"), max_length=120, required=False,
        help_text=gettext_lazy("For one who is not among the parties."),
    )  # fmt: skip
    expected_date = forms.DateField(label=gettext_lazy("Expected"), widget=date_input(), required=False)
    shoot_day = forms.ModelChoiceField(
        label=gettext_lazy("Needed on"), queryset=ShootDay.objects.none(), required=False, empty_label="—"
    )
    scene = forms.CharField(
        label=gettext_lazy("Needed for scene"), max_length=20, required=False, help_text=gettext_lazy("Its number, such as 3-2.")
    )  # fmt: skip
    needed_for = forms.CharField(
        label=gettext_lazy("Needed for"), max_length=120, required=False, help_text=gettext_lazy("A set, a prop, a person.")
    )  # fmt: skip

    def __init__(self, data: Any = None, *, production: Production, suppliers: QuerySet[Party]) -> None:
        super().__init__(data)
        self.production = production
        self.fields["supplier"].queryset = suppliers  # type: ignore[attr-defined]
        self.fields["shoot_day"].queryset = ShootDay.objects.filter(production=production).select_related("production")  # type: ignore[attr-defined]

    def clean_scene(self) -> Scene | None:
        number = self.cleaned_data["scene"].strip()
        if not number:
            return None
        scene = Scene.objects.filter(
            production=self.production, number__iexact=number, state=SceneState.ACTIVE
        ).first()  # fmt: skip
        if scene is None:
            raise forms.ValidationError(
                _("The script has no scene “%(number)s”."), code="unknown_scene", params={"number": number}
            )
        return scene


@dataclasses.dataclass
class PurchaseRow:
    """One line as it is typed; an empty one is no line."""

    name: str = ""
    quantity: str = ""
    rate: str = ""
    error: str = ""

    @property
    def typed(self) -> bool:
        return bool(self.name or self.quantity or self.rate)


def read_purchase_rows(post: Mapping[str, str], currency: str) -> tuple[list[PurchaseRow], list[dict[str, Any]]]:
    """What was typed, and what the action takes of it; a row that cannot be read has its error."""
    rows, items = [], []
    for place in range(60):
        texts = [str(post.get(f"line-{place}-{name}", "")).strip()[:120] for name in ("name", "quantity", "rate")]
        row = PurchaseRow(*texts)
        if not row.typed:
            continue
        rows.append(row)
        quantity = (
            int(row.quantity) if row.quantity.isascii() and row.quantity.isdecimal() and len(row.quantity) < 7 else 0
        )
        try:
            rate = Money.parse(row.rate, currency).minor
        except MoneyError:
            rate = 0
        if not row.name or quantity < 1 or rate < 1:
            row.error = _("A line has a name, a whole quantity and a price such as 1,234.50.")
        items.append({"name": row.name, "quantity": quantity, "rate_minor": rate})
    return rows, items


class InvoiceForm(forms.Form):
    reference = forms.CharField(label=gettext_lazy("Number of the invoice"), max_length=80)
    amount_minor = YuanField(label=gettext_lazy("Amount"))
    on_date = forms.DateField(label=gettext_lazy("Date"), widget=date_input())
    final = forms.BooleanField(label=gettext_lazy("The last invoice of this order"), required=False, initial=True)

    def __init__(self, data: Any = None, *, currency: str, amount_minor: int | None = None) -> None:
        super().__init__(data, initial={"on_date": dt.date.today(), "amount_minor": amount_minor})
        self.fields["amount_minor"].currency = currency  # type: ignore[attr-defined]


class FloatForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput())
    holder = forms.ModelChoiceField(
        label=pgettext_lazy("petty cash", "Holder"), queryset=Person.objects.none(), empty_label="—"
    )
    amount_minor = YuanField(label=gettext_lazy("Amount"))
    note = forms.CharField(label=pgettext_lazy("petty cash", "Note"), max_length=120, required=False)
    back = forms.BooleanField(label=gettext_lazy("Handed back"), required=False)

    def __init__(self, data: Any = None, *, production: Production) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})
        self.fields["amount_minor"].currency = production.studio.currency  # type: ignore[attr-defined]
        self.fields["holder"].queryset = Person.objects.filter(studio=production.studio_id)  # type: ignore[attr-defined]

    def clean_amount_minor(self) -> int:
        amount = self.cleaned_data["amount_minor"]
        if amount is None or amount <= 0:
            raise forms.ValidationError(_("An amount must be above zero."), code="amount_not_positive")
        return int(amount)


class SlipForm(forms.Form):
    """A receipt on the phone: a photo, an amount and what it was for; the rest is as it was last time."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    photo = forms.FileField(
        label=gettext_lazy("Photo of the receipt"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
    )  # fmt: skip
    amount_minor = YuanField(label=gettext_lazy("Amount"))
    what_for = forms.CharField(label=gettext_lazy("What for"), max_length=120)
    account = forms.ChoiceField(label=gettext_lazy("Account"), choices=COST_CHOICES)
    production = forms.ModelChoiceField(
        label=gettext_lazy("Title"), queryset=Production.objects.none(), empty_label=None
    )
    spent_date = forms.DateField(label=gettext_lazy("Date"), widget=date_input())
    no_photo_reason = forms.CharField(
        label=gettext_lazy("No photo, because"), max_length=200, required=False
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, titles: list[Production], last: PettySlip | None = None,
        slip: PettySlip | None = None,
    ) -> None:  # fmt: skip
        known = slip or last
        first = titles[0] if titles else None
        initial: dict[str, Any] = {
            "key": uuid.uuid4(), "account": known.account if known else Account.ART,
            "production": known.production_id if known else first, "spent_date": dt.date.today(),
        }  # fmt: skip
        if slip is not None:
            initial |= {
                "amount_minor": slip.amount_minor, "what_for": slip.what_for, "spent_date": slip.spent_date,
                "no_photo_reason": slip.no_photo_reason,
            }  # fmt: skip
        super().__init__(data, files, initial=initial)
        self.fields["production"].queryset = Production.objects.filter(pk__in=[row.pk for row in titles])  # type: ignore[attr-defined]
        if len(titles) == 1:
            self.fields["production"].widget = forms.HiddenInput()
        currency = (known.production if known else first).studio.currency if titles else "CNY"  # type: ignore[union-attr]
        self.fields["amount_minor"].currency = currency  # type: ignore[attr-defined]


class SpendForm(forms.Form):
    platform = forms.ModelChoiceField(
        label=gettext_lazy("Platform"), queryset=Platform.objects.none(), empty_label=None
    )
    campaign = forms.CharField(label=gettext_lazy("Campaign"), max_length=80)
    on_date = forms.DateField(label=gettext_lazy("Date"), widget=date_input())
    amount_minor = YuanField(label=gettext_lazy("Amount"))

    def __init__(self, data: Any = None, *, production: Production) -> None:
        super().__init__(data, initial={"on_date": dt.date.today()})
        self.fields["platform"].queryset = Platform.objects.filter(studio=production.studio_id)  # type: ignore[attr-defined]
        self.fields["amount_minor"].currency = production.studio.currency  # type: ignore[attr-defined]


class SpendFileForm(forms.Form):
    platform = forms.ModelChoiceField(
        label=gettext_lazy("Platform"), queryset=Platform.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("Spend by day (CSV)"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt"}),
        help_text=gettext_lazy("Columns of dates, campaigns and amounts. The same file again changes nothing; another amount corrects the day."),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, production: Production) -> None:
        super().__init__(data, files, prefix="csv")
        self.fields["platform"].queryset = Platform.objects.filter(studio=production.studio_id)  # type: ignore[attr-defined]
