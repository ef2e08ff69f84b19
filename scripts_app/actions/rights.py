"""What is written down of source works, and what a studio plans with a title that has no draft yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import PitchState, SourceKind
from scripts_app.events import RightsRecorded
from scripts_app.models import Script, SourceWork
from studio.choices import WorkKind
from studio.facts import publish
from studio.models import Production, Studio, User
from studio.refusals import Refused
from studio.versions import bump_production

_TEXTS = ("title", "author", "holder", "contract_reference")


@transaction.atomic
def record_rights(
    *,
    studio: Studio,
    by: User | None,
    source: SourceWork | None = None,
    title: str,
    kind: str = SourceKind.NOVEL,
    author: str = "",
    holder: str = "",
    contract_reference: str = "",
    territories: Iterable[str] = (),
    media_kinds: Iterable[str] = (),
    from_date: dt.date | None = None,
    until_date: dt.date | None = None,
    extensions_allowed: int = 0,
    file: Any = None,
    productions: Iterable[Production] = (),
    at: dt.datetime | None = None,
) -> SourceWork:
    """Write down a source work, or change one; a file that is not given stays as it was."""
    linked = list(productions)
    media = list(dict.fromkeys(media_kinds))
    if not title.strip():
        raise Refused("title_missing", _("Name the source work."), field="title")
    if kind not in SourceKind.values:
        raise Refused("unknown_kind", _("Choose what kind of work it is."), field="kind")
    if any(each not in WorkKind.values for each in media):
        raise Refused("unknown_media", _("There is no such kind of work."), field="media_kinds")
    if from_date is not None and until_date is not None and until_date < from_date:
        raise Refused("window_backwards", _("Rights cannot end before they begin."), field="until_date")
    if any(each.studio_id != studio.pk for each in linked) or (source is not None and source.studio_id != studio.pk):
        raise Refused("other_studio", _("This title belongs to another studio."), field="productions")
    row = SourceWork.objects.select_for_update().get(pk=source.pk) if source is not None else SourceWork(studio=studio)
    before = set(row.productions.values_list("pk", flat=True)) if source is not None else set()
    given = {"title": title, "author": author, "holder": holder, "contract_reference": contract_reference}
    for name in _TEXTS:
        setattr(row, name, given[name].strip()[: SourceWork._meta.get_field(name).max_length])
    row.kind, row.media_kinds, row.extensions_allowed = kind, media, extensions_allowed
    row.territories = [name.strip()[:60] for name in dict.fromkeys(territories) if name.strip()][:60]
    row.from_date, row.until_date = from_date, until_date
    if file:
        row.file = file
    row.save()
    row.productions.set(linked)
    for pk in before | {each.pk for each in linked}:
        bump_production(pk)
    publish(
        RightsRecorded(
            studio_id=studio.pk, sourcework_id=row.pk, title=row.title,
            from_date=from_date.isoformat() if from_date else "", until_date=until_date.isoformat() if until_date else "",
            production_ids=sorted(each.pk for each in linked),
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def plan_script(
    *,
    production: Production,
    by: User | None,
    planned_episodes: int | None,
    logline: str | None = None,
    pitch_state: str | None = None,
    at: dt.datetime | None = None,
) -> Script:
    """Say how many episodes a title is to have, what it is about, and what became of its pitch."""
    if planned_episodes is not None and not 1 <= planned_episodes <= 1000:
        raise Refused("episodes_out_of_range", _("A title has 1 to %(most)s episodes."), field="planned_episodes",
                      params={"most": 1000})  # fmt: skip
    if pitch_state is not None and pitch_state not in PitchState.values:
        raise Refused("unknown_pitch", _("Choose what became of the pitch."), field="pitch_state")
    script, _new = Script.objects.select_for_update().get_or_create(production=production)
    script.planned_episodes = planned_episodes
    if logline is not None:
        script.logline = logline.strip()
    if pitch_state is not None and pitch_state != script.pitch_state:
        script.pitch_state, script.pitch_moved_at = pitch_state, at or timezone.now()
    script.save(update_fields=["planned_episodes", "logline", "pitch_state", "pitch_moved_at", "updated_at"])
    bump_production(production.pk)
    return script
