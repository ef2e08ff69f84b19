"""Questions about classes and filings: may this title shoot, may it be delivered, what waits."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from compliance import consent_queries
from compliance.choices import Authority, ClassCode, FilingKind, FilingState, Gate, PaperStage, RuleState, Trait
from compliance.models import Classification, ClassRule, Filing, GateOverride, PaperRule, TitleCase
from compliance.rules import (
    Case,
    PaperRow,
    RuleFault,
    classify,
    default_papers,
    default_rules,
    missing_papers,
    papers_for,
)
from compliance.rules import ClassRule as Rule
from studio.access import Access
from studio.choices import WorkKind
from studio.models import Production, Studio


class Answer(NamedTuple):
    """Whether something may be done, and the sentence that says why or why not."""

    ok: bool
    reason: str


def current_classification(production: Production) -> Classification | None:
    return production.classifications.select_related("rule", "judged_by").order_by("-pk").first()


def rule_kind(work_kind: str) -> str:
    """The kind of work that rules speak of: digital humans are made with AI."""
    return WorkKind.AI if work_kind == WorkKind.DIGITAL_HUMAN else work_kind


def title_case(production: Production) -> TitleCase:
    """The title's case, unsaved when nothing was said of it yet."""
    return TitleCase.objects.filter(production=production).first() or TitleCase(production=production)


def case_facts(production: Production, voluntary_key: bool | None = None) -> dict[str, Any]:
    """What a judgement of the title as it is now would be made on; looks `voluntary_key` up where it is not given."""
    return {
        "investment_minor": production.investment_minor,
        "work_kind": production.work_kind,
        "themes": sorted(production.themes),
        "promoted": production.promoted,
        "voluntary_key": title_case(production).voluntary_key if voluntary_key is None else voluntary_key,
    }


def case_of(facts: dict[str, Any], on: dt.date) -> Case:
    """Those facts as the rules take them."""
    return Case(
        facts["investment_minor"], rule_kind(facts["work_kind"]), frozenset(facts["themes"]), facts["promoted"], on,
        facts["voluntary_key"],
    )  # fmt: skip


def rule_rows(studio: Studio) -> QuerySet[ClassRule]:
    """The studio's rules in force."""
    return studio.class_rules.filter(state=RuleState.IN_FORCE)  # type: ignore[no-any-return]


def plain_rule(row: ClassRule) -> Rule:
    """A row as a plain value. Raises RuleFault for one that cannot hold."""
    return Rule(
        from_date=row.from_date, work_kind=row.work_kind, key_from=row.key_from_minor,
        ordinary_from=row.ordinary_from_minor, special_theme_is_key=row.special_theme_is_key,
        promoted_is_key=row.promoted_is_key, source=row.source,
    )  # fmt: skip


def rules_of(studio: Studio) -> list[Rule]:
    """The studio's rules in force as plain values, oldest first."""
    return [plain_rule(row) for row in rule_rows(studio).order_by("from_date", "pk")]


# --- papers ---------------------------------------------------------------------------------------------------------


def paper_rows(studio: Studio) -> list[PaperRow]:
    """Papers that the studio's rows ask for; the product's own while it has none."""
    rows = [
        PaperRow(row.code, row.name, row.class_code or "any", row.stage, row.trait or None, row.source)
        for row in PaperRule.objects.filter(studio=studio)
    ]
    return rows or default_papers()


def traits_of(production: Production, case: TitleCase | None = None) -> frozenset[str]:
    """Traits that rules speak of; the title's case is looked up where it is not given."""
    case = case or title_case(production)
    found = {
        Trait.SPECIAL_THEME: bool(production.themes),
        Trait.ADAPTATION: case.adaptation,
        Trait.MINORS: case.minors,
        Trait.AI: rule_kind(production.work_kind) == WorkKind.AI,
    }
    return frozenset(str(trait) for trait, has in found.items() if has)


def papers_asked(filing: Filing, class_code: str) -> list[PaperRow]:
    """What this filing has to hand in under a class."""
    stage = PaperStage.PLATFORM if filing.authority == Authority.PLATFORM else filing.kind
    production = filing.production
    return papers_for(class_code, stage, traits=traits_of(production), rows=paper_rows(production.studio))


