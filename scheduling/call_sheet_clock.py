"""Times of a shoot day: minutes from its midnight, which may pass the next one."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import zoneinfo

from django.utils.translation import gettext as _

# A day that begins at noon may wrap late in the next morning, never later than the second midnight.
LATEST = 2 * 1440
_TYPED = re.compile(
    r"^(?:(?P<hours>\d{1,2})(?P<colon>[:.])(?P<minutes>\d{2})|(?P<digits>\d{1,4}))\s*(?P<next>\+1)?$", re.ASCII
)


def clock(minute: int | None) -> str:
    """`06:30`; `01:15 +1` after midnight; nothing for None."""
    if minute is None:
        return ""
    days, rest = divmod(minute, 1440)
    text = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{text} +{days}" if days else text


def length(minutes: int) -> str:
    """A stretch of time, `8 h 5 min`, `14 h`, `45 min`: never to be taken for an hour of the day."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def moment(date: dt.date, minute: int, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The aware moment of a minute of a shoot day: what the clock on the wall shows, also when clocks are changed."""
    days, rest = divmod(minute, 1440)
    return dt.datetime.combine(date + dt.timedelta(days=days), dt.time(rest // 60, rest % 60), zone)


def read_clock(text: str) -> int:
    """Minutes of a time as people type it: `0630`, `630`, `6:30`, `06：30`, `6`, `25:30`, `01:30 +1`.

    Raises ValueError for anything else, and for times after the second midnight.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _TYPED.match(plain)
    if match is None:
        raise ValueError(f"not a time: {text[:20]!r}")
    if match["colon"] is not None:
        hours, minutes = int(match["hours"]), int(match["minutes"])
    else:
        digits = match["digits"]
        hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    total = hours * 60 + minutes + (1440 if match["next"] else 0)
    if minutes > 59 or total >= LATEST:
        raise ValueError(f"not a time: {text[:20]!r}")
    return total
