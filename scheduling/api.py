"""REST doors of this room: boards, shoot days, bookings."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from scheduling import call_sheet_api
from scheduling.models import BoardDay, Booking, PlannedScene, ShootDay, Strip, Stripboard
from studio.api.lists import EventsMixin, RowsViewSet


class StripSerializer(serializers.ModelSerializer[Strip]):
    number = serializers.CharField(source="scene.number", read_only=True)
    episode = serializers.IntegerField(source="scene.episode.number", read_only=True)
    set_name = serializers.CharField(source="scene.set_name", read_only=True)

    class Meta:
        model = Strip
        fields = [
            "scene", "number", "episode", "set_name", "day", "position", "start_minute", "end_minute", "pinned",
        ]  # fmt: skip


class BoardDaySerializer(serializers.ModelSerializer[BoardDay]):
    class Meta:
        model = BoardDay
        fields = ["id", "date", "unit", "call_minute", "limit_minutes", "wrap_minute"]


class StripboardSerializer(serializers.ModelSerializer[Stripboard]):
    class Meta:
        model = Stripboard
        fields = [
            "id", "production", "name", "state", "version", "solved_version", "locked_at", "lock_reason", "created_at",
            "updated_at",
        ]  # fmt: skip


class StripboardDetailSerializer(StripboardSerializer):
    """One board with its columns and strips; strips without a day are in the boneyard."""

    days = BoardDaySerializer(many=True, read_only=True)
    strips = StripSerializer(many=True, read_only=True)

    class Meta(StripboardSerializer.Meta):
        fields = [*StripboardSerializer.Meta.fields, "days", "strips"]


class StripboardFilter(django_filters.FilterSet):
    class Meta:
        model = Stripboard
        fields = ["production", "state"]


class StripboardViewSet(EventsMixin, RowsViewSet):
    queryset = Stripboard.objects.all()
    serializer_class = StripboardSerializer
    filterset_class = StripboardFilter
    verbs = {"list": "board.view", "retrieve": "board.view", "events": "event.view"}
    subject_kind = "scheduling.stripboard"

    @extend_schema(responses=StripboardDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One board with its days and strips."""
        board = self.get_object()
        board = Stripboard.objects.prefetch_related("days", "strips__scene__episode").get(pk=board.pk)
        return Response(StripboardDetailSerializer(board).data)

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


class PlannedSceneSerializer(serializers.ModelSerializer[PlannedScene]):
    number = serializers.CharField(source="scene.number", read_only=True)
    episode = serializers.IntegerField(source="scene.episode.number", read_only=True)
    set_name = serializers.CharField(source="scene.set_name", read_only=True)

    class Meta:
        model = PlannedScene
        fields = ["scene", "number", "episode", "set_name", "position", "start_minute", "end_minute", "owed_at"]


class ShootDaySerializer(serializers.ModelSerializer[ShootDay]):
    base_name = serializers.CharField(source="base.name", read_only=True, default=None)

    class Meta:
        model = ShootDay
        fields = [
            "id", "production", "board", "number", "unit", "date", "call_minute", "wrap_minute", "base", "base_name",
            "state", "created_at", "updated_at",
        ]  # fmt: skip


class ShootDayDetailSerializer(ShootDaySerializer):
    """One shoot day with its scenes in order."""

    scenes = PlannedSceneSerializer(source="planned_scenes", many=True, read_only=True)

    class Meta(ShootDaySerializer.Meta):
        fields = [*ShootDaySerializer.Meta.fields, "scenes"]


class ShootDayFilter(django_filters.FilterSet):
    date_from = django_filters.DateFilter("date", "gte")
    date_to = django_filters.DateFilter("date", "lte")

    class Meta:
        model = ShootDay
        fields = ["production", "state", "unit", "date"]


class ShootDayViewSet(EventsMixin, RowsViewSet):
    queryset = ShootDay.objects.all()
    serializer_class = ShootDaySerializer
    filterset_class = ShootDayFilter
    verbs = {"list": "shoot.view", "retrieve": "shoot.view", "events": "event.view"}
    subject_kind = "scheduling.shoot_day"

    @extend_schema(responses=ShootDayDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One shoot day with the scenes it plans."""
        day = self.get_object()
        day = ShootDay.objects.select_related("base").prefetch_related("planned_scenes__scene__episode").get(pk=day.pk)
        return Response(ShootDayDetailSerializer(day).data)

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


class BookingSerializer(serializers.ModelSerializer[Booking]):
    location_name = serializers.CharField(source="location.name", read_only=True)
    base_name = serializers.CharField(source="location.base.name", read_only=True)

    class Meta:
        model = Booking
        fields = [
            "id", "production", "location", "location_name", "base_name", "start_at", "end_at", "state", "created_at",
            "updated_at",
        ]  # fmt: skip


class BookingFilter(django_filters.FilterSet):
    class Meta:
        model = Booking
        fields = ["production", "location", "state"]


class BookingViewSet(EventsMixin, RowsViewSet):
    queryset = Booking.objects.all()
    serializer_class = BookingSerializer
    filterset_class = BookingFilter
    verbs = {"list": "board.view", "retrieve": "board.view", "events": "event.view"}
    subject_kind = "scheduling.booking"

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


def register(router: SimpleRouter) -> None:
    """Add this room's routes."""
    router.register("stripboards", StripboardViewSet, basename="stripboard")
    router.register("shoot-days", ShootDayViewSet, basename="shoot-day")
    router.register("bookings", BookingViewSet, basename="booking")
    call_sheet_api.register(router)
