"""What changes on the ground floor: studios, members, people, productions, tokens, notices."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from studio.access import VERBS, access_of
from studio.choices import Department, Stage, WorkKind
from studio.events import EngagementAdded, ProductionOpened, ProductionStageMoved, TokenMade, TokenRevoked
from studio.facts import publish
from studio.members import change_role as change_role
from studio.members import invite as invite
from studio.members import remove_member as remove_member
from studio.models import ApiToken, Engagement, Episode, Notice, Person, Production, Studio, User
from studio.notices import SENTENCES
from studio.refusals import Refused


@transaction.atomic
def open_production(
    *,
    studio: Studio,
    title: str,
    code: str,
    by: User | None,
    work_kind: str = WorkKind.LIVE,
    investment_minor: int = 0,
    themes: Iterable[str] = (),
    promoted: bool = False,
    shoot_from_date: dt.date | None = None,
    deliver_by_date: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Production:
    """Open a title. Refuses an empty title and a code the studio already uses."""
    if not title.strip() or not code.strip():
        raise Refused("title_missing", _("A production needs a title and a short code."), field="title")
    if investment_minor < 0:
        raise Refused("negative_amount", _("An investment cannot be negative."), field="investment_minor")
    try:
        with transaction.atomic():
            production = Production.objects.create(
                studio=studio, title=title.strip()[:120], code=code.strip()[:20], work_kind=work_kind, producer=by,
                investment_minor=investment_minor, themes=list(themes), promoted=promoted,
                shoot_from_date=shoot_from_date, deliver_by_date=deliver_by_date,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "code_taken", _("The code “%(code)s” is taken. Choose another."), field="code", params={"code": code}
        ) from None
    publish(ProductionOpened(studio_id=studio.pk, production_id=production.pk, title=production.title), by=by, at=at)
    return production


_ORDER = list(Stage)


@transaction.atomic
def move_stage(*, production_id: int, to: str, by: User | None, at: dt.datetime | None = None) -> bool:
    """Move a title forward to a stage; one that is already there or beyond stays. True when it moved."""
    earlier = _ORDER[: _ORDER.index(Stage(to))]
    moved = Production.objects.filter(pk=production_id, stage__in=earlier).update(stage=to, updated_at=timezone.now())
    if moved:
        production = Production.objects.get(pk=production_id)
        publish(
            ProductionStageMoved(studio_id=production.studio_id, production_id=production_id, stage=str(to)),
            by=by, at=at,
        )  # fmt: skip
    return bool(moved)


def ensure_episodes(*, production: Production, numbers: Iterable[int]) -> dict[int, Episode]:
    """The episodes of these numbers, made where they are missing; call it inside a transaction."""
    wanted = sorted(set(numbers))
    Episode.objects.bulk_create(
        [Episode(production=production, number=number) for number in wanted], ignore_conflicts=True
    )
    return {episode.number: episode for episode in production.episodes.filter(number__in=wanted)}


@transaction.atomic
def engage(
    *,
    production: Production,
    person: Person,
    department: str,
    job_title: str,
    by: User | None,
    at: dt.datetime | None = None,
    **terms: Any,
) -> Engagement:
    """Engage a person on a production; the same job twice returns the engagement there is."""
    if person.studio_id != production.studio_id:
        raise Refused("other_studio", _("This person belongs to another studio."), field="person")
    if department not in Department.values:
        raise Refused("unknown_department", _("There is no such department."), field="department")
    engagement, new = Engagement.objects.get_or_create(
        production=production, person=person, job_title=job_title, defaults={"department": department, **terms}
    )
    if new:
        publish(
            EngagementAdded(
                studio_id=production.studio_id, production_id=production.pk, engagement_id=engagement.pk,
                person_id=person.pk,
            ),
            by=by, at=at,
        )  # fmt: skip
    return engagement


@transaction.atomic
def make_token(
    *, user: User, studio: Studio, name: str, scopes: Iterable[str], days: int = 90, at: dt.datetime | None = None
) -> tuple[ApiToken, str]:
    """Make an API token; returns it with its secret, which is not kept. Scopes beyond the user's own are refused."""
    wanted = sorted(set(scopes))
    access = access_of(user)
    if not name.strip():
        raise Refused("name_missing", _("Give the token a name that says who uses it."), field="name")
    if not wanted:
        raise Refused("scopes_missing", _("Choose at least one thing the token may do."), field="scopes")
    if set(wanted) - VERBS or any(not access.may(verb) for verb in wanted):
        raise Refused("scope_beyond_role", _("A token can do no more than you can."), field="scopes")
    if studio.pk not in access.studio_ids and not access.everything:
        raise Refused("other_studio", _("You are not a member of this studio."), field="studio")
    if not 1 <= days <= 366:
        raise Refused("days_out_of_range", _("A token lives 1 to 366 days."), field="days")
    now = at or timezone.now()
    token, secret = ApiToken.mint(
        user=user, studio=studio, name=name.strip()[:80], scopes=wanted, expires_at=now + dt.timedelta(days=days)
    )
    token.save()
    publish(TokenMade(studio_id=studio.pk, token_id=token.pk, scopes=wanted), by=user, at=at)
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, at: dt.datetime | None = None) -> None:
    from studio.api.authentication import forget_tokens

    revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at or timezone.now())
    if revoked:
        publish(TokenRevoked(studio_id=token.studio_id, token_id=token.pk), by=by, at=at)
        transaction.on_commit(forget_tokens)


def tell(
    *,
    users: Iterable[User],
    studio_id: int,
    kind: str,
    params: dict[str, Any],
    dedupe: str,
    url: str = "",
    production_id: int | None = None,
) -> None:
    """Leave a notice for each user, once per `dedupe`. `kind` names a sentence of `studio.notices`."""
    if kind not in SENTENCES:
        raise LookupError(f"no sentence says what “{kind}” means; register one with studio.notices.sentence")
    Notice.objects.bulk_create(
        [
            Notice(
                user=user, studio_id=studio_id, production_id=production_id, kind=kind, params=params,
                dedupe=dedupe[:120], url=url[:200],
            )
            for user in users
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def read_notices(*, user: User, at: dt.datetime | None = None) -> int:
    return Notice.objects.filter(user=user, read_at=None).update(read_at=at or timezone.now())


@transaction.atomic
def renew_feed(*, person: Person) -> str:
    """Make a person's calendar address anew; the old one stops working. Returns the secret part, kept as a digest."""
    secret = secrets.token_urlsafe(24)
    person.feed_digest = hashlib.sha256(secret.encode()).hexdigest()
    person.save(update_fields=["feed_digest", "updated_at"])
    return secret
