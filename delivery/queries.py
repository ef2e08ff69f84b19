"""Questions about delivery: what stands where, what is in danger, what was said."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import pgettext_lazy

from delivery.choices import DeliverableState, PackageState
from delivery.models import Deliverable, Package, Verdict
from delivery.sentences import finding_sentence
from studio.access import Access
from studio.models import Event, Production, User

S = DeliverableState
OVER = {PackageState.LIVE, PackageState.TAKEN_DOWN}
# A package is at risk this many days before its date when episodes have not gone out.
NEAR_DAYS = 3

BUCKETS = {
    "critical": pgettext_lazy("bucket", "Critical"),
    "at_risk": pgettext_lazy("bucket", "At risk"),
    "on_track": pgettext_lazy("bucket", "On track"),
    "over": pgettext_lazy("bucket", "Finished"),
}


def packages_for(access: Access, verb: str = "delivery.view") -> QuerySet[Package]:
    """Packages the user sees, with how many of their episodes stand in each state."""
    counts = {f"n_{state}": Count("deliverables", filter=Q(deliverables__state=state)) for state in S.values}
    rows = Package.objects.select_related("production__studio", "platform").annotate(
        n_all=Count("deliverables"), **counts
    )
    return access.scope(rows, verb)


def deliverables_for(access: Access, verb: str = "delivery.view") -> QuerySet[Deliverable]:
    rows = Deliverable.objects.select_related(
        "package__production__studio", "package__platform", "package__spec", "episode", "master"
    )
    return access.scope(rows, verb)


def working_days_after(day: dt.date, days: int) -> dt.date:
    """That many weekdays later; public holidays are not known."""
    while days > 0:
        day += dt.timedelta(1)
        days -= day.weekday() < 5
    return day


@dataclasses.dataclass(frozen=True)
class Line:
    """A package on the desk, judged."""

    package: Package
    counts: dict[str, int]
    all: int
    expected_date: dt.date | None
    bucket: str
    why: str

    @property
    def bucket_name(self) -> str:
        return str(BUCKETS[self.bucket])

    @property
    def accepted(self) -> int:
        return self.counts[S.ACCEPTED]

    @property
    def left(self) -> int:
        """Episodes the platform has not got or has sent back."""
        return sum(self.counts[state] for state in (S.OPEN, S.FAILED, S.READY, S.REDELIVER))


# Why a package is where it is, by code; the first rule that holds decides.
WHY = {
    "rejected": pgettext_lazy("bucket", "The platform rejected the title."),
    "past_due": pgettext_lazy("bucket", "The due date has passed."),
    "send_failed": pgettext_lazy("bucket", "The last sending failed."),
    "redeliver": pgettext_lazy("bucket", "Episodes were refused."),
    "failed": pgettext_lazy("bucket", "Episodes failed inspection."),
    "due_soon": pgettext_lazy("bucket", "Due soon, and episodes have not gone out."),
    "verdict_late": pgettext_lazy("bucket", "The verdict is later than usual."),
    "": "",
}


def judge(
    *,
    state: str,
    counts: dict[str, int],
    due_date: dt.date | None,
    expected_date: dt.date | None,
    send_failed: bool,
    today: dt.date,
) -> tuple[str, str]:
    """The bucket of a package and the code of its reason; the worst rule that holds."""
    if state in OVER:
        return "over", ""
    left = sum(counts[one] for one in (S.OPEN, S.FAILED, S.READY, S.REDELIVER))
    undecided = left + counts[S.SENT]
    soon = due_date is not None and (due_date - today).days <= NEAR_DAYS
    if state == PackageState.REJECTED:
        return "critical", "rejected"
    if due_date is not None and due_date < today and undecided:
        return "critical", "past_due"
    if counts[S.REDELIVER]:
        return ("critical" if soon else "at_risk"), "redeliver"
    if send_failed:
        return "at_risk", "send_failed"
    if counts[S.FAILED]:
        return "at_risk", "failed"
    if soon and left:
        return "at_risk", "due_soon"
    if counts[S.SENT] and expected_date is not None and expected_date < today:
        return "at_risk", "verdict_late"
    return "on_track", ""


def line_of(package: Package, today: dt.date) -> Line:
    """A package of `packages_for`, judged on that date."""
    counts = {state: getattr(package, f"n_{state}") for state in S.values}
    expected = None
    if counts[S.SENT] and package.sent_at is not None:
        sent_date = package.sent_at.astimezone(package.production.studio.zone).date()
        expected = working_days_after(sent_date, package.platform.review_days)
    bucket, why = judge(
        state=package.state, counts=counts, due_date=package.due_date, expected_date=expected,
        send_failed=bool(package.send_error), today=today,
    )  # fmt: skip
    return Line(package, counts, package.n_all, expected, bucket, why)  # type: ignore[attr-defined]


_ORDER = {bucket: place for place, bucket in enumerate(BUCKETS)}


def desk(rows: QuerySet[Package], today: dt.date) -> list[Line]:
    """Packages judged, the worst and the soonest first; one query."""
    lines = [line_of(package, today) for package in rows]
    far = dt.date.max
    return sorted(lines, key=lambda line: (_ORDER[line.bucket], line.package.due_date or far, -line.package.pk))


@dataclasses.dataclass(frozen=True)
class Found:
    """A finding in the reader's language."""

    severity: str
    text: str


def found(findings: list[dict[str, Any]]) -> list[Found]:
    """Kept findings as sentences, those that stop a sending first."""
    rows = [Found(row.get("severity", "error"), finding_sentence(row)) for row in findings]
    return sorted(rows, key=lambda row: row.severity != "error")


def grid(package: Package) -> list[Deliverable]:
    return list(package.deliverables.select_related("episode", "master").order_by("episode__number"))


def verdicts(package: Package) -> QuerySet[Verdict]:
    return package.verdicts.select_related("deliverable__episode").order_by("-id")


def history(package: Package) -> QuerySet[Event]:
    """What happened to the package itself, newest first."""
    return Event.objects.filter(subject=f"delivery.package:{package.pk}").order_by("-id")


def delivery_history(deliverable: Deliverable) -> QuerySet[Event]:
    subjects = [f"delivery.deliverable:{deliverable.pk}", f"delivery.package:{deliverable.package_id}"]
    return Event.objects.filter(subject__in=subjects).order_by("-id")


def states_of(production: Production) -> dict[str, dict[str, int]]:
    """Episodes by state for each platform code of a title, for pages that show delivery at a glance."""
    rows = (
        Deliverable.objects.filter(package__production=production)
        .values_list("package__platform__code", "state")
        .annotate(n=Count("pk"))
        .order_by("package__platform__code", "state")
    )
    found_: dict[str, dict[str, int]] = {}
    for code, state, count in rows:
        found_.setdefault(code, {})[state] = count
    return found_


def coordinators(studio_id: int) -> QuerySet[User]:
    """Those of a studio who send packages and enter verdicts, over all its titles."""
    from studio.access import TABLE

    return User.objects.filter(
        memberships__studio=studio_id, memberships__production=None,
        memberships__role__in=TABLE["delivery.edit"], is_active=True,
    ).distinct()  # fmt: skip
