"""Keeping consents and declarations of AI: recorded with their paper, withdrawn under a name, never edited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance.choices import AiUse, ConsentKind
from compliance.events import AiDeclared, ConsentRecorded, ConsentWithdrawn
from compliance.models import AiDeclaration, Consent
from studio.facts import publish
from studio.models import Engagement, Person, Production, User
from studio.refusals import Refused
from studio.uploads import Paper

# A paper dated a century away is a typing error.
_YEARS_AROUND = 30


@transaction.atomic
def record_consent(
    *,
    production: Production,
    person: Person,
    kind: str,
    scope: str,
    from_date: dt.date,
    paper: Paper,
    by: User | None,
    until_date: dt.date | None = None,
    given_by: str = "",
    relation: str = "",
    at: dt.datetime | None = None,
) -> Consent:
    """Keep a signed consent. The same paper for the same person is kept once and comes back.

    Refuses somebody who is not engaged on the title, dates in the wrong order, and a guardian's paper without the
    guardian.
    """
    scope, given_by, relation = scope.strip()[:300], given_by.strip()[:80], relation.strip()[:40]
    if kind not in ConsentKind.values:
        raise Refused("unknown_kind", _("Choose what the consent is for."), field="kind")
    if not Engagement.objects.filter(production=production, person=person).exists():
        raise Refused("not_engaged", _("This person is not engaged on this title."), field="person")
    if not scope:
        raise Refused("scope_missing", _("Write down what the consent is given for."), field="scope")
    today = timezone.localtime(at, production.studio.zone).date()
    if abs(from_date.year - today.year) > _YEARS_AROUND:
        raise Refused("date_far_away", _("This date is too far away. Check the year."), field="from_date")
    if until_date is not None and until_date < from_date:
        raise Refused("window_backwards", _("A consent cannot end before it begins."), field="until_date")
    if kind == ConsentKind.GUARDIAN and (not given_by or not relation):
        raise Refused(
            "guardian_missing", _("Name the guardian who signed, and how they are related."), field="given_by"
        )
    known = Consent.objects.filter(production=production, person=person, kind=kind, sha256=paper.sha256)
    if (held := known.first()) is not None:
        return _same_paper(held)
    try:
        with transaction.atomic():
            row = Consent.objects.create(
                production=production, person=person, kind=kind, scope=scope, from_date=from_date,
                until_date=until_date, given_by=given_by, relation=relation, file=paper.content("consent"),
                file_name=paper.name, sha256=paper.sha256, recorded_by=by,
            )  # fmt: skip
    except IntegrityError:
        # The same paper from two windows at once.
        return known.get()
    publish(
        ConsentRecorded(
            studio_id=production.studio_id, production_id=production.pk, consent_id=row.pk, person_id=person.pk,
            kind=kind, sha256=paper.sha256,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


def _same_paper(held: Consent) -> Consent:
    if held.withdrawn_at is not None:
        raise Refused(
            "paper_withdrawn", _("This very paper was withdrawn. A new consent needs a new paper."), field="paper",
            conflict=True,
        )  # fmt: skip
    return held


@transaction.atomic
def withdraw_consent(*, consent: Consent, reason: str, by: User, at: dt.datetime | None = None) -> Consent:
    """Note that a consent no longer stands, and why; its paper is kept. Twice is once."""
    reason = reason.strip()[:300]
    if not reason:
        raise Refused("reason_missing", _("Say why it no longer stands."), field="reason")
    now = at or timezone.now()
    gone = Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_by=by, withdrawn_reason=reason, updated_at=now
    )
    row = Consent.objects.select_related("production", "person").get(pk=consent.pk)
    if gone:
        publish(
            ConsentWithdrawn(
                studio_id=row.production.studio_id, production_id=row.production_id, consent_id=row.pk,
                person_id=row.person_id, kind=row.kind, reason=reason,
            ),
            by=by, at=at,
        )  # fmt: skip
    return row


@transaction.atomic
def declare_ai(
    *,
    production: Production,
    uses: Collection[str],
    by: User | None,
    tools: str = "",
    episodes: str = "",
    visible_label: bool = False,
    metadata_label: bool = False,
    paper: Paper | None = None,
    at: dt.datetime | None = None,
) -> AiDeclaration:
    """Declare what is made with AI; nothing at all is a declaration too. The one before stays and is superseded.

    Refuses uses without their tools, and uses that do not exist. Missing labels are kept as they are: the page says so.
    """
    wanted = [code for code in AiUse.values if code in set(uses)]
    tools, episodes = tools.strip()[:300], episodes.strip()[:200]
    if set(uses) - set(wanted):
        raise Refused("unknown_use", _("Choose what is made with AI."), field="uses")
    if wanted and not tools:
        raise Refused("tools_missing", _("Name the tools it is made with."), field="tools")
    # The title's row is the lock: two people who declare come one after the other.
    production = Production.objects.select_for_update(of=("self",)).select_related("studio").get(pk=production.pk)
    stated: dict[str, Any] = {
        "uses": wanted, "tools": tools if wanted else "", "episodes": episodes if wanted else "",
        "visible_label": visible_label, "metadata_label": metadata_label,
    }  # fmt: skip
    last = AiDeclaration.objects.filter(production=production).order_by("-pk").first()
    if (
        last is not None
        and all(getattr(last, name) == value for name, value in stated.items())
        and (paper is None or paper.sha256 == last.sha256)
    ):
        return last
    kept: dict[str, Any] = {}
    if paper is not None:
        kept = {"file": paper.content("rights"), "file_name": paper.name, "sha256": paper.sha256}
    elif last is not None and last.sha256 and wanted:
        kept = {"file": last.file.name, "file_name": last.file_name, "sha256": last.sha256}
    row = AiDeclaration.objects.create(
        production=production, declared_by=by, on_date=timezone.localtime(at, production.studio.zone).date(),
        **stated, **kept,
    )  # fmt: skip
    publish(
        AiDeclared(
            studio_id=production.studio_id, production_id=production.pk, ai_declaration_id=row.pk, uses=wanted,
            visible_label=visible_label, metadata_label=metadata_label,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row
