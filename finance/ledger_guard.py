"""What the database itself refuses of the ledger: a changed row, a row taken out, and an entry that does not balance."""

from __future__ import annotations

from studio import guards

MESSAGE = "the ledger is written once: reverse the entry by another one"
UNBALANCED = "the lines of a ledger entry sum to zero"
TABLES = ("finance_entry", "finance_entryline")
RULES: tuple[guards.Rule, ...] = (
    *(
        guards.Guard(
            table, MESSAGE, former=(f"{table}_no_update", f"{table}_no_delete", f"{table}_written_once")
        )
        for table in TABLES
    ),
    guards.Balance("finance_entryline", "entry_id", "amount_minor", "currency", UNBALANCED),
)  # fmt: skip


def install_sql(vendor: str) -> list[str]:
    """For the migration that first put the guard up."""
    return guards.install_sql(vendor, RULES)


def remove_sql(vendor: str) -> list[str]:
    return guards.remove_sql(vendor, RULES)
