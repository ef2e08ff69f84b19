"""REST doors of this room: statements, settlements with their allocations, payouts."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from delivery.models import Platform
from finance import actions, api_banking, api_budgets, api_costs, api_room, api_runs, api_wages, api_watching
from finance.api_batches import (
    GivenLineSerializer,
    StatementBatchViewSet,
    StatementLineViewSet,
    given_table,
    lines_apart,
)
from finance.models import Allocation, Payout, Settlement, Statement
from finance.queries.hot_costs import title_costs
from finance.queries.trace import refuse_hidden_titles
from finance.sentences import finding_sentence, settlement_sentence
from scheduling.choices import ShootDayState
from scheduling.models import ShootDay
from studio.api.lists import EventsMixin, RowsViewSet
from studio.api.views import JobSerializer
from studio.models import Production
from studio.uploads import read_upload


class StatementSerializer(serializers.ModelSerializer[Statement]):
    class Meta:
        model = Statement
        fields = [
            "id", "production", "platform", "period", "currency", "file_name", "sha256", "declared_minor",
            "counted_minor", "state", "corrects", "accepted_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class FindingSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    row = serializers.IntegerField(allow_null=True)
    message = serializers.CharField()
    severity = serializers.CharField()


class StatementLineSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    episode_number = serializers.IntegerField(allow_null=True)
    kind = serializers.CharField()
    amount_minor = serializers.IntegerField()


class StatementDetailSerializer(StatementSerializer):
    findings = serializers.SerializerMethodField()
    lines = StatementLineSerializer(many=True)

    class Meta(StatementSerializer.Meta):
        fields = [*StatementSerializer.Meta.fields, "reason", "findings", "lines"]
        read_only_fields = fields

    @extend_schema(responses=FindingSerializer(many=True))
    def get_findings(self, row: Statement) -> list[dict[str, Any]]:
        return [
            {
                "code": finding.get("code"), "row": finding.get("row"), "message": finding_sentence(finding),
                "severity": finding.get("severity"),
            }
            for finding in row.findings
        ]  # fmt: skip


class StatementUploadSerializer(serializers.Serializer[Any]):
    """A platform's monthly file, or its `lines` as JSON. `mapping` says which column is what where it is not known."""

    production = serializers.PrimaryKeyRelatedField(queryset=Production.objects.all())
    platform = serializers.PrimaryKeyRelatedField(queryset=Platform.objects.all())
    period = serializers.RegexField(r"^\d{4}-\d{2}$", help_text="Month, such as 2026-01.")
    file = serializers.FileField(allow_empty_file=True, required=False)
    mapping = serializers.JSONField(required=False)
    lines = GivenLineSerializer(many=True, required=False)
    total = serializers.CharField(required=False, help_text="What the lines must make; amounts are text.")


class StatementFilter(django_filters.FilterSet):
    class Meta:
        model = Statement
        fields = ["production", "platform", "period", "state"]


