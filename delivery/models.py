"""Platforms, specs, packages, deliverables, verdicts and takedowns."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delivery.checks import Spec as Rules
from delivery.checks import SpecFault
from delivery.choices import AdapterCode, DeliverableState, PackageState, VerdictCode
from delivery.sentences import fault_sentence
from postproduction.models import Master
from studio.models import AppendOnly, Episode, Production, Scoped, Stamped, Studio


class Platform(Stamped, Scoped):
    """A platform a studio delivers to."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="platforms", verbose_name=_("studio"))
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=80)
    adapter = models.CharField(_("sent by"), max_length=20, choices=AdapterCode, default=AdapterCode.FOLDER)
    review_days = models.PositiveSmallIntegerField(_("usual review (working days)"), default=3)

    class Meta:
        verbose_name = _("platform")
        verbose_name_plural = _("platforms")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["studio", "code"], name="platform_code_once")]

    def __str__(self) -> str:
        return self.name


def validate_rules(rules: object) -> None:
    """Only a spec that the checks can read is kept."""
    try:
        Rules.from_json(rules)
    except SpecFault as fault:
        raise ValidationError(fault_sentence(fault.code, fault.params), code=fault.code) from None


class Spec(Stamped, Scoped):
    """What a platform asks of a package, from a date; `rules` is the JSON of `delivery.checks`."""

    studio_path = "platform__studio"
    production_path = None

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="specs", verbose_name=_("platform"))
    from_date = models.DateField(_("in force from"))
    rules = models.JSONField(_("rules"), validators=[validate_rules])
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("delivery", "spec")
        verbose_name_plural = pgettext_lazy("delivery", "specs")
        ordering = ["platform_id", "-from_date"]
        constraints = [models.UniqueConstraint(fields=["platform", "from_date"], name="spec_once_per_date")]

    def __str__(self) -> str:
        return f"{self.platform} · {self.from_date}"

    def asked_by(self, platform_code: str) -> Rules:
        """The rules to check with: numbers a platform issued hold on that platform alone. Raises SpecFault."""
        return Rules.from_json({**self.rules, "platform": platform_code})


