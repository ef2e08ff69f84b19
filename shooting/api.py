"""REST doors of this room."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from scheduling.call_sheet_clock import LATEST
from scheduling.models import ShootDay
from shooting import actions
from shooting.choices import ExtrasKind, ReportState, SceneResult, Weather
from shooting.models import DailyReport, ExtrasCount, SceneReport, TimeSheet
from studio.api.lists import EventsMixin, RowsViewSet


class DailyReportSerializer(serializers.ModelSerializer[DailyReport]):
    production = serializers.IntegerField(source="shoot_day.production_id", read_only=True)
    date = serializers.DateField(source="shoot_day.date", read_only=True)
    unit = serializers.CharField(source="shoot_day.unit", read_only=True)

    class Meta:
        model = DailyReport
        fields = [
            "id", "shoot_day", "production", "date", "unit", "state", "version", "call_minute", "first_shot_minute",
            "meal_minute", "meal_end_minute", "second_meal_minute", "second_meal_end_minute", "wrap_minute", "weather",
            "notes", "submitted_by", "submitted_at", "approved_by",
            "approved_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class SceneReportSerializer(serializers.ModelSerializer[SceneReport]):
    number = serializers.CharField(source="scene.number", read_only=True)

    class Meta:
        model = SceneReport
        fields = ["scene", "number", "result", "minutes", "setups", "note"]
        read_only_fields = fields


class TimeSheetSerializer(serializers.ModelSerializer[TimeSheet]):
    class Meta:
        model = TimeSheet
        fields = ["engagement", "call_minute", "wrap_minute"]
        read_only_fields = fields


class ExtrasCountSerializer(serializers.ModelSerializer[ExtrasCount]):
    class Meta:
        model = ExtrasCount
        fields = ["kind", "heads", "call_minute", "wrap_minute", "note"]
        read_only_fields = fields


class DailyReportDetailSerializer(DailyReportSerializer):
    scenes = SceneReportSerializer(many=True, read_only=True)
    extras = ExtrasCountSerializer(many=True, read_only=True)
    time_sheets = TimeSheetSerializer(many=True, read_only=True)

    class Meta(DailyReportSerializer.Meta):
        fields = [*DailyReportSerializer.Meta.fields, "scenes", "time_sheets", "extras"]
        read_only_fields = fields


def minute_field() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=LATEST - 1)


class LoggedSceneSerializer(serializers.Serializer[Any]):
    scene_id = serializers.IntegerField(min_value=1)
    result = serializers.ChoiceField(choices=SceneResult.choices)
    minutes = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=1440)
    setups = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=999)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)


class LoggedHoursSerializer(serializers.Serializer[Any]):
    engagement_id = serializers.IntegerField(min_value=1)
    call_minute = serializers.IntegerField(min_value=0, max_value=LATEST - 1)
    wrap_minute = serializers.IntegerField(min_value=0, max_value=LATEST - 1)


class LoggedExtrasSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ExtrasKind.choices)
    heads = serializers.IntegerField(min_value=1, max_value=actions.MOST_HEADS)
    call_minute = serializers.IntegerField(min_value=0, max_value=LATEST - 1)
    wrap_minute = serializers.IntegerField(min_value=0, max_value=LATEST - 1)
    note = serializers.CharField(required=False, allow_blank=True, max_length=120)


class LogSerializer(serializers.Serializer[Any]):
    """The whole of a report, as the log page sends it. Minutes count from the shoot day's midnight."""

    version = serializers.IntegerField(help_text="The version it was read at; another one by now is a conflict.")
    call_minute = minute_field()
    first_shot_minute = minute_field()
    meal_minute = minute_field()
    meal_end_minute = minute_field()
    second_meal_minute = minute_field()
    second_meal_end_minute = minute_field()
    wrap_minute = minute_field()
    weather = serializers.ChoiceField(choices=Weather.choices, required=False, allow_blank=True)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=actions.NOTES_LIMIT)
    scenes = LoggedSceneSerializer(many=True, required=False)
    time_sheets = LoggedHoursSerializer(many=True, required=False)
    extras = LoggedExtrasSerializer(many=True, required=False, help_text="Replaces the extras; left out, they stay.")


