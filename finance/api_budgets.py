"""REST doors of budgets: versions and their lines, read only."""

from __future__ import annotations

import django_filters
from rest_framework import serializers
from rest_framework.routers import SimpleRouter

from finance.models import BudgetLine, BudgetVersion
from studio.api.lists import RowsViewSet


class BudgetVersionSerializer(serializers.ModelSerializer[BudgetVersion]):
    class Meta:
        model = BudgetVersion
        fields = [
            "id", "production", "number", "name", "state", "note", "based_on", "approved_minor", "approved_at",
            "in_force_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class BudgetVersionFilter(django_filters.FilterSet):
    class Meta:
        model = BudgetVersion
        fields = ["production", "state", "number"]


class BudgetVersionViewSet(RowsViewSet):
    """The budget in force is the approved one; while there is none, the draft with the highest number."""

    queryset = BudgetVersion.objects.all()
    serializer_class = BudgetVersionSerializer
    filterset_class = BudgetVersionFilter
    verbs = {"list": "money.view", "retrieve": "money.view"}


class BudgetLineSerializer(serializers.ModelSerializer[BudgetLine]):
    production = serializers.IntegerField(source="version.production_id", read_only=True)

    class Meta:
        model = BudgetLine
        fields = [
            "id", "version", "production", "key", "position", "account", "name", "group", "quantity_hundredths", "unit",
            "factor", "rate_minor", "percent_bp", "amount_minor", "note", "source", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class BudgetLineFilter(django_filters.FilterSet):
    production = django_filters.NumberFilter(field_name="version__production")

    class Meta:
        model = BudgetLine
        fields = ["version", "account", "source"]


class BudgetLineViewSet(RowsViewSet):
    queryset = BudgetLine.objects.all()
    serializer_class = BudgetLineSerializer
    filterset_class = BudgetLineFilter
    verbs = {"list": "money.view", "retrieve": "money.view"}


def register(router: SimpleRouter) -> None:
    router.register("budgets", BudgetVersionViewSet, basename="budgetversion")
    router.register("budget-lines", BudgetLineViewSet, basename="budgetline")
