"""Pages of writers: naming them, and a writer's own script."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from scripts_app import actions, queries
from scripts_app.forms import UploadForm, WriterForm
from scripts_app.models import Revision, ScriptWriter
from scripts_app.queries.writing import told_notes, told_rounds
from scripts_app.views import pending_import, reading, title_of
from studio.choices import JobState
from studio.doors import page
from studio.models import Production
from studio.refusals import Refused


@page("script.view", write="script.edit", methods=("POST",))
def writers(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a writer, or with `writer` move one up or down or take one off."""
    production = title_of(request, pk, "script.edit")
    back = redirect(reverse("script", args=[pk]) + "#writers")
    chosen = request.POST.get("writer", "")
    if chosen:
        row = _writer(production, chosen)
        if "remove" in request.POST:
            actions.remove_writer(writer=row, by=request.user)  # type: ignore[arg-type]
            messages.success(request, _("%(name)s is off the title.") % {"name": row.person})
        else:
            actions.move_writer(writer=row, up="up" in request.POST, by=request.user)  # type: ignore[arg-type]
        return back
    form = WriterForm(queries.people_to_name(request.access, production), request.POST)  # type: ignore[attr-defined]
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return back
    try:
        row = actions.name_writer(
            production=production, person=form.cleaned_data["name"], credit=form.cleaned_data["credit"], by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, _("%(name)s is named as a writer.") % {"name": row.person})
    except Refused as refused:
        messages.error(request, refused.message)
    return back


def _writer(production: Production, chosen: str) -> ScriptWriter:
    rows = ScriptWriter.objects.filter(script__production=production).select_related("person", "script__production")
    row = rows.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else None
    if row is None:
        raise Http404
    return row


def written(request: HttpRequest, pk: int) -> Production:
    """One of the titles that the user writes, or 404."""
    access: Any = request.access  # type: ignore[attr-defined]
    found = queries.written_by(access, request.user).select_related("studio").filter(pk=pk).first()  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


@page("writing.work", methods=("GET", "POST"))
def my_script(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A writer's own script: its drafts, their reviews, the text; a POST hands in a draft."""
    production = written(request, pk)
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                job = actions.hand_in_draft(production=production, upload=form.upload, by=request.user)  # type: ignore[arg-type]
            except Refused as refused:
                form.add_error("file", refused.message)
            else:
                if job.state == JobState.DONE:
                    number = job.result.get("number")
                    messages.info(request, _("This file is revision %(number)s already.") % {"number": number})
                else:
                    messages.success(request, _("Your draft is in. It is being read."))
                return redirect("my_script", pk=pk)
    revisions = list(
        Revision.objects.filter(script__production=production)
        .prefetch_related(Prefetch("rounds", told_rounds()))
        .order_by("-number")
    )
    asked = request.GET.get("revision", "")
    shown = next((row for row in revisions if str(row.number) == asked), revisions[0] if revisions else None)
    locked = bool(revisions and revisions[0].locked_at)
    context: dict[str, Any] = {
        "production": production, "form": form, "revisions": revisions, "revision": shown,
        "writers": queries.writers_of(production), "job": pending_import(production), "locked": locked,
        "may_hand_in": production.studio.writers_hand_in and not locked,
    }  # fmt: skip
    if shown is not None:
        context.update(reading(request, shown))
        context["notes"] = [at for at in queries.notes_of(shown) if not at.note.round.is_open]
    return render(request, "scripts/my_script.html", context, status=422 if form.errors else 200)


@page("writing.work", methods=("POST",))
def my_note(request: HttpRequest, pk: int, note_pk: int) -> HttpResponse:
    """Answer a note on the own script."""
    production = written(request, pk)
    note = told_notes().filter(pk=note_pk, round__revision__script__production=production).first()
    if note is None:
        raise Http404
    try:
        actions.answer_note(note=note, body=request.POST.get("body", ""), by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Your answer is kept, and its reviewer is told."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(f"{reverse('my_script', args=[pk])}#note-{note.pk}")
