"""What verbs are called where people choose a token's scopes."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

_NAMES = {
    "production.view": _("See productions"),
    "production.edit": _("Edit productions"),
    "script.view": _("Read scripts"),
    "script.edit": _("Edit scripts"),
    "writing.work": _("See own scripts and hand in drafts"),
    "script.review": _("Review scripts"),
    "script.settle": _("Settle what a new draft made stale"),
    "compliance.view": _("See filings"),
    "compliance.edit": _("Edit filings"),
    "people.view": _("See people and terms"),
    "people.edit": _("Edit people and terms"),
    "board.view": _("See stripboards"),
    "board.edit": _("Edit stripboards"),
    "shoot.view": _("See shoot days and call sheets"),
    "shoot.log": _("Log shoot days"),
    "shoot.approve": _("Approve daily reports"),
    "post.view": _("See post-production"),
    "post.work": _("Work on post tasks"),
    "post.manage": _("Manage post-production"),
    "delivery.view": _("See deliveries"),
    "delivery.edit": _("Send deliveries and enter verdicts"),
    "money.view": _("See costs, statements and settlements"),
    "money.edit": _("Edit costs, statements and settlements"),
    "money.approve": _("Approve payouts"),
    "money.request": _("Request purchases and see orders"),
    "investment.view": _("See own investment"),
    "funding.view": _("See advances of networks and funds"),
    "job.view": _("See jobs"),
    "job.manage": _("Re-run and stop jobs"),
    "event.view": _("See the audit log"),
    "member.view": _("See members"),
    "member.edit": _("Edit members"),
    "own.view": _("See own days and notices"),
}


def verb_name(verb: str) -> str:
    return str(_NAMES[verb])


# In the order of the rooms; verbs of one room are in the order they are named above.
_ROOMS = [
    (_("Productions"), ("production",)),
    (_("Scripts"), ("script", "writing")),
    (_("Filings"), ("compliance",)),
    (_("People"), ("people",)),
    (_("Board"), ("board",)),
    (_("Shoot"), ("shoot",)),
    (_("Post"), ("post",)),
    (_("Delivery"), ("delivery",)),
    (_("Money"), ("money", "investment", "funding")),
    (_("Studio"), ("job", "event", "member", "own")),
]


def verbs_by_room(verbs: Collection[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Verbs with their names under the name of their room, as choices of a form."""
    grouped = []
    for room, kinds in _ROOMS:
        choices = [(verb, str(name)) for verb, name in _NAMES.items() if verb in verbs and verb.split(".")[0] in kinds]
        if choices:
            grouped.append((str(room), choices))
    return grouped
