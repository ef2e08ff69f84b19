"""The room's pages and REST doors: who enters, what a platform's client sees, what bad input says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from delivery import actions
from delivery.models import Deliverable, Package, Verdict
from tests.delivery.conftest import AT

pytestmark = pytest.mark.django_db

TWELVE = {
    "id", "production", "production_title", "episode_number", "platform", "state", "package_state", "round", "sent_at",
    "decided_at", "reason", "updated_at",
}  # fmt: skip


@pytest.fixture
def rival(production: Any, studio: Any, owner: Any, sent: Package) -> Package:
    """The same title with another platform: what a client of the first must never see."""
    platform = {row.code: row for row in actions.install_default_platforms(studio=studio)}["hippo"]
    return actions.open_package(production=production, platform=platform, by=owner, synopsis="给对手看的简介")


@pytest.fixture
def elsewhere(other_production: Any, other_studio: Any, other_owner: Any) -> Package:
    """Another studio's title with a platform of the same code."""
    from studio.actions import ensure_episodes

    ensure_episodes(production=other_production, numbers=[1])
    platform = {row.code: row for row in actions.install_default_platforms(studio=other_studio)}["hongguo"]
    return actions.open_package(production=other_production, platform=platform, by=other_owner)


def pages(package: Package) -> list[str]:
    row = package.deliverables.first()
    assert row is not None
    return [
        reverse("production_delivery", args=[package.production_id]), reverse("package", args=[package.pk]),
        reverse("deliverable", args=[row.pk]),
    ]  # fmt: skip


def writes(package: Package) -> list[str]:
    row = package.deliverables.first()
    assert row is not None
    names = ("edit", "inspect", "send", "replace", "verdict", "live", "takedown")
    return [
        reverse("package_open", args=[package.production_id]), reverse("deliverable", args=[row.pk]),
        *(reverse(f"package_{name}", args=[package.pk]) for name in names),
    ]  # fmt: skip


def test_the_owner_sees_what_another_studio_does_not(
    sent: Package, owner: Any, other_owner: Any, client_of: Any, make_member: Any
) -> None:
    mine, theirs = client_of(owner), client_of(other_owner)
    crew = client_of(make_member(sent.production.studio, "crew"))
    reader = client_of(make_member(sent.production.studio, "finance"))
    for url in pages(sent):
        found = [client.get(url).status_code for client in (mine, theirs, crew, reader)]
        assert (url, found) == (url, [200, 404, 403, 200])
    for url in writes(sent):
        assert (url, [client.post(url).status_code for client in (theirs, crew, reader)]) == (url, [404, 403, 403])
    sent.refresh_from_db()
    assert (sent.state, sent.round) == ("sent", 1)


def test_a_platform_client_sees_its_own_platform_alone(
    sent: Package, rival: Package, elsewhere: Package, studio: Any, make_member: Any, client_of: Any, api_of: Any
) -> None:
    client_user = make_member(studio, "platform_client", platform_code="hongguo")
    browser, api = client_of(client_user), api_of(client_user)
    desk = browser.get("/delivery/").content.decode()
    assert "红果短剧" in desk
    assert "河马剧场" not in desk
    assert "别人的戏" not in desk
    assert browser.get(reverse("package", args=[sent.pk])).status_code == 200
    for hidden in (rival, elsewhere):
        row = hidden.deliverables.first()
        assert row is not None
        assert browser.get(reverse("package", args=[hidden.pk])).status_code == 404
        assert browser.get(reverse("deliverable", args=[row.pk])).status_code == 404
        for path in (f"deliveries/{row.pk}/", f"deliveries/{row.pk}/events/", f"packages/{hidden.pk}/"):
            assert (path, api.get(f"/api/v1/{path}").status_code) == (path, 404)
    rows = api.get("/api/v1/deliveries/").json()["results"]
    assert [(row["platform"], row["production"], row["episode_number"]) for row in rows] == [
        ("hongguo", sent.production_id, number) for number in (1, 2, 3)
    ]
    assert api.get("/api/v1/deliveries/?platform=hippo").json()["results"] == []
    assert [row["id"] for row in api.get("/api/v1/packages/").json()["results"]] == [sent.pk]
    assert browser.get(reverse("production_delivery", args=[sent.production_id])).status_code == 404
    assert browser.post(reverse("package_send", args=[sent.pk])).status_code == 403
    assert api.post(f"/api/v1/packages/{sent.pk}/send/").status_code == 403


