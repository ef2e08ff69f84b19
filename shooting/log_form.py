"""The page of a shoot day as it is typed: texts in, values for the action out, every text kept for the next try.

Not a Django form: a day of 60 scenes has 250 fields, and an error in one must leave the others as they stand.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from scheduling.call_sheet_clock import clock, read_clock
from scheduling.models import PlannedScene, ShootDay
from scripts_app.choices import SceneState
from scripts_app.models import Scene
from shooting.actions import MOST_EXTRAS_ROWS, MOST_HEADS, TIMES
from shooting.choices import ExtrasKind, ReportState, SceneResult, Weather
from shooting.hours import AlarmGroup, grouped, hours_if_wrapped
from shooting.models import DailyReport
from shooting.queries import Totals, reopening, totals_of
from studio.values.pages import format_pages

# A wrap typed as 01:30 after a call at 14:00 is the next morning's; at most this long, else it is a slip.
LONGEST_ROLL = 20 * 60
_NUMBERS = (("minutes", 1440), ("setups", 999))


_LABELS: dict[str, Any] = {
    "call_minute": _lazy("Call"), "first_shot_minute": _lazy("First shot"), "meal_minute": _lazy("First meal"),
    "meal_end_minute": _lazy("First meal until"), "second_meal_minute": _lazy("Second meal"),
    "second_meal_end_minute": _lazy("Second meal until"),
    "wrap_minute": _lazy("Wrap"), "weather": _lazy("Weather"), "notes": pgettext_lazy("daily report", "Notes"),
    "add_scene": _lazy("Add a scene"), "result": _lazy("Result"), "minutes": _lazy("Minutes"), "setups": _lazy("Setups"),
    "note": pgettext_lazy("scene", "Note"),
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Problem:
    """A refusal as the head of the page lists it; `field` is the name of its field, if it has one."""

    field: str
    label: str
    message: str


@dataclasses.dataclass
class SceneLine:
    """One row of the page: the scene, what stands in its fields, and what is wrong with them."""

    scene: Scene
    result: str
    minutes: str
    setups: str
    note: str
    pages: str
    planned: bool
    start: str = ""
    # A planned scene begins as owed; until somebody marks it, the page must not look as if somebody had.
    touched: bool = True
    errors: dict[str, str] = dataclasses.field(default_factory=dict)
    theirs: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class ExtrasLine:
    """One row of extras as it is typed; one without heads is no row."""

    kind: str = ""
    heads: str = ""
    call: str = ""
    wrap: str = ""
    note: str = ""
    errors: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def typed(self) -> bool:
        return bool(self.heads or self.call or self.wrap or self.note)


@dataclasses.dataclass
class LogForm:
    """The whole page. `values` is what the action takes once `errors` is empty."""

    day: ShootDay
    report: DailyReport | None
    version: int
    lines: list[SceneLine]
    times: dict[str, str]
    weather: str
    notes: str
    add_scene: str = ""
    extras: list[ExtrasLine] = dataclasses.field(default_factory=list)
    errors: dict[str, str] = dataclasses.field(default_factory=dict)
    theirs: dict[str, str] = dataclasses.field(default_factory=dict)
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    conflict: bool = False

    @property
    def editable(self) -> bool:
        return self.report is None or self.report.state == ReportState.DRAFT

    @property
    def bad(self) -> bool:
        return bool(self.errors) or any(line.errors for line in (*self.lines, *self.extras))

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong, each once, with the field it is about and the way to it."""
        found = [
            Problem(name if name in _LABELS else "", str(_LABELS.get(name, "")), message)
            for name, message in self.errors.items()
        ]
        for line in self.lines:
            scene = _("Scene %(number)s") % {"number": line.scene.number}
            for name, message in line.errors.items():
                label = f"{scene} · {_LABELS[name]}" if name in _LABELS else scene
                found.append(Problem(f"scene-{line.scene.pk}-{name}", label, message))
        for place, row in enumerate(self.extras):
            for name, message in row.errors.items():
                found.append(Problem(f"extras-{place}-{name}", _("Extras"), message))
        return found

    @property
    def extras_kinds(self) -> list[tuple[str, Any]]:
        return list(ExtrasKind.choices)

    @property
    def extras_heads(self) -> int:
        return sum(int(row.heads) for row in self.extras if row.heads.isascii() and row.heads.isdecimal())

    @property
    def extras_rows(self) -> list[ExtrasLine]:
        """What is typed, and room for more."""
        rows = [row for row in self.extras if row.typed]
        return [*rows, *(ExtrasLine() for _blank in range(max(1, 3 - len(rows))))]

    @property
    def untouched(self) -> int:
        return sum(not line.touched for line in self.lines)

    @property
    def totals(self) -> Totals:
        return totals_of(
            [
                {
                    "result": line.result, "page_parts": line.scene.page_parts,
                    "minutes": int(line.minutes) if line.minutes.isdecimal() else 0,
                    "setups": int(line.setups) if line.setups.isdecimal() else 0,
                }
                for line in self.lines
            ]
        )  # fmt: skip

    @property
    def warnings(self) -> list[AlarmGroup]:
        """What wrapping the day now would say about hours and rest; nothing until call and wrap can be read."""
        minutes = _minutes(self, {})
        call, wrap = minutes["call_minute"], minutes["wrap_minute"]
        if call is None or wrap is None or wrap <= call:
            return []
        pairs = (
            (minutes["meal_minute"], minutes["meal_end_minute"]),
            (minutes["second_meal_minute"], minutes["second_meal_end_minute"]),
        )
        meals = [(start, end) for start, end in pairs if start is not None]
        return grouped(hours_if_wrapped(self.day, self.report, call=call, meals=meals, wrap=wrap))

    @property
    def unit(self) -> str:
        return str(self.day.production.studio.page_unit)

    @property
    def pages_text(self) -> str:
        return format_pages(self.totals.parts, self.unit)

    @property
    def shot_pages_text(self) -> str:
        return format_pages(self.totals.shot_parts, self.unit)

    @property
    def weathers(self) -> list[tuple[str, Any]]:
        return list(Weather.choices)

    @property
    def results(self) -> list[tuple[str, Any, str, str]]:
        """Value, label, number key, letter key."""
        keys = (("1", "S"), ("2", "P"), ("3", "O"))
        return [(value, label, *pair) for (value, label), pair in zip(SceneResult.choices, keys, strict=True)]

    def mark(self, field: str, message: str) -> None:
        """Put an action's refusal beside the field it speaks of."""
        if field.startswith("scene-"):
            number, _dash, name = field[6:].partition("-")
            for line in self.lines:
                if str(line.scene.pk) == number:
                    line.errors[name or "result"] = message
                    return
        if field.startswith("extras-"):
            place, _dash, name = field[7:].partition("-")
            typed = [row for row in self.extras if row.typed]
            if place.isdecimal() and int(place) < len(typed):
                typed[int(place)].errors[{"call_minute": "call", "wrap_minute": "wrap"}.get(name, name)] = message
                return
        self.errors[field] = message


