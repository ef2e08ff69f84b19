"""Titles at a glance: what every room knows of them, in a constant number of queries."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db.models import Count, Max, Min, Q, Sum

from compliance.choices import FilingState
from compliance.models import Classification, Filing
from delivery.choices import DeliverableState, PackageState
from delivery.models import Deliverable, Package
from finance import queries as finance_queries
from postproduction.choices import MasterState, TaskState
from postproduction.models import PostTask
from scheduling.choices import BoardState, ShootDayState
from scheduling.models import ShootDay, Strip, Stripboard
from scripts_app.choices import BreakdownState, SceneState
from scripts_app.models import Revision, Scene
from shooting.choices import SceneResult
from shooting.queries import scene_results
from studio.models import Episode, Production


@dataclasses.dataclass
class Glance:
    """One title's way so far. Money in fen."""

    production: Production
    episodes: int = 0
    revision: int = 0
    revision_faults: int = 0
    breakdown_approved: bool = False
    scenes: int = 0
    page_parts: int = 0
    class_label: str = ""
    filing_state: str = ""
    filing_label: str = ""
    filing_number: str = ""
    board_name: str = ""
    board_locked: bool = False
    board_total: int | None = None
    strips_left: int = 0
    shoot_days: int = 0
    shoot_days_wrapped: int = 0
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    scenes_shot: int = 0
    scenes_owed: int = 0
    tasks: int = 0
    tasks_done: int = 0
    masters_approved: int = 0
    deliverables: int = 0
    accepted: int = 0
    redeliver: int = 0
    in_review: int = 0
    packages: list[Package] = dataclasses.field(default_factory=list)
    on_air: int = 0
    budget: int = 0
    cost: int = 0
    receipts: int = 0
    shares: int = 0
    retained: int = 0
    margin: int = 0
    statements_held: int = 0
    # Whether the reader may see this title's money; whoever shows it decides.
    shows_money: bool = False

    @property
    def shot_percent(self) -> int:
        return self.scenes_shot * 100 // self.scenes if self.scenes else 0

    @property
    def post_percent(self) -> int:
        return self.tasks_done * 100 // self.tasks if self.tasks else 0

    @property
    def delivered_percent(self) -> int:
        return self.accepted * 100 // self.deliverables if self.deliverables else 0

    @property
    def cost_percent(self) -> int:
        return self.cost * 100 // self.budget if self.budget else 0


def glances(productions: list[Production]) -> list[Glance]:
    """Glances of these titles, in their order: some fifteen queries however many titles."""
    by_id = {production.pk: Glance(production) for production in productions}
    ids = list(by_id)
    if not ids:
        return []
    _script(by_id, ids)
    _compliance(by_id, ids)
    _schedule(by_id, ids)
    _shoot(by_id, ids)
    _post(by_id, ids)
    _delivery(by_id, ids)
    _money(by_id)
    return list(by_id.values())


def _script(by_id: dict[int, Glance], ids: list[int]) -> None:
    approved = Count("masters__episode", filter=Q(masters__state=MasterState.APPROVED), distinct=True)
    episodes = Episode.objects.filter(production__in=ids).order_by().values_list("production")
    for pk, count, masters in episodes.annotate(n=Count("id", distinct=True), approved=approved):
        by_id[pk].episodes, by_id[pk].masters_approved = count, masters
    rows = (
        Scene.objects.filter(production__in=ids, state=SceneState.ACTIVE)
        .order_by()
        .values_list("production")
        .annotate(n=Count("id"), parts=Sum("page_parts"))
    )
    for pk, count, parts in rows:
        by_id[pk].scenes, by_id[pk].page_parts = count, parts or 0
    for pk, number, faults, state in (
        Revision.objects.filter(script__production__in=ids)
        .order_by("number")
        .values_list("script__production", "number", "faults", "breakdown__state")
    ):
        glance = by_id[pk]
        glance.revision, glance.revision_faults = number, len(faults)
        glance.breakdown_approved = state == BreakdownState.APPROVED


