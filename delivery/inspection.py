"""What the checks are asked: a package's rows as their plain values. Reads only."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from compliance.choices import FilingKind, FilingState
from compliance.models import Filing
from delivery.checks import EpisodeFacts, Finding, SpecFault, TitleFacts, check, check_title
from delivery.checks import Spec as Rules
from delivery.models import Deliverable, Package
from delivery.sentences import fault_sentence
from studio.choices import WorkKind
from studio.models import Production
from studio.refusals import Refused

USES_AI = {WorkKind.AI, WorkKind.DIGITAL_HUMAN}


def rules_of(package: Package) -> Rules:
    """The spec to check with. Refuses one that an edit has broken."""
    try:
        return package.spec.asked_by(package.platform.code)
    except SpecFault as fault:
        raise Refused(
            fault.code, _("The spec of this platform cannot be used: %(why)s"),
            params={"why": fault_sentence(fault.code, fault.params)},
        ) from None  # fmt: skip


def number_of(production: Production, platform_code: str) -> tuple[str, str]:
    """The number the title carries on a platform, and the platform that issued it ("" for the regulator)."""
    granted = Filing.objects.filter(
        production=production, state=FilingState.GRANTED, platform_code__in=["", platform_code]
    )
    rows = list(granted.order_by("-id").values_list("kind", "platform_code", "number"))
    # The regulator's number holds everywhere; of two, that of the finished work is shown in the programme's head.
    rows.sort(key=lambda row: (row[1] != "", row[0] != FilingKind.FINISHED))
    return (rows[0][2], rows[0][1]) if rows else ("", "")


def outgoing_name(rules: Rules, package: Package, deliverable: Deliverable) -> str:
    """The name the episode's file goes out under: the platform's pattern, or the title's code and the number."""
    number = deliverable.episode.number
    stem = rules.file_stem(package.production.title, number) or f"{package.production.code}-{number:03d}"
    suffix = Path(deliverable.master.file_name).suffix.lower() if deliverable.master else ""
    return stem + suffix


def title_facts(package: Package, numbers: list[int], planned: int) -> TitleFacts:
    production = package.production
    number, issued_by = number_of(production, package.platform.code)
    return TitleFacts(
        name=production.title,
        work_kind=production.work_kind,
        episodes=tuple(numbers),
        planned_episodes=planned,
        synopsis=package.synopsis,
        tagline=package.tagline,
        number=number,
        number_platform=issued_by,
        cost_fen=production.investment_minor,
        uses_ai=production.work_kind in USES_AI,
    )


def episode_facts(rules: Rules, package: Package, deliverable: Deliverable) -> EpisodeFacts:
    master = deliverable.master
    return EpisodeFacts(
        deliverable.episode.number,
        outgoing_name(rules, package, deliverable),
        master.facts if master is not None and master.facts else None,
    )


def title_findings(package: Package, on: dt.date) -> list[Finding]:
    """What stands against the title itself now: cheap, asked again when a package is sent."""
    numbers = list(package.deliverables.order_by("episode__number").values_list("episode__number", flat=True))
    facts = title_facts(package, numbers, package.production.episodes.count())
    return check_title(rules_of(package), facts, on)


@dataclasses.dataclass(frozen=True)
class Inspection:
    """What was found, by the rows as they were read: deliverable id -> (master id, findings)."""

    title: list[dict[str, Any]]
    episodes: dict[int, tuple[int | None, list[dict[str, Any]]]]


def inspect(package: Package, deliverables: list[Deliverable], on: dt.date) -> Inspection:
    """Check the title and these episodes. Refuses a broken spec."""
    rules = rules_of(package)
    numbers = list(package.deliverables.order_by("episode__number").values_list("episode__number", flat=True))
    facts = title_facts(package, numbers, package.production.episodes.count())
    found = check(rules, facts, [episode_facts(rules, package, one) for one in deliverables], on)
    # The same file under two numbers stands against the later of them.
    by_number: dict[int, list[dict[str, Any]]] = {}
    title: list[dict[str, Any]] = []
    for finding in found:
        number = finding.episode if finding.episode is not None else finding.params.get("second")
        if isinstance(number, int) and (finding.episode is not None or finding.code == "same_file"):
            by_number.setdefault(number, []).append(finding.to_json())
        else:
            title.append(finding.to_json())
    known = {one.episode.number for one in deliverables}
    title += [row for number, rows in sorted(by_number.items()) if number not in known for row in rows]
    return Inspection(title, {one.pk: (one.master_id, by_number.get(one.episode.number, [])) for one in deliverables})
