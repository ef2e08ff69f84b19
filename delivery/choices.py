"""Closed lists of the delivery room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AdapterCode(TextChoices):
    """How packages reach a platform; one file of `delivery/adapters` each."""

    FOLDER = "folder", _("Hand-over folder")


class PackageState(TextChoices):
    """State of the title with a platform; kept apart from its episodes'."""

    DRAFT = "draft", pgettext_lazy("package", "Being put together")
    SENDING = "sending", pgettext_lazy("package", "Being sent")
    SENT = "sent", pgettext_lazy("package", "Sent")
    ACCEPTED = "accepted", pgettext_lazy("package", "Accepted")
    REJECTED = "rejected", pgettext_lazy("package", "Rejected")
    LIVE = "live", pgettext_lazy("package", "On air")
    TAKEN_DOWN = "taken_down", pgettext_lazy("package", "Taken down")


class DeliverableState(TextChoices):
    """State of one episode with a platform (after the workflow of Netflix Backlot)."""

    OPEN = "open", pgettext_lazy("deliverable", "Open")
    FAILED = "failed", pgettext_lazy("deliverable", "Failed inspection")
    READY = "ready", pgettext_lazy("deliverable", "Inspected")
    SENT = "sent", pgettext_lazy("deliverable", "In review")
    REDELIVER = "redeliver", pgettext_lazy("deliverable", "Redelivery asked for")
    ACCEPTED = "accepted", pgettext_lazy("deliverable", "Accepted")
    TAKEN_DOWN = "taken_down", pgettext_lazy("deliverable", "Taken down")


class VerdictCode(TextChoices):
    ACCEPTED = "accepted", pgettext_lazy("verdict", "Accepted")
    REFUSED = "refused", pgettext_lazy("verdict", "Refused")
