"""The room's pages and REST doors: who enters, what they see, what bad input says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from postproduction.actions import approve_master, assign_tasks, hand_in_master, open_episode
from postproduction.forms import episode_number_of
from postproduction.models import EpisodePost, Master, PostTask
from postproduction.ranged import asked_range
from studio.actions import ensure_episodes

pytestmark = pytest.mark.django_db


@pytest.fixture
def master(episode: Any, owner: Any, clip: Path) -> Master:
    return hand_in_master(episode=episode, file=clip, file_name="初光 第1集.mp4", by=owner)


def pages(post: EpisodePost, master: Master) -> list[str]:
    pk = post.episode.production_id
    return [
        reverse("production_post", args=[pk]), reverse("production_post_export", args=[pk]),
        reverse("production_masters", args=[pk]), reverse("post_episode", args=[pk, 1]),
        reverse("master", args=[master.pk]), reverse("master_file", args=[master.pk]),
    ]  # fmt: skip


def writes(post: EpisodePost, master: Master) -> list[str]:
    pk, task = post.episode.production_id, post.tasks.first()
    assert task is not None
    return [
        reverse("post_start", args=[task.pk]), reverse("post_finish", args=[task.pk]),
        reverse("post_reopen", args=[task.pk]), reverse("production_post_open", args=[pk]),
        reverse("production_post_assign", args=[pk]), reverse("production_masters", args=[pk]),
        reverse("production_masters_approve", args=[pk]), reverse("master_approve", args=[master.pk]),
    ]  # fmt: skip


def test_the_owner_sees_what_another_studio_does_not(
    post: EpisodePost, master: Master, owner: Any, other_owner: Any, client_of: Any, make_member: Any
) -> None:
    mine, theirs = client_of(owner), client_of(other_owner)
    crew = client_of(make_member(post.episode.production.studio, "crew"))
    for url in pages(post, master):
        assert (url, mine.get(url).status_code, theirs.get(url).status_code, crew.get(url).status_code) == (
            url, 200, 404, 403,
        )  # fmt: skip
    for url in writes(post, master):
        assert (url, theirs.post(url).status_code, crew.post(url).status_code) == (url, 404, 403)
    assert not PostTask.objects.exclude(state__in=["ready", "waiting"]).exists()


def test_an_artist_works_but_does_not_manage(
    post: EpisodePost, master: Master, client_of: Any, make_member: Any
) -> None:
    artist = client_of(make_member(post.episode.production.studio, "post_artist"))
    task = post.tasks.get(step="rough_cut")
    assert artist.post(reverse("post_start", args=[task.pk])).status_code == 302
    assert artist.post(reverse("master_approve", args=[master.pk])).status_code == 403
    assert artist.post(reverse("post_reopen", args=[task.pk]), {"note": "x"}).status_code == 403


def test_the_desk_shows_no_task_of_another_studio(
    post: EpisodePost, other_production: Any, owner: Any, client_of: Any
) -> None:
    theirs = ensure_episodes(production=other_production, numbers=[1])[1]
    open_episode(episode=theirs, by=None)
    body = client_of(owner).get("/post/?state=all&who=all").content.decode()
    assert "初光" in body
    assert "别人的戏" not in body
    sheet = client_of(owner).get("/post/export/?state=all&who=all").content.decode("utf-8-sig")
    assert (sheet.count("初光"), sheet.count("别人的戏")) == (11, 0)


def test_mine_is_mine(post: EpisodePost, owner: Any, production: Any, client_of: Any, make_person: Any) -> None:
    person = make_person(production.studio, "我", user=owner)
    task = post.tasks.get(step="rough_cut")
    client = client_of(owner)
    assert f'id="task-{task.pk}"' not in client.get("/post/?who=mine").content.decode()
    assign_tasks(production=production, task_ids=[task.pk], person=person, by=owner)
    assert f'id="task-{task.pk}"' in client.get("/post/?who=mine").content.decode()


def test_pages_take_as_many_queries_for_three_episodes_as_for_one(
    production: Any, owner: Any, client_of: Any, clip: Path
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(owner)
    urls = [
        "/post/?state=all",
        *(reverse(name, args=[production.pk]) for name in ("production_post", "production_masters")),
    ]
    counts: dict[int, list[int]] = {}
    for count in (1, 3):
        for episode in ensure_episodes(production=production, numbers=range(1, count + 1)).values():
            open_episode(episode=episode, by=owner)
            hand_in_master(episode=episode, file=clip, file_name="a.mp4", by=owner)
        counts[count] = []
        for url in urls:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200
            counts[count].append(len(seen))
    assert counts[1] == counts[3]


def test_one_click_starts_and_finishes(post: EpisodePost, owner: Any, client_of: Any) -> None:
    client = client_of(owner)
    task = post.tasks.get(step="rough_cut")
    answer = client.post(reverse("post_start", args=[task.pk]), headers={"HX-Request": "true"})
    assert f'id="task-{task.pk}"' in answer.content.decode()
    bad = client.post(
        reverse("post_finish", args=[task.pk]), {"minutes_worked": "many"}, headers={"HX-Request": "true"}
    )
    assert (bad.status_code, "Enter a whole number" in bad.content.decode()) == (422, True)
    client.post(reverse("post_finish", args=[task.pk]), {"minutes_worked": "40"}, headers={"HX-Request": "true"})
    task.refresh_from_db()
    assert (task.state, task.minutes_worked) == ("done", 40)
    waiting = post.tasks.get(step="qc")
    refused = client.post(reverse("post_start", args=[waiting.pk]), headers={"HX-Request": "true"})
    assert (refused.status_code, "waits for" in refused.content.decode()) == (422, True)


def test_a_foreign_next_address_is_not_followed(post: EpisodePost, owner: Any, client_of: Any) -> None:
    task = post.tasks.get(step="rough_cut")
    answer = client_of(owner).post(reverse("post_start", args=[task.pk]), {"next": "https://evil.example/"})
    assert answer.headers["Location"] == "/post/"


def test_bulk_assignment_and_its_bad_range(
    post: EpisodePost, owner: Any, production: Any, client_of: Any, make_person: Any, other_studio: Any
) -> None:
    person, stranger = make_person(production.studio, "小周"), make_person(other_studio, "别人")
    client, url = client_of(owner), reverse("production_post_assign", args=[production.pk])
    assert client.post(url, {"from_number": 2, "to_number": 1, "person": person.pk}).status_code == 422
    assert client.post(url, {"from_number": 1, "to_number": 1, "person": stranger.pk}).status_code == 422
    assert not PostTask.objects.filter(assignee__isnull=False).exists()
    assert client.post(url, {"from_number": 1, "to_number": 1, "step": "qc", "person": person.pk}).status_code == 302
    assert list(PostTask.objects.filter(assignee=person).values_list("step", flat=True)) == ["qc"]


def test_opening_the_rest_by_hand_twice(production: Any, owner: Any, client_of: Any) -> None:
    ensure_episodes(production=production, numbers=[1, 2])
    client, url = client_of(owner), reverse("production_post_open", args=[production.pk])
    client.post(url, {"number": "2"})
    assert list(EpisodePost.objects.values_list("episode__number", flat=True)) == [2]
    for _turn in range(2):
        client.post(url)
    assert EpisodePost.objects.count() == 2


def upload(client: Any, production: Any, name: str, content: bytes, **fields: Any) -> Any:
    return client.post(
        reverse("production_masters", args=[production.pk]), {"file": SimpleUploadedFile(name, content), **fields},
        headers={"Accept": "application/json"},
    )  # fmt: skip


def test_uploads_find_their_episode_or_say_why_not(
    episode: Any, production: Any, owner: Any, client_of: Any, clip: Path, settings: Any
) -> None:
    client = client_of(owner)
    good = upload(client, production, "初光 第1集.mp4", clip.read_bytes())
    assert (good.status_code, good.json()["episode"], good.json()["version"]) == (201, 1, 1)
    assert upload(client, production, "again EP01.mp4", clip.read_bytes()).json() == good.json()
    for name, content, sentence in (
        ("final.mp4", b"x", "does not say an episode"), ("EP77.mp4", b"x", "does not say an episode"),
        ("EP1.mp4", b"", "empty"),
    ):  # fmt: skip
        answer = upload(client, production, name, content)
        assert (answer.status_code, sentence in answer.json()["error"]) == (422, True)
    settings.MASTER_UPLOAD_LIMIT = 1024**2
    answer = upload(client, production, "EP1.mp4", b"x" * (1024**2 + 1))
    assert (answer.status_code, answer.json()["error"]) == (422, "The file is larger than 1 MB.")
    page = client.post(reverse("production_masters", args=[production.pk]), {})
    assert (page.status_code, "This field is required" in page.content.decode()) == (422, True)
    assert Master.objects.count() == 1


@pytest.mark.parametrize(("name", "number"), [
    ("初光 第12集.mp4", 12), ("EP03.mp4", 3), ("chuguang_e7_v2.mp4", 7), ("Episode 11 final.mov", 11),
    ("CG01-005.mp4", 5), ("step 2.mp4", 2), ("final.mp4", None), ("第0集.mp4", None),
])  # fmt: skip
def test_the_episode_is_read_from_a_name(name: str, number: int | None) -> None:
    assert episode_number_of(name) == number


@pytest.mark.parametrize(("header", "expected"), [
    ("bytes=0-99", (0, 99)), ("bytes=100-", (100, 999)), ("bytes=-10", (990, 999)), ("bytes=-5000", (0, 999)),
    ("bytes=990-5000", (990, 999)), ("bytes=5-1", None), ("bytes=-", None), ("items=0-1", None),
    ("bytes=0-1,5-6", None),
])  # fmt: skip
def test_ranges_are_read(header: str, expected: tuple[int, int] | None) -> None:
    assert asked_range(header, 1000) == expected


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=-0"])
def test_a_range_outside_of_the_file_is_refused(header: str) -> None:
    with pytest.raises(ValueError):
        asked_range(header, 1000)


def test_a_player_gets_the_part_it_asks_for(master: Master, owner: Any, client_of: Any, clip: Path) -> None:
    client, url, whole = client_of(owner), reverse("master_file", args=[master.pk]), clip.read_bytes()
    full = client.get(url)
    assert (b"".join(full.streaming_content), full.headers["Content-Type"]) == (whole, "video/mp4")
    part = client.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert client.get(url, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    assert client.get(url, headers={"If-None-Match": full.headers["ETag"]}).status_code == 304
    changed = client.get(url, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
    assert (changed.status_code, b"".join(changed.streaming_content)) == (200, whole)
    head = client.head(url)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(whole)))


def test_a_refused_file_is_not_played_in_the_browser(episode: Any, owner: Any, client_of: Any, drain: Any) -> None:
    bad = hand_in_master(episode=episode, file=b"<script>1</script>", file_name="x.html", by=owner)
    drain()
    answer = client_of(owner).get(reverse("master_file", args=[bad.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    answer.close()


def test_pages_approve_what_is_whole(master: Master, owner: Any, client_of: Any, drain: Any) -> None:
    client = client_of(owner)
    page = client.post(reverse("master_approve", args=[master.pk]), follow=True)
    assert "cannot be approved" in page.content.decode()
    drain()
    client.post(reverse("production_masters_approve", args=[master.episode.production_id]))
    master.refresh_from_db()
    assert (master.state, master.approved_by) == ("approved", owner)


def test_exports_keep_formulas_as_text(post: EpisodePost, owner: Any, production: Any, client_of: Any) -> None:
    production.title = "=cmd|'/c calc'!A1"
    production.save(update_fields=["title"])
    url = reverse("production_post_export", args=[production.pk])
    text = client_of(owner).get(url).content
    assert text.startswith(b"\xef\xbb\xbf")
    assert "'=cmd" in text.decode("utf-8-sig")
    sheet = client_of(owner).get(url + "?format=xlsx").content
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert (len(rows), rows[1][0], rows[1][1]) == (12, "=cmd|'/c calc'!A1", 1.0)


# --- REST ----------------------------------------------------------------------------------------------------------
def test_tasks_are_listed_started_and_finished(
    post: EpisodePost, owner: Any, api_of: Any, other_owner: Any, other_production: Any
) -> None:
    theirs = open_episode(episode=ensure_episodes(production=other_production, numbers=[1])[1], by=None)
    api = api_of(owner)
    rows = api.get("/api/v1/post-tasks/?state=ready").json()["results"]
    assert [(row["step"], row["episode_number"], row["production"]) for row in rows] == [
        ("rough_cut", 1, post.episode.production_id)
    ]
    pk = rows[0]["id"]
    assert api.get(f"/api/v1/post-tasks/{pk}/").json() == rows[0]
    assert api.post(f"/api/v1/post-tasks/{pk}/start/").json()["state"] == "working"
    bad = api.post(f"/api/v1/post-tasks/{pk}/finish/", {"minutes_worked": -1}, format="json")
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (400, "minutes_worked")
    done = api.post(f"/api/v1/post-tasks/{pk}/finish/", {"minutes_worked": 55}, format="json").json()
    assert (done["state"], done["minutes_worked"]) == ("done", 55)
    names = [event["name"] for event in api.get(f"/api/v1/post-tasks/{pk}/events/").json()["results"]]
    assert names == ["PostTaskStarted", "PostTaskFinished"]
    waiting = PostTask.objects.get(episode_post=post, step="qc")
    refused = api.post(f"/api/v1/post-tasks/{waiting.pk}/start/")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "task_waiting")
    first = theirs.tasks.first()
    assert first is not None
    assert api.post(f"/api/v1/post-tasks/{first.pk}/start/").status_code == 404
    assert api_of(owner, "post.view").post(f"/api/v1/post-tasks/{pk}/start/").status_code == 403


def test_masters_are_listed_with_what_was_measured(
    master: Master, owner: Any, api_of: Any, drain: Any, other_owner: Any
) -> None:
    drain()
    approve_master(master=master, by=owner)
    row = api_of(owner).get("/api/v1/masters/?state=approved").json()["results"][0]
    assert (row["episode_number"], row["version"], row["facts"]["width"]) == (1, 1, 108)
    assert api_of(owner).get(f"/api/v1/masters/{master.pk}/").json()["sha256"] == master.sha256
    assert api_of(other_owner).get("/api/v1/masters/").json()["results"] == []
