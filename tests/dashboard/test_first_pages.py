"""Home, the slate and a title at a glance, through the browser's door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.queries import glances
from finance.actions import add_budget_line, post_cost
from scripts_app.importing import import_script
from studio.actions import open_production
from studio.choices import Role
from studio.models import Membership, Production, User

SCRIPT = """《灯下》
人物小传
1.林叶：女，28，修表匠。
2.周野：男，30，律师。

第1集
1-1 日 内 修表铺
人物：林叶
△林叶低头修表。
林叶：又慢了三分钟。
1-2 夜 外 巷口
人物：林叶 周野
周野：东西在你手里？

第2集
2-1 夜 内 修表铺
人物：林叶 周野
林叶：在，也不在。
"""


@pytest.fixture
def read(production: Production, owner: User) -> Production:
    import_script(production=production, data=SCRIPT.encode(), filename="dengxia.txt", by=owner)
    return production


def test_a_glance_adds_up(read: Production, owner: User) -> None:
    add_budget_line(production=read, account="cast", name="主演", quantity=3, rate_minor=100_000, by=owner)
    post_cost(
        production=read, account="cast", amount_minor=120_000, on_date=read.shoot_from_date, source="t:1",
        narrative="定金", by=owner,
    )  # fmt: skip
    glance = glances([read])[0]
    assert (glance.episodes, glance.scenes, glance.revision) == (2, 3, 1)
    assert (glance.budget, glance.cost, glance.cost_percent) == (300_000, 120_000, 40)
    assert (glance.shot_percent, glance.margin) == (0, -120_000)


@pytest.mark.parametrize("count", [1, 3])
def test_the_slate_costs_the_same_however_many_titles(
    read: Production, owner: User, client_of: Callable[..., Any], count: int
) -> None:
    for n in range(count):
        extra = open_production(studio=read.studio, title=f"第{n}部", code=f"S{n}", by=owner)
        import_script(production=extra, data=SCRIPT.encode(), filename="x.txt", by=owner)
    client = client_of(owner)
    client.get("/productions/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/productions/").status_code == 200
    # Recorded for one title beside the first and for three: the same.
    assert len(queries) == 24


def test_search_filter_and_export(read: Production, owner: User, client_of: Callable[..., Any]) -> None:
    open_production(studio=read.studio, title="=HYPERLINK(1)", code="EVIL", by=owner)
    client = client_of(owner)
    page = client.get("/productions/", {"q": "cg0"}).content.decode()
    assert "初光" in page
    assert "HYPERLINK" not in page
    assert "No title fits" in client.get("/productions/", {"stage": "live"}).content.decode()
    export = client.get("/productions/", {"format": "csv"})
    assert export["Content-Type"] == "text/csv; charset=utf-8"
    lines = export.content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["'=HYPERLINK(1)", "初光"]


@pytest.mark.parametrize(("role", "sees"), [("finance", True), ("post_artist", False), ("investor", False)])
def test_money_is_shown_to_who_may_see_it(
    read: Production,
    owner: User,
    make_member: Callable[..., User],
    client_of: Callable[..., Any],
    role: str,
    sees: bool,
) -> None:
    add_budget_line(production=read, account="cast", name="主演", quantity=1, rate_minor=7_654_300, by=owner)
    client = client_of(make_member(read.studio, role))
    page = client.get("/productions/")
    assert page.status_code == 200
    assert ("76.5k" in page.content.decode()) is sees
    assert ("76543.00" in client.get("/productions/", {"format": "csv"}).content.decode()) is sees
    assert ("76.5k" in client.get(f"/productions/{read.pk}/").content.decode()) is sees


def test_another_studios_title_is_not_there(read: Production, other_owner: User, client_of: Callable[..., Any]) -> None:
    client = client_of(other_owner)
    assert client.get(f"/productions/{read.pk}/").status_code == 404
    assert "初光" not in client.get("/productions/").content.decode()
    assert "初光" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("role", "target"),
    [
        (Role.CREW, "/my/days/"),
        (Role.WRITER, "/my/scripts/"),
        (Role.INVESTOR, "/investments/"),
        (Role.PLATFORM_CLIENT, "/delivery/"),
    ],
)
def test_those_whose_day_is_elsewhere_start_there(
    read: Production, make_member: Callable[..., User], client_of: Callable[..., Any], role: str, target: str
) -> None:
    user = make_member(read.studio, role, platform_code="hongguo" if role == Role.PLATFORM_CLIENT else "")
    answer = client_of(user).get("/")
    assert (answer.status_code, answer["Location"]) == (302, target)
    assert client_of(user).get(target).status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.CREW, Role.WRITER, Role.INVESTOR, Role.PLATFORM_CLIENT}]
)
def test_everybody_else_has_a_home(
    read: Production, make_member: Callable[..., User], client_of: Callable[..., Any], role: str, language: str
) -> None:
    answer = client_of(make_member(read.studio, role), language).get("/")
    assert answer.status_code == 200
    assert "青禾影视" in answer.content.decode()


def test_what_waits_is_on_the_home_of_who_can_do_it(
    read: Production, owner: User, make_member: Callable[..., User], client_of: Callable[..., Any]
) -> None:
    compliance = client_of(make_member(read.studio, "compliance_officer")).get("/").content.decode()
    assert "Titles not classed yet" in compliance
    artist = client_of(make_member(read.studio, "post_artist")).get("/").content.decode()
    assert "Titles not classed yet" not in artist


def test_opening_a_title(production: Production, owner: User, client_of: Callable[..., Any]) -> None:
    client = client_of(owner)
    fields = {"title": "新片", "code": "XP01", "studio": production.studio_id, "work_kind": "live"}
    bad = client.post("/productions/new/", {**fields, "investment": "六十万"})
    assert bad.status_code == 422
    assert "Write an amount such as" in bad.content.decode()
    taken = client.post("/productions/new/", {**fields, "code": "CG01"})
    assert taken.status_code == 422
    assert "is taken" in taken.content.decode()
    assert Production.objects.count() == 1
    made = client.post("/productions/new/", {**fields, "investment": "600,000"})
    row = Production.objects.get(code="XP01")
    assert (made.status_code, made["Location"]) == (302, f"/productions/{row.pk}/")
    assert row.investment_minor == 60_000_000


def test_a_member_of_one_production_opens_none(
    production: Production, make_member: Callable[..., User], client_of: Callable[..., Any]
) -> None:
    guest = make_member(production.studio, "producer", production=production)
    client = client_of(guest)
    fields = {"title": "新片", "code": "XP01", "studio": production.studio_id, "work_kind": "live"}
    assert client.post("/productions/new/", fields).status_code == 422
    assert Production.objects.count() == 1


# --- a title with its budget in one action ------------------------------------------------------------------------


@pytest.fixture
def template(production: Production, owner: User) -> Any:
    """A whole budget kept: a flat 1,000.00 and two persons a day at 500.00 for the title's one day."""
    from finance.actions import keep_part
    from finance.queries import budget_in_force

    add_budget_line(production=production, account="art", name="服装", rate_minor=100_000, by=owner)
    add_budget_line(
        production=production, account="crew", name="场务", rate_minor=50_000, quantity="2", unit="day", by=owner
    )
    version = budget_in_force(production)
    assert version is not None
    return keep_part(version=version, name="标准短剧", by=owner)


