"""What this room does when it hears a fact: tell those who wait for it."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scripts_app import (  # noqa: F401 - registers the room's kinds of work
    jobs,
    review_notices,
    rights_jobs,
    stale_tags,
)
from scripts_app.actions.staleness import list_stale
from scripts_app.choices import RoundVerdict
from scripts_app.events import BreakdownApproved, RevisionReviewed, ScriptImported, ScriptLinkOpened, WriterNamed
from scripts_app.models import DEFAULT_CRITERIA, Criterion, Revision, ScriptLink
from studio.access import users_with
from studio.actions import tell
from studio.facts import subscriber
from studio.job_names import name_job
from studio.models import Event, Production, Studio, User
from studio.notices import sentence

name_job("scripts_app.tell_of_draft", _("Tell of a new draft"))
name_job("scripts_app.list_stale", _("List what a draft makes stale"))
sentence(
    "scripts_app.stale", _("Revision %(number)s of “%(title)s” makes %(count)s things stale that are yours to look at.")
)
name_job("scripts_app.tell_of_breakdown", _("Tell of an approved breakdown"))
sentence("scripts_app.draft", _("Revision %(number)s of “%(title)s” is in: %(scenes)s scenes."))
sentence("scripts_app.breakdown", _("The breakdown of “%(title)s” is approved: the board can be made."))
name_job("scripts_app.tell_named_writer", _("Tell a writer of being named"))
name_job("scripts_app.tell_writers_of_verdict", _("Tell writers of a verdict"))
sentence("scripts_app.writer_named", _("You are named as a writer of “%(title)s”."))
name_job("scripts_app.tell_of_opening", _("Tell who shared a script that it was opened"))
sentence("scripts_app.link_opened", _("%(reader)s opened the script of “%(title)s” for the first time."))
sentence("scripts_app.own_return", _("Revision %(number)s of “%(title)s” was returned. Its notes say what to change."))
sentence("scripts_app.own_pass", _("Revision %(number)s of “%(title)s” passed a review."))


def _others(run: Any, verb: str, production: Production) -> Any:
    actor = Event.objects.filter(pk=run.job.event_id).values_list("actor_id", flat=True).first()
    return users_with(verb, production).exclude(pk=actor)


@subscriber(ScriptImported, kind="scripts_app.tell_of_draft")
def tell_of_draft(run: Any, fact: ScriptImported) -> None:
    production = Production.objects.get(pk=fact.production_id)
    tell(
        users=_others(run, "script.edit", production), studio_id=fact.studio_id, production_id=production.pk,
        kind="scripts_app.draft", dedupe=f"draft:{fact.revision_id}", url=reverse("script", args=[production.pk]),
        params={"number": fact.number, "title": production.title, "scenes": fact.scenes},
    )  # fmt: skip


@subscriber(ScriptImported, kind="scripts_app.list_stale")
def list_what_is_stale(run: Any, fact: ScriptImported) -> dict[str, int]:
    revision = Revision.objects.select_related("script__production__studio").get(pk=fact.revision_id)
    actor = Event.objects.filter(pk=run.job.event_id).values_list("actor_id", flat=True).first()
    return {"items": len(list_stale(revision=revision, actor_id=actor))}


@subscriber(BreakdownApproved, kind="scripts_app.tell_of_breakdown")
def tell_of_breakdown(run: Any, fact: BreakdownApproved) -> None:
    production = Production.objects.get(pk=fact.production_id)
    tell(
        users=_others(run, "board.edit", production), studio_id=fact.studio_id, production_id=production.pk,
        kind="scripts_app.breakdown", dedupe=f"breakdown:{fact.breakdown_id}",
        url=reverse("breakdown", args=[production.pk]), params={"title": production.title},
    )  # fmt: skip


def _writers(run: Any, production: Production) -> Any:
    """The title's writers who sign in, but not whoever did it."""
    actor = Event.objects.filter(pk=run.job.event_id).values_list("actor_id", flat=True).first()
    return (
        User.objects.filter(people__credits__script__production=production, is_active=True)
        .exclude(pk=actor)
        .distinct()
    )  # fmt: skip


@subscriber(WriterNamed, kind="scripts_app.tell_named_writer")
def tell_named_writer(run: Any, fact: WriterNamed) -> None:
    production = Production.objects.get(pk=fact.production_id)
    tell(
        users=_writers(run, production).filter(people=fact.person_id), studio_id=fact.studio_id,
        production_id=production.pk, kind="scripts_app.writer_named",
        dedupe=f"writer_named:{fact.script_id}:{fact.person_id}", url=reverse("my_script", args=[production.pk]),
        params={"title": production.title},
    )  # fmt: skip


@subscriber(RevisionReviewed, kind="scripts_app.tell_writers_of_verdict")
def tell_writers_of_verdict(run: Any, fact: RevisionReviewed) -> None:
    production = Production.objects.get(pk=fact.production_id)
    revision = Revision.objects.get(pk=fact.revision_id)
    kind = "scripts_app.own_return" if fact.verdict == RoundVerdict.RETURN else "scripts_app.own_pass"
    tell(
        users=_writers(run, production), studio_id=fact.studio_id, production_id=production.pk, kind=kind,
        dedupe=f"verdict:{fact.round_id}", url=reverse("my_script", args=[production.pk]),
        params={"title": production.title, "number": revision.number},
    )  # fmt: skip


# A studio has no fact of its own: it is made in the admin, by commands and by tests.
@receiver(post_save, sender=Studio, dispatch_uid="scripts_app.give_criteria")
def give_criteria(instance: Studio, created: bool, raw: bool = False, **_kwargs: Any) -> None:
    """A new studio begins with the house's criteria."""
    if created and not raw:
        Criterion.objects.bulk_create(
            Criterion(studio=instance, code=code, weight=weight, position=position)
            for position, (code, weight) in enumerate(DEFAULT_CRITERIA.items())
        )


@subscriber(ScriptLinkOpened, kind="scripts_app.tell_of_opening")
def tell_of_opening(run: Any, fact: ScriptLinkOpened) -> None:
    link = ScriptLink.objects.select_related("revision__script__production", "made_by").get(pk=fact.link_id)
    production = link.revision.script.production
    tell(
        users=[link.made_by] if link.made_by is not None else [], studio_id=fact.studio_id,
        production_id=production.pk, kind="scripts_app.link_opened", dedupe=f"link_opened:{link.pk}",
        url=reverse("script_links", args=[production.pk]),
        params={"title": production.title, "reader": link.reader_name},
    )  # fmt: skip
