"""What a platform or contract asks of a delivery: data that the studio edits."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any, get_type_hints

from studio.values import Money

# What a studio may demote to a warning; each check names its rule.
RULES = (
    "containers", "video_codecs", "audio_codecs", "sizes", "aspect", "fps", "audio_rates", "audio_channels",
    "loudness", "duration", "file_size", "black", "naming", "numbering", "subtitles", "synopsis", "tagline", "covers",
    "cover_ratios", "cast", "number", "ai_label", "same_file",
)  # fmt: skip
_RATIO = re.compile(r"[1-9][0-9]{0,4}:[1-9][0-9]{0,4}")
FPS = re.compile(r"[1-9][0-9]{0,5}(?:/[1-9][0-9]{0,5})?")
_PLACE = re.compile(r"\{(title|episode|episode:0[1-9])\}")


class SpecFault(ValueError):
    """A spec that cannot be used: stable `code`, `params` for the sentence, English `message`."""

    def __init__(self, code: str, message: str, **params: str | int) -> None:
        super().__init__(message.format_map(params))
        self.code = code
        self.params: Mapping[str, str | int] = params
        self.template = message

    @property
    def message(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Spec:
    """Rules of one delivery; what is empty or None is not asked.

    `containers` are file endings; `fps` exact fractions as text; loudness in tenths of LUFS; `black_max_ms` the
    longest black stretch; `naming` holds `{title}` and `{episode}` or `{episode:03}`; `number_free_below_fen` the
    cost below which a cost report stands in for a number; `cast_kinds` the kinds of work that owe a cast list;
    `warnings` names rules (RULES) that only warn.
    """

    code: str
    name: str
    platform: str = ""
    source: str = ""
    containers: tuple[str, ...] = ()
    video_codecs: tuple[str, ...] = ()
    audio_codecs: tuple[str, ...] = ()
    sizes: tuple[tuple[int, int], ...] = ()
    aspect: str | None = None
    fps: tuple[str, ...] = ()
    audio_rates: tuple[int, ...] = ()
    audio_channels: tuple[int, ...] = ()
    loudness_min_x10: int | None = None
    loudness_max_x10: int | None = None
    duration_min_ms: int | None = None
    duration_max_ms: int | None = None
    size_max_bytes: int | None = None
    black_max_ms: int | None = None
    naming: str | None = None
    numbering_continuous: bool = False
    subtitles_required: bool = False
    subtitle_languages: tuple[str, ...] = ()
    synopsis_max: int | None = None
    tagline_max: int | None = None
    covers_min: int | None = None
    covers_max: int | None = None
    cover_ratios: tuple[str, ...] = ()
    cast_min: int | None = None
    cast_max: int | None = None
    cast_kinds: tuple[str, ...] = ()
    cast_role_max: int | None = None
    cast_profile_max: int | None = None
    number_required: bool = False
    number_free_below_fen: int | None = None
    ai_label_required: bool = False
    ai_label_from: dt.date | None = None
    ai_proof_required: bool = False
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.code or not self.name:
            raise SpecFault("spec_unnamed", "A spec needs a code and a name.")
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, int) and value < 0 and not field.name.startswith("loudness"):
                raise SpecFault("spec_negative", "{field} cannot be negative.", field=field.name)
        for low, high in (
            ("loudness_min_x10", "loudness_max_x10"),
            ("duration_min_ms", "duration_max_ms"),
            ("covers_min", "covers_max"),
            ("cast_min", "cast_max"),
        ):
            least, most = getattr(self, low), getattr(self, high)
            if least is not None and most is not None and least > most:
                raise SpecFault("spec_bounds", "{low} lies above {high}.", low=low, high=high)
        ratios = [*self.cover_ratios, *([self.aspect] if self.aspect is not None else [])]
        if odd := [ratio for ratio in ratios if _RATIO.fullmatch(ratio) is None]:
            raise SpecFault("spec_ratio", "{ratio} is not a ratio written like 9:16.", ratio=odd[0])
        if odd := [rate for rate in self.fps if FPS.fullmatch(rate) is None]:
            raise SpecFault("spec_fps", "{rate} is not a frame rate written like 25 or 30000/1001.", rate=odd[0])
        if odd := [rule for rule in self.warnings if rule not in RULES]:
            raise SpecFault("spec_rule", "There is no rule {rule} to warn about.", rule=odd[0])
        if self.naming is not None and (
            "{episode" not in self.naming or re.search(r"[{}]", _PLACE.sub("", self.naming))
        ):
            raise SpecFault(
                "spec_naming", "The naming pattern needs {place} and knows no other places but {title}.",
                place="{episode}", title="{title}",
            )  # fmt: skip

    @classmethod
    def from_json(cls, document: Any) -> Spec:
        """Read a spec; the cost bound is written as `number_free_below_yuan` in text. Raises SpecFault."""
        if not isinstance(document, dict):
            raise SpecFault("spec_not_object", "A spec is written as an object.")
        values = dict(document)
        if (yuan := values.pop("number_free_below_yuan", None)) is not None:
            try:
                values["number_free_below_fen"] = Money.parse(yuan).minor
            except ValueError:
                raise SpecFault(
                    "spec_field",
                    "{field} cannot be {value}.",
                    field="number_free_below_yuan",
                    value=repr(yuan)[:60],
                ) from None
        kinds = get_type_hints(cls)
        read: dict[str, Any] = {}
        for name, value in values.items():
            if name not in kinds:
                raise SpecFault("spec_field_unknown", "A spec has no field {field}.", field=str(name)[:60])
            try:
                read[name] = _read(kinds[name], value)
            except (TypeError, ValueError):
                raise SpecFault(
                    "spec_field", "{field} cannot be {value}.", field=name, value=repr(value)[:60]
                ) from None
        for name in ("code", "name"):
            read.setdefault(name, "")
        return cls(**read)

    def to_json(self) -> dict[str, Any]:
        """All that is asked, as `from_json` reads it."""
        document: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("code", "name") or value != field.default:
                document[field.name] = _written(value)
        if "number_free_below_fen" in document:
            document["number_free_below_yuan"] = Money(document.pop("number_free_below_fen")).plain()
        return document

    def severity(self, rule: str) -> str:
        return "warning" if rule in self.warnings else "error"

    def file_stem(self, title: str, episode: int) -> str:
        """The name asked of an episode's file, without its ending; empty when none is asked."""

        def fill(place: re.Match[str]) -> str:
            if place[1] == "title":
                return title
            return f"{episode:0{place[1].partition(':0')[2] or 1}d}"

        return _PLACE.sub(fill, self.naming) if self.naming else ""


