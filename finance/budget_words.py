"""What the budget engine says and reads, in words: heads, accounts and units of tables in every language of the house."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import pgettext

from finance.budgeting import Fault, Words
from finance.choices import COST_ACCOUNTS, BudgetUnit
from finance.models import BudgetLine
from studio.values import Money

FAULTS = {
    "account_missing": noop("no account is named"),
    "account_unknown": noop("“{text}” is no cost account"),
    "name_missing": noop("the line has no name"),
    "too_long": noop("“{text}…” is too long"),
    "unit_unknown": noop("“{text}” is no unit"),
    "percent_out_of_range": noop("a percentage lies between 0.01 and 100, “{text}” does not"),
    "quantity_out_of_range": noop("a quantity lies between 0.01 and 100,000, “{text}” does not"),
    "factor_out_of_range": noop("how many times is a whole number between 1 and 10,000, “{text}” is not"),
    "not_an_amount": noop("“{text}” is not an amount such as 1,234.50"),
    "negative_amount": noop("a rate cannot be negative"),
    "amount_too_large": noop("the amount is too large"),
    "too_many_lines": noop("there are more than {text} lines"),
}


# What the trade's own sheets call columns, beside the heads of ours.
SHEET_HEADS = {
    "科目": "account", "类别": "account", "项目": "name", "名称": "name", "内容": "name", "明细": "name", "数量": "quantity",
    "天数": "quantity", "单位": "unit", "人数": "factor", "倍数": "factor", "次数": "factor", "单价": "rate", "分组": "group",
    "备注": "note", "description": "name", "qty": "quantity", "x": "factor", "notes": "note",
}  # fmt: skip


def heads() -> dict[str, str]:
    """Field -> head of its column, in the language of the moment."""
    return {
        "account": _("Account"), "name": pgettext("budget", "Name"), "quantity": _("Quantity"),
        "unit": pgettext("budget", "Unit"),
        "factor": pgettext("budget", "Times"), "rate": _("Rate"), "amount": _("Amount"),
        "group": pgettext("budget", "Group"), "note": _("Note"),
    }  # fmt: skip


def words() -> Words:
    """What tables call things, in every language of the house: a sheet written in one is read in another."""
    found: tuple[dict[str, str], dict[str, str], dict[str, str]] = (dict(SHEET_HEADS), {}, {})
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[0].update({text.lower(): field for field, text in heads().items() if field != "amount"})
            found[1].update({str(account.label).lower(): str(account.value) for account in COST_ACCOUNTS})
            found[2].update({str(unit.label).lower(): str(unit.value) for unit in BudgetUnit})
    found[1].update({str(account.value): str(account.value) for account in COST_ACCOUNTS})
    return Words(*found)


def fault_text(fault: Fault) -> str:
    """What is wrong, without where."""
    return _(FAULTS[fault.code]).format(text=fault.text)


def fault_sentence(fault: Fault) -> str:
    return _("Row %(row)s: %(what)s.") % {"row": fault.row, "what": fault_text(fault)}


def fault_sentences(faults: Iterable[Fault], most: int = 5) -> str:
    """The first few as one text, and how many more there are."""
    rows = list(faults)
    said = " ".join(fault_sentence(fault) for fault in rows[:most])
    return said if len(rows) <= most else said + " " + _("And %(count)s more.") % {"count": len(rows) - most}


def written_rate(line: BudgetLine, currency: str) -> str:
    """A rate as it is typed: 1234.50, or 5% for a percentage."""
    return f"{line.percent}%" if line.unit == BudgetUnit.PERCENT else Money(line.rate_minor, currency).plain()
