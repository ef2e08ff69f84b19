"""What platforms say: verdicts, going on air, takedowns."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.actions.packages import attach_masters, held
from delivery.choices import DeliverableState, PackageState, VerdictCode
from delivery.events import PackageAccepted, TakenDown, VerdictReceived, WentLive
from delivery.models import Deliverable, Package, Takedown, Verdict
from postproduction.actions import reopen_task
from postproduction.queries import finished_task
from studio.access import users_with
from studio.actions import move_stage, tell
from studio.choices import JobState, Stage
from studio.facts import publish
from studio.jobs import enqueue
from studio.models import Job, Studio, User
from studio.refusals import Refused

# States in which the platform has what it speaks of. In the others a newer master is on its way: its verdict on the
# older one is kept and moves nothing.
IN_ITS_HANDS = {DeliverableState.SENT, DeliverableState.ACCEPTED, DeliverableState.REDELIVER}
QC_STEP = "qc"


@transaction.atomic
def receive_verdict(
    *,
    package: Package,
    episode_number: int | None,
    code: str,
    reason: str,
    external_id: str,
    evidence: str = "",
    by: User | None = None,
    at: dt.datetime,
) -> Verdict:
    """Take in a verdict on an episode, or on the title when `episode_number` is None. Heard twice, nothing changes.

    A refused episode is to be delivered again: delivery and post are told and its quality check is reopened. When
    the last episode is accepted the title is, unless the platform has rejected the title itself in this round.
    """
    code, reason, external_id = str(code), reason.strip()[:300], external_id.strip()
    if code not in VerdictCode.values:
        raise Refused("unknown_verdict", _("A verdict is accepted or refused."), field="code")
    if code == VerdictCode.REFUSED and not reason:
        raise Refused("reason_missing", _("A refusal needs the platform's reason."), field="reason")
    if not external_id or len(external_id) > 120:
        raise Refused(
            "external_id_missing", _("The verdict needs the platform's own name for it, up to 120 characters."),
            field="external_id",
        )  # fmt: skip
    current = held(package)
    known = Verdict.objects.filter(package=current, external_id=external_id).first()
    if known is not None:
        return known
    deliverable = None
    if episode_number is not None:
        deliverable = (
            Deliverable.objects.select_for_update(of=("self",))
            .select_related("episode")
            .filter(package=current, episode__number=episode_number)
            .first()
        )
        if deliverable is None:
            raise Refused(
                "no_such_episode", _("The package holds no episode %(number)s."), field="episode_number",
                params={"number": episode_number},
            )  # fmt: skip
    round_ = current.round if deliverable is None else deliverable.round
    if round_ == 0:
        raise Refused("not_sent", _("This was never sent, so there is nothing to judge."), field="episode_number")
    try:
        with transaction.atomic():
            verdict = Verdict.objects.create(
                package=current, deliverable=deliverable, external_id=external_id, code=code, reason=reason,
                evidence=evidence.strip()[:300], round=round_, at=at,
            )  # fmt: skip
    except IntegrityError:
        return Verdict.objects.get(package=current, external_id=external_id)
    publish(
        VerdictReceived(
            studio_id=current.production.studio_id, production_id=current.production_id, verdict_id=verdict.pk,
            package_id=current.pk, platform_code=current.platform.code,
            deliverable_id=deliverable.pk if deliverable else None, episode_number=episode_number, code=code,
            reason=reason, round=round_,
        ),
        by=by, at=at,
    )  # fmt: skip
    if deliverable is None:
        _title_judged(current, verdict, by)
    elif deliverable.state in IN_ITS_HANDS:
        _episode_judged(current, deliverable, verdict, by)
    return verdict


def _title_judged(package: Package, verdict: Verdict, by: User | None) -> None:
    if verdict.code == VerdictCode.ACCEPTED:
        if package.state in {PackageState.SENT, PackageState.REJECTED}:
            _accept(package, by, verdict.at)
    elif package.state in {PackageState.SENT, PackageState.ACCEPTED}:
        _move(package, PackageState.REJECTED)
        _tell(package, "delivery.title_rejected", f"delivery.title:{verdict.pk}", {"reason": verdict.reason})


def _episode_judged(package: Package, deliverable: Deliverable, verdict: Verdict, by: User | None) -> None:
    accepted = verdict.code == VerdictCode.ACCEPTED
    deliverable.state = DeliverableState.ACCEPTED if accepted else DeliverableState.REDELIVER
    # A platform's clock may be behind ours; its own moment stays in the verdict.
    deliverable.decided_at = max(verdict.at, deliverable.sent_at or verdict.at)
    deliverable.reason = "" if accepted else verdict.reason
    deliverable.save(update_fields=["state", "decided_at", "reason", "updated_at"])
    if accepted:
        rows = package.deliverables.exclude(state=DeliverableState.ACCEPTED)
        if package.state == PackageState.SENT and not rows.exists() and not _title_refused(package):
            _accept(package, by, verdict.at)
        return
    _tell(
        package, "delivery.episode_refused", f"delivery.refused:{verdict.pk}",
        {"number": deliverable.episode.number, "reason": verdict.reason},
    )  # fmt: skip
    sent_master = deliverable.master_id
    attach_masters(package=package, by=by, at=verdict.at)
    deliverable.refresh_from_db()
    if deliverable.master_id == sent_master:
        task = finished_task(deliverable.episode, QC_STEP)
        if task is not None:
            reopen_task(task=task, note=f"{package.platform.name}: {verdict.reason}", by=by)


def _title_refused(package: Package) -> bool:
    """Whether the platform's last word on the title itself, in this round, was no."""
    last = package.verdicts.filter(deliverable=None, round=package.round).order_by("-id").first()
    return last is not None and last.code == VerdictCode.REFUSED


