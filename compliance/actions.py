"""Judging titles, filing them, and what the authority answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance import queries
from compliance.choices import Authority, ClassCode, FilingKind, FilingState, RuleState
from compliance.events import FilingGranted, FilingPapersNoted, FilingReturned, FilingSubmitted, ProductionClassified
from compliance.models import Classification, ClassRule, Filing, PaperRule
from compliance.rules import (
    RuleFault,
    classify,
    default_papers,
    default_rules,
    missing_papers,
    parse_number,
    special_themes,
)
from compliance.wording import lazy_names, refusal
from studio.choices import WorkKind
from studio.facts import publish
from studio.models import Production, Studio, User
from studio.refusals import Refused
from studio.versions import bump_production


@transaction.atomic
def install_default_rules(*, studio: Studio) -> int:
    """Give a studio the rules of the notices and the papers usually asked for; returns how many rules are new.

    A rule it has for the same date and kind of work stays as it is; papers come only while it has none.
    """
    before = studio.class_rules.count()
    # A rule that was superseded does not come back.
    known = set(studio.class_rules.exclude(state=RuleState.DRAFT).values_list("from_date", "work_kind"))
    ClassRule.objects.bulk_create(
        [
            ClassRule(
                studio=studio, from_date=rule.from_date, work_kind=rule.work_kind, key_from_minor=rule.key_from,
                ordinary_from_minor=rule.ordinary_from, special_theme_is_key=rule.special_theme_is_key,
                promoted_is_key=rule.promoted_is_key, source=rule.source,
            )
            for rule in default_rules()
            if (rule.from_date, rule.work_kind) not in known
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    if not PaperRule.objects.filter(studio=studio).exists():
        PaperRule.objects.bulk_create(
            [
                PaperRule(
                    studio=studio, code=row.code, name=row.name, stage=row.stage, trait=row.when or "", source=row.source,
                    class_code="" if row.class_ == "any" else row.class_,
                )
                for row in default_papers()
            ],
            ignore_conflicts=True,
        )  # fmt: skip
    return studio.class_rules.count() - before


@transaction.atomic
def classify_production(
    *, production: Production, by: User | None, on: dt.date | None = None, at: dt.datetime | None = None
) -> Classification:
    """Judge a title's class on a date (today in its studio's zone); a judgement is a row and stays.

    The same facts under the same rule return the judgement there is. Refuses when no rule was in force.
    """
    production = Production.objects.select_for_update().select_related("studio").get(pk=production.pk)
    studio = production.studio
    if not queries.rule_rows(studio).exists():
        install_default_rules(studio=studio)
    on = on or timezone.localtime(at, studio.zone).date()
    facts = queries.case_facts(production)
    try:
        judged = classify(queries.case_of(facts, on), queries.rules_of(studio))
    except RuleFault as fault:
        raise refusal(fault) from fault
    _date, _slash, kind = judged.rule.partition("/")
    rule = queries.rule_rows(studio).get(from_date=judged.from_date, work_kind=kind)
    last = production.classifications.order_by("-pk").first()
    if last is not None and (last.rule_id, last.facts, last.class_code) == (rule.pk, facts, judged.class_):
        return last
    row = Classification.objects.create(
        production=production, class_code=judged.class_, rule=rule, facts=facts, on_date=on, judged_by=by,
        reasons=judged.to_json()["reasons"],
    )  # fmt: skip
    publish(
        ProductionClassified(
            studio_id=studio.pk, production_id=production.pk, classification_id=row.pk, class_code=judged.class_,
            rule=judged.rule, on_date=on.isoformat(),
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def change_case(
    *,
    production: Production,
    investment_minor: int,
    themes: Iterable[str],
    promoted: bool,
    work_kind: str,
    by: User | None,
    adaptation: bool | None = None,
    minors: bool | None = None,
    voluntary_key: bool | None = None,
    at: dt.datetime | None = None,
) -> Classification:
    """Change what a title is judged by, and judge it again. What is None stays as it is."""
    wanted = sorted(set(themes))
    if investment_minor < 0:
        raise Refused("negative_amount", _("An investment cannot be negative."), field="investment")
    if unknown := [code for code in wanted if code not in special_themes()]:
        raise Refused(
            "unknown_theme", _("There is no special theme “%(theme)s”."), field="themes", params={"theme": unknown[0]}
        )
    if work_kind not in WorkKind.values:
        raise Refused("unknown_work_kind", _("Choose what kind of work the title is."), field="work_kind")
    row = Production.objects.select_for_update().get(pk=production.pk)
    row.investment_minor, row.themes, row.promoted, row.work_kind = investment_minor, wanted, promoted, work_kind
    row.save(update_fields=["investment_minor", "themes", "promoted", "work_kind", "updated_at"])
    case = queries.title_case(row)
    for name, value in (("adaptation", adaptation), ("minors", minors), ("voluntary_key", voluntary_key)):
        if value is not None:
            setattr(case, name, value)
    case.save()
    judged = classify_production(production=row, by=by, at=at)
    bump_production(row.pk)
    production.refresh_from_db()
    return judged


@transaction.atomic
def open_filing(
    *, production: Production, kind: str, by: User | None, platform_code: str = "", at: dt.datetime | None = None
) -> Filing:
    """Begin a filing with the authority that the title's class names; one that is open already is returned."""
    if kind not in FilingKind.values:
        raise Refused("unknown_kind", _("Choose what is filed."), field="kind")
    judged = queries.current_classification(production)
    if judged is None:
        raise Refused("not_classified", _("Judge the title's class first: it decides who is asked."))
    authority = _authority(judged.class_code, kind)
    if authority == Authority.PLATFORM and not platform_code:
        raise Refused(
            "platform_missing",
            _("Titles of this class are reviewed by a platform. Say which one."),
            field="platform_code",
        )
    if authority != Authority.PLATFORM:
        platform_code = ""
    # Another authority's grant does not stand in the way: a title that became key starts anew with the nation.
    same = Filing.objects.filter(production=production, kind=kind, platform_code=platform_code, authority=authority)
    held = same.exclude(state=FilingState.RETURNED).first()
    if held is not None and held.state == FilingState.GRANTED:
        raise Refused("already_granted", _("This was granted already: %(number)s."), params={"number": held.number})
    if held is not None:
        return held
    try:
        with transaction.atomic():
            filing = Filing.objects.create(
                production=production, kind=kind, authority=authority, platform_code=platform_code,
                round=same.count() + 1,
            )  # fmt: skip
    except IntegrityError:
        return same.exclude(state=FilingState.RETURNED).get()
    bump_production(production.pk)
    return filing


