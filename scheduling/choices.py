"""Closed lists of the scheduling room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BoardState(TextChoices):
    DRAFT = "draft", pgettext_lazy("stripboard", "Draft")
    LOCKED = "locked", pgettext_lazy("stripboard", "Locked")
    REPLACED = "replaced", pgettext_lazy("stripboard", "Replaced")


class BoardMoveKind(TextChoices):
    """What a change of a board was."""

    MOVED = "moved", pgettext_lazy("board change", "Strips moved")
    PINNED = "pinned", pgettext_lazy("board change", "Strips pinned or freed")
    SOLVED = "solved", pgettext_lazy("board change", "Solved")
    DAY_ADDED = "day_added", pgettext_lazy("board change", "Day added")
    DAY_REMOVED = "day_removed", pgettext_lazy("board change", "Day removed")
    DAY_CHANGED = "day_changed", pgettext_lazy("board change", "Day changed")


class BookingState(TextChoices):
    HELD = "held", pgettext_lazy("booking", "Held")
    CONFIRMED = "confirmed", pgettext_lazy("booking", "Confirmed")
    CANCELLED = "cancelled", pgettext_lazy("booking", "Cancelled")


class Unit(TextChoices):
    MAIN = "main", pgettext_lazy("unit", "Main unit")
    SECOND = "second", pgettext_lazy("unit", "Second unit")


class ShootDayState(TextChoices):
    PLANNED = "planned", pgettext_lazy("shoot day", "Planned")
    CALLED = "called", pgettext_lazy("shoot day", "Call sheet out")
    WRAPPED = "wrapped", pgettext_lazy("shoot day", "Wrapped")
    APPROVED = "approved", pgettext_lazy("shoot day", "Report approved")
    CANCELLED = "cancelled", pgettext_lazy("shoot day", "Cancelled")


# Shoot days a board no longer moves: people have their call.
FIXED_DAYS = (ShootDayState.CALLED, ShootDayState.WRAPPED, ShootDayState.APPROVED)


class CallSheetState(TextChoices):
    ISSUED = "issued", pgettext_lazy("call sheet", "Issued")
    REVISED = "revised", pgettext_lazy("call sheet", "Revised by a later one")
    FROZEN = "frozen", pgettext_lazy("call sheet", "Frozen")


class HireBy(TextChoices):
    HOUR = "hour", _("By the hour")
    DAY = "day", _("By the day")
