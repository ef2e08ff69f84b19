"""Who sees what: studios apart, productions apart, networks read-only, tokens no more than their user."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from studio.access import TABLE, VERBS, access_of
from studio.actions import engage, make_token, open_production, revoke_token
from studio.choices import NetworkRole, Role
from studio.models import ApiToken, Event, Membership, Network, NetworkMembership, Person, Production, Studio, User
from studio.refusals import Refused

Make = Callable[..., User]


def _seen(user: User, verb: str = "production.view") -> set[str]:
    return set(access_of(user).scope(Production.objects.all(), verb).values_list("title", flat=True))


def test_the_owner_sees_the_own_studio_and_no_other(
    production: Production, other_production: Production, owner: User, other_owner: User
) -> None:
    assert _seen(owner) == {"初光"}
    assert _seen(other_owner) == {"别人的戏"}


def test_a_membership_on_one_production_does_not_open_the_next(
    production: Production, studio: Studio, owner: User, make_member: Make
) -> None:
    open_production(studio=studio, title="第二部", code="CG02", by=owner)
    guest = make_member(studio, "script_editor", production=production)
    assert _seen(guest) == {"初光"}
    access = access_of(guest)
    assert access.may("script.edit")
    assert not access.may_in_studio("script.edit", studio.pk)
    assert access.may_on("script.edit", production)
    # People belong to the studio, not to a production: a guest of one production does not list them.
    Person.objects.create(studio=studio, name="林叶")
    assert access.scope(Person.objects.all(), "people.view").count() == 0


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_exactly_the_verbs_of_the_table(role: Role, production: Production, make_member: Make) -> None:
    platform = "hongguo" if role == Role.PLATFORM_CLIENT else ""
    access = access_of(make_member(production.studio, role, platform_code=platform))
    assert {verb for verb in VERBS if access.may(verb)} == {verb for verb in VERBS if role in TABLE[verb]}


def test_a_network_viewer_reads_its_studios_and_a_manager_works_in_them(
    production: Production, other_production: Production, make_member: Make
) -> None:
    network = Network.objects.create(name="大版权")
    Studio.objects.filter(pk=production.studio_id).update(network=network)
    viewer = User.objects.create_user("viewer")
    NetworkMembership.objects.create(user=viewer, network=network)
    assert _seen(viewer) == {"初光"}
    access = access_of(viewer)
    assert {verb for verb in VERBS if access.may(verb)} == {verb for verb in VERBS if verb.endswith(".view")}
    manager = User.objects.create_user("manager")
    NetworkMembership.objects.create(user=manager, network=network, role=NetworkRole.MANAGER)
    assert access_of(manager).may_on("board.edit", production)
    assert not access_of(manager).may_on("board.edit", other_production)


def test_a_platform_client_sees_no_row_that_has_no_platform(production: Production, make_member: Make) -> None:
    client = make_member(production.studio, "platform_client", platform_code="hongguo")
    assert _seen(client) == set()
    assert access_of(client).scope(Event.objects.all(), "delivery.view").count() == 0


def test_a_closed_account_sees_nothing(production: Production, owner: User) -> None:
    owner.is_active = False
    owner.save()
    assert _seen(owner) == set()


def test_an_unknown_verb_is_a_bug_not_a_denial(owner: User) -> None:
    with pytest.raises(LookupError):
        access_of(owner).may("productions.look")


def test_a_token_is_kept_as_a_digest_and_shown_once(owner: User, studio: Studio) -> None:
    token, secret = make_token(user=owner, studio=studio, name="cockpit", scopes=["delivery.view"])
    row = ApiToken.objects.get(pk=token.pk)
    assert secret not in {row.digest, row.prefix, row.name}
    assert row.digest == ApiToken.digest_of(secret)
    assert secret.startswith(row.prefix)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"scopes": []}, "scopes_missing"),
        ({"scopes": ["no.such"]}, "scope_beyond_role"),
        ({"days": 0}, "days_out_of_range"),
    ],
)
def test_a_bad_token_is_refused(owner: User, studio: Studio, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        make_token(**{"user": owner, "studio": studio, "name": "x", "scopes": ["delivery.view"], "days": 3, **fields})
    assert refusal.value.code == code
    assert ApiToken.objects.count() == 0


def test_a_token_can_do_no_more_than_its_user(studio: Studio, make_member: Make, other_studio: Studio) -> None:
    crew = make_member(studio, "crew")
    with pytest.raises(Refused, match="no more than you"):
        make_token(user=crew, studio=studio, name="x", scopes=["money.view"])
    with pytest.raises(Refused, match="not a member"):
        make_token(user=crew, studio=other_studio, name="x", scopes=["own.view"])


def test_tokens_expire_and_are_revoked_and_say_so(api_of: Any, owner: User, production: Production) -> None:
    api = api_of(owner, "production.view")
    assert api.get("/api/v1/productions/").status_code == 200
    token = ApiToken.objects.get()
    assert token.last_used_at is not None
    revoke_token(token=token, by=owner)
    from studio.api.authentication import forget_tokens

    forget_tokens()
    answer = api.get("/api/v1/productions/")
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["code"] == "token_revoked"
    ApiToken.objects.update(revoked_at=None, expires_at=timezone.now() - dt.timedelta(seconds=1))
    forget_tokens()
    answer = api.get("/api/v1/productions/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "token_expired")


def test_a_token_without_the_scope_is_told_which(api_of: Any, owner: User, production: Production) -> None:
    answer = api_of(owner, "delivery.view").get("/api/v1/productions/")
    assert answer.status_code == 403
    assert answer.json() == {
        "type": "client_error",
        "errors": [
            {"code": "scope_missing", "message": "This token lacks the scope “production.view”.", "field": None}
        ],
    }


def test_engaging_twice_is_one_engagement_and_no_stranger(
    production: Production, other_production: Production, owner: User, make_person: Any
) -> None:
    person = make_person(production.studio, "周野")
    first = engage(production=production, person=person, department="cast", job_title="男主", by=owner)
    again = engage(production=production, person=person, department="cast", job_title="男主", by=owner)
    assert first.pk == again.pk
    with pytest.raises(Refused, match="another studio"):
        engage(production=other_production, person=person, department="cast", job_title="男主", by=owner)


def test_a_production_code_is_taken_once(production: Production, owner: User) -> None:
    with pytest.raises(Refused) as refusal:
        open_production(studio=production.studio, title="又一部", code="CG01", by=owner)
    assert (refusal.value.code, refusal.value.field) == ("code_taken", "code")
    assert Production.objects.count() == 1


def test_memberships_of_platform_clients_name_their_platform(studio: Studio, owner: User) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=owner, studio=studio, role="platform_client")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=owner, studio=studio, role="producer", platform_code="hongguo")
