"""What writers see: the titles whose script they write, and nothing else. Never writes."""

from __future__ import annotations

import dataclasses

from django.db.models import Count, F, Prefetch, Q, QuerySet

from scripts_app.choices import NoteState, RoundVerdict, WriterStep
from scripts_app.models import EpisodeVerdict, ReviewNote, ReviewRound, Revision, ScriptWriter
from studio.access import Access
from studio.choices import Department
from studio.models import Person, Production, User

WRITING = "writing.work"


def own_credits(access: Access, user: User) -> QuerySet[ScriptWriter]:
    """The user's credits: named as a writer, by a person who signs in as them, where they have the writer's role.

    Both are needed (ADR 0025): whoever loses the role or the credit sees nothing from the next request on.
    """
    return access.scope(
        ScriptWriter.objects.filter(person__user=user, person__studio=F("script__production__studio")), WRITING
    )


def written_by(access: Access, user: User) -> QuerySet[Production]:
    """The titles whose script the user writes."""
    return Production.objects.filter(pk__in=own_credits(access, user).values("script__production"))


def writers_of(production: Production) -> list[ScriptWriter]:
    """The writers of a title in the order of the titles. One query."""
    return list(
        ScriptWriter.objects.filter(script__production=production)
        .select_related("person", "script__production")
        .order_by("position", "pk")
    )


def people_to_name(access: Access, production: Production) -> QuerySet[Person]:
    """Who may be named as a writer: the studio's people, for a guest of one title those who are on it already."""
    people = Person.objects.filter(studio=production.studio_id)
    if access.may_in_studio("script.edit", production.studio_id):
        return people
    return people.filter(
        Q(engagements__production=production) | Q(credits__script__production=production)
    ).distinct()  # fmt: skip


def likely_writers(access: Access, production: Production, most: int = 200) -> list[str]:
    """Names to offer: those who write for the studio already first."""
    people = people_to_name(access, production)
    known = people.filter(Q(credits__isnull=False) | Q(engagements__department=Department.WRITING)).distinct()
    names = dict.fromkeys(known.order_by("name").values_list("name", flat=True)[:most])
    names |= dict.fromkeys(people.order_by("name").values_list("name", flat=True)[:most])
    return list(names)[:most]


@dataclasses.dataclass(frozen=True)
class OwnTitle:
    """A title of a writer: where its script stands and what it waits for."""

    production: Production
    credit: ScriptWriter
    revision: Revision | None
    rounds: list[ReviewRound]
    open_notes: int = 0

    @property
    def step(self) -> WriterStep:
        """What is next. A round that returned the draft outweighs one that passed it."""
        if self.revision is None:
            return WriterStep.FIRST_DRAFT
        if self.revision.locked_at is not None:
            return WriterStep.LOCKED
        last = {row.kind: row.verdict for row in self.rounds}  # a later round of a kind stands for it
        if RoundVerdict.RETURN in last.values():
            return WriterStep.NEXT_DRAFT
        return WriterStep.PASSED if last else WriterStep.WAITING

    @property
    def tone(self) -> str:
        """How the step feels on a page."""
        return _TONES[self.step]


_TONES = {
    WriterStep.FIRST_DRAFT: "warn", WriterStep.NEXT_DRAFT: "warn", WriterStep.WAITING: "info",
    WriterStep.PASSED: "good", WriterStep.LOCKED: "accent",
}  # fmt: skip


def own_titles(access: Access, user: User) -> list[OwnTitle]:
    """The user's titles, newest first. Four queries however many they are."""
    credits_ = list(
        own_credits(access, user).select_related("script__production__studio").order_by("-script__production_id")
    )
    latest: dict[int, Revision] = {}
    for revision in (
        Revision.objects.filter(script__in=[row.script_id for row in credits_])
        .defer("faults", "marks", "episodes")
        .order_by("number")
    ):
        latest[revision.script_id] = revision
    rounds: dict[int, list[ReviewRound]] = {}
    for row in (
        ReviewRound.objects.filter(revision__in=[each.pk for each in latest.values()], reviewed_at__isnull=False)
        .select_related("reviewed_by")
        .order_by("pk")
    ):
        rounds.setdefault(row.revision_id, []).append(row)
    notes = dict(
        told_notes()
        .filter(round__revision__script__in=[row.script_id for row in credits_], state=NoteState.OPEN)
        .order_by()
        .values_list("round__revision__script")
        .annotate(n=Count("pk"))
    )
    found = []
    for credit in credits_:
        own = latest.get(credit.script_id)
        heard = rounds.get(own.pk, []) if own else []
        found.append(OwnTitle(credit.script.production, credit, own, heard, notes.get(credit.script_id, 0)))
    return found


def told_notes() -> QuerySet[ReviewNote]:
    """Notes that writers read: those of rounds that are over. What reviewers still weigh is theirs."""
    return ReviewNote.objects.filter(round__reviewed_at__isnull=False)


def told_rounds() -> QuerySet[ReviewRound]:
    """Rounds that are over, with the episodes they returned as `returned`."""
    returned = EpisodeVerdict.objects.filter(verdict=RoundVerdict.RETURN).select_related("episode")
    return (
        ReviewRound.objects.filter(reviewed_at__isnull=False)
        .select_related("reviewed_by")
        .prefetch_related(Prefetch("verdicts", returned.order_by("episode__number", "pk"), to_attr="returned"))
        .order_by("pk")
    )
