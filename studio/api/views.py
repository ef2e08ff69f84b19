"""REST doors of the ground floor: productions, episodes, jobs, and the schema."""

from __future__ import annotations

from typing import Any

import django_filters
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio import actions, jobs
from studio.access import visible_studios
from studio.api.lists import EventsMixin, RowsViewSet
from studio.api.problems import Conflict
from studio.models import Episode, Job, Production


@extend_schema(exclude=True)
class Root(APIView):
    """Where things are."""

    open_to_all = True

    def get(self, request: Request) -> Response:
        from studio.api.urls import router

        return Response(
            {
                "docs": reverse("api_docs"),
                "schema": reverse("api_schema"),
                "lists": {name: reverse(f"api:{basename}-list") for name, _view, basename in router.registry},
            }
        )


class Schema(SpectacularAPIView):
    open_to_all = True


class Docs(SpectacularRedocView):
    """The readable page of the schema, from files of our own."""

    open_to_all = True
    url_name = "api_schema"
    # The library's own template asks for fonts from elsewhere.
    template_name = "studio/api_docs.html"


class ProductionSerializer(serializers.ModelSerializer[Production]):
    class Meta:
        model = Production
        fields = [
            "id", "studio", "title", "code", "work_kind", "stage", "promoted", "shoot_from_date", "shoot_to_date",
            "deliver_by_date", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["stage", "version"]


class OpenProductionSerializer(ProductionSerializer):
    """What a new production needs. Its investment goes in here and is read where money may be seen."""

    class Meta(ProductionSerializer.Meta):
        fields = [
            "studio",
            "title",
            "code",
            "work_kind",
            "investment_minor",
            "promoted",
            "shoot_from_date",
            "deliver_by_date",
        ]


class ProductionFilter(django_filters.FilterSet):
    class Meta:
        model = Production
        fields = ["studio", "stage", "work_kind", "code"]


class ProductionViewSet(EventsMixin, RowsViewSet):
    queryset = Production.objects.all()
    serializer_class = ProductionSerializer
    filterset_class = ProductionFilter
    verbs = {
        "list": "production.view", "retrieve": "production.view", "events": "event.view", "create": "production.edit",
    }  # fmt: skip
    subject_kind = "production"

    @extend_schema(request=OpenProductionSerializer, responses={201: ProductionSerializer})
    def create(self, request: Request) -> Response:
        """Open a production."""
        serializer = OpenProductionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data: dict[str, Any] = dict(serializer.validated_data)
        studio = data.pop("studio")
        if not visible_studios(self.caller).filter(pk=studio.pk).exists() or not self.caller.may_in_studio(
            "production.edit", studio.pk
        ):
            raise serializers.ValidationError({"studio": [_("Not one of your studios.")]}, code="does_not_exist")
        production = actions.open_production(studio=studio, by=request.user, **data)
        return Response(ProductionSerializer(production).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


class EpisodeSerializer(serializers.ModelSerializer[Episode]):
    class Meta:
        model = Episode
        fields = ["id", "production", "number", "title", "hook", "paywall", "created_at", "updated_at"]


class EpisodeFilter(django_filters.FilterSet):
    class Meta:
        model = Episode
        fields = ["production", "number", "paywall"]


class EpisodeViewSet(RowsViewSet):
    queryset = Episode.objects.all()
    serializer_class = EpisodeSerializer
    filterset_class = EpisodeFilter
    verbs = {"list": "production.view", "retrieve": "production.view"}


class JobSerializer(serializers.ModelSerializer[Job]):
    class Meta:
        model = Job
        fields = [
            "id", "uid", "kind", "studio", "production", "state", "attempts", "progress_done", "progress_total",
            "progress", "result", "error", "created_at", "started_at", "finished_at", "updated_at",
        ]  # fmt: skip


class JobFilter(django_filters.FilterSet):
    class Meta:
        model = Job
        fields = ["state", "kind", "production"]


class JobViewSet(RowsViewSet):
    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_class = JobFilter
    verbs = {"list": "job.view", "retrieve": "job.view", "cancel": "job.manage", "rerun": "job.manage"}

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Ask a job to stop."""
        job = self.get_object()
        jobs.cancel(job.pk)
        job.refresh_from_db()
        return Response(JobSerializer(job).data)

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def rerun(self, request: Request, pk: str | None = None) -> Response:
        """Put a parked or cancelled job back in the queue."""
        job = self.get_object()
        if not jobs.rerun(job.pk):
            raise Conflict("Only a parked or cancelled job can be run again.", code="job_not_parked")
        job.refresh_from_db()
        return Response(JobSerializer(job).data)