def _accept(package: Package, by: User | None, at: dt.datetime) -> None:
    _move(package, PackageState.ACCEPTED)
    publish(
        PackageAccepted(
            studio_id=package.production.studio_id, production_id=package.production_id, package_id=package.pk,
            platform_code=package.platform.code, round=package.round,
        ),
        by=by, at=at,
    )  # fmt: skip


def _move(package: Package, state: PackageState) -> None:
    package.state = state
    package.save(update_fields=["state", "updated_at"])


def _tell(package: Package, kind: str, dedupe: str, params: dict[str, str | int]) -> None:
    production = package.production
    for verb, page in (("delivery.edit", "production_delivery"), ("post.manage", "production_post")):
        tell(
            users=users_with(verb, production), studio_id=production.studio_id, production_id=production.pk,
            kind=kind, dedupe=dedupe, url=reverse(page, args=[production.pk]),
            params={"title": production.title, "platform": package.platform.name, **params},
        )  # fmt: skip


@transaction.atomic
def go_live(*, package: Package, at: dt.datetime, by: User | None) -> Package:
    """The platform put the title on air. Refuses one it has not accepted; on air already: nothing changes."""
    current = held(package)
    if current.state == PackageState.LIVE:
        return current
    if current.state != PackageState.ACCEPTED:
        raise Refused("not_accepted", _("Only a title that the platform has accepted goes on air."))
    current.state, current.live_at = PackageState.LIVE, at
    current.save(update_fields=["state", "live_at", "updated_at"])
    move_stage(production_id=current.production_id, to=Stage.LIVE, by=by)
    publish(
        WentLive(
            studio_id=current.production.studio_id, production_id=current.production_id, package_id=current.pk,
            platform_code=current.platform.code, live_at=at.isoformat(),
        ),
        by=by, at=at,
    )  # fmt: skip
    return current


@transaction.atomic
def take_down(*, package: Package, reason: str, at: dt.datetime, by: User | None) -> Takedown:
    """The platform took the title off. Kept for good with its reason; taken down already: the same takedown."""
    reason = reason.strip()[:300]
    current = held(package)
    known = Takedown.objects.filter(package=current).first()
    if known is not None:
        return known
    if not reason:
        raise Refused("reason_missing", _("Say why the title was taken down."), field="reason")
    if current.state != PackageState.LIVE:
        raise Refused("not_live", _("Only a title on air can be taken down."))
    takedown = Takedown.objects.create(package=current, reason=reason, at=at)
    _move(current, PackageState.TAKEN_DOWN)
    current.deliverables.update(state=DeliverableState.TAKEN_DOWN, updated_at=timezone.now())
    publish(
        TakenDown(
            studio_id=current.production.studio_id, production_id=current.production_id, package_id=current.pk,
            platform_code=current.platform.code, reason=reason, taken_down_at=at.isoformat(),
        ),
        by=by, at=at,
    )  # fmt: skip
    _tell(current, "delivery.taken_down", f"delivery.taken_down:{takedown.pk}", {"reason": reason})
    return takedown


@transaction.atomic
def collect_verdicts(*, studio: Studio, by: User | None) -> Job:
    """Look for verdicts on every platform of the studio now; asked twice at once, it is one job."""
    Studio.objects.select_for_update().get(pk=studio.pk)
    waiting = Job.objects.filter(kind="delivery.collect_verdicts", state=JobState.QUEUED, studio=studio).first()
    return waiting or enqueue("delivery.collect_verdicts", {"studio": studio.pk}, studio_id=studio.pk, by=by)
