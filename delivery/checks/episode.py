"""Checks of one episode's file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from .findings import SENTENCES, Finding, Param, Severity
from .spec import Spec, same_ratio

# The demuxer that opens files of an ending; a file of another family was renamed.
FAMILIES = {
    "mp4": "mp4", "m4v": "mp4", "mov": "mov", "f4v": "mov", "3gp": "3gp", "mkv": "matroska", "ts": "mpegts",
    "mpg": "mpeg", "mpeg": "mpeg", "avi": "avi", "flv": "flv", "wmv": "asf", "asf": "asf", "mxf": "mxf",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """An episode as it would be sent: `media` is the JSON of a probe, None when the file was not examined."""

    number: int
    file_name: str
    media: Mapping[str, Any] | None
    subtitles: tuple[str, ...] = ()


def check_episode(spec: Spec, episode: EpisodeFacts, title: str) -> list[Finding]:
    """Everything about the file that does not meet the spec, in the order of the spec."""

    def found(rule: str, code: str, **params: Param) -> Finding:
        known = {"episode": episode.number, **params}
        severity = cast(Severity, spec.severity(rule))
        return Finding(code, severity, known, SENTENCES[code].format_map(known), rule, episode.number)

    findings = []
    if episode.media is None:
        findings.append(found("containers", "media_missing"))
    else:
        media = episode.media
        findings += [found(rule, code, **params) for rule, code, params in _file(spec, episode, media)]
        findings += [found(rule, code, **params) for rule, code, params in _picture(spec, media)]
        findings += [found(rule, code, **params) for rule, code, params in _sound(spec, media)]
    asked = spec.file_stem(title, episode.number)
    stem = unicodedata.normalize("NFC", episode.file_name.rpartition(".")[0] or episode.file_name)
    if asked and stem != unicodedata.normalize("NFC", asked):
        findings.append(found("naming", "name", found=stem, allowed=asked))
    if (spec.subtitles_required or spec.subtitle_languages) and not episode.subtitles:
        findings.append(found("subtitles", "subtitles_missing"))
    elif missing := [language for language in spec.subtitle_languages if language not in episode.subtitles]:
        findings += [found("subtitles", "subtitle_language_missing", language=language) for language in missing]
    return findings


_Hit = tuple[str, str, dict[str, Param]]


def _hit(rule: str, code: str, found: Param, allowed: Param = "", **more: Param) -> _Hit:
    return rule, code, {"found": found, **({"allowed": allowed} if allowed != "" else {}), **more}


def _file(spec: Spec, episode: EpisodeFacts, media: Mapping[str, Any]) -> Iterator[_Hit]:
    ending = episode.file_name.rpartition(".")[2].lower() if "." in episode.file_name else ""
    if spec.containers and ending not in spec.containers:
        yield _hit("containers", "container_not_taken", ending or "?", ", ".join(spec.containers))
    elif ending in FAMILIES and FAMILIES[ending] not in media["container"].split(","):
        yield _hit("containers", "container_mismatch", ending)
    if spec.size_max_bytes is not None and media["size_bytes"] > spec.size_max_bytes:
        yield _hit("file_size", "file_too_large", media["size_bytes"], spec.size_max_bytes)
    lasts = media["duration_ms"]
    if spec.duration_min_ms is not None and lasts < spec.duration_min_ms:
        yield _hit("duration", "too_short", _seconds(lasts), _seconds(spec.duration_min_ms))
    if spec.duration_max_ms is not None and lasts > spec.duration_max_ms:
        yield _hit("duration", "too_long", _seconds(lasts), _seconds(spec.duration_max_ms))


def _picture(spec: Spec, media: Mapping[str, Any]) -> Iterator[_Hit]:
    if media["video_codec"] is None:
        yield "video_codecs", "picture_missing", {}
        return
    width, height = media["width"], media["height"]
    shown = f"{width}x{height}"
    if spec.video_codecs and media["video_codec"] not in spec.video_codecs:
        yield _hit("video_codecs", "video_codec", media["video_codec"], ", ".join(spec.video_codecs))
    if spec.sizes and (width, height) not in spec.sizes:
        yield _hit("sizes", "size", shown, ", ".join(f"{across}x{down}" for across, down in spec.sizes))
    if spec.aspect is not None and not same_ratio(width, height, spec.aspect):
        yield _hit("aspect", "aspect", shown, spec.aspect)
    rate = media["fps"]
    if spec.fps and (rate is None or Fraction(rate) not in [Fraction(one) for one in spec.fps]):
        yield _hit("fps", "fps", rate or "?", ", ".join(spec.fps))
    if spec.black_max_ms is not None:
        for start, end in media["black"]:
            if end - start > spec.black_max_ms:
                yield _hit("black", "black", _seconds(end - start), at=_seconds(start))


def _sound(spec: Spec, media: Mapping[str, Any]) -> Iterator[_Hit]:
    if media["audio_codec"] is None:
        yield "audio_codecs", "sound_missing", {}
        return
    if spec.audio_codecs and media["audio_codec"] not in spec.audio_codecs:
        yield _hit("audio_codecs", "audio_codec", media["audio_codec"], ", ".join(spec.audio_codecs))
    if spec.audio_rates and media["audio_rate"] not in spec.audio_rates:
        yield _hit("audio_rates", "audio_rate", media["audio_rate"], ", ".join(map(str, spec.audio_rates)))
    if spec.audio_channels and media["audio_channels"] not in spec.audio_channels:
        yield _hit(
            "audio_channels",
            "audio_channels",
            media["audio_channels"],
            ", ".join(map(str, spec.audio_channels)),
        )
    low, high, loudness = spec.loudness_min_x10, spec.loudness_max_x10, media["loudness_lufs_x10"]
    if low is None and high is None:
        return
    if loudness is None:
        yield "loudness", "loudness_unknown", {}
    elif low is not None and loudness < low:
        yield _hit("loudness", "too_quiet", _tenths(loudness), _tenths(low))
    elif high is not None and loudness > high:
        yield _hit("loudness", "too_loud", _tenths(loudness), _tenths(high))


def _seconds(milliseconds: int) -> str:
    whole, rest = divmod(milliseconds, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")


def _tenths(value: int) -> str:
    whole, rest = divmod(abs(value), 10)
    return f"{'-' if value < 0 else ''}{whole}.{rest}"
