"""Petty cash: floats, receipts with photos from a phone, approval, and what everybody still holds."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image, ImageDraw

from finance import receipt_photos
from finance.models import Entry, PettyFloat, PettySlip
from finance.petty_cash import approve_slip, give_float, hand_in_slip, send_back_slip
from finance.queries import check_books, ledger_balance
from finance.queries.petty_cash import balance_of, holders, look_alikes
from finance.receipt_photos import alike, read_photo
from studio.actions import engage
from studio.models import Notice
from studio.refusals import Refused

DAY = dt.date(2026, 11, 20)


def picture(text: str = "发票", size: tuple[int, int] = (900, 1600), kind: str = "JPEG", **save: Any) -> bytes:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for step, letter in enumerate(text.encode()):
        draw.rectangle(
            [step * 97 % size[0], letter * 7 % size[1], step * 97 % size[0] + 220, letter * 7 % size[1] + 260],
            fill=(letter, 40, 90),
        )
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


@pytest.fixture
def runner(production: Any, studio: Any, make_person: Any, make_member: Any, owner: Any) -> Any:
    """The props buyer, who signs in on a phone."""
    person = make_person(studio, "小跑", user=make_member(studio, "crew"))
    engage(production=production, person=person, department="art", job_title="采买", by=owner)
    return person


def hand_in(production: Any, holder: Any, **fields: Any) -> PettySlip:
    values = {
        "account": "art", "amount_minor": 12_800, "spent_date": DAY, "what_for": "蜡烛", "photo": picture(), "by": holder.user,
    }  # fmt: skip
    return hand_in_slip(production=production, holder=holder, **{**values, **fields})


# --- photos -------------------------------------------------------------------------------------------------------


def test_a_photo_is_turned_made_smaller_and_freed_of_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Phone of somebody"
    exif.get_ifd(0x8825)[1] = "N"
    data = picture(size=(4000, 3000), exif=exif)
    assert b"Phone of somebody" in data
    photo = read_photo(data)
    full, small = (Image.open(io.BytesIO(part)) for part in (photo.full, photo.thumb))
    assert (full.format, full.size, small.size) == ("JPEG", (1500, 2000), (240, 320))
    assert (dict(full.getexif()), dict(small.getexif())) == ({}, {})
    assert b"Phone" not in photo.full + photo.thumb


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_what_phones_send_is_read(kind: str) -> None:
    assert Image.open(io.BytesIO(read_photo(picture(kind=kind)).full)).format == "JPEG"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_empty"),
        (b"%PDF-1.7", "not_a_photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_photo"),
        (picture()[:4000], "not_a_photo"),
        (picture(kind="GIF"), "not_a_photo"),
        (b"\xff" * (20 * 1024 * 1024 + 1), "too_large"),
    ],
    ids=["empty", "pdf", "svg", "cut off", "gif", "large"],
)
def test_what_is_no_photo_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_photo(data)
    assert (refused.value.code, refused.value.field) == (code, "photo")


def test_a_photo_made_to_fill_the_memory_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr(receipt_photos, "MOST_PIXELS", 900 * 1600 - 1)
    with pytest.raises(Refused) as refused:
        read_photo(picture())
    assert refused.value.code == "photo_too_large"


def test_a_photo_sent_on_still_looks_the_same() -> None:
    first = read_photo(picture("一二三四五"))
    again = read_photo(picture("一二三四五", size=(900, 1600), quality=40))
    assert first.sha256 != again.sha256
    assert alike(first.likeness, again.likeness)
    assert not alike(first.likeness, read_photo(picture("完全不同的收据")).likeness)
    blank = read_photo(picture("")).likeness
    assert not alike(blank, blank)


# --- floats and slips ---------------------------------------------------------------------------------------------


def test_a_float_is_spent_on_approved_slips_and_the_rest_handed_back(production: Any, runner: Any, owner: Any) -> None:
    give_float(production=production, holder=runner, amount_minor=100_000, on_date=DAY, by=owner)
    slip = hand_in(production, runner)
    [holder] = holders(production)
    assert (holder.held_minor, holder.waiting_minor, holder.after_minor) == (100_000, 12_800, 87_200)
    approve_slip(slip=slip, by=owner)
    approve_slip(slip=slip, by=owner)
    assert ledger_balance(production) == {"CNY": {"advance": 87_200, "art": 12_800, "bank": -100_000}}
    entry = Entry.objects.get(source=f"petty:{slip.pk}")
    assert (entry.on_date, entry.narrative) == (DAY, "蜡烛 · 小跑")
    with pytest.raises(Refused) as refused:
        give_float(production=production, holder=runner, amount_minor=-87_201, on_date=DAY, by=owner)
    assert refused.value.code == "more_than_held"
    give_float(production=production, holder=runner, amount_minor=-87_200, on_date=DAY, by=owner)
    assert (balance_of(production, runner), check_books(production)) == (0, [])


def test_money_of_ones_own_is_owed(production: Any, runner: Any, owner: Any) -> None:
    approve_slip(slip=hand_in(production, runner), by=owner)
    assert (balance_of(production, runner), check_books(production)) == (-12_800, [])


def test_cash_noted_twice_by_one_form_is_handed_out_once(production: Any, runner: Any, owner: Any) -> None:
    key = uuid.uuid4()
    first, again = (
        give_float(production=production, holder=runner, amount_minor=500, on_date=DAY, by=owner, key=key) for _time in "ab"
    )  # fmt: skip
    assert (first.pk, PettyFloat.objects.count(), balance_of(production, runner)) == (again.pk, 1, 500)


def test_a_double_tap_hands_in_once(production: Any, runner: Any) -> None:
    key = uuid.uuid4()
    assert hand_in(production, runner, key=key).pk == hand_in(production, runner, key=key).pk
    assert PettySlip.objects.count() == 1


def test_the_same_photo_twice_is_refused_until_the_first_was_sent_back(
    production: Any, runner: Any, owner: Any, make_person: Any
) -> None:
    first = hand_in(production, runner)
    other = make_person(production.studio, "另一人")
    with pytest.raises(Refused) as refused:
        hand_in(production, other, amount_minor=1)
    assert (refused.value.code, PettySlip.objects.count()) == ("photo_twice", 1)
    assert f"as slip {first.pk} of 2026-11-20" in refused.value.message
    send_back_slip(slip=first, reason="看不清", by=owner)
    assert hand_in(production, other).state == "handed_in"
    with pytest.raises(Refused):
        hand_in(production, runner, slip=first, photo=None)


def test_a_photo_that_looks_like_another_is_pointed_out(production: Any, runner: Any) -> None:
    first = hand_in(production, runner, photo=picture("一二三四五"))
    second = hand_in(production, runner, photo=picture("一二三四五", quality=40))
    third = hand_in(production, runner, photo=picture("完全不同的收据"))
    assert look_alikes(production, [first, second, third]) == {second.pk: first.pk}


def test_a_slip_sent_back_is_mended_and_handed_in_again(production: Any, runner: Any, owner: Any) -> None:
    slip = hand_in(production, runner)
    with pytest.raises(Refused):
        send_back_slip(slip=slip, reason=" ", by=owner)
    send_back_slip(slip=slip, reason="金额不符", by=owner)
    assert Notice.objects.get(user=runner.user).params == {"what": "蜡烛", "reason": "金额不符"}
    with pytest.raises(Refused):
        approve_slip(slip=slip, by=owner)
    again = hand_in(production, runner, slip=slip, amount_minor=12_300, photo=None)
    assert (again.pk, again.state, again.reason, bool(again.photo)) == (slip.pk, "handed_in", "", True)
    approve_slip(slip=again, by=owner)
    with pytest.raises(Refused) as refused:
        send_back_slip(slip=again, reason="x", by=owner)
    assert refused.value.code == "approved_already"
    assert ledger_balance(production)["CNY"]["art"] == 12_300


def test_nobody_approves_their_own_slip(production: Any, owner: Any, make_person: Any) -> None:
    slip = hand_in(production, make_person(production.studio, "老板", user=owner))
    with pytest.raises(Refused) as refused:
        approve_slip(slip=slip, by=owner)
    slip.refresh_from_db()
    assert (refused.value.code, slip.state, Entry.objects.count()) == ("own_slip", "handed_in", 0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"photo": None}, "photo_missing"),
        ({"photo": b"x"}, "not_a_photo"),
        ({"amount_minor": 0}, "amount_not_positive"),
        ({"amount_minor": 1.0}, "not_whole_fen"),
        ({"account": "bank"}, "not_a_cost_account"),
        ({"what_for": " "}, "what_for_missing"),
        ({"spent_date": dt.date(2199, 1, 1)}, "in_the_future"),
    ],
)
def test_refused_slips_leave_nothing(production: Any, runner: Any, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        hand_in(production, runner, **fields)
    assert (refused.value.code, PettySlip.objects.count()) == (code, 0)


def test_a_slip_without_a_photo_says_why(production: Any, runner: Any) -> None:
    slip = hand_in(production, runner, photo=None, no_photo_reason="村里小店没有票")
    assert (slip.state, bool(slip.photo)) == ("handed_in", False)


def test_strangers_get_no_cash(production: Any, other_studio: Any, make_person: Any, owner: Any) -> None:
    stranger = make_person(other_studio, "外人")
    with pytest.raises(Refused):
        give_float(production=production, holder=stranger, amount_minor=1, on_date=DAY, by=owner)
    with pytest.raises(Refused):
        hand_in_slip(
            production=production, holder=stranger, account="art", amount_minor=1, spent_date=DAY, what_for="x",
            no_photo_reason="y", by=None,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"amount_minor": 0}, "petty_slip_positive"),
        ({"state": "lost", "decided_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "petty_slip_state_known"),
        ({"account": "bank"}, "petty_slip_account_is_a_cost"),
        ({"photo": ""}, "petty_slip_has_a_photo_or_a_reason"),
        ({"state": "approved"}, "petty_slip_decided_at_iff_decided"),
        (
            {"state": "sent_back", "decided_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
            "petty_slip_sent_back_with_a_reason",
        ),
    ],
)
def test_the_database_refuses_what_cannot_be(production: Any, runner: Any, changes: dict[str, Any], name: str) -> None:
    slip = hand_in(production, runner)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        PettySlip.objects.filter(pk=slip.pk).update(**changes)


def test_the_database_refuses_the_same_photo_and_a_float_of_nothing(production: Any, runner: Any) -> None:
    slip = hand_in(production, runner)
    other = hand_in(production, runner, photo=None, no_photo_reason="没有")
    with pytest.raises(IntegrityError), transaction.atomic():
        PettySlip.objects.filter(pk=other.pk).update(sha256=slip.sha256)
    with pytest.raises(IntegrityError, match="petty_float_of_something"), transaction.atomic():
        PettyFloat.objects.create(production=production, holder=runner, amount_minor=0, on_date=DAY)


# --- doors --------------------------------------------------------------------------------------------------------


def typed(production: Any, **fields: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()), "amount_minor": "128", "what_for": "蜡烛", "account": "art", "production": production.pk,
        "spent_date": "2026-11-20", "no_photo_reason": "", "photo": SimpleUploadedFile("IMG_1.jpg", picture(), "image/jpeg"),
        **fields,
    }  # fmt: skip


def test_from_the_phone_to_the_ledger(
    production: Any, other_production: Any, runner: Any, owner: Any, client_of: Any, make_member: Any
) -> None:
    phone, desk = client_of(runner.user), client_of(owner)
    give = {"key": str(uuid.uuid4()), "holder": runner.pk, "amount_minor": "1000", "note": ""}
    assert desk.post(f"/productions/{production.pk}/petty-cash/give/", give).status_code == 302
    assert (
        desk.post(f"/productions/{production.pk}/petty-cash/give/", {**give, "amount_minor": "-5"}).status_code == 422
    )
    assert "you hold" in phone.get("/my/receipts/").content.decode()
    response = phone.post("/my/receipts/", typed(production, photo=SimpleUploadedFile("a.pdf", b"%PDF", "image/jpeg")))
    assert (response.status_code, PettySlip.objects.count()) == (422, 0)
    assert phone.post("/my/receipts/", typed(other_production)).status_code == 422
    assert phone.post("/my/receipts/", typed(production)).status_code == 302
    slip = PettySlip.objects.get()
    assert (slip.holder, slip.amount_minor, slip.handed_in_by) == (runner, 12_800, runner.user)
    photo = phone.get(f"/my/receipts/{slip.pk}/photo/?small=1")
    assert (photo.status_code, photo["Content-Type"]) == (200, "image/jpeg")
    stranger = client_of(make_member(production.studio, "crew"))
    for address in (f"/my/receipts/{slip.pk}/", f"/my/receipts/{slip.pk}/photo/"):
        assert stranger.get(address).status_code == 404
    assert stranger.get(f"/petty-slips/{slip.pk}/photo/").status_code == 403
    assert desk.get(f"/petty-slips/{slip.pk}/photo/").status_code == 200
    desk.post(f"/petty-slips/{slip.pk}/send-back/", {"reason": "糊了"})
    assert "糊了" in phone.get(f"/my/receipts/{slip.pk}/").content.decode()
    again = typed(
        production, amount_minor="129", photo=SimpleUploadedFile("b.png", picture("再拍", kind="PNG"), "image/png")
    )
    assert phone.post(f"/my/receipts/{slip.pk}/", again).status_code == 302
    desk.post(f"/petty-slips/{slip.pk}/approve/")
    page = desk.get(f"/productions/{production.pk}/petty-cash/").content.decode()
    assert "¥871.00" in page
    assert "蜡烛" in desk.get(f"/productions/{production.pk}/petty-cash/?format=csv").content.decode()
    assert check_books(production) == []


def test_lists_take_a_constant_number_of_queries(
    production: Any, runner: Any, owner: Any, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    clients = {"/my/receipts/": client_of(runner.user), f"/productions/{production.pk}/petty-cash/": client_of(owner)}
    few: dict[str, int] = {}
    give_float(production=production, holder=runner, amount_minor=100_000, on_date=DAY, by=owner)
    for number in range(3):
        hand_in(production, runner, photo=picture(str(number) * 4))
        for address, client in clients.items():
            if number == 0:
                client.get(address)
                with django_assert_max_num_queries(80) as counted:
                    client.get(address)
                few[address] = len(counted)
            if number == 2:
                with django_assert_max_num_queries(few[address]):
                    client.get(address)
