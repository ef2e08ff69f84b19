"""Sending a round: the gates, the claim, and what is written when the job ends."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.actions.packages import held
from delivery.checks import passes
from delivery.choices import DeliverableState, PackageState
from delivery.events import PackageSendFailed
from delivery.inspection import title_findings
from delivery.models import Package
from delivery.sentences import finding_sentence
from studio.choices import JobState
from studio.facts import publish
from studio.jobs import enqueue
from studio.models import Job, Production, User
from studio.refusals import Refused

SENDABLE = {
    PackageState.DRAFT, PackageState.SENT, PackageState.ACCEPTED, PackageState.REJECTED, PackageState.LIVE,
}  # fmt: skip


def may_deliver(production: Production, platform_code: str) -> tuple[bool, str]:
    """The compliance room's word: an unnumbered title may not be played, so it is not sent either."""
    from compliance.queries import may_deliver as ask

    allowed, reason = ask(production, platform_code)
    return bool(allowed), str(reason)


def running_send(package: Package) -> Job | None:
    """The job that is sending the package now, if any."""
    jobs = Job.objects.filter(
        kind="delivery.send_package", production=package.production_id,
        state__in=[JobState.QUEUED, JobState.RUNNING],
    )  # fmt: skip
    return next((job for job in jobs.order_by("-id") if job.payload.get("package") == package.pk), None)


@transaction.atomic
def send_package(*, package: Package, by: User | None, at: dt.datetime | None = None) -> Job:
    """Send the inspected episodes as the next round; asked twice, it is one job.

    Refuses what compliance does not let out, a title with errors of its own, and a round without episodes (except
    that of a rejected title, which goes out again with its texts alone).
    """
    current = held(package)
    production = current.production
    state_before = current.state
    if current.state == PackageState.SENDING:
        running = running_send(current)
        if running is not None:
            return running
        # Its job was stopped, or died at every attempt: the package starts again from where it was.
        state_before = PackageState(current.state_before)
    elif current.state not in SENDABLE:
        raise Refused("package_taken_down", _("This title was taken down."))
    allowed, reason = may_deliver(production, current.platform.code)
    if not allowed:
        raise Refused("not_cleared", _("Compliance does not let this title out: %(reason)s"), params={"reason": reason})
    today = (at or timezone.now()).astimezone(production.studio.zone).date()
    found = title_findings(current, today)
    if not passes(found):
        first = next(finding for finding in found if finding.severity == "error")
        raise Refused(
            "title_findings", _("The title does not meet the spec: %(finding)s"),
            params={"finding": finding_sentence(first.to_json())},
        )  # fmt: skip
    ready = list(
        current.deliverables.filter(state=DeliverableState.READY)
        .order_by("episode__number")
        .values_list("pk", flat=True)
    )
    if not ready and state_before != PackageState.REJECTED:
        raise Refused("nothing_ready", _("No episode is inspected and waiting. Inspect the package first."))
    current.state, current.state_before, current.send_error = PackageState.SENDING, state_before, ""
    current.save(update_fields=["state", "state_before", "send_error", "updated_at"])
    return enqueue(
        "delivery.send_package",
        {
            "package": current.pk, "round": current.round + 1, "deliverables": ready,
            **({"at": at.isoformat()} if at is not None else {}),
        },
        studio_id=production.studio_id, production_id=production.pk, by=by,
    )  # fmt: skip


def give_up_sending(*, package_id: int, round: int, reason: str, by: User | None) -> None:
    """Put a package whose sending failed back where it was, with the reason."""
    with transaction.atomic():
        row = (
            Package.objects.select_for_update(of=("self",)).select_related("production", "platform").get(pk=package_id)
        )
        if row.state != PackageState.SENDING or row.round + 1 != round:
            return
        row.state, row.state_before, row.send_error = row.state_before, "", reason[:300]
        row.save(update_fields=["state", "state_before", "send_error", "updated_at"])
        publish(
            PackageSendFailed(
                studio_id=row.production.studio_id, production_id=row.production_id, package_id=row.pk,
                platform_code=row.platform.code, round=round, reason=reason[:300],
            ),
            by=by,
        )  # fmt: skip
