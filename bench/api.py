"""Requests a second of the delivery list, beside a bare WSGI handler over the same rows, in one run.

`make bench-api` starts a PostgreSQL of its own, fills it, and serves three things with the same server and two
workers: a page of 100 deliveries with 12 fields, the same answered 304, and a bare WSGI + psycopg + orjson handler
that runs one hand-written join. The load generator shares the machine, so only the ratios mean anything elsewhere.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

TITLES, EPISODES = 50, 100


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fill() -> str:
    """Fifty titles of a hundred episodes on one platform; returns a token's secret."""
    import django

    django.setup()
    import datetime as dt

    from django.core.management import call_command
    from django.utils import timezone

    from delivery.models import Deliverable, Package, Platform, Spec
    from studio.models import ApiToken, Episode, Membership, Production, Studio, User

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    studio = Studio.objects.create(name="青禾影视", slug="bench")
    user = User.objects.create_user("bench")
    Membership.objects.create(user=user, studio=studio, role="delivery_coordinator")
    platform = Platform.objects.create(studio=studio, code="hongguo", name="红果")
    spec = Spec.objects.create(platform=platform, from_date=dt.date(2026, 1, 1), rules={})
    for number in range(TITLES):
        production = Production.objects.create(studio=studio, title=f"第{number}部", code=f"B{number}")
        episodes = Episode.objects.bulk_create(Episode(production=production, number=n + 1) for n in range(EPISODES))
        package = Package.objects.create(production=production, platform=platform, spec=spec)
        Deliverable.objects.bulk_create(Deliverable(package=package, episode=episode) for episode in episodes)
    token, secret = ApiToken.mint(
        user=user,
        studio=studio,
        name="bench",
        scopes=["delivery.view"],
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    token.save()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return secret


async def _client(host: str, port: int, request: bytes, until: float, counts: list[int], expect: bytes) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    done = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 " + expect):
            raise SystemExit(f"unexpected answer: {head[:80]!r}")
        lower = head.lower()
        if b"content-length:" in lower:
            length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
            if length:
                await reader.readexactly(length)
        elif b"chunked" in lower:
            while (size := int((await reader.readline()).strip(), 16)) > 0:
                await reader.readexactly(size + 2)
            await reader.readline()
        done += 1
    writer.close()
    counts.append(done)


def rate(
    port: int, path: str, headers: dict[str, str], seconds: float, expect: bytes = b"200", clients: int = 8
) -> float:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *(f"{k}: {v}" for k, v in headers.items()), "", ""]
    request = "\r\n".join(lines).encode()

    async def run() -> list[int]:
        counts: list[int] = []
        until = time.perf_counter() + seconds
        await asyncio.gather(*(_client("127.0.0.1", port, request, until, counts, expect) for _ in range(clients)))
        return counts

    return sum(asyncio.run(run())) / seconds


def serve(application: str, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
         "--workers", "2", "--blocking-threads", "1", "--no-access-log", "--log-level", "error", application],
        env=environment, cwd=ROOT, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.1)
    raise SystemExit(f"{application} did not start")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    from tests.postgres import Server

    server = Server()
    started: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ, "DATABASE_URL": server.url, "KAIJI_DATA": folder, "SECRET_KEY": "bench",
            "DJANGO_SETTINGS_MODULE": "studio.settings", "LOG_LEVEL": "ERROR", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        environment.pop("REDIS_URL", None)
        os.environ.update(environment)
        try:
            secret = fill()
            ports = {"kaiji": free_port(), "bare": free_port()}
            started.append(serve("studio.wsgi:application", ports["kaiji"], environment))
            started.append(serve("bench.bare:application", ports["bare"], environment))
            path = "/api/v1/deliveries/"
            bearer = {"Authorization": f"Bearer {secret}"}
            request = urllib.request.Request(f"http://127.0.0.1:{ports['kaiji']}{path}", headers=bearer)
            with urllib.request.urlopen(request) as answer:
                tag, size = answer.headers["ETag"], len(answer.read())
            with urllib.request.urlopen(f"http://127.0.0.1:{ports['bare']}{path}") as answer:
                bare_size = len(answer.read())
            print(f"a page: {size} bytes here, {bare_size} bytes bare; {TITLES * EPISODES} deliveries")
            rates: dict[str, list[float]] = {"page": [], "304": [], "bare": []}
            for round_ in range(options.rounds + 1):
                row = {
                    "page": rate(ports["kaiji"], path, bearer, options.seconds),
                    "304": rate(ports["kaiji"], path, {**bearer, "If-None-Match": tag}, options.seconds, b"304"),
                    "bare": rate(ports["bare"], path, {}, options.seconds),
                }
                if round_:  # the first one warms up
                    for name, value in row.items():
                        rates[name].append(value)
            for name, values in rates.items():
                print(f"{name:>5}: median {statistics.median(values):8.0f}/s  ({min(values):.0f} to {max(values):.0f})")
            pairs = list(zip(rates["page"], rates["304"], rates["bare"], strict=True))
            print(f"page / bare: median {statistics.median(p / b for p, _, b in pairs):.2f}   (target: at least 0.60)")
            print(f"304 / page:  median {statistics.median(n / p for p, n, _ in pairs):.2f}   (target: at least 2.00)")
        finally:
            for process in started:
                process.terminate()
                process.wait(10)
            server.stop()


if __name__ == "__main__":
    main()
