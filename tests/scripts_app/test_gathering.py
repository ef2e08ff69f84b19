"""One file per episode through the page and the API."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scripts_app.models import Revision, Scene

HEADLESS = "{n}-1 日 内 叶家客厅\n人物：林叶\n林叶：第{n}句。\n"


def files(*numbers):
    return [SimpleUploadedFile(f"第{n}集.txt", HEADLESS.format(n=n).encode()) for n in numbers]


def numbers(production):
    return list(
        Scene.objects.filter(production=production).order_by("sort_key").values_list("episode__number", "number")
    )


def test_the_page_takes_a_file_per_episode(production, owner, client_of, drain):
    client = client_of(owner)
    url = reverse("script", args=[production.pk])
    assert client.post(url, {"file": files(3, 2, 1)}).status_code == 302
    drain()
    assert numbers(production) == [(1, "1-1"), (2, "2-1"), (3, "3-1")]
    revision = Revision.objects.get()
    assert revision.source_name == "第1集 +2.txt"
    # The same files in another order are the same draft.
    answer = client.post(url, {"file": files(1, 2, 3)}, follow=True)
    assert "This file is revision 1 already." in answer.content.decode()
    assert Revision.objects.count() == 1


def test_a_file_that_does_not_fit_is_named_and_nothing_is_kept(production, owner, client_of):
    client = client_of(owner)
    bad = [*files(1), SimpleUploadedFile("第2集.rtf", b"{\\rtf1 x}")]
    answer = client.post(reverse("script", args=[production.pk]), {"file": bad})
    assert answer.status_code == 422
    assert "“第2集.rtf”: This is a rich text file (.rtf)." in answer.content.decode()
    twice = [*files(3), SimpleUploadedFile("第3集终.txt", HEADLESS.format(n=3).encode())]
    answer = client.post(reverse("script", args=[production.pk]), {"file": twice})
    assert (
        "Another file is episode 3 too: 第3集.txt. Choose one of them and leave the other out."
        in answer.content.decode()
    )
    assert not Revision.objects.exists()


def test_too_many_are_refused_before_they_are_read(production, owner, client_of):
    answer = client_of(owner).post(reverse("script", args=[production.pk]), {"file": files(*range(1, 202))})
    assert answer.status_code == 422
    assert "There are 201 files" in answer.content.decode()


def test_the_api_takes_them_too(production, owner, api_of, drain):
    answer = api_of(owner, "script.edit", studio=production.studio).post(
        "/api/v1/script-imports/", {"production": production.pk, "file": files(2, 1)}, format="multipart"
    )
    assert answer.status_code == 202
    drain()
    assert numbers(production) == [(1, "1-1"), (2, "2-1")]
