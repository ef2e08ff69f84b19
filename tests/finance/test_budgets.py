from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from finance import actions
from finance.models import BudgetLine, BudgetStep, BudgetVersion
from finance.queries import budget_in_force, budget_total, cost_report, money_at_a_glance, sheet_of, title_figures
from studio.actions import ensure_episodes
from studio.models import Event
from studio.refusals import Refused


@pytest.fixture
def version(production: Any, owner: Any) -> BudgetVersion:
    """Cast 2.5 days x 2, crew flat, 10 % of both."""
    row = actions.open_budget(production=production, by=owner, name="初稿")
    actions.add_budget_line(
        version=row, account="cast", name="女一", quantity="2.5", unit="day", factor=2, rate_minor=100_000, by=owner
    )
    actions.add_budget_line(version=row, account="crew", name="灯光", rate_minor=300_000, by=owner)
    actions.add_budget_line(
        version=row, account="contingency", name="不可预见", unit="percent", percent_bp=1000, by=owner
    )
    row.refresh_from_db()
    return row


def form_of(client: Any, version: BudgetVersion) -> dict[str, list[str]]:
    """What a browser would send back of the sheet as it is shown."""
    from html.parser import HTMLParser

    class Inputs(HTMLParser):
        inside = False
        select = ""
        found: dict[str, list[str]] = {}

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            values = dict(attrs)
            if tag == "form":
                self.inside = "data-sheet" in values
            if not self.inside:
                return
            if tag == "select":
                self.select = values["name"]
                self.found.setdefault(self.select, []).append("")
                self.first = True
            elif tag == "option" and self.select and ("selected" in values or self.first):
                self.found[self.select][-1] = values["value"]
                self.first = False
            elif tag == "input":
                self.found.setdefault(values["name"], []).append(values.get("value") or "")

        def handle_endtag(self, tag: str) -> None:
            if tag == "select":
                self.select = ""

    parser = Inputs()
    parser.found = {}
    parser.feed(client.get(reverse("budget", args=[version.pk])).content.decode())
    parser.found.pop("csrfmiddlewaretoken", None)
    return parser.found


def amounts(version: BudgetVersion) -> list[tuple[str, int]]:
    return list(version.lines.order_by("position", "pk").values_list("name", "amount_minor"))


# --- versions and what is in force --------------------------------------------------------------------------------


def test_costs_are_held_against_the_approved_version_else_the_latest_draft(
    production: Any, owner: Any, version: BudgetVersion
) -> None:
    assert budget_total(version) == 880_000
    assert cost_report(production).budget_minor == 880_000
    second = actions.open_budget(production=production, by=owner, copy_of=version)
    actions.add_budget_line(version=second, account="sets", name="别墅", rate_minor=100_000, by=owner)
    assert (budget_in_force(production), budget_total(second)) == (second, 990_000)
    actions.approve_budget(version=version, by=owner)
    # The approved one is in force although a later draft says something else.
    assert (budget_in_force(production), money_at_a_glance(production).budget_minor) == (version, 880_000)
    actions.approve_budget(version=second, by=owner)
    version.refresh_from_db()
    assert (version.state, cost_report(production).budget_minor) == ("superseded", 990_000)
    assert list(second.lines.order_by("position").values_list("key", flat=True))[:3] == list(
        version.lines.order_by("position").values_list("key", flat=True)
    )


