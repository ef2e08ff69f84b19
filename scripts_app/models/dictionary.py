"""What a studio knows before it reads: words that name things, and things that come with others."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import Category, LinkWhen
from studio.models import Production, Scoped, Stamped, Studio, User


class DictionaryWord(Stamped, Scoped):
    """A word that names a thing in the studio's scripts; `name` is the thing where it goes by another name."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="dictionary", verbose_name=_("studio"))
    category = models.CharField(_("category"), max_length=20, choices=Category)
    word = models.CharField(_("word"), max_length=80)
    name = models.CharField(_("name of the thing"), max_length=80)
    active = models.BooleanField(_("suggest it"), default=True)
    added_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )

    class Meta:
        verbose_name = _("word of the dictionary")
        verbose_name_plural = _("dictionary")
        ordering = ["category", "word"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "category", "word"], name="dictionaryword_once"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="dictionaryword_category_known"),
            models.CheckConstraint(condition=~Q(word="") & ~Q(name=""), name="dictionaryword_says_something"),
        ]

    def __str__(self) -> str:
        return self.word


class LinkRule(Stamped, Scoped):
    """When something is in a scene, the scene needs a thing as well: in one title, or in all of the studio.

    `code` marks a rule that every studio begins with; it is switched off, not deleted, or it would come back.
    """

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="link_rules", verbose_name=_("studio"))
    production = models.ForeignKey(
        Production, models.CASCADE, null=True, blank=True, related_name="link_rules", verbose_name=_("production")
    )
    when = models.CharField(_("when there is"), max_length=8, choices=LinkWhen)
    when_category = models.CharField(_("kind of that thing"), max_length=20, choices=Category, blank=True)
    when_name = models.CharField(_("its name"), max_length=120, blank=True)
    then_category = models.CharField(_("kind of thing to add"), max_length=20, choices=Category)
    then_name = models.CharField(_("thing to add"), max_length=80)
    code = models.CharField(_("code"), max_length=20, blank=True, editable=False)
    active = models.BooleanField(_("in use"), default=True)
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )

    class Meta:
        verbose_name = _("linked rule")
        verbose_name_plural = _("linked rules")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "when", "when_category", "when_name", "then_category", "then_name"],
                condition=Q(production=None), name="linkrule_once_per_studio",
            ),
            models.UniqueConstraint(
                fields=["production", "when", "when_category", "when_name", "then_category", "then_name"],
                condition=Q(production__isnull=False), name="linkrule_once_per_title",
            ),
            models.CheckConstraint(
                condition=Q(when__in=[LinkWhen.ROLE, LinkWhen.SET], when_category="") & ~Q(when_name="")
                | Q(when=LinkWhen.CATEGORY, when_category__in=Category.values, when_name="")
                | Q(when=LinkWhen.ELEMENT, when_category__in=Category.values) & ~Q(when_name=""),
                name="linkrule_says_when",
            ),
            models.CheckConstraint(
                condition=Q(then_category__in=Category.values) & ~Q(then_name=""), name="linkrule_says_what"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.then_name
