"""What events of delivery are called on pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from delivery.choices import VerdictCode
from studio.models import Event

SENTENCES = {
    "PackageOpened": noop("The package was opened."),
    "PackageEdited": noop("Its texts were changed."),
    "MasterAttached": noop("It took version %(master_version)s of the master."),
    "PackageInspected": noop(
        "Inspected: %(ready)s may go out, %(failed)s may not, %(title_errors)s against the title."
    ),
    "FindingOverridden": noop("Let through all the same: %(reason)s"),
    "PackageSent": noop("Round %(round)s was sent: %(episodes)s episodes."),
    "PackageSendFailed": noop("Round %(round)s could not be sent: %(reason)s"),
    "PackageAccepted": noop("The platform accepted the title."),
    "WentLive": noop("The title went on air."),
    "TakenDown": noop("The title was taken down: %(reason)s"),
}
EPISODE = {
    VerdictCode.ACCEPTED: noop("Episode %(episode_number)s was accepted."),
    VerdictCode.REFUSED: noop("Episode %(episode_number)s was refused: %(reason)s"),
}
TITLE = {
    VerdictCode.ACCEPTED: noop("The title was accepted."),
    VerdictCode.REFUSED: noop("The title was refused: %(reason)s"),
}


def sentence(event: Event) -> str:
    """An event in the reader's language; lists are shown as how many they hold."""
    params: dict[str, Any] = {
        key: len(value) if isinstance(value, list) else value for key, value in event.payload.items()
    }
    text = SENTENCES.get(event.name)
    if event.name == "VerdictReceived":
        of = EPISODE if params.get("deliverable_id") is not None else TITLE
        text = of.get(VerdictCode(params["code"]))
    if text is None:
        return event.name
    try:
        return _(text) % params
    except (KeyError, TypeError, ValueError):
        # An event of an earlier release may lack a parameter of today's sentence.
        return _(text)