def same_ratio(width: int, height: int, ratio: str) -> bool:
    """Whether the sides stand in that ratio, give or take the rounding of one dot."""
    across, down = (int(part) for part in ratio.split(":"))
    return abs(width * down - height * across) < max(across, down)


def default_specs() -> list[Spec]:
    """Specs to start from: a working set, the WeChat mini-program one, an overseas pack."""
    text = files(__package__).joinpath("data/specs.json").read_text("utf-8")
    return [Spec.from_json(row) for row in json.loads(text)["specs"]]


def _read(kind: Any, value: Any) -> Any:
    """A JSON value as the field's type. Raises TypeError or ValueError."""
    shape = str(kind)
    if value is None and "None" in shape:
        return None
    if kind is bool:
        return _exactly(value, bool)
    if "date" in shape:
        return dt.date.fromisoformat(value)
    if not shape.startswith("tuple"):
        return _exactly(value, str if kind is str or "str" in shape else int)
    if not isinstance(value, list):
        raise TypeError
    if "tuple[int, int]" in shape:
        return tuple((_positive(width), _positive(height)) for width, height in value)
    inner: type = str if "str" in shape else int
    return tuple(_exactly(one, inner) for one in value)


def _exactly(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError
    return value


def _positive(value: Any) -> int:
    number: int = _exactly(value, int)
    if number <= 0:
        raise ValueError
    return number


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value
