"""What reviewers do to drafts."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import (
    RoundKind,
    RoundVerdict,
)
from scripts_app.events import RevisionReviewed
from scripts_app.models import ReviewRound, Revision
from studio.facts import publish
from studio.models import User
from studio.refusals import Refused


@transaction.atomic
def review_revision(
    *,
    revision: Revision,
    kind: str,
    verdict: str,
    notes: str,
    by: User | None,
    at: dt.datetime | None = None,
) -> ReviewRound:
    """Record a review round. One that returns the draft must say why; the same round sent twice is one."""
    if kind not in RoundKind.values:
        raise Refused("unknown_kind", _("Choose whose review this is."), field="kind")
    if verdict not in RoundVerdict.values:
        raise Refused("unknown_verdict", _("Choose whether the draft passes or is returned."), field="verdict")
    notes = notes.strip()
    if verdict == RoundVerdict.RETURN and not notes:
        raise Refused("notes_missing", _("Say what has to change when you return a draft."), field="notes")
    last = revision.rounds.filter(kind=kind).last()
    if last is not None and (last.verdict, last.notes, last.reviewed_by_id) == (verdict, notes, by.pk if by else None):
        return last
    row = ReviewRound.objects.create(
        revision=revision, kind=kind, verdict=verdict, notes=notes, reviewed_by=by, reviewed_at=at or timezone.now()
    )
    production = revision.script.production
    publish(
        RevisionReviewed(
            studio_id=production.studio_id, production_id=production.pk, revision_id=revision.pk, round_id=row.pk,
            kind=str(kind), verdict=str(verdict),
        ),
        by=by, at=at,
    )  # fmt: skip
    return row
