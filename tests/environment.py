"""Settles data folder and database before Django's settings are read; loaded with `-p`, ahead of pytest-django.

Worker processes of xdist inherit the environment, so only the first process starts and stops a server.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from typing import Any

import pytest

_started: dict[str, Any] = {}


def _wants_postgresql(arguments: list[str]) -> bool:
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return any((a == "--database" and b == "postgresql") or a == "--database=postgresql" for a, b in pairs)


def _settle() -> None:
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    for name in ("REDIS_URL", "DEBUG", "SECURE_SSL"):
        os.environ.pop(name, None)
    if os.environ.get("KAIJI_TEST_DATA") is None:
        os.environ["KAIJI_TEST_DATA"] = _started["folder"] = tempfile.mkdtemp(prefix="kaiji-test-")
    os.environ["KAIJI_DATA"] = os.environ["KAIJI_TEST_DATA"]
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ.pop("KAIJI_TEST_POSTGRES", None)
        os.environ.pop("DATABASE_URL", None)
        if _wants_postgresql(sys.argv):
            from tests.postgres import Server, Unavailable

            try:
                _started["server"] = server = Server()
            except Unavailable as reason:
                sys.exit(f"no PostgreSQL: {reason}")
            os.environ["KAIJI_TEST_POSTGRES"] = os.environ["DATABASE_URL"] = server.url


_settle()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=["sqlite", "postgresql"], default="sqlite", help="postgresql starts a server of its own"
    )


def pytest_report_header(config: pytest.Config) -> str:
    from django.db import connection

    return f"database: {connection.vendor}"


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := _started.pop("server", None):
        server.stop()
    if folder := _started.pop("folder", None):
        shutil.rmtree(folder, ignore_errors=True)
