"""The ledger: entries and their lines. Amounts are fen (minor units), debit positive."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.choices import (
    Account,
)
from studio.models import AppendOnly, Person, Production, Scoped, User


class Entry(AppendOnly, Scoped):
    """A ledger entry: lines that sum to zero, from a named source, once. Reversed by another entry, never edited."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.PROTECT, related_name="entries", verbose_name=_("production"))
    source = models.CharField(_("source"), max_length=120)
    on_date = models.DateField(_("date"))
    narrative = models.CharField(_("what for"), max_length=200)
    params = models.JSONField(_("details"), default=dict)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("reverses")
    )
    # Not SET_NULL: the ledger refuses every UPDATE, also the one that forgets who posted.
    posted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("posted by"))
    posted_at = models.DateTimeField(_("posted"), auto_now_add=True)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["-id"]
        # Accruing the same report, booking or task twice changes nothing.
        constraints = [models.UniqueConstraint(fields=["production", "source"], name="entry_once_per_source")]

    def __str__(self) -> str:
        return f"{self.on_date} {self.source}"


class EntryLine(AppendOnly, Scoped):
    """One side of an entry: debit positive, credit negative."""

    studio_path = "entry__production__studio"
    production_path = "entry__production"

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines", verbose_name=_("ledger entry"))
    account = models.CharField(_("account"), max_length=20, choices=Account)
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        ordering = ["entry_id", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="entry_line_not_zero"),
            models.CheckConstraint(condition=Q(account__in=Account.values), name="entry_line_account_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()} · {self.entry}"
