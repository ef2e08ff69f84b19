"""REST doors of call sheets."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from scheduling import call_sheets
from scheduling.call_sheet_clock import LATEST
from scheduling.call_sheet_draft import draft_call_sheet
from scheduling.call_sheet_warnings import warnings_of
from scheduling.models import CallSheet, CallSheetRecipient, ShootDay
from studio.api.lists import EventsMixin, RowsViewSet


class CallSheetSerializer(serializers.ModelSerializer[CallSheet]):
    production = serializers.IntegerField(source="shoot_day.production_id", read_only=True)
    date = serializers.DateField(source="shoot_day.date", read_only=True)
    unit = serializers.CharField(source="shoot_day.unit", read_only=True)

    class Meta:
        model = CallSheet
        fields = [
            "id", "shoot_day", "production", "date", "unit", "revision", "state", "issued_by", "issued_at",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class CallSerializer(serializers.ModelSerializer[CallSheetRecipient]):
    name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = CallSheetRecipient
        fields = [
            "id", "person", "name", "department", "job_title", "call_minute", "scene_numbers", "opened_at",
            "confirmed_at",
        ]  # fmt: skip
        read_only_fields = fields


class AlarmSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    params = serializers.DictField()


class CallSheetDetailSerializer(CallSheetSerializer):
    recipients = CallSerializer(many=True, read_only=True)
    data = serializers.JSONField(read_only=True, help_text="The sheet's contents as issued; times are minutes.")

    class Meta(CallSheetSerializer.Meta):
        fields = [*CallSheetSerializer.Meta.fields, "data", "recipients"]
        read_only_fields = fields


class IssuedSerializer(CallSheetDetailSerializer):
    warnings = AlarmSerializer(many=True, read_only=True)

    class Meta(CallSheetDetailSerializer.Meta):
        fields = [*CallSheetDetailSerializer.Meta.fields, "warnings"]
        read_only_fields = fields


class IssueSerializer(serializers.Serializer[Any]):
    """What to issue. `calls`: engagement id -> minute of the day; null follows the plan again."""

    shoot_day = serializers.PrimaryKeyRelatedField(queryset=ShootDay.objects.all())
    notes = serializers.CharField(required=False, allow_blank=True, max_length=call_sheets.NOTES_LIMIT)
    calls = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=LATEST - 1, allow_null=True), required=False
    )
    makeup_minutes = serializers.IntegerField(required=False, min_value=0, max_value=480)

    def validate_calls(self, calls: dict[str, int | None]) -> dict[int, int | None]:
        if any(not key.isdecimal() or len(key) > 18 for key in calls):
            raise serializers.ValidationError("Keys are engagement ids.", code="not_an_id")
        return {int(key): minute for key, minute in calls.items()}


class CallSheetFilter(django_filters.FilterSet):
    production = django_filters.NumberFilter(field_name="shoot_day__production")
    date = django_filters.DateFilter(field_name="shoot_day__date")

    class Meta:
        model = CallSheet
        fields = ["shoot_day", "production", "date", "state"]


class CallSheetViewSet(EventsMixin, RowsViewSet):
    """Call sheets: list, one with its calls, its events; POST issues or revises the sheet of a shoot day."""

    queryset = CallSheet.objects.all()
    serializer_class = CallSheetSerializer
    filterset_class = CallSheetFilter
    verbs = {"list": "shoot.view", "retrieve": "shoot.view", "events": "event.view", "create": "shoot.log"}
    subject_kind = "scheduling.call_sheet"

    @extend_schema(responses=CallSheetDetailSerializer)
    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        return Response(CallSheetDetailSerializer(self.get_object()).data)

    @extend_schema(request=IssueSerializer, responses={201: IssuedSerializer})
    def create(self, request: Request) -> Response:
        """Issue the sheet of a shoot day. Warnings come with it and stop nothing; no change answers the sheet in force."""
        body = IssueSerializer(data=request.data)
        # Days of other studios do not exist here, and answer like ids that never did.
        body.fields["shoot_day"].queryset = self.caller.scope(ShootDay.objects.all(), "shoot.log")  # type: ignore[attr-defined]
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        sheet = call_sheets.issue_call_sheet(by=request.user, **values)
        day = ShootDay.objects.select_related("production__studio").get(pk=sheet.shoot_day_id)
        sheet.warnings = warnings_of(draft_call_sheet(day, last=sheet), day)
        return Response(IssuedSerializer(sheet).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


def register(router: SimpleRouter) -> None:
    """Add the call sheets' routes."""
    router.register("call-sheets", CallSheetViewSet, basename="call-sheet")
