"""The crew's phone: my days, confirming, the calendar; and the desk's pages of a call sheet."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from scheduling import call_sheets
from scheduling.models import CallSheet, ShootDay
from studio.actions import renew_feed
from studio.models import Person, User
from tests.shooting.world import World, build_world


@pytest.fixture
def world(production: Any, time_machine: Any) -> World:
    time_machine.move_to("2026-11-30T12:00:00+08:00")
    return build_world(production)


@pytest.fixture
def actor(world: World) -> User:
    """沈宁 signs in and has no role at any desk."""
    user = User.objects.create_user("shenning", "", "correct horse", display_name="沈宁")
    Person.objects.filter(name="沈宁").update(user=user)
    return user


def row_of(sheet: CallSheet, name: str) -> Any:
    return sheet.recipients.get(person__name=name)


def test_my_days_show_the_next_call_large(world: World, owner: Any, actor: User, client_of: Any) -> None:
    sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner, notes="带雨具")
    call_sheets.issue_call_sheet(shoot_day=world.days[1], by=owner)
    client = client_of(actor)
    page = client.get(reverse("my_days"))
    mine = page.context["next"]
    assert (mine.clock, mine.base["name"], mine.date, len(page.context["coming"])) == (
        "06:00", "西影基地", world.days[0].date, 1,
    )  # fmt: skip
    assert "https://www.google.com/maps/search/?api=1&amp;query=34.21000,108.96000" in page.content.decode()
    assert (
        "https://uri.amap.com/marker?position=108.96000,34.21000"
        in client_of(actor, "zh-hans").get(reverse("my_days")).content.decode()
    )
    day = client.get(reverse("my_day", args=[row_of(sheet, "沈宁").pk]))
    text = day.content.decode()
    assert [scene["number"] for scene in day.context["call"].scenes] == ["1-1", "2-1"]
    assert ('href="tel:13800000000"' in text, "带雨具" in text) == (True, True)


def test_the_large_time_says_what_it_is_and_a_wrapped_day_when_it_ended(
    world: World, owner: Any, actor: User, client_of: Any
) -> None:
    director = User.objects.create_user("zhoudao", "", "correct horse", display_name="周导")
    Person.objects.filter(name="周导").update(user=director)
    sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)

    def text(user: User, name: str) -> str:
        page = client_of(user).get(reverse("my_day", args=[row_of(sheet, name).pk])).content.decode()
        return " ".join(re.sub(r"<[^>]+>", " ", page.partition('class="crew-next"')[2]).split())

    # She is called to make-up and plays somebody; he is called, and his job is his job.
    assert "Call to make-up 06:00 初光 · day 1 · plays 林叶 On set 07:00 Est. wrap 20:00" in text(actor, "沈宁")
    assert "Call 06:00 初光 · day 1 · 导演 Est. wrap 20:00" in text(director, "周导")
    call_sheets.freeze(shoot_day=world.days[0], call_minute=360, wrap_minute=1530, by=owner)
    for user, name in ((actor, "沈宁"), (director, "周导")):
        said = text(user, name)
        assert "Wrapped 01:30 +1" in said
        assert "Est. wrap" not in said


@pytest.mark.parametrize(
    ("contact", "name", "phone"),
    [
        ("基地前台 029-0000-0000", "基地前台", "029-0000-0000"),
        ("老马：13800000000", "老马", "13800000000"),
        ("Front desk, +86 29 0000 0000", "Front desk", "+86 29 0000 0000"),
        ("二号门保安", "二号门保安", ""),
    ],
)
def test_the_number_of_a_base_is_one_to_tap(
    world: World, owner: Any, client_of: Any, contact: str, name: str, phone: str
) -> None:
    world.days[0].base.__class__.objects.update(contact=contact)
    sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    page = client_of(owner).get(reverse("call_sheet", args=[sheet.pk]))
    assert page.context["paper"]["contacts"][-1] == {"role": "Base", "name": name, "phone": phone}
    assert (f'href="tel:{phone}"' in page.content.decode()) is bool(phone)


def test_opening_counts_once_and_confirming_is_kept(world: World, owner: Any, actor: User, client_of: Any) -> None:
    sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    row = row_of(sheet, "沈宁")
    client, path = client_of(actor), reverse("my_day", args=[row.pk])
    client.get(reverse("my_days"))
    row.refresh_from_db()
    assert row.opened_at is None
    client.get(path)
    row.refresh_from_db()
    first = row.opened_at
    client.get(path)
    client.post(path)
    client.post(path)
    row.refresh_from_db()
    assert (row.opened_at, row.confirmed_at is not None) == (first, True)


def test_an_old_call_points_to_the_new_one(world: World, owner: Any, actor: User, client_of: Any) -> None:
    first = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    second = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner, calls={world.engagements["沈宁"].pk: 300})
    client = client_of(actor)
    old = reverse("my_day", args=[row_of(first, "沈宁").pk])
    assert client.get(old).context["newer"] == row_of(second, "沈宁")
    client.post(old)
    assert row_of(first, "沈宁").confirmed_at is None
    assert client.get(reverse("my_days")).context["next"].clock == "05:00"


def test_nobody_sees_the_calls_of_another(world: World, owner: Any, actor: User, client_of: Any) -> None:
    sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    other = row_of(sheet, "高远").pk
    client = client_of(actor)
    for name in ("my_day", "my_day_pdf"):
        assert client.get(reverse(name, args=[other])).status_code == 404
    assert client.post(reverse("my_day", args=[other])).status_code == 404
    assert client.post(reverse("make_call_feed"), {"person": world.people["高远"].pk}).status_code == 404
    assert Client().get(reverse("my_days")).status_code == 302


def test_somebody_without_a_person_is_told_what_to_do(db: None, client_of: Any) -> None:
    page = client_of(User.objects.create_user("neu", "", "correct horse")).get(reverse("my_days"))
    assert (page.status_code, "Ask the assistant director to link it" in page.content.decode()) == (200, True)


@pytest.mark.parametrize("count", [1, 3])
def test_my_days_cost_the_same_however_many(
    world: World, owner: Any, actor: User, client_of: Any, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        day = ShootDay.objects.create(production=world.production, number=9, date=dt.date(2026, 12, 10 + number))
        day.planned_scenes.create(scene=world.scenes[0], position=0, start_minute=420)
        call_sheets.issue_call_sheet(shoot_day=day, by=owner)
    client = client_of(actor)
    with django_assert_num_queries(8):
        assert client.get(reverse("my_days")).context["next"].clock == "06:00"


class TestFeed:
    def feed(self, secret: str) -> Any:
        return Client().get(reverse("call_feed", args=[secret]))

    def test_a_revision_moves_the_event_and_a_day_off_strikes_it(self, world: World, owner: Any) -> None:
        secret = renew_feed(person=world.people["沈宁"])
        call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
        calendar = Calendar.from_ical(self.feed(secret).content)
        (first,) = calendar.walk("VEVENT")
        assert first["DTSTART"].dt.isoformat() == "2026-12-01T06:00:00+08:00"
        assert (str(first["STATUS"]), first["DTSTART"].params["TZID"]) == ("CONFIRMED", "Asia/Shanghai")
        assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
        call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner, calls={world.engagements["沈宁"].pk: 300})
        (second,) = Calendar.from_ical(self.feed(secret).content).walk("VEVENT")
        assert (str(second["UID"]), second["SEQUENCE"] > first["SEQUENCE"], second["DTSTART"].dt.hour) == (
            str(first["UID"]), True, 5,
        )  # fmt: skip
        ShootDay.objects.filter(pk=world.days[0].pk).update(state="cancelled")
        (third,) = Calendar.from_ical(self.feed(secret).content).walk("VEVENT")
        assert (str(third["STATUS"]), third["SEQUENCE"] > second["SEQUENCE"]) == ("CANCELLED", True)

    def test_a_wrap_after_midnight_ends_on_the_next_date(self, world: World, owner: Any) -> None:
        ShootDay.objects.filter(pk=world.days[0].pk).update(wrap_minute=1530)
        call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
        secret = renew_feed(person=world.people["沈宁"])
        (event,) = Calendar.from_ical(self.feed(secret).content).walk("VEVENT")
        assert event["DTEND"].dt.isoformat() == "2026-12-02T01:30:00+08:00"

    def test_only_the_persons_own_calls_are_in_it(self, world: World, owner: Any) -> None:
        world.days[1].planned_scenes.filter(scene=world.scenes[3]).delete()
        for day in world.days:
            call_sheets.issue_call_sheet(shoot_day=day, by=owner)
        both, one = (
            Calendar.from_ical(self.feed(renew_feed(person=world.people[name])).content).walk("VEVENT")
            for name in ("沈宁", "高远")
        )
        assert (len(both), len(one)) == (2, 1)

    def test_a_renewed_or_unknown_secret_opens_nothing(
        self, world: World, owner: Any, actor: User, client_of: Any
    ) -> None:
        old = renew_feed(person=world.people["沈宁"])
        answer = client_of(actor).post(reverse("make_call_feed"), {"person": world.people["沈宁"].pk})
        path = answer.context["feed"]["url"].partition("testserver")[2]
        assert Client().get(path).status_code == 200
        assert [self.feed(secret).status_code for secret in (old, "x", "0" * 32)] == [404, 404, 404]
        assert answer.context["feed"]["webcal"].startswith("webcal://")
        # The secret is on that answer alone.
        assert client_of(actor).get(reverse("my_days")).context["feed"] is None

    @pytest.mark.parametrize(("count", "queries"), [(1, 2), (2, 2)])
    def test_it_costs_two_queries(
        self, world: World, owner: Any, count: int, queries: int, django_assert_num_queries: Any
    ) -> None:
        for day in world.days[:count]:
            call_sheets.issue_call_sheet(shoot_day=day, by=owner)
        secret = renew_feed(person=world.people["沈宁"])
        with django_assert_num_queries(queries):
            assert self.feed(secret).content.count(b"BEGIN:VEVENT") == count


class TestDesk:
    def test_the_draft_page_issues_with_typed_calls(self, world: World, owner: Any, client_of: Any) -> None:
        client, path = client_of(owner), reverse("call_sheet_draft", args=[world.days[0].pk])
        assert client.get(path).context["rows"][0]["value"] == "06:00"
        actor, director = world.engagements["沈宁"].pk, world.engagements["周导"].pk
        body = {"notes": "禁烟", "makeup": "45", f"call-{actor}": "0520", f"call-{director}": "06:00"}
        assert client.post(path, body).status_code == 302
        data = CallSheet.objects.get().data
        # Only what differs from the plan counts as typed.
        assert (data["typed_calls"], data["makeup_minutes"], data["notes"]) == ({str(actor): 320}, 45, ["禁烟"])
        assert client.post(path, {"notes": "禁烟", "makeup": "45", f"call-{actor}": "0520"}).status_code == 302
        assert CallSheet.objects.count() == 1

    def test_a_slip_keeps_what_was_typed(self, world: World, owner: Any, client_of: Any) -> None:
        path = reverse("call_sheet_draft", args=[world.days[0].pk])
        actor = world.engagements["沈宁"].pk
        page = client_of(owner).post(path, {"notes": "禁烟", "makeup": "x", f"call-{actor}": "六点"})
        assert (page.status_code, CallSheet.objects.count(), page.context["notes"], page.context["makeup"]) == (
            422, 0, "禁烟", "x",
        )  # fmt: skip
        assert set(page.context["errors"]) == {f"call-{actor}", "makeup_minutes"}

    def test_a_day_without_scenes_is_refused_in_words(self, world: World, owner: Any, client_of: Any) -> None:
        world.days[0].planned_scenes.all().delete()
        page = client_of(owner).post(reverse("call_sheet_draft", args=[world.days[0].pk]), {"notes": ""})
        assert (page.status_code, "No scenes are planned for this day." in page.content.decode()) == (422, True)

    def test_the_pdf_goes_out_by_a_door(
        self, world: World, owner: Any, other_owner: Any, make_member: Any, client_of: Any, actor: User, drain: Any
    ) -> None:
        sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
        path = reverse("call_sheet_pdf", args=[sheet.pk])
        client = client_of(owner)
        before = client.get(path)
        drain()
        after, chinese = client.get(path), client.get(path, {"lang": "zh-hans"})
        kept = b"".join(after.streaming_content)
        # Before the job has drawn it, it is drawn on the spot: the same bytes.
        assert (before.content == kept, kept[:5], chinese.content == kept) == (True, b"%PDF-", False)
        assert "CG01-2026-12-01-r1.pdf" in after["Content-Disposition"]
        assert client_of(other_owner).get(path).status_code == 404
        assert client_of(make_member(world.production.studio, "crew")).get(path).status_code == 403
        own = reverse("my_day_pdf", args=[row_of(sheet, "沈宁").pk])
        assert client_of(actor).get(own, {"lang": "zh-hans"}).content == chinese.content

    def test_resending_and_confirming_by_phone(
        self, world: World, owner: Any, other_owner: Any, client_of: Any, drain: Any
    ) -> None:
        sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
        row = row_of(sheet, "高远")
        for name in ("resend_call", "confirm_call"):
            path = reverse(name, args=[row.pk])
            assert client_of(other_owner).post(path).status_code == 404
            assert client_of(owner).post(path).status_code == 302
        row.refresh_from_db()
        assert row.confirmed_at is not None

    def test_an_issued_sheet_stays_readable(self, world: World, owner: Any, other_owner: Any, client_of: Any) -> None:
        first = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
        call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner, notes="改")
        path = reverse("call_sheet", args=[first.pk])
        page = client_of(owner).get(path)
        assert (page.status_code, page.context["sheet"].state, page.context["paper"]["notes"]) == (200, "revised", [])
        assert client_of(other_owner).get(path).status_code == 404
