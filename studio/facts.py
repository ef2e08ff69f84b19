"""Facts: what a room announces after it changed something.

A fact is a frozen dataclass in a room's `events.py`. `publish` writes one `Event` and one `Job` for each subscriber
in the caller's transaction: if that rolls back, the fact never happened; once it commits, the work is not lost.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from studio.models import Event, User
from studio.versions import bump_production, bump_studio

FACTS: dict[str, type[Fact]] = {}
SUBSCRIBERS: dict[str, list[str]] = {}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of all facts. Fields of subclasses are ids, texts, numbers and ISO dates: what JSON keeps as it is."""

    subject_kind: ClassVar[str] = "production"

    studio_id: int
    production_id: int | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__name__ in FACTS and FACTS[cls.__name__].__module__ != cls.__module__:
            raise TypeError(f"two facts are named {cls.__name__}")
        FACTS[cls.__name__] = cls

    @property
    def subject(self) -> str:
        """`delivery.deliverable:12`: the row the fact is about; lists of a row's events filter by it."""
        subject_id = getattr(self, f"{self.subject_kind.rpartition('.')[2]}_id", None)
        return f"{self.subject_kind}:{subject_id}" if subject_id is not None else ""

    def to_payload(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Fact:
        known = {field.name for field in dataclasses.fields(cls)}
        # A field that a later release dropped does not stop an event written before it.
        return cls(**{key: value for key, value in payload.items() if key in known})


F = TypeVar("F", bound=Fact)


def publish(fact: Fact, *, by: User | None, at: dt.datetime | None = None) -> Event:
    """Announce a fact inside the transaction that made it true; raises outside of one."""
    from studio.jobs import enqueue

    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a fact is published inside the transaction that made it true")
    event = Event.objects.create(
        name=type(fact).__name__,
        at=at or timezone.now(),
        studio_id=fact.studio_id,
        production_id=fact.production_id,
        subject=fact.subject,
        actor_id=by.pk if by else None,
        actor_name=str(by) if by else "",
        payload=fact.to_payload(),
    )
    for kind in SUBSCRIBERS.get(event.name, []):
        enqueue(
            kind, {"event": event.pk}, studio_id=fact.studio_id, production_id=fact.production_id,
            event_id=event.pk, by=by,
        )  # fmt: skip
    if fact.production_id is not None:
        bump_production(fact.production_id)
    else:
        bump_studio(fact.studio_id)
    return event


def subscriber(fact_type: type[F], *, kind: str) -> Callable[[Callable[[Any, F], Any]], Callable[[Any, F], Any]]:
    """Register `function(run, fact)` as a job of `kind` for every fact of that type.

    It runs in one transaction with the end of its job, so its effects happen once however often it is started.
    """
    from studio.jobs import job

    def register(function: Callable[[Any, F], Any]) -> Callable[[Any, F], Any]:
        @job(kind, atomic=True)
        def hear(run: Any, event: int) -> Any:
            row = Event.objects.get(pk=event)
            return function(run, fact_type.from_payload(row.payload))  # type: ignore[arg-type]

        names = SUBSCRIBERS.setdefault(fact_type.__name__, [])
        if kind not in names:
            names.append(kind)
        return function

    return register
