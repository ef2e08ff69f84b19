"""`python -m postproduction.media.probe_child PATH [CPU_SECONDS MEMORY_BYTES]`: the process that opens the file.

Prints one line of JSON: `{"facts": {...}}` or `{"fault": code, "params": {...}}`. Limits are set before the
media libraries are loaded, so that a hostile file ends this process and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import resource
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.filter import Graph

BLACK_MS = 500
# EBU R 128 gates at -70 LUFS: what stays below has no integrated loudness.
SILENCE_LUFS = -70.0


class _Refused(Exception):
    """The file cannot be examined; holds the code and params of the sentence."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class _Meter:
    """One filter on one stream, fed frame by frame; what it measured is read from frame metadata."""

    def __init__(self, graph: Graph, shape: tuple[Any, ...]) -> None:
        self.graph = graph
        self.shape = shape
        self.notes: dict[str, str] = {}
        self.series: list[tuple[str, str]] = []

    def feed(self, frame: Any, shape: tuple[Any, ...]) -> None:
        # A filter is made for one size or layout; where a file changes it midway, the rest is not measured.
        if shape == self.shape:
            self._push(frame)

    def finish(self) -> None:
        self._push(None)

    def _push(self, frame: Any) -> None:
        self.graph.push(frame)
        # BlockingIOError: the filter wants more before it gives; EOFError: it has given all.
        with contextlib.suppress(BlockingIOError, EOFError):
            while True:
                noted = dict(self.graph.pull().metadata)
                self.notes.update(noted)
                self.series.extend((name, value) for name, value in noted.items() if "black_" in name)


def examine(path: str) -> dict[str, Any]:
    """Facts of the file as JSON values. Raises _Refused."""
    import av
    from av.error import FFmpegError

    # The format is found by content; playlists and other indirections that open further files stay shut.
    options = {"protocol_whitelist": "file", "format_whitelist": ",".join(_FORMATS)}
    try:
        try:
            # Titles in GBK are not UTF-8: they are none of our business and must not stop the probe.
            container = av.open(path, options=options, metadata_errors="replace")
        except TypeError:  # PyAV 19 replaces by itself and no longer takes the word
            container = av.open(path, options=options)
    except FFmpegError:
        raise _Refused("media_unknown_format") from None
    with container:
        facts = _examine_streams(container)
    return {**facts, "size_bytes": os.path.getsize(path), "sha256": _digest(path)}


# Demuxer names of the containers platforms take, and of sound and pictures that come with them.
_FORMATS = (
    "mov", "mp4", "m4a", "3gp", "3g2", "mj2", "mpegts", "mpeg", "mpegvideo", "mxf", "flv", "asf", "avi", "matroska",
    "webm", "wav", "w64", "aiff", "mp3", "aac", "flac", "ogg",
)  # fmt: skip


def _examine_streams(container: InputContainer) -> dict[str, Any]:
    from av.error import FFmpegError

    picture = next((_Track(stream) for stream in container.streams.video if not _is_cover(stream)), None)
    sound = next((_Track(stream) for stream in container.streams.audio), None)
    tracks = {track.stream.index: track for track in (picture, sound) if track is not None}
    if not tracks:
        raise _Refused("media_no_picture_or_sound")
    if any(track.stream.codec_context is None for track in tracks.values()):
        raise _Refused("media_unknown_codec")
    if picture is not None:
        picture.stream.thread_type = "AUTO"
    try:
        for packet in container.demux([track.stream for track in tracks.values()]):
            for frame in packet.decode():
                tracks[packet.stream.index].take(frame)
        for track in tracks.values():
            track.finish()
    except MemoryError:
        raise _Refused("media_too_heavy") from None
    except FFmpegError:
        raise _damaged(tracks) from None
    # A file cut short decodes without complaint up to the cut; its index still counts all the frames.
    if not any(track.frames for track in tracks.values()) or (picture is not None and picture.is_short()):
        raise _damaged(tracks)
    # The picture's length is the work's: coded sound is padded to whole blocks and ends a little later.
    longest = picture if picture is not None and picture.frames else sound
    duration_ms = round(longest.length() * 1000) if longest is not None else 0
    facts: dict[str, Any] = {"container": container.format.name, "duration_ms": duration_ms}
    return facts | _picture_facts(picture) | _sound_facts(sound)


