"""What a probe found in a media file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the picture's time, in milliseconds from its start."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Facts of one file; None stands for a stream or measure the file does not have.

    `container` is the demuxer's family of names (`mov,mp4,m4a,3gp,3g2,mj2`); `width` and `height` are as shown,
    after rotation; `fps` is an exact fraction as text (`25`, `30000/1001`); `frames` counts decoded pictures;
    `loudness_lufs_x10` is the integrated loudness of ITU-R BS.1770 in tenths of a LUFS (-140 is -14.0), None
    when the sound is silent; `duration_ms` is that of the picture where there is one; `black` lists stretches of black picture of half a second or more.
    """

    container: str
    duration_ms: int
    size_bytes: int
    sha256: str
    video_codec: str | None = None
    width: int | None = None
    height: int | None = None
    fps: str | None = None
    frames: int | None = None
    audio_codec: str | None = None
    audio_rate: int | None = None
    audio_channels: int | None = None
    loudness_lufs_x10: int | None = None
    black: tuple[Stretch, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "black": [[part.start_ms, part.end_ms] for part in self.black]}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> MediaFacts:
        """Read what `to_json` wrote. Raises ValueError for unknown, missing or mistyped fields."""
        values = dict(document)
        known = {field.name: str(field.type) for field in fields(cls)}
        if values.keys() != known.keys():
            odd = sorted(values.keys() ^ known.keys())
            raise ValueError(f"media facts with missing or unknown fields: {', '.join(odd)}")
        for name, kind in known.items():
            if name != "black" and not _fits(values[name], kind):
                raise ValueError(f"media facts: {name} cannot be {values[name]!r}")
        if values["fps"] is not None and Fraction(values["fps"]) <= 0:
            raise ValueError("media facts: fps is not positive")
        values["black"] = tuple(Stretch(int(start), int(end)) for start, end in values["black"])
        return cls(**values)


def _fits(value: object, kind: str) -> bool:
    if value is None:
        return kind.endswith("| None")
    return isinstance(value, str if kind.startswith("str") else int) and not isinstance(value, bool)
