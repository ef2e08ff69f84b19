"""The board the shoot follows, and what comes back from the set unshot."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.actions.boards import bury_omitted, claim
from scheduling.actions.layout import reckon_board
from scheduling.board_sentences import say
from scheduling.choices import FIXED_DAYS, BoardState, ShootDayState
from scheduling.events import ScenesOwed, StripboardLocked
from scheduling.models import BoardDay, PlannedScene, Set, ShootDay, Strip, Stripboard
from scripts_app.choices import SceneState
from scripts_app.queries import lacks_greenlight
from studio.choices import GreenlightGate
from studio.facts import publish
from studio.models import Production, User
from studio.refusals import Refused


@transaction.atomic
def lock_board(
    *,
    board: Stripboard,
    version: int,
    by: User | None,
    leave_out: bool = False,
    override_reason: str = "",
    at: dt.datetime | None = None,
) -> Stripboard:
    """Make a draft the board the shoot follows: its days become shoot days, the board locked before is replaced.

    Strips in the boneyard stop it unless `leave_out`; broken rules unless `override_reason` says why, which is kept.
    Days whose call sheet is out are never touched: a board that plans other scenes on them is refused. So is the board
    of a title without the greenlight where the studio's gate is shut.
    """
    now = at or timezone.now()
    # All locks of one title wait for one another here: only one board is locked at a time.
    production = Production.objects.select_for_update(of=("self",)).select_related("studio").get(pk=board.production_id)
    fresh = claim(board, version)
    bury_omitted(fresh)
    laid = list(fresh.strips.exclude(day=None).select_related("scene").order_by("day", "position", "id"))
    if not laid:
        raise Refused("board_empty", _("The board is empty. Lay or solve it first."))
    if lacks_greenlight(production) and production.studio.greenlight_gate == GreenlightGate.BLOCK:
        raise Refused(
            "not_greenlit",
            _(
                "This title has no greenlight. A producer gives it on the script's page of reviews; then lock the board."
            ),
        )
    out = fresh.strips.filter(day=None, scene__state=SceneState.ACTIVE).count()
    if out and not leave_out:
        raise Refused(
            "strips_left", _("%(count)s strips are still in the boneyard. Give them a day, or lock without them."),
            field="leave_out", params={"count": out},
        )  # fmt: skip
    figures = reckon_board(fresh)
    broken = [item for item in figures.broken if item["code"] != "scene.unplaced"]
    reason = override_reason.strip()[:300]
    if broken and not reason:
        said = [say(item["code"], item["params"]) for item in broken]
        raise Refused(
            "board_breaks_rules",
            _("The board breaks rules; mend them, or say why it is locked all the same. %(rules)s"),
            field="override_reason", params={"rules": " ".join(said[:5])},
        )  # fmt: skip
    by_day: dict[int, list[Strip]] = defaultdict(list)
    for strip in laid:
        assert strip.day_id is not None
        by_day[strip.day_id].append(strip)
    days = [day for day in fresh.days.order_by("date", "unit") if day.pk in by_day]
    planned = _plan_days(production, fresh, days, by_day)
    Stripboard.objects.filter(production=production, state=BoardState.LOCKED).update(
        state=BoardState.REPLACED, updated_at=now
    )
    fresh.state, fresh.locked_at, fresh.locked_by = BoardState.LOCKED, now, by
    fresh.lock_reason = reason if broken else ""
    fresh.save(update_fields=["state", "locked_at", "locked_by", "lock_reason", "updated_at"])
    publish(
        StripboardLocked(
            studio_id=production.studio_id, production_id=production.pk, stripboard_id=fresh.pk,
            shoot_day_ids=[day.pk for day in planned], reason=fresh.lock_reason,
        ),
        by=by, at=at,
    )  # fmt: skip
    return fresh


def _plan_days(
    production: Production, board: Stripboard, days: list[BoardDay], by_day: dict[int, list[Strip]]
) -> list[ShootDay]:
    existing = {(row.date, row.unit): row for row in ShootDay.objects.filter(production=production)}
    bases = dict(
        Set.objects.filter(production=production).exclude(location=None).values_list("name", "location__base_id")
    )
    planned = []
    for day in days:
        strips = by_day[day.pk]
        row = existing.get((day.date, day.unit))
        if row is not None and row.state in FIXED_DAYS:
            _refuse_other_scenes(row, strips)
            continue
        row = row or ShootDay(production=production, date=day.date, unit=day.unit, number=0)
        homes = Counter(bases[strip.scene.set_name] for strip in strips if strip.scene.set_name in bases)
        row.board, row.state = board, ShootDayState.PLANNED
        row.call_minute = day.call_minute
        row.wrap_minute = max(day.call_minute + 1, day.wrap_minute or 0)
        row.base_id = homes.most_common(1)[0][0] if homes else None
        row.save()
        PlannedScene.objects.filter(shoot_day=row).delete()
        PlannedScene.objects.bulk_create(
            [
                PlannedScene(
                    shoot_day=row, scene_id=strip.scene_id, position=position, start_minute=strip.start_minute,
                    end_minute=strip.end_minute,
                )
                for position, strip in enumerate(strips)
            ]
        )  # fmt: skip
        planned.append(row)
    kept = {row.pk for row in planned}
    dropped = [row.pk for row in existing.values() if row.state == ShootDayState.PLANNED and row.pk not in kept]
    PlannedScene.objects.filter(shoot_day__in=dropped).delete()
    ShootDay.objects.filter(pk__in=dropped).update(state=ShootDayState.CANCELLED, updated_at=timezone.now())
    _number(production)
    return planned


def _refuse_other_scenes(row: ShootDay, strips: list[Strip]) -> None:
    there = set(row.planned_scenes.values_list("scene_id", flat=True))
    other = [strip.scene.number for strip in strips if strip.scene_id not in there]
    if other:
        raise Refused(
            "day_called",
            _(
                "The call sheet of %(date)s is out, so scenes %(scenes)s cannot be added to it. Move them to another day."
            ),
            conflict=True,
            params={"date": row.date.isoformat(), "scenes": ", ".join(other[:12])},
        )


def _number(production: Production) -> None:
    """Count shoot days by date. A day that people were called to keeps its number; the next ones count on from it."""
    last = 0
    for row in (
        ShootDay.objects.filter(production=production).exclude(state=ShootDayState.CANCELLED).order_by("date", "unit")
    ):
        if row.state in FIXED_DAYS:
            last = max(last, row.number)
            continue
        last += 1
        if row.number != last:
            ShootDay.objects.filter(pk=row.pk).update(number=last, updated_at=timezone.now())


@transaction.atomic
def note_scenes_owed(
    *, shoot_day: ShootDay, scene_ids: Iterable[int], by: User | None, at: dt.datetime | None = None
) -> list[int]:
    """Take back scenes that a shoot day planned and did not shoot: they are to be planned again.

    Drafts get their strips back into the boneyard; the next copy of the locked board has them there too. Returns the
    scenes that were not owed before; the same call twice changes nothing.
    """
    now = at or timezone.now()
    owed = list(
        PlannedScene.objects.select_for_update(of=("self",))
        .filter(shoot_day=shoot_day, scene__in=set(scene_ids), owed_at=None)
        .order_by("position")
    )
    if not owed:
        return []
    scenes = [row.scene_id for row in owed]
    PlannedScene.objects.filter(pk__in=[row.pk for row in owed]).update(owed_at=now)
    drafts = Stripboard.objects.select_related("production__studio").filter(
        production=shoot_day.production_id, state=BoardState.DRAFT
    )
    for draft in drafts:
        strips = {strip.scene_id: strip for strip in draft.strips.filter(scene__in=scenes).select_related("day")}
        missing = [scene for scene in scenes if scene not in strips]
        # A draft that plans the scene after this day has answered already.
        stale = [strip.pk for strip in strips.values() if strip.day is not None and strip.day.date <= shoot_day.date]
        if not missing and not stale:
            continue
        fresh = claim(draft, draft.version)
        Strip.objects.bulk_create([Strip(board=fresh, scene_id=scene) for scene in missing])
        Strip.objects.filter(pk__in=stale).update(day=None, position=0, pinned=False)
        reckon_board(fresh)
    production = shoot_day.production
    publish(
        ScenesOwed(
            studio_id=production.studio_id, production_id=production.pk, shoot_day_id=shoot_day.pk, scene_ids=scenes
        ),
        by=by, at=at,
    )  # fmt: skip
    return scenes
