"""What a check found, and the sentences it is told in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]
Param = str | int

SENTENCES = {
    "media_missing": "Episode {episode} has no examined file.",
    "picture_missing": "Episode {episode} has no picture.",
    "sound_missing": "Episode {episode} has no sound.",
    "container_not_taken": "Episode {episode} comes as {found}; taken are: {allowed}.",
    "container_mismatch": "Episode {episode} is named {found} but is another kind of file inside.",
    "video_codec": "Episode {episode} has {found} picture; taken is: {allowed}.",
    "audio_codec": "Episode {episode} has {found} sound; taken is: {allowed}.",
    "size": "Episode {episode} is {found}; taken is: {allowed}.",
    "aspect": "Episode {episode} is {found}, which is not {allowed}.",
    "fps": "Episode {episode} runs at {found} frames a second; taken is: {allowed}.",
    "audio_rate": "Episode {episode} has sound at {found} Hz; taken is: {allowed}.",
    "audio_channels": "Episode {episode} has {found} sound channels; taken is: {allowed}.",
    "loudness_unknown": "Episode {episode} has silent sound, so no loudness.",
    "too_quiet": "Episode {episode} measures {found} LUFS, quieter than {allowed}.",
    "too_loud": "Episode {episode} measures {found} LUFS, louder than {allowed}.",
    "too_short": "Episode {episode} lasts {found} s, shorter than {allowed} s.",
    "too_long": "Episode {episode} lasts {found} s, longer than {allowed} s.",
    "file_too_large": "Episode {episode} has {found} bytes, more than {allowed}.",
    "black": "Episode {episode} is black for {found} s from {at} s.",
    "name": "Episode {episode} is named {found}; asked is {allowed}.",
    "subtitles_missing": "Episode {episode} has no subtitles.",
    "subtitle_language_missing": "Episode {episode} lacks subtitles in {language}.",
    "episodes_missing": "The package holds no episodes.",
    "episode_missing": "Episode {episode} is missing.",
    "episode_twice": "Episode {episode} is there twice.",
    "same_file": "Episodes {first} and {second} are the same file.",
    "synopsis_missing": "The synopsis is empty.",
    "synopsis_too_long": "The synopsis has {found} characters, more than {allowed}.",
    "tagline_missing": "The tagline is empty.",
    "tagline_too_long": "The tagline has {found} characters, more than {allowed}.",
    "covers_too_few": "There are {found} covers; at least {allowed} are asked.",
    "covers_too_many": "There are {found} covers; at most {allowed} are taken.",
    "cover_ratio": "Cover {position} is {found}; taken is: {allowed}.",
    "cast_too_few": "The cast list names {found}; at least {allowed} are asked.",
    "cast_too_many": "The cast list names {found}; at most {allowed} are taken.",
    "cast_role_too_long": "The role of {name} has {found} characters, more than {allowed}.",
    "cast_profile_too_long": "The profile of {name} has {found} characters, more than {allowed}.",
    "cast_photo_missing": "{name} has no photo.",
    "number_missing": "The title has no licence or record number.",
    "number_elsewhere": "The number was issued by {found} and holds there only.",
    "cost_report_missing": "Without a number, a cost report is asked.",
    "cost_too_high": "Without a number, the cost must lie below {allowed} yuan.",
    "ai_label_missing": "The title uses AI and does not say so.",
    "ai_proof_missing": "The title uses AI and has no proof of rights.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not meet the spec; `rule` is the rule of the spec, `episode` None for the whole title."""

    code: str
    severity: Severity
    params: Mapping[str, Param]
    message: str
    rule: str
    episode: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "params": dict(self.params),
            "message": self.message,
            "rule": self.rule,
            "episode": self.episode,
        }


def passes(findings: Iterable[Finding]) -> bool:
    """Whether nothing found stands in the way of sending."""
    return all(finding.severity != "error" for finding in findings)
