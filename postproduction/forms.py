"""What people type on the pages of this room."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from postproduction.actions import MOST_MINUTES
from postproduction.queries import Grid
from studio.models import Person, Production

# Where people write the episode in a file's name, surest first: 第3集, EP03, E3, else the last number.
_NUMBERS = (
    re.compile(r"第\s*(\d{1,4})\s*[集话話]"),
    re.compile(r"(?<![a-z])ep?(?:isode)?[\s_.-]*(\d{1,4})(?!\d)", re.IGNORECASE),
    re.compile(r"(\d{1,4})(?!.*\d)"),
)


def episode_number_of(file_name: str) -> int | None:
    """The episode that a file's name speaks of."""
    stem = file_name.rpartition(".")[0] or file_name
    for pattern in _NUMBERS:
        if found := pattern.search(stem):
            return int(found[1]) or None
    return None


class FinishForm(forms.Form):
    minutes_worked = forms.IntegerField(label=_("Minutes worked"), min_value=0, max_value=MOST_MINUTES)


class ReopenForm(forms.Form):
    note = forms.CharField(label=_("What is to be done again"), max_length=300)


class AssignForm(forms.Form):
    """A step, or all, of a range of episodes for one person."""

    step = forms.ChoiceField(label=pgettext_lazy("post", "Step"), required=False)
    from_number = forms.IntegerField(label=_("From episode"), min_value=1)
    to_number = forms.IntegerField(label=_("To episode"), min_value=1)
    person = forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, production: Production, grid: Grid, data: Any = None) -> None:
        numbers = [row.episode.number for row in grid.rows] or [1]
        super().__init__(data, initial={"from_number": numbers[0], "to_number": numbers[-1]})
        self.fields["step"].choices = [("", _("Every step")), *grid.steps]  # type: ignore[attr-defined]
        self.fields["person"].queryset = Person.objects.filter(studio=production.studio_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("from_number") or 0) > (data.get("to_number") or 0) > 0:
            self.add_error("to_number", _("The range ends before it begins."))
        return data


class MasterForm(forms.Form):
    """A finished file; the episode is read from its name where it is not said."""

    file = forms.FileField(label=_("File"), max_length=200)
    number = forms.IntegerField(label=_("Episode"), min_value=1, required=False)
