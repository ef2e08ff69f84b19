"""REST doors of drafts: which there are, and each as a file."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from scripts_app.export_views import exported
from scripts_app.models import Revision
from scripts_app.writers import FORMATS
from studio.api.lists import RowsViewSet


class RevisionSerializer(serializers.ModelSerializer[Revision]):
    production = serializers.IntegerField(source="script.production_id", read_only=True)

    class Meta:
        model = Revision
        fields = [
            "id", "production", "number", "source_name", "layout", "characters_count", "locked_at", "created_at",
            "updated_at",
        ]  # fmt: skip


class RevisionFilter(django_filters.FilterSet):
    production = django_filters.NumberFilter(field_name="script__production", label="Production")

    class Meta:
        model = Revision
        fields = ["production", "number"]


class ExportSerializer(serializers.Serializer[Any]):
    """The format of a file."""

    to = serializers.ChoiceField(choices=tuple(FORMATS))


class RevisionViewSet(RowsViewSet):
    queryset = Revision.objects.all()
    serializer_class = RevisionSerializer
    filterset_class = RevisionFilter
    verbs = {"list": "script.view", "retrieve": "script.view", "export": "script.view"}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.select_related("script__production__studio") if self.action != "list" else rows

    @extend_schema(
        parameters=[OpenApiParameter("to", str, required=True, enum=list(FORMATS), description="The format.")],
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    @action(detail=True, methods=["get"])
    def export(self, request: Request, pk: str | None = None) -> HttpResponse:
        """The draft as Fountain, Final Draft, Word or a scene list."""
        revision = self.get_object()
        asked = ExportSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return exported(revision, asked.validated_data["to"])
