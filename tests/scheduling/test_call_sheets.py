"""Call sheets: what they say, when a new one is issued, who is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from scheduling import call_sheets
from scheduling.call_sheet_clock import clock, moment, read_clock
from scheduling.call_sheet_draft import draft_call_sheet
from scheduling.call_sheet_paper import draw, paper_of
from scheduling.call_sheet_queries import map_links
from scheduling.call_sheet_warnings import warnings_of
from scheduling.choices import CallSheetState, ShootDayState
from scheduling.models import CallSheet, PlannedScene, ShootDay, Unavailability
from studio.models import Event, Job, Notice, Person
from studio.refusals import Refused
from tests.shooting.world import World, build_world


@pytest.fixture
def world(production: Any) -> World:
    return build_world(production)


def calls_of(sheet: CallSheet) -> dict[str, str]:
    return {row.person.name: clock(row.call_minute) for row in sheet.recipients.select_related("person")}


@pytest.mark.parametrize(
    ("typed", "minute"),
    [("0630", 390), ("630", 390), ("6:30", 390), ("06：30", 390), ("6", 360), ("25:30", 1530), ("01:30 +1", 1530),
     ("0000", 0), (" 23.59 ", 1439), ("４７：５９", 2879)],
)  # fmt: skip
def test_times_are_read_as_people_type_them(typed: str, minute: int) -> None:
    assert read_clock(typed) == minute


@pytest.mark.parametrize("typed", ["", "6:7", "0660", "48:00", "-1", "六点", "12345", "24:00 +1", "6:30pm"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        read_clock(typed)


def test_clock_says_the_next_day() -> None:
    assert [clock(minute) for minute in (None, 0, 390, 1440, 1530)] == ["", "00:00", "06:30", "00:00 +1", "01:30 +1"]


def test_a_call_after_midnight_is_a_moment_of_the_next_date(world: World) -> None:
    zone = world.production.studio.zone
    assert moment(dt.date(2026, 12, 1), 1530, zone).isoformat() == "2026-12-02T01:30:00+08:00"


def test_the_sheet_says_what_the_plan_the_cast_and_the_terms_say(world: World, owner: Any) -> None:
    sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner, notes="带雨具\n\n禁烟")
    data = sheet.data
    assert (sheet.revision, sheet.state, data["day_number"], data["day_count"]) == (1, CallSheetState.ISSUED, 1, 2)
    assert [scene["number"] for scene in data["scenes"]] == ["1-1", "2-1"]
    assert (data["scenes"][0]["cast"], data["scenes"][0]["extras"]) == (["林叶"], ["宾客×12"])
    assert data["scenes"][0]["place"] == "二号棚"
    # Cast an hour before their first scene (07:00, 08:00), crew at the day's call; the editor is not called.
    assert calls_of(sheet) == {"沈宁": "06:00", "高远": "07:00", "周导": "06:00", "吴摄": "06:00"}
    assert {row["name"]: row["code"] for row in data["cast"]} == {"沈宁": "SW", "高远": "SW"}
    # Xi'an on 1 December: 7:30 and 17:33 by the almanac.
    assert (abs(data["sunrise"] - 450) <= 3, abs(data["sunset"] - 1053) <= 3) == (True, True)
    assert data["notes"] == ["带雨具", "禁烟"]
    assert data["contacts"] == [{"role": "导演", "name": "周导", "phone": "13800000000"}]
    assert (data["next"]["day_number"], [s["number"] for s in data["next"]["scenes"]]) == (2, ["3-1", "4-1"])
    world.days[0].refresh_from_db()
    assert world.days[0].state == ShootDayState.CALLED
    last = draft_call_sheet(world.days[1]).data
    assert ({row["name"]: row["code"] for row in last["cast"]}, last["next"]) == ({"沈宁": "WF", "高远": "WF"}, None)


def test_the_same_content_issues_nothing_new(world: World, owner: Any) -> None:
    first = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    again = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    assert (again.pk, CallSheet.objects.count(), Event.objects.filter(name="CallSheetIssued").count()) == (
        first.pk,
        1,
        1,
    )


def test_a_revision_supersedes_keeps_typed_calls_and_confirmations(world: World, owner: Any) -> None:
    actor, director = world.engagements["沈宁"].pk, world.engagements["周导"].pk
    first = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner, calls={actor: 315}, notes="禁烟")
    for row in first.recipients.all():
        call_sheets.confirm_call(recipient=row, by=owner)
    second = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner, calls={director: 345})
    first.refresh_from_db()
    assert (first.state, second.revision, second.data["typed_notes"]) == (CallSheetState.REVISED, 2, "禁烟")
    assert calls_of(second) == {"沈宁": "05:15", "高远": "07:00", "周导": "05:45", "吴摄": "06:00"}
    # Only the director's call moved, so only his confirmation is asked for again and only he is told.
    open_calls = [row.person.name for row in second.recipients.filter(confirmed_at=None).select_related("person")]
    assert open_calls == ["周导"]
    event = Event.objects.filter(name="CallSheetIssued").latest("id")
    assert event.payload["told_ids"] == [second.recipients.get(person__name="周导").pk]
    third = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner, calls={actor: None})
    assert (calls_of(third)["沈宁"], calls_of(third)["周导"]) == ("06:00", "05:45")


def test_the_makeup_lead_stays_for_the_next_day(world: World, owner: Any) -> None:
    call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner, makeup_minutes=90)
    assert calls_of(call_sheets.issue_call_sheet(shoot_day=world.days[1], by=owner))["沈宁"] == "05:30"


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda world: PlannedScene.objects.all().delete(), "no_scenes"),
        (lambda world: ShootDay.objects.update(state="cancelled"), "day_cancelled"),
        (lambda world: ShootDay.objects.update(state="wrapped"), "day_wrapped"),
    ],
)
def test_a_day_that_cannot_be_called_is_refused_and_nothing_is_written(
    world: World, owner: Any, break_it: Any, code: str
) -> None:
    break_it(world)
    with pytest.raises(Refused) as refused:
        call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    assert (refused.value.code, CallSheet.objects.count(), Job.objects.count()) == (code, 0, 0)


def test_a_sheet_without_people_is_refused(production: Any, owner: Any) -> None:
    world = build_world(production, crew=False)
    with pytest.raises(Refused) as refused:
        call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    assert refused.value.code == "no_people"
    assert str(refused.value).startswith("A call sheet needs people")


@pytest.mark.parametrize(("calls", "code"), [({1 << 40: 360}, "not_called"), ({1: 2880}, "call_out_of_range")])
def test_typed_calls_are_checked(world: World, owner: Any, calls: dict[int, int], code: str) -> None:
    with pytest.raises(Refused) as refused:
        call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner, calls=calls)
    assert (refused.value.code, CallSheet.objects.count()) == (code, 0)


def test_people_are_told_once_and_by_mail_in_their_language(
    world: World, owner: Any, make_member: Any, drain: Any
) -> None:
    crew = make_member(world.production.studio, "crew")
    crew.language = "en"
    crew.save()
    Person.objects.filter(name="沈宁").update(user=crew)
    sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    drain()
    notice = Notice.objects.get(user=crew)
    assert (notice.kind, notice.params["call"], notice.params["base"]) == (
        "scheduling.call_issued", "06:00", "西影基地",
    )  # fmt: skip
    assert sorted(letter.to[0] for letter in mail.outbox) == [f"p{n}@example.com" for n in (0, 1, 3, 4)]
    letter = next(letter for letter in mail.outbox if letter.to == ["p3@example.com"])
    assert letter.subject == "初光, shoot day 1: call 06:00 on 2026-12-01"
    assert f"/my/days/{sheet.recipients.get(person__name='沈宁').pk}/" in letter.body
    sheet.refresh_from_db()
    assert sheet.pdf.open().read()[:5] == b"%PDF-"
    assert Job.objects.exclude(state="done").count() == 0
    call_sheets.resend_call(recipient=sheet.recipients.get(person__name="沈宁"), by=owner)
    drain()
    assert (len(mail.outbox), Notice.objects.filter(user=crew).count()) == (5, 2)


def test_an_old_sheet_cannot_be_confirmed_or_sent_again(world: World, owner: Any) -> None:
    first = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    row = first.recipients.first()
    call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner, notes="改")
    row.refresh_from_db()
    for action, code in ((call_sheets.confirm_call, "sheet_revised"), (call_sheets.resend_call, "sheet_not_in_force")):
        with pytest.raises(Refused) as refused:
            action(recipient=type(row).objects.get(pk=row.pk), by=owner)
        assert (refused.value.code, refused.value.conflict) == (code, True)


def test_freezing_keeps_the_plan_on_the_sheet_and_the_truth_on_the_day(world: World, owner: Any) -> None:
    sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    call_sheets.freeze(shoot_day=world.days[0], call_minute=375, wrap_minute=1530, by=owner)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.data["wrap"]) == (CallSheetState.FROZEN, 1200)
    assert (world.days[0].state, world.days[0].wrap_minute) == (ShootDayState.WRAPPED, 1530)
    with pytest.raises(Refused):
        call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    # Wrapped at half past one, called at six: four and a half hours of rest.
    rests = [item.message for item in warnings_of(draft_call_sheet(world.days[1]), world.days[1])]
    assert "沈宁 has 4 h 30 min of rest since the last wrap; the terms say 10 h." in rests
    call_sheets.thaw(shoot_day=world.days[0])
    sheet.refresh_from_db()
    assert (sheet.state, world.days[0].state) == (CallSheetState.ISSUED, ShootDayState.CALLED)
    assert (world.days[0].call_minute, world.days[0].wrap_minute) == (360, 1200)


def test_a_wrapped_next_day_is_still_foretold_as_it_was_planned(world: World, owner: Any) -> None:
    first, second = world.days
    sheet = call_sheets.issue_call_sheet(shoot_day=first, by=owner)
    call_sheets.issue_call_sheet(shoot_day=second, by=owner)
    call_sheets.freeze(shoot_day=second, call_minute=400, wrap_minute=1210, by=owner)
    assert draft_call_sheet(first, last=sheet).data == sheet.data


def test_warnings_give_reasons_and_stop_nothing(world: World, owner: Any) -> None:
    from scripts_app.models import Character

    ShootDay.objects.filter(pk=world.days[0].pk).update(wrap_minute=1260)
    Unavailability.objects.create(
        person=world.people["吴摄"], from_date=world.days[0].date, to_date=world.days[0].date, reason="看病"
    )
    Person.objects.filter(name="高远").update(email="")
    Character.objects.get(name="顾城").casting.delete()
    draft = draft_call_sheet(world.days[0])
    codes = [item.code for item in warnings_of(draft, world.days[0])]
    assert sorted(codes) == ["away", "long_day", "uncast"]
    assert call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner).revision == 1


def test_terms_of_their_own_go_before_the_studios(world: World, owner: Any) -> None:
    call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    engagement = world.engagements["沈宁"]
    engagement.rest_minutes = 720
    engagement.save()
    # Wrap 20:00, call 06:00: ten hours, enough for the studio, too few for her.
    found = warnings_of(draft_call_sheet(world.days[1]), world.days[1])
    assert [(item.code, item.params["name"], item.params["needed_minutes"]) for item in found] == [
        ("short_rest", "沈宁", 720)
    ]


def test_the_paper_is_drawn_in_both_languages(world: World, owner: Any) -> None:
    sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    sheet = CallSheet.objects.select_related("shoot_day__production__studio").get(pk=sheet.pk)
    zh, en = draw(sheet, "zh-hans"), draw(sheet, "en")
    assert (zh[:5], en[:5], zh == en, draw(sheet, "en") == en) == (b"%PDF-", b"%PDF-", False, True)
    paper = paper_of(sheet.data, "en")
    assert (paper["weekday"], paper["call"], paper["pages_total"]) == ("Tuesday", "06:00", "0.3")
    assert [row["name"] for row in paper["departments"]] == ["Direction", "Camera"]


def test_map_links_go_to_the_service_of_the_language(world: World) -> None:
    base = draft_call_sheet(world.days[0]).data["base"]
    zh, en = map_links(base, "zh-hans"), map_links(base, "en")
    assert zh is not None
    assert en is not None
    assert zh.usual.startswith("https://uri.amap.com/marker?position=108.96000,34.21000&name=%E8%A5%BF")
    assert zh.usual.endswith("&coordinate=wgs84")
    assert en.usual == "https://www.google.com/maps/search/?api=1&query=34.21000,108.96000"
    assert en.geo.startswith("geo:34.21000,108.96000")
    assert map_links({**base, "latitude": None, "longitude": None, "city": "", "address": ""}, "en") is None
    assert map_links(None, "en") is None
