"""The admin's first page: what is in motion, before the lists of models. Rooms add their cards with `add_card`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from studio.access import Access
from studio.choices import JobState, Stage
from studio.job_names import job_name
from studio.models import Job, Production, Studio

SHOWN = 8
TONES = frozenset({"neutral", "info", "good", "warn", "bad"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """A row of a card: what, where it leads, how far it is, and the deed that waits."""

    text: str
    url: str
    sub: str = ""
    tag: str = ""
    tone: str = "neutral"
    action: str = ""
    action_url: str = ""
    step: int = 0
    steps: int = 0

    def __post_init__(self) -> None:
        assert self.tone in TONES, self.tone

    @property
    def marks(self) -> list[bool]:
        """One mark for each step, true for those reached."""
        return [place < self.step for place in range(self.steps)]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Card:
    title: str
    icon: str
    lines: list[Line]
    more: int = 0
    more_url: str = ""
    wide: bool = False
    empty: str = ""
    action: str = ""
    action_url: str = ""


Source = Callable[[HttpRequest, Studio | None], "Card | Iterable[Card] | None"]
_SOURCES: list[tuple[int, Source]] = []


def add_card(source: Source, *, order: int = 50) -> None:
    """Register `source(request, studio)`: a card, several, or None. `order` 0 to 99 is the place on the page."""
    if all(source is not known for _order, known in _SOURCES):
        _SOURCES.append((order, source))
        _SOURCES.sort(key=lambda entry: entry[0])


def cards(request: HttpRequest) -> list[Card]:
    """The cards that this user has, of the studio in front."""
    studio: Studio | None = request.studio  # type: ignore[attr-defined]
    found: list[Card] = []
    for _order, source in _SOURCES:
        made = source(request, studio)
        if isinstance(made, Card):
            found.append(made)
        elif made is not None:
            found.extend(made)
    return found


def first(rows: QuerySet[Any], studio: Studio | None) -> tuple[list[Any], int]:
    """The first rows of a card in this studio, and how many more there are: two queries at most."""
    if studio is not None:
        rows = rows.filter(**{rows.model.studio_path: studio.pk})
    found = list(rows[: SHOWN + 1])
    more = rows.count() - SHOWN if len(found) > SHOWN else 0
    return found[:SHOWN], more


_OVER = {Stage.SETTLED, Stage.CLOSED}
_WAY = [stage for stage in Stage if stage not in _OVER]
_TONE: dict[Stage | str, str] = {
    Stage.SCRIPT: "info", Stage.PREP: "info", Stage.SHOOT: "warn", Stage.POST: "warn", Stage.DELIVERY: "info",
    Stage.LIVE: "good",
}  # fmt: skip


def _dates(production: Production) -> str:
    parts = [production.code]
    if production.shoot_from_date:
        parts.append(_("shoot from %(date)s") % {"date": production.shoot_from_date.isoformat()})
    if production.deliver_by_date:
        parts.append(_("deliver by %(date)s") % {"date": production.deliver_by_date.isoformat()})
    return " · ".join(parts)


def productions_card(request: HttpRequest, studio: Studio | None) -> Card | None:
    """Titles on their way, the furthest first; those settled or closed are behind the link."""
    access: Access = request.access  # type: ignore[attr-defined]
    if not access.may("production.view"):
        return None
    place = Case(
        *[When(stage=stage, then=number) for number, stage in enumerate(_WAY)], output_field=IntegerField()
    )  # fmt: skip
    rows = access.scope(Production.objects.exclude(stage__in=_OVER), "production.view")
    found, more = first(rows.order_by(place.desc(), "deliver_by_date", "-id"), studio)
    may_open = access.may_in_studio("production.edit", studio.pk) if studio is not None else access.everything
    return Card(
        title=_("Productions in motion"),
        icon="movie",
        wide=True,
        lines=[
            Line(
                text=row.title, sub=_dates(row), url=reverse("production", args=[row.pk]),
                tag=row.get_stage_display(), tone=_TONE[row.stage], step=_WAY.index(Stage(row.stage)) + 1,
                steps=len(_WAY), action=_("Settings"), action_url=reverse("admin:studio_production_change", args=[row.pk]),
            )
            for row in found
        ],
        more=more,
        more_url=reverse("admin:studio_production_changelist"),
        empty=_("Nothing is in motion. Open a production and upload its script."),
        action=_("Open a production") if may_open else "",
        action_url=reverse("new_production") if may_open else "",
    )  # fmt: skip


def parked_jobs_card(request: HttpRequest, studio: Studio | None) -> Card | None:
    """Jobs that gave up and wait for a person."""
    access: Access = request.access  # type: ignore[attr-defined]
    if not access.may("job.manage"):
        return None
    rows = access.scope(Job.objects.filter(state=JobState.PARKED), "job.manage").select_related("production")
    found, more = first(rows.order_by("-id"), studio)
    if not found:
        return None
    return Card(
        title=_("Jobs that need a person"),
        icon="error",
        lines=[
            Line(
                text=job_name(row.kind), sub=" · ".join(filter(None, [str(row.production or ""), row.error[:120]])),
                url=reverse("job", args=[row.pk]), tag=row.get_state_display(), tone="bad",
            )
            for row in found
        ],
        more=more,
        more_url=reverse("admin:studio_job_changelist") + "?state__exact=parked",
    )  # fmt: skip


add_card(productions_card, order=0)
add_card(parked_jobs_card, order=90)
