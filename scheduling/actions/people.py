"""People, who plays whom, and when somebody is away."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from scheduling.events import PersonUnavailable, RoleCast
from scheduling.models import Casting, Unavailability
from scripts_app.models import Character
from studio.choices import Department
from studio.facts import publish
from studio.models import Engagement, Person, Studio, User
from studio.refusals import Refused
from studio.versions import bump_production, bump_studio


@transaction.atomic
def add_person(
    *, studio: Studio, name: str, by: User | None, phone: str = "", email: str = "", birth_date: dt.date | None = None
) -> Person:
    """Add somebody to the studio's people. The same name with the same phone or e-mail is the same person."""
    name, phone, email = name.strip(), phone.strip(), email.strip()
    if not name:
        raise Refused("name_missing", _("Give the person a name."), field="name")
    if phone or email:
        known = Person.objects.filter(studio=studio, name=name, phone=phone, email=email).first()
        if known is not None:
            return known
    person = Person.objects.create(
        studio=studio, name=name[:80], phone=phone[:30], email=email[:254], birth_date=birth_date
    )
    bump_studio(studio.pk)
    return person


@transaction.atomic
def cast_role(
    *, character: Character, engagement: Engagement, by: User | None, at: dt.datetime | None = None
) -> Casting:
    """Say who plays a role; a second call changes it."""
    if engagement.production_id != character.production_id:
        raise Refused("other_production", _("This person is not engaged on this production."), field="engagement")
    if engagement.department != Department.CAST:
        raise Refused("not_cast", _("Only somebody engaged as cast can play a role."), field="engagement")
    try:
        with transaction.atomic():
            casting, new = Casting.objects.get_or_create(character=character, defaults={"engagement": engagement})
    except IntegrityError:
        casting, new = Casting.objects.get(character=character), False
    if not new:
        if casting.engagement_id == engagement.pk:
            return casting
        casting.engagement = engagement
        casting.save(update_fields=["engagement", "updated_at"])
    publish(
        RoleCast(
            studio_id=character.production.studio_id, production_id=character.production_id, casting_id=casting.pk,
            character_id=character.pk, engagement_id=engagement.pk,
        ),
        by=by, at=at,
    )  # fmt: skip
    return casting


@transaction.atomic
def uncast_role(*, character: Character, by: User | None) -> bool:
    """Leave a role open again."""
    deleted, _rows = Casting.objects.filter(character=character).delete()
    if deleted:
        bump_production(character.production_id)
    return bool(deleted)


@transaction.atomic
def mark_unavailable(
    *,
    person: Person,
    from_date: dt.date,
    to_date: dt.date,
    by: User | None,
    reason: str = "",
    at: dt.datetime | None = None,
) -> Unavailability:
    """Note dates on which a person cannot work, both included."""
    if to_date < from_date:
        raise Refused("ends_before_it_starts", _("The last date is before the first."), field="to_date")
    if (to_date - from_date).days > 1100:
        raise Refused("too_long", _("That is more than three years."), field="to_date")
    row, new = Unavailability.objects.get_or_create(
        person=person, from_date=from_date, to_date=to_date, defaults={"reason": reason.strip()[:120]}
    )
    if new:
        publish(
            PersonUnavailable(
                studio_id=person.studio_id, person_id=person.pk, from_date=from_date.isoformat(),
                to_date=to_date.isoformat(),
            ),
            by=by, at=at,
        )  # fmt: skip
    return row


@transaction.atomic
def mark_available(*, unavailability: Unavailability, by: User | None) -> bool:
    """Take a note of absence back."""
    deleted, _rows = Unavailability.objects.filter(pk=unavailability.pk).delete()
    if deleted:
        bump_studio(unavailability.person.studio_id)
    return bool(deleted)