def test_an_approved_budget_is_frozen_and_a_change_makes_a_new_version(
    production: Any, owner: Any, version: BudgetVersion
) -> None:
    actions.approve_budget(version=version, by=owner)
    line = version.lines.first()
    for attempt in (
        lambda: actions.add_budget_line(version=version, account="crew", name="x", by=owner),
        lambda: actions.edit_budget_line(line=line, account="crew", name="x", quantity=1, by=owner),
        lambda: actions.remove_budget_line(line=line, by=owner),
        lambda: actions.rename_budget(version=version, name="x", note="", by=owner),
        lambda: actions.remove_budget(version=version, by=owner),
        lambda: actions.undo_budget_change(version=version, step=1, by=owner),
        lambda: actions.return_budget(version=version, reason="x", by=owner),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert (refused.value.code, refused.value.conflict) == ("budget_closed", True)
    made = actions.add_budget_line(production=production, account="crew", name="场务", rate_minor=1, by=owner)
    assert (made.version.number, made.version.based_on, made.version.lines.count()) == (2, version, 4)
    assert (budget_in_force(production), version.lines.count()) == (version, 3)


@pytest.mark.parametrize("way", ["update", "delete", "insert", "move", "reopen", "rewrite", "remove"])
def test_the_database_itself_refuses_to_change_an_approved_budget(
    way: str, production: Any, owner: Any, version: BudgetVersion
) -> None:
    other = actions.open_budget(production=production, by=owner)
    stray = actions.add_budget_line(version=other, account="crew", name="x", rate_minor=100, by=owner)
    actions.approve_budget(version=version, by=owner)
    rows = BudgetVersion.objects.filter(pk=version.pk)
    tries = {
        "update": lambda: version.lines.update(note="x"),
        "delete": lambda: version.lines.all()._raw_delete("default"),
        "insert": lambda: BudgetLine.objects.create(version=version, account="crew", name="x", amount_minor=0),
        "move": lambda: BudgetLine.objects.filter(pk=stray.pk).update(version=version),
        "reopen": lambda: rows.update(state="draft", in_force_at=None, approved_minor=None),
        "rewrite": lambda: rows.update(approved_minor=1),
        "remove": lambda: rows._raw_delete("default"),
    }
    with pytest.raises(IntegrityError, match="an approved budget is not changed"), transaction.atomic():
        tries[way]()
    assert (budget_total(version), BudgetVersion.objects.get(pk=version.pk).approved_minor) == (880_000, 880_000)
    # What is left: the step to superseded, and a name that is forgotten with its user.
    rows.update(state="superseded", approved_by=None)


def test_two_budgets_are_never_in_force(production: Any, owner: Any, version: BudgetVersion) -> None:
    from django.utils import timezone

    actions.approve_budget(version=version, by=owner)
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetVersion.objects.create(
            production=production, number=9, state="approved", in_force_at=now, approved_at=now, approved_minor=0
        )


def test_a_line_that_does_not_come_to_its_amount_is_refused(version: BudgetVersion) -> None:
    line = version.lines.get(name="女一")
    with pytest.raises(IntegrityError, match="budget_line_amount_is_reckoned"), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(amount_minor=line.amount_minor + 1)
    with pytest.raises(IntegrityError, match="budget_line_percent_iff_percentage"), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(percent_bp=5)


# --- approval -----------------------------------------------------------------------------------------------------


def test_above_the_limit_two_different_people_approve(
    production: Any, studio: Any, owner: Any, version: BudgetVersion, make_member: Any
) -> None:
    studio.budget_approval_minor = 880_000
    studio.save()
    producer = make_member(studio, "producer")
    assert actions.approve_budget(version=version, by=owner).state == "approved"
    second = actions.open_budget(production=production, by=owner, copy_of=version)
    actions.add_budget_line(version=second, account="sets", name="别墅", rate_minor=10, by=owner)
    assert actions.approve_budget(version=second, by=owner).state == "draft"
    with pytest.raises(Refused) as refused:
        actions.approve_budget(version=second, by=owner)
    assert refused.value.code == "same_person_twice"
    # Another figure than the first person approved: their approval is gone.
    actions.add_budget_line(version=second, account="sets", name="办公室", rate_minor=10, by=owner)
    assert actions.approve_budget(version=second, by=producer).state == "draft"
    row = actions.approve_budget(version=second, by=owner)
    assert (row.state, row.approved_by, row.second_approved_by, row.approved_minor) == (
        "approved", producer, owner, 880_022,
    )  # fmt: skip
    assert actions.approve_budget(version=row, by=owner).in_force_at == row.in_force_at
    assert [event.payload["complete"] for event in Event.objects.filter(name="BudgetApproved").order_by("pk")] == [
        True, False, False, True,
    ]  # fmt: skip


def test_what_is_approved_is_what_was_seen(owner: Any, version: BudgetVersion) -> None:
    seen = version.revision
    actions.add_budget_line(version=version, account="sets", name="别墅", rate_minor=10, by=owner)
    with pytest.raises(Refused) as refused:
        actions.approve_budget(version=version, by=owner, revision=seen)
    assert (refused.value.code, refused.value.conflict) == ("changed_meanwhile", True)


def test_a_budget_is_returned_with_a_reason(
    client_of: Any, studio: Any, owner: Any, version: BudgetVersion, make_member: Any
) -> None:
    producer = client_of(make_member(studio, "producer"))
    url = reverse("return_budget", args=[version.pk])
    producer.post(url, {"reason": "  ", "revision": version.revision})
    assert BudgetVersion.objects.get().returned_at is None
    producer.post(url, {"reason": "演员太贵", "revision": version.revision})
    assert BudgetVersion.objects.get().returned_reason == "演员太贵"
    assert "演员太贵" in client_of(owner).get(reverse("budget", args=[version.pk])).content.decode()
    # Finance writes the budget and does not approve it.
    finance = client_of(make_member(studio, "finance"))
    assert finance.post(reverse("approve_budget", args=[version.pk])).status_code == 403
    with pytest.raises(Refused) as refused:
        actions.approve_budget(version=actions.open_budget(production=version.production, by=owner), by=owner)
    assert refused.value.code == "budget_empty"


def test_another_investment_is_proposed_and_not_set(
    client_of: Any, production: Any, owner: Any, version: BudgetVersion
) -> None:
    from compliance.actions import install_default_rules

    install_default_rules(studio=production.studio)
    production.investment_minor = 99_999_900
    production.save()
    actions.add_budget_line(version=version, account="sets", name="搭景", rate_minor=400_000_000, by=owner)
    client = client_of(owner)
    version.refresh_from_db()
    client.post(reverse("approve_budget", args=[version.pk]), {"revision": version.revision})
    page = client.get(reverse("budget", args=[version.pk])).content.decode()
    # 3,000 + 5,000 + 4,000,000 and a tenth of it.
    assert ("¥4,408,800.00" in page, "it would be “Key” instead of “Other”" in page) == (True, True)
    production.refresh_from_db()
    assert production.investment_minor == 99_999_900


# --- the sheet ----------------------------------------------------------------------------------------------------


def test_a_sheet_sent_back_as_it_came_changes_nothing(client_of: Any, owner: Any, version: BudgetVersion) -> None:
    client = client_of(owner)
    before = (amounts(version), version.revision, BudgetStep.objects.count())
    assert client.post(reverse("budget", args=[version.pk]), form_of(client, version)).status_code == 302
    version.refresh_from_db()
    assert (amounts(version), version.revision, BudgetStep.objects.count()) == before


def test_the_sheet_is_edited_and_every_change_is_taken_back(client_of: Any, owner: Any, version: BudgetVersion) -> None:
    client = client_of(owner)
    url, undo = reverse("budget", args=[version.pk]), reverse("undo_budget", args=[version.pk])
    start = list(version.lines.order_by("pk").values_list("pk", "key", "name", "amount_minor", "position"))
    sent = form_of(client, version)
    assert sent["name"] == ["女一", "灯光", "不可预见", "", "", ""]
    sent["rate"][0] = "2,000.00"
    sent["gone"][1] = "1"
    for field, text in (("account", "sets"), ("name", "别墅"), ("quantity", "1.5"), ("unit", "day"), ("rate", "3000")):
        sent[field][3] = text
    assert client.post(url, sent).status_code == 302
    # 2.5 x 2 x 2,000 and 1.5 x 3,000, and a tenth of the two.
    assert amounts(version) == [("女一", 1_000_000), ("不可预见", 145_000), ("别墅", 450_000)]
    step = version.steps.order_by("-number").first()
    assert client.post(undo, {"step": step.number - 1}).status_code == 302
    assert len(amounts(version)) == 3
    client.post(undo, {"step": step.number})
    assert list(version.lines.order_by("pk").values_list("pk", "key", "name", "amount_minor", "position")) == start
    for step in version.steps.order_by("-number"):
        client.post(undo, {"step": step.number})
    assert (amounts(version), version.steps.count()) == ([], 0)
    with pytest.raises(Refused) as refused:
        actions.undo_budget_change(version=version, step=1, by=owner)
    assert refused.value.code == "nothing_to_undo"


def test_a_sheet_with_a_mistake_is_kept_as_typed_and_nothing_is_saved(
    client_of: Any, owner: Any, version: BudgetVersion
) -> None:
    client = client_of(owner)
    sent = form_of(client, version)
    sent["rate"][0], sent["name"][1] = "12.345", "改名"
    answer = client.post(reverse("budget", args=[version.pk]), sent)
    page = answer.content.decode()
    assert (answer.status_code, "12.345" in page, "改名" in page, "is not an amount" in page) == (422, True, True, True)
    assert [name for name, _amount in amounts(version)] == ["女一", "灯光", "不可预见"]
    answer = client.post(reverse("budget", args=[version.pk]), {**sent, "was": ["x"]})
    assert (answer.status_code, budget_total(version)) == (302, 880_000)


def test_two_people_at_one_sheet(client_of: Any, owner: Any, version: BudgetVersion) -> None:
    client = client_of(owner)
    url = reverse("budget", args=[version.pk])
    mine, theirs = form_of(client, version), form_of(client, version)
    theirs["rate"][0] = "1,500"
    client.post(url, theirs)
    # Another line: both stand. The line they changed stays as they left it.
    mine["rate"][1] = "1"
    assert client.post(url, mine).status_code == 302
    assert amounts(version)[:2] == [("女一", 750_000), ("灯光", 100)]
    # The same line: refused, what was typed is still there.
    mine["rate"][0] = "9,999"
    answer = client.post(url, mine)
    assert (answer.status_code, "9,999" in answer.content.decode()) == (409, True)
    assert amounts(version)[0] == ("女一", 750_000)
    # A line that was removed meanwhile is not written again.
    late = form_of(client, version)
    actions.remove_budget_line(line=version.lines.get(name="灯光"), by=owner)
    late["rate"][1] = "5"
    assert client.post(url, late).status_code == 409
    assert [name for name, _amount in amounts(version)] == ["女一", "不可预见"]


def test_lines_are_put_in_another_order(client_of: Any, owner: Any, version: BudgetVersion) -> None:
    client = client_of(owner)
    sent = form_of(client, version)
    for field in ("pk", "was", "gone", "account", "name", "quantity", "unit", "factor", "rate", "group", "note"):
        sent[field][:3] = [sent[field][1], sent[field][0], sent[field][2]]
    client.post(reverse("budget", args=[version.pk]), sent)
    assert [name for name, _amount in amounts(version)] == ["灯光", "女一", "不可预见"]


def test_totals_are_reckoned_by_the_server_while_typing(
    client_of: Any, owner: Any, production: Any, version: BudgetVersion
) -> None:
    ensure_episodes(production=production, numbers=range(1, 9))
    client = client_of(owner)
    sent = form_of(client, version)
    sent["quantity"][0], sent["rate"][1] = "5", "abc"
    found = client.post(reverse("reckon_budget", args=[version.pk]), sent).json()
    assert [row["amount"] for row in found["rows"]] == ["¥10,000.00", "", "¥1,000.00", "", "", ""]
    assert (found["total"], found["accounts"]["cast"], found["per_episode"]) == (
        "¥11,000.00", "¥10,000.00", "¥1,375.00",
    )  # fmt: skip
    assert list(found["rows"][1]["faults"]) == ["rate"]
    assert budget_total(version) == 880_000
    sheet = sheet_of(version, title_figures(production))
    assert (sheet.per_episode_minor, sheet.per_day_minor, [row.share for row in sheet.accounts]) == (
        110_000, None, ["56.8 %", "34.1 %", "9.1 %"],
    )  # fmt: skip


# --- spreadsheets -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_file_reads_back_what_was_written(
    kind: str, language: str, client_of: Any, owner: Any, production: Any, version: BudgetVersion
) -> None:
    actions.add_budget_line(
        version=version, account="art", name="=道具", quantity="0.25", unit="piece", rate_minor=33_33, group="夜戏",
        note="租赁", by=owner,
    )  # fmt: skip
    client = client_of(owner)
    owner.language = language
    owner.save()
    data = client.get(reverse("budget", args=[version.pk]) + f"?format={kind}").content
    steps = version.steps.count()
    # Into the same version: not one line differs, whatever the language it was written in.
    owner.language = "en"
    owner.save()
    send = {"file": SimpleUploadedFile(f"预算.{kind}", data), "replace": "on"}
    assert client.post(reverse("budget_rows", args=[version.pk]), send).status_code == 302
    assert version.steps.count() == steps
    # Into an empty one: the same lines.
    empty = actions.open_budget(production=production, by=owner)
    assert actions.import_lines(version=empty, data=data, replace=False, by=owner) == 4
    written = [line.as_line().mark for line in version.lines.order_by("position")]
    assert [line.as_line().mark for line in empty.lines.order_by("position")] == written
    assert budget_total(empty) == budget_total(version)