def _compliance(by_id: dict[int, Glance], ids: list[int]) -> None:
    for row in Classification.objects.filter(production__in=ids).order_by("id"):
        by_id[row.production_id].class_label = row.get_class_code_display()
    for filing in Filing.objects.filter(production__in=ids).order_by("id"):
        glance = by_id[filing.production_id]
        glance.filing_state, glance.filing_label = filing.state, filing.get_state_display()
        if filing.state == FilingState.GRANTED:
            glance.filing_number = filing.number


def _schedule(by_id: dict[int, Glance], ids: list[int]) -> None:
    boards = Stripboard.objects.filter(production__in=ids).exclude(state=BoardState.REPLACED).order_by("id")
    chosen: dict[int, Stripboard] = {}
    for board in boards:
        held = chosen.get(board.production_id)
        if held is None or board.state == BoardState.LOCKED or held.state != BoardState.LOCKED:
            chosen[board.production_id] = board
    for pk, board in chosen.items():
        glance = by_id[pk]
        glance.board_name, glance.board_locked = board.name, board.state == BoardState.LOCKED
        glance.board_total = board.total_minor
    left = (
        Strip.objects.filter(board__in=[board.pk for board in chosen.values()], day=None)
        .order_by()
        .values_list("board__production")
        .annotate(n=Count("id"))
    )
    for pk, count in left:
        by_id[pk].strips_left = count
    wrapped = Q(state__in=[ShootDayState.WRAPPED, ShootDayState.APPROVED])
    rows = (
        ShootDay.objects.filter(production__in=ids)
        .exclude(state=ShootDayState.CANCELLED)
        .order_by()
        .values_list("production")
        .annotate(n=Count("id"), done=Count("id", filter=wrapped), first=Min("date"), last=Max("date"))
    )
    for pk, count, done, first, last in rows:
        glance = by_id[pk]
        glance.shoot_days, glance.shoot_days_wrapped, glance.first_day, glance.last_day = count, done, first, last


def _shoot(by_id: dict[int, Glance], ids: list[int]) -> None:
    for pk, scenes in scene_results(ids).items():
        by_id[pk].scenes_shot = sum(result == SceneResult.SHOT for result in scenes.values())
        by_id[pk].scenes_owed = len(scenes) - by_id[pk].scenes_shot


def _post(by_id: dict[int, Glance], ids: list[int]) -> None:
    rows = (
        PostTask.objects.filter(episode_post__episode__production__in=ids)
        .order_by()
        .values_list("episode_post__episode__production")
        .annotate(n=Count("id"), done=Count("id", filter=Q(state=TaskState.DONE)))
    )
    for pk, count, done in rows:
        by_id[pk].tasks, by_id[pk].tasks_done = count, done


def _delivery(by_id: dict[int, Glance], ids: list[int]) -> None:
    rows = (
        Deliverable.objects.filter(package__production__in=ids)
        .order_by()
        .values_list("package__production")
        .annotate(
            n=Count("id"),
            accepted=Count("id", filter=Q(state=DeliverableState.ACCEPTED)),
            redeliver=Count("id", filter=Q(state=DeliverableState.REDELIVER)),
            review=Count("id", filter=Q(state=DeliverableState.SENT)),
        )
    )
    for pk, count, accepted, redeliver, review in rows:
        glance = by_id[pk]
        glance.deliverables, glance.accepted = count, accepted
        glance.redeliver, glance.in_review = redeliver, review
    for package in Package.objects.filter(production__in=ids).select_related("platform").order_by("id"):
        glance = by_id[package.production_id]
        glance.packages.append(package)
        glance.on_air += package.state == PackageState.LIVE


def _money(by_id: dict[int, Glance]) -> None:
    for row in finance_queries.glances(glance.production for glance in by_id.values()):
        glance = by_id[row.production.pk]
        glance.budget, glance.cost = row.budget_minor, row.cost_minor
        glance.receipts, glance.shares, glance.retained = row.receipts_minor, row.shares_minor, row.retained_minor
        glance.margin, glance.statements_held = row.margin_minor, row.held
