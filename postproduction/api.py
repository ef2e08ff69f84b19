"""REST doors of this room: post tasks and masters."""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from postproduction import actions
from postproduction.choices import MasterState, TaskState
from postproduction.models import Master, PostTask
from studio.api.lists import EventsMixin, RowsViewSet


class PostTaskSerializer(serializers.ModelSerializer[PostTask]):
    production = serializers.IntegerField(source="episode_post.episode.production_id", read_only=True)
    episode = serializers.IntegerField(source="episode_post.episode_id", read_only=True)
    episode_number = serializers.IntegerField(source="episode_post.episode.number", read_only=True)

    class Meta:
        model = PostTask
        fields = [
            "id", "production", "episode", "episode_number", "step", "department", "state", "round", "assignee",
            "due_date", "minutes_planned", "minutes_worked", "started_at", "finished_at", "note", "updated_at",
        ]  # fmt: skip


class PostTaskFilter(django_filters.FilterSet):
    production = django_filters.NumberFilter(field_name="episode_post__episode__production")
    episode = django_filters.NumberFilter(field_name="episode_post__episode")
    state = django_filters.ChoiceFilter(choices=TaskState.choices)
    due_before = django_filters.DateFilter(field_name="due_date", lookup_expr="lt")

    class Meta:
        model = PostTask
        fields = ["step", "assignee"]


class FinishSerializer(serializers.Serializer[None]):
    minutes_worked = serializers.IntegerField(min_value=0, max_value=actions.MOST_MINUTES)


class PostTaskViewSet(EventsMixin, RowsViewSet):
    queryset = PostTask.objects.select_related("episode_post__episode")
    serializer_class = PostTaskSerializer
    filterset_class = PostTaskFilter
    verbs = {
        "list": "post.view", "retrieve": "post.view", "events": "post.view", "start": "post.work",
        "finish": "post.work",
    }  # fmt: skip
    subject_kind = "postproduction.task"

    @extend_schema(request=None, responses=PostTaskSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str | None = None) -> Response:
        """Begin a ready task."""
        actions.start_task(task=self.get_object(), by=request.user)  # type: ignore[arg-type]
        return Response(PostTaskSerializer(self.get_object()).data)

    @extend_schema(request=FinishSerializer, responses=PostTaskSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str | None = None) -> Response:
        """End a task with the minutes it took."""
        asked = FinishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        actions.finish_task(task=self.get_object(), by=request.user, **asked.validated_data)
        return Response(PostTaskSerializer(self.get_object()).data)

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


class MasterSerializer(serializers.ModelSerializer[Master]):
    production = serializers.IntegerField(source="episode.production_id", read_only=True)
    episode_number = serializers.IntegerField(source="episode.number", read_only=True)

    class Meta:
        model = Master
        fields = [
            "id", "production", "episode", "episode_number", "version", "file_name", "sha256", "state",
            "refusal_code", "facts", "approved_at", "updated_at",
        ]  # fmt: skip


class MasterFilter(django_filters.FilterSet):
    production = django_filters.NumberFilter(field_name="episode__production")
    state = django_filters.ChoiceFilter(choices=MasterState.choices)

    class Meta:
        model = Master
        fields = ["episode"]


class MasterViewSet(RowsViewSet):
    queryset = Master.objects.select_related("episode")
    serializer_class = MasterSerializer
    filterset_class = MasterFilter
    verbs = {"list": "post.view", "retrieve": "post.view"}


def register(router: SimpleRouter) -> None:
    """Add this room's routes."""
    router.register("post-tasks", PostTaskViewSet, basename="posttask")
    router.register("masters", MasterViewSet, basename="master")