def stored_form(day: ShootDay) -> LogForm:
    """The page as the database has it: the report, or the plan where nobody opened one yet. Four queries."""
    report = DailyReport.objects.filter(shoot_day=day).select_related("submitted_by", "approved_by").first()
    starts = dict(
        PlannedScene.objects.filter(shoot_day=day, scene__state=SceneState.ACTIVE)
        .order_by("position")
        .values_list("scene", "start_minute")
    )
    unit = day.production.studio.page_unit
    lines = []
    if report is not None:
        decided = report.state != ReportState.DRAFT or reopening(report) is not None
        for row in report.scenes.select_related("scene").order_by("position", "id"):
            lines.append(
                SceneLine(
                    row.scene, row.result, _text(row.minutes), _text(row.setups), row.note,
                    format_pages(row.scene.page_parts, unit), row.scene_id in starts, clock(starts.get(row.scene_id)),
                    touched=decided or row.result != SceneResult.OWED or bool(row.minutes or row.setups or row.note),
                )
            )  # fmt: skip
    if report is None or report.state == ReportState.DRAFT:
        there = {line.scene.pk for line in lines}
        scenes = Scene.objects.in_bulk([pk for pk in starts if pk not in there])
        for pk, start in starts.items():
            if pk in scenes:
                scene = scenes[pk]
                lines.append(
                    SceneLine(
                        scene,
                        str(SceneResult.OWED),
                        "",
                        "",
                        "",
                        format_pages(scene.page_parts, unit),
                        True,
                        clock(start),
                        touched=False,
                    )
                )
    times = {name: clock(getattr(report, name)) if report is not None else "" for name in TIMES}
    if report is None:
        times["call_minute"] = clock(day.call_minute)
    return LogForm(
        day, report, report.version if report is not None else 0, lines, times,
        report.weather if report is not None else "", report.notes if report is not None else "",
        extras=[
            ExtrasLine(row.kind, str(row.heads), clock(row.call_minute), clock(row.wrap_minute), row.note)
            for row in (report.extras.order_by("position") if report is not None else ())
        ],
    )  # fmt: skip


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def typed_form(day: ShootDay, post: Mapping[str, Any]) -> LogForm:
    """The page as somebody typed it, read into `values`; what cannot be read is marked and kept."""
    form = stored_form(day)
    version = str(post.get("version", ""))
    form.version = int(version) if version.isdecimal() and len(version) < 18 else -1
    for name in TIMES:
        form.times[name] = str(post.get(name, "")).strip()
    form.weather, form.notes = str(post.get("weather", "")), str(post.get("notes", ""))
    _add_unplanned(form, post)
    scenes = []
    for line in form.lines:
        prefix = f"scene-{line.scene.pk}-"
        if f"{prefix}result" not in post:
            continue
        line.result = str(post[f"{prefix}result"])
        line.note = str(post.get(f"{prefix}note", "")).strip()
        line.touched = line.touched or bool(post.get(f"{prefix}touched")) or line.result != SceneResult.OWED
        item: dict[str, Any] = {"scene_id": line.scene.pk, "result": line.result, "note": line.note}
        for name, most in _NUMBERS:
            text = str(post.get(f"{prefix}{name}", "")).strip()
            setattr(line, name, text)
            item[name] = None
            if text:
                if text.isascii() and text.isdecimal() and int(text[:9]) <= most:
                    item[name] = int(text)
                else:
                    line.errors[name] = _("A whole number from 0 to %(most)s.") % {"most": most}
        scenes.append(item)
    minutes = _minutes(form, form.errors)
    form.values = {
        **minutes,
        "extras": _read_extras(form, post, minutes),
        "weather": form.weather,
        "notes": form.notes,
        "scenes": scenes,
    }
    return form


