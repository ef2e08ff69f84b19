"""The cost-composition report: from the ledger, against dated caps, as page, PDF and XLSX."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.models import CostCap, LeadPerformer
from finance.composition import composition_of
from finance.ledger import post_cost, reverse_entry
from studio.models import Engagement

DAY = dt.date(2026, 11, 20)
YUAN = 100


@pytest.fixture
def cast(production, make_person):
    people = [make_person(production.studio, name=name) for name in ("沈清", "陆沉")]
    for person in people:
        Engagement.objects.create(production=production, person=person, department="cast", job_title="演员")
    crew = make_person(production.studio, name="场记")
    Engagement.objects.create(production=production, person=crew, department="direction", job_title="场记")
    return [*people, crew]


@pytest.fixture
def ledger(production, owner, cast):
    lead, other, crew = cast
    rows = [("cast", 30_000, lead), ("cast", 10_000, other), ("cast", 5_000, None), ("crew", 40_000, crew),
            ("post", 15_000, None)]  # fmt: skip
    return [
        post_cost(production=production, account=account, amount_minor=yuan * YUAN, on_date=DAY, source=f"t:{number}",
                  narrative="片酬", by=owner, person=person)
        for number, (account, yuan, person) in enumerate(rows)
    ]  # fmt: skip


def figures(production, **words):
    report = composition_of(production, **words)
    return report.total_minor, [(row.part.part, row.share, row.part.over) for row in report.measures]


def test_shares_come_from_the_ledger(production, ledger, cast, owner, client_of):
    client, url = client_of(owner), reverse("cost_composition", args=[production.pk])
    assert figures(production) == (100_000 * YUAN, [(45_000 * YUAN, "45.00 %", True), (0, "0.00 %", False)])
    assert composition_of(production).measures[1].verdict == "No leads are named yet."
    client.post(url, {"leads": [cast[0].pk]})
    assert figures(production)[1][1] == (30_000 * YUAN, "66.67 %", False)
    client.post(url, {"leads": [cast[0].pk, cast[1].pk]})
    assert figures(production)[1][1] == (40_000 * YUAN, "88.89 %", True)
    page = client.get(url)
    assert page.context["report"].unassigned_minor == 5_000 * YUAN
    text = page.content.decode()
    assert text.count("unverified whether binding") == 2
    assert text.count("Above the cap.") == 2
    reverse_entry(entry=ledger[1], on_date=DAY, by=owner)
    assert figures(production)[0] == 90_000 * YUAN


def test_costs_after_the_day_and_before_the_caps(production, ledger):
    assert figures(production, on=DAY - dt.timedelta(1))[0] == 0
    report = composition_of(production, on=dt.date(2016, 1, 1))
    assert [row.verdict for row in report.measures] == ["No cap on that day."] * 2


def test_a_studio_s_own_caps_stand_before_the_published_ones(production, ledger):
    CostCap.objects.create(
        studio=production.studio, from_date=DAY, measure="cast", most_bp=4500, binding=True, source="平台通知"
    )
    measures = composition_of(production).measures
    assert [(row.verdict, row.note) for row in measures] == [
        ("Within the cap.", "平台通知"), ("No cap on that day.", ""),
    ]  # fmt: skip


def test_leads_are_performers_of_the_title(production, cast, owner, client_of):
    client, url = client_of(owner), reverse("cost_composition", args=[production.pk])
    for wrong in (cast[2].pk, "x", "９"):
        answer = client.post(url, {"leads": [cast[0].pk, wrong]}, follow=True)
        assert "Only performers engaged on this title can be its leads." in answer.content.decode()
    assert not LeadPerformer.objects.exists()


def test_the_files_say_what_the_page_says(production, ledger, cast, owner, client_of):
    from pypdf import PdfReader
    from python_calamine import CalamineWorkbook

    client, url = client_of(owner), reverse("cost_composition", args=[production.pk])
    client.post(url, {"leads": [cast[0].pk]})
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(url, {"format": "xlsx"}).content))
    rows = {row[0]: row[1:] for row in book.get_sheet_by_index(0).to_python()}
    assert rows["Whole cost"][0] == 100_000
    assert rows["Cast, of the whole cost"][:4] == [45_000, "45.00 %", "40.00 %", "Above the cap."]
    assert rows["Leads, of the cast"][:4] == [30_000, "66.67 %", "70.00 %", "Within the cap."]
    assert rows["沈清 · Lead"][:2] == [30_000, "66.67 %"]
    answer = client.get(reverse("cost_composition_pdf", args=[production.pk]))
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for word in ("45.00 %", "66.67 %", "Above the cap.", "沈清", production.title):
        assert word in text


def test_the_report_costs_the_same_for_any_cast(production, ledger, owner, client_of, make_person):
    client, url = client_of(owner), reverse("cost_composition", args=[production.pk])
    client.get(url)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as caught:
            client.get(url)
        counts.append(len(caught))
        for name in ("甲", "乙"):
            person = make_person(production.studio, name=f"{name}{number}")
            Engagement.objects.create(production=production, person=person, department="cast", job_title="演员")
            post_cost(
                production=production, account="cast", amount_minor=100, on_date=DAY, source=f"m:{person.pk}",
                narrative="片酬", by=owner, person=person,
            )  # fmt: skip
    assert counts[0] == counts[1]
