"""Call sheets and daily reports over REST."""

from __future__ import annotations

from typing import Any

import pytest

from scheduling import call_sheets
from shooting import actions
from shooting.models import DailyReport
from tests.shooting.world import World, build_world


def test_a_day_goes_over_the_api_from_call_to_approval(world: World, owner: Any, api_of: Any) -> None:
    api = api_of(owner)
    day = world.days[0]
    issued = api.post("/api/v1/call-sheets/", {"shoot_day": day.pk, "notes": "禁烟"}, format="json")
    assert (issued.status_code, issued.json()["revision"], issued.json()["warnings"]) == (201, 1, [])
    assert [row["name"] for row in issued.json()["recipients"]] == ["沈宁", "周导", "吴摄", "高远"]
    again = api.post("/api/v1/call-sheets/", {"shoot_day": day.pk}, format="json")
    assert again.json()["id"] == issued.json()["id"]
    report = api.post("/api/v1/daily-reports/", {"shoot_day": day.pk}, format="json").json()
    assert [(row["number"], row["result"]) for row in report["scenes"]] == [("1-1", "owed"), ("2-1", "owed")]
    path = f"/api/v1/daily-reports/{report['id']}/"
    body = {
        "version": report["version"], "call_minute": 360, "wrap_minute": 1500, "weather": "clear",
        "scenes": [{"scene_id": row["scene"], "result": "shot", "minutes": 40} for row in report["scenes"]],
    }  # fmt: skip
    assert api.post(path + "log/", body, format="json").json()["version"] == 2
    assert api.post(path + "wrap/").json()["state"] == "submitted"
    done = api.post(path + "approve/").json()
    assert (done["state"], len(done["time_sheets"])) == ("approved", 4)
    names = [row["name"] for row in api.get(path + "events/").json()["results"]]
    assert names == ["DailyReportLogged", "DailyReportSubmitted", "DailyReportApproved"]
    assert api.get(f"/api/v1/call-sheets/{issued.json()['id']}/").json()["state"] == "frozen"


def test_refusals_are_problems(world: World, owner: Any, api_of: Any) -> None:
    api = api_of(owner)
    report = actions.open_report(shoot_day=world.days[0], by=owner)
    path = f"/api/v1/daily-reports/{report.pk}/"
    (problem,) = api.post(path + "wrap/", headers={"accept-language": "en"}).json()["errors"]
    assert problem == {
        "code": "wrap_missing", "message": "Type the wrap before you wrap the day.", "field": "wrap_minute",
    }  # fmt: skip
    late = api.post(path + "log/", {"version": 9, "weather": "fog"}, format="json")
    assert (late.status_code, late.json()["errors"][0]["code"]) == (409, "report_changed")
    bad = api.post(path + "log/", {"version": 1, "call_minute": 700, "wrap_minute": 600}, format="json")
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (400, "wrap_minute")
    empty = build_world_without_people(world, owner)
    refused = api.post("/api/v1/call-sheets/", {"shoot_day": empty}, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "no_people")


def build_world_without_people(world: World, owner: Any) -> int:
    from studio.actions import open_production

    title = open_production(studio=world.production.studio, title="无人", code="WR01", by=owner)
    return int(build_world(title, crew=False).days[0].pk)


def test_another_studio_sees_nothing(world: World, owner: Any, other_owner: Any, api_of: Any) -> None:
    sheet = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    report = actions.open_report(shoot_day=world.days[0], by=owner)
    api = api_of(other_owner)
    for path in (f"/api/v1/call-sheets/{sheet.pk}/", f"/api/v1/daily-reports/{report.pk}/"):
        assert api.get(path).status_code == 404
    for path in ("call-sheets", "daily-reports"):
        assert api.get(f"/api/v1/{path}/").json()["results"] == []
        answer = api.post(f"/api/v1/{path}/", {"shoot_day": world.days[0].pk}, format="json")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "shoot_day")
    assert api.post(f"/api/v1/daily-reports/{report.pk}/approve/").status_code == 404


@pytest.mark.parametrize("path", ["log", "wrap", "approve"])
def test_a_role_without_the_verb_is_refused(world: World, owner: Any, make_member: Any, api_of: Any, path: str) -> None:
    report = actions.open_report(shoot_day=world.days[0], by=owner)
    api = api_of(make_member(world.production.studio, "script_editor"))
    assert api.post(f"/api/v1/daily-reports/{report.pk}/{path}/", {"version": 1}, format="json").status_code == 403
    assert DailyReport.objects.get().version == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_however_long(
    world: World, owner: Any, api_of: Any, django_assert_num_queries: Any, rows: int
) -> None:
    from scheduling.models import ShootDay

    api = api_of(owner)
    api.get("/api/v1/daily-reports/?limit=1")
    for number in range(rows):
        day = ShootDay.objects.create(production=world.production, number=9 + number, date=f"2027-01-0{number + 1}")
        DailyReport.objects.create(shoot_day=day)
    with django_assert_num_queries(1):
        answer = api.get("/api/v1/daily-reports/")
    assert [row["date"] for row in answer.json()["results"]] == [f"2027-01-0{n + 1}" for n in range(rows)]
