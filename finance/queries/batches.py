"""Files over many titles, as lists."""

from __future__ import annotations

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from finance.choices import FileState, PartState, StatementState
from finance.models import BatchPart, StatementBatch
from studio.access import Access
from studio.models import Studio

# What waits for a person stands in front.
ORDER = {PartState.UNKNOWN: 0, PartState.DUPLICATE: 2, PartState.LEFT_OUT: 3}
HELD = Q(parts__state=PartState.TAKEN, parts__statement__state=StatementState.HELD)


def batches_for(
    access: Access, studio: Studio | None = None, *, state: str = "", text: str = ""
) -> QuerySet[StatementBatch]:
    """Files that the user may see, newest first, with how many of their titles were taken, held, doubled, unknown."""
    rows = access.scope(StatementBatch.objects.select_related("platform", "production"), "money.view")
    if studio is not None:
        rows = rows.filter(platform__studio=studio)
    if state in FileState.values:
        rows = rows.filter(state=state)
    if text.strip():
        rows = rows.filter(
            Q(file_name__icontains=text.strip()) | Q(platform__name__icontains=text.strip())
            | Q(period__startswith=text.strip())
        )  # fmt: skip
    return rows.annotate(
        n_taken=Count("parts", filter=Q(parts__state=PartState.TAKEN) & ~HELD),
        n_held=Count("parts", filter=HELD),
        n_duplicate=Count("parts", filter=Q(parts__state=PartState.DUPLICATE)),
        n_unknown=Count("parts", filter=Q(parts__state=PartState.UNKNOWN)),
    ).order_by("-pk")


def parts_of(batch: StatementBatch, *, state: str = "", text: str = "") -> QuerySet[BatchPart]:
    """The titles of a file: unknown ones first, then held, then the rest in the file's order."""
    rows = batch.parts.select_related("production", "statement").annotate(
        rank=Case(
            When(state=PartState.TAKEN, statement__state=StatementState.HELD, then=Value(1)),
            *(When(state=name, then=Value(rank)) for name, rank in ORDER.items()),
            default=Value(4),
            output_field=IntegerField(),
        )
    )
    if state == "held":
        rows = rows.filter(state=PartState.TAKEN, statement__state=StatementState.HELD)
    elif state in PartState.values:
        rows = rows.filter(state=state)
    if text.strip():
        rows = rows.filter(
            Q(title__icontains=text.strip()) | Q(title_id__icontains=text.strip())
            | Q(production__title__icontains=text.strip()) | Q(production__code__icontains=text.strip())
        )  # fmt: skip
    return rows.order_by("rank", "place")
