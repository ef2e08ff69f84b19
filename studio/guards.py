"""The database's own refusal to rewrite rows that are written once: triggers on SQLite and PostgreSQL.

A room registers its tables with a sentence when it starts. The triggers are taken down before
every migrate and put up after it: SQLite makes a table anew when a migration alters it, and they go with the old one;
PostgreSQL alters no column that a trigger looks at.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from django.db import connections


@dataclasses.dataclass(frozen=True)
class Guard:
    """One table that refuses `verbs`.

    With `columns`, only an UPDATE that changes one of them is refused; `only` is a condition on the OLD row.
    `former` are triggers of earlier releases: they are taken down and not put up again.
    """

    table: str
    sentence: str
    verbs: tuple[str, ...] = ("UPDATE", "DELETE")
    columns: tuple[str, ...] = ()
    only: str = ""
    former: tuple[str, ...] = ()

    @property
    def triggers(self) -> tuple[str, ...]:
        return tuple(f"{self.table}_kept_{verb.lower()}" for verb in self.verbs)

    def install_sql(self, vendor: str) -> list[str]:
        _known(vendor, self.table)
        made = []
        for verb, trigger in zip(self.verbs, self.triggers, strict=True):
            condition = self._condition(verb, "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM")
            when = f"WHEN ({condition}) " if condition else ""
            if vendor == "sqlite":
                made.append(
                    f"CREATE TRIGGER {trigger} BEFORE {verb} ON {self.table} {when}"
                    f"BEGIN SELECT RAISE(ABORT, '{self.sentence}'); END"
                )
            else:
                made.append(
                    f"CREATE TRIGGER {trigger} BEFORE {verb} ON {self.table} FOR EACH ROW {when}"
                    f"EXECUTE FUNCTION {self.table}_refuses()"
                )
        if vendor == "postgresql":
            made.insert(
                0,
                f"CREATE OR REPLACE FUNCTION {self.table}_refuses() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{self.sentence}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            )
        return [*self.remove_sql(vendor), *made]

    def _condition(self, verb: str, differs: str) -> str:
        changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in self.columns) if verb == "UPDATE" else ""
        return " AND ".join(part for part in (self.only, f"({changed})" if changed else "") if part)

    def remove_sql(self, vendor: str) -> list[str]:
        _known(vendor, self.table)
        return [_drop(name, self.table, vendor) for name in (*self.triggers, *self.former)]


@dataclasses.dataclass(frozen=True)
class Balance:
    """Rows of a table that share `parent` and `unit` sum to zero in `amount` once a transaction ends.

    On PostgreSQL alone: SQLite has no trigger that waits for the end of a transaction.
    """

    table: str
    parent: str
    amount: str
    unit: str
    sentence: str

    def install_sql(self, vendor: str) -> list[str]:
        _known(vendor, self.table)
        if vendor == "sqlite":
            return []
        return [
            (
                f"CREATE OR REPLACE FUNCTION {self.table}_balances() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                # A table of ours, named in code.
                f"IF EXISTS (SELECT 1 FROM {self.table} WHERE {self.parent} = NEW.{self.parent} "  # nosec B608
                f"GROUP BY {self.unit} HAVING SUM({self.amount}) <> 0) "
                f"THEN RAISE EXCEPTION '{self.sentence}' USING ERRCODE = 'integrity_constraint_violation'; "
                "END IF; RETURN NULL; END $$"
            ),
            *self.remove_sql(vendor),
            (
                f"CREATE CONSTRAINT TRIGGER {self.table}_balanced AFTER INSERT ON {self.table} "
                f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {self.table}_balances()"
            ),
        ]

    def remove_sql(self, vendor: str) -> list[str]:
        _known(vendor, self.table)
        return [_drop(f"{self.table}_balanced", self.table, vendor)] if vendor == "postgresql" else []


@dataclasses.dataclass(frozen=True)
class Closed:
    """Rows of `table` are neither added, changed nor removed while the row of `parent` that `key` names meets `when`.

    `when` is a condition on the parent as `p`.
    """

    table: str
    key: str
    parent: str
    when: str
    sentence: str

    verbs = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}

    @property
    def triggers(self) -> tuple[str, ...]:
        return tuple(f"{self.table}_closed_{verb.lower()}" for verb in self.verbs)

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.key,)

    def _closed(self, row: str) -> str:
        # Tables and conditions of ours, named in code.
        return f"EXISTS (SELECT 1 FROM {self.parent} p WHERE p.id = {row}.{self.key} AND {self.when})"  # nosec B608

    def install_sql(self, vendor: str) -> list[str]:
        _known(vendor, self.table)
        if vendor == "sqlite":
            made = [
                f"CREATE TRIGGER {trigger} BEFORE {verb} ON {self.table} "
                f"WHEN {' OR '.join(self._closed(row) for row in rows)} "
                f"BEGIN SELECT RAISE(ABORT, '{self.sentence}'); END"
                for trigger, (verb, rows) in zip(self.triggers, self.verbs.items(), strict=True)
            ]
            return [*self.remove_sql(vendor), *made]
        looks = " ".join(
            f"IF TG_OP = '{verb}' THEN IF {' OR '.join(self._closed(row) for row in rows)} THEN "
            f"RAISE EXCEPTION '{self.sentence}' USING ERRCODE = 'integrity_constraint_violation'; END IF; END IF;"
            for verb, rows in self.verbs.items()
        )
        function = (
            f"CREATE OR REPLACE FUNCTION {self.table}_closed() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {looks} IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )
        made = [
            f"CREATE TRIGGER {trigger} BEFORE {verb} ON {self.table} FOR EACH ROW EXECUTE FUNCTION {self.table}_closed()"
            for trigger, verb in zip(self.triggers, self.verbs, strict=True)
        ]
        return [function, *self.remove_sql(vendor), *made]

    def remove_sql(self, vendor: str) -> list[str]:
        _known(vendor, self.table)
        return [_drop(name, self.table, vendor) for name in self.triggers]


Rule = Guard | Balance | Closed
# In the order in which the rooms registered them.
RULES: list[Rule] = []


def _known(vendor: str, table: str) -> None:
    if vendor not in {"sqlite", "postgresql"}:
        raise NotImplementedError(f"{table} has no guard for {vendor}")


def _drop(trigger: str, table: str, vendor: str) -> str:
    return f"DROP TRIGGER IF EXISTS {trigger}" + (f" ON {table}" if vendor == "postgresql" else "")


def register(*rules: Rule) -> None:
    """Called by a room when it starts; again changes nothing."""
    RULES.extend(rule for rule in rules if rule not in RULES)


def install_sql(vendor: str, rules: Iterable[Rule] | None = None) -> list[str]:
    """Statements that put the triggers up, however often they run. Raises NotImplementedError for other databases."""
    return [text for rule in (RULES if rules is None else rules) for text in rule.install_sql(vendor)]


def remove_sql(vendor: str, rules: Iterable[Rule] | None = None) -> list[str]:
    return [text for rule in (RULES if rules is None else rules) for text in rule.remove_sql(vendor)]


def remove(using: str = "default", **_signal: Any) -> None:
    """Take the triggers down before migrations."""
    _run(using, remove_sql, ready=False)


def install(using: str = "default", **_signal: Any) -> None:
    """Put the triggers up where the tables are as this release knows them."""
    _run(using, install_sql, ready=True)


def _run(using: str, statements: Any, *, ready: bool) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for rule in RULES:
            if rule.table not in tables:
                continue
            if ready and isinstance(rule, Guard | Closed) and rule.columns:
                there = {
                    column.name for column in connection.introspection.get_table_description(cursor, rule.table)
                }  # fmt: skip
                if not there.issuperset(rule.columns):
                    # Somebody migrated back to an earlier state; its guard comes with the way forward.
                    continue
            for statement in statements(connection.vendor, [rule]):
                cursor.execute(statement)
