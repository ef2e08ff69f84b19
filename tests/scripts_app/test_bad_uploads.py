"""Files that are no scripts, at the upload page and over REST: one sentence, and nothing kept."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scripts_app.models import Revision
from studio.models import Job

FILES = {
    "a.doc": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "save it as .docx"),
    "a.rtf": (b"{\\rtf1\\ansi hello}", "rich text file"),
    "a.jpg": (b"\xff\xd8\xff\xe0" + bytes(50), "This is a picture"),
    "a.html": (b"<!DOCTYPE html><html>x</html>", "This is a web page"),
    "a.txt": (b"", "The file is empty"),
    "b.txt": (bytes(500), "not a text document"),
}


def zipped(name: str, body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return out.getvalue()


# What only reading shows: the job says it.
LATER = {
    "a.zip": (zipped("a.txt", b"x"), "packed archive"),
    "a.xlsx": (zipped("xl/workbook.xml", b"x"), "spreadsheet"),
    "bomb.docx": (zipped("word/document.xml", b" " * 45_000_000), "unpacks to more than"),
    "a.fdx": (b'<!DOCTYPE x [<!ENTITY a "ha">]><FinalDraft>&a;</FinalDraft>', "XML entities"),
    "a.pdf": (b"%PDF-1.4\n" + b"x" * 50, "This PDF is damaged"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_page_says_at_once_what_to_do(name, production, owner, client_of):
    data, said = FILES[name]
    answer = client_of(owner).post(reverse("script", args=[production.pk]), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize("name", FILES)
def test_the_api_says_at_once_what_to_do(name, production, owner, api_of):
    data, said = FILES[name]
    answer = api_of(owner).post(
        "/api/v1/script-imports/", {"production": production.pk, "file": SimpleUploadedFile(name, data)}
    )
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize("name", LATER)
def test_what_only_reading_shows_parks_the_job_with_its_sentence(name, production, owner, api_of, drain):
    data, said = LATER[name]
    answer = api_of(owner).post(
        "/api/v1/script-imports/", {"production": production.pk, "file": SimpleUploadedFile(name, data)}
    )
    assert answer.status_code == 202
    drain()
    job = Job.objects.get(pk=answer.json()["id"])
    assert job.state == "parked"
    assert said in job.error
    assert not Revision.objects.exists()
    assert not production.scenes.exists()
