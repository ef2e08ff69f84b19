"""What jobs are called on pages. Rooms add theirs with `name_job`."""

from __future__ import annotations

from django.utils.functional import Promise

NAMES: dict[str, Promise | str] = {}


def name_job(kind: str, name: Promise | str) -> None:
    NAMES[kind] = name


def job_name(kind: str) -> str:
    return str(NAMES.get(kind, kind))
