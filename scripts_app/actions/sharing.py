"""Sharing a script by a link, withdrawing it, and what happens when it is opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import OpeningKind
from scripts_app.events import ScriptLinkMade, ScriptLinkOpened, ScriptLinkRevoked
from scripts_app.models import Character, Revision, SceneText, ScriptLink, ScriptLinkOpening
from studio.facts import publish
from studio.models import Production, User
from studio.refusals import Refused

MOST_DAYS = 366
MOST_OPENINGS = 1000
MOST_LIVE_LINKS = 300
LEAST_PASSWORD = 6


@transaction.atomic
def make_link(
    *,
    revision: Revision,
    reader_name: str,
    by: User | None,
    days: int = 14,
    password: str = "",
    most_openings: int | None = None,
    episodes: Iterable[int] = (),
    role: str = "",
    allows_pdf: bool = True,
    at: dt.datetime | None = None,
) -> tuple[ScriptLink, str]:
    """Share a revision, or some episodes, or a role's scenes, with a named reader.

    Returns the link with its secret, which is not kept. Refuses a reader without a name, limits out of range, episodes
    or a role that the revision does not have.
    """
    now = at or timezone.now()
    production = revision.script.production
    reader, wanted = " ".join(reader_name.split()), sorted(set(episodes))
    if not reader or len(reader) > 80:
        raise Refused("reader_missing", _("Name who the link is for: it stands on every page."), field="reader_name")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(
            "days_out_of_range", _("A link lives 1 to %(most)s days."), field="days", params={"most": MOST_DAYS}
        )
    if most_openings is not None and not 1 <= most_openings <= MOST_OPENINGS:
        raise Refused(
            "openings_out_of_range", _("A link opens 1 to %(most)s times."), field="most_openings",
            params={"most": MOST_OPENINGS},
        )  # fmt: skip
    if password and not LEAST_PASSWORD <= len(password) <= 128:
        raise Refused(
            "password_too_short", _("A password has at least %(least)s letters."), field="password",
            params={"least": LEAST_PASSWORD},
        )  # fmt: skip
    missing = _missing_episodes(revision, wanted)
    if missing:
        raise Refused(
            "no_such_episodes", _("This revision has no episode %(numbers)s."), field="episodes",
            params={"numbers": ", ".join(map(str, missing[:10]))},
        )  # fmt: skip
    if role and not Character.objects.filter(production=production, name=role).exists():
        raise Refused("no_such_role", _("This title has no such role."), field="role")
    # One after the other for a title, so that the limit holds.
    Production.objects.select_for_update().get(pk=production.pk)
    live = ScriptLink.objects.filter(revision__script=revision.script_id, revoked_at=None, expires_at__gt=now)
    if live.count() >= MOST_LIVE_LINKS:
        raise Refused(
            "too_many_links", _("This title has %(most)s open links. Revoke some first."),
            params={"most": MOST_LIVE_LINKS},
        )  # fmt: skip
    link, secret = ScriptLink.mint(
        revision=revision, reader_name=reader, episodes=wanted, role=role, allows_pdf=allows_pdf,
        password=make_password(password) if password else "", expires_at=now + dt.timedelta(days=days),
        most_openings=most_openings, made_by=by,
    )  # fmt: skip
    link.save()
    publish(
        ScriptLinkMade(
            studio_id=production.studio_id, production_id=production.pk, link_id=link.pk, revision_id=revision.pk,
            reader_name=reader, code=link.code, expires_at=link.expires_at.isoformat(),
        ),
        by=by, at=at,
    )  # fmt: skip
    return link, secret


def _missing_episodes(revision: Revision, wanted: list[int]) -> list[int]:
    if not wanted:
        return []
    there = set(
        SceneText.objects.filter(revision=revision, episode_number__in=wanted).values_list("episode_number", flat=True)
    )
    return [number for number in wanted if number not in there]


@transaction.atomic
def revoke_link(*, link: ScriptLink, by: User | None, at: dt.datetime | None = None) -> None:
    """Withdraw a link: it opens nothing from the next request on, also for those who are reading. Twice is once."""
    now = at or timezone.now()
    revoked = ScriptLink.objects.filter(pk=link.pk, revoked_at=None).update(
        revoked_at=now, revoked_by=by, updated_at=now
    )
    if revoked:
        production = link.revision.script.production
        publish(
            ScriptLinkRevoked(
                studio_id=production.studio_id, production_id=production.pk, link_id=link.pk, code=link.code
            ),
            by=by, at=at,
        )  # fmt: skip


@transaction.atomic
def open_link(
    *, link: ScriptLink, kind: str, agent: str = "", network: str = "", at: dt.datetime | None = None
) -> ScriptLinkOpening:
    """Write an opening down. Opening the page counts towards the link's limit, taking the PDF from there does not.

    Refuses a link that ended, was withdrawn or is used up, also when that happened a moment ago.
    """
    now = at or timezone.now()
    live = ScriptLink.objects.filter(pk=link.pk, revoked_at=None, expires_at__gt=now)
    if kind == OpeningKind.PAGE:
        live = live.filter(Q(most_openings=None) | Q(openings_count__lt=F("most_openings")))
        held = live.update(openings_count=F("openings_count") + 1, updated_at=now)
    else:
        held = live.update(updated_at=now)
    if not held:
        raise Refused("link_over", _("This link opens nothing any more."))
    first = not ScriptLinkOpening.objects.filter(link=link.pk).exists()
    row = ScriptLinkOpening.objects.create(
        link=link, opened_at=now, kind=kind, agent=agent[:40], network=network[:40]
    )  # fmt: skip
    if first:
        production = link.revision.script.production
        publish(
            ScriptLinkOpened(
                studio_id=production.studio_id, production_id=production.pk, link_id=link.pk, code=link.code,
                reader_name=link.reader_name,
            ),
            by=None, at=at,
        )  # fmt: skip
    return row
