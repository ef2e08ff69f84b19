"""Meals with their ends and extras by heads: typed on the page, sent to the API, never half."""

from __future__ import annotations

from typing import Any

from shooting.models import DailyReport
from tests.shooting.conftest import World


def test_meals_and_extras_are_typed_on_the_log_page(world: World, owner: Any, client_of: Any, api_of: Any) -> None:
    day, scene = world.days[0], world.scenes[0]
    client = client_of(owner)
    typed = {
        "version": "0", "call_minute": "06:00", "meal_minute": "12:00", "meal_end_minute": "1240", "wrap_minute": "01:00",
        "second_meal_minute": "18:00", "second_meal_end_minute": "18:30", "do": "save", "add_scene": "",
        f"scene-{scene.pk}-result": "shot", "extras-0-kind": "extra", "extras-0-heads": "20", "extras-0-call": "",
        "extras-0-wrap": "16:00", "extras-1-kind": "stunt", "extras-1-heads": "", "extras-2-kind": "extra",
        "extras-2-heads": "2", "extras-2-call": "14:00", "extras-2-wrap": "02:00",
    }  # fmt: skip
    assert client.post(f"/shoot-days/{day.pk}/log/", typed).status_code == 302
    report = DailyReport.objects.get()
    assert report.meals == [(720, 760), (1080, 1110)]
    rows = [("extra", 20, 360, 960), ("extra", 2, 840, 1560)]
    assert list(report.extras.values_list("kind", "heads", "call_minute", "wrap_minute")) == rows
    # The same page sent again, by another hand that had not seen it, is stored once; other extras are a conflict.
    assert client.post(f"/shoot-days/{day.pk}/log/", {**typed, "version": "1"}).status_code == 302
    response = client.post(f"/shoot-days/{day.pk}/log/", {**typed, "version": "1", "extras-0-heads": "25"})
    assert response.status_code == 409
    assert "Extra 20 06:00–16:00" in response.content.decode()
    response = client.post(f"/shoot-days/{day.pk}/log/", {**typed, "version": "2", "extras-0-heads": "many"})
    assert (response.status_code, report.extras.count()) == (422, 2)
    assert "A whole number of heads" in response.content.decode()
    response = client.post(f"/shoot-days/{day.pk}/log/", {**typed, "version": "2", "second_meal_minute": "12:30"})
    assert response.status_code == 422
    api = api_of(owner)
    body = api.get(f"/api/v1/daily-reports/{report.pk}/").json()
    assert [(row["kind"], row["heads"]) for row in body["extras"]] == [("extra", 20), ("extra", 2)]
    assert (body["second_meal_minute"], body["second_meal_end_minute"]) == (1080, 1110)
    log = {
        "version": body["version"], "call_minute": 360, "meal_minute": 720, "wrap_minute": 1500,
        "extras": [{"kind": "stunt", "heads": 1, "call_minute": 360, "wrap_minute": 720}],
    }  # fmt: skip
    assert api.post(f"/api/v1/daily-reports/{report.pk}/log/", log, format="json").status_code == 200
    assert list(report.extras.values_list("kind", "heads")) == [("stunt", 1)]
    log = {**log, "version": body["version"] + 1, "meal_end_minute": 700}
    del log["extras"]
    assert api.post(f"/api/v1/daily-reports/{report.pk}/log/", log, format="json").status_code == 400
    assert list(report.extras.values_list("kind", "heads")) == [("stunt", 1)]
