"""A month settled over all titles of a studio: started, reviewed draft by draft, issued in one order.

Each statement is worked out by a job of its own, so workers share them and one that dies leaves the others alone. The
drafts do not depend on each other; issuing does, by the cumulative tax of people with shares in several titles, and so
one job issues title after title in the order of their codes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from delivery.models import Platform
from finance.choices import RunOutcome, SettlementState
from finance.events import RunIssued, RunReviewed, RunStarted
from finance.issuing import issue_settlement
from finance.models import RunTitle, Settlement, SettlementRun
from finance.queries.runs import statements_to_settle, titles_to_issue
from studio import jobs
from studio.actions import tell
from studio.choices import JobState
from studio.facts import publish
from studio.models import Job, Studio, User
from studio.notices import sentence
from studio.refusals import Refused
from studio.values import parse_month
from studio.versions import bump_studio

SETTLE = "finance.settle_run_title"
ISSUE = "finance.issue_run"
ENDED_BADLY = (JobState.PARKED, JobState.CANCELLED)
sentence("finance.run_worked_out", _("The run of %(period)s is worked out: drafts to review: %(drafts)s."))
sentence(
    "finance.run_partly_worked_out",
    _("The run of %(period)s is worked out: drafts to review: %(drafts)s; could not be worked out: %(refused)s."),
)
sentence("finance.run_issued", _("The run of %(period)s is through: settlements issued: %(issued)s."))
sentence(
    "finance.run_partly_issued",
    _("The run of %(period)s is through: settlements issued: %(issued)s; not issued: %(refused)s."),
)


def kept(refused: Refused) -> dict[str, Any]:
    """A refusal as a row keeps it: English text and places, said again in the reader's language."""
    with translation.override("en"):
        text = str(refused.text)
        places = {
            name: value if isinstance(value, int | list) else str(value) for name, value in refused.params.items()
        }
    return {"code": refused.code, "text": text, "params": places}


@transaction.atomic
def start_run(
    *, studio: Studio, period: str, by: User | None, platform: Platform | None = None, at: dt.datetime | None = None
) -> tuple[SettlementRun, bool]:
    """Have all accepted statements of a month worked out that are in no settlement and no run; True when that is new.

    When nothing is new, the last run of the month is returned: two clicks, or two people, make one run. Refuses what is
    no month, another studio's platform, and a month in which nothing waits and nothing ran.
    """
    try:
        period = f"{parse_month(period):%Y-%m}"
    except ValueError:
        raise Refused("not_a_month", _("A month is written like 2026-01."), field="period") from None
    if platform is not None and platform.studio_id != studio.pk:
        raise Refused("other_studio", _("This platform belongs to another studio."), field="platform")
    # The studio's row is the lock: the second of two clicks finds the statements taken.
    Studio.objects.select_for_update().get(pk=studio.pk)
    found = list(
        statements_to_settle(studio, period=period, platform=platform).order_by(
            "production__code", "platform__code", "pk"
        )
    )
    if not found:
        same = SettlementRun.objects.filter(studio=studio, period=period)
        if platform is not None:
            same = same.filter(Q(platform=platform) | Q(platform=None))
        last = same.order_by("-pk").first()
        if last is None:
            raise Refused(
                "nothing_to_settle",
                _("No accepted statement of %(period)s waits to be settled. Accept the statements first."),
                params={"period": period},
            )  # fmt: skip
        return last, False
    run = SettlementRun.objects.create(
        studio=studio, period=period, platform=platform, started_by=by, started_at=at or timezone.now()
    )
    for row in RunTitle.objects.bulk_create(RunTitle(run=run, statement=statement) for statement in found):
        _enqueue(row, run, by)
    publish(
        RunStarted(studio_id=studio.pk, run_id=run.pk, period=period, titles=len(found)), by=by, at=at
    )  # fmt: skip
    return run, True


def _enqueue(row: RunTitle, run: SettlementRun, by: User | None) -> None:
    job = jobs.enqueue(
        SETTLE, {"title": row.pk}, studio_id=run.studio_id, production_id=row.statement.production_id, by=by
    )
    RunTitle.objects.filter(pk=row.pk).update(job=job)


