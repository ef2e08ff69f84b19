"""Packages: opening, masters, inspection."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.choices import DeliverableState, PackageState
from delivery.events import FindingOverridden, MasterAttached, PackageEdited, PackageOpened
from delivery.models import Deliverable, Package, Platform, Spec
from postproduction.queries import latest_approved_masters
from studio.choices import JobState
from studio.facts import publish
from studio.jobs import enqueue
from studio.models import Job, Production, User
from studio.refusals import Refused

SYNOPSIS_MOST, TAGLINE_MOST = 1000, 120
# What a new master replaces without a question: an episode under review or accepted is what the platform has, and
# is replaced only through a new round.
TAKES_MASTERS = [
    DeliverableState.OPEN, DeliverableState.FAILED, DeliverableState.READY, DeliverableState.REDELIVER,
]  # fmt: skip


def _texts(synopsis: str, tagline: str) -> tuple[str, str]:
    synopsis, tagline = synopsis.strip(), tagline.strip()
    for field, text, most in (("synopsis", synopsis, SYNOPSIS_MOST), ("tagline", tagline, TAGLINE_MOST)):
        if len(text) > most:
            raise Refused(
                f"{field}_too_long", _("At most %(most)s characters; these are %(found)s."), field=field,
                params={"most": most, "found": len(text)},
            )  # fmt: skip
    return synopsis, tagline


def held(package: Package) -> Package:
    """The package as it is now, its row held to the end of the transaction."""
    return (
        Package.objects.select_for_update(of=("self",))
        .select_related("production__studio", "platform", "spec")
        .get(pk=package.pk)
    )


@transaction.atomic
def open_package(
    *,
    production: Production,
    platform: Platform,
    by: User | None,
    synopsis: str = "",
    tagline: str = "",
    at: dt.datetime | None = None,
) -> Package:
    """A title's package for a platform, with a delivery for each episode and the masters approved so far.

    Opened already: the same package, with deliveries for episodes that came since; its texts stay. Refuses a platform
    of another studio, one without a spec in force, and a title without episodes.
    """
    if platform.studio_id != production.studio_id:
        raise Refused("other_studio", _("This platform belongs to another studio."), field="platform")
    synopsis, tagline = _texts(synopsis, tagline)
    now = at or timezone.now()
    today = now.astimezone(production.studio.zone).date()
    spec = Spec.objects.filter(platform=platform, from_date__lte=today).order_by("-from_date").first()
    if spec is None:
        raise Refused("no_spec", _("This platform has no spec in force. Add one first."), field="platform")
    episodes = list(production.episodes.order_by("number"))
    if not episodes:
        raise Refused("no_episodes", _("This title has no episodes yet. Import its script first."))
    package, new = Package.objects.get_or_create(
        production=production, platform=platform,
        defaults={
            "spec": spec, "synopsis": synopsis, "tagline": tagline, "due_date": production.deliver_by_date,
        },
    )  # fmt: skip
    have = set(package.deliverables.values_list("episode", flat=True))
    missing = [episode for episode in episodes if episode.pk not in have]
    Deliverable.objects.bulk_create(
        [Deliverable(package=package, episode=episode) for episode in missing], ignore_conflicts=True
    )
    if new:
        publish(
            PackageOpened(
                studio_id=production.studio_id, production_id=production.pk, package_id=package.pk,
                platform_code=platform.code,
            ),
            by=by, at=at,
        )  # fmt: skip
    attach_masters(package=package, by=by, at=at)
    return package


@transaction.atomic
def edit_package(
    *,
    package: Package,
    synopsis: str,
    tagline: str,
    due_date: dt.date | None,
    by: User | None,
    at: dt.datetime | None = None,
) -> Package:
    """Change the texts and the due date, and take the spec in force today as long as nothing was sent."""
    synopsis, tagline = _texts(synopsis, tagline)
    current = held(package)
    if current.state == PackageState.SENDING:
        raise Refused("package_sending", _("This package is being sent. Wait until it is done."), conflict=True)
    if current.state == PackageState.TAKEN_DOWN:
        raise Refused("package_taken_down", _("This title was taken down."))
    if current.round == 0:
        today = (at or timezone.now()).astimezone(current.production.studio.zone).date()
        spec = Spec.objects.filter(platform=current.platform, from_date__lte=today).order_by("-from_date").first()
        current.spec = spec or current.spec
    current.synopsis, current.tagline, current.due_date = synopsis, tagline, due_date
    current.save(update_fields=["synopsis", "tagline", "due_date", "spec", "updated_at"])
    publish(
        PackageEdited(
            studio_id=current.production.studio_id, production_id=current.production_id, package_id=current.pk,
            synopsis=synopsis, tagline=tagline,
        ),
        by=by, at=at,
    )  # fmt: skip
    return current


@transaction.atomic
def attach_masters(
    *, package: Package, by: User | None, replace_accepted: bool = False, at: dt.datetime | None = None
) -> int:
    """Give each delivery the newest approved master of its episode; those that change are open again.

    A delivery under review keeps what the platform has until the verdict; an accepted one is only replaced when
    `replace_accepted` asks for it. Returns how many changed.
    """
    current = held(package)
    if current.state == PackageState.TAKEN_DOWN:
        return 0
    takes = [*TAKES_MASTERS, *([DeliverableState.ACCEPTED] if replace_accepted else [])]
    masters = latest_approved_masters(current.production)
    changed = 0
    for row in current.deliverables.filter(state__in=takes).select_related("episode"):
        master = masters.get(row.episode_id)
        if master is None or row.master_id == master.pk:
            continue
        moved = Deliverable.objects.filter(pk=row.pk, state=row.state).update(
            master=master, state=DeliverableState.OPEN, findings=[], override_reason="", updated_at=timezone.now()
        )
        if not moved:
            continue
        changed += 1
        publish(
            MasterAttached(
                studio_id=current.production.studio_id, production_id=current.production_id,
                deliverable_id=row.pk, package_id=current.pk, master_id=master.pk, master_version=master.version,
            ),
            by=by, at=at,
        )  # fmt: skip
    return changed


@transaction.atomic
def inspect_package(*, package: Package, by: User | None, at: dt.datetime | None = None) -> Job:
    """Have the title and its unsent episodes checked against the spec. Asked twice at once, it is one job."""
    current = held(package)
    if current.state == PackageState.TAKEN_DOWN:
        raise Refused("package_taken_down", _("This title was taken down."))
    if current.state == PackageState.SENDING:
        raise Refused("package_sending", _("This package is being sent. Wait until it is done."), conflict=True)
    waiting = Job.objects.filter(
        kind="delivery.inspect_package", state=JobState.QUEUED, production=current.production_id,
        payload__package=current.pk,
    ).first()  # fmt: skip
    if waiting is not None:
        return waiting
    return enqueue(
        "delivery.inspect_package", {"package": current.pk, **({"at": at.isoformat()} if at is not None else {})},
        studio_id=current.production.studio_id, production_id=current.production_id, by=by,
    )  # fmt: skip


@transaction.atomic
def override_finding(
    *, deliverable: Deliverable, reason: str, by: User | None, at: dt.datetime | None = None
) -> Deliverable:
    """Let an episode that failed inspection go out all the same, for a reason that is kept with it."""
    reason = reason.strip()
    if not reason:
        raise Refused("reason_missing", _("Say why this may be sent all the same."), field="reason")
    row = Deliverable.objects.select_related("package__production", "episode").get(pk=deliverable.pk)
    moved = Deliverable.objects.filter(pk=row.pk, state=DeliverableState.FAILED, updated_at=row.updated_at).update(
        state=DeliverableState.READY, override_reason=reason[:300], updated_at=timezone.now()
    )
    row.refresh_from_db()
    if not moved:
        if row.state == DeliverableState.READY and row.override_reason == reason[:300]:
            return row
        raise Refused("not_failed", _("Only an episode that failed inspection can be let through."), conflict=True)
    publish(
        FindingOverridden(
            studio_id=row.package.production.studio_id, production_id=row.package.production_id,
            deliverable_id=row.pk, package_id=row.package_id, episode_number=row.episode.number,
            reason=row.override_reason,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row
