"""What rings on the clocks of titles that are not out yet: for the board, a title's page and the morning's notices."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance import consent_queries, queries
from compliance.choices import ClassCode, Clock, FilingKind, FilingState, Gate
from compliance.models import Classification, Filing, FilingClock, GateOverride, TitleCase
from compliance.rules import ALARMS, Alarm, TitleState, Waiting, alarms, consents_asked, default_clock_days
from studio.access import Access
from studio.choices import Stage
from studio.models import Production, Studio, User
from studio.refusals import Refused
from studio.versions import bump_studio

_BEFORE_SHOOT = {Stage.SCRIPT, Stage.PREP, Stage.SHOOT}
BEFORE_AIR = [Stage.SCRIPT, Stage.PREP, Stage.SHOOT, Stage.POST, Stage.DELIVERY]


def clock_days(studio: Studio) -> dict[str, int]:
    """Days of each clock: the studio's, else the house's."""
    return default_clock_days() | dict(FilingClock.objects.filter(studio=studio).values_list("clock", "days"))


def clock_days_of(studios: Iterable[int]) -> dict[int, dict[str, int]]:
    """The same for many studios in one query."""
    found = {pk: default_clock_days() for pk in studios}
    for studio, clock, days in FilingClock.objects.filter(studio__in=found).values_list("studio", "clock", "days"):
        found[studio][clock] = days
    return found


@transaction.atomic
def set_clocks(*, studio: Studio, days: Mapping[str, int], by: User | None) -> None:
    """Set the days of the clocks given. Refuses what is no clock, and days outside of 0 to 365."""
    for clock, count in days.items():
        if clock not in Clock.values:
            raise Refused("unknown_clock", _("There is no such clock."), field=clock)
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= 365:
            raise Refused("days_out_of_range", _("Give a number of days from 0 to 365."), field=clock)
    Studio.objects.select_for_update().get(pk=studio.pk)
    for clock, count in days.items():
        FilingClock.objects.update_or_create(studio=studio, clock=clock, defaults={"days": count})
    bump_studio(studio.pk)


def titles_that_may_ring(access: Access) -> QuerySet[Production]:
    """Titles the user sees that are not out yet."""
    return access.scope(Production.objects.filter(stage__in=BEFORE_AIR).select_related("studio"), "compliance.view")


def alarm_sentence(alarm: Alarm) -> str:
    """What rings, in the language of who looks."""
    return gettext(ALARMS[alarm.code]).format_map(alarm.params)


def alarms_of(titles: Sequence[Production], now: dt.datetime | None = None) -> dict[int, list[Alarm]]:
    """What rings for each title now, by its studio's clocks and zone; a constant number of queries for many titles.

    Titles need their studio. People are looked up for those whose shoot is near alone.
    """
    now = now or timezone.now()
    ids = [title.pk for title in titles]
    today = {title.pk: timezone.localtime(now, title.studio.zone).date() for title in titles}
    days = clock_days_of({title.studio_id for title in titles})
    classes: dict[int, str] = dict(
        Classification.objects.filter(production__in=ids).order_by("pk").values_list("production", "class_code")
    )
    filings: dict[int, list[Filing]] = defaultdict(list)
    for row in Filing.objects.filter(production__in=ids).order_by("pk"):
        filings[row.production_id].append(row)
    let_through = set(
        GateOverride.objects.filter(production__in=ids, withdrawn_at=None).values_list("production", "gate")
    )
    near = [
        title
        for title in titles
        if title.shoot_from_date is not None
        and title.stage in _BEFORE_SHOOT
        and (title.shoot_from_date - today[title.pk]).days <= days[title.studio_id][Clock.CONSENT]
    ]
    people = consent_queries.performers_by_title(near)
    given = consent_queries.given_by_title(near)
    cases = {case.production_id: case for case in TitleCase.objects.filter(production__in=[title.pk for title in near])}
    rules = {studio.pk: consent_queries.consent_rules_of(studio) for studio in {title.studio for title in near}}
    found = {}
    for title in titles:
        on, zone, mine = today[title.pk], title.studio.zone, filings[title.pk]
        needs = []
        if title.pk in people:
            traits = queries.traits_of(title, cases.get(title.pk) or TitleCase(production=title))
            needs = consents_asked(
                people[title.pk], rules[title.studio_id], given.get(title.pk, []), traits=traits, on=on
            )
        class_code = classes.get(title.pk)
        state = TitleState(
            waiting=[row for filing in mine if (row := _waiting(filing, zone)) is not None],
            shoot_date=title.shoot_from_date if title.stage in _BEFORE_SHOOT else None,
            delivery_date=title.deliver_by_date if title.stage != Stage.SCRIPT else None,
            class_lacks=class_code is None,
            planning_lacks=_planning_lacks(class_code, mine) and (title.pk, Gate.SHOOT) not in let_through,
            number_lacks=not _has_number(class_code, mine) and (title.pk, Gate.DELIVERY) not in let_through,
            consents_missing=list(dict.fromkeys(need.name for need in needs if not need.met)),
            consents_ending=[(need.name, need.until_date) for need in needs if need.met and need.until_date],
        )
        found[title.pk] = alarms(state, days[title.studio_id], on)
    return found


def _waiting(filing: Filing, zone: dt.tzinfo) -> Waiting | None:
    if filing.state == FilingState.SUBMITTED and filing.submitted_at is not None:
        since = timezone.localtime(filing.submitted_at, zone).date()
        return Waiting(f"filing:{filing.pk}", filing.authority, since)
    if filing.state == FilingState.DRAFT and filing.round > 1:
        # The round before came back; this one was opened with it and is still here.
        return Waiting(
            f"filing:{filing.pk}", filing.authority, timezone.localtime(filing.created_at, zone).date(), True
        )
    return None


def _planning_lacks(class_code: str | None, filings: Sequence[Filing]) -> bool:
    if class_code not in {ClassCode.KEY, ClassCode.ORDINARY}:
        return False
    return not any(
        row.kind == FilingKind.PLANNING and row.state == FilingState.GRANTED and queries.high_enough(row, class_code)
        for row in filings
    )


def _has_number(class_code: str | None, filings: Sequence[Filing]) -> bool:
    granted = [row for row in filings if row.kind == FilingKind.FINISHED and row.state == FilingState.GRANTED]
    # A platform's own number is enough for a title of the other class alone.
    return any(class_code == ClassCode.OTHER or not row.platform_code for row in granted)
