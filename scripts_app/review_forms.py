"""What people type into reviews, criteria and rights."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scripts_app.choices import PitchState, RoundKind, RoundVerdict, SourceKind
from scripts_app.models import Criterion, SourceWork
from studio.access import users_with
from studio.choices import WorkKind
from studio.models import Production, Studio, User

_DAY = {"type": "date"}


class OpenRoundForm(forms.Form):
    kind = forms.ChoiceField(label=_("Review"), choices=RoundKind.choices)
    reviewers = forms.ModelMultipleChoiceField(
        label=_("Reviewers"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    due_date = forms.DateField(label=_("Due"), required=False, widget=forms.DateInput(attrs=_DAY))

    def __init__(self, *args: Any, production: Production, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reviewers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = users_with("script.review", production).order_by("display_name", "username")


class CloseRoundForm(forms.Form):
    verdict = forms.ChoiceField(label=_("Verdict"), choices=RoundVerdict.choices, widget=forms.RadioSelect)
    notes = forms.CharField(
        label=_("What to say of the whole draft"), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class NoteForm(forms.Form):
    line = forms.IntegerField(min_value=0, max_value=10_000_000)
    quote = forms.CharField(required=False, max_length=300)
    body = forms.CharField(max_length=4000)


class PlanForm(forms.Form):
    planned_episodes = forms.IntegerField(
        label=_("Episodes planned"), required=False, min_value=1, max_value=1000,
        help_text=_("A draft with fewer counts as trial episodes."),
    )  # fmt: skip
    logline = forms.CharField(
        label=_("Logline"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    pitch_state = forms.ChoiceField(label=pgettext_lazy("script", "Pitch"), choices=PitchState.choices, required=False)


class CriterionForm(forms.ModelForm):
    class Meta:
        model = Criterion
        fields = ["name", "weight", "best", "position", "retired"]

    def __init__(self, *args: Any, studio: Studio | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if studio is not None:
            self.instance.studio = studio
        if self.instance.pk and self.instance.code and not self.instance.name:
            self.fields["name"].widget.attrs["placeholder"] = str(self.instance)
        for name, least, most in (("weight", 1, 100), ("best", 2, 100), ("position", 0, 1000)):
            field = self.fields[name]
            field.widget.attrs |= {"min": least, "max": most}

    def clean_name(self) -> str:
        name = " ".join((self.cleaned_data["name"] or "").split())
        if not name and not self.instance.code:
            raise forms.ValidationError(_("Name the criterion."))
        # Checked here: the studio is no field of the form, so the form does not ask about it by itself.
        same = Criterion.objects.filter(studio=self.instance.studio_id, name=name).exclude(pk=self.instance.pk)
        if name and same.exists():
            raise forms.ValidationError(_("The studio has a criterion of this name."))
        return name


class NamesField(forms.CharField):
    """Names with commas, as a list."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return [part.strip() for part in re.split(r"[,，、;；\n]", super().to_python(value)) if part.strip()]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The list is short by its widget; its names are cut where they are kept."""


class SourceWorkForm(forms.ModelForm):
    territories = NamesField(
        label=_("territories"), required=False, help_text=_("With commas: mainland China, Hong Kong.")
    )
    media_kinds = forms.MultipleChoiceField(
        label=_("kinds of work allowed"), required=False, choices=WorkKind.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all."),
    )  # fmt: skip

    # A thousand titles make no list to choose from.
    productions = NamesField(
        label=_("Titles made from it"), required=False, help_text=_("Codes of titles, with commas.")
    )

    class Meta:
        model = SourceWork
        fields = [
            "title", "kind", "author", "holder", "contract_reference", "territories", "media_kinds", "from_date",
            "until_date", "extensions_allowed", "file", "productions",
        ]  # fmt: skip
        widgets = {
            "from_date": forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
            "until_date": forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
            # A storage address would go past who may read it: the page has a door of its own for the file.
            "file": forms.FileInput,
            "kind": forms.Select(choices=SourceKind.choices),
        }

    def __init__(self, *args: Any, titles: QuerySet[Production], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = titles

    def clean_productions(self) -> list[Production]:
        codes = self.cleaned_data["productions"]
        found = {row.code: row for row in self.titles.filter(code__in=codes)}
        missing = [code for code in codes if code not in found]
        if missing:
            raise forms.ValidationError(
                _("No title of the studio has the code %(codes)s."), params={"codes": ", ".join(missing)}
            )
        return list(found.values())
