"""REST door of bank batches: looked at, never changed. Account numbers stay behind the pages."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from finance.models import BankBatch
from finance.queries.banking import payments_of
from studio.api.lists import EventsMixin, RowsViewSet


class BankBatchSerializer(serializers.ModelSerializer[BankBatch]):
    class Meta:
        model = BankBatch
        fields = [
            "id", "studio", "template", "currency", "pay_date", "state", "approved_at", "exported_at", "file_name",
            "sha256", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class BankPaymentSerializer(serializers.Serializer[Any]):
    """A payout or a wage payment in the batch. `reference` is what the bank writes beside it."""

    id = serializers.IntegerField()
    reference = serializers.CharField()
    payout = serializers.IntegerField(source="payout_id", allow_null=True)
    wage_payment = serializers.IntegerField(source="wage_id", allow_null=True)
    payee = serializers.CharField()
    bank_name = serializers.CharField(source="account.bank_name")
    account_last4 = serializers.CharField(source="account.last4")
    amount_minor = serializers.IntegerField()
    state = serializers.CharField()
    reason = serializers.CharField()
    bank_reference = serializers.CharField()


class BankBatchDetailSerializer(BankBatchSerializer):
    payments = serializers.SerializerMethodField()

    class Meta(BankBatchSerializer.Meta):
        fields = [*BankBatchSerializer.Meta.fields, "payments"]
        read_only_fields = fields

    @extend_schema(responses=BankPaymentSerializer(many=True))
    def get_payments(self, row: BankBatch) -> list[dict[str, Any]]:
        return list(BankPaymentSerializer(payments_of(row), many=True).data)


class BankBatchFilter(django_filters.FilterSet):
    class Meta:
        model = BankBatch
        fields = ["state", "pay_date", "currency"]


class BankBatchViewSet(EventsMixin, RowsViewSet):
    """Batches of payments for the bank; one of them with what became of each payment."""

    queryset = BankBatch.objects.defer("sealed_file")
    serializer_class = BankBatchSerializer
    filterset_class = BankBatchFilter
    verbs = {"list": "money.view", "retrieve": "money.view", "events": "event.view"}
    subject_kind = "finance.bank_batch"

    @extend_schema(responses=BankBatchDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(BankBatchDetailSerializer(self.get_object()).data)

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


def register(router: SimpleRouter) -> None:
    router.register("bank-batches", BankBatchViewSet, basename="bank-batch")
