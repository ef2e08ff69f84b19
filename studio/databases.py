"""What a fresh PostgreSQL connection is taught."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.db import connections

# A connection that answered this lately is taken to be alive.
TRUST_SECONDS = 5.0


def tune_connection(sender: Any, connection: Any, **_: Any) -> None:
    """Read timestamps with `datetime.fromisoformat`: Django's loader parses in C and then copies in Python."""
    if connection.vendor != "postgresql":
        return
    from psycopg.adapt import Loader

    class IsoTimestamp(Loader):
        # Django compares this with its own zone for each cursor and puts its loader back where they differ.
        timezone = connection.timezone

        def load(self, data: Any) -> dt.datetime:
            # The session's zone is UTC, so the text ends in +00.
            return dt.datetime.fromisoformat(str(data, "ascii"))

    connection.connection.adapters.register_loader("timestamptz", IsoTimestamp)


def trust_recent_connections(**_: Any) -> None:
    """Ask a persistent connection whether it is alive once in a while instead of at each request.

    Django asks before every request's first query: a round trip that costs as much as a short list. Connected to
    `request_started` behind Django's own receiver, which has just asked for the check.
    """
    now = time.monotonic()
    for connection in connections.all(initialized_only=True):
        if not connection.health_check_enabled or connection.connection is None:
            continue
        if now - getattr(connection, "kaiji_checked_at", 0.0) < TRUST_SECONDS:
            connection.health_check_done = True
        else:
            connection.kaiji_checked_at = now
