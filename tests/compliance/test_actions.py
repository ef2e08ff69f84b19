"""Judging, filing, and what the authority answers."""

import datetime as dt

import pytest
from django.db import IntegrityError

from compliance.actions import (
    change_case,
    classify_production,
    decide_filing,
    drop_filing,
    install_default_rules,
    open_filing,
    submit_filing,
)
from compliance.models import Classification, ClassRule, Filing, PaperRule
from compliance.queries import case_facts, filing_in_force, may_deliver, may_shoot
from studio.models import AppendOnlyError, Event, Notice, Production
from studio.refusals import Refused

ON = dt.date(2026, 11, 1)
PLANNING = ["planning_form", "synopsis", "production_licence"]
FINISHED = ["finished_work", "cost_report", "fee_pledge", "planning_number"]
MILLION = 100_000_000


def invest(production, fen, **fields):
    Production.objects.filter(pk=production.pk).update(investment_minor=fen, **fields)
    production.refresh_from_db()


@pytest.fixture
def ordinary(production, owner):
    invest(production, 2 * MILLION)
    classify_production(production=production, by=owner, on=ON)
    return production


def code(call, **words):
    with pytest.raises(Refused) as refused:
        call(**words)
    assert refused.value.message
    return refused.value.code


def granted(production, owner, kind, number, platform_code="", papers=(*PLANNING, *FINISHED)):
    filing = open_filing(production=production, kind=kind, by=owner, platform_code=platform_code)
    submit_filing(filing=filing, papers=papers, by=owner)
    return decide_filing(filing=filing, granted=True, number=number, by=owner)


def test_default_rules_come_once(studio):
    assert install_default_rules(studio=studio) == 4
    papers = PaperRule.objects.filter(studio=studio).count()
    assert papers > 10
    PaperRule.objects.filter(studio=studio, code="synopsis").delete()
    assert install_default_rules(studio=studio) == 0
    # A paper the studio took off does not come back.
    assert not PaperRule.objects.filter(studio=studio, code="synopsis").exists()
    rule = ClassRule.objects.get(studio=studio, from_date="2026-07-01")
    assert (rule.work_kind, rule.key_from_minor, rule.ordinary_from_minor) == ("ai", 80_000_000, 30_000_000)


@pytest.mark.parametrize(
    ("fen", "fields", "on", "expected", "reason"),
    [
        (3 * MILLION, {}, ON, "key", "key_investment"),
        (3 * MILLION - 1, {}, ON, "ordinary", "ordinary_investment"),
        (MILLION - 1, {}, ON, "other", "other_investment"),
        (MILLION - 1, {}, dt.date(2025, 12, 31), "ordinary", "ordinary_investment"),
        (0, {"themes": ["military"]}, ON, "key", "key_theme"),
        (80_000_000, {"work_kind": "ai"}, ON, "key", "key_investment"),
        (80_000_000, {"work_kind": "digital_human"}, ON, "key", "key_investment"),
        (80_000_000, {"work_kind": "localised"}, ON, "other", "other_investment"),
        (0, {"promoted": True}, dt.date(2025, 1, 1), "key", "key_promoted"),
    ],
)
def test_classes_by_date_money_and_theme(production, owner, fen, fields, on, expected, reason):
    invest(production, fen, **fields)
    row = classify_production(production=production, by=owner, on=on)
    assert (row.class_code, [one["code"] for one in row.reasons]) == (expected, [reason])


def test_the_same_facts_are_judged_once(production, owner):
    first = classify_production(production=production, by=owner, on=ON)
    assert classify_production(production=production, by=None, on=ON + dt.timedelta(days=3)) == first
    assert Event.objects.filter(name="ProductionClassified").count() == 1
    # Another rule on another date is another judgement, and the first stays as it was.
    second = classify_production(production=production, by=owner, on=dt.date(2025, 1, 1))
    assert (first.class_code, second.class_code) == ("other", "ordinary")
    assert Classification.objects.count() == 2
    with pytest.raises(AppendOnlyError):
        first.save()


def test_no_rule_no_judgement(production, owner):
    assert code(classify_production, production=production, by=owner, on=dt.date(2020, 1, 1)) == "no_rule_in_force"
    assert Classification.objects.count() == 0


def test_a_studios_own_rule_counts(production, owner):
    install_default_rules(studio=production.studio)
    ClassRule.objects.create(
        studio=production.studio, from_date="2026-10-01", key_from_minor=50_000_000, source="沪局通知", work_kind="any"
    )
    row = classify_production(production=production, by=owner, on=ON)
    assert (row.class_code, row.rule.source) == ("key", "沪局通知")


def test_rules_out_of_order_cannot_be_written(studio):
    with pytest.raises(IntegrityError):
        ClassRule.objects.create(studio=studio, from_date=ON, key_from_minor=5, ordinary_from_minor=5, source="x")


