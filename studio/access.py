"""Access: who may do what, and which rows they see. The one table of roles and verbs is here.

Every queryset of every door starts with `Access.scope(queryset, verb)`. A row outside of it does not exist for the
user: 404. A verb that no role of the user has at all is a 403.
"""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from studio.choices import NetworkRole, Role
from studio.models import Membership, NetworkMembership, Production, Scoped, Studio, User

R = Role
_DESK = {R.OWNER, R.PRODUCER}
_EVERYONE_INSIDE = {
    R.OWNER, R.PRODUCER, R.ASSISTANT_DIRECTOR, R.SCRIPT_EDITOR, R.COMPLIANCE_OFFICER, R.POST_SUPERVISOR,
    R.DELIVERY_COORDINATOR, R.FINANCE,
}  # fmt: skip

# verb -> roles. Verbs ending in .view only read; a network's viewer has exactly those.
TABLE: dict[str, frozenset[Role]] = {
    verb: frozenset(roles)
    for verb, roles in {
        "production.view": _EVERYONE_INSIDE | {R.POST_ARTIST, R.INVESTOR},
        "production.edit": _DESK,
        "script.view": _DESK | {R.ASSISTANT_DIRECTOR, R.SCRIPT_EDITOR, R.COMPLIANCE_OFFICER, R.POST_SUPERVISOR, R.POST_ARTIST},
        # The assistant director does the breakdown; on a small crew nobody else does.
        "script.edit": _DESK | {R.SCRIPT_EDITOR, R.ASSISTANT_DIRECTOR},
        # Their own titles alone: the rows are narrowed to whose script they write, see scripts_app.queries.writing.
        "writing.work": {R.WRITER},
        # Reading a draft with a verdict; a compliance officer judges what they do not edit.
        "script.review": _DESK | {R.SCRIPT_EDITOR, R.ASSISTANT_DIRECTOR, R.COMPLIANCE_OFFICER},
        # Whoever a new draft leaves with something stale, and reads the script, says when it has been dealt with.
        "script.settle": _DESK | {R.ASSISTANT_DIRECTOR, R.SCRIPT_EDITOR, R.COMPLIANCE_OFFICER, R.POST_SUPERVISOR},
        "compliance.view": _DESK | {R.COMPLIANCE_OFFICER, R.SCRIPT_EDITOR, R.DELIVERY_COORDINATOR},
        "compliance.edit": {R.OWNER, R.COMPLIANCE_OFFICER},
        "people.view": _DESK | {R.ASSISTANT_DIRECTOR, R.FINANCE},
        "people.edit": _DESK | {R.ASSISTANT_DIRECTOR},
        "board.view": _EVERYONE_INSIDE,
        "board.edit": _DESK | {R.ASSISTANT_DIRECTOR},
        "shoot.view": _EVERYONE_INSIDE,
        "shoot.log": _DESK | {R.ASSISTANT_DIRECTOR},
        "shoot.approve": _DESK,
        "post.view": _DESK | {R.ASSISTANT_DIRECTOR, R.POST_SUPERVISOR, R.POST_ARTIST, R.DELIVERY_COORDINATOR},
        "post.work": _DESK | {R.POST_SUPERVISOR, R.POST_ARTIST},
        "post.manage": _DESK | {R.POST_SUPERVISOR},
        "delivery.view": _DESK | {R.COMPLIANCE_OFFICER, R.POST_SUPERVISOR, R.DELIVERY_COORDINATOR, R.FINANCE, R.PLATFORM_CLIENT},
        "delivery.edit": _DESK | {R.DELIVERY_COORDINATOR},
        "money.view": _DESK | {R.FINANCE},
        "money.edit": {R.OWNER, R.FINANCE},
        "money.approve": _DESK,
        # Their own share alone: whose party of which contract they are narrows the rows, see finance.queries.investors.
        "investment.view": {R.OWNER, R.FINANCE, R.INVESTOR, R.PLATFORM_CLIENT},
        # What the set needs is asked for by those who run it; what it costs elsewhere they do not see.
        "money.request": _DESK | {R.ASSISTANT_DIRECTOR, R.FINANCE},
        # A network's viewer has it by the rule of .view; of another network's advances they see nothing, see finance.fundings.
        "funding.view": {R.OWNER, R.FINANCE},
        "job.view": _EVERYONE_INSIDE,
        "job.manage": _DESK,
        "event.view": _DESK | {R.FINANCE, R.COMPLIANCE_OFFICER},
        "member.view": _DESK,
        "member.edit": {R.OWNER},
        # What everybody has of their own: my days, notices, tokens. Rows are narrowed to the user in the query.
        "own.view": set(Role),
    }.items()
}  # fmt: skip
VERBS = frozenset(TABLE)
ADMIN_ROLES = frozenset(_EVERYONE_INSIDE)

Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclasses.dataclass(frozen=True)
class Grant:
    """One role, in a studio, over all its productions (`production_id` None) or one."""

    role: Role
    studio_id: int
    production_id: int | None = None
    platform_code: str = ""


