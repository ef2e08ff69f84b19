"""Rounds, verdicts, points, notes and the greenlight: what actions do and refuse."""

import datetime as dt

import pytest

from scripts_app import queries
from scripts_app.actions import (
    add_note,
    answer_note,
    close_round,
    give_greenlight,
    give_points,
    import_script,
    judge_episode,
    open_round,
    reopen_note,
    review_revision,
    settle_note,
    withdraw_round,
)
from scripts_app.models import Criterion, EpisodeVerdict, Greenlight, NoteReply, ReviewNote, ReviewRound, Score
from studio.models import Event, Notice, Studio
from studio.models.base import AppendOnlyError
from studio.refusals import Refused


@pytest.fixture
def draft(production, owner, first):
    return import_script(production=production, data=first, filename="a.txt", by=owner)


@pytest.fixture
def editor(studio, make_member):
    return make_member(studio, "script_editor")


@pytest.fixture
def compliance(studio, make_member):
    return make_member(studio, "compliance_officer")


@pytest.fixture
def round(draft, owner, editor):
    return open_round(revision=draft, kind="editorial", by=owner, reviewers=[editor], due_date=dt.date(2026, 12, 1))


@pytest.fixture
def episodes(production, draft):
    return {row.number: row for row in production.episodes.all()}


def code(call, **words):
    with pytest.raises(Refused) as refused:
        call(**words)
    assert refused.value.message
    return refused.value.code


# --- rounds ------------------------------------------------------------------------------------------------------


def test_a_round_is_asked_for_and_those_asked_are_told(production, draft, round, owner, editor, drain):
    assert round.is_open
    assert (round.verdict, round.opened_by, list(round.reviewers.all())) == ("", owner, [editor])
    drain()
    notice = Notice.objects.get(kind="scripts_app.review_asked_by")
    assert (notice.user, notice.params["due"], notice.params["number"]) == (editor, "2026-12-01", 1)
    assert notice.url.endswith(f"/script/rounds/{round.pk}/")
    payload = Event.objects.get(name="ReviewAsked").payload
    assert (payload["reviewer_ids"], payload["kind"]) == ([editor.pk], "editorial")


def test_opening_refuses(draft, round, owner, production, second, other_owner, make_member, studio):
    assert code(open_round, revision=draft, kind="editorial", by=owner) == "round_open"
    assert code(open_round, revision=draft, kind="nobody", by=owner) == "unknown_kind"
    for stranger in (other_owner, make_member(studio, "crew")):
        words = {"revision": draft, "kind": "platform", "by": owner, "reviewers": [stranger]}
        assert code(open_round, **words) == "not_a_reviewer"
    import_script(production=production, data=second, filename="b.txt", by=owner)
    assert code(open_round, revision=draft, kind="platform", by=owner) == "not_the_latest"
    assert ReviewRound.objects.count() == 1


def test_a_round_nobody_began_is_withdrawn_and_one_begun_is_not(draft, round, owner, editor, episodes):
    judge_episode(round=round, episode=episodes[1], by=editor)
    assert code(withdraw_round, round=round, by=owner) == "round_begun"
    EpisodeVerdict.objects.all().delete()
    withdraw_round(round=round, by=owner)
    assert ReviewRound.objects.count() == 0
    assert code(judge_episode, round=round, episode=episodes[1], by=editor) == "round_gone"
    assert Event.objects.filter(name="ReviewWithdrawn").count() == 1


def test_two_reviewers_do_not_overwrite_each_other(round, editor, compliance, episodes):
    judge_episode(round=round, episode=episodes[1], by=editor, verdict="pass")
    judge_episode(round=round, episode=episodes[1], by=compliance, verdict="return", reason=" 血腥 ")
    judge_episode(round=round, episode=episodes[1], by=editor, verdict="return", reason="慢")
    judge_episode(round=round, episode=episodes[2], by=editor)
    assert [(row.reviewer, row.verdict, row.reason) for row in round.verdicts.order_by("pk")] == [
        (editor, "return", "慢"), (compliance, "return", "血腥"), (editor, "", ""),
    ]  # fmt: skip
    read = queries.round_read(round, editor)
    assert [(row.number, row.verdict, row.mine is not None) for row in read.episodes] == [
        (1, "return", True), (2, "", True),
    ]  # fmt: skip
    assert (read.mine, read.read, read.next_unread, len(read.returned)) == (2, 2, None, 1)
    assert queries.round_read(round, compliance).next_unread == 2
    assert [(row.user, row.asked, row.read, row.passed, row.returned) for row in read.reviewers] == [
        (editor, True, 2, 0, 1), (compliance, False, 1, 0, 1),
    ]  # fmt: skip


