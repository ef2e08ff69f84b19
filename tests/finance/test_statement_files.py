"""Files over many titles, through the pages and the REST door people use."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from finance.batches import KIND, assign_titles, leave_out, name_columns, start_batch, waiting_job
from finance.choices import PartState
from finance.models import BatchPart, ColumnMapping, PlatformTitle, Statement, StatementBatch, StatementLine
from finance.sentences import finding_sentence
from studio import jobs
from studio.choices import JobState
from studio.refusals import Refused

HEADS = "剧名,集数,日期,分成金额\n"


@pytest.fixture
def titles(studio: Any, production: Any) -> dict[str, Any]:
    from studio.models import Episode, Production

    rows = {}
    for code, title in (("CG01", "初光"), ("YC02", "夜船"), ("HD03", "海灯")):
        rows[code] = production if code == "CG01" else Production.objects.create(studio=studio, title=title, code=code)
        Episode.objects.bulk_create(
            [Episode(production=rows[code], number=n) for n in (1, 2, 3)], ignore_conflicts=True
        )
    return rows


@pytest.fixture
def bring(platform: Any, owner: Any, titles: Any) -> Any:
    def make(text: str | bytes, period: str = "2026-01", name: str = "总表.csv", **kwargs: Any) -> StatementBatch:
        data = text.encode() if isinstance(text, str) else text
        return start_batch(
            platform=kwargs.pop("platform", platform), period=period, stream=io.BytesIO(data), file_name=name, by=owner,
            **kwargs,
        )  # fmt: skip

    return make


def parts(batch: StatementBatch) -> list[tuple[str, str, int]]:
    return [(part.title, str(part.state), part.counted_minor) for part in batch.parts.order_by("place")]


def codes(statement: Statement | None) -> set[str]:
    assert statement is not None
    return {finding["code"] for finding in statement.findings}


GOOD = HEADS + "初光,1,2026-01-05,600\n夜船,1,2026-01-06,10.50\n初光,2,2026-01,400\n合计,,,1010.50\n"


def test_lines_go_to_their_titles_and_the_total_is_checked(bring: Any, titles: Any) -> None:
    batch = bring(GOOD)
    assert (batch.state, batch.rows, batch.counted_minor, batch.declared_minor, batch.findings) == (
        "read", 3, 101_050, 101_050, [],
    )  # fmt: skip
    assert parts(batch) == [("初光", "taken", 100_000), ("夜船", "taken", 1_050)]
    rows = list(
        Statement.objects.order_by("production__code").values_list("production__code", "state", "counted_minor")
    )
    assert rows == [("CG01", "ready", 100_000), ("YC02", "ready", 1_050)]
    lines = StatementLine.objects.filter(statement__production=titles["CG01"]).values_list(
        "row", "episode_number", "kind", "amount_minor", "text"
    )
    assert list(lines) == [
        (2, 1, "share", 60_000, "初光 | 1 | 2026-01-05 | 600"), (4, 2, "share", 40_000, "初光 | 2 | 2026-01 | 400"),
    ]  # fmt: skip


def test_the_same_file_twice_is_one_batch(bring: Any) -> None:
    assert bring(GOOD).pk == bring(GOOD).pk
    assert (StatementBatch.objects.count(), Statement.objects.count(), StatementLine.objects.count()) == (1, 2, 3)
    with pytest.raises(Refused) as refused:
        bring(GOOD, "2026-02")
    assert refused.value.code == "file_of_other_month"


def test_a_name_a_code_and_an_id_of_the_platform_find_the_title(bring: Any, titles: Any, platform: Any) -> None:
    PlatformTitle.objects.create(platform=platform, written="7311", production=titles["HD03"])
    batch = bring("短剧ID,剧名,分成金额\n7311,海灯（改名前）,1\n7312,《夜船》,2\n7313,cg01,3\n")
    assert list(batch.parts.values_list("title_id", "production__code", "state")) == [
        ("7311", "HD03", "taken"), ("7312", "YC02", "taken"), ("7313", "CG01", "taken"),
    ]  # fmt: skip


def test_a_name_that_two_titles_bear_is_neither(bring: Any, studio: Any) -> None:
    from studio.models import Production

    Production.objects.create(studio=studio, title="夜船", code="YC09")
    assert parts(bring(HEADS + "夜船,1,2026-01,5\n")) == [("夜船", "unknown", 500)]


def test_an_unknown_title_waits_is_assigned_and_known_next_month(bring: Any, titles: Any, owner: Any) -> None:
    batch = bring(HEADS + "海上灯,1,2026-01,5\n初光,1,2026-01,7\n")
    assert parts(batch) == [("海上灯", "unknown", 500), ("初光", "taken", 700)]
    part = batch.parts.get(state=PartState.UNKNOWN)
    assign_titles(batch=batch, titles={part.pk: titles["HD03"]}, by=owner)
    assert parts(batch) == [("海上灯", "taken", 500), ("初光", "taken", 700)]
    statement = Statement.objects.get(production=titles["HD03"])
    assert (statement.counted_minor, statement.state, statement.lines.count()) == (500, "ready", 1)
    assert parts(bring(HEADS + "海上灯,1,2026-02,9\n", "2026-02")) == [("海上灯", "taken", 900)]
    with pytest.raises(Refused) as refused:
        assign_titles(batch=batch, titles={part.pk: titles["HD03"]}, by=owner)
    assert refused.value.code == "part_known"


def test_two_names_of_one_title_make_one_statement(bring: Any, titles: Any, owner: Any) -> None:
    batch = bring(HEADS + "初光,1,2026-01,5\n初光·番外,2,2026-01,7\n")
    part = batch.parts.get(state=PartState.UNKNOWN)
    assign_titles(batch=batch, titles={part.pk: titles["CG01"]}, by=owner)
    statement = Statement.objects.get(production=titles["CG01"])
    assert (statement.counted_minor, statement.lines.count(), statement.state) == (1_200, 2, "ready")


def test_nothing_is_added_to_a_statement_in_the_books(bring: Any, titles: Any, owner: Any) -> None:
    from finance.actions import accept_statement

    batch = bring(HEADS + "初光,1,2026-01,5\n番外,2,2026-01,7\n")
    accept_statement(statement=Statement.objects.get(), by=owner)
    with pytest.raises(Refused) as refused:
        assign_titles(batch=batch, titles={batch.parts.get(state="unknown").pk: titles["CG01"]}, by=owner)
    assert (refused.value.code, StatementLine.objects.count(), PlatformTitle.objects.count()) == (
        "statement_in_books", 1, 0,
    )  # fmt: skip


def test_another_studios_title_is_refused(bring: Any, other_studio: Any, owner: Any) -> None:
    from studio.models import Production

    other = Production.objects.create(studio=other_studio, title="别人的", code="BR01")
    batch = bring(HEADS + "番外,2,2026-01,7\n")
    with pytest.raises(Refused) as refused:
        assign_titles(batch=batch, titles={batch.parts.get().pk: other}, by=owner)
    assert (refused.value.code, Statement.objects.count()) == ("other_studio", 0)


def test_a_title_that_is_not_ours_is_left_out(bring: Any, owner: Any) -> None:
    batch = bring(HEADS + "别人的剧,2,2026-01,7\n初光,1,2026-01,7\n")
    leave_out(part=batch.parts.get(state="unknown"), by=owner)
    assert parts(batch) == [("别人的剧", "left_out", 700), ("初光", "taken", 700)]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("初光,1,2026-01,5\n初光,小计,,6\n", "does_not_sum"),
        ("初光,1,2026-01,五块\n初光,2,2026-01,5\n", "unreadable_amount"),
        ("初光,9,2026-01,5\n", "unknown_episode"),
        ("初光,1,2026-02,5\n", "other_month"),
        ("初光,1,2026-01,5\n合计,,,6\n", "file_does_not_sum"),
    ],
)
def test_what_does_not_agree_is_held_and_the_rest_is_ready(bring: Any, titles: Any, rows: str, code: str) -> None:
    bring(HEADS + "夜船,1,2026-01,5\n夜船,小计,,5\n" + rows)
    held = Statement.objects.get(production=titles["CG01"])
    other = Statement.objects.get(production=titles["YC02"])
    assert (held.state, code in codes(held), other.state) == ("held", True, "ready")
    assert [finding for finding in held.findings if "{" in finding_sentence(finding)] == []


def test_a_title_in_two_currencies_is_held_and_the_file_has_no_sum(bring: Any, titles: Any) -> None:
    batch = bring("剧名,币种,分成金额\n初光,CNY,5\n初光,USD,5\n夜船,USD,7\n合计,,17\n")
    assert (batch.counted_minor, batch.declared_minor) == (None, None)
    assert {finding["code"] for finding in batch.findings} == {"total_of_two_currencies"}
    rows = Statement.objects.order_by("production__code").values_list("production__code", "currency", "state")
    assert list(rows) == [("CG01", "CNY", "held"), ("YC02", "USD", "held")]


def test_a_contract_in_another_currency_holds_the_statement(bring: Any, contract: Any, titles: Any) -> None:
    bring("剧名,币种,分成金额\n初光,USD,5\n")
    held = Statement.objects.get(production=titles["CG01"])
    assert (held.state, codes(held)) == ("held", {"currency_differs", "no_rate"})


def test_the_same_lines_under_another_file_are_there_already(bring: Any, titles: Any) -> None:
    bring(HEADS + "初光,1,2026-01,5\n初光,2,2026-01,7\n夜船,1,2026-01,1\n")
    batch = bring(HEADS + "初光,2,2026-01,7\n夜船,1,2026-01,2\n初光,1,2026-01,5\n")
    assert parts(batch) == [("初光", "duplicate", 1_200), ("夜船", "taken", 200)]
    assert (Statement.objects.count(), StatementLine.objects.count()) == (3, 4)
    again = Statement.objects.get(production=titles["YC02"], counted_minor=200)
    assert (codes(again), again.state) == ({"month_again"}, "ready")


def test_a_line_stated_in_an_earlier_month_is_shown(bring: Any, titles: Any) -> None:
    bring("剧名,单号,分成金额\n初光,NO-1,5\n夜船,NO-2,5\n")
    bring("剧名,单号,分成金额\n初光,NO-1,5\n夜船,NO-3,5\n", "2026-02")
    again = Statement.objects.get(production=titles["CG01"], period="2026-02")
    other = Statement.objects.get(production=titles["YC02"], period="2026-02")
    assert ([finding["row"] for finding in again.findings], codes(again), codes(other)) == (
        [2],
        {"stated_before"},
        set(),
    )


def test_of_many_lines_stated_before_a_hundred_are_named_with_the_first_month(bring: Any, titles: Any) -> None:
    sheet = "剧名,单号,分成金额\n" + "".join(f"初光,NO-{number},5\n" for number in range(130))
    bring(sheet)
    bring(sheet + "初光,NO-130,5\n", "2026-02")
    bring("剧名,单号,分成金额\n初光,NO-131,5\n" + sheet.partition("\n")[2], "2026-03")
    again = Statement.objects.get(production=titles["CG01"], period="2026-03")
    named = [(finding["row"], finding["params"]["period"]) for finding in again.findings]
    assert named == [(row, "2026-01") for row in range(3, 103)]


# --- columns ------------------------------------------------------------------------------------------------------

ODD = "片子,哪一集,甲,乙\n初光,1,9,5\n夜船,2,9,7\n"


def test_columns_are_named_once_and_remembered(bring: Any, owner: Any) -> None:
    batch = bring(ODD)
    assert (batch.state, Statement.objects.count()) == ("columns", 0)
    named = name_columns(
        batch=batch, head_row=0, columns={"title": "片子", "episode": "哪一集", "share": "乙"},
        from_date=dt.date(2026, 1, 1), by=owner,
    )  # fmt: skip
    assert (named.state, parts(named)) == ("read", [("初光", "taken", 500), ("夜船", "taken", 700)])
    assert parts(bring("片子,哪一集,甲,乙\n初光,2,9,8\n", "2026-02")) == [("初光", "taken", 800)]
    # Before its date a mapping says nothing.
    assert bring("片子,哪一集,甲,乙\n初光,3,9,8\n", "2025-12").state == "columns"


def test_a_changed_shape_is_asked_again(bring: Any, owner: Any, platform: Any) -> None:
    name_columns(
        batch=bring(ODD), head_row=0, columns={"title": "片子", "share": "乙"}, from_date=dt.date(2026, 1, 1), by=owner
    )
    changed = bring("剧名,集数,分成金额\n初光,1,5\n", "2026-02")
    assert (changed.state, ColumnMapping.objects.count()) == ("columns", 1)
    again = name_columns(
        batch=changed, head_row=0, columns={"title": "剧名", "episode": "集数", "share": "分成金额"},
        from_date=dt.date(2026, 2, 1), by=owner,
    )  # fmt: skip
    assert parts(again) == [("初光", "taken", 500)]


@pytest.mark.parametrize(
    ("columns", "from_date", "code"),
    [
        ({"title": "片子"}, dt.date(2026, 1, 1), "amount_missing"),
        ({"share": "乙", "episode": "哪一集"}, dt.date(2026, 1, 1), "title_missing"),
        ({"title": "片子", "share": "丙"}, dt.date(2026, 1, 1), "unknown_column"),
        ({"title": "片子", "share": "乙", "gross": "乙"}, dt.date(2026, 1, 1), "column_twice"),
        ({"title": "片子", "share": "乙"}, dt.date(2026, 2, 1), "mapping_later"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(
    bring: Any, owner: Any, columns: dict[str, str], from_date: dt.date, code: str
) -> None:
    batch = bring(ODD)
    with pytest.raises(Refused) as refused:
        name_columns(batch=batch, head_row=0, columns=columns, from_date=from_date, by=owner)
    batch.refresh_from_db()
    assert (refused.value.code, batch.state, ColumnMapping.objects.count()) == (code, "columns", 0)


def test_a_file_of_one_title_is_named_and_read_at_the_title(
    bring: Any, titles: Any, client_of: Any, owner: Any, platform: Any
) -> None:
    client = client_of(owner)
    answer = client.post(
        reverse("upload_statement", args=[titles["CG01"].pk]),
        {
            "platform": platform.pk,
            "period": "2026-01",
            "file": SimpleUploadedFile("x.csv", "甲,乙\n1,5\n2,6\n".encode()),
        },
    )
    batch = StatementBatch.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("batch_columns", args=[batch.pk]))
    page = client.get(answer["Location"]).content.decode()
    assert ("乙" in page, "c1" in page) == (True, True)
    seen = client.post(
        answer["Location"], {"head_row": "0", "from_date": "2026-01-01", "c0": "episode", "c1": "share", "preview": "1"}
    )
    assert (seen.status_code, [item["line"].share_fen for item in seen.context["preview"]["lines"]]) == (
        200,
        [500, 600],
    )
    assert ColumnMapping.objects.count() == 0
    client.post(answer["Location"], {"head_row": "0", "from_date": "2026-01-01", "c0": "episode", "c1": "share"})
    statement = Statement.objects.get()
    assert (statement.production, statement.counted_minor, statement.state) == (titles["CG01"], 1_100, "ready")
    # The next file of the shape reads itself.
    client.post(
        reverse("upload_statement", args=[titles["CG01"].pk]),
        {"platform": platform.pk, "period": "2026-02", "file": SimpleUploadedFile("y.csv", "甲,乙\n1,7\n".encode())},
    )
    assert Statement.objects.get(period="2026-02").counted_minor == 700


# --- work ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def large(monkeypatch: Any, bring: Any) -> Any:
    """A file that a worker reads."""
    monkeypatch.setattr("finance.batches.AT_ONCE_BYTES", 0)
    return bring


def test_a_large_file_is_read_by_a_worker_once(large: Any, drain: Any) -> None:
    batch = large(GOOD)
    job = waiting_job(batch)
    assert (batch.state, job is not None, Statement.objects.count()) == ("reading", True, 0)
    drain()
    batch.refresh_from_db()
    assert (batch.state, Statement.objects.count(), waiting_job(batch)) == ("read", 2, None)


def test_a_crash_in_the_middle_leaves_nothing_and_the_retry_finishes(large: Any, drain: Any, monkeypatch: Any) -> None:
    batch = large(GOOD)
    job = waiting_job(batch)
    assert job is not None
    import finance.batch_reading as reading

    whole = reading.write_lines

    def half(rows: Any) -> None:
        whole(list(rows)[:2])
        raise OSError("the machine goes down")

    monkeypatch.setattr(reading, "write_lines", half)
    jobs.run(job.pk)
    assert (Statement.objects.count(), StatementLine.objects.count(), BatchPart.objects.count()) == (0, 0, 0)
    monkeypatch.setattr(reading, "write_lines", whole)
    job.refresh_from_db()
    assert (job.kind, job.state) == (KIND, JobState.QUEUED)
    job.run_after = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    job.save()
    jobs.run(job.pk)
    batch.refresh_from_db()
    assert (batch.state, Statement.objects.count(), StatementLine.objects.count()) == ("read", 2, 3)


def test_a_file_that_breaks_off_is_refused_whole(large: Any, drain: Any) -> None:
    # The break is behind the rows that are looked at when the file is brought.
    batch = large((HEADS + "初光,1,2026-01,5\n" * 40).encode() + b"x" * 10_001 + b",1,2026-01,5\n")
    drain()
    batch.refresh_from_db()
    assert (batch.state, [finding["code"] for finding in batch.findings]) == ("refused", ["cell_too_long"])
    assert (Statement.objects.count(), BatchPart.objects.count()) == (0, 0)


# --- doors --------------------------------------------------------------------------------------------------------


def test_the_pages_from_upload_to_assignment(client_of: Any, owner: Any, platform: Any, titles: Any) -> None:
    client = client_of(owner)
    empty = client.get(reverse("batches")).content.decode()
    assert reverse("new_batch") in empty
    answer = client.post(
        reverse("new_batch"),
        {
            "platform": platform.pk, "period": "2026-01", "currency": "CNY",
            "file": SimpleUploadedFile("总表.csv", (HEADS + "海上灯,1,2026-01,5\n初光,1,2026-01,7\n").encode()),
        },
    )  # fmt: skip
    batch = StatementBatch.objects.get()
    assert answer["Location"] == reverse("batch", args=[batch.pk])
    page = client.get(answer["Location"])
    assert [part.title for part in page.context["parts"]] == ["海上灯", "初光"]
    part = batch.parts.get(state="unknown")
    client.post(reverse("assign_batch", args=[batch.pk]), {f"part{part.pk}": "NONE"})
    assert Statement.objects.count() == 1
    client.post(reverse("assign_batch", args=[batch.pk]), {f"part{part.pk}": "HD03"})
    assert Statement.objects.get(production=titles["HD03"]).counted_minor == 500
    assert client.get(reverse("batches") + "?format=csv").content.decode().count("总表.csv") == 1
    assert client.get(reverse("batch", args=[batch.pk]) + "?format=csv").content.decode().count("HD03") == 1
    assert b"".join(client.get(reverse("batch_file", args=[batch.pk])).streaming_content).decode().startswith("剧名")


@pytest.mark.parametrize("data", [b"", b"\x00\xff\x00binary" * 9, "一句话".encode()])
def test_a_bad_upload_gets_a_sentence(client_of: Any, owner: Any, platform: Any, data: bytes) -> None:
    answer = client_of(owner).post(
        reverse("new_batch"),
        {"platform": platform.pk, "period": "2026-01", "currency": "CNY", "file": SimpleUploadedFile("x.csv", data)},
    )
    assert (answer.status_code, StatementBatch.objects.count()) == (422, 0)
    assert "field-error" in answer.content.decode()


def test_pages_ask_the_same_for_one_title_and_for_many(client_of: Any, owner: Any, bring: Any, studio: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(owner)
    one = bring(HEADS + "初光,1,2026-01,5\n")
    many = bring(HEADS + "初光,1,2026-02,5\n夜船,1,2026-02,5\n海灯,1,2026-02,5\n", "2026-02")

    def asked(batch: StatementBatch) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("batch", args=[batch.pk])).status_code == 200
        return len(queries)

    asked(one)
    assert asked(one) == asked(many)


def test_the_statement_shows_its_lines_page_by_page_with_the_sum_so_far(
    client_of: Any, owner: Any, bring: Any, titles: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("finance.views_contracts.LINES_SHOWN", 2)
    bring(HEADS + "初光,1,2026-01,5\n初光,9,2026-01,7\n初光,2,2026-01,9\n")
    statement = Statement.objects.get()
    client = client_of(owner)
    first = client.get(reverse("statement", args=[statement.pk]))
    assert [(line.row, line.running_minor, line.is_wrong) for line in first.context["lines"]] == [
        (2, 500, False), (3, 1_200, True),
    ]  # fmt: skip
    second = client.get(reverse("statement", args=[statement.pk]) + first.context["next_url"])
    assert [(line.row, line.running_minor) for line in second.context["lines"]] == [(4, 2_100)]
    wrong = client.get(reverse("statement", args=[statement.pk]) + "?wrong=1")
    assert [line.row for line in wrong.context["lines"]] == [3]


def test_a_program_sends_lines(client_of: Any, owner: Any, platform: Any, titles: Any) -> None:
    client = client_of(owner)
    body = {
        "platform": platform.pk, "period": "2026-01", "total": "12.50",
        "lines": [
            {"title": "初光", "episode": "1", "share": "5.50"}, {"title": "夜船", "share": "7"},
        ],
    }  # fmt: skip
    answers = [client.post("/api/v1/statement-files/", body, content_type="application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    first, second = (answer.json() for answer in answers)
    assert (first["id"], first["state"], first["counted_minor"]) == (second["id"], "read", 1_250)
    assert [(part["title"], part["state"]) for part in first["parts"]] == [("初光", "taken"), ("夜船", "taken")]
    rows = client.get("/api/v1/statement-lines/").json()["results"]
    assert sorted(row["amount_minor"] for row in rows) == [550, 700]


def test_a_program_hears_of_all_that_is_wrong(client_of: Any, owner: Any, platform: Any, titles: Any) -> None:
    client = client_of(owner)
    lines = [{"title": "初光", "share": "5.505"}, {"title": "初光", "share": "x"}, {"title": "初光", "share": "1"}]
    body = {"platform": platform.pk, "period": "2026-01", "lines": lines}
    answer = client.post("/api/v1/statement-files/", body, content_type="application/json")
    assert (answer.status_code, len(answer.json()["errors"])) == (400, 2)
    body = {"platform": platform.pk, "period": "2026-01", "lines": [{"title": "初光", "share": 1.5}]}
    answer = client.post("/api/v1/statement-files/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, "line 1: share must be text")
    assert (StatementBatch.objects.count(), Statement.objects.count()) == (0, 0)


def test_a_program_sends_one_titles_lines(client_of: Any, owner: Any, platform: Any, titles: Any) -> None:
    body = {
        "platform": platform.pk, "production": titles["CG01"].pk, "period": "2026-01",
        "lines": [{"episode": "1", "share": "5.50"}, {"episode": "2", "share": "7"}], "total": "12.51",
    }  # fmt: skip
    answer = client_of(owner).post("/api/v1/statements/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["state"], answer.json()["counted_minor"]) == (201, "held", 1_250)
