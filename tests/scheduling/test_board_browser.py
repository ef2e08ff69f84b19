"""The board in a real browser: dragging, keys, undo, and somebody else in between."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from scheduling import actions
from scheduling.models import Stripboard
from tests.conftest import optional
from tests.scheduling.test_board_actions import ids, lies

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(live_server: Any, owner: Any) -> Iterator[Any]:
    """A signed-in English window of Chromium."""
    program = shutil.which("chromium")
    if program is None:
        optional("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    owner.language = "en"
    owner.save()
    client = Client()
    client.force_login(owner)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=live_server.url)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        yield context.new_page()
        browser.close()


def numbers(page: Any, place: str) -> list[str]:
    found: list[str] = page.locator(f"{place} .bs-num").all_inner_texts()
    return found


def test_strips_move_by_mouse_and_by_keys(window: Any, laid: Stripboard, owner: Any) -> None:
    first, second = (f"#day-{day.pk}" for day in laid.days.order_by("date"))
    window.goto(reverse("board_page", args=[laid.production_id, laid.pk]))

    def strip(number: str) -> Any:
        return window.locator(f'.bstrip:has(.bs-num:text-is("{number}"))')

    with window.expect_response("**/move/"):
        strip("1-1").drag_to(strip("5-1"))
    window.wait_for_selector(f'{second} .bstrip:has(.bs-num:text-is("1-1"))')
    assert lies(laid)["2026-12-01"] == ["2-1", "3-1"]
    assert sorted(lies(laid)["2026-12-02"]) == ["1-1", "4-1", "5-1", "6-1"]
    # Two chosen with Shift move together and keep their order.
    strip("2-1").click()
    strip("3-1").click(modifiers=["Shift"])
    window.keyboard.press("m")
    with window.expect_response("**/move/"):
        window.keyboard.press("Enter")
    window.wait_for_selector(f'{second} .bstrip:has(.bs-num:text-is("3-1"))')
    assert lies(laid)["2026-12-01"] == []
    assert lies(laid)["2026-12-02"][-2:] == ["2-1", "3-1"]
    assert numbers(window, second) == lies(laid)["2026-12-02"]
    for _step in range(2):
        with window.expect_response("**/undo/"):
            window.keyboard.press("u")
    window.wait_for_selector(f'{first} .bstrip:has(.bs-num:text-is("1-1"))')
    assert numbers(window, first) == ["1-1", "2-1", "3-1"]
    # Into the boneyard with Alt and the arrow.
    strip("1-1").click()
    with window.expect_response("**/move/"):
        window.keyboard.press("Alt+ArrowLeft")
    window.wait_for_selector('#boneyard .bstrip:has(.bs-num:text-is("1-1"))')
    assert lies(laid)["-"] == ["1-1"]
    window.select_option("[data-filter=episode]", "2")
    assert window.locator("[data-filter-count]").inner_text() == "1 / 6"


def test_a_change_by_somebody_else_is_told_and_nothing_is_lost(window: Any, laid: Stripboard, owner: Any) -> None:
    window.goto(reverse("board_page", args=[laid.production_id, laid.pk]))
    actions.move_strips(board=laid, version=3, scene_ids=ids(laid, "6-1"), day_id=None, position=0, by=owner)
    before = lies(laid)
    window.locator('.bstrip:has(.bs-num:text-is("1-1"))').click()
    with window.expect_response("**/move/") as answer:
        window.keyboard.press("Alt+ArrowDown")
    assert answer.value.status == 409
    toast = window.locator(".toast")
    toast.wait_for()
    assert "Somebody else changed this board" in toast.inner_text()
    assert lies(laid) == before
    toast.get_by_role("button", name="Reload the board").click()
    window.wait_for_selector('#boneyard .bstrip:has(.bs-num:text-is("6-1"))')