def note_drafted(*, title: RunTitle, settlement: Settlement) -> None:
    """Say that a statement of the run is worked out; in the transaction of the draft. A review of an older one ends."""
    RunTitle.objects.filter(pk=title.pk).update(
        outcome=RunOutcome.DRAFTED, settlement=settlement, refusal_code="", refusal={}, issue_refusal={},
        reviewed_by=None, reviewed_at=None, reviewed_draft=None, updated_at=timezone.now(),
    )  # fmt: skip
    _tell_worked_out(title)


def note_refused(*, title: RunTitle, refused: Refused) -> None:
    """Say why a statement of the run cannot be worked out."""
    RunTitle.objects.filter(pk=title.pk).update(
        outcome=RunOutcome.REFUSED, refusal_code=refused.code[:40], refusal=kept(refused), settlement=None,
        reviewed_by=None, reviewed_at=None, reviewed_draft=None, updated_at=timezone.now(),
    )  # fmt: skip
    bump_studio(title.run.studio_id)
    _tell_worked_out(title)


def _tell_worked_out(title: RunTitle) -> None:
    """Tell who started the run, once its last title is worked out; again each time after it was tried again."""
    # The run's row is the lock: of two titles that end at once the second one finds the first.
    run = SettlementRun.objects.select_for_update(of=("self",)).select_related("started_by").get(pk=title.run_id)
    rows = RunTitle.objects.filter(run=run)
    if run.started_by is None or rows.filter(outcome=RunOutcome.WAITING).exists():
        return
    job_id = RunTitle.objects.values_list("job", flat=True).get(pk=title.pk)
    refused = rows.filter(outcome=RunOutcome.REFUSED).count()
    tell(
        users=[run.started_by], studio_id=run.studio_id, url=f"/settlement-runs/{run.pk}/",
        kind="finance.run_partly_worked_out" if refused else "finance.run_worked_out",
        dedupe=f"run_worked_out:{run.pk}:{title.pk}:{job_id}",
        params={"period": run.period, "drafts": rows.count() - refused, "refused": refused},
    )  # fmt: skip


@transaction.atomic
def try_again(*, run: SettlementRun, by: User | None) -> int:
    """Work out once more what was refused or given up, and say how many that are. Nothing of it: no change."""
    Studio.objects.select_for_update().get(pk=run.studio_id)
    waiting_elsewhere = RunTitle.objects.filter(outcome=RunOutcome.WAITING).exclude(run=run).values("statement")
    refused = list(
        RunTitle.objects.filter(run=run, outcome=RunOutcome.REFUSED)
        .exclude(statement__in=waiting_elsewhere)
        .select_related("statement")
        .order_by("pk")
    )
    RunTitle.objects.filter(pk__in=[row.pk for row in refused]).update(
        outcome=RunOutcome.WAITING, refusal_code="", refusal={}, updated_at=timezone.now()
    )
    given_up = list(
        RunTitle.objects.filter(run=run, outcome=RunOutcome.WAITING)
        .exclude(pk__in=[row.pk for row in refused])
        .filter(Q(job=None) | Q(job__state__in=ENDED_BADLY))
        .select_related("statement")
        .order_by("pk")
    )
    for row in refused:
        _enqueue(row, run, by)
    for row in given_up:
        if row.job_id is None or not jobs.rerun(row.job_id):
            _enqueue(row, run, by)
    if refused or given_up:
        bump_studio(run.studio_id)
    return len(refused) + len(given_up)


