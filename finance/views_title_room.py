"""The finance desk's side of the investor room: who sees what of a title, documents, who opened them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance import actions
from finance.choices import DocumentKind
from finance.models import Party, RoomDocument, RoomDocumentOpening, RoomDocumentVersion, RoomRight
from finance.queries import documents_of, investment_of
from finance.rooms import KINDS_OF_FILE, parties_of_title
from finance.views import complain, put_on, title_of
from finance.views_room import hand_over, room_context
from studio.access import VERBS, access_of
from studio.doors import page, scoped
from studio.models import Production
from studio.refusals import Refused
from studio.uploads import read_upload

ACCEPT = ",".join(KINDS_OF_FILE)
OPENINGS_SHOWN = 30


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=DocumentKind.choices)
    name = forms.CharField(label=gettext_lazy("Name of the document"), max_length=120)
    file = forms.FileField(
        label=gettext_lazy("File (PDF, Word, Excel, OFD, PNG or JPEG)"), allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )  # fmt: skip
    parties = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Only for"), queryset=Party.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("None chosen: for all investors of the title."),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, parties: list[Party]) -> None:
        super().__init__(data, files)
        self.fields["parties"].queryset = Party.objects.filter(pk__in=[party.pk for party in parties])  # type: ignore[attr-defined]


@page("money.view", write="money.edit", methods=("GET", "POST"))
def title_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Parties with what they see, documents with their versions and readers, and what was opened; POST lays one out."""
    posted = request.method == "POST"
    production = title_of(request, pk, "money.edit" if posted else "money.view")
    parties = parties_of_title(production)
    form = DocumentForm(request.POST if posted else None, request.FILES if posted else None, parties=parties)
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            actions.add_room_document(
                production=production, kind=given["kind"], name=given["name"], data=read_upload(given["file"]),
                file_name=given["file"].name, parties=list(given["parties"]) or None, by=request.user,  # type: ignore[arg-type]
            )  # fmt: skip
            messages.success(request, _("The document lies in the room. Those who may see it are told."))
            return redirect("title_room", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    rights = {row.party_id: row for row in RoomRight.objects.filter(production=production)}
    documents = list(
        RoomDocument.objects.filter(production=production, withdrawn_at=None)
        .prefetch_related("versions__added_by", "readers")
        .order_by("kind", "name")
    )
    openings = (
        RoomDocumentOpening.objects.filter(version__document__production=production)
        .select_related("version__document")
        .order_by("-pk")[:OPENINGS_SHOWN]
    )
    return render(
        request, "finance/title_room.html",
        {
            "production": production, "tab": "production_money", "form": form, "documents": documents,
            "openings": openings, "parties": [(row, rights.get(row.pk) or RoomRight(party=row)) for row in parties],
            "may_edit": request.access.may_on("money.edit", production), "accept": ACCEPT,  # type: ignore[attr-defined]
        },
        status=422 if posted else 200,
    )  # fmt: skip


def _party(production: Production, party_pk: int) -> Party:
    """A party that the title's signed contracts name, or 404."""
    found = next((row for row in parties_of_title(production) if row.pk == party_pk), None)
    if found is None:
        raise Http404
    return found


@page("money.view", write="money.edit", methods=("POST",))
def set_room_right(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    production = title_of(request, pk, "money.edit")
    try:
        actions.set_room_right(
            production=production, party=_party(production, party_pk), by=request.user,  # type: ignore[arg-type]
            sees_progress="sees_progress" in request.POST, sees_cost="sees_cost" in request.POST,
            sees_budget="sees_budget" in request.POST, clause=request.POST.get("clause", ""),
        )  # fmt: skip
        messages.success(request, _("Saved."))
    except Refused as refused:
        complain(request, refused)
    return redirect("title_room", pk=pk)


@page("money.view")
def preview_room(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    """The title as a party sees it when it signs in."""
    production = title_of(request, pk)
    party = _party(production, party_pk)
    row = None
    if party.user is not None:
        # Through the party's own eyes, but of this studio alone.
        eyes = access_of(party.user).limited(production.studio_id, VERBS)
        row = investment_of(eyes, party.user, production.pk)
    if row is None or party.user is None:
        messages.info(
            request, _("“%(name)s” has no sign-in with a role that opens the room. Link one first.") % {"name": party.name}
        )  # fmt: skip
        return redirect("title_room", pk=pk)
    return render(
        request, "finance/investment.html", room_context(row, documents_of(eyes, party.user, production), preview=party)
    )  # fmt: skip


# --- documents ----------------------------------------------------------------------------------------------------


def _document(request: HttpRequest, pk: int, document_pk: int) -> RoomDocument:
    rows = RoomDocument.objects.select_related("production")
    return scoped(request, rows, "money.edit", pk=document_pk, production=pk)


@page("money.view", write="money.edit", methods=("POST",))
def replace_room_document(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    document = _document(request, pk, document_pk)
    file = request.FILES.get("file")
    try:
        if file is None or file.size is None:
            raise Refused("file_missing", _("Choose the file of the new version."), field="file")
        actions.replace_room_document(
            document=document, data=read_upload(file), file_name=file.name or "", by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, _("The new version lies in the room; the earlier one is kept."))
    except Refused as refused:
        complain(request, refused)
    return redirect("title_room", pk=pk)


@page("money.view", write="money.edit", methods=("POST",))
def show_room_document(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Who may see it: all, or the parties ticked."""
    document = _document(request, pk, document_pk)
    ticked = {int(value) for value in request.POST.getlist("party") if value.isdecimal() and len(value) < 19}
    named = [row for row in parties_of_title(document.production) if row.pk in ticked]
    try:
        actions.show_room_document(
            document=document, parties=None if "all" in request.POST else named, by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, _("Saved."))
    except Refused as refused:
        complain(request, refused)
    return redirect("title_room", pk=pk)


@page("money.view", write="money.edit", methods=("POST",))
def withdraw_room_document(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    actions.withdraw_room_document(document=_document(request, pk, document_pk), by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The document is withdrawn. Its versions are kept."))
    return redirect("title_room", pk=pk)


@page("money.view")
def title_room_file(request: HttpRequest, pk: int, version_pk: int) -> HttpResponseBase:
    rows = RoomDocumentVersion.objects.select_related("document")
    return hand_over(request, scoped(request, rows, "money.view", pk=version_pk, document__production=pk))
