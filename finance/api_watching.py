"""REST doors of what titles will cost and leave, and of the alarms on it: looked at, never changed."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from finance.models import MarginPoint, MoneyAlarm
from finance.queries.estimates import title_estimate
from finance.queries.hot_costs import title_costs
from finance.queries.margins import title_margin
from studio.api.lists import RowsViewSet
from studio.models import Production

MOST_POINTS = 50


class EstimateTitleSerializer(serializers.ModelSerializer[Production]):
    class Meta:
        model = Production
        fields = ["id", "studio", "code", "title", "updated_at"]
        read_only_fields = fields


class EstimateAccountSerializer(serializers.Serializer[Any]):
    """`computed_minor` is posted + reported + committed + owed + rest; `given_minor` a person's figure in its place."""

    account = serializers.CharField()
    budget_minor = serializers.IntegerField(source="budget")
    posted_minor = serializers.IntegerField(source="posted")
    reported_minor = serializers.IntegerField(source="reported")
    committed_minor = serializers.IntegerField(source="committed")
    owed_minor = serializers.IntegerField(source="owed")
    rest_minor = serializers.IntegerField(source="rest")
    computed_minor = serializers.IntegerField(source="computed")
    given_minor = serializers.IntegerField(source="override", allow_null=True)
    at_completion_minor = serializers.IntegerField(source="at_completion")
    to_complete_minor = serializers.IntegerField(source="to_complete")
    over_minor = serializers.SerializerMethodField(help_text="Below zero: under budget.")

    def get_over_minor(self, row: Any) -> int:
        return int(row.at_completion - row.budget)


class PlatformMarginSerializer(serializers.Serializer[Any]):
    platform = serializers.IntegerField(source="platform.pk")
    received_minor = serializers.IntegerField()
    ahead_minor = serializers.IntegerField()
    guaranteed_minor = serializers.IntegerField()
    shares_minor = serializers.IntegerField()
    note = serializers.CharField(help_text="Why shares could not be reckoned, where they could not.")


class MarginCauseSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    amount_minor = serializers.IntegerField()


class MarginPointSerializer(serializers.Serializer[Any]):
    """The margin after one event. `causes` sum to the move since the point before."""

    number = serializers.IntegerField()
    cause = serializers.CharField()
    reckoned_at = serializers.DateTimeField()
    expected_minor = serializers.IntegerField()
    shares_minor = serializers.IntegerField()
    cost_minor = serializers.IntegerField()
    margin_minor = serializers.IntegerField()
    causes = MarginCauseSerializer(many=True)


class TitleMarginSerializer(serializers.Serializer[Any]):
    """expected - shares - cost, as it stands now; `basis_points` of what is expected."""

    expected_minor = serializers.IntegerField(source="margin.expected")
    shares_minor = serializers.IntegerField(source="margin.shares")
    cost_minor = serializers.IntegerField(source="margin.cost")
    margin_minor = serializers.IntegerField(source="margin.amount")
    basis_points = serializers.IntegerField(source="margin.basis_points", allow_null=True)
    platforms = PlatformMarginSerializer(many=True)


class EstimateSerializer(EstimateTitleSerializer):
    currency = serializers.CharField(source="studio.currency")
    budget_minor = serializers.IntegerField(source="found.estimate.budget")
    spent_minor = serializers.IntegerField(source="found.estimate.spent")
    to_complete_minor = serializers.IntegerField(source="found.estimate.to_complete")
    at_completion_minor = serializers.IntegerField(source="found.estimate.at_completion")
    owed_scenes = serializers.IntegerField(source="found.owed_scenes")
    accounts = EstimateAccountSerializer(source="found.estimate.rows", many=True)
    margin = TitleMarginSerializer(source="reckoned")
    points = MarginPointSerializer(many=True, help_text=f"The last {MOST_POINTS}, the newest first.")

    class Meta(EstimateTitleSerializer.Meta):
        fields = [
            *EstimateTitleSerializer.Meta.fields, "currency", "budget_minor", "spent_minor", "to_complete_minor",
            "at_completion_minor", "owed_scenes", "accounts", "margin", "points",
        ]  # fmt: skip
        read_only_fields = fields


class EstimateViewSet(RowsViewSet):
    """Titles; one of them with its estimate to complete and its margin, as they stand now."""

    queryset = Production.objects.all()
    serializer_class = EstimateTitleSerializer
    verbs = {"list": "money.view", "retrieve": "money.view"}

    @extend_schema(responses=EstimateSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = Production.objects.select_related("studio").get(pk=self.get_object().pk)
        row.found = title_estimate(title_costs(row))  # type: ignore[attr-defined]
        row.reckoned = title_margin(row.found)  # type: ignore[attr-defined]
        points = MarginPoint.objects.filter(production=row).prefetch_related("causes").order_by("-number")
        row.points = list(points[:MOST_POINTS])  # type: ignore[attr-defined]
        return Response(EstimateSerializer(row).data)


class MoneyAlarmSerializer(serializers.ModelSerializer[MoneyAlarm]):
    measure = serializers.CharField(source="rule.measure")
    account = serializers.CharField(source="rule.account")

    class Meta:
        model = MoneyAlarm
        fields = [
            "id", "production", "measure", "account", "subject", "value", "threshold", "raised_at", "cleared_at",
            "seen_at", "seen_name", "answer", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class MoneyAlarmFilter(django_filters.FilterSet):
    measure = django_filters.CharFilter(field_name="rule__measure")
    open = django_filters.BooleanFilter(
        field_name="cleared_at", lookup_expr="isnull", label="Whether the measure is still past its threshold."
    )

    class Meta:
        model = MoneyAlarm
        fields = ["production"]


class MoneyAlarmViewSet(RowsViewSet):
    """Thresholds that titles passed, in hundredths of a percent, minutes, scenes or fen, by `measure`."""

    queryset = MoneyAlarm.objects.select_related("rule")
    serializer_class = MoneyAlarmSerializer
    filterset_class = MoneyAlarmFilter
    verbs = {"list": "money.view", "retrieve": "money.view"}


def register(router: SimpleRouter) -> None:
    router.register("estimates", EstimateViewSet, basename="estimate")
    router.register("money-alarms", MoneyAlarmViewSet, basename="money-alarm")
