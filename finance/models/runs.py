"""A month settled over all titles: the run, and one row for each statement that it takes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.models import Platform
from finance.choices import RunOutcome
from finance.models.contracts import Joint
from finance.models.settlements import Settlement
from finance.models.statements import Statement
from studio.models import Job, Scoped, Stamped, Studio, User


class SettlementRun(Stamped, Scoped):
    """Who had a month's statements settled, and when. Without a platform: those of all platforms."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="settlement_runs", verbose_name=_("studio"))
    period = models.CharField(_("month"), max_length=7)
    platform = models.ForeignKey(
        Platform, models.PROTECT, null=True, blank=True, related_name="settlement_runs", verbose_name=_("platform")
    )
    started_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started"))
    # The issuing under way or the last one: its job says how far it is.
    issue_job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("issuing")
    )

    class Meta:
        verbose_name = _("settlement run")
        verbose_name_plural = _("settlement runs")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(period=""), name="settlementrun_has_a_month")]

    def __str__(self) -> str:
        return f"{self.period} · {self.platform}" if self.platform else self.period


class RunTitle(Stamped, Joint):
    """One statement in a run, from the waiting job to the reviewed draft.

    A review is of one draft: `reviewed_draft` is the moment at which that was written, so a settlement that is worked
    out again has to be looked at again. `refusal` is what stands in the way, with its code, English text and places.
    """

    studio_path = "run__studio"
    production_path = "statement__production"
    contract_path = "settlement__contract__"
    contract_id_path = "settlement__contract"

    run = models.ForeignKey(SettlementRun, models.CASCADE, related_name="titles", verbose_name=_("settlement run"))
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="run_titles", verbose_name=_("statement"))
    settlement = models.ForeignKey(
        Settlement, models.SET_NULL, null=True, blank=True, related_name="run_titles", verbose_name=_("settlement")
    )
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("job"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=RunOutcome, default=RunOutcome.WAITING)
    refusal_code = models.CharField(_("refused because"), max_length=40, blank=True)
    refusal = models.JSONField(_("refusal"), default=dict, blank=True)
    reviewed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    reviewed_draft = models.DateTimeField(_("draft reviewed"), null=True, blank=True)
    # Why it was not issued when the run was: a sentence as in `refusal`, empty when there is none.
    issue_refusal = models.JSONField(_("not issued because"), default=dict, blank=True)

    class Meta:
        verbose_name = _("title of a settlement run")
        verbose_name_plural = _("titles of settlement runs")
        ordering = ["run_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "statement"], name="runtitle_once_per_run"),
            # Two runs, or one started twice, never work out the same statement at once.
            models.UniqueConstraint(
                fields=["statement"], condition=Q(outcome=RunOutcome.WAITING), name="runtitle_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome=RunOutcome.REFUSED) & ~Q(refusal_code="")
                | Q(outcome__in=[RunOutcome.WAITING, RunOutcome.DRAFTED], refusal_code=""),
                name="runtitle_refusal_iff_refused",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_draft=None)
                | Q(reviewed_at__isnull=False, reviewed_draft__isnull=False, outcome=RunOutcome.DRAFTED),
                name="runtitle_review_of_a_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} · {self.statement}"
