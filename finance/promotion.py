"""Promotion spend: entered by hand or from a platform's CSV, once per platform, campaign and day."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from delivery.models import Platform
from finance.choices import Account
from finance.events import PromotionStated
from finance.ledger import MOST_MINOR, post_cost, reverse
from finance.models import Entry, PromotionSpend
from studio.facts import publish
from studio.models import Production, User
from studio.refusals import Refused
from studio.uploads import MEGA, check_size
from studio.values import Money, MoneyError

MOST_BYTES, MOST_ROWS = 5 * MEGA, 20_000
# Heads as platforms write them; the first that a file has counts.
HEADS = {
    "on_date": ("date", "日期", "时间", "投放日期", "消耗日期"),
    "campaign": ("campaign", "计划", "计划名称", "推广计划", "广告计划", "项目名称"),
    "amount": ("amount", "cost", "spend", "消耗", "消耗金额", "花费", "消耗(元)", "消耗（元）"),
}


@dataclasses.dataclass(frozen=True)
class SpendRow:
    on_date: dt.date
    campaign: str
    amount_minor: int


@dataclasses.dataclass(frozen=True)
class Stated:
    """What a statement of spend changed."""

    new: int
    changed: int
    same: int


def read_spend(data: bytes, currency: str) -> list[SpendRow]:
    """Rows of a CSV in UTF-8 or GB18030. Refuses the whole file, naming the first line that cannot be read."""
    check_size(len(data), most=MOST_BYTES)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused("not_text", _("The file is not a CSV in UTF-8 or GB18030."), field="file")
    try:
        lines = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error:
        raise Refused("not_text", _("The file is not a CSV in UTF-8 or GB18030."), field="file") from None
    head = [cell.strip().lower() for cell in lines[0]] if lines else []
    places = {}
    for name, words in HEADS.items():
        place = next((head.index(word) for word in words if word in head), None)
        if place is None:
            raise Refused(
                "column_missing", _("The first line names no column of dates, campaigns and amounts: %(heads)s are known."),
                field="file", params={"heads": ", ".join(words[:4])},
            )  # fmt: skip
        places[name] = place
    rows: list[SpendRow] = []
    seen: dict[tuple[dt.date, str], int] = {}
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        row = _row(cells, places, currency, number)
        if (row.on_date, row.campaign) in seen:
            raise Refused(
                "row_twice", _("Lines %(first)s and %(second)s are of the same campaign and day."), field="file",
                params={"first": seen[row.on_date, row.campaign], "second": number},
            )  # fmt: skip
        seen[row.on_date, row.campaign] = number
        rows.append(row)
    if not rows or len(rows) > MOST_ROWS:
        raise Refused("rows_out_of_range", _("The file has from one to %(most)s lines of spend."), field="file",
                      params={"most": MOST_ROWS})  # fmt: skip
    return rows


def _row(cells: Sequence[str], places: dict[str, int], currency: str, number: int) -> SpendRow:
    try:
        texts = {name: cells[place].strip() for name, place in places.items()}
        on_date = dt.date.fromisoformat(texts["on_date"].replace("/", "-").split(" ")[0])
        amount = Money.parse(texts["amount"], currency).minor
    except (IndexError, ValueError, MoneyError):
        raise Refused(
            "line_unreadable", _("Line %(number)s has no date such as 2026-12-01 or no amount such as 1,234.50."),
            field="file", params={"number": number},
        ) from None  # fmt: skip
    if not texts["campaign"] or len(texts["campaign"]) > 80 or not 0 <= amount <= MOST_MINOR:
        raise Refused(
            "line_unreadable", _("Line %(number)s names no campaign, or its amount is below zero."), field="file",
            params={"number": number},
        )  # fmt: skip
    return SpendRow(on_date, texts["campaign"], amount)


@transaction.atomic
def state_spend(
    *,
    production: Production,
    platform: Platform,
    rows: Sequence[SpendRow],
    by: User | None,
    at: dt.datetime | None = None,
) -> Stated:
    """Take spend into the ledger: what is known with the same amount stays, another amount is reversed and posted anew."""
    if platform.studio_id != production.studio_id:
        raise Refused("other_studio", _("This platform belongs to another studio."), field="platform")
    for row in rows:
        if not row.campaign.strip():
            raise Refused("campaign_missing", _("Name the campaign."), field="campaign")
        if (
            isinstance(row.amount_minor, bool)
            or not isinstance(row.amount_minor, int)
            or not 0 <= row.amount_minor <= MOST_MINOR
        ):
            raise Refused(
                "not_whole_fen", _("An amount is a whole number of fen, from nothing up."), field="amount_minor"
            )
    # The title's row is the lock: two files of the same days are taken one after the other.
    Production.objects.select_for_update().get(pk=production.pk)
    known = {
        (row.on_date, row.campaign): row
        for row in PromotionSpend.objects.filter(
            production=production, platform=platform, on_date__in={row.on_date for row in rows}
        )
    }
    counts = {"new": 0, "changed": 0, "same": 0}
    for row in rows:
        spend = known.get((row.on_date, row.campaign.strip()))
        if spend is not None and spend.amount_minor == row.amount_minor:
            counts["same"] += 1
            continue
        counts["new" if spend is None else "changed"] += 1
        if spend is None:
            spend = PromotionSpend.objects.create(
                production=production, platform=platform, campaign=row.campaign.strip(), on_date=row.on_date,
                amount_minor=row.amount_minor, entered_by=by,
            )  # fmt: skip
            known[row.on_date, spend.campaign] = spend
        else:
            spend.amount_minor = row.amount_minor
            spend.save(update_fields=["amount_minor", "updated_at"])
        _post(spend, platform, by, at)
    if counts["new"] or counts["changed"]:
        publish(
            PromotionStated(
                studio_id=production.studio_id, production_id=production.pk, platform=platform.code, **counts
            ),
            by=by, at=at,
        )  # fmt: skip
    return Stated(**counts)


def _post(spend: PromotionSpend, platform: Platform, by: User | None, at: dt.datetime | None) -> None:
    source = f"promotion:{spend.pk}"
    entries = list(
        Entry.objects.filter(production=spend.production, source__startswith=f"{source}:", reverses=None)
        .select_related("production__studio", "reversed_by")
        .order_by("pk")
    )
    for entry in entries:
        if not hasattr(entry, "reversed_by"):
            reverse(entry=entry, on_date=spend.on_date, by=by, at=at)
    if spend.amount_minor:
        params: dict[str, Any] = {"platform": platform.pk, "campaign": spend.campaign, "times": len(entries) + 1}
        post_cost(
            production=spend.production, account=Account.PROMOTION, amount_minor=spend.amount_minor,
            on_date=spend.on_date, source=f"{source}:{len(entries) + 1}",
            narrative=f"{platform.name} · {spend.campaign}", by=by, params=params, at=at,
        )  # fmt: skip
