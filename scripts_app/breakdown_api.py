"""REST doors of the breakdown: things of a title, and which scenes need them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from scripts_app import actions
from scripts_app.choices import Category, Origin
from scripts_app.models import Element, Scene, Tag
from studio.api.lists import RowsViewSet
from studio.models import Production

_MOST_SCENES = 2000


class ElementSerializer(serializers.ModelSerializer[Element]):
    class Meta:
        model = Element
        fields = ["id", "production", "category", "name", "suggested", "linked", "created_at", "updated_at"]


class ElementFilter(django_filters.FilterSet):
    class Meta:
        model = Element
        fields = ["production", "category", "name", "suggested", "linked"]


class ElementAddSerializer(serializers.Serializer[Any]):
    """A thing and the scenes that need it."""

    production = serializers.IntegerField(min_value=1, max_value=2**62)
    category = serializers.ChoiceField(choices=Category.choices)
    name = serializers.CharField(max_length=80)
    scenes = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), required=False, max_length=_MOST_SCENES
    )


class SceneOfElementSerializer(serializers.Serializer[Any]):
    scene = serializers.IntegerField(min_value=1, max_value=2**62)


class ElementViewSet(RowsViewSet):
    queryset = Element.objects.all()
    serializer_class = ElementSerializer
    filterset_class = ElementFilter
    verbs = {
        "list": "script.view", "retrieve": "script.view", "create": "script.edit", "tag": "script.edit",
        "untag": "script.edit",
    }  # fmt: skip

    @extend_schema(request=ElementAddSerializer, responses={201: ElementSerializer})
    def create(self, request: Request) -> Response:
        """Put a thing on the breakdown, tagged in the scenes given; one there by that name is taken."""
        data = ElementAddSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        titles = self.caller.scope(Production.objects.all(), "script.edit")
        production = titles.filter(pk=given["production"]).first()
        if production is None:
            raise serializers.ValidationError(
                {"production": [_("There is no such production among yours.")]}, code="does_not_exist"
            )
        wanted = set(given.get("scenes", []))
        scenes = list(Scene.objects.filter(production=production, pk__in=wanted).select_related("production"))
        if len(scenes) != len(wanted):
            raise _no_such_scene("scenes")
        element = actions.add_element(
            production=production, category=given["category"], name=given["name"], by=request.user, scenes=scenes
        )
        return Response(ElementSerializer(element).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SceneOfElementSerializer, responses=ElementSerializer)
    @action(detail=True, methods=["post"])
    def tag(self, request: Request, pk: str | None = None) -> Response:
        """Say that a scene needs the thing."""
        element = self.get_object()
        actions.tag_element(element=element, scene=_scene(request, element), by=request.user)
        return Response(ElementSerializer(self.get_object()).data)

    @extend_schema(request=SceneOfElementSerializer, responses=ElementSerializer)
    @action(detail=True, methods=["post"])
    def untag(self, request: Request, pk: str | None = None) -> Response:
        """Say that a scene does not need the thing; no rule and no draft brings it back there."""
        element = self.get_object()
        actions.untag_element(element=element, scene=_scene(request, element), by=request.user)
        return Response(ElementSerializer(element).data)


def _scene(request: Request, element: Element) -> Scene:
    data = SceneOfElementSerializer(data=request.data)
    data.is_valid(raise_exception=True)
    scenes = Scene.objects.filter(production=element.production_id).select_related("production")
    scene = scenes.filter(pk=data.validated_data["scene"]).first()
    if scene is None:
        raise _no_such_scene("scene")
    return scene


def _no_such_scene(field: str) -> serializers.ValidationError:
    return serializers.ValidationError({field: [_("The title has no such scene.")]}, code="does_not_exist")


class TagSerializer(serializers.ModelSerializer[Tag]):
    production = serializers.IntegerField(source="element.production_id", read_only=True)
    category = serializers.CharField(source="element.category", read_only=True)
    name = serializers.CharField(source="element.name", read_only=True)
    scene_number = serializers.CharField(source="scene.number", read_only=True)

    class Meta:
        model = Tag
        fields = [
            "id", "production", "element", "category", "name", "scene", "scene_number", "origin", "because", "tagged_by",
            "created_at", "updated_at",
        ]  # fmt: skip


class TagFilter(django_filters.FilterSet):
    production = django_filters.NumberFilter(field_name="element__production", label="Production")
    category = django_filters.ChoiceFilter(field_name="element__category", choices=Category.choices, label="Category")
    name = django_filters.CharFilter(field_name="element__name", lookup_expr="exact", label="Name")
    episode = django_filters.NumberFilter(field_name="scene__episode__number", label="Episode number")
    origin = django_filters.ChoiceFilter(choices=Origin.choices, label="Who says so")

    class Meta:
        model = Tag
        fields = ["production", "element", "scene", "category", "name", "episode", "origin"]


class TagViewSet(RowsViewSet):
    queryset = Tag.objects.all()
    serializer_class = TagSerializer
    filterset_class = TagFilter
    verbs = {"list": "script.view", "retrieve": "script.view"}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.select_related("element", "scene") if self.action != "list" else rows
