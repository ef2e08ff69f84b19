"""Estimate to complete of a title, account by account; every number with the parts it is made of. Never writes."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance.choices import COST_ACCOUNTS, Account
from finance.day_costs import account_of
from finance.estimating import Account as EstimateAccount
from finance.estimating import Estimate, Override, Part, Row, estimate
from finance.models import EstimateFigure
from finance.queries.hot_costs import HotDay, PostedLine, TitleCosts, report_of
from finance.queries.purchases import committed
from finance.sources import LABELS
from scheduling.queries.days import owed_scenes
from studio.choices import Department
from studio.models import Engagement, Production

NOT_BY_DAYS = (Department.POST, Department.WRITING)


@dataclasses.dataclass(frozen=True)
class TitleEstimate:
    """A title at completion, with what its figures rest on."""

    costs: TitleCosts
    estimate: Estimate
    figures: dict[str, EstimateFigure]
    owed_scenes: int


def title_estimate(costs: TitleCosts) -> TitleEstimate:
    """A constant number of queries beyond what `title_costs` read."""
    production = costs.production
    owed = owed_scenes(production).count()
    figures = figures_of(production)
    by_days = _driven_by_days(costs)
    accounts = [
        EstimateAccount(
            str(account.value), costs.budget.get(account, 0), account in by_days, _override(figures.get(account.value))
        )
        for account in COST_ACCOUNTS
    ]
    return TitleEstimate(costs, estimate(accounts, parts_of(costs, owed, committed(production))), figures, owed)


def figures_of(production: Production) -> dict[str, EstimateFigure]:
    """Account -> the latest figure a person gave, whether it still holds or not."""
    found: dict[str, EstimateFigure] = {}
    for row in EstimateFigure.objects.filter(production=production).select_related("said_by").order_by("pk"):
        found[row.account] = row
    return found


def _override(figure: EstimateFigure | None) -> Override | None:
    return Override(figure.amount_minor) if figure is not None and figure.amount_minor is not None else None


def _driven_by_days(costs: TitleCosts) -> set[str]:
    """Accounts whose rest the shoot days decide, once there are shoot days: those of people paid by the day on set,
    and the sets when days or bookings plan them."""
    if not costs.days:
        return set()
    found = {
        str(account_of(row))
        for row in Engagement.objects.filter(production=costs.production, day_rate_minor__gt=0).exclude(
            department__in=NOT_BY_DAYS
        )
    }
    if costs.booked or any(thing.account == Account.SETS for plan in costs.plans.values() for thing in plan.things):
        found.add(str(Account.SETS))
    return found


def parts_of(costs: TitleCosts, owed: int, orders: Mapping[str, int]) -> list[Part]:
    """Everything the estimate is made of. A day's pay keeps its key from plan to ledger."""
    reports = {row.day.report.pk: row for row in costs.days if hasattr(row.day, "report")}
    of_day: dict[int, list[PostedLine]] = defaultdict(list)
    bookings = {row.booking.pk: row.booking for row in costs.booked}
    booked: dict[int, int] = defaultdict(int)
    others: dict[tuple[str, str], int] = defaultdict(int)
    for line in costs.lines:
        of = report_of(line)
        number = line.source.partition(":")[2]
        if of is not None and of[0] in reports:
            of_day[reports[of[0]].day.pk].append(line)
        elif line.kind == "booking" and number.isdecimal() and int(number) in bookings and line.account == Account.SETS:
            booked[int(number)] += line.amount_minor
        else:
            others[line.kind, line.account] += line.amount_minor
    parts: list[Part] = []
    for row in costs.days:
        parts += _of_day(row, costs, of_day[row.day.pk])
    for pk, booking in bookings.items():
        key, sets = f"booking:{pk}", str(Account.SETS)
        parts.append(Part(key, sets, "posted", booked[pk]))
        parts.append(Part(key, sets, "committed", booking.price_minor - booked[pk]))
    parts += [Part(f"{kind}:{account}", account, "posted", amount) for (kind, account), amount in others.items()]
    parts += [Part(f"order:{account}", account, "committed", amount) for account, amount in orders.items()]
    parts += _owed(costs.days, owed)
    return [part for part in parts if part.amount]


def _of_day(row: HotDay, costs: TitleCosts, lines: list[PostedLine]) -> list[Part]:
    """A reported day as it was made, a day ahead as it is planned; what the ledger has of it counts as posted."""
    day = row.day.pk
    sums: dict[tuple[str, str], int] = defaultdict(int)
    if row.reported:
        for person in row.people:
            sums["pay", person.account] += person.base_minor + person.other_minor
            sums["overtime", person.account] += person.overtime_minor
        for thing in row.things:
            if thing.kind == "extras":
                sums["extras", thing.account] += thing.actual_minor
    else:
        plan = costs.plans[day]
        for pay in plan.people.values():
            sums["pay", pay.account] += pay.base_minor
            sums["overtime", pay.account] += pay.overtime_minor
        for planned in plan.things:
            if planned.kind != "booking":
                sums[planned.kind, planned.account] += planned.amount_minor
    kind = "committed" if not row.reported else "reported" if row.provisional else "posted"
    parts = [Part(f"{what}:{day}:{account}", account, kind, amount) for (what, account), amount in sums.items()]
    if kind != "posted":
        # What an earlier approval posted stands in the ledger meanwhile: it is spent, and not spent once more.
        standing: dict[str, int] = defaultdict(int)
        for line in lines:
            standing[line.account] += line.amount_minor
        for account, amount in standing.items():
            parts.append(Part(f"pay:{day}:{account}", account, "posted", amount))
            parts.append(Part(f"pay:{day}:{account}", account, kind, -amount))
    return parts


