"""Source works: windows, warnings, the alarm before they end, their pages."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scripts_app import queries
from scripts_app.actions import record_rights
from scripts_app.models import SourceWork
from studio.actions import open_production
from studio.clockwork import turn
from studio.models import Event, Notice, Studio
from studio.refusals import Refused

UNTIL = dt.date(2026, 12, 31)


@pytest.fixture
def source(studio, production, owner):
    return record_rights(
        studio=studio, by=owner, title="长夜书", holder="某文学网", from_date=dt.date(2026, 1, 1), until_date=UNTIL,
        territories=["中国大陆", " 港澳台 ", "中国大陆"], productions=[production],
    )  # fmt: skip


def code(call, **words):
    with pytest.raises(Refused) as refused:
        call(**words)
    assert refused.value.message
    return refused.value.code


def test_rights_are_written_down_and_changed(source, studio, production, owner):
    assert source.territories == ["中国大陆", "港澳台"]
    assert list(source.productions.all()) == [production]
    changed = record_rights(studio=studio, by=owner, source=source, title="长夜书（新版）", until_date=UNTIL)
    assert (changed.pk, changed.title, list(changed.productions.all())) == (source.pk, "长夜书（新版）", [])
    assert [row.payload["production_ids"] for row in Event.objects.filter(name="RightsRecorded").order_by("id")] == [
        [production.pk], [],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"title": " "}, "title_missing"),
        ({"kind": "poem"}, "unknown_kind"),
        ({"media_kinds": ["opera"]}, "unknown_media"),
        ({"from_date": UNTIL, "until_date": UNTIL - dt.timedelta(days=1)}, "window_backwards"),
    ],
)
def test_rights_refuse(studio, owner, words, expected):
    assert code(record_rights, **{"studio": studio, "by": owner, "title": "书", **words}) == expected
    assert SourceWork.objects.count() == 0


def test_titles_and_works_of_another_studio_are_refused(studio, owner, source, other_production, other_studio):
    words = {"by": owner, "title": "书", "productions": [other_production]}
    assert code(record_rights, studio=studio, **words) == "other_studio"
    assert code(record_rights, studio=other_studio, by=owner, title="书", source=source) == "other_studio"


def on(days):
    return UNTIL - dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "due"), [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-1, 0), (-400, 0)]
)
def test_which_alarm_a_day_falls_into(studio, days, due):
    assert queries.alarm_due(studio, UNTIL, on(days)) == due


def test_an_open_end_alarms_nobody(studio):
    assert queries.alarm_due(studio, None, UNTIL) is None
    studio.rights_alarm_days = ""
    assert queries.alarm_due(studio, UNTIL, UNTIL) is None
    assert queries.alarm_due(studio, UNTIL, UNTIL + dt.timedelta(days=1)) == 0


def test_shoot_and_delivery_outside_the_window_are_warned_of(source, production):
    production.shoot_from_date, production.shoot_to_date = on(3), on(-2)
    production.deliver_by_date = on(-9)
    source.media_kinds = ["ai"]
    found = queries.rights_warnings(production, [source], on(5))
    assert [(row.code, row.what, row.date) for row in found] == [
        ("outside", "shoot", on(-2)), ("outside", "delivery", on(-9)), ("not_covered", "", None), ("soon", "", UNTIL),
    ]  # fmt: skip
    inside = queries.rights_warnings(production, [source], on(200), shoot_dates=[on(300)], delivery_dates=[on(0)])
    assert [(row.code, row.date) for row in inside][:1] == [("outside", on(-2))]
    production.shoot_to_date = production.deliver_by_date = None
    source.media_kinds = []
    assert queries.rights_warnings(production, [source], on(200), shoot_dates=[on(300)]) == []
    early = queries.rights_warnings(production, [source], on(200), shoot_dates=[dt.date(2025, 12, 31)])
    assert [(row.code, row.date) for row in early] == [("outside", dt.date(2025, 12, 31))]
    assert [row.code for row in queries.rights_warnings(production, [source], on(-4))] == ["ended"]


def at(day):
    return dt.datetime(day.year, day.month, day.day, 1, tzinfo=dt.UTC)  # nine in the morning in Shanghai


def test_the_clock_tells_producers_and_compliance_once_a_threshold(
    source, studio, owner, make_member, drain, production
):
    producer = make_member(studio, "producer")
    compliance = make_member(studio, "compliance_officer")
    make_member(studio, "script_editor")
    guest = make_member(studio, "producer", production=production)
    make_member(studio, "producer", production=open_production(studio=studio, title="别的", code="BD", by=owner))
    told = lambda: Notice.objects.filter(kind__startswith="scripts_app.rights_")  # noqa: E731
    for days, kinds in [(120, 0), (90, 1), (89, 1), (30, 2), (7, 3), (0, 3), (-1, 4), (-2, 4)]:
        turn(at(on(days)))
        drain()
        assert told().count() == 4 * kinds, days
    assert {row.user for row in told()} == {owner, producer, compliance, guest}
    mine = told().filter(user=owner).order_by("id")
    assert [(row.kind, row.params["days"]) for row in mine] == [
        ("scripts_app.rights_soon", 90), ("scripts_app.rights_soon", 30), ("scripts_app.rights_soon", 7),
        ("scripts_app.rights_ended", -1),
    ]  # fmt: skip
    # A window that is moved is told of anew.
    record_rights(
        studio=studio, by=owner, source=source, title=source.title, until_date=on(-10), productions=[production]
    )
    turn(at(on(-3)))
    drain()
    assert told().count() == 4 * 5


def test_the_studio_says_how_many_days_before(studio, owner, client_of):
    client = client_of(owner)
    url = reverse("admin:studio_studio_change", args=[studio.pk])
    page = client.get(url)
    form = page.context["adminform"].form
    words = {name: ("" if form[name].value() is None else form[name].value()) for name in form.fields}
    words = {name: value for name, value in words.items() if value is not False}
    assert "such as 90, 30, 7" in client.post(url, {**words, "rights_alarm_days": "bald"}).content.decode()
    assert client.post(url, {**words, "rights_alarm_days": "60，10"}).status_code == 302
    assert queries.alarm_due(Studio.objects.get(pk=studio.pk), UNTIL, on(60)) == 60


# --- pages -------------------------------------------------------------------------------------------------------


def test_a_work_is_made_and_its_contract_taken_away_again(studio, production, owner, client_of, make_member):
    client = client_of(owner)
    words = {
        "title": "长夜书", "kind": "novel", "holder": "某文学网", "territories": "中国大陆、港澳台", "media_kinds": ["live"],
        "from_date": "2026-01-01", "until_date": "2026-12-31", "extensions_allowed": "1", "productions": "CG01",
    }  # fmt: skip
    page = client.post(reverse("source_work_new"), {**words, "productions": "CG01, XX9"})
    assert page.status_code == 422
    assert "No title of the studio has the code XX9." in page.content.decode()
    page = client.post(reverse("source_work_new"), {**words, "until_date": "2025-12-31"})
    assert page.status_code == 422
    assert SourceWork.objects.count() == 0
    file = SimpleUploadedFile("授权书.pdf", b"contract")
    client.post(reverse("source_work_new"), {**words, "file": file})
    row = SourceWork.objects.get()
    assert (row.territories, row.media_kinds, list(row.productions.all())) == (
        ["中国大陆", "港澳台"],
        ["live"],
        [production],
    )
    assert b"".join(client.get(reverse("source_work_file", args=[row.pk])).streaming_content) == b"contract"
    client.post(reverse("source_work", args=[row.pk]), {**words, "holder": "新东家"})
    row.refresh_from_db()
    assert (row.holder, row.file.read()) == ("新东家", b"contract")
    editor = client_of(make_member(studio, "script_editor"))
    assert "新东家" in editor.get(reverse("source_work", args=[row.pk])).content.decode()
    assert editor.post(reverse("source_work", args=[row.pk]), words).status_code == 403


def test_the_list_narrows_exports_and_costs_the_same_for_three(
    studio, source, production, owner, client_of, other_studio
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    SourceWork.objects.create(studio=other_studio, title="别人的书")
    client = client_of(owner)
    url = reverse("source_works")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for name in ("甲", "乙"):
        record_rights(studio=studio, by=owner, title=name, kind="comic", productions=[production])
    with CaptureQueriesContext(connection) as three:
        page = client.get(url).content.decode()
    assert len(three) == len(one)
    assert "别人的书" not in page
    assert [row.title for row in client.get(url, {"kind": "comic"}).context["rows"]] == ["乙", "甲"]
    assert [row.title for row in client.get(url, {"q": "某文学"}).context["rows"]] == ["长夜书"]
    sheet = client.get(url, {"format": "csv"}).content.decode()
    assert "长夜书" in sheet
    assert "中国大陆、港澳台" in sheet
    assert "别人的书" not in sheet


def test_the_pages_of_the_title_warn(source, production, owner, client_of, make_member):
    production.deliver_by_date = UNTIL + dt.timedelta(days=5)
    production.save()
    sentence = "The delivery on 2027-01-05 lies outside the rights to “长夜书”."
    client = client_of(owner)
    assert sentence in client.get(reverse("reviews", args=[production.pk])).content.decode()
    page = client.get(reverse("production", args=[production.pk])).content.decode()
    assert sentence in page
    # The day that is really planned speaks, not only the one hoped for.
    from scheduling.models import ShootDay

    ShootDay.objects.create(production=production, number=1, date=UNTIL + dt.timedelta(days=2))
    page = client.get(reverse("production", args=[production.pk])).content.decode()
    assert "The shoot on 2027-01-02 lies outside the rights to “长夜书”." in page
    investor = client_of(make_member(production.studio, "investor"))
    assert "长夜书" not in investor.get(reverse("production", args=[production.pk])).content.decode()


def test_the_admin_goes_the_same_way(source, studio, production, owner, client_of, other_production):
    source.file.save("a.pdf", ContentFile(b"contract"))
    client = client_of(owner)
    url = reverse("admin:scripts_app_sourcework_change", args=[source.pk])
    assert "rights/" not in client.get(url).content.decode().replace("/scripts/rights/", "")
    words = {
        "title": "改名", "kind": "novel", "author": "", "holder": "", "contract_reference": "", "territories": "日本、韩国",
        "media_kinds": ["live"], "from_date": "", "until_date": "", "extensions_allowed": "0", "productions": [production.pk],
    }  # fmt: skip
    assert client.post(url, words).status_code == 302
    source.refresh_from_db()
    assert (source.title, source.territories, source.file.read()) == ("改名", ["日本", "韩国"], b"contract")
    assert Event.objects.filter(name="RightsRecorded").count() == 2
    assert client.post(url, {**words, "media_kinds": ["opera"]}).status_code == 200
    client.post(url, {**words, "productions": [other_production.pk]})
    assert list(source.productions.all()) == [production]
