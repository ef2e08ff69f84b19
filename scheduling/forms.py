"""What people type into this room. Prices are in the currency's unit, lengths of days in hours."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.choices import HireBy
from scheduling.models import FilmBase, Location
from studio.choices import Department, PayRule
from studio.models import Engagement, Person, Production
from studio.values import CURRENCIES

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def minor_of(amount: Decimal | None, currency: str) -> int:
    """Minor units of an amount typed in the currency's unit."""
    return int((amount or Decimal(0)).scaleb(CURRENCIES[currency]).to_integral_value())


def amount_of(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-CURRENCIES[currency])


def minute_of(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _price(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_digits=12, decimal_places=2, required=False, initial=0, **options
    )


class DraftForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=70, initial=_("First draft"))
    first_date = forms.DateField(label=_("First shoot date"), widget=DATE)
    days = forms.IntegerField(label=_("Shoot days"), min_value=1, max_value=120, initial=7)
    rest_after = forms.IntegerField(
        label=_("A day off after"), min_value=0, max_value=30, initial=0, help_text=_("Shoot days in a row; 0: none.")
    )
    call = forms.TimeField(label=_("Call"), widget=TIME, initial=dt.time(6))
    hours = forms.DecimalField(
        label=_("Longest day (hours)"), min_value=1, max_value=24, max_digits=4, decimal_places=2, initial=14
    )

    def dates(self) -> list[dt.date]:
        """Shoot dates with the days off left out."""
        data = self.cleaned_data
        found: list[dt.date] = []
        date = data["first_date"]
        while len(found) < data["days"]:
            if (
                found
                and data["rest_after"]
                and len(found) % data["rest_after"] == 0
                and found[-1] == date - dt.timedelta(1)
            ):
                date += dt.timedelta(days=1)
                continue
            found.append(date)
            date += dt.timedelta(days=1)
        return found


class DayForm(forms.Form):
    call = forms.TimeField(label=_("Call"), widget=TIME, initial=dt.time(6))
    hours = forms.DecimalField(
        label=_("Longest day (hours)"), min_value=1, max_value=24, max_digits=4, decimal_places=2, initial=14
    )


class NewDayForm(DayForm):
    date = forms.DateField(label=_("Date"), widget=DATE)
    field_order = ["date", "call", "hours"]


class SettingsForm(forms.Form):
    """What a board reckons with; the names are the model's, prices as amounts."""

    most_scenes = forms.IntegerField(label=_("Most scenes a day"), min_value=1, max_value=200)
    overtime_after_minutes = forms.IntegerField(label=_("Overtime after (minutes)"), min_value=60, max_value=1440)
    meal_minutes = forms.IntegerField(label=_("Meal (minutes)"), min_value=0, max_value=180)
    set_change_minutes = forms.IntegerField(label=_("Change of set (minutes)"), min_value=0, max_value=240)
    base_move_minutes = forms.IntegerField(label=_("Move between bases (minutes)"), min_value=0, max_value=600)
    base_move = _price(_("A move between bases"))
    extra_day = _price(_("An extra a day"))
    set_change = _price(_("Wish: few set changes"), help_text=_("What staying in the set is worth to you."))
    early_episodes = _price(
        _("Wish: early episodes first"), help_text=_("What a day's delay of the first episode is worth to you.")
    )
    night_exteriors_any_time = forms.BooleanField(label=_("Night exteriors at any hour"), required=False)

    def settings(self, currency: str) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        for name in ("base_move", "extra_day", "set_change", "early_episodes"):
            data[f"{name}_minor"] = minor_of(data.pop(name), currency)
        return data


class BaseForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    city = forms.CharField(label=_("City"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    latitude = forms.DecimalField(label=_("Latitude"), max_digits=8, decimal_places=5, required=False)
    longitude = forms.DecimalField(
        label=_("Longitude"), max_digits=8, decimal_places=5, required=False,
        help_text=_("With both, boards know sunrise and sunset."),
    )  # fmt: skip
    contact = forms.CharField(label=_("Contact"), max_length=80, required=False)


class LocationForm(forms.Form):
    base = forms.ModelChoiceField(label=_("Film base"), queryset=FilmBase.objects.none())
    name = forms.CharField(label=_("Name"), max_length=80)
    hire_by = forms.ChoiceField(label=_("Hired"), choices=HireBy.choices, initial=HireBy.DAY)
    price = _price(_("Price per hour or day"))
    dressing_minutes = forms.IntegerField(label=_("Dressing (minutes)"), min_value=0, max_value=1440, initial=30)
    open_from = forms.TimeField(label=_("Opens"), widget=TIME, required=False)
    open_to = forms.TimeField(
        label=_("Closes"), widget=TIME, required=False, help_text=_("Both empty: open day and night.")
    )

    def __init__(self, bases: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base"].queryset = bases  # type: ignore[attr-defined]

    def hours(self) -> dict[str, int]:
        opens, closes = self.cleaned_data["open_from"], self.cleaned_data["open_to"]
        first = minute_of(opens) if opens else 0
        last = minute_of(closes) if closes else 1440
        # Closing at 02:00 means the next morning.
        return {"open_from_minute": first, "open_to_minute": last if last > first else last + 1440}


class BookingForm(forms.Form):
    location = forms.ModelChoiceField(label=_("Location"), queryset=Location.objects.none())
    start_at = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    end_at = forms.DateTimeField(
        label=_("To"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    price = forms.DecimalField(
        label=_("Price"), min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text=_("Empty: reckoned from the location's price."),
    )  # fmt: skip

    def __init__(self, locations: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = locations  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    birth_date = forms.DateField(label=_("Born"), widget=DATE, required=False)

    def clean_birth_date(self) -> dt.date | None:
        born = self.cleaned_data["birth_date"]
        if born is not None and not timezone.localdate() - dt.timedelta(days=45_000) < born <= timezone.localdate():
            raise forms.ValidationError(_("Nobody was born then."))
        return born


class EngageForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Person"), queryset=Person.objects.none())
    department = forms.ChoiceField(label=_("Department"), choices=Department.choices, initial=Department.CAST)
    job_title = forms.CharField(label=_("Job"), max_length=60)
    day_rate = _price(_("Day rate"))
    day_hours = forms.DecimalField(
        label=_("Hours in a paid day"), min_value=1, max_value=24, max_digits=4, decimal_places=2, initial=12
    )
    overtime_hour = _price(_("Overtime an hour"))
    hold_percent = forms.IntegerField(label=_("Hold pay (% of day rate)"), min_value=0, max_value=100, initial=50)
    min_days = forms.IntegerField(label=_("Days guaranteed"), min_value=0, max_value=365, initial=0)
    from_date = forms.DateField(label=_("From"), widget=DATE, required=False)
    to_date = forms.DateField(label=_("To"), widget=DATE, required=False)
    pay_rule = forms.ChoiceField(
        label=_("Pay falls due"), required=False, choices=[("", _("As the studio does")), *PayRule.choices]
    )
    pay_days = forms.IntegerField(label=_("Days, or day of the month"), required=False, min_value=0, max_value=365)
    terms_signed_date = forms.DateField(label=_("Written terms signed"), widget=DATE, required=False)
    is_key_contact = forms.BooleanField(label=_("On the call sheet's contacts"), required=False)

    def __init__(self, people: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("from_date"), data.get("to_date")
        if first and last and last < first:
            self.add_error("to_date", _("The last date is before the first."))
        rule, days = data.get("pay_rule", ""), data.get("pay_days")
        if rule == PayRule.MONTHLY and days is not None and not 1 <= days <= 31:
            self.add_error("pay_days", _("A month has days 1 to 31."))
        elif bool(rule) != (days is not None) and "pay_days" not in self.errors:
            self.add_error("pay_days", _("Say how the day is counted and by how many days, or neither."))
        return data

    def terms(self, currency: str) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "day_rate_minor": minor_of(data["day_rate"], currency),
            "day_minutes": int(data["day_hours"] * 60),
            "overtime_hour_minor": minor_of(data["overtime_hour"], currency),
            **{name: data[name] for name in (
                "hold_percent", "min_days", "from_date", "to_date", "pay_rule", "pay_days", "terms_signed_date",
                "is_key_contact",
            )},
        }  # fmt: skip


class AwayForm(forms.Form):
    from_date = forms.DateField(label=_("From"), widget=DATE)
    to_date = forms.DateField(label=_("To"), widget=DATE, help_text=_("Both dates included."))
    reason = forms.CharField(label=_("Reason"), max_length=120, required=False)


def cast_of(production: Production) -> Any:
    """Engagements that may play a role."""
    return Engagement.objects.filter(production=production, department=Department.CAST).select_related("person")
