"""Papers asked for by class and stage."""

import pytest

from compliance.rules import PaperRow, RuleFault, default_papers, missing_papers, papers_for, stages_of


def codes(*args, **kwargs):
    return [paper.code for paper in papers_for(*args, **kwargs)]


def test_stages():
    assert stages_of("key") == ["planning", "finished", "release"]
    assert stages_of("ordinary") == ["planning", "finished", "release"]
    assert stages_of("other") == ["platform", "release"]


@pytest.mark.parametrize(
    ("class_", "stage", "traits", "asked"),
    [
        ("key", "planning", [], ["planning_form", "synopsis", "production_licence"]),
        (
            "key",
            "planning",
            ["special_theme", "adaptation", "minors", "ai"],
            [
                "planning_form",
                "synopsis",
                "production_licence",
                "theme_opinion",
                "adaptation_rights",
                "minor_consent",
            ],
        ),
        ("ordinary", "planning", ["special_theme"], ["planning_form", "synopsis", "production_licence"]),
        ("ordinary", "finished", [], ["finished_work", "planning_number", "cost_report", "fee_pledge"]),
        ("other", "platform", [], ["finished_work", "cost_report", "fee_pledge"]),
        ("other", "planning", ["minors"], []),
        ("key", "release", ["ai"], ["ai_declaration", "licence_number"]),
        ("other", "release", [], ["record_number"]),
    ],
)
def test_papers_asked_for(class_, stage, traits, asked):
    assert codes(class_, stage, traits=traits) == asked


def test_missing_papers_are_those_not_held():
    asked = papers_for("other", "platform")
    assert [paper.code for paper in missing_papers(asked, {"cost_report"})] == ["finished_work", "fee_pledge"]
    assert missing_papers(asked, {"cost_report", "finished_work", "fee_pledge"}) == []


def test_own_rows_replace_the_defaults_and_a_code_is_asked_once():
    rows = [
        PaperRow("letter", "Letter", "any", "release"),
        PaperRow("letter", "Letter of the province", "key", "release"),
        PaperRow("stamp", "Stamp", "ordinary", "release"),
    ]
    assert [paper.name for paper in papers_for("key", "release", rows=rows)] == ["Letter"]


def test_every_default_row_names_its_source():
    assert [row.code for row in default_papers() if not row.source] == []


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: papers_for("secret", "planning"), "unknown_class"),
        (lambda: papers_for("key", "someday"), "unknown_stage"),
        (lambda: PaperRow("x", "X", "key", "someday"), "paper_row"),
        (lambda: PaperRow("x", "X", "key", "planning", when="rain"), "paper_row"),
    ],
)
def test_refusals(act, code):
    with pytest.raises(RuleFault) as caught:
        act()
    assert caught.value.code == code
