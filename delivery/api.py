"""REST doors of this room. A delivery is one episode for one platform; a package is the title for it."""

from __future__ import annotations

import django_filters
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from delivery import actions
from delivery.choices import DeliverableState, PackageState, VerdictCode
from delivery.models import Deliverable, Package
from studio.api.lists import EventsMixin, RowsViewSet
from studio.api.views import JobSerializer
from studio.models import Event


class DeliverySerializer(serializers.ModelSerializer[Deliverable]):
    """The status of a delivery, as clients pull it for all their episodes in one call."""

    production = serializers.IntegerField(source="package.production_id", read_only=True)
    production_title = serializers.CharField(source="package.production.title", read_only=True)
    episode_number = serializers.IntegerField(source="episode.number", read_only=True)
    platform = serializers.CharField(source="package.platform.code", read_only=True)
    package_state = serializers.ChoiceField(source="package.state", choices=PackageState.choices, read_only=True)

    class Meta:
        model = Deliverable
        fields = [
            "id", "production", "production_title", "episode_number", "platform", "state", "package_state", "round",
            "sent_at", "decided_at", "reason", "updated_at",
        ]  # fmt: skip


class DeliveryDetailSerializer(DeliverySerializer):
    """One delivery: also the ids to go on with."""

    platform_name = serializers.CharField(source="package.platform.name", read_only=True)
    master_version = serializers.IntegerField(source="master.version", read_only=True, default=None)

    class Meta(DeliverySerializer.Meta):
        fields = [*DeliverySerializer.Meta.fields, "package", "episode", "platform_name", "master_version"]


class DeliveryFilter(django_filters.FilterSet):
    platform = django_filters.CharFilter(field_name="package__platform__code")
    production = django_filters.NumberFilter(field_name="package__production")
    episode_number = django_filters.NumberFilter(field_name="episode__number")
    state = django_filters.ChoiceFilter(choices=DeliverableState.choices)
    package_state = django_filters.ChoiceFilter(field_name="package__state", choices=PackageState.choices)

    class Meta:
        model = Deliverable
        fields = ["package"]


class VerdictSerializer(serializers.Serializer[None]):
    """What the platform said. `external_id` is its own name for the message: the same one again changes nothing."""

    code = serializers.ChoiceField(choices=VerdictCode.choices)
    external_id = serializers.CharField(max_length=120)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    evidence = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    at = serializers.DateTimeField(required=False)


class DeliveryViewSet(EventsMixin, RowsViewSet):
    queryset = Deliverable.objects.select_related("package__production", "package__platform", "episode", "master")
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    verbs = {
        "list": "delivery.view", "retrieve": "delivery.view", "events": "delivery.view", "verdict": "delivery.edit",
    }  # fmt: skip
    subject_kind = "delivery.deliverable"

    @extend_schema(responses=DeliveryDetailSerializer)
    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """One delivery."""
        return Response(DeliveryDetailSerializer(self.get_object()).data)

    @extend_schema(
        responses=OpenApiResponse(
            {"type": "object", "properties": {"results": {"type": "array", "items": {"type": "object"}}}}
        )
    )
    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        """What happened to it and to its package, oldest first."""
        row = self.get_object()
        subjects = [f"delivery.deliverable:{row.pk}", f"delivery.package:{row.package_id}"]
        events = Event.objects.filter(subject__in=subjects).order_by("id")[:500]
        return Response(
            {
                "next": None,
                "results": [
                    {"uid": event.uid, "name": event.name, "at": event.at, "who": event.actor_name,
                     "details": event.payload}
                    for event in events
                ],
            }
        )  # fmt: skip

    @extend_schema(request=VerdictSerializer, responses=DeliveryDetailSerializer)
    @action(detail=True, methods=["post"])
    def verdict(self, request: Request, pk: str | None = None) -> Response:
        """Take in the platform's verdict on this episode."""
        row = self.get_object()
        asked = VerdictSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = {"at": timezone.now(), **asked.validated_data}
        actions.receive_verdict(
            package=row.package,
            episode_number=row.episode.number,
            by=request.user,
            **data,  # type: ignore[arg-type]
        )
        return Response(DeliveryDetailSerializer(self.get_object()).data)


class PackageSerializer(serializers.ModelSerializer[Package]):
    production_title = serializers.CharField(source="production.title", read_only=True)
    platform = serializers.CharField(source="platform.code", read_only=True)
    platform_name = serializers.CharField(source="platform.name", read_only=True)

    class Meta:
        model = Package
        fields = [
            "id", "production", "production_title", "platform", "platform_name", "state", "round", "synopsis",
            "tagline", "due_date", "sent_at", "live_at", "updated_at",
        ]  # fmt: skip


class PackageFilter(django_filters.FilterSet):
    platform = django_filters.CharFilter(field_name="platform__code")
    state = django_filters.ChoiceFilter(choices=PackageState.choices)

    class Meta:
        model = Package
        fields = ["production"]


class PackageViewSet(EventsMixin, RowsViewSet):
    queryset = Package.objects.select_related("production", "platform")
    serializer_class = PackageSerializer
    filterset_class = PackageFilter
    verbs = {
        "list": "delivery.view", "retrieve": "delivery.view", "events": "delivery.view", "inspect": "delivery.edit",
        "send": "delivery.edit",
    }  # fmt: skip
    subject_kind = "delivery.package"

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def inspect(self, request: Request, pk: str | None = None) -> Response:
        """Have the package checked against its spec; answers with the job to follow."""
        job = actions.inspect_package(package=self.get_object(), by=request.user)  # type: ignore[arg-type]
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str | None = None) -> Response:
        """Send what passed inspection as the next round; answers with the job to follow."""
        job = actions.send_package(package=self.get_object(), by=request.user)  # type: ignore[arg-type]
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)


def register(router: SimpleRouter) -> None:
    """Add this room's routes."""
    router.register("deliveries", DeliveryViewSet, basename="delivery")
    router.register("packages", PackageViewSet, basename="package")
