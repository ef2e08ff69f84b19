"""Consents of a title in its shoot: some signed, one that ends soon, one performer under age."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.utils import timezone

from compliance.consent_queries import performers_by_title
from compliance.consents import record_consent
from studio.models import Person, Production, User
from studio.uploads import Paper


def seed(production: Production, officer: User) -> None:
    """Call it when the title's cast is engaged."""
    today = timezone.localdate(timezone=production.studio.zone)
    cast = [person for person in performers_by_title([production])[production.pk] if person.in_cast]
    for place, performer in enumerate(cast[:-1]):
        born = dt.date(today.year - (12 if place == 3 else 22 + place), 3, 1 + place)
        Person.objects.filter(pk=performer.key).update(birth_date=born)
    for place, performer in enumerate(cast[:6]):
        person = Person.objects.get(pk=performer.key)
        record_consent(
            production=production, person=person, kind="likeness", scope="本剧全部集数、预告片与海报", by=officer,
            from_date=today - dt.timedelta(days=20), until_date=today + dt.timedelta(days=9) if place == 1 else None,
            paper=_paper(f"{production.code} likeness consent, performer {performer.key}"),
        )  # fmt: skip


def _paper(line: str) -> Paper:
    """A one-page PDF that holds one line; ASCII, so that no font has to come along."""
    text = f"BT /F1 18 Tf 72 720 Td ({line}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ),
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
    ]
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    data = (out + end).encode("ascii")
    return Paper(data, ".pdf", hashlib.sha256(data).hexdigest(), "consent.pdf")
