"""Buttons of the gates on a title's filing page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from compliance import gates
from compliance.forms import OverrideForm
from compliance.models import GateOverride
from studio.doors import page, scoped
from studio.models import Production
from studio.refusals import Refused


@page("compliance.view", write="compliance.edit", methods=("POST",))
def open_gate(request: HttpRequest, pk: int) -> HttpResponse:
    production = scoped(request, Production.objects.select_related("studio"), "compliance.edit", pk=pk)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("filing", pk=pk)
    try:
        gates.open_gate(production=production, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("Let through. Your name and reason stand beside it."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("filing", pk=pk)


@page("compliance.view", write="compliance.edit", methods=("POST",))
def close_gate(request: HttpRequest, pk: int, override_pk: int) -> HttpResponse:
    rows = GateOverride.objects.select_related("production")
    row = scoped(request, rows, "compliance.edit", pk=override_pk, production=pk)
    gates.close_gate(override=row, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Withdrawn: the rules hold again."))
    return redirect("filing", pk=pk)
