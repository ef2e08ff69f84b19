"""Statements for payees: made in one go, opened by a private link that shows one payee alone."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finance.models import PayeeBatch, PayeeLink, PayeeLinkOpening, Payout
from finance.payee_statements import finish_statements
from finance.sealing import unseal
from studio.models import Event, Notice

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0"


@pytest.fixture(autouse=True)
def _no_tries_before(db: None) -> None:
    cache.clear()


@pytest.fixture
def finance(studio: Any, make_member: Any) -> Any:
    return make_member(studio, "finance")


@pytest.fixture
def made(settled: Any, client_of: Any, finance: Any, drain: Any) -> Any:
    """made(password="") -> the ready batch of a month with five payees."""
    settled("2026-01", ("1", "100000"), issue=True)

    def make(**changes: Any) -> PayeeBatch:
        answer = client_of(finance).post("/payouts/statements/", {"period": "2026-01", "days": 30, **changes})
        assert answer.status_code == 302, answer.content.decode()[:3000]
        drain()
        return PayeeBatch.objects.order_by("-pk")[0]

    return make


def address(link: PayeeLink) -> str:
    return f"/statement/{unseal(link.sealed_secret.encode()).decode()}/"


def link_of(batch: PayeeBatch, code: str) -> PayeeLink:
    return batch.links.select_related("party").get(party__code=code)


def reader() -> Client:
    return Client(headers={"user-agent": PHONE, "accept-language": "en"})


def test_one_job_makes_every_payees_pdf_and_link(
    made: Any, client_of: Any, finance: Any, studio: Any, make_member: Any, other_owner: Any
) -> None:
    batch = made()
    assert batch.ready_at is not None
    assert (batch.papers_count, batch.links.count()) == (5, 5)
    answer = client_of(finance).get(f"/payouts/statements/{batch.pk}/zip/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(archive.namelist()) == 5
    assert {archive.read(name)[:5] for name in archive.namelist()} == {b"%PDF-"}
    director = Payout.objects.get(party__code="director")
    assert f"王导-2026-01-P{director.pk}.pdf" in archive.namelist()
    notice = Notice.objects.get(kind="finance.payee_statements_ready")
    assert (notice.user, notice.url, notice.params["count"]) == (finance, f"/payouts/statements/{batch.pk}/", 5)
    page = client_of(finance).get(f"/payouts/statements/{batch.pk}/").content.decode()
    assert address(link_of(batch, "director")) in page
    # Who only looks does not get the addresses.
    looker = client_of(make_member(studio, "producer"))
    assert address(link_of(batch, "director")) not in looker.get(f"/payouts/statements/{batch.pk}/").content.decode()
    assert looker.post("/payouts/statements/", {"period": "2026-01", "days": 3}).status_code == 403
    assert client_of(other_owner).get(f"/payouts/statements/{batch.pk}/").status_code == 404
    assert client_of(other_owner).get(f"/payouts/statements/{batch.pk}/zip/").status_code == 404


def test_a_job_that_ends_twice_makes_the_links_once(made: Any) -> None:
    batch = made()
    before = set(batch.links.values_list("digest", flat=True))
    finish_statements(batch=batch, data=b"PK other", papers=9)
    batch.refresh_from_db()
    assert (set(batch.links.values_list("digest", flat=True)), batch.papers_count) == (before, 5)


def test_a_link_shows_its_payee_and_nobody_else(made: Any) -> None:
    batch = made()
    link, client = link_of(batch, "director"), reader()
    url = address(link)
    cover = client.get(url)
    assert cover.status_code == 200
    # Looking at the cover, as previews do, is no opening.
    assert not PayeeLinkOpening.objects.exists()
    assert (cover["Referrer-Policy"], cover["Cache-Control"]) == ("no-referrer", "private, no-store")
    client.post(url)
    page = client.get(f"{url}?lang=en").content.decode()
    director, writer = (Payout.objects.get(party__code=code) for code in ("director", "writer"))
    assert "王导" in page
    assert "¥19,880.00" in page
    for hidden in ("李编剧", "投资方", "经纪公司", "红果", "100,000.00"):
        assert hidden not in page
    pdf = client.get(f"{url}{director.pk}/")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert client.get(f"{url}{writer.pk}/").status_code == 404
    assert client.get(f"{url}999999/").status_code == 404
    found = list(PayeeLinkOpening.objects.order_by("pk").values_list("link", "kind", "agent", "network"))
    assert found == [
        (link.pk, "page", "WeChat · iOS", "127.0.0.0/24"),
        (link.pk, "pdf", "WeChat · iOS", "127.0.0.0/24"),
    ]
    assert Event.objects.filter(name="PayeeLinkOpened").count() == 1


def test_the_page_speaks_the_payees_language(made: Any, parties: Any, make_member: Any, studio: Any) -> None:
    user = make_member(studio, "investor")
    user.language = "zh-hans"
    user.save()
    party = parties["angel"]
    party.user = user
    party.save()
    batch = made()
    assert (link_of(batch, "angel").language, link_of(batch, "agent").language) == ("zh-hans", "en")
    chinese, english = reader(), reader()
    for client, code in ((chinese, "angel"), (english, "agent")):
        client.post(address(link_of(batch, code)))
    assert 'lang="en"' in english.get(address(link_of(batch, "agent"))).content.decode()
    text = chinese.get(address(link_of(batch, "angel"))).content.decode()
    assert 'lang="zh-Hans"' in text
    assert "税前" in text


def test_password_end_and_withdrawal_close_it(made: Any, client_of: Any, finance: Any) -> None:
    batch = made(password="three words")
    link, client = link_of(batch, "writer"), reader()
    url = address(link)
    assert "李编剧" not in client.get(url).content.decode()
    assert client.post(url, {"password": "wrong"}).status_code == 422
    assert not PayeeLinkOpening.objects.exists()
    assert client.post(url, {"password": "three words"}).status_code == 303
    assert "李编剧" in client.get(url).content.decode()
    for _try in range(10):
        answer = reader().post(url, {"password": "guess"})
    assert answer.status_code == 429
    client_of(finance).post(f"/payouts/statements/links/{link.pk}/revoke/")
    assert client.get(url).status_code == 404
    other = link_of(batch, "director")
    PayeeLink.objects.filter(pk=other.pk).update(expires_at=timezone.now())
    assert reader().get(address(other)).status_code == 404
    assert reader().get("/statement/unknown/").content == reader().get(address(other)).content
    shown = client_of(finance).get(f"/payouts/statements/{batch.pk}/").content.decode()
    assert url not in shown


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"period": "2025-01"}, "No payout was issued for 2025-01."),
        ({"period": "2026-13"}, "A month is written like 2026-01."),
        ({"password": "short"}, "A password has at least 6 letters."),
        ({"days": 0}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_made_is_refused(
    settled: Any, client_of: Any, finance: Any, changes: dict[str, Any], sentence: str
) -> None:
    settled("2026-01", ("1", "1000"), issue=True)
    answer = client_of(finance).post("/payouts/statements/", {"period": "2026-01", "days": 30, **changes})
    assert (answer.status_code, PayeeBatch.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_a_second_click_joins_the_batch_at_work(settled: Any, client_of: Any, finance: Any) -> None:
    settled("2026-01", ("1", "1000"), issue=True)
    client = client_of(finance)
    first, second = (client.post("/payouts/statements/", {"period": "2026-01", "days": 30}) for _click in range(2))
    assert first["Location"] == second["Location"]
    assert PayeeBatch.objects.count() == 1


def test_one_settlement_by_itself(settled: Any, client_of: Any, finance: Any, drain: Any, other_owner: Any) -> None:
    draft = settled("2026-01", ("1", "1000"))
    given = {"period": "2026-01", "days": 30, "settlement": draft.pk}
    refused = client_of(finance).post("/payouts/statements/", given)
    assert refused.status_code == 422
    assert "Statements are made from an issued settlement." in refused.content.decode()
    assert client_of(other_owner).post("/payouts/statements/", given).status_code == 404


def test_pages_cost_the_same_with_one_row_and_with_three(made: Any, client_of: Any, finance: Any) -> None:
    batch = made()
    client = client_of(finance)
    link = link_of(batch, "agent")
    visitor = reader()
    visitor.post(address(link))

    def counted() -> list[int]:
        found = []
        for who, url in (
            (client, f"/payouts/statements/{batch.pk}/"), (client, "/payouts/statements/"), (visitor, address(link)),
        ):  # fmt: skip
            with CaptureQueriesContext(connection) as queries:
                assert who.get(url).status_code == 200
            found.append(len(queries))
        return found

    others = list(batch.links.exclude(pk=link.pk))
    PayeeLink.objects.filter(pk__in=[row.pk for row in others]).delete()
    client.get("/payouts/statements/")
    one = counted()
    PayeeLink.objects.bulk_create(others)
    assert counted() == one