def test_rows_are_pasted_all_or_none(client_of: Any, owner: Any, version: BudgetVersion) -> None:
    client = client_of(owner)
    url = reverse("budget_rows", args=[version.pk])
    answer = client.post(url, {"rows": "演员\t女二\t3\tday\t1\t800\n乱写\tx\t1\tday\t1\t5\nCrew\t\t1\t\t\t5"})
    page = answer.content.decode()
    assert (answer.status_code, "Row 2: “乱写” is no cost account." in page) == (422, True)
    assert ("Row 3: the line has no name." in page, len(amounts(version))) == (True, 3)
    assert client.post(url, {"rows": "Cast\t女二\t3\tday\t1\t800\nCrew\t场务\t\t\t\t1,000.50"}).status_code == 302
    assert amounts(version)[3:] == [("女二", 240_000), ("场务", 100_050)]
    assert amounts(version)[2] == ("不可预见", 114_005)
    for sent in ({}, {"rows": "Cast\tx\t1\t\t\t1", "file": SimpleUploadedFile("a.csv", b"x")}):
        assert client.post(url, sent).status_code == 422
    for data in (b"", b"\x00\xff\x00binary" * 9, b"PK\x03\x04broken", b"x" * (5 * 1024 * 1024 + 1)):
        answer = client.post(url, {"file": SimpleUploadedFile("a.xlsx", data)})
        assert answer.status_code == 422
    assert len(amounts(version)) == 5


