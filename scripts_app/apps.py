"""The room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ScriptsConfig(AppConfig):
    name = "scripts_app"
    verbose_name = pgettext_lazy("room", "Scripts")  # type: ignore[assignment]

    def ready(self) -> None:
        from scripts_app import revision_guard, subscribers  # noqa: F401 - registers what the room hears
        from studio import guards

        guards.register(*revision_guard.RULES)