class _Track:
    """A stream with what has been decoded of it so far."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.meter: _Meter | None = None
        self.frames = self.samples = self.rotation = 0
        self.first: Fraction | None = None
        self.last = Fraction(0)

    def take(self, frame: Any) -> None:
        is_picture = self.stream.type == "video"
        shape = (frame.format.name, *((frame.width, frame.height) if is_picture else _layout(frame)))
        if self.meter is None:
            self.meter = (_picture_meter if is_picture else _sound_meter)(frame, shape)
            self.rotation = frame.rotation if is_picture else 0
        self.frames += 1
        self.samples += 0 if is_picture else frame.samples
        if frame.pts is not None:
            moment = frame.pts * Fraction(frame.time_base)
            self.first = moment if self.first is None else min(self.first, moment)
            self.last = max(self.last, moment)
        self.meter.feed(frame, shape)

    def finish(self) -> None:
        if self.meter is not None:
            self.meter.finish()

    def is_short(self) -> bool:
        return bool(self.frames < self.stream.frames)

    def rate(self) -> Fraction | None:
        found = self.stream.average_rate or self.stream.guessed_rate
        return Fraction(found) if found else None

    def length(self) -> Fraction:
        """Seconds of what was decoded."""
        if self.stream.type == "audio":
            return Fraction(self.samples, self.stream.codec_context.sample_rate or 1)
        rate = self.rate()
        if self.first is None:
            return self.frames / rate if rate else Fraction(0)
        return self.last - self.first + (1 / rate if rate else 0)


def _damaged(tracks: dict[int, _Track]) -> _Refused:
    return _Refused("media_damaged", seconds=int(max(track.length() for track in tracks.values())))


def _picture_facts(track: _Track | None) -> dict[str, Any]:
    if track is None or track.meter is None:
        return {"video_codec": None, "width": None, "height": None, "fps": None, "frames": None, "black": []}
    width, height, rate = track.stream.codec_context.width, track.stream.codec_context.height, track.rate()
    if track.rotation % 180:
        width, height = height, width
    return {
        "video_codec": track.stream.codec.canonical_name,
        "width": width,
        "height": height,
        "fps": None if rate is None else str(rate),
        "frames": track.frames,
        "black": _black(track.meter.series, track.first or Fraction(0), track.length()),
    }


def _sound_facts(track: _Track | None) -> dict[str, Any]:
    if track is None or track.meter is None:
        return {"audio_codec": None, "audio_rate": None, "audio_channels": None, "loudness_lufs_x10": None}
    return {
        "audio_codec": track.stream.codec.canonical_name,
        "audio_rate": track.stream.codec_context.sample_rate,
        "audio_channels": track.stream.codec_context.channels,
        "loudness_lufs_x10": _loudness(track.meter.notes),
    }


def _is_cover(stream: Any) -> bool:
    """Whether the stream is a still picture that comes with the file, not its film."""
    from av.stream import Disposition

    return bool(stream.disposition & Disposition.attached_pic)


def _layout(frame: Any) -> tuple[Any, ...]:
    return (frame.sample_rate, frame.layout.name)


def _picture_meter(frame: Any, shape: tuple[Any, ...]) -> _Meter:
    from av.filter import Graph

    graph = Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format.name, time_base=frame.time_base
    )
    # A small picture says as surely whether it is black, at a fraction of the cost.
    small = graph.add("scale", "w=160:h=160:flags=neighbor")
    black = graph.add("blackdetect", f"d={BLACK_MS / 1000}:pix_th=0.10")
    graph.link_nodes(source, small, black, graph.add("buffersink")).configure()
    return _Meter(graph, shape)


def _sound_meter(frame: Any, shape: tuple[Any, ...]) -> _Meter:
    from av.filter import Graph

    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=frame.sample_rate,
        format=frame.format.name,
        layout=frame.layout.name,
        time_base=Fraction(1, frame.sample_rate),
    )
    graph.link_nodes(source, graph.add("ebur128", "metadata=1"), graph.add("abuffersink")).configure()
    return _Meter(graph, shape)


def _black(series: list[tuple[str, str]], first: Fraction, length: Fraction) -> list[list[int]]:
    """Stretches from `lavfi.black_start` and `lavfi.black_end`; one still open ends with the picture."""
    stretches: list[list[int]] = []
    for name, seconds in series:
        moment = round((Fraction(seconds) - first) * 1000)
        if name == "lavfi.black_start":
            stretches.append([moment, round(length * 1000)])
        elif stretches:
            stretches[-1][1] = moment
    # The filter notes the short ones too.
    return [part for part in stretches if part[1] - part[0] >= BLACK_MS]


def _loudness(notes: dict[str, str]) -> int | None:
    measured = float(notes.get("lavfi.r128.I", "nan"))
    return round(measured * 10) if math.isfinite(measured) and measured > SILENCE_LUFS else None


def _digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _limit(cpu_seconds: int, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main(arguments: list[str]) -> int:
    path, limits = arguments[0], arguments[1:]
    if limits:
        _limit(int(limits[0]), int(limits[1]))
    try:
        answer: dict[str, Any] = {"facts": examine(path)}
    except _Refused as refused:
        answer = {"fault": refused.code, "params": refused.params}
    except MemoryError:
        answer = {"fault": "media_too_heavy", "params": {}}
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
