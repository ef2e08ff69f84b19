"""Findings and faults of `delivery.checks` in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

FINDINGS = {
    "media_missing": noop("Episode {episode} has no examined file."),
    "picture_missing": noop("Episode {episode} has no picture."),
    "sound_missing": noop("Episode {episode} has no sound."),
    "container_not_taken": noop("Episode {episode} comes as {found}; taken are: {allowed}."),
    "container_mismatch": noop("Episode {episode} is named {found} but is another kind of file inside."),
    "video_codec": noop("Episode {episode} has {found} picture; taken is: {allowed}."),
    "audio_codec": noop("Episode {episode} has {found} sound; taken is: {allowed}."),
    "size": noop("Episode {episode} is {found}; taken is: {allowed}."),
    "aspect": noop("Episode {episode} is {found}, which is not {allowed}."),
    "fps": noop("Episode {episode} runs at {found} frames a second; taken is: {allowed}."),
    "audio_rate": noop("Episode {episode} has sound at {found} Hz; taken is: {allowed}."),
    "audio_channels": noop("Episode {episode} has {found} sound channels; taken is: {allowed}."),
    "loudness_unknown": noop("Episode {episode} has silent sound, so no loudness."),
    "too_quiet": noop("Episode {episode} measures {found} LUFS, quieter than {allowed}."),
    "too_loud": noop("Episode {episode} measures {found} LUFS, louder than {allowed}."),
    "too_short": noop("Episode {episode} lasts {found} s, shorter than {allowed} s."),
    "too_long": noop("Episode {episode} lasts {found} s, longer than {allowed} s."),
    "file_too_large": noop("Episode {episode} has {found} bytes, more than {allowed}."),
    "black": noop("Episode {episode} is black for {found} s from {at} s."),
    "name": noop("Episode {episode} is named {found}; asked is {allowed}."),
    "subtitles_missing": noop("Episode {episode} has no subtitles."),
    "subtitle_language_missing": noop("Episode {episode} lacks subtitles in {language}."),
    "episodes_missing": noop("The package holds no episodes."),
    "episode_missing": noop("Episode {episode} is missing."),
    "episode_twice": noop("Episode {episode} is there twice."),
    "same_file": noop("Episodes {first} and {second} are the same file."),
    "synopsis_missing": noop("The synopsis is empty."),
    "synopsis_too_long": noop("The synopsis has {found} characters, more than {allowed}."),
    "tagline_missing": noop("The tagline is empty."),
    "tagline_too_long": noop("The tagline has {found} characters, more than {allowed}."),
    "covers_too_few": noop("There are {found} covers; at least {allowed} are asked."),
    "covers_too_many": noop("There are {found} covers; at most {allowed} are taken."),
    "cover_ratio": noop("Cover {position} is {found}; taken is: {allowed}."),
    "cast_too_few": noop("The cast list names {found}; at least {allowed} are asked."),
    "cast_too_many": noop("The cast list names {found}; at most {allowed} are taken."),
    "cast_role_too_long": noop("The role of {name} has {found} characters, more than {allowed}."),
    "cast_profile_too_long": noop("The profile of {name} has {found} characters, more than {allowed}."),
    "cast_photo_missing": noop("{name} has no photo."),
    "number_missing": noop("The title has no licence or record number."),
    "number_elsewhere": noop("The number was issued by {found} and holds there only."),
    "cost_report_missing": noop("Without a number, a cost report is asked."),
    "cost_too_high": noop("Without a number, the cost must lie below {allowed} yuan."),
    "ai_label_missing": noop("The title uses AI and does not say so."),
    "ai_proof_missing": noop("The title uses AI and has no proof of rights."),
}
FAULTS = {
    "spec_unnamed": noop("A spec needs a code and a name."),
    "spec_negative": noop("{field} cannot be negative."),
    "spec_bounds": noop("{low} lies above {high}."),
    "spec_ratio": noop("{ratio} is not a ratio written like 9:16."),
    "spec_fps": noop("{rate} is not a frame rate written like 25 or 30000/1001."),
    "spec_rule": noop("There is no rule {rule} to warn about."),
    "spec_naming": noop("The naming pattern needs {place} and knows no other places but {title}."),
    "spec_not_object": noop("A spec is written as an object."),
    "spec_field": noop("{field} cannot be {value}."),
    "spec_field_unknown": noop("A spec has no field {field}."),
}

# What adapters say of a package that did not go out and of messages that cannot be read.
ADAPTER = {
    "names_collide": noop("Two episodes would get the same file name. Look at the naming rule of the spec."),
    "round_taken": noop("The folder {folder} is already there with something else in it. Move it away and send again."),
    "file_changed": noop("{name} is not the file that was measured. Hand its master in again."),
    "no_way": noop("This release knows no way to send there ({adapter})."),
    "verdict_not_a_file": noop("This is not a plain file."),
    "verdict_too_large": noop("This file is too large for a verdict."),
    "verdict_unreadable": noop("This file cannot be read: {why}."),
    "verdict_not_json": noop("This file is not JSON in UTF-8."),
    "verdict_empty": noop("This file holds no verdict."),
    "verdict_malformed": noop("Entry {position}: “{field}” is missing or malformed."),
    "production_unknown": noop("No title with the code “{production}” is with this platform."),
}


class _Params(dict[str, Any]):
    """A row written by an earlier release may lack a parameter of today's sentence."""

    def __missing__(self, key: str) -> str:
        return "…"


def fault_sentence(code: str, params: Mapping[str, Any]) -> str:
    text = FAULTS.get(code)
    return _(text).format_map(_Params(params)) if text else code


def finding_sentence(finding: Mapping[str, Any]) -> str:
    """A finding as kept in the rows: translated where the code is known, else as it was written."""
    text = FINDINGS.get(finding.get("code", ""))
    if text is None:
        return str(finding.get("message", ""))
    return _(text).format_map(_Params(finding.get("params", {})))


def adapter_sentence(code: str, params: Mapping[str, Any]) -> str:
    text = ADAPTER.get(code)
    return _(text).format_map(_Params(params)) if text else code
