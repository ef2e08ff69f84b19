"""REST doors of files over many titles, and of the lines of statements."""

from __future__ import annotations

import io
from typing import Any

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from delivery.models import Platform
from finance.batches import assign_titles, start_batch
from finance.models import StatementBatch, StatementLine
from finance.sentences import finding_sentence
from finance.statements import LineReader, open_rows, table_of
from studio.api.lists import RowsViewSet
from studio.models import Production


class GivenLineSerializer(serializers.Serializer[Any]):
    """A line as `finance.statements` reads it; amounts are text in the main unit, such as "1234.50"."""

    title = serializers.CharField(required=False)
    title_id = serializers.CharField(required=False)
    episode = serializers.CharField(required=False)
    period = serializers.CharField(required=False)
    kind = serializers.CharField(required=False)
    gross = serializers.CharField(required=False)
    share = serializers.CharField(required=False)
    currency = serializers.CharField(required=False)
    rate = serializers.CharField(required=False)


def lines_apart(request: Request) -> tuple[Any, dict[str, Any]]:
    """The lines that were sent, and the other fields: each line is read by the reader of statements, not field by field."""
    data = request.data
    if not isinstance(data, dict):
        raise serializers.ValidationError([_("Send an object with fields.")])
    return data.get("lines"), {name: data[name] for name in data if name != "lines"}


def given_table(lines: Any, total: Any, currency: str) -> tuple[bytes, dict[str, str]]:
    """Lines sent by a program as a file of their own. Raises ValidationError with all that is wrong with them."""
    if not isinstance(lines, list) or not lines:
        raise serializers.ValidationError({"lines": [_("Send at least one line.")]})
    try:
        data, mapping = table_of(lines, total)
    except ValueError as error:
        raise serializers.ValidationError({"lines": [str(error)]}) from None
    reader = LineReader(open_rows(io.BytesIO(data)), mapping, currency, by_title=True)
    for _line in reader:
        pass
    wrong = [finding_sentence(found.as_json()) for found in reader.findings if found.severity == "error"]
    if wrong:
        raise serializers.ValidationError({"lines": wrong})
    return data, mapping


class PartSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    title_id = serializers.CharField()
    state = serializers.CharField()
    production = serializers.IntegerField(source="production_id", allow_null=True)
    statement = serializers.IntegerField(source="statement_id", allow_null=True)
    lines = serializers.IntegerField()
    lost = serializers.IntegerField()
    currency = serializers.CharField()
    counted_minor = serializers.IntegerField()
    declared_minor = serializers.IntegerField(allow_null=True)