def test_a_verdict_refuses(round, editor, episodes, other_production, production):
    from studio.models import Episode

    assert code(judge_episode, round=round, episode=episodes[1], by=editor, verdict="return") == "reason_missing"
    assert code(judge_episode, round=round, episode=episodes[1], by=editor, verdict="x") == "unknown_verdict"
    words = {"round": round, "by": editor, "verdict": "return", "reason": "长" * 501}
    assert code(judge_episode, episode=episodes[1], **words) == "too_long"
    strange = Episode.objects.create(production=other_production, number=1)
    assert code(judge_episode, round=round, episode=strange, by=editor) == "not_in_the_draft"
    later = Episode.objects.create(production=production, number=77)
    assert code(judge_episode, round=round, episode=later, by=editor) == "not_in_the_draft"
    assert EpisodeVerdict.objects.count() == 0


def test_a_return_rests_on_a_reason_or_on_an_episode(round, owner, editor, episodes):
    assert code(close_round, round=round, verdict="return", by=owner) == "notes_missing"
    judge_episode(round=round, episode=episodes[2], by=editor, verdict="return", reason="慢")
    closed = close_round(round=round, verdict="return", by=owner)
    assert (closed.verdict, closed.notes, closed.episodes_returned, closed.reviewed_by) == ("return", "", 1, owner)
    assert closed.reviewed_at is not None


def test_a_closed_round_is_frozen_and_notes_are_still_answered(round, owner, editor, episodes):
    note = add_note(round=round, line=7, body="早点说", by=editor)
    close_round(round=round, verdict="pass", by=owner)
    criterion = Criterion.objects.filter(studio=episodes[1].production.studio_id).first()
    for call, words in [
        (judge_episode, {"episode": episodes[1], "by": editor}),
        (give_points, {"points": {criterion.pk: 5}, "by": editor}),
        (add_note, {"line": 7, "body": "再说", "by": editor}),
        (close_round, {"verdict": "return", "notes": "不行", "by": owner}),
        (withdraw_round, {"by": owner}),
    ]:
        assert code(call, round=round, **words) == "round_closed", call
    round.refresh_from_db()
    assert (round.verdict, round.verdicts.count(), round.scores.count(), round.line_notes.count()) == ("pass", 0, 0, 1)
    answer_note(note=note, body="好", by=owner)
    assert note.replies.count() == 1


def test_those_judged_are_told_and_the_judge_is_not(draft, round, owner, editor, drain, make_member, studio):
    close_round(round=round, verdict="return", notes="重写第一集", by=editor)
    drain()
    told = Notice.objects.filter(kind="scripts_app.returned").values_list("user", flat=True)
    assert list(told) == [owner.pk]
    producer = make_member(studio, "producer")
    review_revision(revision=draft, kind="platform", verdict="pass", notes="", by=producer)
    drain()
    passed = Notice.objects.filter(kind="scripts_app.passed").values_list("user", flat=True)
    assert list(passed) == [owner.pk]


# --- points ------------------------------------------------------------------------------------------------------


def test_a_new_studio_begins_with_criteria(db):
    fresh = Studio.objects.create(name="新", slug="xin")
    rows = list(queries.criteria_of(fresh.pk))
    assert [(row.code, row.weight, row.best, str(row)) for row in rows] == [
        ("hook", 3, 10, "Hook"), ("pace", 2, 10, "Pace"), ("twist", 2, 10, "Twist"), ("cost", 1, 10, "Cost"),
    ]  # fmt: skip
    fresh.name = "新的"
    fresh.save()
    assert queries.criteria_of(fresh.pk).count() == 4


