"""The first page of writers: their titles, what each waits for, and what they are owed."""

from __future__ import annotations

import dataclasses

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance.fees import Fees, own_fees
from scripts_app.queries import OwnTitle, own_titles
from studio.doors import page


@dataclasses.dataclass(frozen=True)
class Row:
    title: OwnTitle
    fees: Fees


@page("writing.work")
def my_scripts(request: HttpRequest) -> HttpResponse:
    """My scripts: a card for each title that the user writes."""
    titles = own_titles(request.access, request.user)  # type: ignore[attr-defined,arg-type]
    fees = own_fees(request.user, [title.production.pk for title in titles])  # type: ignore[arg-type]
    rows = [Row(title, fees.get(title.production.pk, Fees())) for title in titles]
    return render(request, "dashboard/my_scripts.html", {"rows": rows})
