"""What the demo's studio spends: tariffs, extras on a day, orders, petty cash with receipts, promotion."""

from __future__ import annotations

import datetime as dt
import io

from delivery.models import Platform
from finance import petty_cash, promotion, purchases
from finance.tariffs import set_tariff
from shooting import actions as shooting
from shooting.choices import ReportState
from shooting.models import DailyReport
from studio.choices import Role
from studio.models import Engagement, Person, Production, Studio, User


def seed(studio: Studio, users: dict[str, User], on_air: Production, in_shoot: Production) -> None:
    finance, producer, assistant = users[Role.FINANCE], users[Role.PRODUCER], users[Role.ASSISTANT_DIRECTOR]
    year = dt.date(in_shoot.created_at.year, 1, 1)
    for kind, prices in {
        "extra": {"flat_minor": 12_000, "half_day_minor": 7_000, "hour_minor": 2_000},
        "featured": {"flat_minor": 40_000, "hour_minor": 6_000},
        "stunt": {"flat_minor": 80_000, "hour_minor": 12_000},
        "forced_call": {"hour_minor": 3_000},
        "meal_penalty": {"flat_minor": 2_000},
        "night": {"percent": 20},
    }.items():
        set_tariff(studio=studio, kind=kind, from_date=year, source="示例价目，以贵司协议为准", by=finance, **prices)
    _extras(in_shoot, assistant, producer)
    _orders(in_shoot, users)
    _petty_cash(in_shoot, finance, users[Role.CREW])
    platform = Platform.objects.filter(studio=studio, code="hongguo").first()
    if platform is not None:
        days = [on_air.created_at.date() + dt.timedelta(days=step) for step in range(3)]
        rows = [
            promotion.SpendRow(day, campaign, amount + step * 45_000)
            for step, day in enumerate(days)
            for campaign, amount in (("首投-甜宠人群", 840_000), ("追投-完播人群", 495_000))
        ]
        promotion.state_spend(production=on_air, platform=platform, rows=rows, by=finance)


def _extras(production: Production, assistant: User, producer: User) -> None:
    """A day opened again: the extras had been forgotten."""
    report = (
        DailyReport.objects.filter(shoot_day__production=production, state=ReportState.APPROVED)
        .order_by("shoot_day__date")
        .first()
    )
    if report is None or report.call_minute is None or report.wrap_minute is None:
        return
    report = shooting.reopen_report(report=report, by=producer, reason="补报群演人数")
    times = {name: getattr(report, name) for name in shooting.TIMES}
    rows = [("extra", 18, "路人"), ("featured", 2, "管家、司机")]
    report = shooting.log_shoot_day(
        report=report, version=report.version, by=assistant, weather=report.weather, notes=report.notes, **times,
        extras=[
            {"kind": kind, "heads": heads, "call_minute": report.call_minute, "wrap_minute": report.wrap_minute, "note": note}
            for kind, heads, note in rows
        ],
    )  # fmt: skip
    shooting.wrap_shoot_day(report=report, by=assistant)
    shooting.approve_daily_report(report=report, by=producer)


def _orders(production: Production, users: dict[str, User]) -> None:
    assistant, producer, finance = users[Role.ASSISTANT_DIRECTOR], users[Role.PRODUCER], users[Role.FINANCE]
    today = dt.date.today()
    come = purchases.request_purchase(
        production=production, title="宴会厅花艺", account="art", supplier_name="云锦花坊", by=assistant, needed_for="订婚宴",
        lines=[{"name": "主桌花", "quantity": 2, "rate_minor": 68_000}, {"name": "路引花", "quantity": 12, "rate_minor": 9_500}],
    )  # fmt: skip
    come = purchases.approve_purchase(order=come, by=producer)
    lines = {line.pk: line.quantity for line in come.lines.all()}
    come = purchases.receive_purchase(order=come, version=come.version, quantities=lines, on_date=today, by=assistant)
    purchases.invoice_purchase(
        order=come, reference="24610018", amount_minor=255_000, on_date=today, by=finance
    )  # fmt: skip
    part = purchases.request_purchase(
        production=production, title="镜头组租赁", account="equipment", supplier_name="光影器材", by=assistant,
        lines=[{"name": "变形宽银幕镜头/天", "quantity": 6, "rate_minor": 120_000}],
    )  # fmt: skip
    part = purchases.approve_purchase(order=part, by=producer)
    first = part.lines.get().pk
    purchases.receive_purchase(order=part, version=part.version, quantities={first: 2}, on_date=today, by=assistant)
    purchases.request_purchase(
        production=production, title="雨戏洒水车", account="equipment", supplier_name="城南洒水", by=assistant,
        expected_date=today + dt.timedelta(days=3), needed_for="天台雨戏",
        lines=[{"name": "洒水车/台班", "quantity": 1, "rate_minor": 160_000}],
    )  # fmt: skip


def _petty_cash(production: Production, finance: User, crew: User) -> None:
    engaged = Engagement.objects.filter(production=production, person__user=crew)
    holder = Person.objects.filter(pk__in=engaged.values("person")).first()
    if holder is None:
        return
    today = dt.date.today()
    petty_cash.give_float(
        production=production, holder=holder, amount_minor=300_000, on_date=today, note="开机备用金", by=finance
    )
    slips = [
        petty_cash.hand_in_slip(
            production=production, holder=holder, account=account, amount_minor=amount, spent_date=today, what_for=what,
            photo=_receipt(number), by=holder.user,
        )
        for number, (what, account, amount) in enumerate(
            [("矿泉水 12 箱", "living", 28_800), ("补妆耗材", "art", 16_350), ("停车费", "living", 6_000)]
        )
    ]  # fmt: skip
    petty_cash.approve_slip(slip=slips[0], by=finance)


def _receipt(number: int) -> bytes:
    """A strip of paper with lines, as a till prints it: no two alike."""
    from PIL import Image, ImageDraw

    paper = Image.new("RGB", (600, 1000), (198, 190, 176))
    draw = ImageDraw.Draw(paper)
    draw.polygon([(90, 40), (520, 60 + 20 * number), (500, 960), (70, 930)], fill=(248, 246, 240))
    for line in range(14):
        width = 140 + (line * 53 + number * 97) % 220
        draw.rectangle([120, 120 + line * 54, 120 + width, 138 + line * 54], fill=(70, 70, 80))
    draw.rectangle([300 - 60 * number, 700, 440 - 60 * number, 860], outline=(190, 40, 40), width=10)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=85)
    return out.getvalue()