def _owed(days: Iterable[HotDay], owed: int) -> list[Part]:
    """Scenes that were not finished and are on no day yet, at what a scene of this title has cost so far by account."""
    reported = [row for row in days if row.reported]
    shot = sum(row.scenes_shot for row in reported)
    if not owed or not shot:
        return []
    sums: dict[str, int] = defaultdict(int)
    for row in reported:
        for line in row.accounts():
            sums[line.account] += line.actual_minor
    return [
        Part(f"owed:{account}", account, "owed", (2 * amount * owed + shot) // (2 * shot))
        for account, amount in sums.items()
    ]


# --- in words ------------------------------------------------------------------------------------------------------


class KeyWords:
    """What the keys of parts and causes are called, with the page each opens."""

    def __init__(self, costs: TitleCosts, platforms: dict[int, str] | None = None) -> None:
        self._days = {str(row.day.pk): row.day.number for row in costs.days}
        self._places = {str(row.booking.pk): str(row.booking.location) for row in costs.booked}
        self._platforms = {str(pk): name for pk, name in (platforms or {}).items()}
        self._title = costs.production.pk

    def day(self, pk: str) -> str:
        """The number of a shoot day, by its primary key."""
        return str(self._days.get(pk, "?"))

    def text(self, key: str) -> str:
        what, _sep, rest = key.partition(":")
        first, _sep, account = rest.partition(":")
        label = str(Account(account or first).label) if (account or first) in Account.values else ""
        day = self._days.get(first, "?")
        said = {
            "pay": _("Day pay, shoot day %(day)s · %(account)s"),
            "overtime": _("Overtime, shoot day %(day)s · %(account)s"),
            "extras": _("Extras, shoot day %(day)s · %(account)s"),
            "set": _("Places not booked, shoot day %(day)s · %(account)s"),
        }.get(what)  # fmt: skip
        if said is not None and account:
            return said % {"day": day, "account": label}
        if what == "booking" and not label:
            return _("Booking %(place)s") % {"place": self._places.get(first, f"#{first}")}
        if what in ("receipts", "forecast", "guarantee", "shares"):
            texts = {
                "receipts": _("Receipts of %(platform)s"), "forecast": _("Forecast for %(platform)s"),
                "guarantee": _("Guarantee by contract, %(platform)s"), "shares": _("Shares of others, %(platform)s"),
            }  # fmt: skip
            return texts[what] % {"platform": self._platforms.get(first, f"#{first}")}
        texts = {
            "rest": _("Budget not used yet · %(account)s"), "override": _("Figure given by a person · %(account)s"),
            "owed": _("Scenes owed · %(account)s"), "order": _("Purchase orders · %(account)s"),
        }  # fmt: skip
        if what in texts:
            return texts[what] % {"account": label}
        return f"{LABELS.get(what, pgettext('source', 'Posted by hand'))} · {label}"

    def url(self, key: str) -> str:
        what, _sep, rest = key.partition(":")
        first, _sep, account = rest.partition(":")
        if what in ("pay", "overtime", "extras", "set") and account and first in self._days:
            return f"/shoot-days/{first}/hot-cost/"
        if what == "booking" and first.isdecimal():
            return f"/productions/{self._title}/places/"
        if what in ("receipts", "shares", "guarantee"):
            return f"/productions/{self._title}/money/#contracts"
        if what == "forecast":
            return f"/productions/{self._title}/margin/#forecasts"
        if what in ("rest", "override"):
            return f"/productions/{self._title}/estimate/#{first}"
        if what == "owed":
            return f"/productions/{self._title}/shoot/"
        return f"/productions/{self._title}/ledger/?account={account or first}"


@dataclasses.dataclass(frozen=True)
class PartLine:
    text: str
    url: str
    amount_minor: int


def opened(row: Row, words: KeyWords) -> dict[str, list[PartLine]]:
    """A row's parts by kind, each with its words and page; parts of one key together."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for part in row.parts:
        found[part.kind][part.key] += part.amount
    return {
        kind: [PartLine(words.text(key), words.url(key), amount) for key, amount in sums.items() if amount]
        for kind, sums in found.items()
    }


__all__ = ["KeyWords", "PartLine", "TitleEstimate", "figures_of", "opened", "parts_of", "title_estimate"]
