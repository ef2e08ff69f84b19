"""REST door of a month's runs: start, look, review, issue."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from delivery.models import Platform
from finance import actions
from finance.models import SettlementRun
from finance.queries.runs import run_titles
from finance.sentences import refusal_sentence
from studio.access import visible_studios
from studio.api.lists import EventsMixin, RowsViewSet
from studio.api.views import JobSerializer
from studio.models import Studio


class SettlementRunSerializer(serializers.ModelSerializer[SettlementRun]):
    class Meta:
        model = SettlementRun
        fields = ["id", "studio", "period", "platform", "started_at", "issue_job", "created_at", "updated_at"]
        read_only_fields = fields


class RunTitleSerializer(serializers.Serializer[Any]):
    """A title of a run. `draft` names the draft that was seen: send it back to mark it as reviewed."""

    id = serializers.IntegerField()
    production = serializers.IntegerField(source="statement.production_id")
    statement = serializers.IntegerField(source="statement_id")
    settlement = serializers.IntegerField(source="settlement_id", allow_null=True)
    job = serializers.IntegerField(source="job_id", allow_null=True)
    state = serializers.CharField(source="standing")
    currency = serializers.CharField(source="statement.currency")
    receipts_minor = serializers.IntegerField(source="receipts")
    receipts_before_minor = serializers.IntegerField(source="before_receipts", allow_null=True)
    shares_minor = serializers.IntegerField(source="settlement.shares_minor", allow_null=True, default=None)
    retained_minor = serializers.IntegerField(source="settlement.retained_minor", allow_null=True, default=None)
    draft = serializers.DateTimeField(source="settlement.updated_at", allow_null=True, default=None)
    refusal_code = serializers.SerializerMethodField()
    refusal = serializers.SerializerMethodField()

    def get_refusal_code(self, row: Any) -> str:
        return str((row.refusal or row.issue_refusal).get("code", ""))

    def get_refusal(self, row: Any) -> str:
        kept = row.refusal or row.issue_refusal
        return refusal_sentence(kept) if kept else ""


class SettlementRunDetailSerializer(SettlementRunSerializer):
    titles = serializers.SerializerMethodField()

    class Meta(SettlementRunSerializer.Meta):
        fields = [*SettlementRunSerializer.Meta.fields, "titles"]
        read_only_fields = fields

    @extend_schema(responses=RunTitleSerializer(many=True))
    def get_titles(self, row: SettlementRun) -> list[dict[str, Any]]:
        return list(RunTitleSerializer(run_titles(row), many=True).data)


class RunStartSerializer(serializers.Serializer[Any]):
    """A month of a studio; without `platform`, that of all platforms."""

    studio = serializers.PrimaryKeyRelatedField(queryset=Studio.objects.all())
    period = serializers.RegexField(r"^\d{4}-\d{2}$", help_text="Month, such as 2026-01.")
    platform = serializers.PrimaryKeyRelatedField(queryset=Platform.objects.all(), required=False, allow_null=True)


class SeenSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    draft = serializers.DateTimeField()


class ReviewSerializer(serializers.Serializer[Any]):
    """Drafts that were looked at, each as it was then."""

    titles = serializers.ListField(child=SeenSerializer(), allow_empty=False, max_length=5000)


class ReviewedSerializer(serializers.Serializer[Any]):
    reviewed = serializers.IntegerField()
    changed = serializers.IntegerField(help_text="Worked out again since they were looked at, and not marked.")


class SettlementRunFilter(django_filters.FilterSet):
    class Meta:
        model = SettlementRun
        fields = ["period", "platform"]


class SettlementRunViewSet(EventsMixin, RowsViewSet):
    queryset = SettlementRun.objects.all()
    serializer_class = SettlementRunSerializer
    filterset_class = SettlementRunFilter
    verbs = {
        "list": "money.view", "retrieve": "money.view", "events": "event.view", "create": "money.edit",
        "review": "money.edit", "issue": "money.edit", "again": "money.edit",
    }  # fmt: skip
    subject_kind = "finance.run"

    @extend_schema(responses=SettlementRunDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A run with its titles: state, figures, the month before, and why one was refused."""
        return Response(SettlementRunDetailSerializer(self.get_object()).data)

    @extend_schema(request=RunStartSerializer, responses={201: SettlementRunDetailSerializer})
    def create(self, request: Request) -> Response:
        """Start a month. When nothing is new, the last run of the month is answered, with 200."""
        serializer = RunStartSerializer(data=request.data)
        # Another studio's rows do not exist for the caller, also not in what an error says of them.
        own = [row.pk for row in visible_studios(self.caller) if self.caller.may_in_studio("money.edit", row.pk)]
        serializer.fields["studio"].queryset = Studio.objects.filter(pk__in=own)  # type: ignore[attr-defined]
        serializer.fields["platform"].queryset = Platform.objects.filter(studio__in=own)  # type: ignore[attr-defined]
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        run, new = actions.start_run(
            studio=data["studio"], period=data["period"], platform=data.get("platform"), by=request.user
        )
        code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
        return Response(SettlementRunDetailSerializer(run).data, status=code)

    @extend_schema(request=ReviewSerializer, responses=ReviewedSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str | None = None) -> Response:
        """Mark drafts as reviewed."""
        run = self.get_object()
        serializer = ReviewSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        seen = {row["id"]: row["draft"] for row in serializer.validated_data["titles"]}
        reviewed, changed = actions.review_titles(run=run, seen=seen, by=request.user)  # type: ignore[arg-type]
        return Response({"reviewed": reviewed, "changed": changed})

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: str | None = None) -> Response:
        """Issue all that are reviewed: a job. One that is refused does not stop the others."""
        job = actions.issue_run(run=self.get_object(), by=request.user)  # type: ignore[arg-type]
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    class AgainSerializer(serializers.Serializer[Any]):
        titles = serializers.IntegerField()

    @extend_schema(request=None, responses=AgainSerializer)
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str | None = None) -> Response:
        """Work out once more what was refused or given up."""
        return Response({"titles": actions.try_again(run=self.get_object(), by=request.user)})  # type: ignore[arg-type]

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


def register(router: SimpleRouter) -> None:
    """Add the routes of runs."""
    router.register("settlement-runs", SettlementRunViewSet, basename="settlementrun")
