"""Why a posted cost is what it is, in one sentence made of the entry's own particulars."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance.models import Entry
from scheduling.call_sheet_clock import clock, length
from studio.values import Money


def explain(entry: Entry, currency: str) -> str:
    """The sentence for an entry, or for what it reverses; empty where its narrative says all."""
    source = entry.reverses.source if entry.reverses is not None else entry.source
    said = _SAYERS.get(source.partition(":")[0])
    try:
        return said(entry.params, currency) if said is not None else ""
    except (KeyError, TypeError):
        # Written by an earlier release, which kept fewer particulars.
        return ""


def _money(minor: int, currency: str) -> str:
    return str(Money(minor, currency))


def _day(params: dict[str, Any], currency: str) -> str:
    told = {
        "worked": length(params["minutes"]), "rate": _money(params["rate"], currency),
        "overtime": _money(params["overtime"], currency),
    }  # fmt: skip
    if params["overtime"]:
        return _("%(worked)s on set: day rate %(rate)s and overtime %(overtime)s.") % told
    return _("%(worked)s on set: day rate %(rate)s.") % told


def _prices(params: dict[str, Any], currency: str) -> str:
    """What the tariff charges, and since when."""
    parts = []
    if params["flat"]:
        parts.append(_("%(amount)s a case") % {"amount": _money(params["flat"], currency)})
    if params["hour"]:
        parts.append(_("%(amount)s an hour") % {"amount": _money(params["hour"], currency)})
    if params["percent"]:
        parts.append(_("%(percent)s %% of the own hourly rate") % {"percent": params["percent"]})
    return _("Tariff from %(date)s: %(prices)s.") % {"date": params["tariff_from"], "prices": " + ".join(parts)}


def _forced_call(params: dict[str, Any], currency: str) -> str:
    said = _("%(rest)s of rest where %(needed)s were due: %(short)s short.") % {
        "rest": length(params["rest"]), "needed": length(params["needed"]), "short": length(params["minutes"]),
    }  # fmt: skip
    return f"{said} {_prices(params, currency)}"


def _meal(params: dict[str, Any], currency: str) -> str:
    said = ngettext(
        "%(count)s meal late or missing, %(late)s in started half hours.",
        "%(count)s meals late or missing, %(late)s in started half hours.", params["cases"],
    ) % {"count": params["cases"], "late": length(params["minutes"])}  # fmt: skip
    return f"{said} {_prices(params, currency)}"


def _night(params: dict[str, Any], currency: str) -> str:
    said = _("%(worked)s between %(start)s and %(end)s.") % {
        "worked": length(params["minutes"]), "start": clock(params["night_from"]), "end": clock(params["night_to"]),
    }  # fmt: skip
    return f"{said} {_prices(params, currency)}"


def _weekend(params: dict[str, Any], currency: str) -> str:
    said = _("%(worked)s on a day of the weekend.") % {"worked": length(params["minutes"])}
    return f"{said} {_prices(params, currency)}"


def _extras(params: dict[str, Any], currency: str) -> str:
    prices = [_("day %(amount)s") % {"amount": _money(params["flat"], currency)}]
    if "half_day" in params:
        prices.append(
            _("half a day up to %(length)s %(amount)s")
            % {"length": length(params["half_day_minutes"]), "amount": _money(params["half_day"], currency)}
        )
    if params["hour"]:
        prices.append(_("overtime an hour %(amount)s") % {"amount": _money(params["hour"], currency)})
    return _("%(heads)s heads, %(worked)s each. Tariff from %(date)s: %(prices)s.") % {
        "heads": params["heads"], "worked": length(params["minutes"]), "date": params["tariff_from"],
        "prices": ", ".join(prices),
    }  # fmt: skip


def _post_task(params: dict[str, Any], currency: str) -> str:
    return _("%(worked)s of work on episode %(number)s.") % {
        "worked": length(params["minutes"]), "number": params["episode"]
    }  # fmt: skip


def _purchase(params: dict[str, Any], currency: str) -> str:
    amounts = {name: _money(params[name], currency) for name in ("ordered", "received", "invoiced", "cost")}
    return _(
        "Order %(number)s: ordered %(ordered)s, received %(received)s, invoiced %(invoiced)s; by then it cost %(cost)s."
    ) % {"number": params["number"], **amounts}


_SAYERS = {
    "daily_report": _day, "forced_call": _forced_call, "meal_penalty": _meal, "night": _night, "weekend": _weekend,
    "extras": _extras, "post_task": _post_task, "purchase": _purchase,
}  # fmt: skip
