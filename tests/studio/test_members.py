"""Members: inviting, roles, removing, the mail, the page and its doors."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from studio import actions
from studio.access import access_of
from studio.models import Event, Job, Membership, Production, Studio, User
from studio.refusals import Refused

pytestmark = pytest.mark.django_db

Members = Callable[..., User]
Clients = Callable[..., Client]


def invite(studio: Studio, by: User, **fields: Any) -> Membership:
    return actions.invite(
        **{
            "studio": studio,
            "email": "he@example.com",
            "display_name": "何小满",
            "role": "producer",
            "by": by,
            **fields,
        }
    )


def refused(call: Callable[[], Any]) -> tuple[str, str | None]:
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.message
    return caught.value.code, caught.value.field


# --- inviting ----------------------------------------------------------------------------------------------------


def test_a_new_address_becomes_a_member_without_a_password(studio: Studio, owner: User) -> None:
    member = invite(studio, owner, email="  He@Example.com ", language="zh-hans")
    user = member.user
    assert (user.username, user.email, user.display_name, user.language) == (
        "he@example.com", "he@example.com", "何小满", "zh-hans",
    )  # fmt: skip
    assert not user.has_usable_password()
    assert [grant.role for grant in access_of(user).grants] == ["producer"]
    event = Event.objects.get(name="MemberInvited")
    assert (event.subject, event.actor_id, event.payload["user_id"], event.payload["role"]) == (
        f"studio.membership:{member.pk}", owner.pk, user.pk, "producer",
    )  # fmt: skip


def test_a_known_address_keeps_its_account(studio: Studio, owner: User, other_owner: User) -> None:
    member = invite(studio, owner, email=other_owner.email.upper(), display_name="Somebody", role="finance")
    assert member.user == other_owner
    assert member.user.display_name == "owner 1"
    assert User.objects.count() == 2


def test_a_former_holder_of_the_address_is_not_taken_for_the_new_one(studio: Studio, owner: User) -> None:
    former = User.objects.create_user("he@example.com", "moved@example.com", "correct horse")
    member = invite(studio, owner)
    assert member.user != former
    assert (member.user.username, member.user.email) == ("he@example.com+2", "he@example.com")


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"email": "nobody"}, ("bad_email", "email")),
        ({"email": "a" * 64 + "@" + "b" * 60 + "." + "c" * 30 + ".com"}, ("email_too_long", "email")),
        ({"display_name": " "}, ("name_missing", "display_name")),
        ({"role": "king"}, ("unknown_role", "role")),
        ({"role": "platform_client"}, ("platform_missing", "platform_code")),
        ({"role": "platform_client", "platform_code": "not a code"}, ("platform_missing", "platform_code")),
        ({"platform_code": "hongguo"}, ("platform_not_wanted", "platform_code")),
    ],
)
def test_a_bad_invitation_is_refused_and_leaves_nothing(
    fields: dict[str, Any], answer: tuple[str, str], studio: Studio, owner: User
) -> None:
    assert refused(lambda: invite(studio, owner, **fields)) == answer
    assert (User.objects.count(), Membership.objects.count(), Event.objects.count(), Job.objects.count()) == (
        1,
        1,
        0,
        0,
    )


def test_a_title_of_another_studio_and_an_owner_of_one_title_are_refused(
    studio: Studio, owner: User, production: Production, other_production: Production
) -> None:
    assert refused(lambda: invite(studio, owner, production=other_production)) == ("other_studio", "production")
    assert refused(lambda: invite(studio, owner, production=production, role="owner")) == ("owner_of_one_title", "role")


def test_the_same_role_twice_is_refused(studio: Studio, owner: User, production: Production) -> None:
    invite(studio, owner)
    assert refused(lambda: invite(studio, owner)) == ("already_member", "role")
    # The whole studio includes the title.
    assert refused(lambda: invite(studio, owner, production=production)) == ("already_member", "role")
    assert invite(studio, owner, role="finance").user.memberships.count() == 2


def test_a_closed_account_and_an_address_of_two_are_refused(studio: Studio, owner: User) -> None:
    User.objects.create_user("he", "he@example.com", "correct horse", is_active=False)
    assert refused(lambda: invite(studio, owner)) == ("account_closed", "email")
    User.objects.create_user("he2", "HE@example.com", "correct horse")
    assert refused(lambda: invite(studio, owner)) == ("email_of_two", "email")


@pytest.fixture
def _waiting() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the tests' SQLite lies in memory, where connections cannot wait for one another")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_waiting")
def test_two_who_invite_at_once_make_one_user(studio: Studio, other_studio: Studio, make_member: Members) -> None:
    hosts = [(studio, make_member(studio, "owner")), (other_studio, make_member(other_studio, "owner"))]
    start = threading.Barrier(2)
    wrong: list[Exception] = []

    def run(place: Studio, by: User) -> None:
        try:
            start.wait(10)
            invite(place, by)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=host) for host in hosts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert wrong == []
    user = User.objects.get(email="he@example.com")
    assert sorted(user.memberships.values_list("studio_id", flat=True)) == sorted([studio.pk, other_studio.pk])


# --- the mail ----------------------------------------------------------------------------------------------------


def test_the_mail_sets_a_password_in_the_language_of_who_is_new(
    studio: Studio, owner: User, drain: Callable[[], int], settings: Any
) -> None:
    settings.SITE_URL = "http://testserver"
    member = invite(studio, owner, display_name="He\nBcc: all@example.com", language="en")
    assert drain() == 1
    (letter,) = mail.outbox
    assert letter.to == ["he@example.com"]
    assert letter.subject == "You are now in 青禾影视: Producer"
    assert "Invited by owner 0." in letter.body
    assert "Your user name is he@example.com." in letter.body

    browser = Client()
    path = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", letter.body)
    assert path is not None
    form = browser.get(path[1], follow=True)
    assert form.status_code == 200
    browser.post(form.redirect_chain[-1][0], {"password1": "a long new horse", "password2": "a long new horse"})
    member.user.refresh_from_db()
    assert member.user.check_password("a long new horse")
    # Good once.
    assert "password1" not in Client().get(path[1], follow=True).content.decode()


def test_who_has_a_password_is_told_where_to_sign_in(
    studio: Studio, owner: User, other_owner: User, production: Production, drain: Callable[[], int], settings: Any
) -> None:
    settings.SITE_URL = "http://testserver"
    User.objects.filter(pk=other_owner.pk).update(language="en")
    invite(studio, owner, email=other_owner.email, production=production)
    drain()
    (letter,) = mail.outbox
    assert "You now work on 初光 of 青禾影视 in Kaiji: Producer." in letter.body
    assert "http://testserver/\n" in letter.body
    assert "password" not in letter.body


def test_a_member_removed_before_the_mail_gets_none(studio: Studio, owner: User, drain: Callable[[], int]) -> None:
    actions.remove_member(membership=invite(studio, owner), by=owner)
    drain()
    assert mail.outbox == []
    assert Job.objects.get().state == "done"


# --- roles and removing ------------------------------------------------------------------------------------------


def test_a_role_is_changed_once(studio: Studio, owner: User) -> None:
    member = invite(studio, owner)
    assert actions.change_role(membership=member, role="finance", by=owner) is True
    assert actions.change_role(membership=member, role="finance", by=owner) is False
    event = Event.objects.get(name="MemberRoleChanged")
    assert (event.payload["old_role"], event.payload["role"]) == ("producer", "finance")
    assert Membership.objects.get(pk=member.pk).role == "finance"


def test_a_role_they_have_beside_this_one_is_refused(studio: Studio, owner: User) -> None:
    invite(studio, owner)
    second = invite(studio, owner, role="finance")
    change = lambda: actions.change_role(membership=second, role="producer", by=owner)  # noqa: E731
    assert refused(change) == ("already_member", "role")
    assert Membership.objects.get(pk=second.pk).role == "finance"


def test_the_last_owner_stays(studio: Studio, owner: User) -> None:
    own = owner.memberships.get()
    assert refused(lambda: actions.remove_member(membership=own, by=owner)) == ("last_owner", "role")
    change = lambda: actions.change_role(membership=own, role="finance", by=owner)  # noqa: E731
    assert refused(change) == ("last_owner", "role")

    second = invite(studio, owner, role="owner")
    # One whose account is closed does not count.
    User.objects.filter(pk=second.user_id).update(is_active=False)
    assert refused(lambda: actions.remove_member(membership=own, by=owner)) == ("last_owner", "role")
    User.objects.filter(pk=second.user_id).update(is_active=True)
    actions.remove_member(membership=own, by=second.user)
    assert access_of(owner).grants == ()
    assert refused(lambda: actions.remove_member(membership=own, by=second.user)) == ("member_gone", None)
    assert Event.objects.filter(name="MemberRemoved").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_waiting")
def test_two_owners_who_remove_each_other_leave_one(studio: Studio, make_member: Members) -> None:
    owners = [make_member(studio, "owner"), make_member(studio, "owner")]
    start = threading.Barrier(2)
    codes: list[str] = []

    def run(by: User, other: User) -> None:
        try:
            # Each has its connection and its row before either begins.
            row = other.memberships.get()
            start.wait(10)
            actions.remove_member(membership=row, by=by)
        except Refused as error:
            codes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in (owners, owners[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert codes == ["last_owner"]
    assert Membership.objects.filter(studio=studio, role="owner").count() == 1


# --- the page ----------------------------------------------------------------------------------------------------


FORM = {"email": "he@example.com", "display_name": "何小满", "role": "producer", "language": "en"}


def test_the_owner_invites_and_sending_twice_makes_one(client_of: Clients, owner: User, studio: Studio) -> None:
    client = client_of(owner)
    answer = client.post("/members/", FORM, follow=True)
    assert "何小满 is a member now. A mail is on its way to he@example.com." in answer.content.decode()
    again = client.post("/members/", FORM)
    assert again.status_code == 422
    assert "何小满 has this role here already." in again.content.decode()
    assert Membership.objects.filter(user__email="he@example.com").count() == 1
    assert Job.objects.filter(kind="studio.mail_invitation").count() == 1


def test_the_page_shows_members_by_role_and_what_each_may(
    client_of: Clients, owner: User, studio: Studio, production: Production, make_member: Members, other_owner: User
) -> None:
    make_member(studio, "assistant_director", production)
    found = client_of(owner).get("/members/")
    shown = [(group.role, [str(row.user) for row in group.members]) for group in found.context["groups"]]
    assert shown == [("owner", ["owner 0"]), ("assistant_director", ["assistant_director 2"])]
    assert "Edit stripboards" in found.context["groups"][1].may
    assert "See stripboards" not in found.context["groups"][1].may
    assert "Edit members" not in found.context["groups"][1].may
    text = found.content.decode()
    assert "初光" in text
    assert "The last owner stays." in text
    assert other_owner.email not in text


@pytest.mark.parametrize("count", [1, 3])
def test_more_members_ask_no_more_of_the_database(
    count: int,
    client_of: Clients,
    owner: User,
    studio: Studio,
    make_member: Members,
    django_assert_max_num_queries: Any,
) -> None:
    for _number in range(count):
        make_member(studio, "crew")
    client = client_of(owner)
    with django_assert_max_num_queries(12):
        assert client.get("/members/").status_code == 200


def test_a_producer_looks_and_changes_nothing(
    client_of: Clients, owner: User, studio: Studio, make_member: Members, production: Production
) -> None:
    client = client_of(make_member(studio, "producer"))
    text = client.get("/members/").content.decode()
    assert 'id="invite"' not in text
    assert "/remove/" not in text
    pk = owner.memberships.get().pk
    for path, data in [("/members/", FORM), (f"/members/{pk}/role/", {"role": "crew"}), (f"/members/{pk}/remove/", {})]:
        assert client.post(path, data).status_code == 403
    # One title's producer sees that title's members.
    guest = client_of(make_member(studio, "producer", production)).get("/members/")
    assert [group.role for group in guest.context["groups"]] == ["producer"]


@pytest.mark.parametrize("role", ["assistant_director", "finance", "crew", "investor"])
def test_other_roles_do_not_open_it(role: str, client_of: Clients, studio: Studio, make_member: Members) -> None:
    client = client_of(make_member(studio, role))
    assert client.get("/members/").status_code == 403
    assert 'href="/members/"' not in client.get("/").content.decode()


def test_another_studio_s_member_is_not_there(client_of: Clients, owner: User, other_owner: User) -> None:
    client = client_of(owner)
    pk = other_owner.memberships.get().pk
    assert client.post(f"/members/{pk}/remove/").status_code == 404
    assert client.post(f"/members/{pk}/role/", {"role": "crew"}).status_code == 404
    assert other_owner.memberships.get().role == "owner"
    assert 'href="/members/"' in client.get("/").content.decode()


def test_an_owner_elsewhere_does_not_look_into_the_studio_in_front(
    client_of: Clients, owner: User, studio: Studio, other_studio: Studio
) -> None:
    Membership.objects.create(user=owner, studio=other_studio, role="crew")
    client = client_of(owner)
    client.post("/studio/", {"studio": other_studio.pk})
    assert client.get("/members/").status_code == 403
    assert client.post("/members/", FORM).status_code == 403
    assert not User.objects.filter(email="he@example.com").exists()


def test_the_page_changes_and_removes(client_of: Clients, owner: User, studio: Studio) -> None:
    client = client_of(owner)
    member = invite(studio, owner)
    text = client.post(f"/members/{member.pk}/role/", {"role": "finance"}, follow=True).content.decode()
    assert "The role of 何小满 is saved." in text
    assert (
        "There is no such role."
        in client.post(f"/members/{member.pk}/role/", {"role": "king"}, follow=True).content.decode()
    )
    assert Membership.objects.get(pk=member.pk).role == "finance"
    text = client.post(f"/members/{member.pk}/remove/", follow=True).content.decode()
    assert "何小满 no longer has this role." in text
    assert client.post(f"/members/{member.pk}/remove/").status_code == 404
    last = client.post(f"/members/{owner.memberships.get().pk}/remove/", follow=True)
    assert "owner 0 is the last owner of this studio." in last.content.decode()


def test_who_gives_up_the_own_role_lands_on_the_first_page(client_of: Clients, owner: User, studio: Studio) -> None:
    invite(studio, owner, role="owner")
    answer = client_of(owner).post(f"/members/{owner.memberships.get().pk}/remove/")
    assert answer["Location"] == "/"


# --- the admin ---------------------------------------------------------------------------------------------------


def test_the_admin_keeps_the_last_owner_too(client_of: Clients, owner: User, studio: Studio) -> None:
    client = client_of(owner)
    page = f"/admin/studio/membership/{owner.memberships.get().pk}"
    answer = client.post(f"{page}/change/", {"role": "finance", "platform_code": ""})
    assert answer.status_code == 200
    assert "is the last owner of this studio" in answer.content.decode()
    refusal = client.post(f"{page}/delete/", {"post": "yes"}, follow=True)
    assert "is the last owner of this studio" in refusal.content.decode()
    assert "delete_selected" not in client.get("/admin/studio/membership/").content.decode()
    assert owner.memberships.get().role == "owner"


def test_what_the_admin_does_is_a_fact(client_of: Clients, owner: User, studio: Studio, other_owner: User) -> None:
    client = client_of(owner)
    member = invite(studio, owner)
    page = f"/admin/studio/membership/{member.pk}"
    assert client.post(f"{page}/change/", {"role": "finance", "platform_code": ""}).status_code == 302
    assert Membership.objects.get(pk=member.pk).role == "finance"
    assert client.post(f"{page}/delete/", {"post": "yes"}).status_code == 302
    added = {"user": member.user_id, "studio": studio.pk, "role": "owner", "production": "", "platform_code": ""}
    # Whoever left is offered no more; nor is another studio's member.
    assert client.post("/admin/studio/membership/add/", added).status_code == 200
    second = invite(studio, owner)
    assert client.post("/admin/studio/membership/add/", {**added, "user": second.user_id}).status_code == 302
    facts = Event.objects.filter(studio_id=studio.pk).order_by("pk").values_list("name", "actor_id")
    assert list(facts) == [
        (name, owner.pk)
        for name in ("MemberInvited", "MemberRoleChanged", "MemberRemoved", "MemberInvited", "MemberInvited")
    ]
