"""The room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = pgettext_lazy("room", "Delivery")  # type: ignore[assignment]

    def ready(self) -> None:
        from delivery import subscribers  # noqa: F401 - registers what the room hears
