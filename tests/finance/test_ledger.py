from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance.actions import post_cost, reverse_entry
from finance.ledger import Side, Unbalanced, post
from finance.models import Entry, EntryLine
from studio.models import Event, Production
from studio.models.base import AppendOnlyError
from studio.refusals import Refused

DAY = dt.date(2026, 12, 2)


def cost(production: Any, **changes: Any) -> Any:
    fields = {
        "production": production, "account": "crew", "amount_minor": 12_345, "on_date": DAY, "source": "hand:1",
        "narrative": "灯光", "by": production.producer,
    }  # fmt: skip
    return post_cost(**{**fields, **changes})


def lines_of(entry: Entry) -> list[tuple[str, int]]:
    return list(entry.lines.order_by("id").values_list("account", "amount_minor"))


def test_a_cost_is_two_lines_that_sum_to_zero(production: Any) -> None:
    entry = cost(production)
    assert lines_of(entry) == [("crew", 12_345), ("payable", -12_345)]
    assert Event.objects.filter(name="CostPosted", subject=f"finance.entry:{entry.pk}").count() == 1


def test_the_same_source_twice_is_one_entry(production: Any, other_production: Any) -> None:
    first, again = cost(production), cost(production, amount_minor=99)
    assert (again.pk, Entry.objects.count(), EntryLine.objects.count()) == (first.pk, 1, 2)
    assert Event.objects.filter(name="CostPosted").count() == 1
    # Another title may have the same source.
    assert cost(other_production, by=None).pk != first.pk


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_minor": 0}, "amount_not_positive"),
        ({"amount_minor": -1}, "amount_not_positive"),
        ({"amount_minor": 10.0}, "not_whole_fen"),
        ({"amount_minor": True}, "not_whole_fen"),
        ({"amount_minor": "100"}, "not_whole_fen"),
        ({"amount_minor": 10**15}, "amount_too_large"),
        ({"account": "bank"}, "not_a_cost_account"),
        ({"account": "nonsense"}, "not_a_cost_account"),
        ({"source": " "}, "source_missing"),
        ({"source": "x" * 121}, "source_missing"),
    ],
)
def test_refused_costs_leave_nothing(production: Any, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        cost(production, **changes)
    assert (refused.value.code, Entry.objects.count(), EntryLine.objects.count()) == (code, 0, 0)


def test_a_person_of_another_studio_is_refused(production: Any, other_studio: Any, make_person: Any) -> None:
    with pytest.raises(Refused) as refused:
        cost(production, person=make_person(other_studio, "外人"))
    assert refused.value.code == "other_studio"


def test_a_reversal_is_another_entry_once(production: Any, owner: Any) -> None:
    entry = cost(production)
    reversal = reverse_entry(entry=entry, on_date=DAY, by=owner)
    assert lines_of(reversal) == [("crew", -12_345), ("payable", 12_345)]
    assert reverse_entry(entry=entry, on_date=DAY, by=owner).pk == reversal.pk
    assert (Entry.objects.count(), reversal.reverses_id) == (2, entry.pk)
    with pytest.raises(Refused) as refused:
        reverse_entry(entry=reversal, on_date=DAY, by=owner)
    assert refused.value.code == "is_a_reversal"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(-1000, 1000), min_size=1, max_size=5))
def test_only_balanced_lines_are_posted(production: Any, amounts: list[int]) -> None:
    sides = [Side("crew", amount) for amount in amounts]
    with transaction.atomic():
        if sum(amounts) == 0 and any(amounts):
            entry, _new = post(
                production=production, sides=sides, currency="CNY", on_date=DAY, source=str(amounts), narrative="",
                by=None,
            )  # fmt: skip
            assert sum(amount for _account, amount in lines_of(entry)) == 0
        else:
            with pytest.raises(Unbalanced):
                post(
                    production=production, sides=sides, currency="CNY", on_date=DAY, source=str(amounts),
                    narrative="", by=None,
                )  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE finance_entry SET narrative = 'x'",
        "DELETE FROM finance_entry",
        "UPDATE finance_entryline SET amount_minor = 1",
        "DELETE FROM finance_entryline",
    ],
)
def test_the_database_itself_refuses_to_change_the_ledger(production: Any, sql: str) -> None:
    entry = cost(production)
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert "written once" in str(refused.value)
    assert lines_of(Entry.objects.get(pk=entry.pk)) == [("crew", 12_345), ("payable", -12_345)]


def test_a_second_save_and_a_delete_are_refused_by_the_row(production: Any) -> None:
    entry = cost(production)
    for row in (entry, entry.lines.first()):
        with pytest.raises(AppendOnlyError, match="written once"):
            row.save()
        with pytest.raises(AppendOnlyError, match="never deleted"):
            row.delete()


def test_nobody_changes_the_ledger_in_the_admin(production: Any, client_of: Any) -> None:
    entry = cost(production)
    client = client_of(production.producer)
    for row in (entry, entry.lines.first()):
        name = row._meta.model_name
        for page in ("change", "delete"):
            address = reverse(f"admin:finance_{name}_{page}", args=[row.pk])
            assert client.post(address, {"narrative": "x", "note": "x", "post": "yes"}).status_code == 403
    assert (Entry.objects.get().narrative, lines_of(entry)) == ("灯光", [("crew", 12_345), ("payable", -12_345)])


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_ledger_rows_is_cleaned_up(studio: Any) -> None:
    """The flush after this test would fail on SQLite without the fixture of the suite."""
    production = Production.objects.create(studio=studio, title="一", code="A")
    assert cost(production).pk