def test_a_platform_client_does_not_read_our_own_inspection(
    sent: Package, studio: Any, make_member: Any, client_of: Any, owner: Any
) -> None:
    row = sent.deliverables.order_by("episode__number").first()
    assert row is not None
    Deliverable.objects.filter(pk=row.pk).update(
        override_reason="内部理由", findings=[{"code": "size", "severity": "error", "params": {}, "message": "secret"}]
    )
    Package.objects.filter(pk=sent.pk).update(findings=[{"code": "zzz", "severity": "error", "message": "内部发现"}])
    outsider = client_of(make_member(studio, "platform_client", platform_code="hongguo"))
    for url in pages(sent)[1:]:
        inside, outside = client_of(owner).get(url).content.decode(), outsider.get(url).content.decode()
        assert "内部理由" in inside
        assert "内部理由" not in outside
        assert "内部发现" not in outside


def test_no_verdict_comes_before_the_sending(sent: Package) -> None:
    """A platform whose clock is behind: the episode is decided when it was sent at the earliest."""
    row = sent.deliverables.get(episode__number=1)
    early = row.sent_at - dt.timedelta(hours=3)
    verdict = actions.receive_verdict(
        package=sent, episode_number=1, code="accepted", reason="", external_id="early", at=early
    )
    row.refresh_from_db()
    assert (verdict.at, row.decided_at) == (early, row.sent_at)


def test_the_status_of_all_deliveries_comes_in_one_paged_call(
    sent: Package, owner: Any, api_of: Any, django_assert_num_queries: Any
) -> None:
    api = api_of(owner)
    api.get("/api/v1/deliveries/")
    with django_assert_num_queries(1):
        page = api.get("/api/v1/deliveries/?limit=2").json()
    assert [set(row) for row in page["results"]] == [TWELVE, TWELVE]
    with django_assert_num_queries(1):
        rest = api.get(f"/api/v1/deliveries/?limit=2&cursor={page['next']}").json()
    assert [row["episode_number"] for row in rest["results"]] == [3]
    assert rest["next"] is None
    actions.receive_verdict(
        package=sent, episode_number=2, code="refused", reason="黑屏", external_id="a", at=AT
    )  # fmt: skip
    for query, numbers in (
        ("state=redeliver", [2]), ("state=sent", [1, 3]), ("package_state=sent", [1, 2, 3]), ("platform=wechat", []),
        (f"production={sent.production_id}&episode_number=3", [3]), (f"package={sent.pk}", [1, 2, 3]),
    ):  # fmt: skip
        rows = api.get(f"/api/v1/deliveries/?{query}").json()["results"]
        assert (query, [row["episode_number"] for row in rows]) == (query, numbers)
    assert api.get("/api/v1/deliveries/?state=lost").status_code == 400


