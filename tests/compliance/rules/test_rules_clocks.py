"""What rings on the clocks of filings: the day before it does not, the day itself it does."""

import datetime as dt

import pytest

from compliance.rules import ALARMS, CLOCKS, RuleFault, TitleState, Waiting, alarms, default_clock_days

DAY = dt.date(2026, 11, 21)
DAYS = {"nation": 20, "province": 15, "platform": 3, "returned": 5, "shoot": 14, "delivery": 10, "consent": 7}


def ago(days):
    return DAY - dt.timedelta(days)


def rings(**state):
    return [(alarm.code, dict(alarm.params)) for alarm in alarms(TitleState(**state), DAYS, DAY)]


@pytest.mark.parametrize(("authority", "patience"), [("nation", 20), ("province", 15), ("platform", 3)])
def test_an_authority_rings_after_its_own_days(authority, patience):
    assert rings(waiting=[Waiting("filing:1", authority, ago(patience))]) == []
    assert rings(waiting=[Waiting("filing:1", authority, ago(patience + 1))]) == [("waits", {"days": patience + 1})]


def test_a_return_rings_by_its_own_clock():
    assert rings(waiting=[Waiting("filing:1", "nation", ago(5), returned=True)]) == []
    assert rings(waiting=[Waiting("filing:1", "nation", ago(6), returned=True)]) == [("returned", {"days": 6})]


@pytest.mark.parametrize(
    ("lacks", "date", "patience", "codes"),
    [
        ("class_lacks", "shoot_date", 14, ("class_soon", "class_soon")),
        ("planning_lacks", "shoot_date", 14, ("shoot_soon", "shoot_begun")),
        ("number_lacks", "delivery_date", 10, ("delivery_soon", "delivery_late")),
    ],
)
def test_a_date_rings_before_it_comes_and_when_it_has(lacks, date, patience, codes):
    for on, expected in (
        (DAY + dt.timedelta(patience + 1), []), (DAY + dt.timedelta(patience), [codes[0]]),
        (DAY + dt.timedelta(1), [codes[0]]), (DAY, [codes[1]]), (ago(3), [codes[1]]),
    ):  # fmt: skip
        assert [code for code, _params in rings(**{lacks: True, date: on})] == expected
        assert rings(**{lacks: False, date: on}) == []
    assert rings(**{lacks: True}) == []


def test_consents_ring_near_the_shoot_and_near_their_end():
    near, far = DAY + dt.timedelta(7), DAY + dt.timedelta(8)
    assert rings(consents_missing=["林叶", "小雨"], shoot_date=far) == []
    assert rings(consents_missing=["林叶", "小雨"], shoot_date=near) == [
        ("consent_missing", {"count": 2, "name": "林叶"})
    ]
    assert rings(consents_ending=[("林叶", far), ("小雨", near), ("老周", ago(1))]) == [
        ("consent_ends", {"name": "小雨", "date": near.isoformat()})
    ]


def test_an_alarm_keeps_its_key_while_it_rings():
    def key(on):
        (alarm,) = alarms(TitleState(waiting=[Waiting("filing:9", "nation", ago(30))]), DAYS, on)
        return alarm.key

    assert key(DAY) == key(DAY + dt.timedelta(1)) == "waits:filing:9"


def test_every_alarm_says_something_and_every_clock_has_days():
    state = TitleState(
        waiting=[Waiting("filing:1", "nation", ago(90)), Waiting("filing:2", "nation", ago(90), returned=True)],
        shoot_date=DAY, delivery_date=DAY, class_lacks=True, planning_lacks=True, number_lacks=True,
        consents_missing=["林叶"], consents_ending=[("林叶", DAY)],
    )  # fmt: skip
    found = alarms(state, default_clock_days(), DAY)
    assert {alarm.code for alarm in found} == set(ALARMS) - {"shoot_soon", "delivery_soon"}
    assert all(alarm.message and alarm.clock in CLOCKS for alarm in found)
    for wrong in ({}, DAYS | {"shoot": -1}):
        with pytest.raises(RuleFault) as caught:
            alarms(state, wrong, DAY)
        assert caught.value.code == "clock_days"
