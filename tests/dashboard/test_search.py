"""The search over the rooms: what it finds, and above all what it must not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.search import KINDS, MOST_HITS, asked_words, search
from delivery.models import Package, Platform, Spec
from finance.models import Contract, ContractParty, Party
from scheduling.models import FilmBase, Location
from scripts_app.importing import import_script
from scripts_app.models import Scene
from studio.access import access_of
from studio.actions import open_production
from studio.choices import Role
from studio.models import Engagement, Person, Production, Studio, User

SCRIPT = """《灯下》
人物小传
1.林叶：女，28，修表匠。

第1集
1-1 日 内 灯下修表铺
人物：林叶
△她低头修表。
1-2 夜 外 {word}巷口
人物：林叶
林叶：又慢了三分钟。
"""
CODES = ["productions", "scenes", "characters", "people", "locations", "packages", "contracts", "parties"]


def furnish(production: Production, owner: User, word: str, code: str) -> None:
    """One row of every kind, each with the word in it."""
    text = SCRIPT.format(word=word).replace("林叶", f"{word}叶")
    import_script(production=production, data=text.encode(), filename="x.txt", by=owner)
    studio = production.studio
    Person.objects.create(studio=studio, name=f"{word}小雨", phone="138-0013 8000")
    base = FilmBase.objects.create(studio=studio, name=f"{code}基地", city="西安")
    Location.objects.create(base=base, name=f"{word}公馆")
    platform = Platform.objects.create(studio=studio, code=code.lower(), name=f"{word}短剧")
    spec = Spec.objects.create(platform=platform, from_date=dt.date(2026, 1, 1), rules=_rules())
    Package.objects.create(production=production, platform=platform, spec=spec)
    contract = Contract.objects.create(
        production=production, platform=platform, from_date=dt.date(2026, 1, 1), terms={}
    )
    party = Party.objects.create(
        studio=studio, code=f"{code.lower()}-p", name=f"{word}传媒", kind="company", tax_method="none"
    )
    ContractParty.objects.create(contract=contract, party=party)


def _rules() -> dict[str, Any]:
    from tests.house.world import _spec_rules

    return _spec_rules()


@pytest.fixture
def furnished(production: Production, owner: User, other_production: Production, other_owner: User) -> Production:
    """Two studios, alike to the letter."""
    for row in (production, other_production):
        row.title = "霓虹夜"
        row.save(update_fields=["title"])
    furnish(production, owner, "霓虹", "hongguo")
    furnish(other_production, other_owner, "霓虹", "hongguo")
    return production


def found(user: User, studio: Studio, text: str) -> dict[str, list[str]]:
    groups = search(access_of(user), studio, asked_words(text))
    return {group.kind.code: [hit.text for hit in group.hits] for group in groups}


def test_every_kind_is_found_and_opens(
    furnished: Production, owner: User, client_of: Callable[..., Any], studio: Studio
) -> None:
    groups = search(access_of(owner), studio, ["霓虹"])
    assert [group.kind.code for group in groups] == CODES == [kind.code for kind in KINDS]
    # The other studio has as many again.
    assert [group.total for group in groups] == [1] * 8
    assert found(owner, studio, "霓虹") == {
        "productions": ["霓虹夜"], "scenes": ["1-2 Ext. Night 霓虹巷口"], "characters": ["霓虹叶"],
        "people": ["霓虹小雨"], "locations": ["霓虹公馆"], "packages": ["霓虹夜 → 霓虹短剧"],
        "contracts": ["霓虹夜 · 霓虹短剧"], "parties": ["霓虹传媒"],
    }  # fmt: skip
    client = client_of(owner)
    page = client.get("/search/", {"q": "霓虹"})
    assert page.status_code == 200
    for group in groups:
        assert client.get(group.more_url).status_code == 200, group.kind.code
        for hit in group.hits:
            assert f'href="{hit.url}"'.replace("&", "&amp;") in page.content.decode(), hit
            assert client.get(hit.url).status_code == 200, hit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cg01", {"productions": ["霓虹夜"], "packages": ["霓虹夜 → 霓虹短剧"], "contracts": ["霓虹夜 · 霓虹短剧"]}),
        ("1—2", {"scenes": ["1-2 Ext. Night 霓虹巷口"]}),
        ("１－２", {"scenes": ["1-2 Ext. Night 霓虹巷口"]}),
        ("修表铺", {"scenes": ["1-1 Int. Day 灯下修表铺"]}),
        ("低头修表", {"scenes": ["1-1 Int. Day 灯下修表铺"]}),
        ("13800138000", {"people": ["霓虹小雨"]}),
        ("0013-80", {"people": ["霓虹小雨"]}),
        ("西安", {"locations": ["霓虹公馆"]}),
        ("  霓虹   公馆 ", {"locations": ["霓虹公馆"]}),
        ("霓虹夜 1-1", {"scenes": ["1-1 Int. Day 灯下修表铺"]}),
        ("霓虹传媒", {"contracts": ["霓虹夜 · 霓虹短剧"], "parties": ["霓虹传媒"]}),
    ],
)
def test_what_finds_what(furnished: Production, owner: User, studio: Studio, text: str, expected: Any) -> None:
    assert found(owner, studio, text) == expected


def test_the_title_narrows_its_scenes_and_does_not_bring_up_all(
    furnished: Production, owner: User, studio: Studio
) -> None:
    assert "scenes" not in found(owner, studio, "霓虹夜")
    second = open_production(studio=studio, title="长街", code="CJ01", by=owner)
    import_script(production=second, data=SCRIPT.format(word="长街").encode(), filename="y.txt", by=owner)
    assert found(owner, studio, "1-2")["scenes"] == ["1-2 Ext. Night 长街巷口", "1-2 Ext. Night 霓虹巷口"]
    assert found(owner, studio, "霓虹夜 1-2")["scenes"] == ["1-2 Ext. Night 霓虹巷口"]


def test_what_is_called_so_comes_before_what_contains_it(furnished: Production, owner: User, studio: Studio) -> None:
    for n, title in enumerate(["灯", "灯下", "长夜灯"]):
        open_production(studio=studio, title=title, code=f"D{n}", by=owner)
    assert found(owner, studio, "灯")["productions"] == ["灯", "灯下", "长夜灯"]


def test_an_omitted_scene_says_so_and_opens_where_it_is_listed(
    furnished: Production, owner: User, studio: Studio, client_of: Callable[..., Any]
) -> None:
    Scene.objects.filter(production=furnished, number="1-2").update(state="omitted")
    (hit,) = search(access_of(owner), studio, ["1-2"])[0].hits
    assert "Omitted" in hit.sub
    assert f'id="{hit.url.partition("#")[2]}"' in client_of(owner).get(hit.url).content.decode()


def test_the_list_of_one_title_is_offered_only_when_all_is_of_that_title(
    furnished: Production, owner: User, studio: Studio
) -> None:
    def offered() -> str:
        return next(g.more_url for g in search(access_of(owner), studio, ["1-1"]) if g.kind.code == "scenes")

    assert offered() == f"/productions/{furnished.pk}/script/scenes/?q=1-1"
    second = open_production(studio=studio, title="长街", code="CJ01", by=owner)
    import_script(production=second, data=SCRIPT.format(word="长街").encode(), filename="y.txt", by=owner)
    assert offered() == "/scripts/"


# --- who sees what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.CREW, []),
        (Role.INVESTOR, ["productions"]),
        (Role.PLATFORM_CLIENT, ["packages"]),
        (Role.FINANCE, ["productions", "people", "locations", "packages", "contracts", "parties"]),
        (Role.POST_ARTIST, ["productions", "scenes", "characters"]),
        (Role.SCRIPT_EDITOR, ["productions", "scenes", "characters", "locations"]),
        (Role.DELIVERY_COORDINATOR, ["productions", "locations", "packages"]),
        (Role.PRODUCER, CODES),
    ],
)
def test_a_role_finds_what_its_verbs_show(
    furnished: Production, studio: Studio, make_member: Callable[..., User], client_of: Callable[..., Any],
    role: str, expected: list[str],
) -> None:  # fmt: skip
    user = make_member(studio, role, platform_code="hongguo" if role == Role.PLATFORM_CLIENT else "")
    assert list(found(user, studio, "霓虹")) == expected
    page = client_of(user).get("/search/", {"q": "霓虹"})
    assert page.status_code == 200
    assert page.content.decode().count("data-search-hit") == len(expected)


def test_a_platforms_client_finds_its_own_platforms_packages_only(
    furnished: Production, owner: User, studio: Studio, make_member: Callable[..., User]
) -> None:
    platform = Platform.objects.create(studio=studio, code="douyin", name="霓虹抖音")
    spec = Spec.objects.create(platform=platform, from_date=dt.date(2026, 1, 1), rules=_rules())
    Package.objects.create(production=furnished, platform=platform, spec=spec)
    client = make_member(studio, Role.PLATFORM_CLIENT, platform_code="douyin")
    assert found(client, studio, "霓虹") == {"packages": ["霓虹夜 → 霓虹抖音"]}
    assert len(found(owner, studio, "霓虹")["packages"]) == 2


def test_another_studios_rows_are_not_there(
    furnished: Production, other_production: Production, other_owner: User, owner: User, studio: Studio,
    other_studio: Studio, client_of: Callable[..., Any],
) -> None:  # fmt: skip
    Person.objects.create(studio=other_studio, name="霓虹外人", phone="13900000000")
    page = client_of(owner).get("/search/", {"q": "霓虹"}).content.decode()
    assert "霓虹小雨" in page
    assert "霓虹外人" not in page
    assert f"/productions/{other_production.pk}/" not in page
    assert "霓虹外人" in client_of(other_owner).get("/search/", {"q": "霓虹"}).content.decode()
    # Not even when it is asked for as the studio in front.
    assert search(access_of(owner), other_studio, ["霓虹"]) == []


def test_a_member_of_two_studios_finds_what_is_of_the_studio_in_front(
    furnished: Production, other_production: Production, owner: User, other_studio: Studio,
    make_member: Callable[..., User], client_of: Callable[..., Any],
) -> None:  # fmt: skip
    from studio.models import Membership

    Membership.objects.create(user=owner, studio=other_studio, role=Role.OWNER)
    client = client_of(owner)
    assert f'"/productions/{other_production.pk}/"' not in client.get("/search/", {"q": "霓虹"}).content.decode()
    client.post("/studio/", {"studio": other_studio.pk})
    page = client.get("/search/", {"q": "霓虹"}).content.decode()
    assert f'"/productions/{other_production.pk}/"' in page
    assert f'"/productions/{furnished.pk}/"' not in page


def test_who_works_on_one_title_finds_its_rows_and_its_people(
    furnished: Production, owner: User, studio: Studio, make_member: Callable[..., User], client_of: Callable[..., Any]
) -> None:
    second = open_production(studio=studio, title="霓虹长街", code="CJ01", by=owner)
    import_script(production=second, data=SCRIPT.format(word="霓虹长街").encode(), filename="y.txt", by=owner)
    engaged = Person.objects.create(studio=studio, name="霓虹灯光", phone="13700000000")
    Engagement.objects.create(production=second, person=engaged, department="lighting", job_title="灯光师")
    guest = make_member(studio, Role.ASSISTANT_DIRECTOR, production=second)
    assert found(guest, studio, "霓虹") == {
        "productions": ["霓虹长街"], "scenes": ["1-2 Ext. Night 霓虹长街巷口"], "people": ["霓虹灯光"],
    }  # fmt: skip
    (hit,) = search(access_of(guest), studio, ["灯光"])[0].hits
    assert (hit.sub, hit.url) == ("13700000000 · 灯光师 · 霓虹长街", f"/productions/{second.pk}/people/")
    assert client_of(guest).get(hit.url).status_code == 200


# --- how much it asks and takes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_however_much_is_found(
    furnished: Production, owner: User, studio: Studio, count: int
) -> None:
    for n in range(count):
        extra = open_production(studio=studio, title=f"霓虹{n}", code=f"S{n}", by=owner)
        furnish(extra, owner, f"霓虹{n}", f"p{n}")
    with CaptureQueriesContext(connection) as queries:
        groups = search(access_of(owner), studio, ["霓虹"])
    assert [group.total for group in groups if group.kind.code != "scenes"] == [count + 1] * 7
    # The two memberships queries, then one for each kind.
    assert len(queries) == 2 + len(KINDS)


def test_at_most_eight_of_a_kind_with_the_whole_count(
    furnished: Production, owner: User, studio: Studio, client_of: Callable[..., Any]
) -> None:
    Person.objects.bulk_create(Person(studio=studio, name=f"赵{n}", phone="") for n in range(20))
    (group,) = search(access_of(owner), studio, ["赵"])
    assert (len(group.hits), group.total) == (MOST_HITS, 20)
    assert "8 of 20" in client_of(owner).get("/search/", {"q": "赵"}).content.decode()


@pytest.mark.parametrize(
    "text", ["%", "_", "'", '"', "\\", "a'; DROP TABLE studio_person; --", "\x00", "\ud800", "<script>alert(1)</script>", "霓" * 10_000, "x " * 5_000]
)  # fmt: skip
def test_odd_input_is_looked_for_as_it_stands(
    furnished: Production, owner: User, client_of: Callable[..., Any], text: str
) -> None:
    answer = client_of(owner).get("/search/", {"q": text.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "data-search-hit" not in page
    assert "<script>alert" not in page


def test_signs_of_a_pattern_stand_for_themselves(furnished: Production, owner: User, studio: Studio) -> None:
    Person.objects.create(studio=studio, name="100%_O'Neil")
    for text in ("%", "_", "'", "0%_o'n"):
        assert found(owner, studio, text) == {"people": ["100%_O'Neil"]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("   ", []),
        (" 灯\u3000下\t3-7\n", ["灯", "下", "3-7"]),
        ("灯\x00下", ["灯", "下"]),
        ("长" * 200, ["长" * 80]),
    ],
)
def test_a_query_is_trimmed(text: str, words: list[str]) -> None:
    assert asked_words(text) == words


# --- the page -----------------------------------------------------------------------------------------------------


def test_an_empty_query_and_no_result_say_what_one_can_search(
    furnished: Production, owner: User, make_member: Callable[..., User], studio: Studio, client_of: Callable[..., Any]
) -> None:
    client = client_of(owner)
    empty = client.get("/search/").content.decode()
    assert "What you can search" in empty
    assert "number such as 3-7, set, synopsis" in empty
    nothing = client.get("/search/", {"q": "没有这个"}).content.decode()
    assert "Nothing found for “没有这个”." in nothing
    assert "number such as 3-7, set, synopsis" in nothing
    finance = client_of(make_member(studio, Role.FINANCE)).get("/search/").content.decode()
    assert "title, platform, party" in finance
    assert "number such as 3-7, set, synopsis" not in finance
    crew = client_of(make_member(studio, Role.CREW)).get("/search/").content.decode()
    assert "Nothing to search" in crew


def test_the_frame_offers_the_box_to_those_who_can_search(
    furnished: Production, owner: User, make_member: Callable[..., User], studio: Studio, client_of: Callable[..., Any]
) -> None:
    assert 'action="/search/"' in client_of(owner).get("/").content.decode()
    crew = client_of(make_member(studio, Role.CREW)).get("/my/days/")
    assert crew.status_code == 200
    assert 'action="/search/"' not in crew.content.decode()


def test_while_typing_only_the_part_that_changes_is_sent(
    furnished: Production, owner: User, studio: Studio, client_of: Callable[..., Any]
) -> None:
    Person.objects.bulk_create(Person(studio=studio, name=f"赵{n}", phone="") for n in range(20))
    client = client_of(owner)
    under_the_box = client.get("/search/", {"q": "赵"}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="search-live")
    text = under_the_box.content.decode()
    assert "<html" not in text
    assert text.count("data-search-hit") == 4 + 1
    assert "4 of 20" in text
    assert 'href="/search/?q=%E8%B5%B5"' in text
    assert '<span id="search-status" hx-swap-oob="innerHTML">20 results</span>' in text
    on_the_page = client.get("/search/", {"q": "赵"}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="search-results")
    assert on_the_page.content.decode().count("data-search-hit") == 8
    assert {"HX-Request", "HX-Target"} <= {part.strip() for part in under_the_box["Vary"].split(",")}


def test_strangers_are_asked_to_sign_in(client: Any, db: None) -> None:
    answer = client.get("/search/", {"q": "霓虹"})
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/accounts/login/?next=/search/%3Fq%3D%25E9%259C%2593%25E8%2599%25B9",
    )
