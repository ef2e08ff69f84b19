"""Dated tariffs, and what approved days cost by them: exactly once, and anew when a report or a price changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from finance.actions import accrue_daily_report, set_tariff, take_back_tariff
from finance.explaining import explain
from finance.models import Entry, EntryLine, Tariff
from finance.queries import check_books, cost_report
from scheduling.models import FilmBase, ShootDay
from shooting.models import DailyReport, ExtrasCount, TimeSheet
from studio import jobs
from studio.actions import engage
from studio.refusals import Refused

FRIDAY, SATURDAY = dt.date(2026, 12, 4), dt.date(2026, 12, 5)
JANUARY = dt.date(2026, 1, 1)


@pytest.fixture
def gaffer(production: Any, studio: Any, make_person: Any, owner: Any) -> Any:
    return engage(
        production=production, person=make_person(studio, "周光"), department="lighting", job_title="灯光", by=owner,
        day_rate_minor=72_000, overtime_hour_minor=0, day_minutes=1440,
    )  # fmt: skip


@pytest.fixture
def make_report(production: Any) -> Any:
    def make(number: int, date: dt.date, **fields: Any) -> DailyReport:
        day = ShootDay.objects.create(production=production, number=number, date=date, base=fields.pop("base", None))
        times = {"call_minute": 360, "meal_minute": 700, "wrap_minute": 1080, **fields}
        return DailyReport.objects.create(shoot_day=day, state="approved", approved_at=timezone.now(), **times)

    return make


@pytest.fixture
def priced(studio: Any, owner: Any) -> Any:
    def price(kind: str, from_date: dt.date = JANUARY, **fields: Any) -> Tariff:
        return set_tariff(studio=studio, kind=kind, from_date=from_date, source="横店公会 2026", by=owner, **fields)

    return price


def worked(report: DailyReport, engagement: Any, call: int = 360, wrap: int = 1080) -> TimeSheet:
    return TimeSheet.objects.create(report=report, engagement=engagement, call_minute=call, wrap_minute=wrap)


def standing() -> dict[str, int]:
    """Source -> cost of what is not reversed, without the plain day pay."""
    rows = EntryLine.objects.filter(entry__reversed_by=None, entry__reverses=None, amount_minor__gt=0).exclude(
        entry__source__startswith="daily_report:"
    )
    return dict(rows.values_list("entry__source", "amount_minor"))


def test_a_forced_call_follows_from_yesterdays_wrap(
    make_report: Any, gaffer: Any, priced: Any, production: Any, owner: Any
) -> None:
    priced("forced_call", flat_minor=5_000, hour_minor=2_000)
    # Wrapped at 23:00, called at 6:00: seven hours of ten.
    first, second = make_report(1, FRIDAY, wrap_minute=1380), make_report(2, SATURDAY)
    worked(first, gaffer, wrap=1380)
    worked(second, gaffer)
    accrue_daily_report(report=second, by=owner)
    source = f"forced_call:{second.pk}:{gaffer.pk}"
    assert standing() == {source: 11_000}
    entry = Entry.objects.get(source=source)
    assert explain(entry, "CNY") == (
        "7 h of rest where 10 h were due: 3 h short. Tariff from 2026-01-01: ¥50.00 a case + ¥20.00 an hour."
    )
    assert {row.account: row.posted_minor for row in cost_report(production).rows} == {"crew": 72_000 + 11_000}


def test_yesterdays_report_approved_late_or_anew_corrects_todays_forced_call(
    make_report: Any, gaffer: Any, priced: Any, production: Any, owner: Any
) -> None:
    priced("forced_call", flat_minor=5_000)
    second = make_report(2, SATURDAY)
    worked(second, gaffer)
    accrue_daily_report(report=second, by=owner)
    assert standing() == {}
    first = make_report(1, FRIDAY, wrap_minute=1380)
    sheet = worked(first, gaffer, wrap=1380)
    accrue_daily_report(report=first, by=owner)
    source = f"forced_call:{second.pk}:{gaffer.pk}"
    assert standing() == {source: 5_000}
    TimeSheet.objects.filter(pk=sheet.pk).update(wrap_minute=1000)
    accrue_daily_report(report=first, by=owner)
    accrue_daily_report(report=first, by=owner)
    assert standing() == {}
    TimeSheet.objects.filter(pk=sheet.pk).update(wrap_minute=1380)
    accrue_daily_report(report=first, by=owner)
    assert standing() == {f"{source}:2": 5_000}
    assert check_books(production) == []


def test_rest_is_nobodys_before_a_report_is_approved(make_report: Any, gaffer: Any, priced: Any, owner: Any) -> None:
    priced("forced_call", flat_minor=5_000)
    first, second = make_report(1, FRIDAY, wrap_minute=1380), make_report(2, SATURDAY)
    worked(first, gaffer, wrap=1380)
    worked(second, gaffer)
    DailyReport.objects.filter(pk=first.pk).update(state="submitted", approved_at=None)
    accrue_daily_report(report=second, by=owner)
    assert standing() == {}


def test_meals_nights_and_weekends(make_report: Any, gaffer: Any, priced: Any, production: Any, owner: Any) -> None:
    priced("meal_penalty", flat_minor=2_000, hour_minor=1_000)
    priced("night", percent=50)
    priced("weekend", flat_minor=10_000)
    report = make_report(1, SATURDAY, meal_minute=741, meal_end_minute=760, wrap_minute=1440)
    worked(report, gaffer, wrap=1440)
    accrue_daily_report(report=report, by=owner)
    key = f"{report.pk}:{gaffer.pk}"
    # 21 minutes late, and from 12:40 to midnight 320 minutes beyond the six hours: 1 + 11 half hours.
    assert standing() == {f"meal_penalty:{key}": 10_000, f"night:{key}": 3_000, f"weekend:{key}": 10_000}
    says = {entry.source.split(":")[0]: explain(entry, "CNY") for entry in Entry.objects.all()}
    assert says == {
        "daily_report": "18 h on set: day rate ¥720.00.",
        "meal_penalty": "2 meals late or missing, 6 h in started half hours. "
        "Tariff from 2026-01-01: ¥20.00 a case + ¥10.00 an hour.",
        "night": "2 h between 22:00 and 06:00. Tariff from 2026-01-01: 50 % of the own hourly rate.",
        "weekend": "18 h on a day of the weekend. Tariff from 2026-01-01: ¥100.00 a case.",
    }
    assert check_books(production) == []


def extras(report: DailyReport, *rows: tuple[str, int, int]) -> None:
    ExtrasCount.objects.filter(report=report).delete()
    for place, (kind, heads, wrap) in enumerate(rows):
        ExtrasCount.objects.create(
            report=report, position=place, kind=kind, heads=heads, call_minute=360, wrap_minute=wrap
        )


def test_extras_by_heads_and_hours(make_report: Any, studio: Any, priced: Any, production: Any, owner: Any) -> None:
    base = FilmBase.objects.create(studio=studio, name="横店")
    priced("extra", flat_minor=12_000, half_day_minor=7_000, hour_minor=2_000)
    priced("featured", flat_minor=40_000)
    priced("featured", flat_minor=50_000, base=base)
    report = make_report(1, FRIDAY, base=base)
    extras(report, ("extra", 30, 1110), ("extra", 10, 600), ("featured", 2, 1080))
    accrue_daily_report(report=report, by=owner)
    place = f"extras:{report.pk}"
    # 12.5 hours: a day and an hour of overtime by one started half hour.
    assert standing() == {f"{place}:0": 390_000, f"{place}:1": 70_000, f"{place}:2": 100_000}
    entry = Entry.objects.get(source=f"{place}:0")
    assert entry.narrative == "Extra × 30"
    assert explain(entry, "CNY") == (
        "30 heads, 12 h 30 min each. Tariff from 2026-01-01: "
        "day ¥120.00, half a day up to 5 h ¥70.00, overtime an hour ¥20.00."
    )
    extras(report, ("extra", 30, 1110), ("extra", 10, 600))
    accrue_daily_report(report=report, by=owner)
    assert standing() == {f"{place}:0": 390_000, f"{place}:1": 70_000}
    # Half the heads for a whole day cost what all did for half: another entry all the same, for it says how many.
    Tariff.objects.filter(kind="extra").update(flat_minor=14_000)
    extras(report, ("extra", 30, 600), ("extra", 5, 1000))
    accrue_daily_report(report=report, by=owner)
    assert standing() == {f"{place}:0:2": 210_000, f"{place}:1:2": 70_000}
    assert check_books(production) == []


def test_extras_without_a_price_are_told_in_the_books(
    make_report: Any, priced: Any, production: Any, owner: Any
) -> None:
    report = make_report(1, FRIDAY)
    extras(report, ("stunt", 3, 1080))
    priced("stunt", from_date=SATURDAY, flat_minor=80_000)
    assert accrue_daily_report(report=report, by=owner) == []
    assert [row.message for row in check_books(production)] == [
        "1 rows of extras (3 heads) on approved reports have no tariff in force on their day."
    ]


def test_a_changed_tariff_reckons_its_days_again(
    make_report: Any, priced: Any, production: Any, owner: Any, drain: Any
) -> None:
    tariff = priced("extra", flat_minor=10_000)
    before, after = make_report(1, FRIDAY), make_report(2, SATURDAY)
    for report in (before, after):
        extras(report, ("extra", 1, 1080))
        accrue_daily_report(report=report, by=owner)
    drain()
    newer = priced("extra", from_date=SATURDAY, flat_minor=12_000)
    drain()
    first, second = f"extras:{before.pk}:0", f"extras:{after.pk}:0"
    assert standing() == {first: 10_000, f"{second}:2": 12_000}
    take_back_tariff(tariff=newer, by=owner)
    take_back_tariff(tariff=newer, by=owner)
    drain()
    assert standing() == {first: 10_000, f"{second}:3": 10_000}
    set_tariff(
        tariff=tariff,
        studio=production.studio,
        kind="extra",
        from_date=JANUARY,
        flat_minor=11_000,
        source="改价",
        by=owner,
    )
    drain()
    assert standing() == {f"{first}:2": 11_000, f"{second}:4": 11_000}
    assert check_books(production) == []


def test_a_reopened_report_does_not_upset_the_books(make_report: Any, gaffer: Any, production: Any, owner: Any) -> None:
    report = make_report(1, FRIDAY)
    worked(report, gaffer)
    accrue_daily_report(report=report, by=owner)
    DailyReport.objects.filter(pk=report.pk).update(state="draft", approved_at=None)
    assert check_books(production) == []


def test_the_clock_posts_extras_that_nobody_heard(make_report: Any, priced: Any, studio: Any, drain: Any) -> None:
    priced("extra", flat_minor=10_000)
    drain()
    extras(make_report(1, FRIDAY), ("extra", 2, 1080))
    for found in (1, 0):
        job = jobs.enqueue("finance.accrue_missing", {"studio": studio.pk, "on": "2026-12-06"}, studio_id=studio.pk)
        drain()
        job.refresh_from_db()
        assert job.result["reports"] == found
    assert list(standing().values()) == [20_000]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "lunch"}, "unknown_tariff"),
        ({"source": "  "}, "source_missing"),
        ({"flat_minor": 1.5}, "not_whole_fen"),
        ({"flat_minor": -1}, "not_whole_fen"),
        ({"percent": 50}, "no_percent"),
        ({"kind": "night", "percent": 1001}, "percent_out_of_range"),
        ({"kind": "night", "half_day_minor": 1}, "no_half_day"),
        ({"flat_minor": 10, "half_day_minor": 11}, "half_above_whole"),
        ({"flat_minor": 10, "half_day_minor": 5, "half_day_minutes": 720}, "half_above_whole"),
        ({"kind": "night", "night_from_minute": 1440}, "time_out_of_range"),
        ({"kind": "night", "night_from_minute": 360, "night_to_minute": 360}, "time_out_of_range"),
        ({"kind": "weekend", "weekdays": "668"}, "bad_weekdays"),
        ({"kind": "weekend", "weekdays": ""}, "bad_weekdays"),
    ],
)
def test_refused_tariffs_leave_nothing(studio: Any, owner: Any, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        set_tariff(**{"studio": studio, "kind": "extra", "from_date": JANUARY, "source": "公会", "by": owner, **fields})
    assert (refused.value.code, Tariff.objects.count()) == (code, 0)


def test_two_tariffs_from_one_date_overlap(studio: Any, other_studio: Any, priced: Any) -> None:
    priced("extra", flat_minor=1)
    with pytest.raises(Refused) as refused:
        priced("extra", flat_minor=2)
    assert (refused.value.code, refused.value.conflict) == ("tariff_overlaps", True)
    base = FilmBase.objects.create(studio=studio, name="横店")
    priced("extra", flat_minor=2, base=base)
    with pytest.raises(Refused):
        priced("extra", flat_minor=3, base=base)
    with pytest.raises(Refused) as refused:
        priced("extra", flat_minor=3, base=FilmBase.objects.create(studio=other_studio, name="别处"))
    assert (refused.value.code, Tariff.objects.count()) == ("other_studio", 2)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"kind": "x"}, "tariff_kind_known"),
        ({"flat_minor": -1}, "tariff_not_negative"),
        ({"flat_minor": 1, "half_day_minor": 2}, "tariff_half_day_is_no_more_than_a_day"),
        ({"percent": 1}, "tariff_of_extras_has_no_percent"),
        ({"day_minutes": 0}, "tariff_minutes_in_a_day"),
        ({"from_date": JANUARY}, "tariff_once_per_date"),
    ],
)
def test_the_database_refuses_tariffs_that_cannot_be(studio: Any, fields: dict[str, Any], name: str) -> None:
    row = {"studio": studio, "kind": "extra", "from_date": FRIDAY, "source": "公会"}
    Tariff.objects.create(**{**row, "from_date": JANUARY})
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Tariff.objects.create(**{**row, **fields})
    # SQLite names the columns of a broken uniqueness, not the constraint.
    assert name in str(refused.value) or "UNIQUE" in str(refused.value)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"heads": 0}, "extras_count_has_heads"),
        ({"kind": "x"}, "extras_count_kind_known"),
        ({"wrap_minute": 360}, "extras_count_wraps_after_call"),
    ],
)
def test_the_database_refuses_extras_that_cannot_be(make_report: Any, fields: dict[str, Any], name: str) -> None:
    row = {
        "report": make_report(1, FRIDAY),
        "position": 0,
        "kind": "extra",
        "heads": 1,
        "call_minute": 360,
        "wrap_minute": 400,
    }
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ExtrasCount.objects.create(**{**row, **fields})


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"meal_end_minute": 700}, "daily_report_meal_ends_after_it_starts"),
        ({"second_meal_minute": 900}, "daily_report_second_meal_after_first"),
        (
            {"meal_end_minute": 740, "second_meal_minute": 900, "second_meal_end_minute": 900},
            "daily_report_second_meal_ends",
        ),
    ],
)
def test_the_database_refuses_meals_that_cannot_be(make_report: Any, fields: dict[str, Any], name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_report(1, FRIDAY, **fields)


# --- doors --------------------------------------------------------------------------------------------------------


def form(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "extra", "from_date": "2026-01-01", "flat_minor": "120", "half_day_minor": "70", "hour_minor": "20",
        "percent": "", "day_minutes": "720", "half_day_minutes": "300", "night_from_minute": "22:00",
        "night_to_minute": "06:00", "weekdays": "67", "source": "公会", **fields,
    }  # fmt: skip


def test_finance_enters_changes_and_takes_back_a_tariff(studio: Any, owner: Any, client_of: Any) -> None:
    client = client_of(owner)
    assert client.post("/tariffs/new/", form()).status_code == 302
    row = Tariff.objects.get()
    assert (row.flat_minor, row.half_day_minor, row.hour_minor, row.night_from_minute) == (12_000, 7_000, 2_000, 1320)
    response = client.post("/tariffs/new/", form(flat_minor="130"))
    assert (response.status_code, Tariff.objects.count()) == (422, 1)
    assert "from this date already" in response.content.decode()
    assert client.post(f"/tariffs/{row.pk}/", form(flat_minor="125.50")).status_code == 302
    row.refresh_from_db()
    assert row.flat_minor == 12_550
    assert "¥125.50" in client.get("/tariffs/").content.decode()
    assert "125.50" in client.get("/tariffs/?format=csv").content.decode()
    assert client.post(f"/tariffs/{row.pk}/", {"remove": "1"}).status_code == 302
    assert Tariff.objects.count() == 0


def test_the_list_says_which_tariff_is_in_force(owner: Any, client_of: Any, priced: Any) -> None:
    today = timezone.localdate()
    for days, amount in ((-20, 1), (-10, 2), (10, 3)):
        priced("extra", from_date=today + dt.timedelta(days=days), flat_minor=amount)
    rows = client_of(owner).get("/tariffs/").context["rows"]
    assert [(row.flat_minor, row.in_force, row.to_come) for row in rows] == [
        (3, False, True),
        (2, True, False),
        (1, False, False),
    ]


def test_the_list_takes_a_constant_number_of_queries(
    owner: Any, client_of: Any, priced: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of(owner)
    priced("extra")
    client.get("/tariffs/")
    with django_assert_max_num_queries(60) as few:
        client.get("/tariffs/")
    priced("stunt")
    priced("night")
    with django_assert_max_num_queries(len(few)):
        client.get("/tariffs/")


def test_books_and_days_take_a_constant_number_of_queries(
    make_report: Any, gaffer: Any, priced: Any, production: Any, owner: Any, django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    priced("weekend", flat_minor=1)
    for number in range(3):
        report = make_report(number + 1, SATURDAY + dt.timedelta(days=number))
        worked(report, gaffer)
        extras(report, ("extra", 1, 1080))
        if number == 0:
            with django_assert_max_num_queries(60) as one:
                check_books(production)
    with django_assert_num_queries(len(one)):
        check_books(production)


def test_the_ledger_page_says_why(make_report: Any, priced: Any, production: Any, owner: Any, client_of: Any) -> None:
    priced("extra", flat_minor=10_000)
    report = make_report(1, FRIDAY)
    extras(report, ("extra", 2, 1080))
    accrue_daily_report(report=report, by=owner)
    page = client_of(owner).get(f"/productions/{production.pk}/ledger/?source=extras").content.decode()
    assert "2 heads, 12 h each. Tariff from 2026-01-01: day ¥100.00." in page
    assert f'href="/shoot-days/{report.shoot_day_id}/"' in page
