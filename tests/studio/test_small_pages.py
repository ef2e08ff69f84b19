"""Small pages of the ground floor: tokens as people make them, signing in, what refusals write to the console."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.access import VERBS
from studio.logs import PlainRefusals
from studio.models import User
from studio.verb_names import verb_name, verbs_by_room


def test_every_verb_stands_in_one_room() -> None:
    grouped = verbs_by_room(VERBS)
    shown = [verb for _room, choices in grouped for verb, _name in choices]
    assert sorted(shown) == sorted(VERBS)
    assert [room for room, _choices in verbs_by_room({"money.view", "script.edit", "script.view"})] == [
        "Scripts",
        "Money",
    ]
    assert dict(grouped[1][1])["script.view"] == verb_name("script.view")


def test_a_new_token_can_be_copied_and_its_day_is_written_as_everywhere(
    production: Any, owner: User, client_of: Any
) -> None:
    client = client_of(owner)
    body = {"name": "platform", "studio": production.studio_id, "scopes": ["delivery.view"], "days": 30}
    page = client.post(reverse("tokens"), body).content.decode()
    (secret,) = re.findall(r'id="token-secret">([^<]+)<', page)
    assert f'data-copy="{secret}"' in page
    assert "data-copy" not in client.get(reverse("tokens")).content.decode()
    expires = timezone.localtime(owner.api_tokens.get().expires_at)
    assert f'data-label="Expires">{expires:%Y-%m-%d}<' in page


@pytest.mark.django_db
def test_after_a_wrong_password_the_password_is_typed_again(client: Any) -> None:
    User.objects.create_user("luonan", "", "correct horse")
    page = client.post("/accounts/login/", {"login": "luonan", "password": "wrong horse"}).content.decode()
    assert 'data-focus-next="id_password"' in page
    assert 'id="id_password"' in page
    assert 'value="luonan"' in page
    assert "data-focus-next" not in client.get("/accounts/login/").content.decode()


def test_a_refusal_is_a_line_and_a_fault_keeps_its_trace(
    production: Any, make_member: Any, client_of: Any, caplog: Any
) -> None:
    with caplog.at_level(logging.WARNING, logger="django.request"):
        refused = client_of(make_member(production.studio, "investor")).get(
            reverse("production_shoot", args=[production.pk])
        )
    assert refused.status_code == 403
    # As the console's handler left it: Django hands the trace of a refusal along.
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    assert (record.getMessage(), record.exc_info) == (
        f"Forbidden (Permission denied): /productions/{production.pk}/shoot/", None,
    )  # fmt: skip
    try:
        raise ValueError("broken")
    except ValueError as error:
        fault = logging.makeLogRecord({"exc_info": (type(error), error, error.__traceback__), "status_code": 500})
    assert PlainRefusals().filter(fault)
    assert fault.exc_info is not None
