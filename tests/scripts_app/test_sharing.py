"""Links for readers without an account: what they open, for how long, and what the studio sees of it."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from scripts_app import actions, queries
from scripts_app.importing import import_script
from scripts_app.models import Revision, ScriptLink, ScriptLinkOpening
from studio.models import AppendOnlyError, Event, Notice
from studio.refusals import Refused
from studio.visitors import agent_family, network_of

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "MicroMessenger/8.0.50(0x1800323d) NetType/WIFI Language/zh_CN"
)


@pytest.fixture
def script(production: Any, owner: Any, first: bytes) -> Revision:
    revision = import_script(production=production, data=first, filename="a.txt", by=owner)
    return Revision.objects.select_related("script__production__studio").get(pk=revision.pk)


def make(script: Revision, owner: Any, **fields: Any) -> tuple[ScriptLink, str]:
    link, secret = actions.make_link(revision=script, by=owner, **{"reader_name": "王导", **fields})
    return link, reverse("read_script", args=[secret])


def stranger(**headers: str) -> Client:
    return Client(headers={"accept-language": "en", **headers}, REMOTE_ADDR="203.0.113.77")


def press(client: Client, url: str, **data: str) -> Any:
    return client.post(url, data, follow=True)


def pdf_text(answer: Any) -> tuple[Any, list[str]]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(answer.content))
    return reader.metadata, [re.sub(r"[\s\u200b]", "", page.extract_text()) for page in reader.pages]


# --- making ---------------------------------------------------------------------------------------------------------


def test_a_link_is_kept_as_a_digest_and_shown_once(
    client_of: Any, owner: Any, production: Any, script: Revision
) -> None:
    client, url = client_of(owner), reverse("script_links", args=[production.pk])
    answer = client.post(
        url, {"reader_name": "王导", "revision": "1", "days": "7", "allows_pdf": "on", "episodes": "1"}
    )
    address = re.search(r"http://testserver(/read/[\w-]+/)", answer.content.decode())
    assert address is not None
    secret = address[1].split("/")[2]
    link = ScriptLink.objects.get()
    assert (link.reader_name, link.episodes, link.allows_pdf, link.made_by) == ("王导", [1], True, owner)
    assert secret not in str(ScriptLink.objects.values().get())
    assert len(secret) >= 43
    assert secret not in client.get(url).content.decode()
    assert secret not in str(list(Event.objects.values()))
    assert stranger().get(address[1]).status_code == 200


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reader_name": "  "}, "reader_missing"),
        ({"reader_name": "王" * 81}, "reader_missing"),
        ({"days": 0}, "days_out_of_range"),
        ({"days": 367}, "days_out_of_range"),
        ({"most_openings": 0}, "openings_out_of_range"),
        ({"most_openings": 1001}, "openings_out_of_range"),
        ({"password": "12345"}, "password_too_short"),
        ({"episodes": [1, 9]}, "no_such_episodes"),
        ({"role": "别人"}, "no_such_role"),
    ],
)
def test_a_bad_link_is_refused_and_nothing_is_kept(script: Revision, owner: Any, fields: Any, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        make(script, owner, **fields)
    assert refusal.value.code == code
    assert ScriptLink.objects.count() == 0


def test_the_page_says_what_is_wrong_with_a_link(client_of: Any, owner: Any, production: Any, script: Revision) -> None:
    url = reverse("script_links", args=[production.pk])
    answer = client_of(owner).post(url, {"reader_name": "王导", "revision": "1", "days": "7", "episodes": "5-1"})
    assert answer.status_code == 422
    assert "Write episodes as numbers" in answer.content.decode()
    answer = client_of(owner).post(url, {"reader_name": "王导", "revision": "7", "days": "7"})
    assert answer.status_code == 422
    assert ScriptLink.objects.count() == 0


def test_a_title_has_so_many_open_links(script: Revision, owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts_app.actions.sharing.MOST_LIVE_LINKS", 2)
    first, _url = make(script, owner)
    make(script, owner)
    with pytest.raises(Refused) as refusal:
        make(script, owner)
    assert refusal.value.code == "too_many_links"
    actions.revoke_link(link=first, by=owner)
    make(script, owner)


def test_the_database_holds_the_limits(script: Revision, owner: Any) -> None:
    link, _url = make(script, owner, most_openings=1)
    for wrong in (
        {"openings_count": 2}, {"most_openings": 0}, {"revoked_by": owner.pk}, {"reader_name": ""},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            ScriptLink.objects.filter(pk=link.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScriptLinkOpening.objects.create(link=link, opened_at=timezone.now(), kind="look")
    opening = actions.open_link(link=link, kind="page")
    with pytest.raises(AppendOnlyError):
        opening.save()
    with pytest.raises(AppendOnlyError):
        opening.delete()


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_reader_opens_the_cover_and_reads_under_the_own_name(script: Revision, owner: Any) -> None:
    link, url = make(script, owner)
    client = stranger(user_agent=IPHONE)
    cover = client.get(url)
    assert "For 王导 alone" in cover.content.decode()
    assert "林叶推门而入" not in cover.content.decode()
    # Looking at the cover, as programs do that preview addresses, is no opening.
    assert ScriptLinkOpening.objects.count() == 0
    page = press(client, url)
    text = page.content.decode()
    assert "林叶推门而入" in text
    assert f"王导 · {timezone.localdate(timezone=script.script.production.studio.zone)} · {link.code}" in text
    row = ScriptLinkOpening.objects.get()
    assert (row.kind, row.agent, row.network) == ("page", "WeChat · iOS", "203.0.113.0/24")
    for answer in (cover, page, client.get(f"{url}pdf/")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_the_pdf_carries_the_name_the_date_and_the_number_on_each_page(script: Revision, owner: Any) -> None:
    link, url = make(script, owner)
    client = stranger()
    assert client.get(f"{url}pdf/").headers["Location"] == url  # not before the cover
    press(client, url)
    meta, pages = pdf_text(client.get(f"{url}pdf/"))
    today = timezone.localdate(timezone=script.script.production.studio.zone)
    assert all(f"王导·{today}·{link.code}" in page for page in pages)
    assert meta["/Author"] == "王导"
    assert link.code in meta["/Keywords"]
    assert sorted(ScriptLinkOpening.objects.values_list("kind", flat=True)) == ["page", "pdf"]


def test_a_link_opens_only_its_part(script: Revision, owner: Any) -> None:
    _link, url = make(script, owner, episodes=[2])
    text = press(stranger(), url).content.decode()
    assert ("桌上放着一张请柬" in text, "林叶推门而入" in text, "她终于回来了" in text) == (True, False, False)
    _link, url = make(script, owner, role="沈乐")
    client = stranger()
    text = press(client, url).content.decode()
    assert ("她终于回来了" in text, "我不会放弃的" in text) == (True, False)
    _meta, pages = pdf_text(client.get(f"{url}pdf/"))
    assert "我不会放弃的" not in "".join(pages)


def test_a_link_shows_the_revision_it_was_made_for(
    script: Revision, owner: Any, production: Any, second: bytes
) -> None:
    _link, url = make(script, owner)
    import_script(production=production, data=second, filename="b.txt", by=owner)
    text = press(stranger(), url).content.decode()
    assert ("我不会放弃的" in text, "沈乐独自走远" in text) == (True, False)


def test_a_link_may_keep_the_pdf_back(script: Revision, owner: Any) -> None:
    _link, url = make(script, owner, allows_pdf=False)
    client = stranger()
    assert "/pdf/" not in press(client, url).content.decode()
    assert client.get(f"{url}pdf/").status_code == 404


def test_reading_on_is_one_opening_and_the_limit_holds(script: Revision, owner: Any) -> None:
    link, url = make(script, owner, most_openings=2)
    reader = stranger()
    for _time in range(3):
        assert "林叶推门而入" in press(reader, url).content.decode()
        reader.get(url)
    reader.get(f"{url}pdf/")
    link.refresh_from_db()
    assert link.openings_count == 1
    assert "林叶推门而入" in press(stranger(), url).content.decode()
    third = stranger()
    assert press(third, url).status_code == 404
    assert third.get(url).status_code == 404
    # Who is reading reads on.
    assert "林叶推门而入" in reader.get(url).content.decode()
    assert ScriptLinkOpening.objects.filter(kind="page").count() == 2


def test_two_who_press_at_once_do_not_both_get_the_last_opening(script: Revision, owner: Any) -> None:
    link, _url = make(script, owner, most_openings=1)
    stale = ScriptLink.objects.get(pk=link.pk)
    actions.open_link(link=link, kind="page")
    with pytest.raises(Refused):
        actions.open_link(link=stale, kind="page")
    assert ScriptLinkOpening.objects.count() == 1


def test_a_seat_is_given_up_after_a_while(script: Revision, owner: Any, time_machine: Any) -> None:
    _link, url = make(script, owner)
    client = stranger()
    press(client, url)
    time_machine.move_to(timezone.now() + dt.timedelta(hours=2, minutes=1))
    assert "林叶推门而入" not in client.get(url).content.decode()
    press(client, url)
    assert ScriptLinkOpening.objects.count() == 2


def test_a_password_is_asked_first_and_hides_the_title(script: Revision, owner: Any) -> None:
    link, url = make(script, owner, password="六月的雨下个不停")
    assert "六月" not in link.password
    client = stranger()
    cover = client.get(url).content.decode()
    assert ("初光" in cover, "王导" in cover) == (False, False)
    wrong = press(client, url, password="不对")
    assert (wrong.status_code, "That is not the password" in wrong.content.decode()) == (422, True)
    assert press(client, url).status_code == 422
    assert ScriptLinkOpening.objects.count() == 0
    assert "林叶推门而入" in press(client, url, password="六月的雨下个不停").content.decode()


# --- what opens nothing -----------------------------------------------------------------------------------------------


def test_whatever_opens_nothing_gets_one_answer(script: Revision, owner: Any) -> None:
    expired, expired_url = make(script, owner, days=1)
    revoked, revoked_url = make(script, owner)
    _used, used_url = make(script, owner, most_openings=1)
    press(stranger(), used_url)
    actions.revoke_link(link=revoked, by=owner)
    actions.revoke_link(link=revoked, by=owner)
    ScriptLink.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    unknown = reverse("read_script", args=["x" * 43])
    answers = set()
    for url in (expired_url, revoked_url, used_url, unknown, reverse("read_script", args=[" % 猫"])):
        answer = stranger().get(url)
        answers.add((answer.status_code, answer.content))
        posted = stranger().post(url)
        assert (posted.status_code, posted.content) == (answer.status_code, answer.content)
    assert len(answers) == 1
    status, body = answers.pop()
    assert status == 404
    assert b"This link opens nothing" in body
    assert Event.objects.filter(name="ScriptLinkRevoked").count() == 1


def test_a_revoked_link_ends_for_those_who_are_reading(script: Revision, owner: Any, client_of: Any) -> None:
    link, url = make(script, owner)
    reader = stranger()
    press(reader, url)
    page = reverse("revoke_script_link", args=[script.script.production_id, link.pk])
    client_of(owner).post(page)
    assert reader.get(url).status_code == 404
    assert reader.get(f"{url}pdf/").status_code == 404
    assert ScriptLinkOpening.objects.count() == 1


def test_trying_addresses_is_stopped(script: Revision, owner: Any) -> None:
    _link, url = make(script, owner)
    client = stranger()
    answers = [client.get(reverse("read_script", args=[f"guess-{n}"])).status_code for n in range(32)]
    assert answers == [404] * 30 + [429] * 2
    busy = client.get(reverse("read_script", args=["guess"]))
    assert busy.headers["Retry-After"] == "600"
    # A right address is not stopped by a neighbour's tries; another network is counted for itself.
    assert client.get(url).status_code == 200
    other = Client(REMOTE_ADDR="198.51.100.1")
    assert other.get(reverse("read_script", args=["guess"])).status_code == 404


def test_guessing_the_password_is_stopped_also_for_the_right_one(script: Revision, owner: Any) -> None:
    _link, url = make(script, owner, password="correct horse")
    client = stranger()
    assert [press(client, url, password=f"guess {n}").status_code for n in range(10)] == [422] * 10
    assert press(client, url, password="correct horse").status_code == 429
    assert ScriptLinkOpening.objects.count() == 0


def test_drawing_papers_over_and_over_is_stopped(script: Revision, owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts_app.reader_views.PAPERS", (2, 3600))
    _link, url = make(script, owner)
    client = stranger()
    press(client, url)
    assert [client.get(f"{url}pdf/").status_code for _time in range(3)] == [200, 200, 429]


def test_a_link_takes_no_other_method(script: Revision, owner: Any) -> None:
    _link, url = make(script, owner)
    assert stranger().delete(url).status_code == 405
    assert stranger().post(f"{url}pdf/").status_code == 405


# --- what the studio sees ---------------------------------------------------------------------------------------------


def test_the_sender_is_told_of_the_first_opening_and_sees_each(
    script: Revision, owner: Any, client_of: Any, production: Any, drain: Any
) -> None:
    _link, url = make(script, owner)
    press(stranger(user_agent=IPHONE), url)
    press(stranger(), url)
    drain()
    notice = Notice.objects.get(user=owner, kind="scripts_app.link_opened")
    assert (notice.params, notice.url) == (
        {"title": "初光", "reader": "王导"}, reverse("script_links", args=[production.pk]),
    )  # fmt: skip
    page = client_of(owner).get(notice.url).content.decode()
    assert ("2 openings" in page, "WeChat · iOS" in page, "203.0.113.0/24" in page) == (True, True, True)
    assert "203.0.113.77" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_link_and_three(
    count: int, script: Revision, owner: Any, production: Any, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        link, _url = make(script, owner)
        for kind in ("page", "pdf", "page"):
            actions.open_link(link=link, kind=kind)
    with django_assert_num_queries(2):
        rows = queries.links_of(production)
        assert [(row.pages, row.pdfs, len(row.openings), str(row.state)) for row in rows] == [(2, 1, 3, "live")] * count
        assert {str(row.link.made_by) for row in rows} == {str(owner)}


def test_states_of_links(script: Revision, owner: Any, production: Any) -> None:
    make(script, owner)
    used, _url = make(script, owner, most_openings=1)
    actions.open_link(link=used, kind="page")
    old, _url = make(script, owner)
    ScriptLink.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    gone, _url = make(script, owner)
    actions.revoke_link(link=gone, by=owner)
    assert [str(row.state) for row in queries.links_of(production)] == ["revoked", "expired", "used_up", "live"]


def test_who_only_reads_scripts_sees_links_and_makes_none(
    script: Revision, owner: Any, client_of: Any, make_member: Any, production: Any
) -> None:
    link, _url = make(script, owner)
    client = client_of(make_member(production.studio, "compliance_officer"))
    url = reverse("script_links", args=[production.pk])
    page = client.get(url).content.decode()
    assert ("王导" in page, "Make the link" in page, "Revoke" in page) == (True, False, False)
    assert client.post(url, {"reader_name": "x", "revision": "1", "days": "7"}).status_code == 403
    assert client.post(reverse("revoke_script_link", args=[production.pk, link.pk])).status_code == 403


# --- what is kept of a visitor ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (IPHONE, "WeChat · iOS"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile MicroMessenger/8.0 wxwork/4.1", "WeCom · Android"),
        ("curl/8.6.0", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_kept_as_its_family(agent: str, family: str) -> None:
    assert agent_family(agent) == family


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("not an address", ""),
        ("", ""),
    ],
)
def test_an_address_is_kept_as_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


@given(st.ip_addresses())
def test_no_address_can_be_read_off_its_network(address: Any) -> None:
    import ipaddress

    network = ipaddress.ip_network(network_of(str(address)))
    assert network.num_addresses >= 256


@given(st.text(max_size=1500))
def test_any_header_gives_a_short_family(text: str) -> None:
    assert len(agent_family(text)) <= 40
