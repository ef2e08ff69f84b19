"""What this room adds to the admin: the rest that waits for this user, one line for each panel of the first page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.panels import panels_for
from studio.admin_desk import Card, Line, add_card
from studio.models import Studio

# These have cards of their own.
_SHOWN = (gettext_lazy("Shoot days to log"), gettext_lazy("Jobs that need a person"))


def waiting_card(request: HttpRequest, studio: Studio | None) -> Card | None:
    """How much waits in each room, each line the way there."""
    shown = {str(title) for title in _SHOWN}
    lines = [
        Line(text=panel.title, sub=panel.items[0].text, url=panel.more_url, tag=str(len(panel.items) + panel.more))
        for panel in panels_for(request.access, studio.pk if studio is not None else None)  # type: ignore[attr-defined]
        if panel.title not in shown
    ]
    return Card(title=_("Waiting for you"), icon="inbox", lines=lines) if lines else None


add_card(waiting_card, order=20)
