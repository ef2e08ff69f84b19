"""Compile locale/*.po to .mo with polib: msgfmt is not on a fresh machine."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile the translations."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        import polib

        for path in sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/*.po")):
            catalogue = polib.pofile(str(path))
            catalogue.save_as_mofile(str(path.with_suffix(".mo")))
            self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}: {catalogue.percent_translated()} % translated")
