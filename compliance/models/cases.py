"""What decides a title's class, and how it was judged."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from compliance.choices import (
    ClassCode,
)
from compliance.models.rules import ClassRule
from studio.models import AppendOnly, Production, Scoped, Stamped, User


class TitleCase(Stamped, Scoped):
    """What decides class and papers of a title beyond its budget, themes and kind of work."""

    studio_path = "production__studio"

    production = models.OneToOneField(
        Production, models.CASCADE, related_name="title_case", verbose_name=_("production")
    )
    adaptation = models.BooleanField(_("adapted from another work"), default=False)
    minors = models.BooleanField(_("minors take part"), default=False)
    voluntary_key = models.BooleanField(_("filed as key of our own will"), default=False)

    class Meta:
        verbose_name = _("case of a title")
        verbose_name_plural = _("cases of titles")

    def __str__(self) -> str:
        return str(self.production)


class Classification(AppendOnly, Scoped):
    """A judgement of a title's class: which rule, on what facts, when, by whom. A new judgement is a new row."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.CASCADE, related_name="classifications", verbose_name=_("production")
    )
    class_code = models.CharField(pgettext_lazy("regulation", "class"), max_length=10, choices=ClassCode)
    rule = models.ForeignKey(ClassRule, models.PROTECT, related_name="judgements", verbose_name=_("rule"))
    facts = models.JSONField(_("judged on"), default=dict)
    reasons = models.JSONField(_("reasons"), default=list)
    on_date = models.DateField(_("as of"))
    judged_at = models.DateTimeField(_("judged"), auto_now_add=True)
    judged_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("judged by"))

    class Meta:
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(class_code__in=ClassCode.values), name="classification_class_known")
        ]

    def __str__(self) -> str:
        return f"{self.production} · {self.get_class_code_display()}"
