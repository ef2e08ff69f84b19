"""Notes of reviewers on lines of a draft, and what is answered to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scripts_app.choices import NoteState
from scripts_app.models.review import ReviewRound
from scripts_app.models.script import Scene
from studio.models import AppendOnly, Episode, Scoped, Stamped, User


class ReviewNote(Stamped, Scoped):
    """A note on a line. It keeps the words it speaks of, so that a later draft that still has them shows it there."""

    studio_path = "round__revision__script__production__studio"
    production_path = "round__revision__script__production"

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="line_notes", verbose_name=_("review round"))
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="+", verbose_name=_("episode"))
    scene = models.ForeignKey(Scene, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("scene"))
    line = models.PositiveIntegerField(_("line"))
    quote = models.CharField(_("words of the text"), max_length=300)
    body = models.TextField(pgettext_lazy("review", "note"), max_length=4000)
    state = models.CharField(_("state"), max_length=10, choices=NoteState, default=NoteState.OPEN)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))
    settled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("review note")
        verbose_name_plural = _("review notes")
        ordering = ["round_id", "line", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="note_says_something"),
            models.CheckConstraint(condition=~Q(quote=""), name="note_quotes_the_text"),
            models.CheckConstraint(condition=Q(state__in=NoteState.values), name="note_state_known"),
            models.CheckConstraint(
                condition=Q(state=NoteState.SETTLED, settled_at__isnull=False)
                | (~Q(state=NoteState.SETTLED) & Q(settled_at=None)),
                name="note_settled_at_iff_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.body[:40]}"


class NoteReply(AppendOnly, Scoped):
    """An answer to a note; said is said."""

    studio_path = "note__round__revision__script__production__studio"
    production_path = "note__round__revision__script__production"

    note = models.ForeignKey(ReviewNote, models.CASCADE, related_name="replies", verbose_name=_("review note"))
    body = models.TextField(_("answer"), max_length=4000)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))
    said_at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("answer to a note")
        verbose_name_plural = _("answers to notes")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="note_reply_says_something")]

    def __str__(self) -> str:
        return self.body[:40]
