"""REST doors of this room: scenes, and handing in a script."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from scripts_app import actions, review_api
from scripts_app.breakdown_api import ElementViewSet, TagViewSet
from scripts_app.choices import IntExt, TimeOfDay
from scripts_app.forms import PASTED
from scripts_app.gathering import gather
from scripts_app.models import Scene
from scripts_app.revision_api import RevisionViewSet
from studio.api.lists import EventsMixin, RowsViewSet, ScopedViewSet
from studio.api.views import JobSerializer
from studio.models import Production


class SceneSerializer(serializers.ModelSerializer[Scene]):
    episode_number = serializers.IntegerField(source="episode.number", read_only=True)

    class Meta:
        model = Scene
        fields = [
            "id", "production", "episode", "episode_number", "number", "written_number", "state", "int_ext",
            "time_of_day", "time_written", "set_name", "sub_place", "flashback", "synopsis", "page_parts", "seconds",
            "shoot_minutes", "created_at", "updated_at",
        ]  # fmt: skip


class SceneFilter(django_filters.FilterSet):
    episode = django_filters.NumberFilter(field_name="episode__number", label="Episode number")
    set_name = django_filters.CharFilter(field_name="set_name", lookup_expr="exact")

    class Meta:
        model = Scene
        fields = ["production", "episode", "state", "set_name", "time_of_day", "int_ext"]


class SceneEditSerializer(serializers.Serializer[Any]):
    """What may be changed of a scene; what is left out stays."""

    set_name = serializers.CharField(required=False, allow_blank=True, max_length=120)
    int_ext = serializers.ChoiceField(required=False, allow_blank=True, choices=IntExt.choices)
    time_of_day = serializers.ChoiceField(required=False, allow_blank=True, choices=TimeOfDay.choices)
    synopsis = serializers.CharField(required=False, allow_blank=True, max_length=300)
    shoot_minutes = serializers.IntegerField(required=False, min_value=1, max_value=actions.MAX_MINUTES)


class SceneViewSet(EventsMixin, RowsViewSet):
    queryset = Scene.objects.all()
    serializer_class = SceneSerializer
    filterset_class = SceneFilter
    verbs = {
        "list": "script.view", "retrieve": "script.view", "partial_update": "script.edit", "events": "event.view",
    }  # fmt: skip
    subject_kind = "scripts_app.scene"

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.select_related("episode") if self.action != "list" else rows

    @extend_schema(request=SceneEditSerializer, responses=SceneSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change a scene."""
        scene = self.get_object()
        data = SceneEditSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        actions.edit_scene(scene=scene, by=request.user, **data.validated_data)
        return Response(SceneSerializer(self.get_object()).data)

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


class ScriptImportSerializer(serializers.Serializer[Any]):
    """A script file, `file` given once per episode, or the text."""

    production = serializers.IntegerField(min_value=1, max_value=2**62)
    file = serializers.FileField(required=False, allow_empty_file=True)
    text = serializers.CharField(required=False, trim_whitespace=False, allow_blank=True)
    filename = serializers.CharField(required=False, max_length=200, help_text="How the text is to be named.")
    review = serializers.BooleanField(
        required=False, default=False,
        help_text="Stop before saving where there is something to decide; the job's result then names the reading.",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) == ("text" in attrs):
            raise serializers.ValidationError({"file": _("Give either a file or a text.")}, code="file_or_text")
        return attrs


class ScriptImportViewSet(ScopedViewSet):
    queryset = Production.objects.all()
    serializer_class = ScriptImportSerializer
    verbs = {"create": "script.edit"}

    @extend_schema(request=ScriptImportSerializer, responses={202: JobSerializer})
    def create(self, request: Request) -> Response:
        """Hand in a script. The answer is the job that imports it; the same file again answers the same job.

        The result of the job holds the number of the revision, what was noticed (`faults`, at most 500) and how much
        was decided as for the draft before (`decided`); with `review`, `reading` where somebody has to look.
        """
        data = ScriptImportSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        production = self.get_queryset().filter(pk=given["production"]).first()
        if production is None:
            raise serializers.ValidationError(
                {"production": [_("There is no such production among yours.")]}, code="does_not_exist"
            )
        # An empty upload is false by itself, so the field is asked for by name.
        upload = (
            gather(request.FILES.getlist("file") or [given["file"]]) if "file" in given
            else ContentFile(given["text"].encode(), name=given.get("filename") or PASTED)
        )  # fmt: skip
        job = actions.receive_script(production=production, upload=upload, by=request.user, review=given["review"])
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)


def register(router: SimpleRouter) -> None:
    """Add this room's routes."""
    router.register("scenes", SceneViewSet, basename="scene")
    router.register("revisions", RevisionViewSet, basename="revision")
    router.register("elements", ElementViewSet, basename="element")
    router.register("tags", TagViewSet, basename="tag")
    router.register("script-imports", ScriptImportViewSet, basename="script-import")
    review_api.register(router)
