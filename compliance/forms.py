"""What people type into the compliance room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.choices import AiUse, Clock, ConsentKind, FilingKind, Gate, RuleState
from compliance.models import AiDeclaration, ClassRule
from compliance.rules import Performer
from compliance.wording import theme_choices
from studio.choices import WorkKind
from studio.models import Production, Studio
from studio.values import Money, MoneyError


def _fen(written: str) -> int:
    try:
        amount = Money.parse(written.replace(",", "").replace("，", "").strip())
    except MoneyError:
        raise forms.ValidationError(_("Write an amount in yuan, such as 600000.")) from None
    if amount.minor < 0:
        raise forms.ValidationError(_("An investment cannot be negative."))
    if amount.minor > 10**15:
        raise forms.ValidationError(_("This is more than any title costs. Check the amount."))
    return amount.minor


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
        return _fen(self.cleaned_data["investment"])

    @classmethod
    def of(cls, production: Production, case: Any) -> CaseForm:
        return cls(
            initial={
                "investment": _yuan(production.investment_minor),
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


class OverrideForm(forms.Form):
    gate = forms.ChoiceField(label=_("Gate"), choices=Gate.choices)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Kept with your name. The gate stays open until it is withdrawn."),
    )


class RuleForm(forms.Form):
    """A rule as a notice states it; bounds in yuan."""

    from_date = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    work_kind = forms.ChoiceField(label=_("Kind of work"))
    key_from = forms.CharField(label=_("Key from (yuan)"), max_length=20)
    ordinary_from = forms.CharField(
        label=_("Ordinary from (yuan)"),
        max_length=20,
        required=False,
        help_text=_("Empty: there is no ordinary class."),
    )
    special_theme_is_key = forms.BooleanField(label=_("Special themes are key"), required=False)
    promoted_is_key = forms.BooleanField(label=_("Promoted titles are key"), required=False)
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("The notice: who issued it, number, date."))
    replaces = forms.ModelChoiceField(
        label=_("Supersedes"), queryset=ClassRule.objects.none(), required=False,
        empty_label=_("none: it stands beside the others"),
    )  # fmt: skip

    def __init__(self, *args: Any, studio: Studio, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work_kind"].choices = [("any", _("Any kind")), *kind_choices()]
        self.fields["replaces"].queryset = ClassRule.objects.filter(studio=studio, state=RuleState.IN_FORCE)

    def clean_key_from(self) -> int:
        return _fen(self.cleaned_data["key_from"])

    def clean_ordinary_from(self) -> int | None:
        written = self.cleaned_data["ordinary_from"].strip()
        return _fen(written) if written else None

    @property
    def terms(self) -> dict[str, Any]:
        """What `draft_rule` takes."""
        words = dict(self.cleaned_data)
        return {
            "key_from_minor": words.pop("key_from"), "ordinary_from_minor": words.pop("ordinary_from"), **words
        }  # fmt: skip

    @classmethod
    def of(cls, row: ClassRule) -> RuleForm:
        ordinary = row.ordinary_from_minor
        return cls(
            studio=row.studio,
            initial={
                "from_date": row.from_date, "work_kind": row.work_kind, "key_from": _yuan(row.key_from_minor),
                "ordinary_from": "" if ordinary is None else _yuan(ordinary), "source": row.source,
                "special_theme_is_key": row.special_theme_is_key, "promoted_is_key": row.promoted_is_key,
                "replaces": row.replaces_id,
            },
        )  # fmt: skip


def kind_choices() -> list[tuple[str, str]]:
    """Kinds of work that rules speak of: digital humans are judged as made with AI."""
    return [(kind, label) for kind, label in WorkKind.choices if kind != WorkKind.DIGITAL_HUMAN]


def _yuan(fen: int) -> str:
    return Money(fen).plain().removesuffix(".00")


class ConsentForm(forms.Form):
    """A signed consent of somebody engaged on the title."""

    person = forms.TypedChoiceField(label=_("Person"), coerce=int)
    kind = forms.ChoiceField(label=_("Consent"), choices=ConsentKind.choices)
    scope = forms.CharField(
        label=_("For what"), max_length=300, help_text=_("Such as: this title, all episodes, its trailers and posters.")
    )
    from_date = forms.DateField(label=_("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    until_date = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The last day. Empty: no end."),
    )  # fmt: skip
    given_by = forms.CharField(
        label=_("Signed by"), max_length=80, required=False,
        help_text=_("Empty: the person. For a minor, the guardian."),
    )  # fmt: skip
    relation = forms.CharField(label=_("Relation"), max_length=40, required=False, help_text=_("Such as mother."))
    paper = forms.FileField(
        label=_("Signed paper"), help_text=_("PDF, JPEG or PNG, at most 20 MB; a phone can take it."),
        widget=forms.FileInput(attrs={"accept": ".pdf,image/jpeg,image/png"}), allow_empty_file=True,
    )  # fmt: skip

    def __init__(self, *args: Any, people: Iterable[Performer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        field.choices = [(person.key, person.name) for person in people]  # type: ignore[attr-defined]


class AiForm(forms.Form):
    """What a title declares to be made with AI. Nothing ticked: nothing is."""

    uses = forms.MultipleChoiceField(
        label=_("Made with AI"), required=False, widget=forms.CheckboxSelectMultiple, choices=AiUse.choices
    )
    tools = forms.CharField(label=_("Tools"), max_length=300, required=False)
    episodes = forms.CharField(
        label=_("Episodes"), max_length=200, required=False, help_text=_("Empty: all of them. Else such as 1-3, 8.")
    )
    visible_label = forms.BooleanField(label=_("A visible label is in the picture"), required=False)
    metadata_label = forms.BooleanField(label=_("A label is in the files' metadata"), required=False)
    proof = forms.FileField(
        label=_("Proof of rights"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,image/jpeg,image/png"}),
        help_text=_("Licences of tools and material: PDF, JPEG or PNG. Empty: the one that is kept."),
    )  # fmt: skip

    @classmethod
    def of(cls, row: AiDeclaration | None) -> AiForm:
        names = ("uses", "tools", "episodes", "visible_label", "metadata_label")
        return cls(initial={name: getattr(row, name) for name in names} if row else {})


class ClockForm(forms.Form):
    """Days of each clock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for clock in Clock:
            self.fields[clock.value] = forms.IntegerField(label=clock.label, min_value=0, max_value=365)
