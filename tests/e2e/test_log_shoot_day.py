"""A day of 22 scenes logged by keyboard alone, in a real browser: on our page and in the admin."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from shooting.models import DailyReport
from tests.conftest import optional
from tests.shooting.world import World, build_world

pytestmark = pytest.mark.browser

# 22 scenes, the times that the page does not know, the weather, and the end of it.
SCENES = 22
RESULTS = "1" * 17 + "p" + "2" + "S" + "3" + "o"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        optional("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def world(production: Any) -> World:
    return build_world(production, scenes=SCENES, days=1)


class Keyboard:
    """Presses keys and counts them; there is no mouse."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.count = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1


@pytest.fixture
def open_page(chromium: Any, live_server: Any, client_of: Any, owner: Any) -> Iterator[Any]:
    contexts = []

    def open_at(path: str) -> Any:
        cookie = client_of(owner).cookies[settings.SESSION_COOKIE_NAME].value
        context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["log_shoot_day", "admin:shooting_dailyreport_log"])
def test_22_scenes_are_logged_by_keyboard_alone(world: World, open_page: Any, name: str) -> None:
    page = open_page(reverse(name, args=[world.days[0].pk]))
    keys = Keyboard(page)
    keys.press(*RESULTS)
    # Past the last scene stands the first time that is still empty: the first shot. Then meal and wrap.
    keys.press(*"0710", "Tab", *"1220", "Tab", *"0130")
    keys.press("Control+Enter")
    page.wait_for_url(lambda url: "/log/" not in url)
    report = DailyReport.objects.get()
    results = list(report.scenes.order_by("position").values_list("result", flat=True))
    assert results == ["shot"] * 17 + ["part", "part", "shot", "owed", "owed"]
    assert (report.state, report.call_minute, report.first_shot_minute, report.meal_minute, report.wrap_minute) == (
        "submitted", 360, 430, 740, 1530,
    )  # fmt: skip
    # 37 keys: at two a second it is done in twenty seconds.
    assert keys.count == SCENES + 14 + 1


@pytest.mark.django_db(transaction=True)
def test_arrows_tab_and_typing_fill_a_scene(world: World, open_page: Any) -> None:
    page = open_page(reverse("log_shoot_day", args=[world.days[0].pk]))
    keys = Keyboard(page)
    # Down twice, up once: the second scene. Tab leads to its minutes, then setups, then the note.
    keys.press("ArrowDown", "ArrowDown", "ArrowUp", "Tab", *"35", "Tab", *"12", "Tab", *"p1")
    # In the notes the letters are letters; the column's arrow leads to the next scene's note.
    keys.press("ArrowDown", *"so")
    # Enter goes on in the column; what is typed there is not lost, and nothing is saved yet.
    keys.press("Enter", *"x")
    assert DailyReport.objects.count() == 0
    keys.press("Tab")
    page.locator("button[value=save]:not(.log-hidden)").press("Enter")
    keys.count += 1
    page.wait_for_load_state()
    page.wait_for_selector("[data-toast]")
    report = DailyReport.objects.get()
    rows = list(report.scenes.order_by("position").values_list("result", "minutes", "setups", "note")[:4])
    assert rows == [
        ("owed", None, None, ""), ("owed", 35, 12, "p1"), ("owed", None, None, "so"), ("owed", None, None, "x"),
    ]  # fmt: skip
    # Only Ctrl+Enter wraps.
    assert report.state == "draft"


@pytest.mark.django_db(transaction=True)
def test_the_server_counts_as_one_types(world: World, open_page: Any) -> None:
    page = open_page(reverse("log_shoot_day", args=[world.days[0].pk]))
    Keyboard(page).press("1", "1", "2")
    totals = page.locator("[data-log-totals] b")
    totals.first.filter(has_text="2").wait_for()
    # Two shot, twenty owed, one of them part shot.
    assert totals.all_inner_texts()[:3] == ["2", "20", "1"]
    assert DailyReport.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_unknown_scene_is_said_where_it_was_typed(world: World, open_page: Any) -> None:
    page = open_page(reverse("log_shoot_day", args=[world.days[0].pk]))
    field = page.locator("#add_scene")
    field.fill("99-9")
    field.press("Enter")
    page.locator("#add_scene-error").wait_for()
    assert (field.input_value(), page.evaluate("document.activeElement.id")) == ("99-9", "add_scene")
    assert DailyReport.objects.count() == 0
