"""What verbs are called where people choose a token's scopes."""

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
    "investment.view": _("See own investment"),
    "job.view": _("See jobs"),
    "job.manage": _("Re-run and stop jobs"),
    "event.view": _("See the audit log"),
    "member.view": _("See members"),
    "member.edit": _("Edit members"),
    "own.view": _("See own days and notices"),
}


def verb_name(verb: str) -> str:
    return str(_NAMES[verb])
