"""What people type into the compliance room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.choices import FilingKind
from compliance.wording import theme_choices
from studio.choices import WorkKind
from studio.models import Production
from studio.values import Money, MoneyError


class CaseForm(forms.Form):
    """What a title is judged by; the investment in whole yuan or with fen."""

    investment = forms.CharField(label=_("Investment (yuan)"), max_length=20)
    work_kind = forms.ChoiceField(label=_("Kind of work"), choices=WorkKind.choices)
    themes = forms.MultipleChoiceField(
        label=_("Special themes"), required=False, widget=forms.CheckboxSelectMultiple, choices=theme_choices
    )
    promoted = forms.BooleanField(label=_("Main push or first screen of a platform"), required=False)
    voluntary_key = forms.BooleanField(label=_("Filed as key of our own will"), required=False)
    adaptation = forms.BooleanField(label=_("Adapted from another work"), required=False)
    minors = forms.BooleanField(label=_("Minors take part"), required=False)

    def clean_investment(self) -> int:
        """Fen."""
        written = self.cleaned_data["investment"].replace(",", "").replace("，", "").strip()
        try:
            amount = Money.parse(written)
        except MoneyError:
            raise forms.ValidationError(_("Write an amount in yuan, such as 600000.")) from None
        if amount.minor < 0:
            raise forms.ValidationError(_("An investment cannot be negative."))
        if amount.minor > 10**15:
            raise forms.ValidationError(_("This is more than any title costs. Check the amount."))
        return amount.minor

    @classmethod
    def of(cls, production: Production, case: Any) -> CaseForm:
        return cls(
            initial={
                "investment": Money(production.investment_minor).plain().removesuffix(".00"),
                "work_kind": production.work_kind, "themes": production.themes, "promoted": production.promoted,
                "voluntary_key": case.voluntary_key, "adaptation": case.adaptation, "minors": case.minors,
            }
        )  # fmt: skip


class OpenForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is filed"), choices=FilingKind.choices)
    platform_code = forms.SlugField(
        label=_("Platform"), required=False, help_text=_("Its short name, for titles that a platform reviews.")
    )


class DecideForm(forms.Form):
    number = forms.CharField(label=_("Number"), max_length=80, required=False)
    note = forms.CharField(label=_("Why it was returned"), max_length=4000, required=False)