def test_points_are_each_reviewers_own_and_all_or_none(round, editor, compliance, studio, other_studio):
    hook, pace, twist, _cost = queries.criteria_of(studio.pk)
    give_points(round=round, points={hook.pk: 8, pace.pk: 5}, by=editor)
    give_points(round=round, points={hook.pk: 4}, by=compliance)
    give_points(round=round, points={hook.pk: 7, pace.pk: None}, by=editor)
    assert code(give_points, round=round, points={hook.pk: 1, twist.pk: 11}, by=editor) == "off_the_scale"
    assert code(give_points, round=round, points={twist.pk: 0}, by=editor) == "off_the_scale"
    theirs = queries.criteria_of(other_studio.pk).first()
    assert code(give_points, round=round, points={theirs.pk: 5}, by=editor) == "unknown_criterion"
    twist.retired = True
    twist.save()
    assert code(give_points, round=round, points={twist.pk: 5}, by=editor) == "unknown_criterion"
    assert [(row.reviewer, row.criterion, row.points, row.best) for row in Score.objects.order_by("pk")] == [
        (editor, hook, 7, 10), (compliance, hook, 4, 10),
    ]  # fmt: skip
    read = queries.round_read(round, editor)
    assert [(str(row.criterion), row.mine, row.standing and row.standing.mean) for row in read.criteria] == [
        ("Hook", 7, 55), ("Pace", None, None), ("Cost", None, None),
    ]  # fmt: skip
    assert read.total == 55


def test_revisions_are_compared(production, draft, round, editor, owner, second, studio):
    hook, pace, *_rest = queries.criteria_of(studio.pk)
    give_points(round=round, points={hook.pk: 4, pace.pk: 6}, by=editor)
    later = import_script(production=production, data=second, filename="b.txt", by=owner)
    again = open_round(revision=later, kind="editorial", by=owner)
    give_points(round=again, points={hook.pk: 8, pace.pk: 6}, by=editor)
    history = queries.score_history(production, list(queries.criteria_of(studio.pk)))
    # (40*3 + 60*2) / 5 and (80*3 + 60*2) / 5
    assert [(row.number, row.total, row.change) for row in history] == [(1, 48, None), (2, 72, 24)]


# --- notes -------------------------------------------------------------------------------------------------------


def line_of(revision, words):
    return next(each.line for each in queries.text_lines(queries.Draft.of(revision)) if words in each.text)


def test_a_note_keeps_its_words_and_goes_on_to_the_next_draft(production, draft, round, editor, owner, second):
    stays = add_note(round=round, line=line_of(draft, "桌上放着"), body="道具要红", by=editor, quote="一张请柬")
    gone = add_note(round=round, line=line_of(draft, "我不会放弃"), body="太直白", by=editor)
    done = add_note(round=round, line=line_of(draft, "她终于回来了"), body="好", by=editor)
    settle_note(note=done, by=owner)
    assert (stays.quote, gone.quote, stays.episode.number) == ("一张请柬", "林叶 我不会放弃的。", 2)
    assert [(each.note, each.line, each.carried_from) for each in queries.notes_of(draft)] == [
        (done, done.line, None), (gone, gone.line, None), (stays, stays.line, None),
    ]  # fmt: skip
    # The next draft drops scene 1-2 and keeps episode 2.
    later = import_script(production=production, data=second, filename="b.txt", by=owner)
    moved = line_of(later, "桌上放着")
    assert moved != stays.line
    assert [(each.note, each.line, each.carried_from) for each in queries.notes_of(later)] == [
        (stays, moved, 1), (gone, None, 1),
    ]  # fmt: skip


def test_a_note_refuses(round, editor, draft):
    line = line_of(draft, "推门而入")
    assert code(add_note, round=round, line=999, body="x", by=editor) == "no_such_line"
    assert code(add_note, round=round, line=line, body="  ", by=editor) == "body_missing"
    assert code(add_note, round=round, line=line, body="x", quote="没有的话", by=editor) == "words_not_there"
    assert code(add_note, round=round, line=line, body="长" * 4001, by=editor) == "too_long"
    assert ReviewNote.objects.count() == 0


