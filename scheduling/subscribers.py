"""What this room does when it hears a fact of an earlier room."""

from scheduling import jobs  # noqa: F401 - registers the kinds of work in every process
