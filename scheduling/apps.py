"""The room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class SchedulingConfig(AppConfig):
    name = "scheduling"
    verbose_name = pgettext_lazy("room", "Scheduling")  # type: ignore[assignment]

    def ready(self) -> None:
        from scheduling import subscribers  # noqa: F401 - registers what the room hears