@dataclasses.dataclass(frozen=True)
class Access:
    """What one signed-in user or token may do. Made once a request by `access_of`."""

    user: User | None
    grants: tuple[Grant, ...] = ()
    viewed_studios: frozenset[int] = frozenset()
    everything: bool = False
    scopes: frozenset[str] | None = None

    @cached_property
    def studio_ids(self) -> frozenset[int]:
        return frozenset(grant.studio_id for grant in self.grants) | self.viewed_studios

    def limited(self, studio_id: int, scopes: frozenset[str]) -> Access:
        """The part of it that a token with these scopes has, in one studio."""
        return Access(
            self.user,
            tuple(grant for grant in self.grants if grant.studio_id == studio_id),
            self.viewed_studios & {studio_id} | ({studio_id} if self.everything else set()),
            scopes=scopes & VERBS,
        )

    def _grants(self, verb: str) -> list[Grant]:
        if verb not in VERBS:
            raise LookupError(f"no such verb: {verb}")
        if self.scopes is not None and verb not in self.scopes:
            return []
        return [grant for grant in self.grants if grant.role in TABLE[verb]]

    def _views(self, verb: str) -> frozenset[int]:
        if verb.endswith(".view") and (self.scopes is None or verb in self.scopes):
            return self.viewed_studios
        return frozenset()

    def may(self, verb: str) -> bool:
        """Whether any role anywhere has the verb: the 403 question.

        What is one's own needs no role: somebody who is only called to a set signs in for that.
        """
        if verb == "own.view" and self.user is not None and self.scopes is None:
            return True
        return bool(self.everything or self._grants(verb) or self._views(verb))

    def may_in_studio(self, verb: str, studio_id: int) -> bool:
        """Whether the verb is theirs over the whole studio, so also for rows that belong to no production."""
        return bool(
            self.everything
            or studio_id in self._views(verb)
            or any(g.studio_id == studio_id and g.production_id is None for g in self._grants(verb))
        )

    def may_on(self, verb: str, production: Production) -> bool:
        return self.may_in_studio(verb, production.studio_id) or any(
            grant.production_id == production.pk for grant in self._grants(verb)
        )

    def scope(self, rows: Rows, verb: str) -> Rows:
        """The rows of a Scoped model that the user has this verb on."""
        model = rows.model
        assert issubclass(model, Scoped), f"{model.__name__} states no path to its studio"
        if self.everything:
            return rows
        studio_wide: set[int] = set(self._views(verb))
        productions: set[int] = set()
        by_platform: list[Grant] = []
        for grant in self._grants(verb):
            if grant.platform_code:
                by_platform.append(grant)
            elif grant.production_id is None:
                studio_wide.add(grant.studio_id)
            else:
                productions.add(grant.production_id)
        condition = Q(pk__in=[])
        if studio_wide:
            condition |= Q(**{f"{model.studio_path}__in": studio_wide})
        if productions and model.production_path is not None:
            condition |= model.within(productions)
        for grant in by_platform:
            if model.platform_path is None:
                continue
            own = Q(**{model.platform_path: grant.platform_code, model.studio_path: grant.studio_id})
            if grant.production_id is not None:
                if model.production_path is None:
                    continue
                own &= model.within({grant.production_id})
            condition |= own
        return rows.filter(condition)

    @cached_property
    def signature(self) -> str:
        """A text that differs whenever the visible rows may: part of every ETag."""
        return repr(
            (
                self.user.pk if self.user else None,
                sorted((g.role, g.studio_id, g.production_id or 0, g.platform_code) for g in self.grants),
                sorted(self.viewed_studios),
                self.everything,
                sorted(self.scopes) if self.scopes is not None else None,
            )
        )

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)


NOBODY = Access(None)


def access_of(user: Any) -> Access:
    """Read a user's memberships: two queries."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOBODY
    grants = [
        Grant(Role(role), studio_id, production_id, platform_code)
        for role, studio_id, production_id, platform_code in Membership.objects.filter(user=user)
        .order_by("id")
        .values_list("role", "studio_id", "production_id", "platform_code")
    ]
    viewed: set[int] = set()
    for role, studio_id in NetworkMembership.objects.filter(user=user, network__studios__isnull=False).values_list(
        "role", "network__studios__id"
    ):
        if role == NetworkRole.MANAGER:
            grants.append(Grant(Role.PRODUCER, studio_id))
        viewed.add(studio_id)
    return Access(user, tuple(grants), frozenset(viewed), everything=user.is_superuser)


def users_with(verb: str, production: Production) -> QuerySet[User]:
    """Those to tell about a production: members whose role has the verb there."""
    return User.objects.filter(
        Q(memberships__production=None) | Q(memberships__production=production),
        memberships__studio=production.studio_id,
        memberships__role__in=TABLE[verb],
        is_active=True,
    ).distinct()


def visible_studios(access: Access) -> QuerySet[Studio]:
    if access.everything:
        return Studio.objects.all()
    return Studio.objects.filter(pk__in=access.studio_ids)