class Package(Stamped, Scoped):
    """A title handed to a platform: one per title and platform, in rounds."""

    studio_path = "production__studio"
    platform_path = "platform__code"

    production = models.ForeignKey(Production, models.CASCADE, related_name="packages", verbose_name=_("production"))
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="packages", verbose_name=_("platform"))
    spec = models.ForeignKey(Spec, models.PROTECT, related_name="+", verbose_name=_("spec"))
    state = models.CharField(_("title"), max_length=12, choices=PackageState, default=PackageState.DRAFT)
    round = models.PositiveIntegerField(_("round"), default=0)
    synopsis = models.CharField(_("synopsis"), max_length=1000, blank=True)
    tagline = models.CharField(_("tagline"), max_length=120, blank=True)
    findings = models.JSONField(_("findings on the title"), default=list, blank=True)
    due_date = models.DateField(_("due"), null=True, blank=True)
    inspected_at = models.DateTimeField(_("inspected"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # Where a send that fails goes back to; empty when nothing is being sent.
    state_before = models.CharField(max_length=12, blank=True, editable=False)
    send_error = models.CharField(_("why the last send failed"), max_length=300, blank=True)
    live_at = models.DateTimeField(_("on air since"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("delivery", "package")
        verbose_name_plural = pgettext_lazy("delivery", "packages")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["production", "platform"], name="package_once_per_platform"),
            models.CheckConstraint(condition=Q(state__in=PackageState.values), name="package_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[PackageState.DRAFT, PackageState.SENDING]) | Q(sent_at__isnull=False),
                name="package_sent_at_once_sent",
            ),
            models.CheckConstraint(
                condition=Q(state=PackageState.SENDING) & ~Q(state_before="")
                | ~Q(state=PackageState.SENDING) & Q(state_before=""),
                name="package_sending_knows_the_way_back",
            ),
            models.CheckConstraint(
                condition=~Q(state=PackageState.LIVE) | Q(live_at__isnull=False), name="package_live_has_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production} → {self.platform}"


class Deliverable(Stamped, Scoped):
    """One episode for one platform: its master, what inspection found, where it stands."""

    studio_path = "package__production__studio"
    production_path = "package__production"
    platform_path = "package__platform__code"

    package = models.ForeignKey(Package, models.CASCADE, related_name="deliverables", verbose_name=_("package"))
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="deliverables", verbose_name=_("episode"))
    master = models.ForeignKey(
        Master, models.PROTECT, null=True, blank=True, related_name="deliverables", verbose_name=_("master")
    )
    state = models.CharField(_("state"), max_length=12, choices=DeliverableState, default=DeliverableState.OPEN)
    round = models.PositiveIntegerField(_("round"), default=0)
    findings = models.JSONField(_("findings"), default=list, blank=True)
    override_reason = models.CharField(_("sent all the same because"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("the platform's reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("delivery", "deliverable")
        verbose_name_plural = pgettext_lazy("delivery", "deliverables")
        ordering = ["package_id", "episode__number"]
        constraints = [
            models.UniqueConstraint(fields=["package", "episode"], name="deliverable_once_per_package"),
            models.CheckConstraint(condition=Q(state__in=DeliverableState.values), name="deliverable_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[DeliverableState.SENT, DeliverableState.ACCEPTED])
                | Q(master__isnull=False, sent_at__isnull=False),
                name="deliverable_sent_has_master",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DeliverableState.READY, DeliverableState.FAILED]) | Q(master__isnull=False),
                name="deliverable_inspected_has_master",
            ),
        ]
        # The API pulls changes by this order.
        indexes = [models.Index(fields=["updated_at", "id"], name="deliverable_changes")]

    def __str__(self) -> str:
        return f"{self.package} · {self.episode}"


class Verdict(AppendOnly, Scoped):
    """What a platform said, once; `external_id` is the platform's own name for the message."""

    studio_path = "package__production__studio"
    production_path = "package__production"
    platform_path = "package__platform__code"

    package = models.ForeignKey(
        Package, models.CASCADE, related_name="verdicts", verbose_name=pgettext_lazy("delivery", "package")
    )
    deliverable = models.ForeignKey(
        Deliverable,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="verdicts",
        help_text=_("Empty: on the title."),
        verbose_name=pgettext_lazy("delivery", "deliverable"),
    )
    external_id = models.CharField(_("the platform's own name for it"), max_length=120)
    code = models.CharField(_("verdict"), max_length=10, choices=VerdictCode)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    round = models.PositiveIntegerField(_("round"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = pgettext_lazy("delivery", "verdict")
        verbose_name_plural = pgettext_lazy("delivery", "verdicts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["package", "external_id"], name="verdict_heard_once"),
            models.CheckConstraint(
                condition=~Q(code=VerdictCode.REFUSED) | ~Q(reason=""), name="verdict_refusal_says_why"
            ),
            models.CheckConstraint(condition=Q(code__in=VerdictCode.values), name="verdict_code_known"),
            models.CheckConstraint(condition=~Q(external_id=""), name="verdict_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.package} · {self.get_code_display()}"


class Takedown(AppendOnly, Scoped):
    """A title taken off a platform."""

    studio_path = "package__production__studio"
    production_path = "package__production"
    platform_path = "package__platform__code"

    package = models.ForeignKey(
        Package, models.CASCADE, related_name="takedowns", verbose_name=pgettext_lazy("delivery", "package")
    )
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = pgettext_lazy("delivery", "takedown")
        verbose_name_plural = pgettext_lazy("delivery", "takedowns")
        constraints = [
            models.UniqueConstraint(fields=["package"], name="takedown_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="takedown_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.package} · {self.reason}"
