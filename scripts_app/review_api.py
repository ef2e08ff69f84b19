"""REST doors of reviews and rights."""

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

from scripts_app import actions
from scripts_app.choices import RoundKind, RoundVerdict
from scripts_app.models import ReviewNote, ReviewRound, Revision, SourceWork
from studio.api.lists import EventsMixin, RowsViewSet
from studio.models import User


class ReviewRoundSerializer(serializers.ModelSerializer[ReviewRound]):
    production = serializers.IntegerField(source="revision.script.production_id", read_only=True)
    revision_number = serializers.IntegerField(source="revision.number", read_only=True)

    class Meta:
        model = ReviewRound
        fields = [
            "id", "production", "revision", "revision_number", "kind", "due_date", "opened_by", "opened_at", "verdict",
            "notes", "episodes_returned", "reviewed_by", "reviewed_at", "created_at", "updated_at",
        ]  # fmt: skip


class ReviewRoundFilter(django_filters.FilterSet):
    production = django_filters.NumberFilter(field_name="revision__script__production")

    class Meta:
        model = ReviewRound
        fields = ["revision", "kind", "verdict"]


class NewRoundSerializer(serializers.Serializer[Any]):
    """A review to ask for; with a verdict, one that is over."""

    revision = serializers.IntegerField(min_value=1, max_value=2**62)
    kind = serializers.ChoiceField(choices=RoundKind.choices)
    reviewers = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**62), required=False)
    due_date = serializers.DateField(required=False, allow_null=True)
    verdict = serializers.ChoiceField(choices=RoundVerdict.choices, required=False)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=8000)


class CloseRoundSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=RoundVerdict.choices)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=8000)


class ReviewRoundViewSet(RowsViewSet):
    queryset = ReviewRound.objects.all()
    serializer_class = ReviewRoundSerializer
    filterset_class = ReviewRoundFilter
    verbs = {"list": "script.view", "retrieve": "script.view", "create": "script.review", "close": "script.review"}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.select_related("revision__script__production__studio") if self.action != "list" else rows

    @extend_schema(request=NewRoundSerializer, responses={201: ReviewRoundSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a review of a revision, or record one that is over."""
        data = NewRoundSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        revisions = Revision.objects.select_related("script__production__studio")
        revision = self.caller.scope(revisions, "script.review").filter(pk=given["revision"]).first()
        if revision is None:
            raise serializers.ValidationError(
                {"revision": [_("There is no such revision among yours.")]}, code="does_not_exist"
            )
        if "verdict" in given:
            row = actions.review_revision(
                revision=revision, kind=given["kind"], verdict=given["verdict"], notes=given.get("notes", ""),
                by=request.user,
            )  # fmt: skip
        else:
            row = actions.open_round(
                revision=revision, kind=given["kind"], due_date=given.get("due_date"), by=request.user,
                # Whoever is no member of the studio is refused by the action.
                reviewers=User.objects.filter(pk__in=given.get("reviewers", [])),
            )  # fmt: skip
        return Response(ReviewRoundSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=CloseRoundSerializer, responses=ReviewRoundSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str | None = None) -> Response:
        """Pass or return the draft; what reviewers said is frozen."""
        row = self.get_object()
        data = CloseRoundSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        closed = actions.close_round(round=row, by=request.user, **data.validated_data)
        return Response(ReviewRoundSerializer(closed).data)


class ReviewNoteSerializer(serializers.ModelSerializer[ReviewNote]):
    production = serializers.IntegerField(source="round.revision.script.production_id", read_only=True)
    revision = serializers.IntegerField(source="round.revision_id", read_only=True)
    episode_number = serializers.IntegerField(source="episode.number", read_only=True)

    class Meta:
        model = ReviewNote
        fields = [
            "id", "production", "revision", "round", "episode_number", "scene", "line", "quote", "body", "state", "author",
            "settled_by", "settled_at", "created_at", "updated_at",
        ]  # fmt: skip


class ReviewNoteFilter(django_filters.FilterSet):
    production = django_filters.NumberFilter(field_name="round__revision__script__production")
    revision = django_filters.NumberFilter(field_name="round__revision")

    class Meta:
        model = ReviewNote
        fields = ["round", "state"]


class ReviewNoteViewSet(RowsViewSet):
    queryset = ReviewNote.objects.all()
    serializer_class = ReviewNoteSerializer
    filterset_class = ReviewNoteFilter
    verbs = {"list": "script.view", "retrieve": "script.view"}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.select_related("episode", "round__revision__script") if self.action != "list" else rows


class SourceWorkSerializer(serializers.ModelSerializer[SourceWork]):
    class Meta:
        model = SourceWork
        fields = [
            "id", "title", "kind", "author", "holder", "contract_reference", "territories", "media_kinds", "from_date",
            "until_date", "extensions_allowed", "created_at", "updated_at",
        ]  # fmt: skip


class SourceWorkFilter(django_filters.FilterSet):
    production = django_filters.NumberFilter(field_name="productions")
    until_before = django_filters.DateFilter(field_name="until_date", lookup_expr="lt")

    class Meta:
        model = SourceWork
        fields = ["kind"]


class SourceWorkViewSet(EventsMixin, RowsViewSet):
    queryset = SourceWork.objects.all()
    serializer_class = SourceWorkSerializer
    filterset_class = SourceWorkFilter
    verbs = {"list": "script.view", "retrieve": "script.view", "events": "event.view"}
    subject_kind = "scripts_app.sourcework"

    @action(detail=True, methods=["get"])
    def events(self, request: Request, pk: str | None = None) -> Response:
        return super().events(request, pk)


def register(router: SimpleRouter) -> None:
    router.register("review-rounds", ReviewRoundViewSet, basename="review-round")
    router.register("review-notes", ReviewNoteViewSet, basename="review-note")
    router.register("source-works", SourceWorkViewSet, basename="source-work")
