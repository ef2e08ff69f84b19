"""When the sun rises and sets at a place: what exteriors are planned by."""

from __future__ import annotations

import datetime as dt
import math
import zoneinfo

# A place without coordinates: a winter day of the middle latitudes, in which most bases lie.
USUAL = (6 * 60 + 30, 18 * 60)


def daylight(
    date: dt.date, latitude: float | None, longitude: float | None, zone: zoneinfo.ZoneInfo
) -> tuple[int, int]:
    """Sunrise and sunset in minutes of the local day, within about two minutes; USUAL where there is neither.

    The sunrise equation with the sun's centre 0.833 degrees below the horizon (NOAA, General Solar Position
    Calculations).
    """
    if latitude is None or longitude is None:
        return USUAL
    gamma = 2 * math.pi / 365 * (date.timetuple().tm_yday - 1 + 0.5)
    drift = 229.18 * (
        0.000075
        + 0.001868 * math.cos(gamma)
        - 0.032077 * math.sin(gamma)
        - 0.014615 * math.cos(2 * gamma)
        - 0.040849 * math.sin(2 * gamma)
    )
    tilt = (
        0.006918
        - 0.399912 * math.cos(gamma)
        + 0.070257 * math.sin(gamma)
        - 0.006758 * math.cos(2 * gamma)
        + 0.000907 * math.sin(2 * gamma)
        - 0.002697 * math.cos(3 * gamma)
        + 0.00148 * math.sin(3 * gamma)
    )
    here = math.radians(latitude)
    cosine = math.cos(math.radians(90.833)) / (math.cos(here) * math.cos(tilt)) - math.tan(here) * math.tan(tilt)
    if not -1 <= cosine <= 1:
        return USUAL
    half = math.degrees(math.acos(cosine))
    noon = dt.datetime.combine(date, dt.time(12), zone)
    offset = noon.utcoffset()
    assert offset is not None
    east = offset.total_seconds() / 60
    sunrise = 720 - 4 * (longitude + half) - drift + east
    sunset = 720 - 4 * (longitude - half) - drift + east
    if not 0 <= sunrise < sunset <= 1440:
        # A zone far from its sun, as parts of western China are in the east's time: the day runs over midnight.
        return (max(0, round(sunrise)), min(1439, round(sunset))) if sunrise < 1440 else USUAL
    return round(sunrise), round(sunset)
