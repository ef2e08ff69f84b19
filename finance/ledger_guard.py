"""The database's own refusal to change the ledger: triggers on SQLite and PostgreSQL.

SQLite makes a table anew when a migration alters it, and the triggers go with the old one: such a migration calls
`install` again at its end.
"""

from __future__ import annotations

TABLES = ("finance_entry", "finance_entryline")
MESSAGE = "the ledger is written once: reverse the entry by another one"


def install_sql(vendor: str) -> list[str]:
    """Statements that make the tables refuse UPDATE and DELETE. Raises NotImplementedError for other databases."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            for table in TABLES
            for verb in ("UPDATE", "DELETE")
        ]
    if vendor == "postgresql":
        return [
            (
                "CREATE OR REPLACE FUNCTION finance_ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            ),
            *(f"DROP TRIGGER IF EXISTS {table}_written_once ON {table}" for table in TABLES),
            *(
                f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION finance_ledger_refuses()"
                for table in TABLES
            ),
        ]
    raise NotImplementedError(f"the ledger has no guard for {vendor}")


def remove_sql(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")]
    if vendor == "postgresql":
        return [
            *(f"DROP TRIGGER IF EXISTS {table}_written_once ON {table}" for table in TABLES),
            "DROP FUNCTION IF EXISTS finance_ledger_refuses()",
        ]
    raise NotImplementedError(f"the ledger has no guard for {vendor}")
