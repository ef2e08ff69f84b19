"""The room of investors and partners: what each may see of a title, and the documents laid out for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from finance.choices import DocumentKind
from finance.models.contracts import Party
from studio.models import AppendOnly, Production, Scoped, Stamped, User


class RoomRight(Stamped, Scoped):
    """What a party's contract lets it see of a title beside its own share. Without a row: all but the budget."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="room_rights", verbose_name=_("production"))
    party = models.ForeignKey(
        Party, models.CASCADE, related_name="room_rights", verbose_name=pgettext_lazy("contract", "party")
    )
    sees_progress = models.BooleanField(_("sees how far the shoot is"), default=True)
    sees_cost = models.BooleanField(_("sees the cost to date"), default=True)
    sees_budget = models.BooleanField(_("sees the budget total"), default=False)
    clause = models.CharField(_("where the contract says so"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("right in the investor room")
        verbose_name_plural = _("rights in the investor room")
        ordering = ["production_id", "party_id"]
        constraints = [
            models.UniqueConstraint(fields=["production", "party"], name="room_right_once"),
            models.CheckConstraint(condition=Q(sees_budget=False) | Q(sees_cost=True), name="room_right_budget_needs_cost"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.party} · {self.production}"


class RoomDocument(Stamped, Scoped):
    """A paper of a title for its investors: in versions, each kept; withdrawn, never deleted."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.PROTECT, related_name="room_documents", verbose_name=_("production")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind)
    name = models.CharField(_("name"), max_length=120)
    for_all = models.BooleanField(_("for all investors of the title"), default=True)
    readers = models.ManyToManyField(
        Party, through="RoomDocumentReader", related_name="room_documents", verbose_name=_("readers")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("withdrawn by")
    )

    class Meta:
        verbose_name = _("document of the investor room")
        verbose_name_plural = _("documents of the investor room")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["production", "kind", "name"], condition=Q(withdrawn_at=None), name="room_document_name_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="room_document_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="room_document_has_name"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False) | Q(withdrawn_by=None), name="room_document_withdrawn_by_once_so"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class RoomDocumentVersion(AppendOnly, Scoped):
    """One file of a document as it was handed in, with its SHA-256."""

    studio_path = "document__production__studio"
    production_path = "document__production"

    document = models.ForeignKey(
        RoomDocument, models.PROTECT, related_name="versions", verbose_name=_("document of the investor room")
    )
    number = models.PositiveIntegerField(_("version"))
    file = models.FileField(_("file"), upload_to="rooms/%Y/%m", max_length=200)
    file_name = models.CharField(_("file"), max_length=200)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("version of a room document")
        verbose_name_plural = _("versions of room documents")
        ordering = ["document_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="room_document_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="room_document_version_from_one"),
            models.CheckConstraint(condition=~Q(sha256=""), name="room_document_version_has_checksum"),
        ]

    def __str__(self) -> str:
        return f"{self.document} · {self.number}"


class RoomDocumentReader(Scoped):
    """A party that may see a document which is not for all."""

    studio_path = "document__production__studio"
    production_path = "document__production"

    document = models.ForeignKey(
        RoomDocument, models.CASCADE, related_name="named", verbose_name=_("document of the investor room")
    )
    party = models.ForeignKey(
        Party, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("contract", "party")
    )  # fmt: skip

    class Meta:
        verbose_name = _("reader of a room document")
        verbose_name_plural = _("readers of room documents")
        constraints = [models.UniqueConstraint(fields=["document", "party"], name="room_document_reader_once")]

    def __str__(self) -> str:
        return str(self.party)


class RoomDocumentOpening(AppendOnly, Scoped):
    """Somebody took a version of a document: who and when."""

    studio_path = "version__document__production__studio"
    production_path = "version__document__production"

    version = models.ForeignKey(
        RoomDocumentVersion, models.PROTECT, related_name="openings", verbose_name=_("version of a room document")
    )
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("who"))
    user_name = models.CharField(_("name then"), max_length=80)
    opened_at = models.DateTimeField(_("opened"))

    class Meta:
        verbose_name = _("opening of a room document")
        verbose_name_plural = _("openings of room documents")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.version} · {self.user_name}"
