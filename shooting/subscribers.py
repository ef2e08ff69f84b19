"""What this room does when it hears a fact of an earlier room."""

from shooting import (
    jobs,  # noqa: F401 - registers the room's jobs and their hour
    staleness,  # noqa: F401 - registers what a draft makes stale
)
