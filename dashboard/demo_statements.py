"""What platforms state in the demo: a file over all titles with one unknown, a file whose columns wait, a rate, a closed month."""

from __future__ import annotations

import datetime as dt
import io

from django.utils import timezone

from delivery.models import Platform
from finance.batches import start_batch
from finance.closing import close_period
from finance.rates import note_rate
from studio.models import Production, Studio, User
from studio.values import month_of


def seed(studio: Studio, users: dict[str, User]) -> None:
    """Call it when the titles of the demo and their platforms are there."""
    finance = users["finance"]
    platform = Platform.objects.filter(studio=studio).order_by("pk").first()
    titles = list(Production.objects.filter(studio=studio, episodes__isnull=False).distinct().order_by("pk")[:4])
    if platform is None or len(titles) < 2:
        return
    today = timezone.localtime(timezone=studio.zone).date()
    last = today.replace(day=1) - dt.timedelta(days=1)
    period, before = month_of(last), month_of(last.replace(day=1) - dt.timedelta(days=1))
    note_rate(
        studio=studio, base="USD", quote="CNY", on_date=last, rate="7.0830", source="中国外汇交易中心 人民币汇率中间价",
        by=finance,
    )  # fmt: skip
    rows = ["剧名,集数,日期,收入类型,充值金额（元）,分成金额（元）"]
    total = 0
    for place, title in enumerate(titles[1:], 1):
        for number in title.episodes.order_by("number").values_list("number", flat=True)[:6]:
            fen = 100 * (380 * place + 27 * number)
            total += fen
            rows.append(f"{title.title},第{number}集,{period}-{3 + number:02d},IAP,{fen * 3 // 100}.00,{fen // 100}.00")
    for number in (1, 2, 3):
        total += 64_000
        rows.append(f"九重春（海外版）,第{number}集,{period}-08,IAP,1920.00,640.00")
    rows.append(f"合计,,,,,{total // 100}.{total % 100:02d}")
    start_batch(
        platform=platform, period=period, stream=io.BytesIO("\n".join(rows).encode()),
        file_name=f"{platform.name}-{period}-结算总表.csv", by=finance,
    )  # fmt: skip
    start_batch(
        platform=platform, period=period,
        stream=io.BytesIO("片库编码,上线名,第几话,甲方实付\nK-771,夜航,1,1280.50\nK-772,归途,1,960.00\n".encode()),
        file_name=f"{platform.name}-{period}-补充表.csv", by=finance,
    )  # fmt: skip
    close_period(studio=studio, period=before, by=finance, reason="上月已对账")
