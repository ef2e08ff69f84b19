"""Collect the sentences of the house into locale/: what gettext finds, and what the pure packages say.

Pure packages know no gettext: their sentences are plain texts, translated where they are shown. `makemessages` alone
would drop them, so whatever the catalogue held before stays as long as its text stands somewhere in the code.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Collect sentences into locale/ (needs gettext)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        import polib

        for path in sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/*.po")):
            before = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
            call_command(
                "makemessages", locale=[path.parents[1].name], no_location=True, no_obsolete=True, verbosity=0,
                ignore_patterns=[".venv*", "var", "staticfiles"],
            )  # fmt: skip
            catalogue = polib.pofile(str(path))
            there = {(entry.msgctxt, entry.msgid) for entry in catalogue}
            said = set(_texts(settings.BASE_DIR))
            kept = [e for e in before if (e.msgctxt, e.msgid) not in there and e.msgid in said]
            catalogue.extend(kept)
            catalogue.save()
            open_ = [entry for entry in catalogue if not entry.translated()]
            self.stdout.write(
                f"{path.relative_to(settings.BASE_DIR)}: {len(catalogue)} sentences, {len(open_)} to translate"
            )


def _texts(root: Path) -> Iterator[str]:
    """Every text constant of the house's own code, and of the data files of its pure packages."""
    for room in sorted(root.iterdir()):
        if (room / "__init__.py").exists() and room.name not in {"tests", "bench"}:
            for path in sorted(room.rglob("*.py")):
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        yield node.value
            for path in sorted(room.rglob("data/*.json")):
                yield from _strings(json.loads(path.read_text(encoding="utf-8")))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _strings(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in _strings(each))