class BatchSerializer(serializers.ModelSerializer[StatementBatch]):
    class Meta:
        model = StatementBatch
        fields = [
            "id", "platform", "period", "currency", "file_name", "sha256", "state", "rows", "declared_minor",
            "counted_minor", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class BatchDetailSerializer(BatchSerializer):
    parts = PartSerializer(many=True)
    findings = serializers.SerializerMethodField()

    class Meta(BatchSerializer.Meta):
        fields = [*BatchSerializer.Meta.fields, "columns", "findings", "parts"]
        read_only_fields = fields

    @extend_schema(responses=serializers.ListField(child=serializers.CharField()))
    def get_findings(self, row: StatementBatch) -> list[str]:
        return [finding_sentence(finding) for finding in row.findings]


class BatchUploadSerializer(serializers.Serializer[Any]):
    """A platform's file over many titles, or its `lines` as JSON. `mapping` is field -> column head."""

    platform = serializers.PrimaryKeyRelatedField(queryset=Platform.objects.all())
    period = serializers.RegexField(r"^\d{4}-\d{2}$", help_text="Month, such as 2026-01.")
    currency = serializers.CharField(required=False, max_length=3, help_text="Of lines that name none.")
    file = serializers.FileField(allow_empty_file=True, required=False)
    mapping = serializers.DictField(child=serializers.CharField(), required=False)
    lines = GivenLineSerializer(many=True, required=False)
    total = serializers.CharField(required=False, help_text="What the lines must make; amounts are text.")


class AssignmentSerializer(serializers.Serializer[Any]):
    titles = serializers.DictField(child=serializers.IntegerField(), help_text="Part -> production.")


class BatchFilter(django_filters.FilterSet):
    class Meta:
        model = StatementBatch
        fields = ["platform", "period", "state"]


class StatementBatchViewSet(RowsViewSet):
    queryset = StatementBatch.objects.all()
    serializer_class = BatchSerializer
    filterset_class = BatchFilter
    verbs = {"list": "money.view", "retrieve": "money.view", "create": "money.edit", "titles": "money.edit"}

    @extend_schema(responses=BatchDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(BatchDetailSerializer(self.get_object()).data)

    @extend_schema(
        request={"multipart/form-data": BatchUploadSerializer, "application/json": BatchUploadSerializer},
        responses={201: BatchDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """Bring a month's file over many titles, or its lines. The same again answers with what there is.

        `state` is `reading` while a worker reads a large one, `columns` where a person must say what its columns are.
        """
        sent, fields = lines_apart(request)
        serializer = BatchUploadSerializer(data=fields)
        studios = [pk for pk in self.caller.studio_ids if self.caller.may_in_studio("money.edit", pk)]
        serializer.fields["platform"].queryset = Platform.objects.filter(studio__in=studios).select_related("studio")  # type: ignore[attr-defined]
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        platform, mapping, upload = data["platform"], data.get("mapping"), data.get("file")
        if (upload is None) == (sent is None):
            raise serializers.ValidationError({"file": [_("Send either a file or lines.")]})
        if upload is None:
            table, mapping = given_table(sent, data.get("total"), data.get("currency") or platform.studio.currency)
            stream: Any = io.BytesIO(table)
        else:
            stream = upload.file
        row = start_batch(
            platform=platform, period=data["period"], stream=stream, currency=data.get("currency"), columns=mapping,
            file_name=upload.name if upload is not None else "lines.csv", by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip
        return Response(BatchDetailSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AssignmentSerializer, responses=BatchDetailSerializer)
    @action(detail=True, methods=["post"])
    def titles(self, request: Request, pk: str | None = None) -> Response:
        """Say which titles unknown ones are: remembered for the platform, and their lines are taken."""
        row = self.get_object()
        serializer = AssignmentSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted = {int(part): title for part, title in serializer.validated_data["titles"].items() if part.isdecimal()}
        known = self.caller.scope(Production.objects.select_related("studio"), "money.edit").in_bulk(wanted.values())
        missing = [str(title) for title in wanted.values() if title not in known]
        if missing or not wanted:
            raise serializers.ValidationError(
                {
                    "titles": [_("There is no such title: %(pk)s.") % {"pk": title} for title in missing]
                    or [_("Name at least one part.")]
                }
            )
        row = assign_titles(batch=row, titles={part: known[title] for part, title in wanted.items()}, by=request.user)  # type: ignore[arg-type]
        return Response(BatchDetailSerializer(row).data)


class StatementLineRowSerializer(serializers.ModelSerializer[StatementLine]):
    class Meta:
        model = StatementLine
        fields = ["id", "statement", "row", "episode_number", "kind", "amount_minor", "text"]
        read_only_fields = fields


class StatementLineFilter(django_filters.FilterSet):
    class Meta:
        model = StatementLine
        fields = ["statement", "kind", "episode_number"]


class StatementLineViewSet(RowsViewSet):
    """Lines of statements by keyset: a statement of a hundred thousand lines is read page by page."""

    queryset = StatementLine.objects.all()
    serializer_class = StatementLineRowSerializer
    filterset_class = StatementLineFilter
    verbs = {"list": "money.view", "retrieve": "money.view"}
