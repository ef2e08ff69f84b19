"""Scripts, revisions, scenes and roles."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scripts_app.choices import IntExt, PitchState, SceneState, TimeOfDay, Tint
from studio.models import AppendOnly, Episode, Person, Production, Scoped, Stamped, User


class Script(Stamped, Scoped):
    """The script of a production; its text lives in revisions."""

    studio_path = "production__studio"

    production = models.OneToOneField(Production, models.CASCADE, related_name="script", verbose_name=_("production"))
    writers = models.ManyToManyField(Person, through="ScriptWriter", related_name="scripts", verbose_name=_("writers"))
    logline = models.TextField(_("logline"), blank=True)
    outline = models.TextField(_("outline"), blank=True)
    planned_episodes = models.PositiveIntegerField(
        _("episodes planned"), null=True, blank=True, help_text=_("A draft with fewer is trial episodes.")
    )
    pitch_state = models.CharField(_("pitch"), max_length=12, choices=PitchState, default=PitchState.PITCHED)
    pitch_moved_at = models.DateTimeField(_("pitch moved"), null=True, blank=True)
    minutes_per_page = models.PositiveSmallIntegerField(
        _("minutes to shoot a page"), default=40, help_text=_("Gives new scenes their time to shoot.")
    )

    class Meta:
        verbose_name = _("script")
        verbose_name_plural = _("scripts")
        constraints = [
            models.CheckConstraint(condition=Q(minutes_per_page__gte=1), name="script_page_takes_time"),
            models.CheckConstraint(condition=Q(pitch_state__in=PitchState.values), name="script_pitch_known"),
            models.CheckConstraint(
                condition=Q(planned_episodes=None) | Q(planned_episodes__gte=1), name="script_plans_an_episode"
            ),
        ]

    def __str__(self) -> str:
        return str(self.production)


class Revision(Stamped, Scoped):
    """One draft as it was handed in. The same file handed in twice is one revision.

    `episodes` is what this draft says of them: [{number, title, line, outline, hook, paywall, stated_seconds}], `front`
    what stands before them: {title, logline, outline}. The colour is the studio's at the time; its list may change.
    """

    studio_path = "script__production__studio"
    production_path = "script__production"

    script = models.ForeignKey(Script, models.CASCADE, related_name="revisions", verbose_name=_("script"))
    number = models.PositiveIntegerField(_("number"))
    source_name = models.CharField(_("file"), max_length=200)
    source_file = models.FileField(_("file as handed in"), upload_to="scripts/%Y/%m", max_length=200)
    source_sha256 = models.CharField(_("checksum"), max_length=64)
    layout = models.CharField(_("layout"), max_length=30, blank=True)
    characters_count = models.PositiveIntegerField(_("characters"), default=0)
    faults = models.JSONField(_("faults"), default=list)
    marks = models.JSONField(_("marks"), default=list)
    episodes = models.JSONField(_("episodes"), default=list)
    front = models.JSONField(_("front matter"), default=dict, blank=True)
    colour_tint = models.CharField(_("colour"), max_length=12, choices=Tint, blank=True, editable=False)
    colour_name = models.CharField(_("name of the colour"), max_length=40, blank=True, editable=False)
    colour_round = models.PositiveSmallIntegerField(_("round of colours"), default=1, editable=False)
    episodes_count = models.PositiveIntegerField(_("episodes in number"), default=0, editable=False)
    imported_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("imported by"))
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)
    locked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("locked by")
    )

    class Meta:
        verbose_name = pgettext_lazy("script", "revision")
        verbose_name_plural = pgettext_lazy("script", "revisions")
        ordering = ["script_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["script", "number"], name="revision_number_once"),
            models.UniqueConstraint(fields=["script", "source_sha256"], name="revision_file_once"),
            models.CheckConstraint(condition=Q(colour_tint__in=["", *Tint.values]), name="revision_tint_known"),
        ]

    def __str__(self) -> str:
        return f"{self.script} · {self.number}"

    @property
    def colour(self) -> str:
        """What its colour is called; from the second round on with the round."""
        name = self.colour_name or (str(Tint(self.colour_tint).label) if self.colour_tint else "")
        if name and self.colour_round > 1:
            return str(_("%(colour)s, round %(round)s") % {"colour": name, "round": self.colour_round})
        return name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Counted once, where lists over a thousand titles need not open the episodes of each.
        if self._state.adding:
            self.episodes_count = len(self.episodes)
        super().save(*args, **kwargs)


class Scene(Stamped, Scoped):
    """A scene of a production. It keeps its identity over revisions: strips, reports and notes hang on it.

    Its number is the current draft's; an omitted one keeps the last it had, which another scene may bear by now.
    """

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="scenes", verbose_name=_("production"))
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="scenes", verbose_name=_("episode"))
    number = models.CharField(_("scene"), max_length=20)
    sort_key = models.CharField(_("order"), max_length=40, editable=False)
    written_number = models.CharField(_("number as written"), max_length=40, blank=True)
    int_ext = models.CharField(_("int/ext"), max_length=8, choices=IntExt, blank=True)
    time_of_day = models.CharField(_("day/night"), max_length=8, choices=TimeOfDay, blank=True)
    time_written = models.CharField(_("time as written"), max_length=40, blank=True)
    set_name = models.CharField(pgettext_lazy("story place", "set"), max_length=120, blank=True)
    sub_place = models.CharField(_("part of the set"), max_length=120, blank=True)
    flashback = models.BooleanField(_("flashback"), default=False)
    synopsis = models.CharField(_("synopsis"), max_length=300, blank=True)
    page_parts = models.PositiveIntegerField(
        _("pages"), default=1, help_text=_("Tenths or eighths, as the studio counts.")
    )
    seconds = models.PositiveIntegerField(_("seconds on screen"), default=0)
    shoot_minutes = models.PositiveIntegerField(_("minutes to shoot"), default=20)
    state = models.CharField(_("state"), max_length=10, choices=SceneState, default=SceneState.ACTIVE)
    first_revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name=_("first revision"))

    class Meta:
        verbose_name = _("scene")
        verbose_name_plural = _("scenes")
        ordering = ["production_id", "sort_key"]
        indexes = [models.Index(fields=["production", "sort_key"], name="scene_in_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["production", "number"], condition=Q(state=SceneState.ACTIVE), name="scene_number_once"
            ),
            models.CheckConstraint(condition=Q(page_parts__gte=1), name="scene_has_a_length"),
            models.CheckConstraint(condition=Q(shoot_minutes__gte=1), name="scene_takes_time"),
            models.CheckConstraint(condition=Q(int_ext__in=["", *IntExt.values]), name="scene_int_ext_known"),
            models.CheckConstraint(condition=Q(time_of_day__in=["", *TimeOfDay.values]), name="scene_time_known"),
            models.CheckConstraint(condition=Q(state__in=SceneState.values), name="scene_state_known"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def strip_tone(self) -> str:
        """Which of the trade's strip colours it takes: int-day, ext-day, int-night, ext-night, dawn, dusk."""
        if self.time_of_day in {TimeOfDay.DAWN, TimeOfDay.DUSK}:
            return str(self.time_of_day)
        place = "ext" if self.int_ext == IntExt.EXT else "int"
        return f"{place}-{'night' if self.time_of_day == TimeOfDay.NIGHT else 'day'}"


