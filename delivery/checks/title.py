"""Checks of what goes with a title: numbering, texts, covers, cast, number, AI."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from studio.values import Money

from .episode import EpisodeFacts, check_episode
from .findings import SENTENCES, Finding, Param, Severity
from .spec import Spec, same_ratio


@dataclass(frozen=True, slots=True)
class Actor:
    """An entry of the cast list."""

    name: str
    role: str = ""
    profile: str = ""
    has_photo: bool = False


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """A title as it would be sent.

    `episodes` are the numbers in the package, `planned_episodes` how many the whole title has (None: up to the
    highest number); `covers` are sides in dots; `number_platform` the platform that issued the number, empty for
    one of the regulator; `cost_fen` the production cost, None when it is not stated.
    """

    name: str
    work_kind: str
    episodes: tuple[int, ...]
    planned_episodes: int | None = None
    synopsis: str = ""
    tagline: str = ""
    covers: tuple[tuple[int, int], ...] = ()
    cast: tuple[Actor, ...] = ()
    number: str = ""
    number_platform: str = ""
    cost_fen: int | None = None
    has_cost_report: bool = False
    uses_ai: bool = False
    ai_labelled: bool = False
    ai_proof: bool = False


_Hit = tuple[str, str, dict[str, Param]]


def check_title(spec: Spec, title: TitleFacts, on: dt.date) -> list[Finding]:
    """Everything about the title that does not meet the spec on that date."""
    hits = [
        hit
        for part in (_numbering, _texts, _covers, _cast, _number)
        for hit in part(spec, title)
    ] + list(_ai(spec, title, on))  # fmt: skip
    return [_finding(spec, *hit) for hit in hits]


def check(spec: Spec, title: TitleFacts, episodes: Sequence[EpisodeFacts], on: dt.date) -> list[Finding]:
    """The title's findings, then those of each episode by number."""
    findings = check_title(spec, title, on)
    findings += [_finding(spec, *hit) for hit in _same_files(episodes)]
    for episode in sorted(episodes, key=lambda one: one.number):
        findings += check_episode(spec, episode, title.name)
    return findings


def _finding(spec: Spec, rule: str, code: str, params: dict[str, Param]) -> Finding:
    episode = params.get("episode")
    return Finding(
        code,
        cast(Severity, spec.severity(rule)),
        params,
        SENTENCES[code].format_map(params),
        rule,
        episode if isinstance(episode, int) else None,
    )


def _numbering(spec: Spec, title: TitleFacts) -> Iterator[_Hit]:
    counts = Counter(title.episodes)
    if not counts:
        yield "numbering", "episodes_missing", {}
    for number in sorted(counts):
        if counts[number] > 1:
            yield "numbering", "episode_twice", {"episode": number}
    if spec.numbering_continuous and counts:
        for number in range(1, max(title.planned_episodes or 0, *counts, 0) + 1):
            if number not in counts:
                yield "numbering", "episode_missing", {"episode": number}


def _texts(spec: Spec, title: TitleFacts) -> Iterator[_Hit]:
    for name, text, most in (
        ("synopsis", title.synopsis, spec.synopsis_max),
        ("tagline", title.tagline, spec.tagline_max),
    ):
        length = len(text.strip())
        if most is not None and not length:
            yield name, f"{name}_missing", {}
        elif most is not None and length > most:
            yield name, f"{name}_too_long", {"found": length, "allowed": most}


def _covers(spec: Spec, title: TitleFacts) -> Iterator[_Hit]:
    yield from _count("covers", len(title.covers), spec.covers_min, spec.covers_max)
    for position, (width, height) in enumerate(title.covers, start=1):
        if spec.cover_ratios and not any(same_ratio(width, height, ratio) for ratio in spec.cover_ratios):
            allowed = ", ".join(spec.cover_ratios)
            params: dict[str, Param] = {
                "position": position,
                "found": f"{width}x{height}",
                "allowed": allowed,
            }
            yield "cover_ratios", "cover_ratio", params


def _cast(spec: Spec, title: TitleFacts) -> Iterator[_Hit]:
    if spec.cast_kinds and title.work_kind not in spec.cast_kinds:
        return
    yield from _count("cast", len(title.cast), spec.cast_min, spec.cast_max)
    if spec.cast_min is None and spec.cast_max is None:
        return
    for actor in title.cast:
        for code, text, most in (
            ("cast_role_too_long", actor.role, spec.cast_role_max),
            ("cast_profile_too_long", actor.profile, spec.cast_profile_max),
        ):
            if most is not None and len(text) > most:
                yield "cast", code, {"name": actor.name, "found": len(text), "allowed": most}
        if not actor.has_photo:
            yield "cast", "cast_photo_missing", {"name": actor.name}


def _number(spec: Spec, title: TitleFacts) -> Iterator[_Hit]:
    if not spec.number_required:
        return
    if title.number.strip():
        if title.number_platform and title.number_platform != spec.platform:
            yield "number", "number_elsewhere", {"found": title.number_platform}
    elif spec.number_free_below_fen is None or title.cost_fen is None:
        yield "number", "number_missing", {}
    elif title.cost_fen >= spec.number_free_below_fen:
        yield (
            "number",
            "cost_too_high",
            {"allowed": Money(spec.number_free_below_fen).plain().removesuffix(".00")},
        )
    elif not title.has_cost_report:
        yield "number", "cost_report_missing", {}


def _ai(spec: Spec, title: TitleFacts, on: dt.date) -> Iterator[_Hit]:
    if not title.uses_ai or (spec.ai_label_from is not None and on < spec.ai_label_from):
        return
    if spec.ai_label_required and not title.ai_labelled:
        yield "ai_label", "ai_label_missing", {}
    if spec.ai_proof_required and not title.ai_proof:
        yield "ai_label", "ai_proof_missing", {}


def _same_files(episodes: Sequence[EpisodeFacts]) -> Iterator[_Hit]:
    """A slip of the hand at export: one episode's file sent under two numbers."""
    first: dict[str, int] = {}
    for episode in sorted(episodes, key=lambda one: one.number):
        digest = episode.media["sha256"] if episode.media is not None else ""
        earlier = first.setdefault(digest, episode.number)
        if digest and earlier != episode.number:
            yield "same_file", "same_file", {"first": earlier, "second": episode.number}


def _count(rule: str, found: int, least: int | None, most: int | None) -> Iterator[_Hit]:
    if least is not None and found < least:
        yield rule, f"{rule}_too_few", {"found": found, "allowed": least}
    if most is not None and found > most:
        yield rule, f"{rule}_too_many", {"found": found, "allowed": most}