def _read_extras(form: LogForm, post: Mapping[str, Any], day: Mapping[str, int | None]) -> list[dict[str, Any]] | None:
    """Rows of extras as the action takes them; times left out are the day's. None when the page had no such rows."""
    places = [
        place for place in range(MOST_EXTRAS_ROWS + 1) if any(f"extras-{place}-{name}" in post for name in ("kind", "heads"))
    ]  # fmt: skip
    if not places:
        return None
    form.extras, found = [], []
    for place in places:
        texts = {
            name: str(post.get(f"extras-{place}-{name}", "")).strip()
            for name in ("kind", "heads", "call", "wrap", "note")
        }
        row = ExtrasLine(**texts)
        if not row.typed:
            continue
        form.extras.append(row)
        item: dict[str, Any] = {"kind": row.kind, "note": row.note, "heads": None}
        if row.heads.isascii() and row.heads.isdecimal() and 1 <= int(row.heads[:9]) <= MOST_HEADS:
            item["heads"] = int(row.heads)
        else:
            row.errors["heads"] = _("A whole number of heads from 1 to %(most)s.") % {"most": MOST_HEADS}
        for name in ("call", "wrap"):
            item[f"{name}_minute"] = day[f"{name}_minute"]
            text = getattr(row, name)
            if text:
                try:
                    item[f"{name}_minute"] = read_clock(text)
                except ValueError:
                    row.errors[name] = _("Not a time, such as 06:30 or 0630.")
        call, wrap = item["call_minute"], item["wrap_minute"]
        if call is None or wrap is None:
            row.errors.setdefault("wrap", _("Type the extras' call and wrap, or those of the day."))
        elif wrap < call and wrap + 1440 - call <= LONGEST_ROLL:
            item["wrap_minute"] = wrap + 1440
        found.append(item)
    return found


