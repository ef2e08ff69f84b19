"""Pages of the shoot: who enters, what they show, what they keep."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from scheduling import call_sheets
from shooting import actions
from shooting.models import DailyReport
from tests.shooting.world import World


def typed(world: World, version: int = 0, **fields: Any) -> dict[str, Any]:
    """What the page posts for the first day: both scenes shot."""
    body: dict[str, Any] = {
        "version": version, "call_minute": "0600", "first_shot_minute": "710", "meal_minute": "12:20",
        "wrap_minute": "2130", "weather": "clear", "notes": "顺利", "do": "save",
    }  # fmt: skip
    for scene in world.scenes[:2]:
        body |= {
            f"scene-{scene.pk}-result": "shot", f"scene-{scene.pk}-minutes": "45", f"scene-{scene.pk}-setups": "6",
            f"scene-{scene.pk}-note": "",
        }  # fmt: skip
    return {**body, **fields}


@pytest.fixture
def url(world: World) -> str:
    return reverse("log_shoot_day", args=[world.days[0].pk])


def test_looking_at_the_log_writes_nothing(world: World, owner: Any, client_of: Any, url: str) -> None:
    page = client_of(owner).get(url)
    assert (page.status_code, DailyReport.objects.count()) == (200, 0)
    form = page.context["form"]
    assert ([line.scene.number for line in form.lines], form.version, form.times["call_minute"]) == (
        ["1-1", "2-1"], 0, "06:00",
    )  # fmt: skip


def test_a_day_is_saved_and_wrapped(world: World, owner: Any, client_of: Any, url: str) -> None:
    client = client_of(owner)
    assert client.post(url, typed(world)).status_code == 302
    report = DailyReport.objects.get()
    assert (report.state, report.version, report.first_shot_minute, report.wrap_minute) == ("draft", 2, 430, 1290)
    done = client.post(url, typed(world, version=2, do="wrap", wrap_minute="01:30"))
    assert (done.status_code, done.url) == (302, reverse("shoot_day", args=[world.days[0].pk]))
    report.refresh_from_db()
    assert (report.state, report.wrap_minute) == ("submitted", 1530)
    # The same page sent again, by a double click or a reload: the same result once.
    assert client.post(url, typed(world, version=2, do="wrap", wrap_minute="01:30")).status_code == 302
    assert DailyReport.objects.get().version == report.version


def test_an_error_keeps_every_typed_value(world: World, owner: Any, client_of: Any, url: str) -> None:
    scene = world.scenes[0].pk
    answer = client_of(owner).post(
        url, typed(world, wrap_minute="9pm", notes="别丢", **{f"scene-{scene}-minutes": "viele"})
    )
    assert (answer.status_code, DailyReport.objects.count()) == (422, 0)
    form = answer.context["form"]
    assert (form.times["wrap_minute"], form.notes, form.times["first_shot_minute"]) == ("9pm", "别丢", "710")
    assert (form.lines[0].minutes, form.lines[0].result, form.lines[1].minutes) == ("viele", "shot", "45")
    assert (set(form.errors), set(form.lines[0].errors)) == ({"wrap_minute"}, {"minutes"})
    assert 'value="9pm"' in answer.content.decode()


def test_the_head_of_the_page_names_each_wrong_field_once(world: World, owner: Any, client_of: Any, url: str) -> None:
    client = client_of(owner)
    client.post(url, typed(world))
    scene = world.scenes[1].pk
    wrong = {f"scene-{scene}-minutes": "viele", f"scene-{scene}-setups": "-1"}
    page = client.post(url, typed(world, version=2, wrap_minute="9pm", **wrong)).content.decode()
    head = page.partition('role="alert">')[2].partition("</div>")[0]
    assert "These changes are not saved." in head
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>: ([^<]+)<', head) == [
        ("wrap_minute", "Wrap", "Not a time, such as 06:30 or 0630."),
        (f"scene-{scene}-minutes", "Scene 2-1 · Minutes", "A whole number from 0 to 1440."),
        (f"scene-{scene}-setups", "Scene 2-1 · Setups", "A whole number from 0 to 999."),
    ]
    for anchor in ("wrap_minute", f"scene-{scene}-minutes", f"scene-{scene}-setups"):
        assert page.count(f' id="{anchor}"') == 1


def test_a_scene_nobody_marked_does_not_look_decided(world: World, owner: Any, client_of: Any, url: str) -> None:
    client = client_of(owner)
    first, second = (scene.pk for scene in world.scenes[:2])
    assert [line.touched for line in client.get(url).context["form"].lines] == [False, False]
    # The first is marked as owed on the page, the second stands as it was planned: stored they are the same.
    body = typed(world, **{f"scene-{first}-result": "owed", f"scene-{second}-result": "owed"})
    body |= {f"scene-{pk}-{name}": "" for pk in (first, second) for name in ("minutes", "setups")}
    body[f"scene-{first}-touched"] = "1"
    totals = client.post(reverse("log_totals", args=[world.days[0].pk]), body)
    assert [line.touched for line in totals.context["form"].lines] == [True, False]
    assert "<b>1</b> scene not marked yet" in totals.content.decode()
    client.post(url, {**body, "do": "wrap"})
    client.post(reverse("reopen_report", args=[world.days[0].pk]))
    # Who wrapped the day had decided.
    assert [line.touched for line in client.get(url).context["form"].lines] == [True, True]


def test_warnings_are_told_before_the_day_is_wrapped(world: World, owner: Any, client_of: Any) -> None:
    client = client_of(owner)
    answer = client.post(reverse("log_totals", args=[world.days[0].pk]), typed(world, wrap_minute="0100"))
    page = answer.content.decode()
    assert "2 warnings on hours and rest" in page
    assert "4 people worked longer than 14 h (longest 吴摄, 19 h)." in page
    assert "<li>高远 18 h</li>" in page
    assert (
        "warning"
        not in client.post(
            reverse("log_totals", args=[world.days[0].pk]), typed(world, wrap_minute="1900", meal_minute="1200")
        ).content.decode()
    )


@pytest.mark.parametrize("approved", [False, True])
def test_opening_a_wrapped_day_again_raises_no_false_alarm(
    world: World, owner: Any, client_of: Any, url: str, approved: bool
) -> None:
    client = client_of(owner)
    day = world.days[0]
    path = reverse("shoot_day", args=[day.pk])
    call_sheets.issue_call_sheet(shoot_day=day, by=owner)
    # Called later and wrapped later than planned.
    client.post(url, typed(world, do="wrap", call_minute="0620"))
    if approved:
        client.post(reverse("approve_report", args=[day.pk]))
    client.post(reverse("reopen_report", args=[day.pk]), {"reason": "漏记一场"})
    page = client.get(path)
    assert (page.context["stale"], page.context["report"].state) == (False, "draft")
    text = page.content.decode()
    assert "The report is open again, by" in text
    assert "漏记一场" in text
    assert [line.result for line in page.context["log"].lines] == ["shot", "shot"]
    # What the report knows is as it was; a plan that truly moves is told.
    assert client.get(url).context["form"].times["call_minute"] == "06:20"
    day.planned_scenes.create(scene=world.scenes[2], position=7)
    assert client.get(path).context["stale"] is True
    client.post(url, typed(world, version=page.context["report"].version, do="wrap"))
    assert "open again" not in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"wrap_minute": "0559"}, "wrap_minute"), ({"first_shot_minute": "2200"}, "wrap_minute"), ({"wrap_minute": "", "do": "wrap"}, "wrap_minute")],
)  # fmt: skip
def test_what_the_action_refuses_is_said_beside_its_field(
    world: World, owner: Any, client_of: Any, url: str, wrong: dict[str, str], field: str
) -> None:
    answer = client_of(owner).post(url, typed(world, **wrong))
    assert (answer.status_code, set(answer.context["form"].errors), DailyReport.objects.count()) == (422, {field}, 0)


def test_a_conflict_shows_what_changed_and_a_second_save_keeps_ours(
    world: World, owner: Any, client_of: Any, url: str
) -> None:
    client = client_of(owner)
    client.post(url, typed(world))
    client.post(url, typed(world, version=2, weather="rain", **{f"scene-{world.scenes[1].pk}-result": "owed"}))
    answer = client.post(url, typed(world, version=2, notes="我的"))
    form = answer.context["form"]
    assert (answer.status_code, form.conflict, form.version, form.notes) == (409, True, 3, "我的")
    assert form.theirs == {"weather": "Rain", "notes": "顺利"}
    assert (form.lines[0].theirs, form.lines[1].theirs) == ({}, {"result": "Owed"})
    assert client.post(url, typed(world, version=3, notes="我的")).status_code == 302
    assert DailyReport.objects.get().notes == "我的"


def test_a_scene_beyond_the_plan_is_added_by_its_number(world: World, owner: Any, client_of: Any, url: str) -> None:
    client = client_of(owner)
    page = client.post(url, typed(world, do="add", add_scene="4-1", notes="不丢"))
    assert (page.status_code, page.context["form"].notes, DailyReport.objects.count()) == (200, "不丢", 0)
    assert [(line.scene.number, line.planned) for line in page.context["form"].lines][-1] == ("4-1", False)
    unknown = client.post(url, typed(world, do="add", add_scene="99-9"))
    assert unknown.status_code == 422
    # Said under the field, which keeps what was typed.
    field = unknown.content.decode().partition('<div class="log-add">')[2].partition("</div>")[0]
    assert 'value="99-9"' in field
    assert '<p class="log-error" id="add_scene-error">The script has no scene “99-9”.</p>' in field
    extra = {f"scene-{world.scenes[3].pk}-result": "shot"}
    assert client.post(url, typed(world, **extra)).status_code == 302
    assert DailyReport.objects.get().scenes.filter(scene=world.scenes[3], result="shot").count() == 1


def test_the_server_counts(world: World, owner: Any, client_of: Any) -> None:
    body = typed(world, **{f"scene-{world.scenes[1].pk}-result": "part"})
    answer = client_of(owner).post(reverse("log_totals", args=[world.days[0].pk]), body)
    totals = answer.context["form"].totals
    assert (totals.shot, totals.owed, totals.part, totals.minutes, totals.setups) == (1, 1, 1, 90, 12)
    assert (answer.context["form"].shot_pages_text, DailyReport.objects.count()) == ("0.1", 0)


def test_approving_and_opening_again(world: World, owner: Any, client_of: Any, make_member: Any, url: str) -> None:
    client = client_of(owner)
    client.post(url, typed(world, do="wrap"))
    day = world.days[0].pk
    assistant = client_of(make_member(world.production.studio, "assistant_director"))
    assert assistant.post(reverse("approve_report", args=[day])).status_code == 403
    assert client.post(reverse("approve_report", args=[day])).status_code == 302
    assert DailyReport.objects.get().state == "approved"
    assert assistant.post(reverse("reopen_report", args=[day]), {"reason": "x"}).status_code == 403
    client.post(reverse("reopen_report", args=[day]))
    assert DailyReport.objects.get().state == "approved"
    client.post(reverse("reopen_report", args=[day]), {"reason": "补拍"})
    assert DailyReport.objects.get().state == "draft"


PAGES = ["shoot_day", "log_shoot_day", "call_sheet_draft"]


@pytest.mark.parametrize("name", PAGES)
def test_doors(world: World, owner: Any, other_owner: Any, make_member: Any, client_of: Any, name: str) -> None:
    path = reverse(name, args=[world.days[0].pk])
    assert client_of(owner).get(path).status_code == 200
    assert client_of(other_owner).get(path).status_code == 404
    assert client_of(make_member(world.production.studio, "investor")).get(path).status_code == 403


def test_an_editor_reads_and_does_not_write(world: World, make_member: Any, client_of: Any, url: str) -> None:
    client = client_of(make_member(world.production.studio, "script_editor"))
    assert client.get(reverse("shoot_day", args=[world.days[0].pk])).status_code == 200
    assert client.post(reverse("call_sheet_draft", args=[world.days[0].pk])).status_code == 403
    assert (client.get(url).status_code, client.post(url, typed(world)).status_code) == (403, 403)


def test_the_list_of_days(world: World, owner: Any, other_owner: Any, client_of: Any, url: str) -> None:
    client = client_of(owner)
    path = reverse("production_shoot", args=[world.production.pk])
    client.post(url, typed(world, do="wrap", **{f"scene-{world.scenes[1].pk}-result": "part"}))
    page = client.get(path)
    lines = [(row["line"].planned, row["line"].shot, row["shot_pages"]) for row in page.context["lines"]]
    assert lines == [(2, 1, "0.1"), (2, 0, "0.0")]
    assert (page.context["shot"], page.context["burn_up"]["series"][1]["data"]) == (1, [1, None])
    # The head's number is what its column adds up to, and what the first page says.
    assert (page.context["owed"], [row["line"].owed for row in page.context["lines"]]) == (1, [1, 0])
    assert "1 scene owed" in client.get(reverse("home")).content.decode()
    assert len(client.get(path, {"state": "wrapped"}).context["lines"]) == 1
    exported = client.get(path, {"format": "csv"}).content.decode()
    assert exported.startswith("\ufeffShoot day,Date,")
    assert exported.splitlines()[1] == "1,2026-12-01,Main unit,西影基地,Wrapped,2,1,1,1,0.3,0.1"
    assert client_of(other_owner).get(path).status_code == 404


def test_a_title_without_days_says_what_to_do(production: Any, owner: Any, client_of: Any) -> None:
    page = client_of(owner).get(reverse("production_shoot", args=[production.pk]))
    assert "Lay the scenes on a stripboard and lock it" in page.content.decode()


def test_the_day_shows_who_confirmed_and_that_the_plan_moved(world: World, owner: Any, client_of: Any) -> None:
    sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    call_sheets.confirm_call(recipient=sheet.recipients.first(), by=owner)
    client = client_of(owner)
    path = reverse("shoot_day", args=[world.days[0].pk])
    page = client.get(path)
    assert (page.context["confirmed"], len(page.context["recipients"]), page.context["stale"]) == (1, 4, False)
    world.days[0].planned_scenes.create(scene=world.scenes[2], position=7)
    assert client.get(path).context["stale"] is True


class TestAdmin:
    def test_the_log_stands_in_the_admin(self, world: World, owner: Any, client_of: Any) -> None:
        client = client_of(owner)
        path = reverse("admin:shooting_dailyreport_log", args=[world.days[0].pk])
        assert client.get(path).status_code == 200
        done = client.post(path, typed(world, do="wrap"))
        assert (done.status_code, done.url) == (302, reverse("admin:shooting_dailyreport_changelist"))
        assert DailyReport.objects.get().state == "submitted"

    def test_days_that_want_a_report_stand_above_the_list(
        self, world: World, owner: Any, client_of: Any, time_machine: Any
    ) -> None:
        time_machine.move_to("2026-12-02T12:00:00+08:00")
        page = client_of(owner).get(reverse("admin:shooting_dailyreport_changelist"))
        assert [day.number for day in page.context["days_to_log"]] == [2, 1]

    def test_a_draft_opens_on_the_log_page(self, world: World, owner: Any, client_of: Any) -> None:
        report = actions.open_report(shoot_day=world.days[0], by=owner)
        answer = client_of(owner).get(reverse("admin:shooting_dailyreport_change", args=[report.pk]))
        assert answer.url == reverse("admin:shooting_dailyreport_log", args=[world.days[0].pk])

    def test_others_are_kept_out(
        self, world: World, owner: Any, other_owner: Any, make_member: Any, client_of: Any
    ) -> None:
        path = reverse("admin:shooting_dailyreport_log", args=[world.days[0].pk])
        assert client_of(other_owner).get(path).status_code == 404
        assert client_of(make_member(world.production.studio, "script_editor")).get(path).status_code == 403
        sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
        client = client_of(owner)
        assert client.get(reverse("admin:scheduling_callsheet_changelist")).status_code == 200
        assert client.post(reverse("admin:scheduling_callsheet_delete", args=[sheet.pk])).status_code == 403
