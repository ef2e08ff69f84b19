"""What a fresh PostgreSQL connection is taught."""

from __future__ import annotations

import datetime as dt
from typing import Any


def tune_connection(sender: Any, connection: Any, **_: Any) -> None:
    """Read timestamps with `datetime.fromisoformat`: half the cost of psycopg's own parser on long lists."""
    if connection.vendor != "postgresql":
        return
    from psycopg.adapt import Loader

    class IsoTimestamp(Loader):
        # Django compares this with its own zone for each cursor and puts its loader back where they differ.
        timezone = connection.timezone

        def load(self, data: Any) -> dt.datetime:
            return dt.datetime.fromisoformat(bytes(data).decode()).astimezone(dt.UTC)

    connection.connection.adapters.register_loader("timestamptz", IsoTimestamp)
