"""Who is told of reviews: those asked, and those whose draft was judged or whose note was answered."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import RoundVerdict
from scripts_app.events import GreenlightGiven, NoteAnswered, ReviewAsked, RevisionReviewed
from scripts_app.models import ReviewNote, ReviewRound, Revision
from studio.access import users_with
from studio.actions import tell
from studio.facts import subscriber
from studio.job_names import name_job
from studio.models import Event, Production, User
from studio.notices import sentence

name_job("scripts_app.ask_reviewers", _("Tell reviewers that they are asked"))
name_job("scripts_app.tell_of_verdict", _("Tell of a review's verdict"))
name_job("scripts_app.tell_of_answer", _("Tell of an answer to a note"))
name_job("scripts_app.tell_of_greenlight", _("Tell of a greenlight"))
sentence("scripts_app.review_asked", _("Please review revision %(number)s of “%(title)s”."))
sentence("scripts_app.review_asked_by", _("Please review revision %(number)s of “%(title)s” by %(due)s."))
sentence("scripts_app.passed", _("Revision %(number)s of “%(title)s” passed a review."))
sentence("scripts_app.returned", _("Revision %(number)s of “%(title)s” was returned: see what has to change."))
sentence("scripts_app.answered", _("Your note on “%(title)s” was answered: “%(quote)s”."))
sentence("scripts_app.greenlight", _("“%(title)s” has the greenlight on revision %(number)s."))


def _actor(run: Any) -> int | None:
    return Event.objects.filter(pk=run.job.event_id).values_list("actor_id", flat=True).first()


def _tell(run: Any, fact: Any, users: QuerySet[User], kind: str, dedupe: str, **params: Any) -> None:
    """To each of these but who did it; the address is the page of the title's reviews."""
    production = Production.objects.get(pk=fact.production_id)
    tell(
        users=users.exclude(pk=_actor(run)), studio_id=fact.studio_id, production_id=production.pk, kind=kind,
        dedupe=dedupe, url=params.pop("url", "") or reverse("reviews", args=[production.pk]),
        params={"title": production.title, **params},
    )  # fmt: skip


def _round_url(fact: Any) -> str:
    return reverse("review_round", args=[fact.production_id, fact.round_id])


@subscriber(ReviewAsked, kind="scripts_app.ask_reviewers")
def ask_reviewers(run: Any, fact: ReviewAsked) -> None:
    if not ReviewRound.objects.filter(pk=fact.round_id).exists():
        return  # withdrawn meanwhile
    revision = Revision.objects.get(pk=fact.revision_id)
    kind = "scripts_app.review_asked_by" if fact.due_date else "scripts_app.review_asked"
    _tell(
        run, fact, User.objects.filter(pk__in=fact.reviewer_ids, is_active=True), kind, f"asked:{fact.round_id}",
        number=revision.number, due=fact.due_date, url=_round_url(fact),
    )  # fmt: skip


def _those_judged(revision: Revision, round_id: int) -> QuerySet[User]:
    """Who handed the draft in and who asked for the review; its writers are told with an address of their own."""
    return User.objects.filter(
        Q(pk=revision.imported_by_id) | Q(pk__in=ReviewRound.objects.filter(pk=round_id).values("opened_by")),
        is_active=True,
    ).exclude(people__credits__script=revision.script_id)


@subscriber(RevisionReviewed, kind="scripts_app.tell_of_verdict")
def tell_of_verdict(run: Any, fact: RevisionReviewed) -> None:
    revision = Revision.objects.get(pk=fact.revision_id)
    kind = "scripts_app.returned" if fact.verdict == RoundVerdict.RETURN else "scripts_app.passed"
    _tell(
        run, fact, _those_judged(revision, fact.round_id), kind, f"judged:{fact.round_id}", number=revision.number,
        url=_round_url(fact),
    )  # fmt: skip


@subscriber(NoteAnswered, kind="scripts_app.tell_of_answer")
def tell_of_answer(run: Any, fact: NoteAnswered) -> None:
    note = ReviewNote.objects.get(pk=fact.note_id)
    _tell(
        run, fact, User.objects.filter(pk=note.author_id, is_active=True), "scripts_app.answered",
        f"answer:{fact.reply_id}", quote=note.quote[:40],
        url=f"{reverse('review_round', args=[fact.production_id, note.round_id])}#note-{note.pk}",
    )  # fmt: skip


@subscriber(GreenlightGiven, kind="scripts_app.tell_of_greenlight")
def tell_of_greenlight(run: Any, fact: GreenlightGiven) -> None:
    production = Production.objects.get(pk=fact.production_id)
    _tell(
        run, fact, users_with("board.edit", production), "scripts_app.greenlight", f"greenlight:{fact.greenlight_id}",
        number=fact.number,
    )  # fmt: skip
