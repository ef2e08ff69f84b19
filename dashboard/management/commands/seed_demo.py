"""Make the demo studio."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from studio.models import Studio


class Command(BaseCommand):
    help = "Make the demo studio with a member per role and titles at every place of the way; one that is there is left alone."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from dashboard.demo import seed

        if Studio.objects.filter(slug="qinghe").exists():
            self.stdout.write("The demo studio is there already; nothing was changed.")
            return
        studio = seed(lambda text: self.stdout.write(f"  {text}"))
        self.stdout.write(f"Made the demo studio {studio.name}.")
