"""Pages of reviews, the board of scripts and the REST doors: what people do there and how many questions they ask."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from scripts_app import queries
from scripts_app.actions import (
    add_note,
    give_points,
    import_script,
    judge_episode,
    lock_revision,
    name_writer,
    open_round,
    plan_script,
    record_rights,
    review_revision,
)
from scripts_app.models import Criterion, EpisodeVerdict, Greenlight, ReviewNote, ReviewRound, Revision, Score
from studio.actions import open_production
from studio.models import Production


@pytest.fixture
def draft(production, owner, first):
    return import_script(production=production, data=first, filename="a.txt", by=owner)


@pytest.fixture
def editor(studio, make_member):
    return make_member(studio, "script_editor")


@pytest.fixture
def round(draft, owner, editor):
    return open_round(revision=draft, kind="editorial", by=owner, reviewers=[editor])


def at(name, production, *args):
    return reverse(name, args=[production.pk, *args])


def line_of(revision, words):
    return next(each.line for each in queries.text_lines(queries.Draft.of(revision)) if words in each.text)


# --- a round, by its pages ---------------------------------------------------------------------------------------


def test_a_round_from_asking_to_closing(production, draft, owner, editor, client_of):
    client = client_of(owner)
    words = {"kind": "editorial", "reviewers": [editor.pk], "due_date": "2026-12-24"}
    answer = client.post(at("open_round", production, 1), words)
    round = ReviewRound.objects.get()
    assert answer["Location"] == at("review_round", production, round.pk)
    assert (round.due_date, list(round.reviewers.all())) == (dt.date(2026, 12, 24), [editor])
    reading = client_of(editor)
    page = reading.get(at("review_round", production, round.pk)).content.decode()
    assert at("review_episode", production, round.pk, 1) in page
    assert "0 of 2 read" in page
    # A verdict goes on to the next episode, the last one back to the round.
    first = reading.post(at("review_episode", production, round.pk, 1), {"verdict": "pass", "reason": ""})
    assert first["Location"] == at("review_episode", production, round.pk, 2)
    refused = reading.post(at("review_episode", production, round.pk, 2), {"verdict": "return", "reason": " "})
    assert refused.status_code == 422
    assert "Say what has to change when you return an episode." in refused.content.decode()
    last = reading.post(at("review_episode", production, round.pk, 2), {"verdict": "return", "reason": "太慢"})
    assert last["Location"] == at("review_round", production, round.pk)
    assert "2 of 2 read" in reading.get(last["Location"]).content.decode()
    assert reading.post(at("close_round", production, round.pk), {"notes": "x"}).status_code == 422
    assert reading.post(at("close_round", production, round.pk), {"verdict": "return"}).status_code == 302
    page = reading.get(at("review_round", production, round.pk)).content.decode()
    assert "Closed by" in page
    assert "太慢" in page
    assert at("close_round", production, round.pk) not in page
    frozen = reading.post(at("review_episode", production, round.pk, 1), {"verdict": "return", "reason": "慢"})
    assert frozen.status_code == 422
    assert list(EpisodeVerdict.objects.order_by("episode").values_list("verdict", "reason")) == [
        ("pass", ""), ("return", "太慢"),
    ]  # fmt: skip


def test_notes_stand_beside_their_line_and_are_answered(production, draft, round, editor, owner, client_of, second):
    reading = client_of(editor)
    line = line_of(draft, "桌上放着")
    words = {"line": line, "quote": "一张请柬", "body": "<b>要红的</b>"}
    answer = reading.post(at("add_note", production, round.pk), words)
    assert answer["Location"] == f"{at('review_episode', production, round.pk, 2)}#line-{line}"
    note = ReviewNote.objects.get()
    page = reading.get(at("review_episode", production, round.pk, 2)).content.decode()
    assert "&lt;b&gt;要红的&lt;/b&gt;" in page
    assert "一张请柬</blockquote>" in page
    assert "要红的" not in reading.get(at("review_episode", production, round.pk, 1)).content.decode()
    desk = client_of(owner)
    back = desk.post(at("review_note", production, note.pk), {"body": "好", "round": round.pk, "episode": "2"})
    assert back["Location"] == f"{at('review_episode', production, round.pk, 2)}#note-{note.pk}"
    import_script(production=production, data=second, filename="b.txt", by=owner)
    page = desk.get(at("reviews", production)).content.decode()
    assert "From revision 1" in page
    assert "Answered" in page
    desk.post(at("review_note", production, note.pk), {"settle": "1"})
    assert "From revision 1" not in desk.get(at("reviews", production)).content.decode()
    bad = reading.post(at("add_note", production, round.pk), {"line": "999", "body": "x"}, follow=True)
    assert "This draft has no such line." in bad.content.decode()


def test_without_scripts_the_form_of_a_note_stands_under_its_line(production, draft, round, editor, client_of):
    line = line_of(draft, "推门而入")
    page = client_of(editor).get(f"{at('review_episode', production, round.pk, 1)}?note={line}").content.decode()
    shown, template = page.split("<template")
    assert f'name="line" value="{line}"' in shown
    assert f'name="line" value="{line}"' not in template


def test_points_from_the_page(production, draft, round, editor, client_of, studio):
    hook, pace, twist, _cost = Criterion.objects.filter(studio=studio).order_by("position")
    client = client_of(editor)
    url = at("give_points", production, round.pk)
    client.post(url, {f"criterion-{hook.pk}": "8", f"criterion-{pace.pk}": "6", f"criterion-{twist.pk}": ""})
    assert list(Score.objects.order_by("pk").values_list("criterion", "points")) == [(hook.pk, 8), (pace.pk, 6)]
    answer = client.post(url, {f"criterion-{hook.pk}": "eleven", "episode": "2"}, follow=True)
    assert answer.request["PATH_INFO"] == at("review_episode", production, round.pk, 2)
    assert "Points for “Hook” go from 1 to 10." in answer.content.decode()
    assert Score.objects.get(criterion=hook).points == 8
    assert "72 <span" in client.get(at("review_round", production, round.pk)).content.decode()


def test_who_may_what(production, draft, round, owner, other_owner, make_member, client_of):
    compliance = client_of(make_member(production.studio, "compliance_officer"))
    artist = client_of(make_member(production.studio, "post_artist"))
    assert artist.get(at("review_episode", production, round.pk, 1)).status_code == 200
    assert artist.post(at("review_episode", production, round.pk, 1), {"verdict": "pass"}).status_code == 403
    assert compliance.post(at("review_episode", production, round.pk, 1), {"verdict": "pass"}).status_code == 302
    assert compliance.post(at("give_greenlight", production), {"override_reason": "急"}).status_code == 403
    stranger = client_of(other_owner)
    for name in ("review_round", "close_round", "add_note", "give_points", "withdraw_round"):
        url = at(name, production, round.pk)
        assert (stranger.get if name == "review_round" else stranger.post)(url).status_code == 404, name
    assert (EpisodeVerdict.objects.count(), Greenlight.objects.count()) == (1, 0)


def test_the_greenlight_from_the_page(production, draft, owner, editor, client_of):
    client = client_of(owner)
    page = client.post(at("give_greenlight", production), follow=True).content.decode()
    assert "Revision 1 has not passed: Editorial." in page
    assert "not reviewed" in page
    review_revision(revision=draft, kind="editorial", verdict="pass", notes="", by=editor)
    page = client.post(at("give_greenlight", production), follow=True).content.decode()
    assert "Given by owner" in page
    assert Greenlight.objects.get().rounds[0]["by"] == str(editor)


def test_a_round_costs_the_same_for_three(production, draft, round, owner, editor, make_member, client_of, studio):
    client = client_of(owner)
    urls = [
        at("review_round", production, round.pk), at("review_episode", production, round.pk, 1), at("reviews", production),
    ]  # fmt: skip
    criteria = list(Criterion.objects.filter(studio=studio))

    def work(user):
        for episode in production.episodes.all():
            judge_episode(round=round, episode=episode, by=user, verdict="return", reason="慢")
        add_note(round=round, line=line_of(draft, "推门而入"), body="慢", by=user)
        give_points(round=round, points={each.pk: 5 for each in criteria}, by=user)

    work(editor)
    counts = []
    for url in urls:
        client.get(url)
        with CaptureQueriesContext(connection) as one:
            client.get(url)
        counts.append(len(one))
    for role in ("compliance_officer", "producer"):
        user = make_member(studio, role)
        work(user)
        review_revision(revision=draft, kind="platform", verdict="pass", notes="", by=user)
        record_rights(studio=studio, by=user, title=role, until_date=dt.date(2027, 1, 1), productions=[production])
    for url, count in zip(urls, counts, strict=True):
        with CaptureQueriesContext(connection) as three:
            client.get(url)
        assert len(three) == count, url


# --- the board ---------------------------------------------------------------------------------------------------


@pytest.fixture
def slate(studio, owner, first, make_person):
    """A title in each column."""
    titles = {}
    for code in ("pitch", "shelved", "trial", "full", "review", "locked"):
        titles[code] = open_production(studio=studio, title=f"剧{code}", code=code.upper(), by=owner)
        if code not in {"pitch", "shelved"}:
            import_script(production=titles[code], data=first, filename="a.txt", by=owner)
    plan_script(production=titles["pitch"], by=owner, planned_episodes=60, logline="替嫁")
    plan_script(production=titles["shelved"], by=owner, planned_episodes=None, pitch_state="shelved")
    plan_script(production=titles["trial"], by=owner, planned_episodes=60)
    plan_script(production=titles["full"], by=owner, planned_episodes=2)
    name_writer(production=titles["full"], person=make_person(studio, "江迟"), by=owner)
    latest = {row.script.production.code: row for row in Revision.objects.select_related("script__production")}
    open_round(
        revision=latest["REVIEW"], kind="platform", by=owner, due_date=timezone.localdate() - dt.timedelta(days=1)
    )
    lock_revision(revision=latest["LOCKED"], by=owner)
    return titles


def shown(client, **query):
    columns = client.get(reverse("scripts"), query).context["columns"]
    return {column["code"]: [card.production.title for card in column["cards"]] for column in columns}


def test_every_title_stands_in_its_column(slate, owner, client_of, other_production):
    client = client_of(owner)
    everything = {
        "pitch": ["剧pitch"], "trial": ["剧trial"], "full": ["剧full"], "review": ["剧review"], "locked": ["剧locked"],
    }  # fmt: skip
    assert shown(client) == everything
    assert shown(client, shelved="1") == {**everything, "pitch": ["剧pitch", "剧shelved"]}
    assert {code: rows for code, rows in shown(client, q="替嫁").items() if rows} == {"pitch": ["剧pitch"]}
    writer = queries.board_writers(queries_access(owner), None)[0][0]
    assert {code: rows for code, rows in shown(client, writer=writer).items() if rows} == {"full": ["剧full"]}
    page = client.get(reverse("scripts")).content.decode()
    assert "2/60" in page
    assert "江迟" in page
    assert other_production.title not in page
    assert "No script fits" in client.get(reverse("scripts"), {"q": "没有"}).content.decode()


def queries_access(user):
    from studio.access import access_of

    return access_of(user)


def test_ages_dues_and_chips(slate, owner):
    now = timezone.now()
    Production.objects.filter(pk=slate["full"].pk).update(created_at=now - dt.timedelta(days=40))
    Revision.objects.filter(script__production=slate["full"]).update(created_at=now - dt.timedelta(days=9, hours=1))
    record_rights(studio=slate["full"].studio, by=owner, title="书", until_date=timezone.localdate() + dt.timedelta(days=20),
                  productions=[slate["full"]])  # fmt: skip
    placed = queries.placed_titles(queries_access(owner), queries.BoardFilter())
    made = {card.production.code: card for card in queries.cards(placed, now)}
    full, review = made["FULL"], made["REVIEW"]
    assert (full.days, full.total_days, full.episodes, full.planned, full.writer, full.rights, full.greenlit) == (
        9, 40, 2, 2, "江迟", 30, False,
    )  # fmt: skip
    assert (review.late, [(str(chip.label), chip.verdict) for chip in review.chips]) == (True, [("Platform", "")])
    review_revision(revision=full.revision, kind="editorial", verdict="return", notes="慢", by=owner)
    again = queries.cards([row for row in placed if row.pk == slate["full"].pk], now)[0]
    assert [(str(chip.label), chip.verdict) for chip in again.chips] == [("Editorial", "return")]


@pytest.mark.parametrize("sort", ["age", "due", "draft", "title", "nonsense"])
def test_the_board_is_sorted(slate, owner, client_of, sort):
    studio = slate["full"].studio
    late = open_production(studio=studio, title="剧aaa", code="AAA", by=owner)
    rows = shown(client_of(owner), sort=sort)["pitch"]
    assert rows == (["剧aaa", "剧pitch"] if sort == "title" else ["剧pitch", "剧aaa"])
    assert late.pk


def test_the_board_as_a_file_and_one_column_by_pages(slate, owner, client_of, studio):
    client = client_of(owner)
    sheet = client.get(reverse("scripts"), {"format": "csv"}).content.decode().splitlines()
    assert len(sheet) == 6
    assert next(row for row in sheet if "FULL" in row).split(",")[:4] == ["FULL", "剧full", "Full draft", "江迟"]
    Production.objects.bulk_create(
        [Production(studio=studio, title=f"=提案{n}", code=f"T{n}") for n in range(45)]
    )  # fmt: skip
    page = client.get(reverse("scripts"))
    pitch = page.context["columns"][0]
    assert (pitch["count"], len(pitch["cards"]), pitch["more"]) == (46, 8, 38)
    alone = client.get(reverse("scripts"), {"column": "pitch", "page": 2})
    assert [(column["code"], len(column["cards"])) for column in alone.context["columns"]] == [("pitch", 6)]
    assert "'=提案7" in client.get(reverse("scripts"), {"format": "csv"}).content.decode()


def test_the_board_costs_the_same_for_many(slate, owner, client_of, first, studio):
    client = client_of(owner)
    url = reverse("scripts")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for n in range(3):
        title = open_production(studio=studio, title=f"多{n}", code=f"D{n}", by=owner)
        revision = import_script(production=title, data=first, filename="a.txt", by=owner)
        open_round(revision=revision, kind="editorial", by=owner)
        record_rights(studio=studio, by=owner, title=f"书{n}", until_date=dt.date(2027, 1, 1), productions=[title])
    with CaptureQueriesContext(connection) as first_time:
        client.get(url)
    with CaptureQueriesContext(connection) as again:
        client.get(url)
    # Placing asks three questions more, once after anything was written.
    assert (len(first_time), len(again)) == (len(few) + 3, len(few))


# --- criteria ----------------------------------------------------------------------------------------------------


def test_criteria_are_named_weighed_added_and_retired(studio, owner, client_of, make_member, production):
    client = client_of(owner)
    url = reverse("review_criteria")
    hook = Criterion.objects.get(studio=studio, code="hook")
    words = {"name": "开场钩子", "weight": "5", "best": "5", "position": "0", "retired": ""}
    client.post(url, {"criterion": str(hook.pk), **{f"{hook.pk}-{name}": value for name, value in words.items()}})
    hook.refresh_from_db()
    assert (str(hook), hook.weight, hook.best, hook.retired) == ("开场钩子", 5, 5, False)
    new = {"new-name": "人设", "new-weight": "2", "new-best": "10", "new-position": "9"}
    client.post(url, {"criterion": "new", **new})
    assert [str(row) for row in queries.criteria_of(studio.pk)] == ["开场钩子", "Pace", "Twist", "Cost", "人设"]
    twice = client.post(url, {"criterion": "new", **new})
    assert twice.status_code == 422
    assert "The studio has a criterion of this name." in twice.content.decode()
    assert client.post(url, {"criterion": "new", **new, "new-name": ""}).status_code == 422
    assert client.post(url, {"criterion": "new", **new, "new-name": "x", "new-best": "1"}).status_code == 422
    assert Criterion.objects.filter(studio=studio).count() == 5
    compliance = client_of(make_member(studio, "compliance_officer"))
    assert compliance.get(url).status_code == 200
    assert compliance.post(url, {"criterion": "new", **new}).status_code == 403
    guest = client_of(make_member(studio, "script_editor", production=production))
    assert guest.post(url, {"criterion": "new", **new}).status_code == 403


# --- REST --------------------------------------------------------------------------------------------------------


def test_rounds_over_rest(production, draft, owner, editor, api_of, other_owner, other_production):
    api = api_of(owner)
    url = reverse("api:review-round-list")
    made = api.post(
        url, {"revision": draft.pk, "kind": "editorial", "reviewers": [editor.pk], "due_date": "2026-12-24"}
    )
    assert (made.status_code, made.data["verdict"], made.data["due_date"]) == (201, "", "2026-12-24")
    again = api.post(url, {"revision": draft.pk, "kind": "editorial"})
    assert again.status_code == 409
    done = api.post(url, {"revision": draft.pk, "kind": "platform", "verdict": "pass"})
    assert (done.status_code, done.data["verdict"]) == (201, "pass")
    closing = reverse("api:review-round-close", args=[made.data["id"]])
    assert api.post(closing, {"verdict": "return"}).status_code == 400
    closed = api.post(closing, {"verdict": "return", "notes": "慢"})
    assert (closed.status_code, closed.data["notes"]) == (200, "慢")
    listed = api.get(url, {"production": production.pk, "kind": "editorial"}).json()["results"]
    assert [(row["id"], row["revision_number"], row["verdict"]) for row in listed] == [(made.data["id"], 1, "return")]
    stranger = api_of(other_owner)
    assert stranger.post(url, {"revision": draft.pk, "kind": "editorial"}).status_code == 400
    assert stranger.get(url).json()["results"] == []
    assert stranger.post(closing, {"verdict": "pass"}).status_code == 404


def test_notes_and_rights_over_rest(production, draft, round, editor, owner, api_of, studio, other_owner):
    note = add_note(round=round, line=line_of(draft, "推门而入"), body="慢", by=editor)
    source = record_rights(
        studio=studio,
        by=owner,
        title="书",
        territories=["日本"],
        until_date=dt.date(2027, 1, 1),
        productions=[production],
    )
    api = api_of(owner)
    rows = api.get(reverse("api:review-note-list"), {"revision": draft.pk, "state": "open"}).json()["results"]
    assert [(row["id"], row["quote"], row["episode_number"]) for row in rows] == [(note.pk, note.quote, 1)]
    rows = api.get(reverse("api:source-work-list"), {"production": production.pk, "until_before": "2027-02-01"}).json()
    assert [(row["id"], row["territories"]) for row in rows["results"]] == [(source.pk, ["日本"])]
    events = api.get(reverse("api:source-work-events", args=[source.pk])).json()["results"]
    assert [row["name"] for row in events] == ["RightsRecorded"]
    for name in ("api:review-note-list", "api:source-work-list"):
        assert api_of(other_owner).get(reverse(name)).json()["results"] == []