def test_an_unchanged_list_is_a_304_until_a_verdict_comes(sent: Package, owner: Any, api_of: Any) -> None:
    api = api_of(owner)
    first = api.get("/api/v1/deliveries/")
    again = api.get("/api/v1/deliveries/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    actions.receive_verdict(package=sent, episode_number=1, code="accepted", reason="", external_id="a", at=AT)
    after = api.get("/api/v1/deliveries/", headers={"If-None-Match": first.headers["ETag"]})
    assert (after.status_code, after.json()["results"][0]["state"]) == (200, "accepted")


def test_one_delivery_with_its_events_and_verdict(sent: Package, owner: Any, api_of: Any) -> None:
    api = api_of(owner)
    row = sent.deliverables.get(episode__number=2)
    one = api.get(f"/api/v1/deliveries/{row.pk}/").json()
    assert (one["package"], one["platform_name"], one["master_version"]) == (sent.pk, "红果短剧", 1)
    url = f"/api/v1/deliveries/{row.pk}/verdict/"
    body = {"code": "refused", "reason": "黑屏", "external_id": "t-1", "at": "2026-12-10T08:00:00+08:00"}
    for _turn in range(2):
        answer = api.post(url, body, format="json")
        assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (200, "redeliver", "黑屏")
    assert Verdict.objects.count() == 1
    names = [event["name"] for event in api.get(f"/api/v1/deliveries/{row.pk}/events/").json()["results"]]
    assert names == ["PackageOpened", "MasterAttached", "PackageInspected", "PackageSent", "VerdictReceived"]
    for wrong, field in (({**body, "code": "maybe"}, "code"), ({**body, "external_id": ""}, "external_id")):
        answer = api.post(url, wrong, format="json")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    silent = api.post(url, {**body, "reason": "", "external_id": "t-2"}, format="json")
    assert (silent.status_code, silent.json()["errors"][0]["code"]) == (400, "reason_missing")
    assert api_of(owner, "delivery.view").post(url, body, format="json").status_code == 403


def test_a_package_is_inspected_and_sent_over_rest(package: Package, owner: Any, api_of: Any, drain: Any) -> None:
    api = api_of(owner)
    early = api.post(f"/api/v1/packages/{package.pk}/send/")
    assert (early.status_code, early.json()["errors"][0]["code"]) == (400, "nothing_ready")
    assert api.post(f"/api/v1/packages/{package.pk}/inspect/").status_code == 202
    drain()
    job = api.post(f"/api/v1/packages/{package.pk}/send/")
    assert (job.status_code, job.json()["kind"]) == (202, "delivery.send_package")
    drain()
    row = api.get(f"/api/v1/packages/{package.pk}/").json()
    assert (row["state"], row["round"], row["platform"]) == ("sent", 1, "hongguo")
    names = [event["name"] for event in api.get(f"/api/v1/packages/{package.pk}/events/").json()["results"]]
    assert names == ["PackageOpened", "PackageInspected", "PackageSent"]


def test_pages_walk_a_package_to_the_air_and_back(
    production: Any, platform: Any, episodes: list[Any], make_master: Any, owner: Any, client_of: Any, drain: Any
) -> None:
    client = client_of(owner)
    for episode in episodes:
        make_master(episode)
    from tests.delivery.conftest import file_number

    file_number(production)
    url = reverse("package_open", args=[production.pk])
    long = client.post(url, {"platform": platform.pk, "synopsis": "长" * 1001})
    assert (long.status_code, Package.objects.count()) == (422, 0)
    for _turn in range(2):
        client.post(url, {"platform": platform.pk, "synopsis": "简介"})
    package = Package.objects.get()

    def post(name: str, **data: Any) -> Any:
        return client.post(reverse(f"package_{name}", args=[package.pk]), data, follow=True)

    assert "No episode is inspected" in post("send").content.decode()
    post("inspect")
    assert "Inspect a package" in client.get(reverse("package", args=[package.pk])).content.decode()
    drain()
    post("send")
    drain()
    missing = post("verdict", code="refused", external_id="x", episode_number=1)
    assert (missing.status_code, "needs the platform" in missing.content.decode()) == (422, True)
    for number in (1, 2, 3):
        post("verdict", code="accepted", external_id=f"m{number}", episode_number=number)
    post("live", **{"live-at": "2026-12-20T20:00"})
    package.refresh_from_db()
    assert (package.state, package.live_at.isoformat()) == ("live", "2026-12-20T12:00:00+00:00")
    bare = post("takedown", **{"down-at": "2026-12-21T20:00", "down-reason": ""})
    assert bare.status_code == 422
    post("takedown", **{"down-at": "2026-12-21T20:00", "down-reason": "举报"})
    package.refresh_from_db()
    assert package.state == "taken_down"
    assert "举报" in client.get(reverse("package", args=[package.pk])).content.decode()


def test_a_failed_episode_is_let_through_on_its_page(
    package: Package, episodes: list[Any], make_master: Any, owner: Any, client_of: Any, drain: Any
) -> None:
    make_master(episodes[0], width=720, height=1280)
    drain()
    actions.inspect_package(package=package, by=owner)
    drain()
    row = package.deliverables.get(episode=episodes[0])
    client, url = client_of(owner), reverse("deliverable", args=[row.pk])
    assert "Episode 1 is 720x1280; taken is: 1080x1920." in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "导演要求"})
    row.refresh_from_db()
    assert (row.state, row.override_reason) == ("ready", "导演要求")


def test_pages_take_as_many_queries_for_three_episodes_as_for_one(
    production: Any, platform: Any, owner: Any, client_of: Any, make_master: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from studio.actions import ensure_episodes

    client = client_of(owner)
    counts: dict[int, list[int]] = {}
    for count in (1, 3):
        for episode in ensure_episodes(production=production, numbers=range(1, count + 1)).values():
            make_master(episode)
        package = actions.open_package(production=production, platform=platform, by=owner)
        counts[count] = []
        for url in ["/delivery/", *pages(package)[:2]]:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200
            counts[count].append(len(seen))
    assert counts[1] == counts[3]


def test_the_desk_exports_what_it_shows(sent: Package, elsewhere: Package, owner: Any, client_of: Any) -> None:
    text = client_of(owner).get("/delivery/export/").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 2
    assert text.splitlines()[1].startswith("初光,红果短剧,Sent,")
    assert client_of(owner).get("/delivery/export/?format=xlsx").content.startswith(b"PK")


def test_the_button_collects_for_the_studio_in_front(studio: Any, owner: Any, client_of: Any) -> None:
    from studio.models import Job

    answer = client_of(owner).post(reverse("delivery_collect"))
    job = Job.objects.get(kind="delivery.collect_verdicts")
    assert (answer.headers["Location"], job.studio_id) == (reverse("job", args=[job.pk]), studio.pk)
