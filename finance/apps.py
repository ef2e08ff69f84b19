"""The room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class FinanceConfig(AppConfig):
    name = "finance"
    verbose_name = pgettext_lazy("room", "Finance")  # type: ignore[assignment]

    def ready(self) -> None:
        from finance import budget_guard, ledger_guard, room_guard, subscribers  # noqa: F401 - registers what the room hears
        from studio import guards

        guards.register(*ledger_guard.RULES, *room_guard.RULES, *budget_guard.RULES)