def test_a_note_is_answered_settled_and_asked_again(round, editor, owner, draft, drain):
    note = add_note(round=round, line=line_of(draft, "推门而入"), body="慢", by=editor)
    answer_note(note=note, body="我再补一句", by=editor)
    note.refresh_from_db()
    assert note.state == "open"
    answer_note(note=note, body="改了", by=owner)
    note.refresh_from_db()
    assert note.state == "answered"
    drain()
    assert [(row.user, row.params["quote"]) for row in Notice.objects.filter(kind="scripts_app.answered")] == [
        (editor, "林叶推门而入，愣住。")
    ]
    first = settle_note(note=note, by=editor).settled_at
    assert settle_note(note=note, by=owner).settled_at == first
    assert code(answer_note, note=note, body="还有", by=owner) == "note_settled"
    assert reopen_note(note=note, by=owner).state == "open"
    assert [row.body for row in NoteReply.objects.all()] == ["我再补一句", "改了"]
    with pytest.raises(AppendOnlyError):
        NoteReply.objects.first().save()


# --- greenlight --------------------------------------------------------------------------------------------------


def test_the_greenlight_needs_what_the_studio_says(
    production, draft, owner, editor, compliance, studio, drain, make_member
):
    director = make_member(studio, "assistant_director")
    studio.greenlight_needs_compliance = True
    studio.save()
    with pytest.raises(Refused) as refused:
        give_greenlight(production=production, by=owner)
    assert "Editorial, Compliance" in refused.value.message
    review_revision(revision=draft, kind="editorial", verdict="pass", notes="", by=editor)
    review_revision(revision=draft, kind="compliance", verdict="pass", notes="", by=compliance)
    # A later return takes the pass back.
    review_revision(revision=draft, kind="compliance", verdict="return", notes="第二集", by=compliance)
    assert code(give_greenlight, production=production, by=owner) == "rounds_missing"
    passed = review_revision(revision=draft, kind="compliance", verdict="pass", notes="好", by=compliance)
    given = give_greenlight(production=production, by=owner, override_reason="没有用的理由")
    assert (given.revision, given.given_by, given.missing, given.override_reason) == (draft, owner, "", "")
    assert [(row["kind"], row["by"]) for row in given.rounds] == [
        ("editorial", str(editor)), ("compliance", str(compliance)),
    ]  # fmt: skip
    assert given.rounds[1]["id"] == passed.pk
    assert give_greenlight(production=production, by=owner) == given
    drain()
    told = Notice.objects.filter(kind="scripts_app.greenlight").values_list("user", flat=True)
    assert list(told) == [director.pk]
    assert Event.objects.get(name="GreenlightGiven").payload["missing"] == []


def test_the_greenlight_is_given_all_the_same_for_a_reason_that_is_kept(production, draft, owner, second, editor):
    given = give_greenlight(production=production, by=owner, override_reason=" 档期只有这周 ")
    assert (given.missing, given.override_reason) == ("editorial", "档期只有这周")
    assert [str(label) for label in given.missing_kinds] == ["Editorial"]
    # The rounds of an old draft do not count for the new one.
    review_revision(revision=draft, kind="editorial", verdict="pass", notes="", by=editor)
    import_script(production=production, data=second, filename="b.txt", by=owner)
    assert code(give_greenlight, production=production, by=owner) == "rounds_missing"
    assert Greenlight.objects.count() == 1


def test_no_draft_no_greenlight(production, owner):
    assert code(give_greenlight, production=production, by=owner, override_reason="急") == "no_draft"


def test_a_studio_may_ask_for_nothing(production, draft, owner, studio):
    Studio.objects.filter(pk=studio.pk).update(greenlight_needs_editorial=False)
    production.studio.refresh_from_db()
    assert give_greenlight(production=production, by=owner).rounds == []


@pytest.mark.parametrize(("gate", "lacks"), [("off", False), ("warn", True), ("block", True)])
def test_what_the_gate_looks_for(production, draft, owner, gate, lacks):
    production.studio.greenlight_gate = gate
    assert queries.lacks_greenlight(production) is lacks
    give_greenlight(production=production, by=owner, override_reason="急")
    assert queries.lacks_greenlight(production) is False


def test_a_round_that_goes_on_is_no_verdict_to_the_writer(production, draft, round, make_member, make_person, studio):
    from scripts_app.actions import name_writer
    from studio.access import access_of

    user = make_member(studio, "writer")
    name_writer(production=production, person=make_person(studio, "江迟", user=user), by=None)
    assert str(queries.own_titles(access_of(user), user)[0].step) == "waiting"
    close_round(round=round, verdict="return", notes="慢", by=None)
    assert str(queries.own_titles(access_of(user), user)[0].step) == "next_draft"