def _authority(class_code: str, kind: str) -> Authority:
    """Who decides (regulator's notices): key plans go up to the nation, the rest of key and ordinary to the province."""
    if class_code == ClassCode.OTHER:
        if kind == FilingKind.PLANNING:
            raise Refused(
                "not_asked_for", _("Titles of the other class need no planning filing; the platform reviews them."),
                field="kind",
            )  # fmt: skip
        return Authority.PLATFORM
    return Authority.NATION if (class_code, kind) == (ClassCode.KEY, FilingKind.PLANNING) else Authority.PROVINCE


@transaction.atomic
def submit_filing(*, filing: Filing, papers: Iterable[str], by: User | None, at: dt.datetime | None = None) -> Filing:
    """Hand a filing in. Refuses, naming them, while papers of its class are missing. Twice the same is once."""
    filing = Filing.objects.select_for_update().select_related("production__studio").get(pk=filing.pk)
    judged = queries.current_classification(filing.production)
    if judged is None:
        raise Refused("not_classified", _("Judge the title's class first: it decides who is asked."))
    asked = queries.papers_asked(filing, judged.class_code)
    codes = [row.code for row in asked]
    proved = queries.papers_proved(filing.production)
    # A number we claim to hold is looked up, not believed.
    held = {code for code in papers if code in codes and code != "planning_number"} | (proved & set(codes))
    handed = [code for code in codes if code in held]
    if filing.state == FilingState.SUBMITTED and filing.papers == handed:
        return filing
    if filing.state != FilingState.DRAFT:
        raise _decided_already(filing)
    if filing.authority != _authority(judged.class_code, filing.kind):
        raise Refused(
            "authority_changed",
            _("The title's class has changed since this filing was begun, and with it who decides. Begin a new one."),
        )
    if missing := missing_papers(asked, held):
        raise Refused(
            "papers_missing", _("Still missing: %(papers)s."), field="papers",
            params={"papers": lazy_names(tuple(row.name for row in missing))},
        )  # fmt: skip
    filing.state, filing.papers, filing.submitted_at = FilingState.SUBMITTED, handed, at or timezone.now()
    filing.save(update_fields=["state", "papers", "submitted_at", "updated_at"])
    publish(FilingSubmitted(**_about(filing), papers=handed), by=by, at=at)
    return filing


