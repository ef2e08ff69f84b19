"""REST door of the investor room: the same figures as the page, read-only."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from finance.queries import Investment, investment_of, investment_view
from finance.queries.rooms import documents_of
from studio.api.lists import MAX_LIMIT, ScopedViewSet
from studio.models import Production


class TotalsSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    invested_minor = serializers.IntegerField()
    premium_minor = serializers.IntegerField()
    recouped_minor = serializers.IntegerField()
    left_minor = serializers.IntegerField()
    share_minor = serializers.IntegerField()
    paid_minor = serializers.IntegerField()
    waiting_minor = serializers.IntegerField()


class ProgressSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField()
    days_shot = serializers.IntegerField()
    scenes = serializers.IntegerField()
    scenes_shot = serializers.IntegerField()


class PaymentSerializer(serializers.Serializer[Any]):
    period = serializers.CharField()
    platform = serializers.CharField()
    currency = serializers.CharField()
    gross_minor = serializers.IntegerField()
    set_off_minor = serializers.IntegerField()
    tax_minor = serializers.IntegerField()
    net_minor = serializers.IntegerField()
    due_date = serializers.DateField()
    state = serializers.CharField()
    paid_date = serializers.DateField(allow_null=True)


class InvestmentSerializer(serializers.Serializer[Any]):
    """`cost_minor`, `budget_minor` and `progress` are null where the contract does not give the right to see them."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    code = serializers.CharField()
    studio = serializers.CharField(source="studio_name")
    stage = serializers.CharField()
    pool = serializers.CharField()
    currency = serializers.CharField()
    cost_minor = serializers.IntegerField(allow_null=True)
    budget_minor = serializers.IntegerField(allow_null=True)
    progress = ProgressSerializer(allow_null=True)
    planned_date = serializers.DateField(allow_null=True)
    live_date = serializers.DateField(allow_null=True)
    totals = TotalsSerializer(many=True)
    next_payment = PaymentSerializer(allow_null=True)


class StatedSerializer(serializers.Serializer[Any]):
    period = serializers.CharField()
    platform = serializers.CharField()
    currency = serializers.CharField()
    amount_minor = serializers.IntegerField()


class ShareLineSerializer(StatedSerializer):
    clause = serializers.CharField()
    kind = serializers.CharField()
    why = serializers.CharField()


class RecoupmentSerializer(serializers.Serializer[Any]):
    platform = serializers.CharField()
    clause = serializers.CharField()
    currency = serializers.CharField()
    invested_minor = serializers.IntegerField()
    premium_minor = serializers.IntegerField()
    recouped_minor = serializers.IntegerField()
    left_minor = serializers.IntegerField()
    # The titles that repay it together, where it is not one alone.
    titles = serializers.ListField(child=serializers.CharField())


class RoomDocumentSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="current.pk")
    kind = serializers.CharField(source="document.kind")
    name = serializers.CharField(source="document.name")
    version = serializers.IntegerField(source="current.number")
    file_name = serializers.CharField(source="current.file_name")
    size = serializers.IntegerField(source="current.size")
    sha256 = serializers.CharField(source="current.sha256")
    added_at = serializers.DateTimeField(source="current.added_at")


class InvestmentDetailSerializer(InvestmentSerializer):
    statements = StatedSerializer(many=True)
    lines = ShareLineSerializer(many=True)
    recoupments = RecoupmentSerializer(many=True)
    payments = PaymentSerializer(many=True)
    documents = RoomDocumentSerializer(many=True)


class InvestmentPageSerializer(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    results = InvestmentSerializer(many=True)


class InvestmentViewSet(ScopedViewSet):
    """Titles in which the token's user has a share. Reckoned and not rows of a table: there is no `fields` or `order`."""

    queryset = Production.objects.all()
    serializer_class = InvestmentSerializer
    verbs = {"list": "investment.view", "retrieve": "investment.view"}

    @extend_schema(
        parameters=[
            OpenApiParameter("limit", int, description=f"Titles a page, 1 to {MAX_LIMIT}; 100 unless told."),
            OpenApiParameter("cursor", str, description="The `next` of the page before; absent for the first page."),
        ],
        responses=InvestmentPageSerializer,
    )
    def list(self, request: Request) -> Response:
        """Newest titles first."""
        limit, before = self._window(request)
        rows = investment_view(self.caller, request.user)  # type: ignore[arg-type]
        rows = [row for row in rows if before is None or row.id < before]
        following = str(rows[limit - 1].id) if len(rows) > limit else None
        return Response({"next": following, "results": InvestmentSerializer(rows[:limit], many=True).data})

    @extend_schema(
        parameters=[OpenApiParameter("id", OpenApiTypes.INT, OpenApiParameter.PATH)],
        responses=InvestmentDetailSerializer,
    )
    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """One title with its statements, the own share line by line, payments and documents."""
        row: Investment | None = investment_of(self.caller, request.user, int(pk or 0))  # type: ignore[arg-type]
        if row is None:
            raise Http404
        documents = documents_of(self.caller, request.user, row.production)  # type: ignore[arg-type]
        body = InvestmentDetailSerializer({**_fields(row), "documents": documents}).data
        return Response(body)

    def _window(self, request: Request) -> tuple[int, int | None]:
        unknown = sorted(set(request.query_params) - {"limit", "cursor", "format"})
        if unknown:
            raise ValidationError(
                {unknown[0]: [_("No such parameter. There are: %(known)s.") % {"known": "cursor, limit"}]},
                code="unknown_parameter",
            )
        limit, cursor = request.query_params.get("limit", "100"), request.query_params.get("cursor", "")
        if not limit.isdecimal() or not 1 <= int(limit[:6]) <= MAX_LIMIT:
            raise ValidationError(
                {"limit": [_("A page has 1 to %(most)s rows.") % {"most": MAX_LIMIT}]}, code="limit_out_of_range"
            )
        if cursor and not (cursor.isdecimal() and len(cursor) < 19):
            raise ValidationError({"cursor": [_("This cursor is none of ours.")]}, code="bad_cursor")
        return int(limit), int(cursor) if cursor else None


def _fields(row: Investment) -> dict[str, Any]:
    names = [field.source or name for name, field in InvestmentDetailSerializer().fields.items() if name != "documents"]
    return {name: getattr(row, name) for name in names}


def register(router: SimpleRouter) -> None:
    router.register("investments", InvestmentViewSet, basename="investment")
