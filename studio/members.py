"""Who works in a studio: inviting, changing a role, removing."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from studio.choices import Role
from studio.events import MemberInvited, MemberRemoved, MemberRoleChanged
from studio.facts import publish
from studio.jobs import enqueue
from studio.models import Membership, Production, Studio, User
from studio.refusals import Refused

MAIL = "studio.mail_invitation"


@transaction.atomic
def invite(
    *,
    studio: Studio,
    email: str,
    display_name: str,
    role: str,
    by: User | None,
    production: Production | None = None,
    platform_code: str = "",
    language: str = "",
    at: dt.datetime | None = None,
) -> Membership:
    """Give somebody a role in the studio, or on one title, and write to them.

    Whoever is new gets an account without a password, in `language`, and a mail to set one. Refuses what is no
    address, an unknown role, a role they have already, and an account that is closed.
    """
    address = _address(email)
    check_role(role, platform_code, production)
    if production is not None and production.studio_id != studio.pk:
        raise Refused("other_studio", _("This production belongs to another studio."), field="production")
    _hold(studio.pk)
    user = _user_of(address, display_name.strip(), language or (by.language if by else "") or settings.LANGUAGE_CODE)
    taken = Membership.objects.filter(user=user, studio=studio, role=role, platform_code=platform_code)
    if taken.filter(production=None).exists() or (production and taken.filter(production=production).exists()):
        raise _already(user)
    membership = _written(
        Membership(user=user, studio=studio, role=role, production=production, platform_code=platform_code)
    )
    publish(
        MemberInvited(
            studio_id=studio.pk, production_id=membership.production_id, membership_id=membership.pk, user_id=user.pk,
            role=str(role),
        ),
        by=by, at=at,
    )  # fmt: skip
    enqueue(
        MAIL, {"membership": membership.pk}, studio_id=studio.pk, production_id=membership.production_id, by=by,
        dedupe=f"mail-invitation:{membership.pk}",
    )  # fmt: skip
    _forget_tokens()
    return membership


@transaction.atomic
def change_role(
    *, membership: Membership, role: str, by: User | None, platform_code: str = "", at: dt.datetime | None = None
) -> bool:
    """Give a member another role in the same place; True when it changed. The studio keeps an owner."""
    _hold(membership.studio_id)
    row = _current(membership)
    check_role(role, platform_code, row.production)
    if (row.role, row.platform_code) == (role, platform_code):
        return False
    if role != Role.OWNER:
        keep_an_owner(row)
    old, row.role, row.platform_code = row.role, role, platform_code
    _written(row)
    publish(
        MemberRoleChanged(
            studio_id=row.studio_id, production_id=row.production_id, membership_id=row.pk, user_id=row.user_id,
            old_role=str(old), role=str(role),
        ),
        by=by, at=at,
    )  # fmt: skip
    _forget_tokens()
    return True


@transaction.atomic
def remove_member(*, membership: Membership, by: User | None, at: dt.datetime | None = None) -> None:
    """Take a role away; the account and what its user did stay. The last owner cannot be removed."""
    _hold(membership.studio_id)
    row = _current(membership)
    keep_an_owner(row)
    fact = MemberRemoved(
        studio_id=row.studio_id, production_id=row.production_id, membership_id=row.pk, user_id=row.user_id,
        role=str(row.role),
    )  # fmt: skip
    row.delete()
    publish(fact, by=by, at=at)
    _forget_tokens()


def is_last_owner(membership: Membership) -> bool:
    """Whether the studio would be without an owner who can sign in."""
    if membership.role != Role.OWNER or membership.production_id is not None:
        return False
    others = Membership.objects.filter(
        studio=membership.studio_id, role=Role.OWNER, production=None, user__is_active=True
    ).exclude(pk=membership.pk)
    return not others.exists()


def _hold(studio_id: int) -> None:
    """Let changes of one studio's members go one after the other: two owners may remove each other at once."""
    Studio.objects.select_for_update().get(pk=studio_id)


def _current(membership: Membership) -> Membership:
    row = Membership.objects.select_related("user", "production").filter(pk=membership.pk).first()
    if row is None:
        raise Refused("member_gone", _("Somebody removed this member meanwhile."), conflict=True)
    return row


def keep_an_owner(row: Membership) -> None:
    """Refuse what would leave the studio without an owner."""
    if is_last_owner(row):
        raise Refused(
            "last_owner",
            _("%(name)s is the last owner of this studio. Make somebody else an owner first."),
            field="role",
            params={"name": str(row.user)},
        )


def _refused_role(code: str, sentence: str | Promise, field: str = "role") -> Refused:
    return Refused(code, sentence, field=field)


def check_role(role: str, platform_code: str, production: Production | None) -> None:
    """Refuse a role that is unknown, too wide for one title, or without the platform it is about."""
    if role not in Role.values:
        raise _refused_role("unknown_role", _("There is no such role."))
    if role == Role.OWNER and production is not None:
        raise _refused_role("owner_of_one_title", _("An owner has the whole studio. Choose a producer for one title."))
    if role != Role.PLATFORM_CLIENT:
        if platform_code:
            raise _refused_role("platform_not_wanted", _("Only a platform client has a platform."), "platform_code")
        return
    try:
        validate_slug(platform_code)
    except ValidationError:
        raise _refused_role(
            "platform_missing",
            _("Name the platform whose deliveries this client may see, by its code, such as hongguo."),
            "platform_code",
        ) from None


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(
            "bad_email", _("“%(email)s” is not an e-mail address."), field="email", params={"email": email}
        ) from None
    if len(address) > 140:
        raise Refused("email_too_long", _("This e-mail address is too long."), field="email")
    return address


def _user_of(address: str, display_name: str, language: str) -> User:
    """The account of an address, made if it is new. The user name is the address, so that two at once make one."""
    known = list(User.objects.filter(email__iexact=address).order_by("pk")[:2])
    if len(known) > 1:
        raise Refused(
            "email_of_two",
            _("Two accounts have this address. Ask who runs this installation to mend that."),
            field="email",
        )
    user = known[0] if known else _made(address, display_name, language)
    if not user.is_active:
        raise Refused("account_closed", _("This account is closed."), field="email")
    return user


def _made(address: str, display_name: str, language: str) -> User:
    if not display_name:
        raise Refused("name_missing", _("Say the name of the new member."), field="display_name")
    # Somebody whose address changed since keeps the user name; the next person with the address gets a number.
    for username in [address, *(f"{address}+{number}" for number in range(2, 10))]:
        user = User(username=username, email=address, display_name=display_name[:80], language=language)
        user.set_unusable_password()
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError:
            there = User.objects.get(username=username)
            if there.email.lower() != address:
                continue
            return there
        return user
    raise Refused(
        "email_of_two", _("Two accounts have this address. Ask who runs this installation to mend that."), field="email"
    )


def _written(membership: Membership) -> Membership:
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError:
        raise _already(membership.user) from None
    return membership


def _already(user: User) -> Refused:
    return Refused(
        "already_member", _("%(name)s has this role here already."), field="role", conflict=True,
        params={"name": str(user)},
    )  # fmt: skip


def _forget_tokens() -> None:
    from studio.api.authentication import forget_tokens

    transaction.on_commit(forget_tokens)
