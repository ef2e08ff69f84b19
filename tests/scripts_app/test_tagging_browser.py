"""Marking words in a real browser: with the mouse, by keys, and with a finger's selection."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from scripts_app.actions import import_script
from scripts_app.models import Mark
from tests.conftest import optional

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
        context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        yield context.new_page()
        browser.close()


@pytest.fixture
def url(production: Any, owner: Any, first: bytes) -> str:
    # A character outside the basic plane is two units to the browser and one to the server.
    text = first.decode().replace("桌上放着一张请柬", "𠮷家桌上放着一张请柬").encode()
    import_script(production=production, data=text, filename="a.txt", by=owner)
    return reverse("scene_breakdown", args=[production.pk, production.scenes.get(number="2-1").pk])


def box_of(page: Any, words: str) -> dict[str, float]:
    """Where words of the first line stand on the screen."""
    found: dict[str, float] = page.evaluate(
        """(words) => {
          const line = document.querySelector('[data-line="0"] [data-line-text]');
          const node = [...line.childNodes].map((n) => n.firstChild || n).find((n) => n.data.includes(words));
          const range = document.createRange();
          const at = node.data.indexOf(words);
          range.setStart(node, at); range.setEnd(node, at + words.length);
          const box = range.getBoundingClientRect();
          return {left: box.left, right: box.right, y: (box.top + box.bottom) / 2};
        }""",
        words,
    )
    return found


def marks() -> list[tuple[Any, ...]]:
    return list(Mark.objects.order_by("pk").values_list("tag__element__category", "words", "start", "length"))


def test_words_are_marked_with_the_mouse_and_are_there_again(window: Any, url: str) -> None:
    window.goto(url)
    at = box_of(window, "请柬")
    window.mouse.move(at["left"] + 1, at["y"])
    window.mouse.down()
    window.mouse.move(at["right"] - 1, at["y"], steps=5)
    window.mouse.up()
    menu = window.locator("[data-mark-menu]")
    menu.wait_for(state="visible")
    assert menu.locator("[name=name]").input_value() == "请柬"
    with window.expect_response(lambda response: response.request.method == "POST"):
        menu.locator("button[value=props]").click()
    window.locator("mark.cat-props").wait_for()
    assert marks() == [("props", "请柬", 8, 2)]
    window.goto(url)
    assert window.locator("mark.cat-props").inner_text() == "请柬"
    # Words behind a mark count the same: its letter is drawn, not written.
    at = box_of(window, "桌上")
    window.mouse.move(at["left"] + 1, at["y"])
    window.mouse.down()
    window.mouse.move(at["right"] - 1, at["y"], steps=5)
    window.mouse.up()
    window.locator("[data-mark-menu]").wait_for(state="visible")
    window.keyboard.press("Escape")
    assert window.locator("[data-mark-menu]").is_hidden()
    with window.expect_response(lambda response: response.request.method == "POST"):
        window.get_by_role("button", name="Undo").click()
    window.wait_for_selector("mark.cat-props", state="detached")
    assert marks() == []


def test_words_are_marked_by_keys_alone(window: Any, url: str) -> None:
    window.goto(url)
    line = window.locator('[data-line="0"]')
    window.keyboard.press("Tab")
    for _press in range(60):
        if line.evaluate("(each) => each === document.activeElement"):
            break
        window.keyboard.press("Tab")
    for _press in range(2):
        window.keyboard.press("ArrowRight")
    window.keyboard.press("Shift+ArrowRight")
    assert window.evaluate("String(window.getSelection())") == "桌上"
    window.keyboard.press("Enter")
    window.locator("[data-mark-menu]").wait_for(state="visible")
    window.keyboard.press("Tab")
    with window.expect_response(lambda response: response.request.method == "POST"):
        window.keyboard.press("Enter")
    window.wait_for_selector("mark.tagged")
    assert marks() == [("props", "桌上", 2, 2)]
    # The line is drawn anew and takes the cursor back a moment later.
    window.locator('[data-line="0"]:focus').wait_for()


def test_a_selection_without_a_mouse_opens_the_menu(window: Any, url: str) -> None:
    window.set_viewport_size({"width": 390, "height": 800})
    window.goto(url)
    window.evaluate(
        """() => {
          const node = document.querySelector('[data-line="0"] [data-line-text]').firstChild;
          window.getSelection().setBaseAndExtent(node, 3, node, 5);
        }"""
    )
    menu = window.locator("[data-mark-menu]")
    menu.wait_for(state="visible")
    assert menu.locator("[name=name]").input_value() == "桌上"
    box = menu.bounding_box()
    assert box["y"] + box["height"] >= 799
    assert menu.locator(".mark-kind").first.bounding_box()["height"] >= 44
    # The last kind is not under the bar at the foot of the phone: it takes the finger.
    menu.locator(".mark-kind").last.click()
    window.wait_for_selector("mark.cat-minors")
