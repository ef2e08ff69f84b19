"""The room as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import pgettext_lazy


class ScriptsConfig(AppConfig):
    name = "scripts_app"
    verbose_name = pgettext_lazy("room", "Scripts")  # type: ignore[assignment]

    def ready(self) -> None:
        from scripts_app import revision_guard, subscribers  # noqa: F401 - registers what the room hears

        pre_migrate.connect(revision_guard.remove, sender=self)
        post_migrate.connect(revision_guard.install, sender=self)
