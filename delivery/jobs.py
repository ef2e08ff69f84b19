"""Long work of the delivery room: inspecting, sending, collecting verdicts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.actions.sending import give_up_sending
from delivery.actions.verdicts import receive_verdict
from delivery.adapters import AdapterError, BadMessage, OutgoingFile, PackageData, adapter_for
from delivery.choices import AdapterCode, DeliverableState, PackageState
from delivery.events import PackageInspected, PackageSent
from delivery.inspection import inspect, number_of, outgoing_name, rules_of
from delivery.models import Deliverable, Package, Platform
from delivery.queries import coordinators
from delivery.sentences import adapter_sentence
from postproduction.masters import local_copy
from studio.actions import move_stage, tell
from studio.choices import Stage
from studio.clockwork import at_hour
from studio.facts import publish
from studio.job_names import name_job
from studio.jobs import JobRefused, Run, job
from studio.refusals import Refused

name_job("delivery.inspect_package", _("Inspect a package"))
name_job("delivery.send_package", _("Send a package"))
name_job("delivery.collect_verdicts", _("Collect verdicts"))
name_job("delivery.attach_master", _("Put a new master into packages"))
at_hour("delivery.collect_verdicts", 9)

INSPECTED = [DeliverableState.OPEN, DeliverableState.FAILED, DeliverableState.READY]


def _moment(at: str) -> dt.datetime:
    return dt.datetime.fromisoformat(at) if at else timezone.now()


def _package(pk: int) -> Package:
    return Package.objects.select_related("production__studio", "platform", "spec").get(pk=pk)


def _rows(package: Package) -> Any:
    return package.deliverables.select_related("episode", "master").order_by("episode__number")


@job("delivery.inspect_package")
def inspect_package(run: Run, package: int, at: str = "") -> dict[str, Any] | None:
    """Check the title and what is not with the platform yet, then write findings and states.

    `at` (ISO) is when it is taken to happen, now unless told; so for sending.
    """
    row = _package(package)
    deliverables = list(_rows(row).filter(state__in=INSPECTED))
    now = _moment(at)
    today = now.astimezone(row.production.studio.zone).date()
    try:
        inspection = inspect(row, deliverables, today)
    except Refused as refused:
        raise JobRefused(refused.message) from None
    ready: list[int] = []
    failed: list[int] = []
    with run.finishing() as out:
        for one in deliverables:
            master_id, findings = inspection.episodes[one.pk]
            if master_id is None:
                state = DeliverableState.OPEN
            elif _passes(one, findings):
                state = DeliverableState.READY
            else:
                state = DeliverableState.FAILED
            # Only what is still as it was read: a master that came meanwhile was not looked at.
            changed = Deliverable.objects.filter(pk=one.pk, master=master_id, state=one.state).update(
                findings=findings, state=state, updated_at=timezone.now(),
                override_reason=one.override_reason if state == DeliverableState.READY else "",
            )  # fmt: skip
            if changed and state != DeliverableState.OPEN:
                (ready if state == DeliverableState.READY else failed).append(one.episode.number)
        errors = sum(finding["severity"] == "error" for finding in inspection.title)
        Package.objects.filter(pk=row.pk).update(findings=inspection.title, inspected_at=now, updated_at=timezone.now())
        publish(
            PackageInspected(
                studio_id=row.production.studio_id, production_id=row.production_id, package_id=row.pk,
                ready=ready, failed=failed, title_errors=errors,
            ),
            by=run.job.created_by, at=now,
        )  # fmt: skip
        out.update(ready=len(ready), failed=len(failed), title_errors=errors)
    return None


def _passes(one: Deliverable, findings: list[dict[str, Any]]) -> bool:
    """Whether nothing new stands against it: what a person let through once is not raised again."""
    errors = {(finding["code"], finding["rule"]) for finding in findings if finding["severity"] == "error"}
    if one.override_reason:
        errors -= {(finding["code"], finding["rule"]) for finding in one.findings}
    return not errors


@job("delivery.send_package", lease_seconds=600)
def send_package(run: Run, package: int, round: int, deliverables: list[int], at: str = "") -> dict[str, Any] | None:
    """Hand a round to the platform outside of any transaction, then write that it is there."""
    row = _package(package)
    if row.state != PackageState.SENDING or row.round + 1 != round:
        raise JobRefused(str(_("This package is no longer being sent. Send it again from its page.")))
    rows = list(_rows(row).filter(pk__in=deliverables, state=DeliverableState.READY))
    by = run.job.created_by

    def give_up(reason: str) -> JobRefused:
        give_up_sending(package_id=row.pk, round=round, reason=reason, by=by)
        return JobRefused(reason)

    if len(rows) != len(deliverables):
        raise give_up(str(_("An episode changed while the package waited. Inspect and send it again.")))
    try:
        data, files = _outgoing(row, rows, round)
        adapter = adapter_for(row.platform.adapter, studio=row.production.studio.slug, platform=row.platform.code)
        receipt = adapter.send(data, files, lambda done: run.progress(done, len(files)))
    except Refused as refused:
        raise give_up(refused.message) from None
    except LookupError:
        raise give_up(adapter_sentence("no_way", {"adapter": row.platform.adapter})) from None
    except AdapterError as error:
        raise give_up(adapter_sentence(error.code, error.params)) from None
    except OSError as error:
        # A full disk or a drive that is away may pass; the last attempt gives up.
        if run.job.attempts < run.job.max_attempts:
            raise
        raise give_up(str(error.strerror or error)) from None
    now = _moment(at)
    with run.finishing({"receipt": receipt.external_id, "episodes": len(rows)}):
        current = Package.objects.select_for_update().get(pk=row.pk)
        if current.state != PackageState.SENDING or current.round + 1 != round:
            return None
        for one in rows:
            Deliverable.objects.filter(pk=one.pk, state=DeliverableState.READY, master=one.master_id).update(
                state=DeliverableState.SENT,
                round=round,
                sent_at=now,
                decided_at=None,
                reason="",
                updated_at=timezone.now(),
            )
        # A title on air stays there while some of its episodes are replaced.
        current.state = PackageState.LIVE if current.state_before == PackageState.LIVE else PackageState.SENT
        current.state_before, current.send_error = "", ""
        current.round, current.sent_at = round, now
        current.save(update_fields=["state", "state_before", "send_error", "round", "sent_at", "updated_at"])
        move_stage(production_id=row.production_id, to=Stage.DELIVERY, by=by)
        publish(
            PackageSent(
                studio_id=row.production.studio_id, production_id=row.production_id, package_id=row.pk,
                platform_code=row.platform.code, round=round, episodes=[one.episode.number for one in rows],
            ),
            by=by, at=now,
        )  # fmt: skip
    return None


def _outgoing(package: Package, rows: list[Deliverable], round: int) -> tuple[PackageData, list[OutgoingFile]]:
    rules = rules_of(package)
    production = package.production
    files, episodes = [], []
    for one in rows:
        master = one.master
        assert master is not None
        name = outgoing_name(rules, package, one)
        files.append(OutgoingFile(name, master.sha256, lambda master=master: local_copy(master)))  # type: ignore[misc]
        episodes.append(
            {
                "number": one.episode.number, "title": one.episode.title, "file": name, "sha256": master.sha256,
                "size_bytes": master.facts.get("size_bytes"), "duration_ms": master.facts.get("duration_ms"),
                "master_version": master.version,
            }
        )  # fmt: skip
    data = PackageData(
        studio=production.studio.slug, platform=package.platform.code, production=production.code,
        title=production.title, round=round, work_kind=production.work_kind,
        number=number_of(production, package.platform.code)[0], synopsis=package.synopsis, tagline=package.tagline,
        episodes=tuple(episodes),
    )  # fmt: skip
    return data, files


@job("delivery.collect_verdicts")
def collect_verdicts(run: Run, studio: int, on: str = "") -> dict[str, Any]:
    """Take in what the platforms left; what cannot be read is put aside with its reason and stops nothing else."""
    counts = {"taken": 0, "set_aside": 0}
    for platform in Platform.objects.filter(studio=studio).select_related("studio").order_by("pk"):
        if platform.adapter not in AdapterCode.values:
            continue
        adapter = adapter_for(platform.adapter, studio=platform.studio.slug, platform=platform.code)
        # One message may hold several verdicts; it is put away when all of it was tried.
        problems: dict[str, str] = {}
        for message in adapter.collect():
            problems.setdefault(message.source, "")
            if isinstance(message, BadMessage):
                problem = adapter_sentence(message.code, message.params)
            else:
                problem = _take_in(platform, message)
                counts["taken"] += not problem
            if problem:
                problems[message.source] = "\n".join(filter(None, [problems[message.source], problem]))
        for source, problem in problems.items():
            try:
                adapter.settle(source, problem)
            except OSError as error:
                # It stays where it is and is heard again, which changes nothing.
                problem = problem or str(error.strerror or error)
            if problem:
                counts["set_aside"] += 1
                _tell_unread(platform, source)
        run.progress(0, 0)
    return counts


def _take_in(platform: Platform, message: Any) -> str:
    """The problem with a verdict, or nothing when it was taken in."""
    package = Package.objects.filter(platform=platform, production__code=message.production).first()
    if package is None:
        return adapter_sentence("production_unknown", {"production": message.production})
    try:
        receive_verdict(
            package=package, episode_number=message.episode, code=message.code, reason=message.reason,
            external_id=message.external_id, evidence=message.evidence, at=message.at,
        )  # fmt: skip
    except Refused as refused:
        return refused.message
    return ""


def _tell_unread(platform: Platform, source: str) -> None:
    tell(
        users=coordinators(platform.studio_id), studio_id=platform.studio_id, kind="delivery.verdict_unread", url="/delivery/",
        dedupe=f"delivery.unread:{platform.pk}:{source}"[:120], params={"platform": platform.name, "file": source},
    )  # fmt: skip
