"""The platforms a studio starts with."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db import transaction

from delivery.checks import default_specs
from delivery.models import Platform, Spec
from studio.models import Studio

# Code, name, spec of `delivery.checks` to start from. No platform publishes its master specification, so all but the
# mini-program one are the trade's working set, which the studio edits to its contracts.
PLATFORMS = (
    ("hongguo", "红果短剧", "working_set"),
    ("hippo", "河马剧场", "working_set"),
    ("douyin", "抖音", "working_set"),
    ("kuaishou", "快手", "working_set"),
    ("wechat", "微信小程序", "wechat_mini_program"),
    ("reelshort", "ReelShort", "overseas_pack"),
)
# What a package does not hold yet goes to the platform by hand: its lack is pointed out and does not stop a sending.
BY_HAND = ("covers", "cover_ratios", "cast", "subtitles", "ai_label")
FROM_DATE = dt.date(2024, 1, 1)


def _rules(code: str, platform: str) -> tuple[dict[str, Any], str]:
    spec = next(spec for spec in default_specs() if spec.code == code)
    rules = spec.to_json()
    rules["platform"] = platform
    rules["warnings"] = [*spec.warnings, *(rule for rule in BY_HAND if rule not in spec.warnings)]
    # How sure the source is concerns who wrote the spec, not who delivers by it.
    return rules, re.sub(r" \[[A-Z]\]", "", spec.source)


@transaction.atomic
def install_default_platforms(*, studio: Studio) -> list[Platform]:
    """The platforms of the trade with a spec to start from; what the studio has already is left as it is."""
    Studio.objects.select_for_update().get(pk=studio.pk)
    for code, name, spec_code in PLATFORMS:
        platform, _new = Platform.objects.get_or_create(studio=studio, code=code, defaults={"name": name})
        if not Spec.objects.filter(platform=platform).exists():
            rules, source = _rules(spec_code, code)
            Spec.objects.create(platform=platform, from_date=FROM_DATE, rules=rules, source=source)
    return list(Platform.objects.filter(studio=studio))