def _add_unplanned(form: LogForm, post: Mapping[str, Any]) -> None:
    """Scenes shot beyond the plan: those that the page already carries, and the one whose number was just typed."""
    there = {line.scene.pk for line in form.lines}
    active = Scene.objects.filter(production=form.day.production_id, state=SceneState.ACTIVE)
    carried = [
        int(name[6:-7])
        for name in post
        if name.startswith("scene-") and name.endswith("-result") and name[6:-7].isdecimal() and len(name) < 32
    ]
    extra = list(active.filter(pk__in=[pk for pk in carried if pk not in there]).order_by("sort_key"))
    wanted = form.add_scene = str(post.get("add_scene", "")).strip()[:20]
    if wanted:
        found = active.filter(number__iexact=wanted).first()
        if found is None:
            form.errors["add_scene"] = _("The script has no scene “%(number)s”.") % {"number": wanted}
        else:
            form.add_scene = ""
            if found.pk not in there and found not in extra:
                extra.append(found)
    for scene in extra:
        pages = format_pages(scene.page_parts, form.unit)
        form.lines.append(SceneLine(scene, str(SceneResult.SHOT), "", "", "", pages, False))


def _minutes(form: LogForm, errors: dict[str, str]) -> dict[str, int | None]:
    """The typed times as minutes; what is no time stays None and is put into `errors`."""
    read: dict[str, int | None] = dict.fromkeys(TIMES)
    for name in TIMES:
        if form.times[name]:
            try:
                read[name] = read_clock(form.times[name])
            except ValueError:
                errors[name] = _("Not a time, such as 06:30 or 0630.")
    call = read["call_minute"]
    if call is not None:
        for name in TIMES[1:]:
            minute = read[name]
            if minute is not None and minute < call and minute + 1440 - call <= LONGEST_ROLL:
                read[name] = minute + 1440
    return read


def show_conflict(form: LogForm) -> None:
    """Set beside each field that differs what is stored by now, and take the new version: saving again keeps ours."""
    stored = stored_form(form.day)
    form.conflict = True
    form.report, form.version = stored.report, stored.version
    for name in TIMES:
        if _as_clock(form.times[name]) != stored.times[name]:
            form.theirs[name] = stored.times[name] or "—"
    if form.weather != stored.weather:
        form.theirs["weather"] = str(dict(Weather.choices).get(stored.weather, "—"))
    if form.notes.strip() != stored.notes:
        form.theirs["notes"] = stored.notes or "—"
    ours_extras = [(row.kind, row.heads, _as_clock(row.call), _as_clock(row.wrap), row.note) for row in form.extras]
    if ours_extras != [(row.kind, row.heads, row.call, row.wrap, row.note) for row in stored.extras]:
        kinds = dict(ExtrasKind.choices)
        form.theirs["extras"] = (
            ", ".join(f"{kinds[row.kind]} {row.heads} {row.call}–{row.wrap}" for row in stored.extras) or "—"
        )
    theirs = {line.scene.pk: line for line in stored.lines}
    for line in form.lines:
        other = theirs.get(line.scene.pk)
        if other is None:
            continue
        for name in ("result", "minutes", "setups", "note"):
            value = getattr(other, name)
            if getattr(line, name) != value:
                line.theirs[name] = str(dict(SceneResult.choices).get(value, value)) if value else "—"


def _as_clock(text: str) -> str:
    try:
        return clock(read_clock(text)) if text else ""
    except ValueError:
        return text
