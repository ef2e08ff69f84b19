from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from finance import actions
from finance.budget_parts import part_differences
from finance.models import BudgetPart, BudgetVersion
from finance.queries import budget_total
from studio.actions import ensure_episodes, open_production
from studio.refusals import Refused


@pytest.fixture
def version(production: Any, owner: Any) -> BudgetVersion:
    """Ten episodes; a night kit of two lines, cutting by the episode, a flat fee, and a tenth of all."""
    ensure_episodes(production=production, numbers=range(1, 11))
    row = actions.open_budget(production=production, by=owner)
    for account, name, quantity, unit, factor, rate, group in (
        ("equipment", "夜戏灯光", "1.5", "day", 1, 100_000, "夜戏"), ("living", "夜宵", 1, "day", 40, 2_000, "夜戏"),
        ("post", "剪辑", 10, "episode", 1, 50_000, ""), ("script", "剧本", 1, "flat", 1, 300_000, ""),
    ):  # fmt: skip
        actions.add_budget_line(
            version=row, account=account, name=name, quantity=quantity, unit=unit, factor=factor, rate_minor=rate,
            group=group, by=owner,
        )  # fmt: skip
    actions.add_budget_line(
        version=row, account="contingency", name="不可预见", unit="percent", percent_bp=1000, by=owner
    )
    return row


def lines(version: BudgetVersion) -> dict[str, int]:
    return dict(version.lines.order_by("position", "pk").values_list("name", "amount_minor"))


def test_a_group_is_kept_and_put_in_so_many_times(
    client_of: Any, owner: Any, studio: Any, version: BudgetVersion
) -> None:
    client = client_of(owner)
    client.post(reverse("keep_budget_part", args=[version.pk]), {"group": "夜戏", "name": "夜戏套餐"})
    part = BudgetPart.objects.get()
    other = open_production(studio=studio, title="二", code="ER", by=owner)
    target = actions.open_budget(production=other, by=owner)
    assert "夜戏套餐" in client.get(reverse("budget_parts", args=[target.pk])).content.decode()
    client.post(reverse("insert_budget_part", args=[target.pk, part.pk]), {"times": "3"})
    assert lines(target) == {"夜戏灯光": 450_000, "夜宵": 240_000}
    assert set(target.lines.values_list("group", "source", "part")) == {("夜戏套餐", "part", part.pk)}
    # A second copy beside the first; both are undone one by one.
    actions.insert_part(version=target, part=part, by=owner)
    assert (target.lines.count(), budget_total(target)) == (4, 690_000 + 230_000)
    for count in (2, 0):
        actions.undo_budget_change(version=target, step=target.steps.order_by("-number").first().number, by=owner)
        assert target.lines.count() == count
    for times in (0, 1_001, True):
        with pytest.raises(Refused) as refused:
            actions.insert_part(version=target, part=part, times=times, by=owner)
        assert refused.value.code == "times_out_of_range"


def test_a_whole_budget_is_a_template_for_the_next_title(owner: Any, studio: Any, version: BudgetVersion) -> None:
    part = actions.keep_part(version=version, name="标准短剧", by=owner)
    assert list(part.lines.values_list("name", "per", "quantity_hundredths")) == [
        ("夜戏灯光", "once", 150), ("夜宵", "once", 100), ("剪辑", "episode", 100), ("剧本", "once", 100),
        ("不可预见", "once", 100),
    ]  # fmt: skip
    other = open_production(studio=studio, title="二", code="ER", by=owner)
    ensure_episodes(production=other, numbers=range(1, 25))
    target = actions.open_budget(production=other, by=owner)
    actions.insert_part(version=target, part=part, by=owner)
    # 24 episodes cut instead of ten, and a tenth of it all.
    assert lines(target) == {
        "夜戏灯光": 150_000, "夜宵": 80_000, "剪辑": 1_200_000, "剧本": 300_000, "不可预见": 173_000,
    }  # fmt: skip


def test_a_changed_part_shows_where_copies_differ(
    client_of: Any, owner: Any, studio: Any, version: BudgetVersion
) -> None:
    part = actions.keep_part(version=version, group="夜戏", name="夜戏套餐", by=owner)
    other = open_production(studio=studio, title="二", code="ER", by=owner)
    target = actions.open_budget(production=other, by=owner)
    actions.insert_part(version=target, part=part, times=2, by=owner)
    hand = actions.add_budget_line(version=target, account="crew", name="场务", rate_minor=1_000, by=owner)
    assert part_differences(target) == []
    light = version.lines.get(name="夜戏灯光")
    actions.edit_budget_line(
        line=light, account="equipment", name="夜戏灯光", quantity="1.5", rate_minor=120_000, by=owner
    )
    actions.remove_budget_line(line=version.lines.get(name="夜宵"), by=owner)
    actions.add_budget_line(version=version, account="living", name="姜汤", rate_minor=500, group="夜戏", by=owner)
    assert actions.keep_part(version=version, group="夜戏", name="夜戏套餐", by=owner).revision == 2
    client = client_of(owner)
    url = reverse("budget_parts", args=[target.pk])
    assert "is not as the part is by now" in client.get(url).content.decode()
    (found,) = part_differences(target)
    assert [(c.kind.value, c.line.name, c.difference_minor) for c in found.changes] == [
        ("changed", "夜戏灯光", 60_000), ("added", "姜汤", 1_000), ("removed", "夜宵", -160_000),
    ]  # fmt: skip
    refresh = reverse("refresh_budget_part", args=[target.pk, part.pk])
    client.post(refresh, {"copy": "1", "seen": "something else"})
    assert lines(target)["夜戏灯光"] == 300_000
    client.post(refresh, {"copy": "1", "seen": found.digest})
    assert lines(target) == {"夜戏灯光": 360_000, "场务": hand.amount_minor, "姜汤": 1_000}
    assert part_differences(target) == []


def test_a_part_goes_and_lines_stay(owner: Any, studio: Any, version: BudgetVersion) -> None:
    part = actions.keep_part(version=version, group="夜戏", name="夜戏套餐", by=owner)
    actions.insert_part(version=version, part=part, by=owner)
    step = version.steps.order_by("-number").first().number
    actions.add_budget_line(version=version, account="crew", name="场务", rate_minor=1_000, by=owner)
    before = lines(version)
    actions.remove_part(part=part, by=owner)
    assert (lines(version), BudgetPart.objects.count()) == (before, 0)
    # Taking back what came before knows the part no more.
    actions.undo_budget_change(version=version, step=step + 1, by=owner)
    assert version.lines.filter(part__isnull=False).count() == 0
    for name, group, code in (("", "夜戏", "name_missing"), ("x", "没有", "nothing_to_keep")):
        with pytest.raises(Refused) as refused:
            actions.keep_part(version=version, group=group, name=name, by=owner)
        assert refused.value.code == code
    kept = actions.keep_part(version=version, group="夜戏", name="夜戏套餐", by=owner)
    actions.insert_part(version=version, part=kept, by=owner)
    actions.approve_budget(version=version, by=owner)
    with pytest.raises(Refused) as refused:
        actions.remove_part(part=kept, by=owner)
    assert refused.value.code == "part_in_force"
