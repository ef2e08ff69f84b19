"""Timecode: whole frames at a stated rate.

Drop-frame at 30000/1001 skips two frame numbers a minute, save each tenth (SMPTE ST 12-1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_TEXT = re.compile(r"^(\d{1,3}):([0-5]\d):([0-5]\d)([:;])(\d{2,3})$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rate:
    """Frames a second as an exact fraction; `drop` only means something at 29.97 and 59.94."""

    numerator: int
    denominator: int = 1
    drop: bool = False

    def __post_init__(self) -> None:
        if self.numerator <= 0 or self.denominator <= 0:
            raise ValueError("a frame rate is positive")
        if self.drop and (self.numerator, self.denominator) not in ((30000, 1001), (60000, 1001)):
            raise ValueError("drop-frame exists only at 29.97 and 59.94")

    @property
    def fps(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    @property
    def nominal(self) -> int:
        """The whole number the counter runs to: 30 for 29.97."""
        return -(-self.numerator // self.denominator)


@dataclass(frozen=True, slots=True, order=False)
class Timecode:
    """A count of frames from zero at a rate."""

    frames: int
    rate: Rate

    def __post_init__(self) -> None:
        if self.frames < 0:
            raise ValueError("timecode starts at zero")

    @classmethod
    def parse(cls, text: str, rate: Rate) -> Timecode:
        """Read `HH:MM:SS:FF` (`;` before FF for drop-frame). Raises ValueError for numbers that do not exist."""
        match = _TEXT.match(text.strip())
        if match is None:
            raise ValueError(f"not a timecode: {text!r}")
        hours, minutes, seconds, frames = (int(match[index]) for index in (1, 2, 3, 5))
        if frames >= rate.nominal:
            raise ValueError(f"{text!r} has no frame {frames} at {rate.nominal} frames a second")
        if (match[4] == ";") != rate.drop:
            raise ValueError(f"{text!r} does not match the rate's way of counting")
        all_minutes = hours * 60 + minutes
        count = (all_minutes * 60 + seconds) * rate.nominal + frames
        if rate.drop:
            dropped = rate.nominal // 15
            if seconds == 0 and frames < dropped and minutes % 10:
                raise ValueError(f"{text!r} is a number that drop-frame skips")
            count -= dropped * (all_minutes - all_minutes // 10)
        return cls(count, rate)

    @classmethod
    def from_seconds(cls, seconds: Fraction | int, rate: Rate) -> Timecode:
        """The frame that is on screen at that second."""
        return cls(int(Fraction(seconds) * rate.fps), rate)

    @property
    def seconds(self) -> Fraction:
        return self.frames / self.rate.fps

    def __str__(self) -> str:
        count = self.frames
        if self.rate.drop:
            dropped = self.rate.nominal // 15
            per_minute = self.rate.nominal * 60 - dropped
            per_ten = per_minute * 10 + dropped
            tens, rest = divmod(count, per_ten)
            skipped_minutes = 0 if rest < self.rate.nominal * 60 else 1 + (rest - self.rate.nominal * 60) // per_minute
            count += dropped * (9 * tens + skipped_minutes)
        seconds, frames = divmod(count, self.rate.nominal)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours:02d}:{minutes:02d}:{seconds:02d}{';' if self.rate.drop else ':'}{frames:02d}"
