"""A draft as a file for other people's programs."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from scripts_app import queries
from scripts_app.models import Revision
from scripts_app.views import attachment
from scripts_app.writers import FORMATS, write_script
from studio.doors import page, scoped


def exported(revision: Revision, to: str) -> HttpResponse:
    """The revision in one of FORMATS, named by its title and number."""
    name = f"{revision.script.production.title} {_('Revision %(number)s') % {'number': revision.number}}"
    name = re.sub(r'[\\/:*?"<>|\s\x00-\x1f]+', " ", name).strip()
    chosen = FORMATS[to]
    data = write_script(queries.script_of_revision(revision), to)
    return attachment(data, f"{name}{chosen.suffix}", chosen.content_type)


@page("script.view")
def export_revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The draft as `?to=` fountain, fdx, docx or xlsx."""
    rows = Revision.objects.select_related("script__production__studio")
    revision = scoped(request, rows, "script.view", script__production=pk, number=number)
    to = request.GET.get("to", "")
    if to not in FORMATS:
        raise Http404
    return exported(revision, to)
