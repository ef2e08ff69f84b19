"""Questions about classification rules: which stand, and which titles a change of them touches."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db.models import Count, QuerySet
from django.utils import timezone

from compliance import queries
from compliance.choices import ClassCode, RuleState
from compliance.models import Classification, ClassRule, TitleCase
from compliance.rules import ClassRule as Rule
from compliance.rules import Judgement, touched, with_rule
from studio.access import Access
from studio.choices import Stage
from studio.models import Production, Studio

# A title that is out is not judged anew: it carries the class it went out with.
STAGES = [Stage.SCRIPT, Stage.PREP, Stage.SHOOT, Stage.POST, Stage.DELIVERY]


@dataclasses.dataclass(frozen=True)
class TouchedTitle:
    """A title that a rule judges otherwise, classes by name; `judged` is the one kept with it now."""

    production: Production
    judged: str
    before: str
    after: str
    rule_after: str

    @property
    def moves(self) -> bool:
        return self.before != self.after


def rules_listed(studio: Studio) -> QuerySet[ClassRule]:
    """All rules of a studio, newest first, with how many judgements each gave."""
    return (
        ClassRule.objects.filter(studio=studio)
        .select_related("replaces", "decided_by")
        .annotate(judged=Count("judgements"))
        .order_by("-from_date", "work_kind", "-pk")
    )


def rules_after(row: ClassRule) -> list[Rule]:
    """The rules in force once this draft is. Raises RuleFault where it cannot stand beside them."""
    old = queries.plain_rule(row.replaces) if row.replaces is not None else None
    return with_rule(queries.rules_of(row.studio), queries.plain_rule(row), instead_of=old)


def day_of(row: ClassRule, today: dt.date | None = None) -> dt.date:
    """The first day on which titles would be judged under it."""
    return max(row.from_date, today or timezone.localdate(timezone=row.studio.zone))


def open_titles(studio: Studio) -> QuerySet[Production]:
    return Production.objects.filter(studio=studio, stage__in=STAGES).order_by("pk")


def touched_titles(access: Access, row: ClassRule, *, today: dt.date | None = None) -> list[TouchedTitle]:
    """Titles the user sees that this draft would judge otherwise on its first day; queries do not grow with them."""
    titles = {title.pk: title for title in access.scope(open_titles(row.studio), "compliance.view")}
    on = day_of(row, today)
    kept = dict(
        Classification.objects.filter(production__in=titles).order_by("pk").values_list("production", "class_code")
    )
    own_will = set(
        TitleCase.objects.filter(production__in=titles, voluntary_key=True).values_list("production", flat=True)
    )
    cases = [
        (pk, queries.case_of(queries.case_facts(title, pk in own_will), on)) for pk, title in titles.items()
    ]  # fmt: skip
    found = [
        TouchedTitle(
            titles[each.key], class_label(kept.get(each.key, "")), class_label(_class(each.before)),
            class_label(_class(each.after)), each.after.rule if each.after else "",
        )
        for each in touched(cases, queries.rules_of(row.studio), rules_after(row), on)
    ]  # fmt: skip
    return sorted(found, key=lambda title: not title.moves)


def _class(judged: Judgement | None) -> str:
    return judged.class_ if judged is not None else ""


def class_label(code: str) -> str:
    return str(ClassCode(code).label) if code else ""


def drafts_waiting(studio: Studio) -> int:
    return ClassRule.objects.filter(studio=studio, state=RuleState.DRAFT).count()
