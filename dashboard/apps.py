"""The room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class DashboardConfig(AppConfig):
    name = "dashboard"
    verbose_name = pgettext_lazy("room", "Dashboard")  # type: ignore[assignment]

    def ready(self) -> None:
        from dashboard import subscribers  # noqa: F401 - registers what the room hears