def test_replacing_keeps_what_a_line_is(owner: Any, version: BudgetVersion) -> None:
    keys = dict(version.lines.values_list("name", "key"))
    text = "科目,名称,数量,单价\ncast,女一,4,1000\nsets,别墅,1,50\n"
    assert actions.import_lines(version=version, data=text.encode(), replace=True, by=owner) == 2
    assert amounts(version) == [("女一", 400_000), ("别墅", 5_000)]
    assert version.lines.get(name="女一").key == keys["女一"]


# --- versions compared --------------------------------------------------------------------------------------------


def test_versions_side_by_side_with_what_was_posted(
    client_of: Any, owner: Any, production: Any, version: BudgetVersion
) -> None:
    import datetime as dt

    import python_calamine

    second = actions.open_budget(production=production, by=owner, copy_of=version)
    line = second.lines.get(name="女一")
    actions.edit_budget_line(
        line=line, account="cast", name="女一号", quantity="3", factor=2, rate_minor=100_000, by=owner
    )
    actions.remove_budget_line(line=second.lines.get(name="灯光"), by=owner)
    actions.add_budget_line(version=second, account="sets", name="别墅", rate_minor=50_000, by=owner)
    actions.post_cost(
        production=production, account="cast", amount_minor=700_000, on_date=dt.date(2026, 12, 1), source="hand:1",
        narrative="x", by=owner,
    )  # fmt: skip
    client = client_of(owner)
    url = reverse("compare_budgets", args=[production.pk]) + f"?a={version.pk}&b={second.pk}"
    page = client.get(url).content.decode()
    assert all(text in page for text in ("女一号", "+20.00 %", "−100.00 %", "−¥3,000.00")) is True
    rows = python_calamine.load_workbook(io.BytesIO(client.get(url + "&format=xlsx").content))
    table = rows.get_sheet_by_index(0).to_python()
    assert [row[:7] for row in table[1:]] == [
        ["Cast", "", "", 5_000, 6_000, 1_000, "+20.00 %"],
        ["Cast", "女一号", "Changed", 5_000, 6_000, 1_000, "+20.00 %"],
        ["Crew", "", "", 3_000, 0, -3_000, "−100.00 %"],
        ["Crew", "灯光", "Removed", 3_000, 0, -3_000, "−100.00 %"],
        ["Sets and locations", "", "", 0, 500, 500, "—"],
        ["Sets and locations", "别墅", "Added", 0, 500, 500, "—"],
        ["Contingency", "", "", 800, 650, -150, "−18.75 %"],
        ["Contingency", "不可预见", "Changed", 800, 650, -150, "−18.75 %"],
        ["Together", "", "", 8_800, 7_150, -1_650, "−18.75 %"],
    ]
    assert (table[1][7:], table[-1][7:]) == ([7_000, -1_000], [7_000, 150])
    assert client.get(url + "&format=pdf").content[:5] == b"%PDF-"
    # Without a choice: the latest against the one it was copied from.
    assert "女一号" in client.get(reverse("compare_budgets", args=[production.pk])).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_a_fixed_number_of_queries(
    count: int, client_of: Any, owner: Any, production: Any, version: BudgetVersion, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        actions.add_budget_line(version=version, account="sets", name=f"景{number}", rate_minor=number, by=owner)
        actions.open_budget(production=production, by=owner, copy_of=version)
    client = client_of(owner)
    latest = BudgetVersion.objects.order_by("-number").first()
    for url, queries in (
        (reverse("budgets", args=[production.pk]), 10),
        (reverse("budget", args=[version.pk]), 16),
        (reverse("compare_budgets", args=[production.pk]) + f"?a={version.pk}&b={latest.pk}", 14),
    ):
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == 200
