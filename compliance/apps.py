"""The room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ComplianceConfig(AppConfig):
    name = "compliance"
    verbose_name = pgettext_lazy("room", "Compliance")  # type: ignore[assignment]

    def ready(self) -> None:
        from compliance import subscribers  # noqa: F401 - registers what the room hears
