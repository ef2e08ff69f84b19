"""Closed lists of the post room."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class TaskState(TextChoices):
    WAITING = "waiting", pgettext_lazy("post task", "Waiting")
    READY = "ready", pgettext_lazy("post task", "Ready")
    WORKING = "working", pgettext_lazy("post task", "In work")
    DONE = "done", pgettext_lazy("post task", "Done")


class MasterState(TextChoices):
    CHECKING = "checking", pgettext_lazy("master", "Being checked")
    REFUSED = "refused", pgettext_lazy("master", "Refused")
    READY = "ready", pgettext_lazy("master", "Ready to approve")
    APPROVED = "approved", pgettext_lazy("master", "Approved")