def test_change_case_judges_again(production, owner):
    classify_production(production=production, by=owner)
    words = {"promoted": False, "work_kind": "live", "by": owner}
    row = change_case(production=production, investment_minor=4 * MILLION, themes=[], minors=True, **words)
    production.refresh_from_db()
    assert (row.class_code, production.investment_minor, production.title_case.minors) == ("key", 4 * MILLION, True)
    assert row.facts == case_facts(production)
    for bad, expected in [
        ({"investment_minor": -1, "themes": []}, "negative_amount"),
        ({"investment_minor": 1, "themes": ["romance"]}, "unknown_theme"),
        ({"investment_minor": 1, "themes": [], "work_kind": "opera"}, "unknown_work_kind"),
    ]:
        assert code(change_case, production=production, **{**words, **bad}) == expected
    production.refresh_from_db()
    assert production.investment_minor == 4 * MILLION


def test_the_class_says_who_is_asked(production, owner):
    assert code(open_filing, production=production, kind="planning", by=owner) == "not_classified"
    for fen, kind, authority in [
        (3 * MILLION, "planning", "nation"), (3 * MILLION, "finished", "province"), (2 * MILLION, "planning", "province"),
        (2 * MILLION, "finished", "province"),
    ]:  # fmt: skip
        invest(production, fen)
        classify_production(production=production, by=owner, on=ON)
        assert open_filing(production=production, kind=kind, by=owner).authority == authority
    invest(production, 0)
    classify_production(production=production, by=owner, on=ON)
    assert code(open_filing, production=production, kind="planning", by=owner) == "not_asked_for"
    assert code(open_filing, production=production, kind="finished", by=owner) == "platform_missing"
    filing = open_filing(production=production, kind="finished", by=owner, platform_code="hongguo")
    assert (filing.authority, filing.platform_code) == ("platform", "hongguo")
    assert code(open_filing, production=production, kind="poster", by=owner) == "unknown_kind"


def test_opened_twice_is_one(ordinary, owner):
    one = open_filing(production=ordinary, kind="planning", by=owner)
    assert open_filing(production=ordinary, kind="planning", by=owner) == one
    submit_filing(filing=one, papers=PLANNING, by=owner)
    assert open_filing(production=ordinary, kind="planning", by=owner) == one
    decide_filing(filing=one, granted=True, number="沪备2026000123", by=owner)
    assert code(open_filing, production=ordinary, kind="planning", by=owner) == "already_granted"
    assert Filing.objects.count() == 1


def test_missing_papers_are_named(ordinary, owner):
    filing = open_filing(production=ordinary, kind="planning", by=owner)
    with pytest.raises(Refused) as refused:
        submit_filing(filing=filing, papers=["synopsis", "love_letter"], by=owner)
    assert refused.value.code == "papers_missing"
    from django.utils import translation

    with translation.override("en"):
        assert refused.value.message == (
            "Still missing: Planning filing form, Production and operation licence of the studio."
        )
    filing.refresh_from_db()
    assert (filing.state, filing.papers) == ("draft", [])
    done = submit_filing(filing=filing, papers=[*PLANNING, "love_letter"], by=owner)
    assert (done.state, done.papers) == ("submitted", PLANNING)
    submit_filing(filing=filing, papers=PLANNING, by=owner)
    assert Event.objects.filter(name="FilingSubmitted").count() == 1
    assert code(submit_filing, filing=filing, papers=[], by=owner) == "wrong_state"


def test_traits_ask_for_more_papers(ordinary, owner):
    change_case(
        production=ordinary, investment_minor=2 * MILLION, themes=[], promoted=False, work_kind="live", by=owner,
        adaptation=True, minors=True,
    )  # fmt: skip
    filing = open_filing(production=ordinary, kind="planning", by=owner)
    assert code(submit_filing, filing=filing, papers=PLANNING, by=owner) == "papers_missing"
    papers = [*PLANNING, "adaptation_rights", "minor_consent"]
    assert submit_filing(filing=filing, papers=papers, by=owner).state == "submitted"


def test_a_claimed_planning_number_is_looked_up(ordinary, owner):
    filing = open_filing(production=ordinary, kind="finished", by=owner)
    assert code(submit_filing, filing=filing, papers=FINISHED, by=owner) == "papers_missing"
    granted(ordinary, owner, "planning", "沪备2026000123")
    papers = [paper for paper in FINISHED if paper != "planning_number"]
    assert "planning_number" in submit_filing(filing=filing, papers=papers, by=owner).papers


def test_a_grant_needs_a_number_of_the_form(ordinary, owner):
    filing = open_filing(production=ordinary, kind="planning", by=owner)
    assert code(decide_filing, filing=filing, granted=True, number="沪备2026000123", by=owner) == "wrong_state"
    submit_filing(filing=filing, papers=PLANNING, by=owner)
    for number, expected in [
        ("", "number_empty"), ("网剧审字第1号", "licence_malformed"), ("(火)网剧审字(2026)第001号", "number_province"),
        ("(沪)网剧审字(2999)第001号", "number_year"), ("???", "number_malformed"),
    ]:  # fmt: skip
        assert code(decide_filing, filing=filing, granted=True, number=number, by=owner) == expected
    done = decide_filing(filing=filing, granted=True, number="（沪）网剧审字〔2026〕第001号", by=owner)
    assert (done.state, done.number) == ("granted", "(沪)网剧审字(2026)第001号")
    assert decide_filing(filing=filing, granted=True, number="(沪)网剧审字(2026)第001号", by=owner) == done
    assert Event.objects.filter(name="FilingGranted").count() == 1


