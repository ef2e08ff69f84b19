"""Start a studio on one machine: web, worker and clockwork, stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.utils import OperationalError

GRACE_SECONDS = 15


class Command(BaseCommand):
    help = "Start web, worker and clockwork; Ctrl-C stops them all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--no-demo", action="store_true", help="do not make the demo studio on the first run")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = os.environ.get("HOST", "127.0.0.1"), self._port()
        self._check_port(host, port)
        # Migrations and static files take seconds, also when there is nothing to do.
        self.stdout.write("Starting…")
        self.stdout.flush()
        self._prepare(demo=not options["no_demo"])
        children = Children(self.stdout, self._environment(port))
        try:
            children.start(self._commands(host, port))
            self._wait_until_ready(host, port, children)
            self._greet(host, port)
            children.watch()
        except KeyboardInterrupt:
            pass
        finally:
            self.stdout.write("\nStopping…")
            children.stop()
            self.stdout.write("Stopped. Everything is kept; `make run` goes on from here.")

    def _port(self) -> int:
        text = os.environ.get("PORT", "8000")
        if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 65535:
            raise CommandError(f"PORT={text} is not a port; choose one from 1 to 65535.")
        return int(text)

    def _check_port(self, host: str, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except PermissionError:
                raise CommandError(f"Port {port} needs more rights than you have; try PORT=8000.") from None
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise CommandError(
                        f"Port {port} is in use. Stop what uses it, or choose another: PORT={port + 1} make run"
                    ) from None
                raise CommandError(f"Cannot listen on {host}:{port}: {error.strerror}.") from None

    def _prepare(self, demo: bool) -> None:
        for folder in (
            settings.DATA_DIR,
            settings.MEDIA_ROOT,
            settings.BROKER_DIR / "queue",
            settings.BROKER_DIR / "control",
        ):
            try:
                Path(folder).mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise CommandError(
                    f"The data folder {settings.DATA_DIR} cannot be written ({error.strerror}). "
                    "Make it writable or point KAIJI_DATA at another folder."
                ) from None
        if not os.access(settings.DATA_DIR, os.W_OK):
            raise CommandError(
                f"The data folder {settings.DATA_DIR} cannot be written. "
                "Make it writable or point KAIJI_DATA at another folder."
            )
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {str(error).strip().splitlines()[0]}") from None
        call_command("migrate", verbosity=0, interactive=False)
        if not settings.REDIS_URL:
            call_command("createcachetable", verbosity=0)
        self._collect_static()
        from studio.models import Studio

        if demo and not Studio.objects.exists():
            self.stdout.write("First run: making the demo studio…")
            call_command("seed_demo", verbosity=0)
        connection.close()

    def _collect_static(self) -> None:
        """Collect and hash static files, only when they changed: it costs seconds."""
        newest = max((p.stat().st_mtime_ns for p in (settings.BASE_DIR / "static").rglob("*")), default=0)
        count = sum(1 for _ in (settings.BASE_DIR / "static").rglob("*"))
        mark = settings.STATIC_ROOT / ".collected"
        stamp = f"{newest} {count} {sys.version_info[:2]}"
        if mark.exists() and mark.read_text() == stamp:
            return
        shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
        call_command("collectstatic", verbosity=0, interactive=False)
        mark.write_text(stamp)

    def _environment(self, port: int) -> dict[str, str]:
        return {**os.environ, "PORT": str(port), "DJANGO_SETTINGS_MODULE": "studio.settings", "PYTHONUNBUFFERED": "1"}

    def _commands(self, host: str, port: int) -> dict[str, list[str]]:
        web = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
            "--workers", os.environ.get("WEB_WORKERS", "2"), "--blocking-threads", "2", "--backpressure", "64",
            "--no-access-log", "--log-level", "warning", "studio.wsgi:application",
        ]  # fmt: skip
        celery = [sys.executable, "-m", "celery", "-A", "studio", "--quiet"]
        worker = [
            *celery, "worker", "--concurrency", os.environ.get("JOB_WORKERS", "2"), "--loglevel", "WARNING",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ]  # fmt: skip
        clock = [
            *celery, "beat", "--loglevel", "WARNING", "--schedule", str(settings.DATA_DIR / "clock"), "--pidfile", "",
        ]  # fmt: skip
        return {"web": web, "worker": worker, "clockwork": clock}

    def _wait_until_ready(self, host: str, port: int, children: Children) -> None:
        target = "127.0.0.1" if host in {"0.0.0.0", "::"} else host
        end = time.monotonic() + 60
        while time.monotonic() < end:
            children.check()
            try:
                with urllib.request.urlopen(f"http://{target}:{port}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise CommandError("The web server did not answer within a minute.")

    def _greet(self, host: str, port: int) -> None:
        self.stdout.write("")
        self.stdout.write(f"  Kaiji 开机 is running:  http://localhost:{port}/")
        self.stdout.write(f"  Admin:                  http://localhost:{port}/admin/")
        self.stdout.write(f"  API and its page:       http://localhost:{port}/api/v1/docs/")
        self.stdout.write("")
        call_command("demo_sign_ins")
        self.stdout.write("\n  Ctrl-C stops it.\n")
        self.stdout.flush()


def _end_with_parent() -> None:
    """Ask the kernel to end this child when its parent is gone, even by SIGKILL (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Children:
    """The processes of a run. Each leads its own session, so that Ctrl-C reaches only the parent, which ends them
    one by one: killing a worker's whole group leaves orphans that hold the port and the queue."""

    def __init__(self, out: Any, environment: dict[str, str]) -> None:
        self.out = out
        self.environment = environment
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: dict[str, list[str]] = {}
        self.restarts: dict[str, int] = {}
        # A shell starts what it puts in the background with SIGINT ignored; asked to stop, it stops all the same.
        signal.signal(signal.SIGINT, self._interrupt)
        signal.signal(signal.SIGTERM, self._interrupt)
        signal.signal(signal.SIGHUP, self._interrupt)

    @staticmethod
    def _interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    def start(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        for name in commands:
            self._start(name)

    def _start(self, name: str) -> None:
        self.running[name] = subprocess.Popen(
            self.commands[name], env=self.environment, cwd=settings.BASE_DIR, start_new_session=True,
            stdin=subprocess.DEVNULL, preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )  # fmt: skip

    def check(self) -> None:
        """Start again what died, a few times; give up on what keeps dying."""
        for name, process in list(self.running.items()):
            if process.poll() is None:
                continue
            self.restarts[name] = self.restarts.get(name, 0) + 1
            if self.restarts[name] > 3:
                raise CommandError(
                    f"The {name} process keeps stopping (exit {process.returncode}). See the lines above."
                )
            self.out.write(f"The {name} process stopped (exit {process.returncode}); starting it again.")
            self._start(name)

    def watch(self) -> None:
        while True:
            time.sleep(1)
            self.check()

    def stop(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + GRACE_SECONDS
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, end - time.monotonic()))
        for process in self.running.values():
            # Whatever is left of its session, main process or child, goes now.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
