"""Notes on lines of a draft: written by reviewers, answered by the writer, settled by who reads the answer."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scripts_app.actions.review import open_row
from scripts_app.anchors import Anchors, squeezed
from scripts_app.choices import NoteState
from scripts_app.events import NoteAnswered
from scripts_app.models import NoteReply, ReviewNote, ReviewRound
from scripts_app.queries import Draft, text_lines
from studio.facts import publish
from studio.models import Episode, User
from studio.refusals import Refused
from studio.versions import bump_production

LONGEST = 4000
QUOTE = 300


@transaction.atomic
def add_note(*, round: ReviewRound, line: int, body: str, by: User | None, quote: str = "") -> ReviewNote:
    """A note on words of a line; without words, on the whole line."""
    row = open_row(round)
    body = _body(body)
    here = Anchors(text_lines(Draft.of(row.revision))).at(line)
    if not here:
        raise Refused("no_such_line", _("This draft has no such line."), field="line")
    wanted = squeezed(quote)
    at = next((each for each in here if wanted and wanted in squeezed(each.text)), None)
    if wanted and at is None:
        raise Refused(
            "words_not_there", _("These words do not stand in the line. Select words of one line."), field="quote"
        )
    at = at or here[0]
    episode = Episode.objects.get(production=row.revision.script.production_id, number=at.episode)
    note = ReviewNote.objects.create(
        round=row, episode=episode, scene_id=at.scene or None, line=line, body=body, author=by,
        quote=(quote.strip() or at.text.strip() or "—")[:QUOTE],
    )  # fmt: skip
    bump_production(episode.production_id)
    return note


@transaction.atomic
def answer_note(*, note: ReviewNote, body: str, by: User | None, at: dt.datetime | None = None) -> NoteReply:
    """Answer a note, in a closed round too: that is when writers read it. What is settled takes no more answers."""
    row = _locked(note)
    body = _body(body)
    if row.state == NoteState.SETTLED:
        raise Refused("note_settled", _("This note is settled. Open it again to go on about it."), conflict=True)
    reply = NoteReply.objects.create(note=row, body=body, author=by, said_at=at or timezone.now())
    # The author who adds a word has not answered their own note: it goes on being asked.
    row.state = NoteState.OPEN if by is not None and by.pk == row.author_id else NoteState.ANSWERED
    row.save(update_fields=["state", "updated_at"])
    revision = row.round.revision
    production = revision.script.production
    publish(
        NoteAnswered(
            studio_id=production.studio_id, production_id=production.pk, revision_id=revision.pk, note_id=row.pk,
            reply_id=reply.pk,
        ),
        by=by, at=at,
    )  # fmt: skip
    return reply


@transaction.atomic
def settle_note(*, note: ReviewNote, by: User | None, at: dt.datetime | None = None) -> ReviewNote:
    """Say that a note is done with. Twice is once."""
    row = _locked(note)
    if row.state != NoteState.SETTLED:
        row.state, row.settled_by, row.settled_at = NoteState.SETTLED, by, at or timezone.now()
        row.save(update_fields=["state", "settled_by", "settled_at", "updated_at"])
        bump_production(row.episode.production_id)
    return row


@transaction.atomic
def reopen_note(*, note: ReviewNote, by: User | None) -> ReviewNote:
    """Ask again what was settled."""
    row = _locked(note)
    if row.state == NoteState.SETTLED:
        row.state, row.settled_by, row.settled_at = NoteState.OPEN, None, None
        row.save(update_fields=["state", "settled_by", "settled_at", "updated_at"])
        bump_production(row.episode.production_id)
    return row


def _locked(note: ReviewNote) -> ReviewNote:
    rows = ReviewNote.objects.select_for_update(of=("self",))
    return rows.select_related("episode", "round__revision__script__production").get(pk=note.pk)


def _body(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused("body_missing", _("Write the note."), field="body")
    if len(text) > LONGEST:
        raise Refused("too_long", _("At most %(most)s characters."), field="body", params={"most": LONGEST})
    return text
