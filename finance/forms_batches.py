"""Forms of files over many titles and of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from delivery.models import Platform
from studio.models import Studio
from studio.values import CURRENCIES, parse_month

FIELD_NAMES: dict[str, Promise] = {
    "title": pgettext_lazy("column", "Title"),
    "title_id": pgettext_lazy("column", "The platform's id of the title"),
    "episode": pgettext_lazy("column", "Episode"),
    "period": pgettext_lazy("column", "Month or day"),
    "kind": pgettext_lazy("column", "Kind of revenue"),
    "gross": pgettext_lazy("column", "Gross"),
    "share": pgettext_lazy("column", "Share: what the platform pays"),
    "currency": pgettext_lazy("column", "Currency"),
    "rate": pgettext_lazy("column", "Exchange rate"),
}


class BatchForm(forms.Form):
    platform = forms.ModelChoiceField(label=gettext_lazy("Platform"), queryset=Platform.objects.none())
    period = forms.CharField(
        label=gettext_lazy("Month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"}),
        help_text=gettext_lazy("Written like 2026-01."),
    )  # fmt: skip
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), choices=[(code, code) for code in CURRENCIES],
        help_text=gettext_lazy("Of the lines that name none."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Statement over all titles (CSV or XLSX)"), allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, studio: Studio) -> None:
        super().__init__(data, files, initial={"currency": studio.currency})
        self.fields["platform"].queryset = Platform.objects.filter(studio=studio)  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """What each column of a file is; the columns are called c0, c1, ... in the form."""

    from_date = forms.DateField(
        label=gettext_lazy("Holds from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Files of earlier months are read as before."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, heads: Sequence[str], guessed: dict[str, str], period: str) -> None:
        super().__init__(data, initial={"from_date": parse_month(period)})
        self.heads = list(heads)
        names = {head: field for field, head in guessed.items()}
        choices = [("", "—"), *FIELD_NAMES.items()]
        for place, head in enumerate(self.heads):
            if head:
                self.fields[f"c{place}"] = forms.ChoiceField(
                    label=head, choices=choices, required=False, initial=names.get(head, "")
                )

    @property
    def columns(self) -> list[tuple[str, forms.BoundField | None]]:
        """Each head with its field, in the order of the file."""
        return [(head, self[f"c{place}"] if head else None) for place, head in enumerate(self.heads)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        mapping: dict[str, str] = {}
        for place, head in enumerate(self.heads):
            field = data.get(f"c{place}")
            if not field:
                continue
            if field in mapping:
                raise forms.ValidationError(
                    _("Two columns are both “%(name)s”. Choose one of them."), code="column_twice",
                    params={"name": FIELD_NAMES[field]},
                )  # fmt: skip
            mapping[field] = head
        data["mapping"] = mapping
        return data
