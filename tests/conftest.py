"""Fixtures every room's tests share: two studios that must never see each other, members, clients, a production."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from rest_framework.test import APIClient

    from studio.models import Person, Production, Studio, User

REQUIRE_ALL = os.environ.get("KAIJI_REQUIRE_ALL") == "1"
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
START = dt.date(2026, 12, 1)


# What touches no database of the suite: pure packages, and what starts processes with data of their own.
_ONCE = (
    "studio/values", "scripts_app/parsers", "scripts_app/samples", "compliance/rules", "scheduling/solver",
    "postproduction/pipeline", "postproduction/media", "delivery/checks", "finance/settlement", "finance/statements", "finance/estimating", "finance/banking",
    "finance/budgeting",
    "journeys",
    "house/test_docs", "studio/test_run", "studio/test_compose", "studio/test_design",
)  # fmt: skip


# Files that take a minute or more: begun first, so that no process is left alone with them at the end.
_LONG = ("journeys", "house/test_matrix", "house/test_language", "studio/test_workers", "studio/test_run", "e2e")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs no second run on the other database; put long files first."""
    root = Path(__file__).parent

    def place(item: pytest.Item) -> str:
        return item.path.relative_to(root).as_posix()

    for item in items:
        if place(item).startswith(_ONCE):
            item.add_marker("once")
    items.sort(key=lambda item: not place(item).startswith(_LONG))


def optional(reason: str) -> None:
    """Skip for want of an optional program; with KAIJI_REQUIRE_ALL=1 such a skip is a failure."""
    if REQUIRE_ALL:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not SHARED_DATA.is_dir():
        pytest.skip("the shared test data is not beside this checkout")
    return SHARED_DATA


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guards() -> Iterator[None]:
    """Let tests that commit empty the database after themselves: on SQLite a flush is a DELETE, which guarded tables refuse."""
    # By way of its `base`: imported alone, where PostgreSQL is the database, the module meets itself in a circle.
    from django.db.backends.sqlite3.base import DatabaseOperations

    from studio import guards

    plain = DatabaseOperations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = plain(self, style, tables, **options)
        rules = [rule for rule in guards.RULES if rule.table in tables]
        return [*guards.remove_sql("sqlite", rules), *statements, *guards.install_sql("sqlite", rules)]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.sql_flush = plain  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _plain_storage(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Files of a test go to its own folder; tests hash passwords fast and need no collected static files."""
    from django.utils import translation

    from scripts_app.queries import board
    from studio.api import authentication

    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    # Nothing listens to a broker in a test; jobs are run by `run_due` or by real workers started on purpose.
    settings.CELERY_BROKER_URL = "memory://"
    authentication.forget_tokens()
    # Rolled back, the versions it is remembered under come again.
    board.forget()
    # Sentences are compared in English unless a test asks for Chinese.
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _quiet_broker(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Keep `send` from talking to a broker unless a test brings workers of its own."""
    if "real_broker" in request.keywords:
        return
    from studio import tasks

    monkeypatch.setattr(tasks.run_job, "delay", lambda job_id: None)


@pytest.fixture
def studio(db: None) -> Studio:
    from studio.models import Studio

    return Studio.objects.create(name="青禾影视", slug="qinghe")


@pytest.fixture
def other_studio(db: None) -> Studio:
    from studio.models import Studio

    return Studio.objects.create(name="远山文化", slug="yuanshan")


@pytest.fixture
def make_member(db: None) -> Callable[..., User]:
    """make_member(studio, role, production=None, platform_code="") -> a user who can sign in."""
    from studio.models import Membership, User

    def make(studio: Studio, role: str, production: Production | None = None, platform_code: str = "") -> User:
        count = User.objects.count()
        user = User.objects.create_user(
            f"{role}-{studio.slug}-{count}", f"u{count}@example.com", "correct horse", display_name=f"{role} {count}"
        )
        Membership.objects.create(
            user=user, studio=studio, role=role, production=production, platform_code=platform_code
        )
        return user

    return make


@pytest.fixture
def owner(studio: Studio, make_member: Callable[..., User]) -> User:
    return make_member(studio, "owner")


@pytest.fixture
def other_owner(other_studio: Studio, make_member: Callable[..., User]) -> User:
    return make_member(other_studio, "owner")


@pytest.fixture
def production(studio: Studio, owner: User) -> Production:
    from studio.actions import open_production

    return open_production(
        studio=studio, title="初光", code="CG01", by=owner, investment_minor=60_000_000, shoot_from_date=START
    )


@pytest.fixture
def other_production(other_studio: Studio, other_owner: User) -> Production:
    from studio.actions import open_production

    return open_production(studio=other_studio, title="别人的戏", code="BR01", by=other_owner)


@pytest.fixture
def make_person(db: None) -> Callable[..., Person]:
    from studio.models import Person

    return lambda studio, name, **fields: Person.objects.create(studio=studio, name=name, **fields)


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """client_of(user, language="en") -> a signed-in browser."""
    from django.test import Client

    def make(user: User, language: str = "en") -> Client:
        client = Client()
        user.language = language
        user.save(update_fields=["language"])
        client.force_login(user)
        return client

    return make


@pytest.fixture
def api_of() -> Callable[..., APIClient]:
    """api_of(user, *scopes, studio=None) -> an API client with a real token of these scopes (all of the user's if none)."""
    from rest_framework.test import APIClient

    from studio.access import VERBS, access_of
    from studio.actions import make_token
    from studio.models import Studio

    def make(user: User, *scopes: str, studio: Studio | None = None) -> APIClient:
        access = access_of(user)
        chosen = studio or Studio.objects.get(pk=min(access.studio_ids))
        wanted = scopes or tuple(verb for verb in VERBS if access.may(verb))
        _token, secret = make_token(user=user, studio=chosen, name="test", scopes=wanted)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return make


@pytest.fixture
def drain(db: None) -> Callable[[], int]:
    """Do every due job in this process, as a worker would."""
    from studio.jobs import run_due

    return run_due