class OpenSerializer(serializers.Serializer[Any]):
    shoot_day = serializers.PrimaryKeyRelatedField(queryset=ShootDay.objects.all())


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class DailyReportFilter(django_filters.FilterSet):
    production = django_filters.NumberFilter(field_name="shoot_day__production")
    date = django_filters.DateFilter(field_name="shoot_day__date")

    class Meta:
        model = DailyReport
        fields = ["shoot_day", "production", "date", "state"]


class DailyReportViewSet(EventsMixin, RowsViewSet):
    """Daily reports: list, one with scenes and hours, its events; open, log, wrap, approve, reopen."""

    queryset = DailyReport.objects.select_related("shoot_day__production__studio")
    serializer_class = DailyReportSerializer
    filterset_class = DailyReportFilter
    verbs = {
        "list": "shoot.view", "retrieve": "shoot.view", "events": "event.view", "create": "shoot.log",
        "log": "shoot.log", "wrap": "shoot.log", "approve": "shoot.approve", "reopen": "shoot.log",
    }  # fmt: skip
    subject_kind = "shooting.report"

    def _answer(self, report: DailyReport, code: int = status.HTTP_200_OK) -> Response:
        fresh = DailyReport.objects.select_related("shoot_day").prefetch_related(
            "scenes__scene", "time_sheets", "extras"
        )
        return Response(DailyReportDetailSerializer(fresh.get(pk=report.pk)).data, status=code)

    @extend_schema(responses=DailyReportDetailSerializer)
    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        return self._answer(self.get_object())

    @extend_schema(request=OpenSerializer, responses={201: DailyReportDetailSerializer})
    def create(self, request: Request) -> Response:
        """Open the report of a shoot day, the planned scenes as owed; a second call answers the same one."""
        body = OpenSerializer(data=request.data)
        # Days of other studios do not exist here, and answer like ids that never did.
        body.fields["shoot_day"].queryset = self.caller.scope(ShootDay.objects.all(), "shoot.log")  # type: ignore[attr-defined]
        body.is_valid(raise_exception=True)
        report = actions.open_report(shoot_day=body.validated_data["shoot_day"], by=request.user)  # type: ignore[arg-type]
        return self._answer(report, status.HTTP_201_CREATED)

    @extend_schema(request=LogSerializer, responses=DailyReportDetailSerializer)
    @action(detail=True, methods=["post"])
    def log(self, request: Request, pk: str | None = None) -> Response:
        """Save a draft: times, weather, notes, and each scene's result."""
        report = self.get_object()
        body = LogSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self._answer(actions.log_shoot_day(report=report, by=request.user, **body.validated_data))

    @extend_schema(request=None, responses=DailyReportDetailSerializer)
    @action(detail=True, methods=["post"])
    def wrap(self, request: Request, pk: str | None = None) -> Response:
        """Submit the report; the day has wrapped."""
        return self._answer(actions.wrap_shoot_day(report=self.get_object(), by=request.user))  # type: ignore[arg-type]

    @extend_schema(request=None, responses=DailyReportDetailSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str | None = None) -> Response:
        """Approve a submitted report; unfinished scenes go back to be planned again."""
        return self._answer(actions.approve_daily_report(report=self.get_object(), by=request.user))  # type: ignore[arg-type]

    @extend_schema(request=ReasonSerializer, responses=DailyReportDetailSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str | None = None) -> Response:
        """Make a report a draft again; an approved one with a reason, by somebody who may approve."""
        report = self.get_object()
        if report.state == ReportState.APPROVED and not self.caller.may_on(
            "shoot.approve", report.shoot_day.production
        ):
            raise PermissionDenied
        body = ReasonSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        reason = body.validated_data.get("reason", "")
        return self._answer(actions.reopen_report(report=report, by=request.user, reason=reason))  # type: ignore[arg-type]

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


def register(router: SimpleRouter) -> None:
    """Add this room's routes."""
    router.register("daily-reports", DailyReportViewSet, basename="daily-report")
