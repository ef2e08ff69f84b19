"""REST doors of what a studio spends."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from finance.models import PettySlip, PromotionSpend, PurchaseLine, PurchaseOrder, Tariff
from finance.orders import order_sums
from studio.api.lists import EventsMixin, RowsViewSet


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


class PurchaseOrderSerializer(serializers.ModelSerializer[PurchaseOrder]):
    class Meta:
        model = PurchaseOrder
        fields = [
            "id", "production", "number", "title", "account", "supplier", "supplier_name", "expected_date", "scene",
            "shoot_day", "needed_for", "state", "approved_at", "reason", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class PurchaseLineSerializer(serializers.ModelSerializer[PurchaseLine]):
    class Meta:
        model = PurchaseLine
        fields = ["id", "name", "quantity", "rate_minor"]


class PurchaseDetailSerializer(PurchaseOrderSerializer):
    lines = PurchaseLineSerializer(many=True)
    ordered_minor = serializers.IntegerField(source="sums.ordered_minor")
    received_minor = serializers.IntegerField(source="sums.received_minor")
    invoiced_minor = serializers.IntegerField(source="sums.invoiced_minor")
    cost_minor = serializers.IntegerField(source="sums.cost_minor")
    committed_minor = serializers.IntegerField(source="sums.committed_minor")

    class Meta(PurchaseOrderSerializer.Meta):
        fields = [
            *PurchaseOrderSerializer.Meta.fields, "lines", "ordered_minor", "received_minor", "invoiced_minor",
            "cost_minor", "committed_minor",
        ]  # fmt: skip
        read_only_fields = fields


class PurchaseFilter(django_filters.FilterSet):
    class Meta:
        model = PurchaseOrder
        fields = ["production", "state", "account", "supplier"]


class PurchaseViewSet(EventsMixin, RowsViewSet):
    """Purchase orders; one of them with its lines and what it costs and still promises."""

    queryset = PurchaseOrder.objects.all()
    serializer_class = PurchaseOrderSerializer
    filterset_class = PurchaseFilter
    verbs = {"list": "money.request", "retrieve": "money.request", "events": "event.view"}
    subject_kind = "finance.order"

    @extend_schema(responses=PurchaseDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        row.sums = order_sums([row])[row.pk]
        return Response(PurchaseDetailSerializer(row).data)

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


class PettySlipSerializer(serializers.ModelSerializer[PettySlip]):
    class Meta:
        model = PettySlip
        fields = [
            "id", "production", "holder", "account", "amount_minor", "spent_date", "what_for", "no_photo_reason",
            "sha256", "state", "reason", "decided_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class PettySlipFilter(django_filters.FilterSet):
    class Meta:
        model = PettySlip
        fields = ["production", "holder", "state", "account"]


class PettySlipViewSet(RowsViewSet):
    """Petty cash slips; their photos stay behind the pages."""

    queryset = PettySlip.objects.all()
    serializer_class = PettySlipSerializer
    filterset_class = PettySlipFilter
    verbs = {"list": "money.view", "retrieve": "money.view"}


class PromotionSpendSerializer(serializers.ModelSerializer[PromotionSpend]):
    class Meta:
        model = PromotionSpend
        fields = ["id", "production", "platform", "campaign", "on_date", "amount_minor", "created_at", "updated_at"]
        read_only_fields = fields


class PromotionSpendFilter(django_filters.FilterSet):
    class Meta:
        model = PromotionSpend
        fields = ["production", "platform", "campaign", "on_date"]


class PromotionSpendViewSet(RowsViewSet):
    """What was paid to promote titles, by platform, campaign and day."""

    queryset = PromotionSpend.objects.all()
    serializer_class = PromotionSpendSerializer
    filterset_class = PromotionSpendFilter
    verbs = {"list": "money.view", "retrieve": "money.view"}


def register(router: SimpleRouter) -> None:
    router.register("tariffs", TariffViewSet, basename="tariff")
    router.register("promotion-spend", PromotionSpendViewSet, basename="promotion-spend")
    router.register("petty-slips", PettySlipViewSet, basename="petty-slip")
    router.register("purchases", PurchaseViewSet, basename="purchase")
