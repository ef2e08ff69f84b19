"""The people, places and terms of the journey's studio. Rates are within the ranges of docs/glossary and made up."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from studio.choices import Department as D


@dataclasses.dataclass(frozen=True)
class CrewMember:
    name: str
    department: str
    job_title: str
    day_rate_yuan: int
    contact: bool = False


CREW = [
    CrewMember("陈青", D.PRODUCTION, "制片人", 0, True),
    CrewMember("罗楠", D.PRODUCTION, "执行制片", 900, True),
    CrewMember("魏山", D.DIRECTION, "导演", 3000),
    CrewMember("何小满", D.DIRECTION, "执行导演", 1200, True),
    CrewMember("苏敏", D.DIRECTION, "场记", 400),
    CrewMember("杜江", D.CAMERA, "摄影指导", 1800),
    CrewMember("阿凯", D.CAMERA, "掌机", 900),
    CrewMember("唐逸", D.CAMERA, "跟焦", 500),
    CrewMember("方远", D.CAMERA, "DIT", 500),
    CrewMember("马强", D.LIGHTING, "灯光师", 1000),
    CrewMember("小武", D.LIGHTING, "灯光助理", 350),
    CrewMember("叶知秋", D.SOUND, "录音师", 900),
    CrewMember("宋画", D.ART, "美术指导", 1200),
    CrewMember("老丁", D.ART, "道具", 450),
    CrewMember("许巧", D.WARDROBE, "服装", 600),
    CrewMember("白露", D.MAKEUP, "化妆师", 700),
    CrewMember("姜力", D.GRIP, "场务", 350),
    CrewMember("韩剪", D.POST, "剪辑师", 800),
    CrewMember("温言", D.POST, "调色声音", 700),
]

# Performers as they come, leads first: the roles with most scenes get the first names.
PERFORMERS = [
    ("宁夏", 6000), ("顾屿", 6000), ("江可", 2500), ("秦川", 2000), ("沈月", 1000), ("周野", 900), ("梁静", 800),
    ("程一", 700), ("吴双", 600), ("郑可", 500), ("冯安", 500), ("夏至", 400), ("石磊", 400), ("林间", 350),
    ("余音", 350), ("孟舟", 300), ("简宁", 300), ("陶然", 300), ("柏林", 300), ("米粒", 300),
]  # fmt: skip
EXTRA_RATE_YUAN = 300


@dataclasses.dataclass(frozen=True)
class Base:
    name: str
    city: str
    address: str
    latitude: Decimal
    longitude: Decimal
    contact: str


BASES = [
    Base("西部影视基地", "西安", "西安市高新区影城路8号", Decimal("34.20000"), Decimal("108.88000"), "基地前台 029-0000-0000"),
    Base("城东实景街区", "西安", "西安市灞桥区产业园3号", Decimal("34.30000"), Decimal("109.06000"), "街区管理处 029-0000-0001"),
]  # fmt: skip
LOCATION_DAY_YUAN = 3000
LOCATION_HOUR_YUAN = 300

INVESTMENT_YUAN = 1_080_000
WRITER = "柳行"
SCRIPT_FEE_YUAN = 60_000
# account, what for, yuan, days after the first shoot day
INVOICES = [
    ("equipment", "器材租赁：两机位套餐", 96_000, 1),
    ("art", "服化道采购与租赁", 88_000, 0),
    ("living", "剧组食宿与交通", 64_000, 3),
    ("post", "外包配乐与特效", 45_000, 12),
    ("promotion", "首周投流", 380_000, 21),
]
RECEIPTS_FEN = 188_641_235
# With the title's own serial.
PLANNING_NUMBER = "SXWJ2026{:06d}"
LICENCE_NUMBER = "(陕)网剧审字(2026)第{:03d}号"
PLATFORM = "hongguo"

# How the receipts of the title are shared: the clauses a small studio signs.
TERMS = [
    {"id": "fee", "kind": "fee", "party": "platform-fee", "rate": "8%", "of": "gross", "clause": "3.1"},
    {"id": "recoup", "kind": "recoup", "party": "investor", "amount": "180000.00", "premium": "10%", "clause": "4.1"},
    {"id": "writer", "kind": "share", "party": "writer", "rate": "6%", "of": "left", "clause": "5.1"},
    {"id": "lead-f", "kind": "share", "party": "lead-f", "rate": "3%", "of": "left", "clause": "5.2"},
    {"id": "lead-m", "kind": "share", "party": "lead-m", "rate": "3%", "of": "left", "clause": "5.2"},
    {"id": "director", "kind": "share", "party": "director", "rate": "2%", "of": "left", "clause": "5.3"},
    {"id": "investor-share", "kind": "share", "party": "investor", "rate": "25%", "of": "left", "clause": "6.1"},
]

# code, name, kind, tax method
PARTIES = [
    ("platform-fee", "渠道服务公司", "company", "none"),
    ("investor", "长夏文化投资", "company", "none"),
    ("writer", "编剧 柳行", "person", "author"),
    ("lead-f", "女主 宁夏", "person", "labour_single"),
    ("lead-m", "男主 顾屿", "person", "labour_single"),
    ("director", "导演 魏山", "person", "labour_single"),
]
