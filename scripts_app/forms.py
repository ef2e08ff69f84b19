"""What people type into the script room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scripts_app.actions import MAX_MINUTES
from scripts_app.choices import Category, IntExt, RoundKind, RoundVerdict, TimeOfDay, WriterCredit
from scripts_app.gathering import gather
from studio.models import Person, Production
from studio.refusals import Refused


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class _FilesField(forms.FileField):
    """Any number of files, each one looked at; cleans to a list."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [super(_FilesField, self).clean(one, initial) for one in data or []]


class UploadForm(forms.Form):
    """A file, one file per episode, or the text itself."""

    file = _FilesField(label=_("Script file"), required=False, allow_empty_file=True)
    text = forms.CharField(
        label=_("Or paste the script"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 6})
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("file") and not (data.get("text") or "").strip() and "file" not in self.errors:
            self.add_error("file", _("Choose a file or paste the script."))
        if data.get("file"):
            try:
                self.gathered = gather(data["file"])
            except Refused as refused:
                self.add_error("file", refused.message)
        return data

    gathered: Any = None

    @property
    def upload(self) -> Any:
        """The file, the files put together, or the pasted text as one."""
        # An empty upload is false by itself; it is still the file that was chosen.
        file = self.gathered
        return file if file is not None else ContentFile(self.cleaned_data["text"].encode(), name=PASTED)


PASTED = "pasted.txt"


class SceneForm(forms.Form):
    """A scene as it is edited in its row."""

    set_name = forms.CharField(label=pgettext_lazy("story place", "set"), max_length=120, required=False)
    int_ext = forms.ChoiceField(label=_("int/ext"), choices=[("", "—"), *IntExt.choices], required=False)
    time_of_day = forms.ChoiceField(label=_("day/night"), choices=[("", "—"), *TimeOfDay.choices], required=False)
    synopsis = forms.CharField(label=_("synopsis"), max_length=300, required=False)
    shoot_minutes = forms.IntegerField(label=_("minutes to shoot"), min_value=1, max_value=MAX_MINUTES)


class ReviewForm(forms.Form):
    kind = forms.ChoiceField(label=_("Review"), choices=RoundKind.choices)
    verdict = forms.ChoiceField(label=_("Verdict"), choices=RoundVerdict.choices, widget=forms.RadioSelect)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=8000)


class WriterForm(forms.Form):
    """A writer to be named, by a name among `people`."""

    name = forms.CharField(
        label=_("Writer"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "likely-writers", "autocomplete": "off"}),
    )
    credit = forms.ChoiceField(label=_("credit"), choices=WriterCredit.choices, initial=WriterCredit.WRITER)

    def __init__(self, people: QuerySet[Person], data: Any = None) -> None:
        super().__init__(data)
        self.people = people

    def clean_name(self) -> Person:
        name = " ".join(self.cleaned_data["name"].split())
        found = list(self.people.filter(name=name).order_by("pk")[:2])
        if not found:
            raise forms.ValidationError(
                _("Nobody of this name is among the studio's people. Add them under People first.")
            )
        if len(found) > 1:
            raise forms.ValidationError(_("Two people have this name. Change one of the names under People first."))
        return found[0]


class ElementForm(forms.Form):
    """A thing and the numbers of the scenes that need it."""

    category = forms.ChoiceField(label=_("Kind of thing"), choices=Category.choices)
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=80)
    scenes = forms.CharField(
        label=_("In scenes"), required=False, max_length=2000, help_text=_("Numbers with commas: 1-1, 3-7A.")
    )


def scenes_named(production: Production, written: str) -> tuple[list[Any], list[str]]:
    """Scenes of these numbers, and the numbers that the title does not have."""
    wanted = [
        part for part in written.upper().replace("，", ",").replace("、", ",").replace(" ", ",").split(",") if part
    ]
    found = {scene.number: scene for scene in production.scenes.filter(number__in=wanted)}
    return [found[number] for number in wanted if number in found], [one for one in wanted if one not in found]
