"""A dirty script goes in by way of the import page, in a real browser; the next draft remembers what was decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from scripts_app.models import Reading, Revision
from studio import jobs
from tests.e2e.test_log_shoot_day import chromium, open_page  # noqa: F401 - the browser and its pages
from tests.scripts_app.test_readings import DIRTY

pytestmark = pytest.mark.browser


def hand_in(page: Any, production: Any, path: Path) -> None:
    """Upload a file on the script page and come to where it leads when it is read."""
    page.goto(page.url.split("/productions/")[0] + reverse("script", args=[production.pk]))
    if not page.locator("input[type=file]").is_visible():
        page.locator("details.fold summary").first.click()
    page.locator("input[type=file]").set_input_files(str(path))
    page.locator("form:has(input[type=file]) button.btn-primary").click()
    page.wait_for_selector("[data-job-state]")
    jobs.run_due()


def settled(page: Any, version: int) -> None:
    page.wait_for_selector(f"[data-reading][data-version='{version}']")
    # The dialog closes when the page has settled; until then keys are its own.
    page.locator("#line-dialog[open]").wait_for(state="detached")


@pytest.mark.django_db(transaction=True)
def test_an_editor_goes_through_a_dirty_script(production: Any, open_page: Any, tmp_path: Path) -> None:  # noqa: F811
    draft = tmp_path / "夜归.txt"
    draft.write_text(DIRTY, encoding="utf-8")
    page = open_page(reverse("script", args=[production.pk]))
    hand_in(page, production, draft)
    page.wait_for_selector("[data-reading]")
    assert Revision.objects.count() == 0

    # The next fault by key, its proposal by key: 乔 is 乔安然, everywhere.
    page.keyboard.press("n")
    assert page.locator("[data-fault]:focus").get_attribute("data-code") == "speaker_alias"
    page.keyboard.press("a")
    settled(page, 1)
    # The eye is led to the next one.
    page.wait_for_selector("[data-fault]:focus")
    assert page.locator("[data-fault]:focus").get_attribute("data-code") == "scene_number_missing"
    page.keyboard.press("a")
    settled(page, 2)
    page.wait_for_selector("[data-fault-step='1']:focus")
    page.keyboard.press("n")
    page.wait_for_url("**episode=2**")

    # A set by another name, in the dialog of its heading.
    page.locator("#line-13").hover()
    page.locator("#line-13 [data-line-more]").click()
    page.wait_for_selector("#line-dialog[open] input[name=to]")
    page.keyboard.type("乔家客厅")
    page.keyboard.press("Enter")
    settled(page, 3)
    assert "乔家客厅" in page.locator("#line-13 .scene-head").inner_text()

    # A scene is split above a line, undone by key, done again by key.
    page.locator("#line-16").hover()
    page.locator("#line-16 [data-line-more]").click()
    page.wait_for_selector("#line-dialog[open] button[value=split_scene]")
    page.fill("#line-dialog input[name=set]", "乔家门口")
    page.select_option("#line-dialog select[name=time]", "night")
    page.click("#line-dialog button[value=split_scene]")
    settled(page, 4)
    assert page.locator(".scene-head").count() == 3
    page.keyboard.press("Control+z")
    settled(page, 5)
    assert page.locator(".scene-head").count() == 2
    page.keyboard.press("Control+Shift+z")
    settled(page, 6)
    assert page.locator(".scene-head").count() == 3

    # The page is left and found again as it was.
    page.reload()
    settled(page, 6)
    page.locator("[data-fault]").first.wait_for()
    page.keyboard.press("n")
    page.keyboard.press("i")
    settled(page, 7)
    assert page.locator("[data-fault]").count() == 0
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-job-state]")
    jobs.run_due()
    page.wait_for_selector(".drafts")
    assert list(production.scenes.order_by("sort_key").values_list("number", "set_name")) == [
        ("1-1", "乔家客厅"), ("1-2", "天台"), ("2-1", "乔家客厅"), ("2-1A", "街道"), ("2-1B", "乔家门口"),
    ]  # fmt: skip
    assert set(production.characters.values_list("name", flat=True)) == {"乔安然", "陆川"}

    # The next draft is longer above, and has one new fault: the rest is as decided.
    draft.write_text(
        DIRTY.replace("第1集\n", "第1集\n1-0 日 外 街道\n人物：陆川\n陆川：早。\n")
        + "日 内 茶馆\n人物：陆川\n陆川：茶。\n",
        encoding="utf-8",
    )
    hand_in(page, production, draft)
    page.wait_for_selector("[data-recalled]")
    assert page.locator("[data-recalled] .step").count() == 5
    assert page.locator("[data-fault]").count() == 1
    assert "乔家门口" in page.locator("#line-19 ~ .scene-head, .scene-head").all_inner_texts()[1]
    second = Reading.objects.get(state="open")
    assert {step["from_revision"] for step in second.steps} == {1}
    page.locator("[data-recalled] button[name=take_back]").first.click()
    settled(page, 1)
    assert page.locator("[data-recalled] .step").count() == 4
