"""The room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ShootingConfig(AppConfig):
    name = "shooting"
    verbose_name = pgettext_lazy("room", "Shooting")  # type: ignore[assignment]

    def ready(self) -> None:
        from shooting import subscribers  # noqa: F401 - registers what the room hears
