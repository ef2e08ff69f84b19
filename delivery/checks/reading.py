"""Titles and episodes read from JSON, for the command-line door and for clients that send both."""

from __future__ import annotations

from typing import Any

from studio.values import Money

from .episode import EpisodeFacts
from .spec import FPS, SpecFault
from .title import Actor, TitleFacts

# What the checks read of a probe, and the types it may have.
_MEDIA: dict[str, tuple[type, ...]] = {
    "container": (str,),
    "duration_ms": (int,),
    "size_bytes": (int,),
    "sha256": (str,),
    "video_codec": (str, type(None)),
    "width": (int, type(None)),
    "height": (int, type(None)),
    "fps": (str, type(None)),
    "audio_codec": (str, type(None)),
    "audio_rate": (int, type(None)),
    "audio_channels": (int, type(None)),
    "loudness_lufs_x10": (int, type(None)),
    "black": (list,),
}
_TEXTS = ("name", "work_kind", "synopsis", "tagline", "number", "number_platform")
MOST_EPISODES = 10_000
_FLAGS = ("has_cost_report", "uses_ai", "ai_labelled", "ai_proof")


def episode_from_json(row: Any, position: int) -> EpisodeFacts:
    """Read `{"number", "file_name", "media", "subtitles"}`. Raises SpecFault naming the position."""

    def malformed(what: str) -> SpecFault:
        return SpecFault("episode_malformed", "Entry {position} of episodes: {what}", position=position, what=what)

    if not isinstance(row, dict):
        raise malformed("it must be an object.")
    number, name, media = row.get("number"), row.get("file_name"), row.get("media")
    subtitles = row.get("subtitles", [])
    if type(number) is not int or not 1 <= number <= MOST_EPISODES:
        raise malformed(f"number must be a whole number from 1 to {MOST_EPISODES}.")
    if not isinstance(name, str) or not name:
        raise malformed("file_name must be a text.")
    if not isinstance(subtitles, list) or not all(isinstance(language, str) for language in subtitles):
        raise malformed("subtitles must be a list of languages.")
    if media is not None:
        if not isinstance(media, dict):
            raise malformed("media must be what a probe printed, or null.")
        for field, kinds in _MEDIA.items():
            if type(media.get(field, ...)) not in kinds:
                raise malformed(f"media needs a proper {field}.")
        if media["video_codec"] is not None and not (media["width"] and media["height"]):
            raise malformed("media needs a proper width.")
        if media["fps"] is not None and FPS.fullmatch(media["fps"]) is None:
            raise malformed("media needs a proper fps.")
        if not all(_is_pair(part) for part in media["black"]):
            raise malformed("media needs a proper black.")
    return EpisodeFacts(number, name, media, tuple(subtitles))


def title_from_json(row: Any, episodes: tuple[int, ...]) -> TitleFacts:
    """Read the title's fields, `cost` as yuan in text, `cast` as objects. Raises SpecFault."""
    known = {*_TEXTS, *_FLAGS, "planned_episodes", "covers", "cast", "cost"}
    if not isinstance(row, dict):
        raise _title("it must be an object.")
    if unknown := sorted(str(field) for field in row.keys() - known):
        raise _title(f"there is no field {unknown[0]}.")
    texts = {field: row.get(field, "") for field in _TEXTS}
    flags = {field: row.get(field, False) for field in _FLAGS}
    if odd := [field for field, value in texts.items() if not isinstance(value, str)]:
        raise _title(f"{odd[0]} must be a text.")
    if odd := [field for field, value in flags.items() if not isinstance(value, bool)]:
        raise _title(f"{odd[0]} is true or false.")
    if not texts["name"]:
        raise _title("it needs a name.")
    planned, covers, cast = row.get("planned_episodes"), row.get("covers", []), row.get("cast", [])
    if planned is not None and (type(planned) is not int or not 1 <= planned <= MOST_EPISODES):
        raise _title(f"planned_episodes must be a whole number from 1 to {MOST_EPISODES}.")
    if not isinstance(covers, list) or not all(_is_pair(cover) and min(cover) > 0 for cover in covers):
        raise _title("covers are pairs of width and height.")
    if not isinstance(cast, list):
        raise _title("cast must be a list.")
    cost = row.get("cost")
    try:
        cost_fen = None if cost is None else Money.parse(cost).minor
    except ValueError:
        raise _title("cost must be an amount in yuan, as text.") from None
    return TitleFacts(
        **texts,
        **flags,
        episodes=episodes,
        planned_episodes=planned,
        covers=tuple((width, height) for width, height in covers),
        cast=tuple(_actor(one) for one in cast),
        cost_fen=cost_fen,
    )


def _actor(row: Any) -> Actor:
    fields = {"name": "", "role": "", "profile": "", "has_photo": False}
    if not isinstance(row, dict) or not row.keys() <= fields.keys() or not row.get("name"):
        raise _title("cast holds objects with name, role, profile and has_photo.")
    values = {**fields, **row}
    if any(type(values[field]) is not type(default) for field, default in fields.items()):
        raise _title("cast holds objects with name, role, profile and has_photo.")
    return Actor(**values)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(one) is int for one in value)


def _title(what: str) -> SpecFault:
    return SpecFault("title_malformed", "The title: {what}", what=what)
