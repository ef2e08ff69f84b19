"""The room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class PostproductionConfig(AppConfig):
    name = "postproduction"
    verbose_name = pgettext_lazy("room", "Post-production")  # type: ignore[assignment]

    def ready(self) -> None:
        from postproduction import subscribers  # noqa: F401 - registers what the room hears
