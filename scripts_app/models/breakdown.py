"""What scenes need: the breakdown and its elements."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scripts_app.choices import BreakdownState, Category, Origin
from scripts_app.models.script import Revision, Scene
from studio.models import Production, Scoped, Stamped, Studio, User


class Breakdown(Stamped, Scoped):
    """The breakdown of a revision: draft until somebody stands for it."""

    studio_path = "revision__script__production__studio"
    production_path = "revision__script__production"

    revision = models.OneToOneField(
        Revision, models.CASCADE, related_name="breakdown", verbose_name=pgettext_lazy("script", "revision")
    )
    state = models.CharField(_("state"), max_length=10, choices=BreakdownState, default=BreakdownState.DRAFT)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    class Meta:
        verbose_name = _("breakdown")
        verbose_name_plural = _("breakdowns")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=BreakdownState.APPROVED, approved_at__isnull=False)
                | Q(state=BreakdownState.DRAFT, approved_at=None),
                name="breakdown_approved_at_iff_approved",
            )
        ]

    def __str__(self) -> str:
        return str(self.revision)


class Element(Stamped, Scoped):
    """Something scenes need: a prop, a dress, a car."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="elements", verbose_name=_("production"))
    category = models.CharField(_("category"), max_length=20, choices=Category)
    name = models.CharField(_("name"), max_length=80)
    suggested = models.BooleanField(
        _("suggested"), default=False, help_text=_("Read from the script; nobody has confirmed it yet.")
    )
    linked = models.BooleanField(
        _("linked"), default=False, help_text=_("Stands on the breakdown for a linked rule alone, and goes with it.")
    )
    scenes = models.ManyToManyField(Scene, through="Tag", related_name="needs", blank=True, verbose_name=_("scenes"))

    class Meta:
        verbose_name = pgettext_lazy("breakdown", "element")
        verbose_name_plural = pgettext_lazy("breakdown", "elements")
        ordering = ["category", "name"]
        constraints = [
            models.UniqueConstraint(fields=["production", "category", "name"], name="element_once"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="element_category_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(Stamped, Scoped):
    """A scene needs a thing: who says so, and for a linked thing what in the scene asks for it."""

    studio_path = "element__production__studio"
    production_path = "element__production"

    element = models.ForeignKey(Element, models.CASCADE, related_name="tags", verbose_name=_("thing"))
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="tags", verbose_name=_("scene"))
    origin = models.CharField(_("who says so"), max_length=8, choices=Origin, default=Origin.HAND)
    tagged_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("tagged by")
    )
    # None for a linked tag: the role's age asks for it.
    rule = models.ForeignKey(
        "LinkRule", models.CASCADE, null=True, blank=True, related_name="tags", verbose_name=_("rule")
    )
    because = models.CharField(_("because of"), max_length=160, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("breakdown", "tag")
        verbose_name_plural = pgettext_lazy("breakdown", "tags")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["element", "scene"], name="tag_once_per_scene"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="tag_origin_known"),
            models.CheckConstraint(
                condition=(Q(origin=Origin.LINKED) & ~Q(because="")) | Q(because="", rule=None),
                name="tag_linked_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scene} · {self.element}"


class Mark(Scoped):
    """The words of a scene that a tag was marked on.

    The line is named by its content (`digest`, and `nth` of the lines alike), so that the mark is found again in the
    next draft; `start` and `length` count code points in it.
    """

    studio_path = "tag__element__production__studio"
    production_path = "tag__element__production"

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="marks", verbose_name=pgettext_lazy("breakdown", "tag"))
    digest = models.CharField(_("checksum"), max_length=24)
    nth = models.PositiveIntegerField(_("which of the lines alike"), default=0)
    start = models.PositiveIntegerField(_("from character"))
    length = models.PositiveIntegerField(_("length"))
    words = models.CharField(_("words"), max_length=80)

    class Meta:
        verbose_name = pgettext_lazy("breakdown", "mark")
        verbose_name_plural = pgettext_lazy("breakdown", "marks")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["tag", "digest", "nth", "start"], name="mark_once_per_place"),
            models.CheckConstraint(condition=Q(length__gte=1), name="mark_has_words"),
        ]

    def __str__(self) -> str:
        return self.words


class Refusal(Stamped, Scoped):
    """A thing that is not wanted in a scene, or in none of the title: no suggestion and no rule brings it back."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="refusals", verbose_name=_("production"))
    scene = models.ForeignKey(
        Scene, models.CASCADE, null=True, blank=True, related_name="refusals", verbose_name=_("scene")
    )
    category = models.CharField(_("category"), max_length=20, choices=Category)
    name = models.CharField(_("name"), max_length=80)
    refused_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("refused by")
    )

    class Meta:
        verbose_name = pgettext_lazy("breakdown", "refusal")
        verbose_name_plural = pgettext_lazy("breakdown", "refusals")
        ordering = ["category", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["production", "category", "name"], condition=Q(scene=None), name="refusal_once_per_title"
            ),
            models.UniqueConstraint(
                fields=["scene", "category", "name"], condition=Q(scene__isnull=False), name="refusal_once_per_scene"
            ),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="refusal_category_known"),
        ]

    def __str__(self) -> str:
        return self.name


class BreakdownStep(Scoped):
    """Something done to a breakdown or the catalogue, with what it takes to undo it. A step over titles has none.

    `changes` is [[what, {the row}]] in the order done: see `actions.steps`.
    """

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="breakdown_steps", verbose_name=_("studio"))
    production = models.ForeignKey(
        Production, models.CASCADE, null=True, blank=True, related_name="breakdown_steps", verbose_name=_("production")
    )
    kind = models.CharField(_("kind"), max_length=20)
    params = models.JSONField(_("what it was about"), default=dict)
    changes = models.JSONField(_("changes"), default=list)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"))
    undone_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("step of the breakdown")
        verbose_name_plural = _("steps of the breakdown")
        ordering = ["-id"]
        indexes = [models.Index(fields=["production", "undone_at"], name="step_to_undo")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False) | Q(undone_by=None), name="step_undone_by_with_when"
            )
        ]

    def __str__(self) -> str:
        return self.kind
