"""REST doors of this room: filings, to look at."""

from __future__ import annotations

import django_filters
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from compliance.models import Filing
from studio.api.lists import EventsMixin, RowsViewSet


class FilingSerializer(serializers.ModelSerializer[Filing]):
    class Meta:
        model = Filing
        fields = [
            "id", "production", "kind", "authority", "platform_code", "state", "round", "number", "papers",
            "submitted_at", "decided_at", "decision_note", "created_at", "updated_at",
        ]  # fmt: skip


class FilingFilter(django_filters.FilterSet):
    class Meta:
        model = Filing
        fields = ["production", "kind", "state", "authority", "platform_code", "number"]


class FilingViewSet(EventsMixin, RowsViewSet):
    queryset = Filing.objects.all()
    serializer_class = FilingSerializer
    filterset_class = FilingFilter
    verbs = {"list": "compliance.view", "retrieve": "compliance.view", "events": "event.view"}
    subject_kind = "compliance.filing"

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


def register(router: SimpleRouter) -> None:
    """Add this room's routes."""
    router.register("filings", FilingViewSet, basename="filing")
