"""What reviewers do to drafts: ask for a review, read it episode by episode, give points, close it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scripts_app.actions.revisions import must_be_current
from scripts_app.choices import RoundKind, RoundVerdict
from scripts_app.events import ReviewAsked, ReviewWithdrawn, RevisionReviewed
from scripts_app.models import Criterion, EpisodeVerdict, ReviewRound, Revision, Score
from studio.access import users_with
from studio.facts import publish
from studio.models import Episode, User
from studio.refusals import Refused
from studio.versions import bump_production


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
    """Record a round that is over. One that returns the draft must say why; the same round sent twice is one."""
    _check(kind, verdict)
    notes = notes.strip()
    if verdict == RoundVerdict.RETURN and not notes:
        raise Refused("notes_missing", _("Say what has to change when you return a draft."), field="notes")
    last = revision.rounds.filter(kind=kind).exclude(reviewed_at=None).last()
    if last is not None and (last.verdict, last.notes, last.reviewed_by_id) == (verdict, notes, by.pk if by else None):
        return last
    now = at or timezone.now()
    row = ReviewRound.objects.create(
        revision=revision, kind=kind, verdict=verdict, notes=notes, reviewed_by=by, reviewed_at=now, opened_by=by,
        opened_at=now,
    )  # fmt: skip
    _announce(row, by, at)
    return row


@transaction.atomic
def open_round(
    *,
    revision: Revision,
    kind: str,
    by: User | None,
    reviewers: Iterable[User] = (),
    due_date: dt.date | None = None,
    at: dt.datetime | None = None,
) -> ReviewRound:
    """Ask for a review of the latest draft; one round of a kind goes on at a time."""
    _check(kind, RoundVerdict.PASS)
    must_be_current(revision, _("Revision %(number)s is not the latest one. Ask for a review of the latest."))
    production = revision.script.production
    asked = {user.pk: user for user in reviewers}
    if set(users_with("script.review", production).filter(pk__in=asked).values_list("pk", flat=True)) != set(asked):
        raise Refused(
            "not_a_reviewer", _("Ask members of the studio who may review scripts."), field="reviewers"
        )  # fmt: skip
    try:
        with transaction.atomic():
            row = ReviewRound.objects.create(
                revision=revision, kind=kind, due_date=due_date, opened_by=by, opened_at=at or timezone.now()
            )
    except IntegrityError:
        raise Refused(
            "round_open", _("A review of this kind is going on already. Close it before asking for the next."),
            field="kind", conflict=True,
        ) from None  # fmt: skip
    row.reviewers.set(asked.values())
    publish(
        ReviewAsked(
            studio_id=production.studio_id, production_id=production.pk, revision_id=revision.pk, round_id=row.pk,
            kind=str(kind), reviewer_ids=sorted(asked), due_date=due_date.isoformat() if due_date else "",
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_round(*, round: ReviewRound, by: User | None, at: dt.datetime | None = None) -> None:
    """Take back a review that nobody has begun."""
    row = open_row(round)
    if row.verdicts.exists() or row.scores.exists() or row.line_notes.exists():
        raise Refused(
            "round_begun", _("This review has begun: what reviewers said would be lost. Close it instead."),
            conflict=True,
        )  # fmt: skip
    revision = row.revision
    production = revision.script.production
    kind = row.kind
    row.delete()
    publish(
        ReviewWithdrawn(
            studio_id=production.studio_id, production_id=production.pk, revision_id=revision.pk, kind=str(kind)
        ),
        by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def judge_episode(
    *,
    round: ReviewRound,
    episode: Episode,
    by: User,
    verdict: str = "",
    reason: str = "",
    at: dt.datetime | None = None,
) -> EpisodeVerdict:
    """Say that one has read an episode and whether it passes; each reviewer has a row of their own."""
    row = open_row(round)
    if verdict not in ("", *RoundVerdict.values):
        raise Refused("unknown_verdict", _("Choose whether the episode passes or is returned."), field="verdict")
    reason = reason.strip()
    if verdict == RoundVerdict.RETURN and not reason:
        raise Refused("reason_missing", _("Say what has to change when you return an episode."), field="reason")
    if len(reason) > 500:
        raise Refused("too_long", _("At most %(most)s characters."), field="reason", params={"most": 500})
    numbers = {each["number"] for each in row.revision.episodes}
    if episode.production_id != row.revision.script.production_id or episode.number not in numbers:
        raise Refused("not_in_the_draft", _("This draft has no such episode."), field="episode")
    said, _new = EpisodeVerdict.objects.update_or_create(
        round=row, episode=episode, reviewer=by,
        defaults={"verdict": verdict, "reason": reason, "read_at": at or timezone.now()},
    )  # fmt: skip
    bump_production(episode.production_id)
    return said


@transaction.atomic
def give_points(*, round: ReviewRound, points: Mapping[int, int | None], by: User) -> list[Score]:
    """Give points, criterion id -> points; None takes one's own back. Nothing is kept when one of them is off its scale."""
    row = open_row(round)
    production = row.revision.script.production
    criteria = {each.pk: each for each in Criterion.objects.filter(studio=production.studio_id, retired=False)}
    for pk, given in points.items():
        if pk not in criteria:
            raise Refused("unknown_criterion", _("The studio does not ask for this criterion."), field="points")
        if given is not None and not 1 <= given <= criteria[pk].best:
            raise Refused(
                "off_the_scale", _("Points for “%(name)s” go from 1 to %(best)s."), field="points",
                params={"name": str(criteria[pk]), "best": criteria[pk].best},
            )  # fmt: skip
    for pk, given in points.items():
        if given is None:
            Score.objects.filter(round=row, criterion=pk, reviewer=by).delete()
        else:
            Score.objects.update_or_create(
                round=row, criterion=criteria[pk], reviewer=by, defaults={"points": given, "best": criteria[pk].best}
            )
    bump_production(production.pk)
    return list(Score.objects.filter(round=row, reviewer=by).order_by("criterion__position", "criterion_id"))


