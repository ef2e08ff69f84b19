"""Tables that are written once refuse at the database: on a fresh one, on an old one, and after a table was made anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from finance.actions import post_cost
from finance.models import Entry, EntryLine
from studio import guards

pytestmark = pytest.mark.django_db


def triggers() -> set[str]:
    """The house's triggers as the database has them."""
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall()}


def wanted() -> set[str]:
    names = {name for rule in guards.RULES if not isinstance(rule, guards.Balance) for name in rule.triggers}
    if connection.vendor == "postgresql":
        names |= {f"{rule.table}_balanced" for rule in guards.RULES if isinstance(rule, guards.Balance)}
    return names


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def cost(production: Any) -> Entry:
    return post_cost(
        production=production, account="crew", amount_minor=12_345, on_date=dt.date(2026, 12, 2), source="hand:1",
        narrative="灯光", by=None,
    )  # fmt: skip


def test_a_fresh_database_has_every_guard() -> None:
    assert {rule.table for rule in guards.RULES} >= {
        "finance_entry", "finance_entryline", "scripts_app_revision", "scripts_app_scenetext",
    }  # fmt: skip
    assert triggers() == wanted()


def test_an_old_database_has_every_guard_once_it_is_migrated(production: Any) -> None:
    """One whose guards an earlier release put up under other names."""
    guards.remove()
    assert triggers() == set()
    assert EntryLine.objects.filter(pk=cost(production).lines.first().pk).update(note="x") == 1
    if connection.vendor == "sqlite":
        execute(
            "CREATE TRIGGER finance_entry_no_update BEFORE UPDATE ON finance_entry BEGIN SELECT RAISE(ABORT, 'old'); END",
            "CREATE TRIGGER finance_entryline_no_delete BEFORE DELETE ON finance_entryline BEGIN SELECT RAISE(ABORT, 'old'); END",
        )  # fmt: skip
    else:
        execute(
            "CREATE TRIGGER finance_entry_written_once BEFORE UPDATE OR DELETE ON finance_entry "
            "FOR EACH ROW EXECUTE FUNCTION finance_entry_refuses()",
        )
    call_command("migrate", verbosity=0)
    assert triggers() == wanted()
    for sql in ("UPDATE finance_entryline SET note = 'y'", "DELETE FROM finance_entry"):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            execute(sql)


def test_a_migrated_table_keeps_its_guard(locked_revision: Any) -> None:
    from scripts_app.models import Revision

    guards.remove()
    assert Revision.objects.filter(pk=locked_revision.pk).update(layout="x") == 1
    call_command("migrate", verbosity=0)
    with pytest.raises(IntegrityError, match="locked revision"), transaction.atomic():
        Revision.objects.filter(pk=locked_revision.pk).update(layout="y")


@pytest.fixture
def locked_revision(production: Any, owner: Any) -> Any:
    from scripts_app.actions import import_script, lock_revision
    from scripts_app.samples import FIRST_LIGHT

    revision = import_script(production=production, data=FIRST_LIGHT.read_bytes(), filename="a.txt", by=owner)
    return lock_revision(revision=revision, by=owner)


def test_a_database_of_an_earlier_release_is_left_alone(monkeypatch: Any) -> None:
    """Somebody migrated back: a guard that looks at columns that are not there would stop every write."""
    rule = guards.Guard("finance_entry", "x", verbs=("UPDATE",), columns=("gone",), former=())
    monkeypatch.setattr(guards, "RULES", [rule])
    guards.install()
    assert "gone" not in str(triggers())
    Entry.objects.filter(pk=0).update(narrative="x")


def test_other_databases_are_not_said_to_be_guarded() -> None:
    with pytest.raises(NotImplementedError):
        guards.install_sql("oracle")


def test_lines_that_do_not_balance_are_refused_at_the_end_of_the_transaction(production: Any) -> None:
    """PostgreSQL; on SQLite `finance.ledger.post` and `check_books` alone stand for it."""
    entry = Entry.objects.create(production=production, source="hand:odd", on_date=dt.date(2026, 12, 2), narrative="")

    def write(*amounts: int) -> None:
        with transaction.atomic():
            EntryLine.objects.bulk_create(
                EntryLine(entry=entry, account="crew", amount_minor=amount) for amount in amounts
            )
            if connection.vendor == "postgresql":
                execute("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")

    write(5, -3, -2)
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match="sum to zero"):
            write(7, -6)
        assert entry.lines.count() == 3
    else:
        assert guards.Balance("t", "a", "b", "c", "d").install_sql("sqlite") == []