class SceneText(AppendOnly, Scoped):
    """What a revision says of a scene; `elements` is [{kind, speaker, text, line, voice, ...}] in order.

    `number` and `episode_number` are the scene's in that revision; a later one may have moved it.
    `head` is what the draft's heading and cast line gave the scene: the next draft compares with it, so that what a
    person changed since is told from what the writer changed.
    """

    studio_path = "scene__production__studio"
    production_path = "scene__production"

    scene = models.ForeignKey(Scene, models.CASCADE, related_name="texts", verbose_name=_("scene"))
    revision = models.ForeignKey(
        Revision, models.CASCADE, related_name="texts", verbose_name=pgettext_lazy("script", "revision")
    )
    number = models.CharField(_("scene"), max_length=20, blank=True)
    episode_number = models.PositiveIntegerField(_("episode"), default=0)
    head = models.JSONField(_("heading as read"), default=dict)
    elements = models.JSONField(_("text"), default=list)
    digest = models.CharField(_("checksum"), max_length=64)

    class Meta:
        verbose_name = _("scene text")
        verbose_name_plural = _("scene texts")
        constraints = [models.UniqueConstraint(fields=["scene", "revision"], name="scene_text_once_per_revision")]

    def __str__(self) -> str:
        return f"{self.scene} · {self.revision}"


class Character(Stamped, Scoped):
    """A role of the story."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="characters", verbose_name=_("production"))
    name = models.CharField(_("role"), max_length=60)
    age = models.CharField(_("age"), max_length=20, blank=True)
    bio = models.TextField(_("biography"), blank=True)
    is_crowd = models.BooleanField(_("crowd"), default=False)

    class Meta:
        verbose_name = pgettext_lazy("story", "character")
        verbose_name_plural = pgettext_lazy("story", "characters")
        ordering = ["production_id", "id"]
        constraints = [models.UniqueConstraint(fields=["production", "name"], name="character_name_once")]

    def __str__(self) -> str:
        return self.name


class SceneCharacter(Scoped):
    """A role that must be on set for a scene; a voice from off is in the text alone."""

    studio_path = "scene__production__studio"
    production_path = "scene__production"

    scene = models.ForeignKey(Scene, models.CASCADE, related_name="cast", verbose_name=_("scene"))
    character = models.ForeignKey(Character, models.CASCADE, related_name="scenes", verbose_name=_("role"))
    count = models.PositiveIntegerField(_("how many"), default=1)
    note = models.CharField(_("note"), max_length=120, blank=True)
    speaks = models.BooleanField(_("speaks"), default=False)

    class Meta:
        verbose_name = _("role in a scene")
        verbose_name_plural = _("roles in scenes")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["scene", "character"], name="scene_character_once")]

    def __str__(self) -> str:
        return f"{self.scene} · {self.character}"
