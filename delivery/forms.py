"""What people type on the pages of this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delivery.actions.packages import SYNOPSIS_MOST, TAGLINE_MOST
from delivery.choices import VerdictCode
from delivery.models import Package, Platform
from studio.models import Production


class TextsForm(forms.Form):
    synopsis = forms.CharField(
        label=_("Synopsis"), required=False, max_length=SYNOPSIS_MOST, widget=forms.Textarea(attrs={"rows": 3})
    )
    tagline = forms.CharField(label=_("Tagline"), required=False, max_length=TAGLINE_MOST)


class OpenForm(TextsForm):
    platform = forms.ModelChoiceField(label=_("Platform"), queryset=Platform.objects.none(), empty_label=None)
    field_order = ("platform", "synopsis", "tagline")

    def __init__(self, production: Production, data: Any = None) -> None:
        super().__init__(data)
        taken = Package.objects.filter(production=production).values("platform")
        rows = Platform.objects.filter(studio=production.studio_id).exclude(pk__in=taken)
        self.fields["platform"].queryset = rows  # type: ignore[attr-defined]


class EditForm(TextsForm):
    due_date = forms.DateField(
        label=pgettext_lazy("delivery", "Due"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class VerdictForm(forms.Form):
    """A verdict typed in by hand, as platforms give them on their pages and by phone."""

    episode_number = forms.IntegerField(
        label=_("Episode"), required=False, min_value=1, help_text=_("Empty: the verdict is on the title.")
    )
    code = forms.ChoiceField(label=_("Verdict"), choices=VerdictCode.choices)
    reason = forms.CharField(label=_("The platform's reason"), required=False, max_length=300)
    evidence = forms.CharField(label=_("Evidence"), required=False, max_length=300, help_text=_("A time code, a link."))
    external_id = forms.CharField(
        label=_("The platform's name for it"), max_length=120,
        help_text=_("Its ticket or message number: entered twice, it counts once."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class MomentForm(forms.Form):
    at = forms.DateTimeField(
        label=pgettext_lazy("delivery", "At"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )  # fmt: skip


class TakedownForm(MomentForm, ReasonForm):
    field_order = ("reason", "at")
