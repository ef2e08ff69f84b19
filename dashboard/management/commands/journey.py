"""Walk one script to its payouts, with real actions, jobs and a worker, and check that every fen is accounted for."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

_INSIDE = "KAIJI_JOURNEY_INSIDE"


class Command(BaseCommand):
    help = "Walk a script file to its payouts (default: the sample), printing each step."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("script", nargs="?", help="a script file instead of the sample")
        parser.add_argument("--generated", type=int, metavar="SEED", help="a generated 80-episode script instead")
        parser.add_argument("--json", action="store_true", help="print one JSON document for programs")
        parser.add_argument(
            "--here", action="store_true", help="walk in this studio's own database, to be looked at afterwards"
        )
        parser.add_argument("--seconds", type=int, default=3, help="how long the board is solved")
        parser.add_argument("--workers", type=int, default=2, help="processes of the worker")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["here"] and not os.environ.get(_INSIDE):
            sys.exit(self._in_a_folder_of_its_own())
        try:
            # Steps and sentences of a terminal are English, as those of every command.
            with translation.override("en"):
                report = self._walk(options)
        except Exception as error:
            from dashboard.journey.work import JourneyFailed
            from studio.refusals import Refused

            if not isinstance(error, JourneyFailed | Refused | OSError):
                raise
            with translation.override("en"):
                self._fail(str(error), options["json"])
        else:
            if options["json"]:
                self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            if not report["adds_up"]:
                raise CommandError("The books do not add up: " + "; ".join(report["discrepancies"]))

    def _in_a_folder_of_its_own(self) -> int:
        """Run again with data in a temporary folder: a journey leaves nothing behind and needs nothing there."""
        with tempfile.TemporaryDirectory(prefix="kaiji-journey-") as folder:
            environment = {**os.environ, "KAIJI_DATA": folder, _INSIDE: "1", "LOG_LEVEL": "ERROR"}
            for name in ("DATABASE_URL", "REDIS_URL"):
                environment.pop(name, None)
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *sys.argv[1:]]
            return subprocess.run(command, env=environment, check=False).returncode

    def _fail(self, sentence: str, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"adds_up": False, "error": sentence}, ensure_ascii=False))
        raise CommandError(sentence)

    def _script(self, options: dict[str, Any]) -> tuple[bytes, str, str]:
        from scripts_app.samples import FIRST_LIGHT

        if options["generated"] is not None:
            from scripts_app.samples.generator import generate

            made = generate(options["generated"])
            return made.text.encode(), f"generated-{options['generated']}.txt", made.title
        path = Path(options["script"]) if options["script"] else FIRST_LIGHT
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        return data, path.name, "第一道光" if path == FIRST_LIGHT else path.stem[:120]

    def _walk(self, options: dict[str, Any]) -> dict[str, Any]:
        from dashboard.demo import make_studio
        from dashboard.journey import route
        from dashboard.journey.walk import Step, Walk, today
        from dashboard.journey.work import ByWorker, worker

        started = time.perf_counter()
        data, filename, title = self._script(options)
        quiet = options["json"]
        if os.environ.get(_INSIDE):
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)

        def tell(step: Step) -> None:
            if not quiet:
                rows = "  ".join(f"{key}={value}" for key, value in step.rows.items())
                jobs = f"{step.jobs:>4} jobs" if step.jobs else "         "
                self.stdout.write(f"  {step.name:<18}{step.seconds:>7.2f} s {jobs}  {rows}")
                self.stdout.flush()

        mark = f"{int(time.time()):x}"[-6:]
        studio, users = make_studio(name=f"旅程影视 {mark}", slug=f"journey-{mark}", passwords=False, language="en")
        if not quiet:
            self.stdout.write(f"{filename} -> {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}")
        with worker(options["workers"]) as process:
            walk = Walk(
                studio, users, ByWorker(process), on=today(studio) - dt.timedelta(days=45), title=title, log=tell,
                solve_seconds=options["seconds"],
            )  # fmt: skip
            route.whole(walk, data, filename)
        seconds = time.perf_counter() - started
        checked = walk.steps[-1].rows
        discrepancies = [text for text in str(checked.get("discrepancies", "")).split("; ") if text]
        if not quiet:
            self.stdout.write(f"  {'all':<18}{seconds:>7.2f} s")
            self.stdout.write("Every fen is accounted for." if not discrepancies else "The books do not add up.")
        return {
            "script": filename,
            "studio": studio.pk,
            "production": walk.production.pk,
            "seconds": round(seconds, 2),
            "steps": [
                {"name": s.name, "seconds": round(s.seconds, 3), "jobs": s.jobs, "rows": s.rows} for s in walk.steps
            ],
            "discrepancies": discrepancies,
            "adds_up": not discrepancies,
        }
