"""The bare handler the API is measured against: WSGI, one psycopg connection a worker, one join, orjson."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import psycopg

_SQL = """
SELECT d.id, p.id, p.title, e.id, e.number, f.code, f.name, k.id, d.state, k.state, d.round, d.updated_at
FROM delivery_deliverable d
JOIN delivery_package k ON k.id = d.package_id
JOIN studio_production p ON p.id = k.production_id
JOIN delivery_platform f ON f.id = k.platform_id
JOIN studio_episode e ON e.id = d.episode_id
WHERE p.studio_id = %s ORDER BY d.id LIMIT 101
"""
_NAMES = (
    "id", "production", "production_title", "episode", "episode_number", "platform", "platform_name", "package",
    "state", "package_state", "round", "updated_at",
)  # fmt: skip
_connection: psycopg.Connection[Any] | None = None


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    global _connection
    if _connection is None:
        _connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=1)
    rows = _connection.execute(_SQL, (1,)).fetchall()
    body = orjson.dumps({"next": "x", "results": [dict(zip(_NAMES, row, strict=True)) for row in rows[:100]]})
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
