from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from finance.models import Entry, Party
from studio import jobs
from studio.clockwork import CHIMES
from studio.models import Notice
from studio.notices import render

JUNE = dt.datetime(2026, 6, 1, 4, 0, tzinfo=dt.UTC)


def test_due_settlements_and_payouts_are_told_once(
    settled: Any, stated: Any, owner: Any, studio: Any, other_owner: Any, make_member: Any, drain: Any
) -> None:
    from finance.models import Statement

    crew, finance = make_member(studio, "crew"), make_member(studio, "finance")
    settlement = settled("2026-01", ("1", "1000"), issue=True, at=JUNE)
    Statement.objects.filter(pk=stated("2026-02", ("1", "7")).pk).update(accepted_at=JUNE)

    def notices() -> dict[tuple[str, str], int]:
        counts: dict[tuple[str, str], int] = {}
        for notice in Notice.objects.exclude(kind="finance.share_settled").select_related("user"):
            key = (notice.user.display_name.split()[0], notice.kind)
            counts[key] = counts.get(key, 0) + 1
        return counts

    # Two days after it was accepted and before anything is due there is nothing to say.
    for day, expected in (
        ("2026-06-03", {}),
        ("2026-06-04", {("owner", "finance.settlement_due"): 1, ("finance", "finance.settlement_due"): 1}),
        ("2026-07-01", {
            ("owner", "finance.settlement_due"): 1, ("finance", "finance.settlement_due"): 1,
            ("owner", "finance.payout_due"): 5, ("finance", "finance.payout_due"): 5,
        }),
        ("2026-07-01", None),
    ):  # fmt: skip
        before = notices()
        jobs.enqueue("finance.settlements_due", {"studio": studio.pk, "on": day}, studio_id=studio.pk)
        drain()
        assert notices() == (before if expected is None else expected)
    assert not Notice.objects.filter(user__in=[crew, other_owner]).exists()
    notice = Notice.objects.get(user=finance, kind="finance.payout_due", params__party="王导")
    assert notice.url == f"/settlements/{settlement.pk}/"
    assert "¥80.00" in render(notice.kind, notice.params)
    assert "%(" not in render(notice.kind, notice.params)


def test_the_clock_knows_both() -> None:
    from finance import jobs as _registered  # noqa: F401

    assert {chime.kind for chime in CHIMES} >= {"finance.settlements_due", "finance.accrue_missing"}


READ_ONLY = [
    "entry", "entryline", "contract", "statement", "settlement", "allocation", "payout", "budgetversion", "budgetline",
    "budgetstep",
]  # fmt: skip


@pytest.mark.parametrize("model", [*READ_ONLY, "budgetshare", "party"])
def test_admin_pages(model: str, settled: Any, client_of: Any, owner: Any, other_owner: Any, production: Any) -> None:
    from django.apps import apps

    from finance.actions import make_budget_from_template

    settled("2026-01", ("1", "1000"), issue=True)
    make_budget_from_template(production=production, by=owner)
    row = apps.get_model("finance", model).objects.first()
    mine, others = client_of(owner), client_of(other_owner)
    assert mine.get(f"/admin/finance/{model}/").status_code == 200
    assert mine.get(f"/admin/finance/{model}/{row.pk}/change/").status_code == 200
    assert others.get(f"/admin/finance/{model}/{row.pk}/change/").status_code == 404
    adds = mine.get(f"/admin/finance/{model}/add/").status_code
    deletes = mine.get(f"/admin/finance/{model}/{row.pk}/delete/").status_code
    if model in READ_ONLY:
        assert (adds, deletes) == (403, 403)
        before = Entry.objects.values_list("narrative", flat=True).first()
        assert mine.post(f"/admin/finance/{model}/{row.pk}/change/", {"narrative": "x"}).status_code == 403
        assert Entry.objects.values_list("narrative", flat=True).first() == before
    else:
        assert adds == 200


def test_a_party_in_a_contract_keeps_its_code(contract: Any, client_of: Any, owner: Any) -> None:
    party = Party.objects.get(code="agent")
    client = client_of(owner)
    url = f"/admin/finance/party/{party.pk}/change/"
    client.post(
        url,
        {"studio": party.studio_id, "code": "renamed", "name": "新名字", "kind": "company", "tax_method": "none"},
    )
    party.refresh_from_db()
    assert (party.code, party.name) == ("agent", "新名字")
    assert client.post(f"/admin/finance/party/{party.pk}/delete/", {"post": "yes"}).status_code == 403
