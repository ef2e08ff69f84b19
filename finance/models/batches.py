"""Files of a platform over many titles, how its columns are read, and what it calls our titles."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delivery.models import Platform
from finance.choices import FileState, PartState
from finance.models.statements import Statement
from studio.models import Production, Scoped, Stamped, User


class ColumnMapping(Stamped, Scoped):
    """How files with these heads are read, from a date on; a person said so once.

    `shape` is the checksum of the heads in their order, `columns` is field -> head as in `finance.statements`.
    """

    studio_path = "platform__studio"
    production_path = None

    platform = models.ForeignKey(
        Platform, models.CASCADE, related_name="column_mappings", verbose_name=_("platform")
    )  # fmt: skip
    shape = models.CharField(_("shape"), max_length=64, editable=False)
    heads = models.JSONField(_("column heads"))
    columns = models.JSONField(_("columns"))
    from_date = models.DateField(_("holds from"))
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        ordering = ["platform_id", "-from_date", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "shape", "from_date"], name="mapping_once_per_shape_and_date")
        ]

    def __str__(self) -> str:
        return f"{self.platform} · {self.from_date}"


class PlatformTitle(Stamped, Scoped):
    """What a platform calls one of our titles: a name, or an id of its own. A person said so once."""

    studio_path = "platform__studio"

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="titles", verbose_name=_("platform"))
    written = models.CharField(_("as the platform writes it"), max_length=200)
    production = models.ForeignKey(
        Production, models.CASCADE, related_name="platform_titles", verbose_name=_("production")
    )  # fmt: skip
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))

    class Meta:
        verbose_name = _("title on a platform")
        verbose_name_plural = _("titles on platforms")
        ordering = ["platform_id", "written"]
        constraints = [models.UniqueConstraint(fields=["platform", "written"], name="platform_title_written_once")]

    def __str__(self) -> str:
        return self.written


class StatementBatch(Stamped, Scoped):
    """A platform's monthly file over many titles, as it came; the same file is taken once.

    `production` is set for a file that names no titles because all of it is of that one. `columns` is how it was
    read; `declared_minor` and `counted_minor` are of one currency, and empty where the file holds two.
    """

    studio_path = "platform__studio"
    production_path = None

    platform = models.ForeignKey(Platform, models.PROTECT, related_name="batches", verbose_name=_("platform"))
    production = models.ForeignKey(
        Production, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("production")
    )  # fmt: skip
    period = models.CharField(_("month"), max_length=7)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    file = models.FileField(_("statement file"), upload_to="statements/%Y/%m", max_length=200)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("checksum"), max_length=64)
    columns = models.JSONField(_("columns"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=FileState, default=FileState.COLUMNS)
    rows = models.PositiveIntegerField(_("lines"), default=0)
    declared_minor = models.BigIntegerField(_("total stated (fen)"), null=True, blank=True)
    counted_minor = models.BigIntegerField(_("total counted (fen)"), null=True, blank=True)
    findings = models.JSONField(_("findings"), default=list, blank=True)
    imported_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("imported by"))

    class Meta:
        verbose_name = _("statement file")
        verbose_name_plural = _("statement files")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "sha256"], name="batch_file_once"),
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="batch_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.period} · {self.file_name}"


class BatchPart(Scoped):
    """What a file says of one title, and what became of it."""

    studio_path = "batch__platform__studio"
    production_path = None

    batch = models.ForeignKey(StatementBatch, models.CASCADE, related_name="parts", verbose_name=_("statement file"))
    place = models.PositiveIntegerField(_("place"))
    title = models.CharField(_("as the platform writes it"), max_length=200, blank=True)
    title_id = models.CharField(_("the platform's id"), max_length=200, blank=True)
    lines = models.PositiveIntegerField(_("lines"), default=0)
    lost = models.PositiveIntegerField(_("rows that cannot be counted"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    counted_minor = models.BigIntegerField(_("total counted (fen)"), default=0)
    declared_minor = models.BigIntegerField(_("total stated (fen)"), null=True, blank=True)
    production = models.ForeignKey(
        Production, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("production")
    )  # fmt: skip
    statement = models.ForeignKey(
        Statement, models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("statement")
    )  # fmt: skip
    state = models.CharField(pgettext_lazy("statement", "state"), max_length=10, choices=PartState)

    class Meta:
        verbose_name = _("title of a statement file")
        verbose_name_plural = _("titles of statement files")
        ordering = ["batch_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "place"], name="part_place_once"),
            models.CheckConstraint(
                condition=Q(state__in=[PartState.TAKEN, PartState.DUPLICATE], statement__isnull=False)
                | Q(state__in=[PartState.UNKNOWN, PartState.LEFT_OUT], statement=None),
                name="part_statement_iff_taken",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.title_id
