"""What this room does when it hears a fact of an earlier room."""

from scheduling import jobs  # noqa: F401 - registers the kinds of work in every process

from scheduling import call_sheet_jobs  # noqa: F401 - registers the jobs of call sheets