def papers_lacking(filings: Iterable[Filing]) -> dict[int, int]:
    """How many papers each filing still waits for; needs `class_code` on the rows and their production.

    A constant number of queries for the filings of one studio.
    """
    rows = [row for row in filings if row.class_code]
    titles = {row.production_id for row in rows}
    cases = {case.production_id: case for case in TitleCase.objects.filter(production__in=titles)}
    proved = set(
        Filing.objects.filter(
            production__in=titles, kind=FilingKind.PLANNING, state=FilingState.GRANTED
        ).values_list("production", flat=True)
    )  # fmt: skip
    asked_of = {studio.pk: paper_rows(studio) for studio in {row.production.studio for row in rows}}
    found = {}
    for row in rows:
        title = row.production
        stage = PaperStage.PLATFORM if row.authority == Authority.PLATFORM else row.kind
        traits = traits_of(title, cases.get(title.pk) or TitleCase(production=title))
        asked = papers_for(row.class_code, stage, traits=traits, rows=asked_of[title.studio_id])
        held = {*row.papers, *({"planning_number"} if title.pk in proved else ())}
        found[row.pk] = len(missing_papers(asked, held))
    return found


def papers_proved(production: Production) -> frozenset[str]:
    """Papers that the house holds itself: a granted planning filing is its own proof."""
    return frozenset({"planning_number"} if filing_in_force(production, kind=FilingKind.PLANNING) else ())


# --- may we ---------------------------------------------------------------------------------------------------------


def filing_in_force(production: Production, *, kind: str | None = None, platform_code: str = "") -> Filing | None:
    """The granted filing whose number a title carries: the finished work's before the planning's.

    A number that a platform issued counts there alone, so only with its `platform_code`, and after a regulator's.
    """
    rows = production.filings.filter(state=FilingState.GRANTED)
    if kind is not None:
        rows = rows.filter(kind=kind)
    granted = list(rows.filter(Q(platform_code="") | Q(platform_code=platform_code)).order_by("-decided_at", "-pk"))
    granted.sort(key=lambda row: (row.kind != FilingKind.FINISHED, row.platform_code != ""))
    return granted[0] if granted else None


def _not_judged() -> Answer:
    return Answer(False, gettext("The title has not been classified yet. Judge its class first."))


def override_of(production: Production, gate: str) -> GateOverride | None:
    """The override of a gate in force, if a person gave one."""
    return production.gate_overrides.filter(gate=gate, withdrawn_at=None).select_related("given_by").first()  # type: ignore[no-any-return]


def _unless_overridden(answer: Answer, production: Production, gate: str) -> Answer:
    given = None if answer.ok else override_of(production, gate)
    if given is None:
        return answer
    return Answer(
        True, gettext("Let through by %(who)s on %(on)s: %(reason)s") % {
            "who": given.given_by, "on": timezone.localtime(given.given_at, production.studio.zone).date(),
            "reason": given.reason,
        },
    )  # fmt: skip


def _and_consents(answer: Answer, production: Production, gate: str) -> Answer:
    """The answer, unless the studio holds the gate shut until consents are there and they are not."""
    if not answer.ok or not consent_queries.holds_gates(production.studio):
        return answer
    today = timezone.localdate(timezone=production.studio.zone)
    lacking = consent_queries.gate_waits_for(production, gate, traits_of(production), today)
    if not lacking:
        return answer
    names = gettext(", ").join(dict.fromkeys(need.name for need in lacking))
    return Answer(False, gettext("Consents are missing: %(names)s.") % {"names": names})


def gate_answer(production: Production, gate: str) -> Answer:
    """What a gate says of a title by the rules alone, whoever let it through."""
    return _and_consents(_filing_answer(production, gate), production, gate)


def _filing_answer(production: Production, gate: str) -> Answer:
    if gate == Gate.SHOOT:
        return _shoot_by_rules(production)
    judged = current_classification(production)
    if judged is None or judged.class_code != ClassCode.OTHER:
        return _delivery_by_rules(production, "")
    # Platforms pass such a title each for itself; the gate as a whole is shut while none has.
    if production.filings.filter(kind=FilingKind.FINISHED, state=FilingState.GRANTED).exists():
        return Answer(True, gettext("A platform has passed the finished work."))
    return Answer(False, gettext("Titles of the other class are reviewed by the platform; none has passed it yet."))


def gate_shoot(production: Production) -> Answer:
    """Whether a call sheet may go out. A title that nobody judged is judged here on what it is today, unkept."""
    if current_classification(production) is not None:
        return may_shoot(production)
    today = timezone.localdate(timezone=production.studio.zone)
    try:
        judged = classify(case_of(case_facts(production), today), rules_of(production.studio) or default_rules())
    except RuleFault:
        return _unless_overridden(_not_judged(), production, Gate.SHOOT)
    answer = _not_judged()
    if judged.class_ == ClassCode.OTHER:
        answer = Answer(True, gettext("Titles of the other class need no planning filing before the shoot."))
    return _unless_overridden(_and_consents(answer, production, Gate.SHOOT), production, Gate.SHOOT)