@transaction.atomic
def review_titles(
    *, run: SettlementRun, seen: Mapping[int, dt.datetime], by: User | None, at: dt.datetime | None = None
) -> tuple[int, int]:
    """Mark drafts as reviewed: {row: the moment its draft was written, as the reader saw it}.

    Returns how many are reviewed by it, and how many were worked out again since they were read: those stay open.
    """
    rows = RunTitle.objects.filter(
        run=run, pk__in=seen, outcome=RunOutcome.DRAFTED, settlement__state=SettlementState.DRAFT
    )  # fmt: skip
    drafts = dict(rows.values_list("settlement_id", "pk"))
    # Locked, so that none is worked out again between the look and the mark.
    same = [
        drafts[settlement.pk]
        for settlement in Settlement.objects.select_for_update().filter(pk__in=drafts).order_by("pk")
        if settlement.state == SettlementState.DRAFT and settlement.updated_at == seen[drafts[settlement.pk]]
    ]
    now = at or timezone.now()
    written = Settlement.objects.filter(pk=OuterRef("settlement_id")).values("updated_at")
    RunTitle.objects.filter(pk__in=same).update(
        reviewed_by=by, reviewed_at=now, reviewed_draft=Subquery(written), issue_refusal={}, updated_at=now
    )
    if same:
        publish(RunReviewed(studio_id=run.studio_id, run_id=run.pk, titles=len(same)), by=by, at=at)
    return len(same), len(seen) - len(same)


@transaction.atomic
def take_back_review(*, run: SettlementRun, titles: Iterable[int], by: User | None) -> int:
    """Open drafts again that were reviewed and are not issued."""
    count = (
        RunTitle.objects.filter(run=run, pk__in=list(titles), reviewed_at__isnull=False)
        .exclude(settlement__state=SettlementState.ISSUED)
        .update(reviewed_by=None, reviewed_at=None, reviewed_draft=None, updated_at=timezone.now())
    )
    if count:
        bump_studio(run.studio_id)
    return count


@transaction.atomic
def issue_run(*, run: SettlementRun, by: User | None, at: dt.datetime | None = None) -> Job:
    """Have all reviewed drafts of a run issued by one job; while one waits or runs, that one is returned.

    All of them are issued as of now, however long the job waits. Refuses when nothing is reviewed.
    """
    Studio.objects.select_for_update().get(pk=run.studio_id)
    current = SettlementRun.objects.select_related("issue_job").get(pk=run.pk)
    if current.issue_job is not None and not current.issue_job.ended:
        return current.issue_job
    if not titles_to_issue(run).exists():
        raise Refused("nothing_reviewed", _("Nothing is reviewed. Look at the drafts and mark them as reviewed first."))
    now = at or timezone.now()
    job = jobs.enqueue(ISSUE, {"run_id": run.pk, "at": now.isoformat()}, studio_id=run.studio_id, by=by)
    SettlementRun.objects.filter(pk=run.pk).update(issue_job=job, updated_at=timezone.now())
    bump_studio(run.studio_id)
    return job


def issue_title(*, title: RunTitle, by: User | None, at: dt.datetime) -> bool:
    """Issue one reviewed draft in a transaction of its own; False, and the reason kept, when it is refused."""
    try:
        with transaction.atomic():
            # Studio first, as in `issue_settlement`: two of them wait for each other in one order.
            Studio.objects.select_for_update().get(pk=title.run.studio_id)
            settlement = Settlement.objects.select_for_update(of=("self",)).get(pk=title.settlement_id)
            if settlement.state != SettlementState.ISSUED and settlement.updated_at != title.reviewed_draft:
                raise Refused(
                    "changed_since_review", _("It was worked out again after the review. Review it again."),
                    conflict=True,
                )  # fmt: skip
            issue_settlement(settlement=settlement, by=by, at=at)
            RunTitle.objects.filter(pk=title.pk).update(issue_refusal={}, updated_at=timezone.now())
    except Refused as refused:
        RunTitle.objects.filter(pk=title.pk).update(issue_refusal=kept(refused), updated_at=timezone.now())
        return False
    return True


def note_issued(*, run: SettlementRun, issued: int, refused: int, by: User | None) -> None:
    """Announce that the reviewed drafts of a run are through, and tell who started it and who had them issued."""
    publish(RunIssued(studio_id=run.studio_id, run_id=run.pk, issued=issued, refused=refused), by=by)
    users = {user.pk: user for user in (run.started_by, by) if user is not None}
    tell(
        users=users.values(), studio_id=run.studio_id, url=f"/settlement-runs/{run.pk}/",
        kind="finance.run_partly_issued" if refused else "finance.run_issued",
        dedupe=f"run_issued:{run.pk}:{run.issue_job_id}",
        params={"period": run.period, "issued": issued, "refused": refused},
    )  # fmt: skip