@transaction.atomic
def note_papers(*, filing: Filing, papers: Iterable[str], by: User | None, at: dt.datetime | None = None) -> Filing:
    """Keep which papers have come in for a filing that is not handed in yet; what it is not asked for is left out."""
    filing = Filing.objects.select_for_update().select_related("production__studio").get(pk=filing.pk)
    if filing.state != FilingState.DRAFT:
        raise _decided_already(filing)
    judged = queries.current_classification(filing.production)
    if judged is None:
        raise Refused("not_classified", _("Judge the title's class first: it decides who is asked."))
    wanted = set(papers) - {"planning_number"}
    held = [row.code for row in queries.papers_asked(filing, judged.class_code) if row.code in wanted]
    if held != filing.papers:
        filing.papers = held
        filing.save(update_fields=["papers", "updated_at"])
        publish(FilingPapersNoted(**_about(filing), papers=held), by=by, at=at)
    return filing


@transaction.atomic
def drop_filing(*, filing: Filing, by: User | None) -> None:
    """Throw away a filing that nobody has handed in."""
    gone, _rows = Filing.objects.filter(pk=filing.pk, state=FilingState.DRAFT).delete()
    if not gone:
        filing.refresh_from_db()
        raise _decided_already(filing)
    bump_production(filing.production_id)


@transaction.atomic
def decide_filing(
    *, filing: Filing, granted: bool, number: str = "", note: str = "", by: User | None, at: dt.datetime | None = None
) -> Filing:
    """Enter what the authority decided: a number, or a return with its reason, which opens the next round."""
    now = at or timezone.now()
    filing = Filing.objects.select_for_update().select_related("production__studio").get(pk=filing.pk)
    note = note.strip()
    if granted:
        number = _number(filing, number, now)
        if (filing.state, filing.number) == (FilingState.GRANTED, number):
            return filing
    else:
        if not note:
            raise Refused("note_missing", _("Say why it was returned: the next round starts from there."), field="note")
        if (filing.state, filing.decision_note) == (FilingState.RETURNED, note):
            return filing
    if filing.state != FilingState.SUBMITTED:
        raise _decided_already(filing)
    filing.state = FilingState.GRANTED if granted else FilingState.RETURNED
    filing.number, filing.decision_note, filing.decided_at = (number if granted else ""), note, now
    filing.save(update_fields=["state", "number", "decision_note", "decided_at", "updated_at"])
    if granted:
        publish(FilingGranted(**_about(filing), number=number), by=by, at=at)
    else:
        following = Filing.objects.create(
            production=filing.production, kind=filing.kind, authority=filing.authority,
            platform_code=filing.platform_code, papers=filing.papers, round=filing.round + 1,
        )  # fmt: skip
        publish(FilingReturned(**_about(filing), note=note, next_filing_id=following.pk), by=by, at=at)
    return filing


def _number(filing: Filing, written: str, now: dt.datetime) -> str:
    year = now.astimezone(filing.production.studio.zone).year
    try:
        number = parse_number(written, issued_by=filing.platform_code, latest_year=year).text
    except RuleFault as fault:
        raise refusal(fault, field="number") from fault
    if len(number) > 60:
        raise Refused("too_long", _("At most %(most)s characters."), field="number", params={"most": 60})
    taken = (
        Filing.objects.filter(
            production__studio=filing.production.studio_id, number=number, state=FilingState.GRANTED,
            platform_code=filing.platform_code,
        )
        .exclude(production=filing.production_id)
        .select_related("production")
        .first()
    )  # fmt: skip
    if taken is not None:
        raise Refused(
            "number_taken", _("%(number)s is the number of “%(title)s”. Check what was typed."), field="number",
            params={"number": number, "title": taken.production.title},
        )  # fmt: skip
    return number


def _decided_already(filing: Filing) -> Refused:
    return Refused(
        "wrong_state", _("This filing is “%(state)s”, so this step is not its next one. Look at it again."), conflict=True,
        params={"state": filing.get_state_display()},
    )  # fmt: skip


def _about(filing: Filing) -> dict[str, object]:
    return {
        "studio_id": filing.production.studio_id, "production_id": filing.production_id, "filing_id": filing.pk,
        "kind": str(filing.kind), "authority": str(filing.authority), "platform_code": filing.platform_code,
        "round": filing.round,
    }  # fmt: skip