def may_shoot(production: Production) -> Answer:
    """Whether the class of the title lets it shoot now, or a person who answers for it."""
    return _unless_overridden(gate_answer(production, Gate.SHOOT), production, Gate.SHOOT)


def _shoot_by_rules(production: Production) -> Answer:
    judged = current_classification(production)
    if judged is None:
        return _not_judged()
    if judged.class_code == ClassCode.OTHER:
        return Answer(True, gettext("Titles of the other class need no planning filing before the shoot."))
    granted = list(
        production.filings.filter(kind=FilingKind.PLANNING, state=FilingState.GRANTED).order_by("-decided_at")
    )
    held = next((row for row in granted if high_enough(row, judged.class_code)), None)
    if held is not None:
        return Answer(True, gettext("Planning filing granted: %(number)s.") % {"number": held.number})
    if granted:
        return Answer(
            False, gettext("The title is key now; its planning filing %(number)s was granted by the province alone.")
            % {"number": granted[0].number},
        )  # fmt: skip
    open_one = production.filings.filter(kind=FilingKind.PLANNING, state=FilingState.SUBMITTED).first()
    if open_one is not None:
        return Answer(False, gettext("The planning filing is with the authority and not granted yet."))
    return Answer(False, gettext("A key or ordinary title needs its planning filing granted before the shoot."))


def may_deliver(production: Production, platform_code: str) -> Answer:
    """Whether a title may be delivered to a platform: unnumbered titles may be neither played nor promoted."""
    answer = _and_consents(_delivery_by_rules(production, platform_code), production, Gate.DELIVERY)
    return _unless_overridden(answer, production, Gate.DELIVERY)


def _delivery_by_rules(production: Production, platform_code: str) -> Answer:
    judged = current_classification(production)
    if judged is None:
        return _not_judged()
    held = filing_in_force(production, kind=FilingKind.FINISHED, platform_code=platform_code)
    if judged.class_code != ClassCode.OTHER and held is not None and held.platform_code:
        held = None
    if held is not None:
        return Answer(True, gettext("The finished work carries the number %(number)s.") % {"number": held.number})
    if judged.class_code == ClassCode.OTHER:
        return Answer(
            False, gettext("Titles of the other class are reviewed by the platform; “%(platform)s” has not passed it yet.")
            % {"platform": platform_code},
        )  # fmt: skip
    return Answer(False, gettext("The finished work has no number yet; without one it may not be played or promoted."))


def high_enough(filing: Filing, class_code: str) -> bool:
    return class_code != ClassCode.KEY or filing.authority == Authority.NATION


# --- board ----------------------------------------------------------------------------------------------------------


def filings_for(access: Access) -> QuerySet[Filing]:
    """Filings the user sees, with the class their title is judged to be of."""
    latest = Classification.objects.filter(production=OuterRef("production")).order_by("-pk").values("class_code")[:1]
    return access.scope(
        Filing.objects.select_related("production__studio").annotate(class_code=Subquery(latest)), "compliance.view"
    )


def titles_without_filing(access: Access) -> QuerySet[Production]:
    """Titles before the air that have no filing at all, with their class where one was judged."""
    latest = Classification.objects.filter(production=OuterRef("pk")).order_by("-pk").values("class_code")[:1]
    rows = Production.objects.filter(filings=None, stage__in=["script", "prep", "shoot", "post", "delivery"])
    return access.scope(rows.annotate(class_code=Subquery(latest)), "compliance.view").order_by("pk")


@dataclasses.dataclass(frozen=True)
class Age:
    """How long a filing has stood as it stands; late ones are worth a call."""

    days: int
    late: bool

    @property
    def text(self) -> str:
        if self.days == 0:
            return gettext("today")
        return ngettext("%(days)s day", "%(days)s days", self.days) % {"days": self.days}


def age_of(filing: Filing, days: Mapping[str, int], now: dt.datetime | None = None) -> Age:
    """Since when: decided, else submitted, else begun. `days` are those of the studio's clocks."""
    since = filing.decided_at or filing.submitted_at or filing.created_at
    waited = max(0, ((now or timezone.now()) - since).days)
    return Age(waited, filing.state == FilingState.SUBMITTED and waited > days[filing.authority])