def test_a_number_belongs_to_one_title(ordinary, owner, studio):
    from studio.actions import open_production

    granted(ordinary, owner, "planning", "沪备2026000123")
    other = open_production(studio=studio, title="另一部", code="OT", by=owner, investment_minor=2 * MILLION)
    classify_production(production=other, by=owner, on=ON)
    filing = open_filing(production=other, kind="planning", by=owner)
    submit_filing(filing=filing, papers=PLANNING, by=owner)
    assert code(decide_filing, filing=filing, granted=True, number="沪备2026000123", by=owner) == "number_taken"


def test_a_return_says_why_and_opens_the_next_round(ordinary, owner, make_member, drain):
    officer = make_member(ordinary.studio, "compliance_officer")
    filing = submit_filing(
        filing=open_filing(production=ordinary, kind="planning", by=owner), papers=PLANNING, by=owner
    )
    assert code(decide_filing, filing=filing, granted=False, note=" ", by=owner) == "note_missing"
    back = decide_filing(filing=filing, granted=False, note="梗概过短", by=owner)
    assert decide_filing(filing=filing, granted=False, note="梗概过短", by=owner) == back
    following = Filing.objects.get(state="draft")
    assert (following.round, following.papers, back.state) == (2, PLANNING, "returned")
    assert Event.objects.get(name="FilingReturned").payload["next_filing_id"] == following.pk
    assert open_filing(production=ordinary, kind="planning", by=owner) == following
    drain()
    assert list(Notice.objects.filter(kind="compliance.returned").values_list("user", flat=True)) == [officer.pk]


def test_an_unsent_filing_is_thrown_away_a_sent_one_is_not(ordinary, owner):
    drop_filing(filing=open_filing(production=ordinary, kind="planning", by=owner), by=owner)
    assert Filing.objects.count() == 0
    filing = open_filing(production=ordinary, kind="planning", by=owner)
    submit_filing(filing=filing, papers=PLANNING, by=owner)
    assert code(drop_filing, filing=filing, by=owner) == "wrong_state"


def test_may_shoot_follows_the_class(production, owner):
    assert may_shoot(production).ok is False
    classify_production(production=production, by=owner, on=ON)
    assert may_shoot(production).ok is True  # other: no planning filing
    invest(production, 2 * MILLION)
    classify_production(production=production, by=owner, on=ON)
    assert may_shoot(production).ok is False
    filing = open_filing(production=production, kind="planning", by=owner)
    submit_filing(filing=filing, papers=PLANNING, by=owner)
    assert may_shoot(production).ok is False
    decide_filing(filing=filing, granted=True, number="沪备2026000123", by=owner)
    ok, reason = may_shoot(production)
    assert ok is True
    assert "沪备2026000123" in reason
    # Key titles are the nation's to grant: the province's number does not carry over, a new filing does.
    invest(production, 3 * MILLION)
    classify_production(production=production, by=owner, on=ON)
    assert may_shoot(production).ok is False
    granted(production, owner, "planning", "国备2026000777")
    assert may_shoot(production).ok is True


def test_a_draft_for_the_wrong_authority_is_not_handed_in(ordinary, owner):
    filing = open_filing(production=ordinary, kind="planning", by=owner)
    invest(ordinary, 3 * MILLION)
    classify_production(production=ordinary, by=owner, on=ON)
    assert code(submit_filing, filing=filing, papers=PLANNING, by=owner) == "authority_changed"


def test_may_deliver_by_number_and_platform(production, owner):
    assert may_deliver(production, "hongguo").ok is False
    classify_production(production=production, by=owner, on=ON)
    assert may_deliver(production, "hongguo").ok is False
    granted(production, owner, "finished", "HG20261101001", platform_code="hongguo")
    assert may_deliver(production, "hongguo").ok is True
    # A platform's own number holds there alone, and no longer once the title is ordinary.
    assert may_deliver(production, "hippo").ok is False
    invest(production, 2 * MILLION)
    classify_production(production=production, by=owner, on=ON)
    assert may_deliver(production, "hongguo").ok is False
    granted(production, owner, "planning", "沪备2026000123")
    assert may_deliver(production, "hongguo").ok is False
    granted(production, owner, "finished", "(沪)网剧审字(2026)第001号")
    assert [may_deliver(production, name).ok for name in ("hongguo", "hippo")] == [True, True]
    assert filing_in_force(production).number == "(沪)网剧审字(2026)第001号"
    assert filing_in_force(production, kind="planning").number == "沪备2026000123"