class StatementViewSet(EventsMixin, RowsViewSet):
    queryset = Statement.objects.all()
    serializer_class = StatementSerializer
    filterset_class = StatementFilter
    verbs = {
        "list": "money.view", "retrieve": "money.view", "events": "event.view", "create": "money.edit",
        "accept": "money.edit", "settle": "money.edit",
    }  # fmt: skip
    subject_kind = "finance.statement"

    @extend_schema(responses=StatementDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(StatementDetailSerializer(self.get_object()).data)

    @extend_schema(
        request={"multipart/form-data": StatementUploadSerializer, "application/json": StatementUploadSerializer},
        responses={201: StatementDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """Bring a statement as a file or as lines. The same again answers with the row there is."""
        sent, fields = lines_apart(request)
        serializer = StatementUploadSerializer(data=fields)
        # Another studio's rows do not exist for the caller, also not in what an error says of them.
        serializer.fields["production"].queryset = self.caller.scope(  # type: ignore[attr-defined]
            Production.objects.select_related("studio"), "money.edit"
        )
        studios = self.caller.scope(Production.objects.all(), "money.edit").values("studio")
        serializer.fields["platform"].queryset = Platform.objects.filter(studio__in=studios)  # type: ignore[attr-defined]
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        mapping = data.get("mapping")
        if mapping is not None and (
            not isinstance(mapping, dict) or not all(isinstance(head, str) for head in mapping.values())
        ):
            raise serializers.ValidationError({"mapping": [_("A mapping names a column for each field.")]})
        upload = data.get("file")
        if (upload is None) == (sent is None):
            raise serializers.ValidationError({"file": [_("Send either a file or lines.")]})
        if upload is None:
            content, mapping = given_table(sent, data.get("total"), data["production"].studio.currency)
            name = "lines.csv"
        else:
            content, name = read_upload(upload), upload.name
        row = actions.import_statement(
            platform=data["platform"], production=data["production"], period=data["period"],
            data=content, file_name=name, by=request.user, mapping=mapping,
        )  # fmt: skip
        return Response(StatementDetailSerializer(row).data, status=status.HTTP_201_CREATED)

    class AcceptanceSerializer(serializers.Serializer[Any]):
        reason = serializers.CharField(required=False, allow_blank=True, max_length=300)

    @extend_schema(request=AcceptanceSerializer, responses=StatementSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str | None = None) -> Response:
        """Take a statement into the books; a held one with a `reason`."""
        serializer = self.AcceptanceSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = actions.accept_statement(
            statement=self.get_object(), by=request.user, reason=serializer.validated_data.get("reason", "")
        )  # fmt: skip
        return Response(StatementSerializer(row).data)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str | None = None) -> Response:
        """Have the settlement of this statement worked out: a job."""
        statement = self.get_object()
        refuse_hidden_titles(self.caller, statement)
        job = actions.run_settlement(statement=statement, by=request.user)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


class SettlementSerializer(serializers.ModelSerializer[Settlement]):
    platform = serializers.IntegerField(source="statement.platform_id", read_only=True)

    class Meta:
        model = Settlement
        fields = [
            "id", "production", "platform", "contract", "statement", "period", "currency", "receipts_minor",
            "shares_minor", "retained_minor", "state", "kind", "reverses", "reason", "position", "issued_at",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class AllocationSerializer(serializers.ModelSerializer[Allocation]):
    party_name = serializers.CharField(source="party.name")
    explanation = serializers.SerializerMethodField()

    class Meta:
        model = Allocation
        fields = [
            "id", "party", "party_name", "term", "clause", "period", "title", "kind", "source", "amount_minor",
            "explanation",
        ]  # fmt: skip

    def get_explanation(self, row: Allocation) -> str:
        return settlement_sentence(row.explanation)


class SettlementDetailSerializer(SettlementSerializer):
    allocations = serializers.SerializerMethodField()

    class Meta(SettlementSerializer.Meta):
        fields = [*SettlementSerializer.Meta.fields, "allocations"]
        read_only_fields = fields

    @extend_schema(responses=AllocationSerializer(many=True))
    def get_allocations(self, row: Settlement) -> list[dict[str, Any]]:
        rows = row.allocations.select_related("party").order_by("pk")
        return list(AllocationSerializer(rows, many=True).data)


class SettlementFilter(django_filters.FilterSet):
    class Meta:
        model = Settlement
        fields = ["production", "statement", "period", "kind", "state"]


class SettlementRunSerializer(serializers.Serializer[Any]):
    statement = serializers.PrimaryKeyRelatedField(queryset=Statement.objects.all())


class SettlementViewSet(EventsMixin, RowsViewSet):
    queryset = Settlement.objects.all()
    serializer_class = SettlementSerializer
    filterset_class = SettlementFilter
    verbs = {
        "list": "money.view", "retrieve": "money.view", "events": "event.view", "create": "money.edit",
        "issue": "money.edit", "reverse": "money.edit",
    }  # fmt: skip
    subject_kind = "finance.settlement"

    @extend_schema(responses=SettlementDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(SettlementDetailSerializer(self.get_object()).data)

    @extend_schema(request=SettlementRunSerializer, responses={202: JobSerializer})
    def create(self, request: Request) -> Response:
        """Run the settlement of an accepted statement: a job."""
        serializer = SettlementRunSerializer(data=request.data)
        serializer.fields["statement"].queryset = self.caller.scope(Statement.objects.all(), "money.edit")  # type: ignore[attr-defined]
        serializer.is_valid(raise_exception=True)
        statement = serializer.validated_data["statement"]
        refuse_hidden_titles(self.caller, statement)
        job = actions.run_settlement(statement=statement, by=request.user)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=SettlementDetailSerializer)
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: str | None = None) -> Response:
        """Freeze a draft and make its payouts."""
        row = actions.issue_settlement(settlement=self.get_object(), by=request.user)
        return Response(SettlementDetailSerializer(row).data)

    class ReversalSerializer(serializers.Serializer[Any]):
        reason = serializers.CharField(max_length=300)

    @extend_schema(request=ReversalSerializer, responses={201: SettlementDetailSerializer})
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str | None = None) -> Response:
        """Take an issued settlement back, with a `reason`; the answer is the settlement that does it."""
        settlement = self.get_object()
        serializer = self.ReversalSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = actions.reverse_settlement(
            settlement=settlement, reason=serializer.validated_data["reason"], by=request.user
        )
        return Response(SettlementDetailSerializer(row).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


class PayoutSerializer(serializers.ModelSerializer[Payout]):
    production = serializers.IntegerField(source="settlement.production_id", read_only=True)
    period = serializers.CharField(source="settlement.period", read_only=True)
    currency = serializers.CharField(source="settlement.currency", read_only=True)
    party_name = serializers.CharField(source="party.name", read_only=True)

    class Meta:
        model = Payout
        fields = [
            "id", "settlement", "production", "period", "currency", "party", "party_name", "gross_minor",
            "set_off_minor", "tax_minor", "net_minor", "after_tax_minor", "borne_minor", "due_date", "state", "approved_at",
            "paid_at", "bank_reference", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class PayoutFilter(django_filters.FilterSet):
    production = django_filters.NumberFilter(field_name="settlement__production")
    due_by = django_filters.DateFilter(field_name="due_date", lookup_expr="lte")

    class Meta:
        model = Payout
        fields = ["settlement", "party", "state"]


class PayoutViewSet(RowsViewSet):
    queryset = Payout.objects.all()
    serializer_class = PayoutSerializer
    filterset_class = PayoutFilter
    verbs = {"list": "money.view", "retrieve": "money.view"}


class HotCostDaySerializer(serializers.ModelSerializer[ShootDay]):
    class Meta:
        model = ShootDay
        fields = ["id", "production", "number", "unit", "date", "state", "updated_at"]
        read_only_fields = fields


class HotCostAccountSerializer(serializers.Serializer[Any]):
    account = serializers.CharField()
    planned_minor = serializers.IntegerField()
    actual_minor = serializers.IntegerField()
    over_minor = serializers.IntegerField()


class HotCostPersonSerializer(serializers.Serializer[Any]):
    engagement = serializers.IntegerField(source="engagement_id")
    name = serializers.CharField()
    job_title = serializers.CharField()
    account = serializers.CharField()
    planned_minor = serializers.IntegerField()
    base_minor = serializers.IntegerField()
    overtime_minutes = serializers.IntegerField()
    overtime_minor = serializers.IntegerField()
    other_minor = serializers.IntegerField()
    actual_minor = serializers.IntegerField()


class HotCostSerializer(serializers.Serializer[Any]):
    """A shoot day's hot cost. Without a submitted report (`reported` false) the actual side is nothing yet."""

    id = serializers.IntegerField(source="day.pk")
    production = serializers.IntegerField(source="day.production_id")
    number = serializers.IntegerField(source="day.number")
    date = serializers.DateField(source="day.date")
    currency = serializers.CharField(source="day.production.studio.currency")
    reported = serializers.BooleanField()
    provisional = serializers.BooleanField()
    planned_minor = serializers.IntegerField()
    actual_minor = serializers.IntegerField()
    over_minor = serializers.IntegerField()
    running_minor = serializers.IntegerField()
    overtime_minutes = serializers.IntegerField()
    overtime_minor = serializers.IntegerField()
    scenes_planned = serializers.IntegerField()
    scenes_shot = serializers.IntegerField()
    scenes_owed = serializers.IntegerField()
    per_scene_minor = serializers.IntegerField(allow_null=True)
    per_minute_minor = serializers.IntegerField(allow_null=True)
    accounts = HotCostAccountSerializer(many=True)
    people = HotCostPersonSerializer(many=True)


class HotCostFilter(django_filters.FilterSet):
    class Meta:
        model = ShootDay
        fields = ["production", "date", "state"]


class HotCostViewSet(RowsViewSet):
    """Shoot days; one of them with what it was planned to cost and what it makes."""

    queryset = ShootDay.objects.exclude(state=ShootDayState.CANCELLED)
    serializer_class = HotCostDaySerializer
    filterset_class = HotCostFilter
    verbs = {"list": "money.view", "retrieve": "money.view"}

    @extend_schema(responses=HotCostSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        day = self.get_object()
        production = Production.objects.select_related("studio").get(pk=day.production_id)
        row = title_costs(production).day(day.pk)
        assert row is not None
        row.day.production = production
        return Response(HotCostSerializer(row).data)


def register(router: SimpleRouter) -> None:
    """Add this room's routes."""
    api_wages.register(router)
    api_banking.register(router)
    api_watching.register(router)
    router.register("hot-costs", HotCostViewSet, basename="hot-cost")
    router.register("statements", StatementViewSet, basename="statement")
    router.register("statement-files", StatementBatchViewSet, basename="statement-file")
    router.register("statement-lines", StatementLineViewSet, basename="statement-line")
    router.register("settlements", SettlementViewSet, basename="settlement")
    router.register("payouts", PayoutViewSet, basename="payout")
    api_budgets.register(router)
    api_runs.register(router)
    api_costs.register(router)
    api_room.register(router)
