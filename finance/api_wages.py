"""REST doors of what people are owed and paid."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from finance.models import WagePayment
from finance.queries.wages import people_owed, wage_lines
from studio.api.lists import RowsViewSet
from studio.models import Person


class OwedPersonSerializer(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ["id", "studio", "name", "updated_at"]
        read_only_fields = fields


class OwedItemSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField(source="line_id")
    production = serializers.IntegerField(source="production_id")
    what = serializers.CharField(source="label")
    earned_date = serializers.DateField()
    due_date = serializers.DateField(source="due.date", allow_null=True)
    currency = serializers.CharField()
    amount_minor = serializers.IntegerField()
    wage_payment = serializers.IntegerField(source="payment_id", allow_null=True)


class OwedSumSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    earned_minor = serializers.IntegerField()
    paid_minor = serializers.IntegerField()
    owed_minor = serializers.IntegerField()
    due_minor = serializers.IntegerField()
    overdue_minor = serializers.IntegerField()
    overdue_since = serializers.DateField(allow_null=True)
    next_due = serializers.DateField(allow_null=True)
    items = OwedItemSerializer(many=True)


class OwedSerializer(OwedPersonSerializer):
    owed = OwedSumSerializer(many=True)

    class Meta(OwedPersonSerializer.Meta):
        fields = [*OwedPersonSerializer.Meta.fields, "owed"]
        read_only_fields = fields


class OwedViewSet(RowsViewSet):
    """People of a studio; one of them with what they are owed over all titles, and when it is due."""

    queryset = Person.objects.all()
    serializer_class = OwedPersonSerializer
    verbs = {"list": "money.view", "retrieve": "money.view"}

    @extend_schema(responses=OwedSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        person = self.get_object()
        today = timezone.localdate(timezone=person.studio.zone)
        person.owed = people_owed(wage_lines().filter(person=person), today)
        return Response(OwedSerializer(person).data)


class WagePaymentSerializer(serializers.ModelSerializer[WagePayment]):
    class Meta:
        model = WagePayment
        fields = [
            "id", "studio", "person", "method", "currency", "on_date", "gross_minor", "tax_minor", "net_minor", "state",
            "approved_at", "paid_at", "bank_reference", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class WagePaymentFilter(django_filters.FilterSet):
    class Meta:
        model = WagePayment
        fields = ["person", "state", "on_date"]


class WagePaymentViewSet(RowsViewSet):
    queryset = WagePayment.objects.all()
    serializer_class = WagePaymentSerializer
    filterset_class = WagePaymentFilter
    verbs = {"list": "money.view", "retrieve": "money.view"}


def register(router: SimpleRouter) -> None:
    router.register("owed", OwedViewSet, basename="owed")
    router.register("wage-payments", WagePaymentViewSet, basename="wage-payment")
