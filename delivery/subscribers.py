"""What this room does when it hears a fact of an earlier room."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from delivery import jobs  # noqa: F401 - registers the kinds in every process
from delivery.actions import attach_masters
from delivery.models import Package
from postproduction.events import MasterApproved
from studio.facts import subscriber
from studio.models import Event
from studio.notices import sentence

sentence("delivery.episode_refused", _("%(platform)s refused episode %(number)s of “%(title)s”: %(reason)s"))
sentence("delivery.title_rejected", _("%(platform)s rejected “%(title)s”: %(reason)s"))
sentence("delivery.taken_down", _("%(platform)s took “%(title)s” down: %(reason)s"))
sentence("delivery.verdict_unread", _("A verdict of %(platform)s could not be read: %(file)s"))


@subscriber(MasterApproved, kind="delivery.attach_master")
def attach_master(run: Any, fact: MasterApproved) -> dict[str, int]:
    """Every package of the title that still waits for the episode takes the new master."""
    changed = 0
    event = Event.objects.filter(pk=run.job.event_id).first()
    for package in Package.objects.filter(production=fact.production_id).order_by("pk"):
        changed += attach_masters(package=package, by=run.job.created_by, at=event.at if event is not None else None)
    return {"changed": changed}
