"""The greenlight (立项/开机审批): the moment producers say that a title is made."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import RoundKind
from scripts_app.events import GreenlightGiven
from scripts_app.models import Greenlight
from scripts_app.queries import current_revision, greenlight_standing
from studio.facts import publish
from studio.models import Production, User
from studio.refusals import Refused


@transaction.atomic
def give_greenlight(
    *, production: Production, by: User | None, override_reason: str = "", at: dt.datetime | None = None
) -> Greenlight:
    """Say that the title is made, of its latest draft. Twice is once.

    Refuses with the reviews that the studio asks for and the draft has not passed, unless `override_reason` says why
    it is given all the same; the reason is kept.
    """
    # Two producers at once, and a draft that comes in meanwhile, wait for each other here.
    Production.objects.select_for_update().get(pk=production.pk)
    revision = current_revision(production)
    if revision is None:
        raise Refused("no_draft", _("There is no draft to say yes to. Import a script first."))
    standing = greenlight_standing(production, revision)
    if standing.given is not None and standing.given.revision_id == revision.pk:
        return standing.given
    reason = override_reason.strip()
    if len(reason) > 300:
        raise Refused("too_long", _("At most %(most)s characters."), field="override_reason", params={"most": 300})
    missing = [need.kind for need in standing.needs if not need.passed]
    if missing and not reason:
        raise Refused(
            "rounds_missing",
            _("Revision %(number)s has not passed: %(missing)s. Have it reviewed, or say why it is made all the same."),
            field="override_reason",
            params={"number": revision.number, "missing": _named(missing)},
        )
    row = Greenlight.objects.create(
        production=production, revision=revision, given_by=by, given_at=at or timezone.now(),
        missing=",".join(missing), override_reason=reason if missing else "",
        rounds=[
            {
                "id": need.round.pk, "kind": need.kind, "verdict": need.round.verdict,
                "by": str(need.round.reviewed_by or ""), "at": need.round.reviewed_at.isoformat(),
            }
            for need in standing.needs
            if need.round is not None and need.round.reviewed_at is not None
        ],
    )  # fmt: skip
    publish(
        GreenlightGiven(
            studio_id=production.studio_id, production_id=production.pk, greenlight_id=row.pk, revision_id=revision.pk,
            number=revision.number, missing=missing, reason=row.override_reason,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


def _named(kinds: list[str]) -> object:
    """Kinds of review as people call them; translated where the sentence is."""
    labels = [RoundKind(kind).label for kind in kinds]
    return format_lazy("{}" + ", {}" * (len(labels) - 1), *labels)
