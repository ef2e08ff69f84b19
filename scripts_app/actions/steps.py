"""Steps of a breakdown and how they are undone.

What an action does to rows goes through a `Steps`; kept, it is a row that holds each change with what it takes to
reverse it: ["made", table, {"id"}], ["dropped", table, {the whole row}], ["changed", table, {"id", old values}].
Linked tags are left out: they follow from the rest and are brought up to date after.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scripts_app.linking import link_elements
from scripts_app.models import BreakdownStep, DictionaryWord, Element, LinkRule, Mark, Refusal, Scene, Tag
from studio.models import Production, Studio, User
from studio.refusals import Refused
from studio.versions import bump_production, bump_studio

_TABLES: dict[str, type[models.Model]] = {
    "element": Element, "tag": Tag, "mark": Mark, "refusal": Refusal, "word": DictionaryWord,
    "rule": LinkRule,
}  # fmt: skip
_NAMES = {model: name for name, model in _TABLES.items()}
_CLOCKS = frozenset({"created_at", "updated_at"})


def _whole(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in _CLOCKS
    }


class Steps:
    """Changes on their way, in the order done."""

    def __init__(self, studio_id: int, production: Production | None = None) -> None:
        self.studio_id, self.production = studio_id, production
        self.changes: list[list[Any]] = []

    def make(self, model: Any, **fields: Any) -> Any:
        row = model.objects.create(**fields)
        self.changes.append(["made", _NAMES[model], {"id": row.pk}])
        return row

    def get_or_make(self, model: Any, defaults: dict[str, Any] | None = None, **fields: Any) -> Any:
        row = model.objects.filter(**fields).first()
        return row if row is not None else self.make(model, **fields, **(defaults or {}))

    def change(self, row: Any, **fields: Any) -> None:
        before = {name: getattr(row, name) for name, value in fields.items() if getattr(row, name) != value}
        if not before:
            return
        self.changes.append(["changed", _NAMES[type(row)], {"id": row.pk, **before}])
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=[*before, *(["updated_at"] if hasattr(row, "updated_at") else [])])

    def drop(self, row: Any) -> None:
        """Delete a row, and before it what hangs on it: marks of a tag, tags of an element."""
        if isinstance(row, Element):
            for tag in row.tags.exclude(origin="linked"):
                self.drop(tag)
        elif isinstance(row, Tag):
            for mark in row.marks.all():
                self.drop(mark)
        self.changes.append(["dropped", _NAMES[type(row)], _whole(row)])
        row.delete()

    def keep(self, kind: str, *, by: User | None, at: dt.datetime | None = None, **params: Any) -> BreakdownStep | None:
        """Write the step; None when nothing changed."""
        if not self.changes:
            return None
        return BreakdownStep.objects.create(
            studio_id=self.studio_id, production=self.production, kind=kind, params=params, changes=self.changes,
            made_by=by, made_at=at or timezone.now(),
        )  # fmt: skip


def last_step(studio_id: int, production: Production | None) -> BreakdownStep | None:
    """The step that would be undone next, of a title or of the catalogue."""
    return BreakdownStep.objects.filter(studio=studio_id, production=production, undone_at=None).first()


@transaction.atomic
def undo_step(*, step: BreakdownStep, by: User | None, at: dt.datetime | None = None) -> BreakdownStep:
    """Take back the last step. Refuses one that is not the last, or whose rows changed in another way since."""
    Studio.objects.select_for_update().get(pk=step.studio_id)
    now = at or timezone.now()
    if last_step(step.studio_id, step.production) != step:
        raise Refused(
            "not_the_last_step", _("Something was done since, or this was undone already. Undo the last step first."),
            conflict=True,
        )  # fmt: skip
    BreakdownStep.objects.filter(pk=step.pk).update(undone_at=now, undone_by=by)
    try:
        with transaction.atomic():
            titles = set().union(*(_reverse(change) for change in reversed(step.changes)))
    except IntegrityError as error:
        raise Refused(
            "changed_since", _("It cannot be undone: the same things were changed in another way since."), conflict=True
        ) from error
    for production in Production.objects.filter(pk__in=titles):
        link_elements(production)
        bump_production(production.pk)
    bump_studio(step.studio_id)
    step.refresh_from_db()
    return step


def _reverse(change: list[Any]) -> set[int]:
    """Undo one change; returns the titles it touched. A row that is gone meanwhile is left gone."""
    done, table, values = change
    model = _TABLES[table]
    fields = {name: value for name, value in values.items() if name != "id"}
    row: Any
    if done == "dropped":
        if table == "mark" and not Tag.objects.filter(pk=values["tag_id"]).exists():
            return set()
        if table == "tag":
            # A rule may have linked the scene meanwhile; what somebody said stands before it.
            Tag.objects.filter(element=values["element_id"], scene=values["scene_id"], origin="linked").delete()
            there = Element.objects.filter(pk=values["element_id"]).exists()
            if not there or not Scene.objects.filter(pk=values["scene_id"]).exists():
                return set()
        row = model(**values)
        row.save(force_insert=True)
        return _title(row)
    row = model._default_manager.filter(pk=values["id"]).first()
    if row is None:
        return set()
    titles = _title(row)
    if done == "made":
        row.delete()
    else:
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=list(fields))
    return titles


def _title(row: Any) -> set[int]:
    if isinstance(row, (Element, Refusal)):
        return {row.production_id}
    if isinstance(row, Tag):
        return {row.element.production_id}
    return set()
