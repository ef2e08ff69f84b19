"""Scripts and sides as PDF: what is on them, for whom, and how much of the script."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts_app.episode_ranges import read_episodes
from scripts_app.importing import import_script
from scripts_app.models import Character, Revision
from scripts_app.script_papers import Copy, Part, script_data
from studio.refusals import Refused


@pytest.fixture
def script(production: Any, owner: Any, first: bytes) -> Revision:
    revision = import_script(production=production, data=first, filename="a.txt", by=owner)
    return Revision.objects.select_related("script__production__studio").get(pk=revision.pk)


def read(answer: Any) -> tuple[Any, list[str]]:
    """The PDF's metadata and its pages without spaces."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(answer.content))
    return reader.metadata, [re.sub(r"[\s\u200b]", "", page.extract_text()) for page in reader.pages]


def _lines(data: dict[str, Any]) -> list[tuple[str, bool]]:
    return [
        (row["text"], row["mine"]) for episode in data["episodes"] for scene in episode["scenes"] for row in scene["elements"]
    ]  # fmt: skip


def _numbers(data: dict[str, Any]) -> list[str]:
    return [scene["number"] for episode in data["episodes"] for scene in episode["scenes"]]


def test_the_whole_script_is_on_the_paper_with_the_readers_name(
    client_of: Any, owner: Any, production: Any, script: Revision
) -> None:
    answer = client_of(owner).get(f"/productions/{production.pk}/script/revisions/1/pdf/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "CG01-r1.pdf" in answer.headers["Content-Disposition"]
    meta, pages = read(answer)
    text = "".join(pages)
    for said in ("林叶推门而入", "你怎么在这里？", "那一年，她二十八岁。", "1-2", "桌上放着一张请柬", "Episode2"):
        assert said in text
    name = str(owner).replace(" ", "")
    assert all(name in page for page in pages)
    assert meta["/Author"] == str(owner)


def test_a_studio_may_leave_the_name_out(client_of: Any, owner: Any, production: Any, script: Revision) -> None:
    production.studio.watermark_scripts = False
    production.studio.save()
    meta, pages = read(client_of(owner).get(f"/productions/{production.pk}/script/revisions/1/pdf/"))
    assert str(owner).replace(" ", "") not in "".join(pages)
    assert "/Author" not in meta


def test_a_part_has_the_episodes_asked_for(client_of: Any, owner: Any, production: Any, script: Revision) -> None:
    url = f"/productions/{production.pk}/script/revisions/1/pdf/"
    _meta, pages = read(client_of(owner).get(url, {"episodes": "2-9"}))
    assert "桌上放着一张请柬" in "".join(pages)
    assert "林叶推门而入" not in "".join(pages)
    answer = client_of(owner).get(url, {"episodes": "2-1"}, follow=True)
    assert "Write episodes as numbers with commas" in answer.content.decode()


def test_a_role_has_its_scenes_and_its_lines_are_marked(script: Revision) -> None:
    data = script_data(Copy.of(script), Part(roles=("沈乐",)), language="en", mark=None)
    # 1-2 is without 沈乐; 2-1 has only a line that two speak.
    assert _numbers(data) == ["1-1", "2-1"]
    lines = dict(_lines(data))
    assert lines["她终于回来了。"]
    assert lines["走吧。"]
    assert not lines["你怎么在这里？"]
    assert [scene["page"] for episode in data["episodes"] for scene in episode["scenes"]] == [1, 1]


def test_a_voice_from_off_is_in_its_sides_too(script: Revision) -> None:
    data = script_data(Copy.of(script), Part(roles=("旁白",)), language="en", mark=None)
    assert _numbers(data) == ["1-1"]
    assert [text for text, mine in _lines(data) if mine] == ["那一年，她二十八岁。"]


def test_sides_of_a_role_from_its_page(client_of: Any, owner: Any, production: Any, script: Revision) -> None:
    role = Character.objects.get(name="沈乐")
    page = client_of(owner).get(f"/productions/{production.pk}/script/characters/").content.decode()
    url = f"/productions/{production.pk}/script/characters/{role.pk}/sides/"
    assert url in page
    answer = client_of(owner).get(url)
    _meta, pages = read(answer)
    assert "Sides" in pages[0]
    assert "我不会放弃的" not in "".join(pages)
    _meta, pages = read(client_of(owner, "zh-hans").get(url))
    assert "演员分场本" in pages[0]


def test_page_numbers_are_those_of_the_whole_paper(production: Any, owner: Any, client_of: Any) -> None:
    scenes = "\n".join(
        f"第{n}集\n{n}-1 日 内 客厅\n人物：{'林叶' if n % 10 == 0 else '沈乐'}\n" + "△她走过来，又走回去。\n" * 12
        for n in range(1, 31)
    )
    revision = import_script(
        production=production, data=f"《初光》\n【正文】\n{scenes}".encode(), filename="long.txt", by=owner
    )
    revision = Revision.objects.select_related("script__production__studio").get(pk=revision.pk)
    data = script_data(Copy.of(revision), Part(roles=("林叶",)), language="en", mark=None)
    _meta, pages = read(client_of(owner).get(f"/productions/{production.pk}/script/revisions/1/pdf/"))
    where = {
        number: next(at for at, text in enumerate(pages, start=1) if f"Episode{number}{number}-1" in text)
        for number in (10, 20, 30)
    }
    assert where[30] > where[10] > 1
    found = {scene["number"]: scene["page"] for episode in data["episodes"] for scene in episode["scenes"]}
    assert found == {f"{number}-1": page for number, page in where.items()}


def test_a_writers_own_pdf_carries_their_name_even_where_the_studio_names_nobody(
    client_of: Any, studio: Any, production: Any, owner: Any, make_member: Any, make_person: Any, script: Revision
) -> None:
    from scripts_app.actions import name_writer

    studio.watermark_scripts = False
    studio.save()
    user = make_member(studio, "writer")
    name_writer(production=production, person=make_person(studio, "江迟", user=user), by=owner)
    meta, _pages = read(client_of(user).get(f"/my/scripts/{production.pk}/revisions/1/pdf/"))
    assert meta["/Author"] == str(user)
    assert client_of(user).get(f"/my/scripts/{production.pk}/revisions/2/pdf/").status_code == 404


def test_a_paper_costs_the_same_queries_for_one_scene_and_many(
    production: Any, owner: Any, script: Revision, second: bytes, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        few = script_data(Copy.of(script), Part(episodes=frozenset({2})), language="en", mark=None)
    with django_assert_num_queries(2):
        all_of_it = script_data(Copy.of(script), Part(), language="en", mark=None)
    assert (len(_numbers(few)), len(_numbers(all_of_it))) == (1, 3)


# --- episodes as people write them ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", set()),
        ("  ", set()),
        ("3", {3}),
        ("1-3, 8", {1, 2, 3, 8}),
        ("1 — 3、5；7", {1, 2, 3, 5, 7}),
        ("1至2 4~5", {1, 2, 4, 5}),
    ],
)
def test_episodes_are_read(text: str, numbers: set[int]) -> None:
    assert read_episodes(text) == numbers


@pytest.mark.parametrize("text", ["0", "x", "3-1", "1-", "-", "1--2x", "1-99999", "1," * 300, "１２３４５６７", "-5"])
def test_what_names_no_episodes_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_episodes(text)
    assert refusal.value.code == "bad_episodes"


@given(st.sets(st.integers(1, 500), min_size=1, max_size=40))
def test_what_is_listed_is_what_is_read(numbers: set[int]) -> None:
    assert read_episodes(", ".join(map(str, numbers))[:400].rpartition(", ")[0] or "7") <= numbers | {7}


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_episodes(text)
    except Refused:
        return
    assert all(number > 0 for number in found)
