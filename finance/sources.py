"""Where a ledger entry comes from, in words and as a page to open."""

from __future__ import annotations

import dataclasses

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from finance.models import EntryLine
from studio.access import Access

LABELS: dict[str, Promise | str] = {
    "daily_report": pgettext_lazy("source", "Shoot day"),
    "forced_call": pgettext_lazy("source", "Forced call"),
    "meal_penalty": pgettext_lazy("source", "Meal penalty"),
    "night": pgettext_lazy("source", "Night supplement"),
    "weekend": pgettext_lazy("source", "Weekend supplement"),
    "extras": pgettext_lazy("source", "Extras"),
    "booking": pgettext_lazy("source", "Booking"),
    "post_task": pgettext_lazy("source", "Post task"),
    "script_fee": pgettext_lazy("source", "Script fee"),
    "promotion": pgettext_lazy("source", "Promotion"),
    "petty": pgettext_lazy("source", "Petty cash slip"),
    "petty_float": pgettext_lazy("source", "Petty cash float"),
    "purchase": pgettext_lazy("source", "Purchase order"),
    "purchase_payment": pgettext_lazy("source", "Payment to a supplier"),
    "booking_payment": pgettext_lazy("source", "Payment of a booking"),
    "hand": pgettext_lazy("source", "Posted by hand"),
    "invoice": pgettext_lazy("source", "Invoice"),
    "statement": pgettext_lazy("source", "Statement"),
    "settlement": pgettext_lazy("source", "Settlement"),
    "payout": pgettext_lazy("source", "Payout"),
    "wages": pgettext_lazy("source", "Wages"),
    "tax": pgettext_lazy("source", "Withheld tax"),
    "reversal": pgettext_lazy("source", "Reversal"),
}
# Source -> (url name, which of the entry's own facts the page takes: the title's pk, or a number of `params`).
PAGES = {
    "daily_report": ("shoot_day", "shoot_day"),
    "forced_call": ("shoot_day", "shoot_day"),
    "meal_penalty": ("shoot_day", "shoot_day"),
    "night": ("shoot_day", "shoot_day"),
    "weekend": ("shoot_day", "shoot_day"),
    "extras": ("shoot_day", "shoot_day"),
    "booking": ("production_places", ""),
    "post_task": ("production_post", ""),
    "script_fee": ("script", ""),
    "promotion": ("promotion", ""),
    "petty": ("petty_cash", ""),
    "petty_float": ("petty_cash", ""),
    "purchase": ("purchase", "order"),
    "purchase_payment": ("purchase", "order"),
    "booking_payment": ("production_places", ""),
    "statement": ("statement", "statement"),
    "settlement": ("settlement", "settlement"),
    "payout": ("settlement", "settlement"),
    "wages": ("wage_payment", "wage_payment"),
}


@dataclasses.dataclass(frozen=True)
class Source:
    label: str
    url: str


# Pages that not everybody who sees the ledger may open; they get what the person earned instead.
VERBS = {"post_task": "post.view", "script_fee": "script.view"}


def source_of(line: EntryLine, access: Access) -> Source:
    """The name of what a line comes from, and the page where this user sees it. A reversal opens what it took back."""
    entry = line.entry
    kind = entry.source.partition(":")[0]
    label = str(LABELS.get(kind, entry.source))
    if kind == "reversal" and entry.reverses is not None:
        kind = entry.reverses.source.partition(":")[0]
    name, param = PAGES.get(kind, ("", ""))
    if kind in VERBS and not access.may_on(VERBS[kind], entry.production):
        return Source(label, reverse("person_wages", args=[line.person_id]) if line.person_id else "")
    number = entry.params.get(param) if param else entry.production_id
    if not name or number is None:
        return Source(label, "")
    try:
        return Source(label, reverse(name, args=[number]))
    except NoReverseMatch:
        return Source(label, "")