def new_title(studio: Any, **fields: str) -> dict[str, Any]:
    return {"title": "新片", "code": "XP01", "studio": studio.pk, "work_kind": "live", **fields}


def test_a_title_is_opened_with_a_template_of_its_budget(
    production: Production, template: Any, owner: User, client_of: Callable[..., Any]
) -> None:
    from finance.models import BudgetVersion

    client = client_of(owner)
    assert f'<option value="{template.pk}">标准短剧</option>' in client.get("/productions/new/").content.decode()
    client.post("/productions/new/", new_title(production.studio, budget=str(template.pk)))
    version = BudgetVersion.objects.get(production__code="XP01")
    assert (version.name, version.state) == ("标准短剧", "draft")
    assert list(version.lines.order_by("position").values_list("account", "name", "rate_minor", "quantity_hundredths")) == [
        ("art", "服装", 100_000, 100), ("crew", "场务", 50_000, 200),
    ]  # fmt: skip
    assert set(version.lines.values_list("part", flat=True)) == {template.pk}


def test_a_title_is_opened_with_the_standard_shares_or_not_at_all(
    production: Production, owner: User, client_of: Callable[..., Any]
) -> None:
    from finance.models import BudgetLine

    client = client_of(owner)
    bare = client.post("/productions/new/", new_title(production.studio, budget="standard"))
    assert (bare.status_code, Production.objects.count()) == (422, 1)
    assert "Enter the title&#x27;s investment first." in bare.content.decode()
    client.post("/productions/new/", new_title(production.studio, budget="standard", investment="600000"))
    lines = BudgetLine.objects.filter(version__production__code="XP01")
    assert sum(line.rate_minor for line in lines) == 60_000_000
    client.post("/productions/new/", new_title(production.studio, code="XP02", investment="600000"))
    assert BudgetLine.objects.filter(version__production__code="XP02").count() == 0


def test_a_template_stays_in_its_studio_and_with_those_who_write_budgets(
    production: Production, template: Any, other_owner: User, other_studio: Any, make_member: Callable[..., User],
    client_of: Callable[..., Any],
) -> None:  # fmt: skip
    others = client_of(other_owner)
    assert "标准短剧" not in others.get("/productions/new/").content.decode()
    assert others.post("/productions/new/", new_title(other_studio, budget=str(template.pk))).status_code == 422
    both = make_member(production.studio, "owner")
    Membership.objects.create(user=both, studio=other_studio, role="owner")
    answer = client_of(both).post("/productions/new/", new_title(other_studio, budget=str(template.pk)))
    assert (answer.status_code, Production.objects.count()) == (422, 1)
    assert "This part belongs to another studio." in answer.content.decode()
