"""Who writes a title, and what writers hand in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import WriterCredit
from scripts_app.events import WriterNamed, WriterRemoved
from scripts_app.importing import receive_script
from scripts_app.models import Revision, Script, ScriptWriter
from studio.facts import publish
from studio.models import Job, Person, Production, User
from studio.refusals import Refused
from studio.versions import bump_production

MOST_WRITERS = 20


@transaction.atomic
def name_writer(
    *,
    production: Production,
    person: Person,
    by: User | None,
    credit: str = WriterCredit.WRITER,
    at: dt.datetime | None = None,
) -> ScriptWriter:
    """Say that a person writes the title; one who is named already gets the credit given now."""
    if person.studio_id != production.studio_id:
        raise Refused("other_studio", _("This person belongs to another studio."), field="name")
    if credit not in WriterCredit.values:
        raise Refused("unknown_credit", _("Choose how the writer is credited."), field="credit")
    script = _held(production)
    row = script.credits.filter(person=person).first()
    if row is not None:
        if row.credit != credit:
            row.credit = credit
            row.save(update_fields=["credit", "updated_at"])
            bump_production(production.pk)
        return row
    places = list(script.credits.values_list("position", flat=True))
    if len(places) >= MOST_WRITERS:
        raise Refused(
            "too_many_writers", _("A title has at most %(most)s writers."), field="name", params={"most": MOST_WRITERS}
        )
    row = ScriptWriter.objects.create(script=script, person=person, credit=credit, position=max(places, default=0) + 1)
    publish(
        WriterNamed(
            studio_id=production.studio_id, production_id=production.pk, script_id=script.pk, person_id=person.pk,
            credit=str(credit),
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def move_writer(*, writer: ScriptWriter, up: bool, by: User | None) -> None:
    """Change places with the writer before or after in the titles; the first cannot go up, nor the last down."""
    production = writer.script.production
    rows = list(_held(production).credits.order_by("position", "pk"))
    here = next((at for at, row in enumerate(rows) if row.pk == writer.pk), None)
    if here is None or not 0 <= here + (-1 if up else 1) < len(rows):
        return
    there = here - 1 if up else here + 1
    rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows, start=1):
        if row.position != place:
            row.position = place
            row.save(update_fields=["position", "updated_at"])
    bump_production(production.pk)


@transaction.atomic
def remove_writer(*, writer: ScriptWriter, by: User | None, at: dt.datetime | None = None) -> None:
    """Take a writer off the title, and with it their sight of it. Twice is once."""
    production = writer.script.production
    gone, _rows = ScriptWriter.objects.filter(pk=writer.pk).delete()
    if gone:
        publish(
            WriterRemoved(
                studio_id=production.studio_id, production_id=production.pk, script_id=writer.script_id,
                person_id=writer.person_id,
            ),
            by=by, at=at,
        )  # fmt: skip


def hand_in_draft(*, production: Production, upload: Any, by: User) -> Job:
    """A draft from its writer, where the studio lets writers hand in and the script is not locked."""
    if not production.studio.writers_hand_in:
        raise Refused(
            "writers_do_not_hand_in", _("This studio's script desk hands in drafts. Send yours to them."), field="file"
        )
    last = Revision.objects.filter(script__production=production).order_by("-number").first()
    if last is not None and last.locked_at is not None:
        raise Refused(
            "script_locked",
            _("Revision %(number)s is locked. Ask the script desk to take a new draft in."),
            field="file",
            params={"number": last.number},
        )
    return receive_script(production=production, upload=upload, by=by)


def _held(production: Production) -> Script:
    """The script, its writers changed by one at a time."""
    script, _new = Script.objects.get_or_create(production=production)
    return Script.objects.select_for_update().get(pk=script.pk)
