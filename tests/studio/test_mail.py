"""Mails about accounts: in the reader's language, with links to our own address and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import translation

from studio.models import User

SITE = "https://kaiji.example"


@pytest.fixture(autouse=True)
def _at_home(settings: Any) -> None:
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["*"]
    # Limits of how often one may ask are kept for all processes; each test is a new day.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture
def lin(db: None) -> User:
    return User.objects.create_user(
        "linye", "lin@example.com", "correct horse", display_name="林叶 & 周野", language="zh-hans"
    )


def ask_for_a_password(email: str, language: str = "en", host: str = "testserver") -> None:
    client = Client(headers={"accept-language": language, "host": host})
    assert client.post("/accounts/password/reset/", {"email": email}).status_code == 302


def links(body: str) -> list[str]:
    return re.findall(r"https?://\S+", body)


def test_a_password_is_set_by_the_link_of_the_mail(lin: User, mailoutbox: list[Any]) -> None:
    lin.language = "en"
    lin.save()
    ask_for_a_password("lin@example.com")
    (mail,) = mailoutbox
    assert (mail.subject, mail.to) == ("[Kaiji] Set a new password", ["lin@example.com"])
    link, home = links(mail.body)
    assert home == SITE
    lines = [line for line in mail.body.splitlines() if line]
    assert lines == [
        "林叶 & 周野,",
        "Somebody, most likely you, asked for a new password for your account. Set it here:",
        link,
        "The link works once, within 3 days. Your user name is linye.",
        "If it was not you, there is nothing to do: your password stays as it is.",
        "Kaiji",
        SITE,
    ]
    assert mail.body.count("\n\n\n") == 0
    client = Client()
    page = client.get(link.removeprefix(SITE), follow=True)
    assert page.status_code == 200
    where = page.redirect_chain[-1][0]
    answer = client.post(where, {"password1": "a quiet new horse", "password2": "a quiet new horse"})
    assert answer.status_code == 302
    lin.refresh_from_db()
    assert lin.check_password("a quiet new horse")


@pytest.mark.parametrize(
    ("own", "asked_in", "used"), [("zh-hans", "en", "zh-hans"), ("en", "zh-hans", "en"), ("", "en", "en")]
)
def test_a_mail_is_in_the_language_of_who_reads_it(
    lin: User, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch, own: str, asked_in: str, used: str
) -> None:
    from studio.accounts import AccountAdapter

    spoken = []
    render = AccountAdapter.render_mail

    def listening(self: Any, *args: Any, **kwargs: Any) -> Any:
        spoken.append(translation.get_language())
        return render(self, *args, **kwargs)

    monkeypatch.setattr(AccountAdapter, "render_mail", listening)
    lin.language = own
    lin.save()
    ask_for_a_password("lin@example.com", language=asked_in)
    assert spoken == [used]
    assert len(mailoutbox) == 1
    assert mailoutbox[0].subject.startswith("[开机] " if used == "zh-hans" else "[Kaiji] ")


def test_a_forged_host_does_not_get_the_link(lin: User, mailoutbox: list[Any]) -> None:
    ask_for_a_password("lin@example.com", host="evil.example")
    (mail,) = mailoutbox
    assert "evil.example" not in mail.subject + mail.body
    assert [link.startswith(SITE) for link in links(mail.body)] == [True, True]


def test_an_address_without_an_account_is_told_so_and_where_to_ask(db: None, mailoutbox: list[Any]) -> None:
    ask_for_a_password("nobody@example.com")
    (mail,) = mailoutbox
    assert mail.subject == "[Kaiji] No account with this address"
    assert "asked for a new password for nobody@example.com. No account has this address." in mail.body
    # Nobody can sign up, so nothing invites to.
    assert "signup" not in mail.body
    assert links(mail.body) == [SITE]


def test_a_second_address_is_confirmed_by_the_link_of_the_mail(
    lin: User, mailoutbox: list[Any], client_of: Callable[..., Client]
) -> None:
    client = client_of(lin)
    assert client.post("/accounts/email/", {"action_add": "", "email": "lin@other.example"}).status_code == 302
    (mail,) = mailoutbox
    assert (mail.subject, mail.to) == ("[Kaiji] Confirm your e-mail address", ["lin@other.example"])
    assert "The address lin@other.example was added to the account linye." in mail.body
    link = links(mail.body)[0]
    assert link.startswith(f"{SITE}/accounts/confirm-email/")
    assert client.post(link.removeprefix(SITE)).status_code == 302
    assert EmailAddress.objects.get(email="lin@other.example").verified


def test_a_name_is_written_as_it_is(lin: User, mailoutbox: list[Any]) -> None:
    lin.display_name = '<b>"林"</b>'
    lin.save()
    ask_for_a_password("lin@example.com")
    assert mailoutbox[0].body.startswith('<b>"林"</b>')
