"""REST doors of what a studio spends."""

from __future__ import annotations

import django_filters
from rest_framework import serializers
from rest_framework.routers import SimpleRouter

from finance.models import Tariff
from studio.api.lists import RowsViewSet


class TariffSerializer(serializers.ModelSerializer[Tariff]):
    class Meta:
        model = Tariff
        fields = [
            "id", "kind", "base", "from_date", "flat_minor", "half_day_minor", "hour_minor", "percent", "day_minutes",
            "half_day_minutes", "night_from_minute", "night_to_minute", "weekdays", "source", "created_at",
            "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class TariffFilter(django_filters.FilterSet):
    class Meta:
        model = Tariff
        fields = ["kind", "base", "from_date"]


class TariffViewSet(RowsViewSet):
    """Dated tariffs: what extras, forced calls, late meals, nights and weekends cost."""

    queryset = Tariff.objects.all()
    serializer_class = TariffSerializer
    filterset_class = TariffFilter
    verbs = {"list": "money.view", "retrieve": "money.view"}


def register(router: SimpleRouter) -> None:
    router.register("tariffs", TariffViewSet, basename="tariff")
