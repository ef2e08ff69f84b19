"""What people do to drafts and scenes."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import (
    IntExt,
    TimeOfDay,
)
from scripts_app.events import RevisionLocked, SceneEdited
from scripts_app.linking import link_elements
from scripts_app.models import Revision, Scene
from scripts_app.queries import locked_revision
from studio.facts import publish
from studio.models import User
from studio.refusals import Refused

MAX_MINUTES = 1440
_HEADING = ("set_name", "int_ext", "time_of_day", "synopsis")


@transaction.atomic
def lock_revision(*, revision: Revision, by: User | None, at: dt.datetime | None = None) -> Revision:
    """Freeze the current draft: its headings are changed by a new draft alone from here on. Twice is once."""
    must_be_current(revision, _("Revision %(number)s is not the latest one. Lock the latest."))
    now = at or timezone.now()
    locked = Revision.objects.filter(pk=revision.pk, locked_at=None).update(locked_at=now, locked_by=by, updated_at=now)
    revision.refresh_from_db()
    if locked:
        production = revision.script.production
        publish(
            RevisionLocked(
                studio_id=production.studio_id, production_id=production.pk, revision_id=revision.pk,
                number=revision.number,
            ),
            by=by, at=at,
        )  # fmt: skip
    return revision


def must_be_current(revision: Revision, sentence: str) -> None:
    if Revision.objects.filter(script=revision.script_id, number__gt=revision.number).exists():
        raise Refused("not_the_latest", sentence, conflict=True, params={"number": revision.number})


@transaction.atomic
def edit_scene(
    *,
    scene: Scene,
    by: User | None,
    at: dt.datetime | None = None,
    set_name: str | None = None,
    int_ext: str | None = None,
    time_of_day: str | None = None,
    shoot_minutes: int | None = None,
    synopsis: str | None = None,
) -> Scene:
    """Change what is given of a scene. Headings of a locked revision stay; its minutes may still be planned."""
    scene = Scene.objects.select_for_update().select_related("production").get(pk=scene.pk)
    wanted: dict[str, str | int | None] = {
        "set_name": set_name.strip() if set_name is not None else None,
        "int_ext": int_ext,
        "time_of_day": time_of_day,
        "synopsis": synopsis.strip() if synopsis is not None else None,
        "shoot_minutes": shoot_minutes,
    }
    changes = {name: value for name, value in wanted.items() if value is not None and value != getattr(scene, name)}
    if not changes:
        return scene
    _check_scene(changes)
    if any(name in changes for name in _HEADING):
        latest = locked_revision(scene.production_id)
        if latest is not None:
            raise Refused(
                "revision_locked",
                _("Revision %(number)s is locked. Import a new draft to change its scenes; minutes can still be planned."),
                params={"number": latest.number}, field=next(name for name in _HEADING if name in changes),
            )  # fmt: skip
    before: dict[str, str | int] = {name: getattr(scene, name) for name in changes}
    for name, value in changes.items():
        setattr(scene, name, value)
    scene.save(update_fields=[*changes, "updated_at"])
    if "set_name" in changes:
        link_elements(scene.production, [scene.pk])
    publish(
        SceneEdited(
            studio_id=scene.production.studio_id, production_id=scene.production_id, scene_id=scene.pk,
            number=scene.number, before=before, after={name: value for name, value in changes.items() if value is not None},
        ),
        by=by, at=at,
    )  # fmt: skip
    return scene


def _check_scene(changes: dict[str, str | int | None]) -> None:
    if changes.get("int_ext", "") not in ("", *IntExt.values):
        raise Refused("unknown_int_ext", _("A scene is inside, outside or both."), field="int_ext")
    if changes.get("time_of_day", "") not in ("", *TimeOfDay.values):
        raise Refused("unknown_time", _("A scene plays by day, by night, at dawn or at dusk."), field="time_of_day")
    for name, most in (("set_name", 120), ("synopsis", 300)):
        if len(str(changes.get(name, ""))) > most:
            raise Refused("too_long", _("At most %(most)s characters."), field=name, params={"most": most})
    minutes = changes.get("shoot_minutes", 1)
    if not isinstance(minutes, int) or not 1 <= minutes <= MAX_MINUTES:
        raise Refused(
            "minutes_out_of_range", _("A scene takes 1 to %(most)s minutes."), field="shoot_minutes",
            params={"most": MAX_MINUTES},
        )  # fmt: skip
