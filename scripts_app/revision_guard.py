"""The database's own refusal to rewrite drafts: triggers on SQLite and PostgreSQL.

What a draft says of a scene is written once; of a revision, what came in with its file may not change once it is
locked, and a lock is not taken back. Deleting stays possible, for a title goes with all it has. The triggers are
taken down before every migrate and put up after it: SQLite makes a table anew when a migration alters it, and they go
with the old one; PostgreSQL alters no column that a trigger looks at.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

TEXT_MESSAGE = "what a draft says of a scene is written once"
LOCK_MESSAGE = "a locked revision is not changed: import a new draft"
_TEXT = ("scene_id", "revision_id", "number", "episode_number", "head", "elements", "digest")
_REVISION = (
    "script_id", "number", "source_name", "source_file", "source_sha256", "layout", "characters_count", "faults",
    "marks", "episodes", "front", "locked_at",
)  # fmt: skip
# (table, columns, what must hold of the old row, message)
_GUARDS = (
    ("scripts_app_scenetext", _TEXT, "", TEXT_MESSAGE),
    ("scripts_app_revision", _REVISION, "OLD.locked_at IS NOT NULL AND ", LOCK_MESSAGE),
)


def install_sql(vendor: str) -> list[str]:
    """Statements that put the triggers up, however often they run. Raises NotImplementedError for other databases."""
    if vendor == "sqlite":
        statements = []
        for table, columns, only, message in _GUARDS:
            differs = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
            statements += [
                f"DROP TRIGGER IF EXISTS {table}_kept",
                (
                    f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} WHEN {only}({differs}) "
                    f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
                ),
            ]
        return statements
    if vendor == "postgresql":
        statements = []
        for table, columns, only, message in _GUARDS:
            differs = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
            statements += [
                (
                    f"CREATE OR REPLACE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
                ),
                f"DROP TRIGGER IF EXISTS {table}_kept ON {table}",
                (
                    f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({only}({differs})) "
                    f"EXECUTE FUNCTION {table}_refuses()"
                ),
            ]
        return statements
    raise NotImplementedError(f"drafts have no guard for {vendor}")


def remove_sql(vendor: str) -> list[str]:
    on = {"sqlite": "", "postgresql": " ON {table}"}[vendor]
    return [f"DROP TRIGGER IF EXISTS {table}_kept{on.format(table=table)}" for table, *_rest in _GUARDS]


def remove(using: str = "default", **_signal: Any) -> None:
    """Take the triggers down before migrations: PostgreSQL alters no column that a trigger looks at."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        for (table, *_rest), statement in zip(_GUARDS, remove_sql(connection.vendor), strict=True):
            if table in there:
                cursor.execute(statement)


def install(using: str = "default", **_signal: Any) -> None:
    """Put the triggers up where the tables are as this release knows them."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table, columns, _only, _message in _GUARDS:
            if table not in connection.introspection.table_names(cursor):
                return
            there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            if not there.issuperset(columns):
                # Somebody migrated back to an earlier state; its guard comes with the way forward.
                return
        for statement in install_sql(connection.vendor):
            cursor.execute(statement)