@transaction.atomic
def close_round(
    *, round: ReviewRound, verdict: str, by: User | None, notes: str = "", at: dt.datetime | None = None
) -> ReviewRound:
    """Pass or return the draft; what reviewers said is frozen. A return rests on a reason or on an episode returned."""
    row = open_row(round)
    _check(row.kind, verdict)
    notes = notes.strip()
    returned = row.verdicts.filter(verdict=RoundVerdict.RETURN).values("episode").distinct().count()
    if verdict == RoundVerdict.RETURN and not notes and not returned:
        raise Refused(
            "notes_missing", _("Say what has to change, for the whole draft or for an episode, when you return it."),
            field="notes",
        )  # fmt: skip
    row.verdict, row.notes, row.episodes_returned = verdict, notes, returned
    row.reviewed_by, row.reviewed_at = by, at or timezone.now()
    row.save(update_fields=["verdict", "notes", "episodes_returned", "reviewed_by", "reviewed_at", "updated_at"])
    _announce(row, by, at)
    return row


def open_row(round: ReviewRound) -> ReviewRound:
    """The round under its lock, to be changed; a closed one is frozen."""
    row = (
        ReviewRound.objects.select_for_update(of=("self",))
        .select_related("revision__script__production")
        .filter(pk=round.pk)
        .first()
    )
    if row is None:
        raise Refused("round_gone", _("This review was withdrawn."), conflict=True)
    if not row.is_open:
        raise Refused(
            "round_closed",
            _("This review is closed: what it says stays as it is. Ask for another round."),
            conflict=True,
        )
    return row


def _check(kind: str, verdict: str) -> None:
    if kind not in RoundKind.values:
        raise Refused("unknown_kind", _("Choose whose review this is."), field="kind")
    if verdict not in RoundVerdict.values:
        raise Refused("unknown_verdict", _("Choose whether the draft passes or is returned."), field="verdict")


def _announce(row: ReviewRound, by: User | None, at: dt.datetime | None) -> None:
    production = row.revision.script.production
    publish(
        RevisionReviewed(
            studio_id=production.studio_id, production_id=production.pk, revision_id=row.revision_id, round_id=row.pk,
            kind=str(row.kind), verdict=str(row.verdict),
        ),
        by=by, at=at,
    )  # fmt: skip
