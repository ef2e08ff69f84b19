"""Daily reports, what became of each scene, and the hours people worked."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scheduling.models import ShootDay
from scripts_app.models import Scene
from shooting.choices import ExtrasKind, ReportState, SceneResult, Weather
from studio.models import Engagement, Scoped, Stamped, User


class DailyReport(Stamped, Scoped):
    """The report of a shoot day. Minutes count from the shoot day's midnight and may pass 1440."""

    studio_path = "shoot_day__production__studio"
    production_path = "shoot_day__production"

    shoot_day = models.OneToOneField(ShootDay, models.PROTECT, related_name="report", verbose_name=_("shoot day"))
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.DRAFT)
    version = models.BigIntegerField(default=1, editable=False)
    call_minute = models.PositiveIntegerField(_("call"), null=True, blank=True)
    first_shot_minute = models.PositiveIntegerField(_("first shot"), null=True, blank=True)
    meal_minute = models.PositiveIntegerField(_("meal"), null=True, blank=True)
    meal_end_minute = models.PositiveIntegerField(_("end of the meal"), null=True, blank=True)
    second_meal_minute = models.PositiveIntegerField(_("second meal"), null=True, blank=True)
    second_meal_end_minute = models.PositiveIntegerField(_("end of the second meal"), null=True, blank=True)
    wrap_minute = models.PositiveIntegerField(_("wrap"), null=True, blank=True)
    weather = models.CharField(_("weather"), max_length=10, choices=Weather, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    submitted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("submitted by")
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    class Meta:
        verbose_name = _("daily report")
        verbose_name_plural = _("daily reports")
        ordering = ["-shoot_day__date"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="daily_report_state_known"),
            models.CheckConstraint(
                condition=Q(state=ReportState.APPROVED, approved_at__isnull=False)
                | (~Q(state=ReportState.APPROVED) & Q(approved_at=None)),
                name="daily_report_approved_at_iff_approved",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT) | Q(call_minute__isnull=False, wrap_minute__isnull=False),
                name="daily_report_submitted_has_times",
            ),
            models.CheckConstraint(
                condition=Q(call_minute=None) | Q(wrap_minute=None) | Q(wrap_minute__gt=F("call_minute")),
                name="daily_report_wraps_after_call",
            ),
            models.CheckConstraint(
                condition=Q(meal_end_minute=None) | Q(meal_minute__isnull=False, meal_end_minute__gt=F("meal_minute")),
                name="daily_report_meal_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(second_meal_minute=None)
                | Q(meal_end_minute__isnull=False, second_meal_minute__gte=F("meal_end_minute")),
                name="daily_report_second_meal_after_first",
            ),
            models.CheckConstraint(
                condition=Q(second_meal_end_minute=None)
                | Q(second_meal_minute__isnull=False, second_meal_end_minute__gt=F("second_meal_minute")),
                name="daily_report_second_meal_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return str(self.shoot_day)

    @property
    def meals(self) -> list[tuple[int, int | None]]:
        """Start and end of each meal, in order."""
        pairs = ((self.meal_minute, self.meal_end_minute), (self.second_meal_minute, self.second_meal_end_minute))
        return [(start, end) for start, end in pairs if start is not None]


class SceneReport(Scoped):
    """What became of one scene that day. A scene can be on several days' reports until it is shot."""

    studio_path = "report__shoot_day__production__studio"
    production_path = "report__shoot_day__production"

    report = models.ForeignKey(DailyReport, models.CASCADE, related_name="scenes", verbose_name=_("daily report"))
    scene = models.ForeignKey(Scene, models.PROTECT, related_name="reports", verbose_name=_("scene"))
    position = models.PositiveIntegerField(_("place in the order"), default=0)
    result = models.CharField(_("result"), max_length=6, choices=SceneResult)
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    setups = models.PositiveIntegerField(_("setups"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("scene on a report")
        verbose_name_plural = _("scenes on reports")
        ordering = ["report_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "scene"], name="scene_report_once_per_day"),
            models.CheckConstraint(condition=Q(result__in=SceneResult.values), name="scene_report_result_known"),
        ]

    def __str__(self) -> str:
        return f"{self.scene} · {self.get_result_display()}"


class TimeSheet(Scoped):
    """One person's hours on a shoot day."""

    studio_path = "report__shoot_day__production__studio"
    production_path = "report__shoot_day__production"

    report = models.ForeignKey(DailyReport, models.CASCADE, related_name="time_sheets", verbose_name=_("daily report"))
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="time_sheets", verbose_name=_("person"))
    call_minute = models.PositiveIntegerField(_("call"))
    wrap_minute = models.PositiveIntegerField(_("wrap"))
    # Hours nobody typed follow the call sheet and the day's wrap, also when the report is opened again.
    typed = models.BooleanField(_("typed"), default=False, editable=False)

    class Meta:
        verbose_name = _("time sheet")
        verbose_name_plural = _("time sheets")
        ordering = ["report_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "engagement"], name="time_sheet_once_per_day"),
            models.CheckConstraint(condition=Q(wrap_minute__gt=F("call_minute")), name="time_sheet_wraps_after_call"),
        ]

    def __str__(self) -> str:
        return str(self.engagement)


class ExtrasCount(Scoped):
    """Extras of one kind with the same hours on a shoot day, by heads."""

    studio_path = "report__shoot_day__production__studio"
    production_path = "report__shoot_day__production"

    report = models.ForeignKey(DailyReport, models.CASCADE, related_name="extras", verbose_name=_("daily report"))
    position = models.PositiveSmallIntegerField(_("place in the order"))
    kind = models.CharField(_("kind"), max_length=8, choices=ExtrasKind)
    heads = models.PositiveIntegerField(_("heads"))
    call_minute = models.PositiveIntegerField(_("call"))
    wrap_minute = models.PositiveIntegerField(_("wrap"))
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("extras on a report")
        verbose_name_plural = _("extras on reports")
        ordering = ["report_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="extras_count_one_row_per_place"),
            models.CheckConstraint(condition=Q(kind__in=ExtrasKind.values), name="extras_count_kind_known"),
            models.CheckConstraint(condition=Q(heads__gt=0), name="extras_count_has_heads"),
            models.CheckConstraint(condition=Q(wrap_minute__gt=F("call_minute")), name="extras_count_wraps_after_call"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} × {self.heads}"
