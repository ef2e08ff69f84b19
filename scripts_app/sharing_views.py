"""The desk's page of script links: make one, see who opened which, withdraw one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scripts_app import actions, queries
from scripts_app.actions.sharing import MOST_DAYS, MOST_OPENINGS
from scripts_app.episode_ranges import read_episodes
from scripts_app.models import Revision, ScriptLink
from scripts_app.views import room_context, title_of
from studio.doors import page, scoped
from studio.models import Production
from studio.refusals import Refused


class LinkForm(forms.Form):
    """A link to be made."""

    reader_name = forms.CharField(
        label=gettext_lazy("Reader"), max_length=80, help_text=gettext_lazy("Stands across every page of the PDF.")
    )
    revision = forms.ChoiceField(label=gettext_lazy("Revision"))
    episodes = forms.CharField(
        label=gettext_lazy("Episodes"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Such as 1-5, 8; empty: all."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Sides of the role"), required=False)
    days = forms.IntegerField(label=gettext_lazy("Days it opens"), min_value=1, max_value=MOST_DAYS, initial=14)
    most_openings = forms.IntegerField(
        label=gettext_lazy("Openings at most"), min_value=1, max_value=MOST_OPENINGS, required=False
    )
    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=128, required=False,
        help_text=gettext_lazy("Tell it to the reader by another way than the link."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    allows_pdf = forms.BooleanField(label=gettext_lazy("The reader may take the PDF"), required=False, initial=True)

    def __init__(self, production: Production, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        numbers = Revision.objects.filter(script__production=production).order_by("-number")
        self.fields["revision"].choices = [  # type: ignore[attr-defined]
            (str(number), _("Revision %(number)s") % {"number": number})
            for number in numbers.values_list("number", flat=True)
        ]
        names = production.characters.filter(is_crowd=False).order_by("pk").values_list("name", flat=True)
        self.fields["role"].choices = [("", _("The whole text")), *((name, name) for name in names)]  # type: ignore[attr-defined]

    def clean_episodes(self) -> frozenset[int]:
        try:
            return read_episodes(self.cleaned_data["episodes"])
        except Refused as refused:
            raise forms.ValidationError(refused.message) from None


@page("script.view", write="script.edit", methods=("GET", "POST"))
def script_links(request: HttpRequest, pk: int) -> HttpResponse:
    """Links of a title and who opened them; a POST makes one, whose address is on the answer and nowhere else."""
    production = title_of(request, pk, "script.view" if request.method in {"GET", "HEAD"} else "script.edit")
    if request.method != "POST":
        return _page(request, production, LinkForm(production))
    form = LinkForm(production, request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data)
        revision = Revision.objects.select_related("script__production__studio").get(
            script__production=production, number=int(given.pop("revision"))
        )
        try:
            link, secret = actions.make_link(revision=revision, by=request.user, **given)  # type: ignore[arg-type]
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            address = request.build_absolute_uri(reverse("read_script", args=[secret]))
            return _page(request, production, LinkForm(production), made=link, address=address)
    return _page(request, production, form, status=422)


def _page(
    request: HttpRequest, production: Production, form: LinkForm, *, made: ScriptLink | None = None, address: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = room_context(request, production, "links")
    context.update({"form": form, "rows": queries.links_of(production), "made": made, "address": address})
    answer = render(request, "scripts/links.html", context, status=status)
    if address:
        answer["Cache-Control"] = "private, no-store"
    return answer


@page("script.view", write="script.edit", methods=("POST",))
def revoke_script_link(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    rows = ScriptLink.objects.select_related("revision__script__production")
    link = scoped(request, rows, "script.edit", pk=link_pk, revision__script__production=pk)
    actions.revoke_link(link=link, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The link of %(reader)s opens nothing any more.") % {"reader": link.reader_name})
    return redirect("script_links", pk=pk)
