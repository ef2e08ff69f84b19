"""Long work of call sheets: the PDF, and telling people."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.call_sheet_clock import clock
from scheduling.call_sheet_events import CallSheetIssued
from scheduling.call_sheet_paper import draw
from scheduling.call_sheet_queries import CALL_PATHS, own_call
from scheduling.choices import CallSheetState
from scheduling.models import CallSheet, CallSheetRecipient
from studio.actions import tell
from studio.facts import subscriber
from studio.job_names import name_job
from studio.jobs import JobRefused, Run, enqueue, job
from studio.notices import sentence

DRAW = "scheduling.draw_call_sheet"
TELL = "scheduling.tell_call_sheet"
TELL_ONE = "scheduling.tell_call"
MAIL = "scheduling.mail_call"

name_job(DRAW, gettext_lazy("Draw a call sheet as PDF"))
name_job(TELL, gettext_lazy("Tell people their calls"))
name_job(TELL_ONE, gettext_lazy("Tell one person their call"))
name_job(MAIL, gettext_lazy("Send a call by e-mail"))
sentence(
    "scheduling.call_issued",
    gettext_lazy("%(title)s, shoot day %(number)s on %(date)s: your call is %(call)s, %(base)s."),
)


@job(DRAW)
def draw_call_sheet(run: Run, call_sheet: int) -> None:
    """Draw the paper in the house's first language and keep it with the sheet; other languages are drawn by request."""
    sheet = CallSheet.objects.select_related("shoot_day__production__studio").filter(pk=call_sheet).first()
    if sheet is None:
        raise JobRefused(_("This call sheet was deleted."))
    pdf = draw(sheet, settings.LANGUAGE_CODE)
    with run.finishing() as out:
        fresh = CallSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
        if not fresh.pdf:
            fresh.pdf.save(f"call-sheet-{sheet.pk}.pdf", ContentFile(pdf), save=False)
            fresh.save(update_fields=["pdf", "updated_at"])
        out["bytes"] = len(pdf)


@subscriber(CallSheetIssued, kind=TELL)
def tell_call_sheet(run: Run, fact: CallSheetIssued) -> dict[str, Any]:
    """Leave each person whose call is new or changed a notice, and send an e-mail by a job of its own."""
    rows = list(
        CallSheetRecipient.objects.filter(pk__in=fact.told_ids)
        .exclude(call_sheet__state=CallSheetState.REVISED)
        .select_related("person__user", *CALL_PATHS)
        .order_by("pk")
    )
    for row in rows:
        _tell(row)
    return {"told": len(rows)}


@job(TELL_ONE, atomic=True)
def tell_call(run: Run, recipient: int, again: str) -> dict[str, Any]:
    """Tell one person once more."""
    row = CallSheetRecipient.objects.filter(pk=recipient).select_related("person__user", *CALL_PATHS).first()
    if row is None or row.call_sheet.state == CallSheetState.REVISED:
        raise JobRefused(_("A newer call sheet is out; this call is not sent any more."))
    _tell(row, again)
    return {"told": 1}


def _tell(row: CallSheetRecipient, again: str = "") -> None:
    person, sheet = row.person, row.call_sheet
    day, data = sheet.shoot_day, sheet.data
    production = day.production
    if person.user is not None:
        tell(
            users=[person.user], studio_id=production.studio_id, production_id=production.pk,
            kind="scheduling.call_issued", dedupe=f"call:{row.pk}:{again}",
            url=reverse("my_day", args=[row.pk]),
            params={
                "title": data["title"], "number": data["day_number"], "date": data["date"],
                "call": clock(row.call_minute), "base": (data["base"] or {}).get("name", "—"),
            },
        )  # fmt: skip
    if _address(row):
        enqueue(
            MAIL, {"recipient": row.pk}, studio_id=production.studio_id, production_id=production.pk,
            dedupe=f"mail-call:{row.pk}:{again}",
        )  # fmt: skip


def _address(row: CallSheetRecipient) -> str:
    return row.person.email or (row.person.user.email if row.person.user is not None else "")


@job(MAIL)
def mail_call(run: Run, recipient: int) -> None:
    """Send one call by e-mail in the person's language; the network comes before the end is written."""
    row = CallSheetRecipient.objects.filter(pk=recipient).select_related("person__user", *CALL_PATHS).first()
    if row is None or row.call_sheet.state == CallSheetState.REVISED:
        # A newer sheet is out and tells its own.
        return
    address = _address(row)
    if not address:
        raise JobRefused(_("This person has no e-mail address."))
    user = row.person.user
    language = (user.language if user is not None else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        call = own_call(row, language)
        subject = _("%(title)s, shoot day %(number)s: call %(call)s on %(date)s") % {
            "title": call.title, "number": call.day_number, "call": call.clock,
            "date": call.date.isoformat(),
        }  # fmt: skip
        link = settings.SITE_URL + reverse("my_day", args=[row.pk]) if user is not None else ""
        body = render_to_string("crew/call_mail.txt", {"call": call, "link": link})
    # A title with a line break would be read as another header.
    EmailMessage(" ".join(subject.split()), body, to=[address]).send()
