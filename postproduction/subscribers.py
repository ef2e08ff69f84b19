"""What this room does when it hears a fact of an earlier room."""

from django.utils.translation import gettext_lazy as _

from postproduction import jobs  # noqa: F401 - registers the kinds in every process
from studio.notices import sentence

sentence("post.task_reopened", _("“%(title)s”, episode %(number)s: a step of yours is to be done again: %(note)s"))
sentence("post.tasks_assigned", _("“%(title)s”: %(count)s post tasks are yours now."))
