"""Script pages with 10 titles in the database and with 1,000, side by side in one run.

A full-size script is imported once with the product's own action; every further title is a copy of its rows. Each page
of the script room that a title has, and each of its lists, is asked for in turns on both databases, so that whatever
else the machine does meets both. Prints the median of each and their ratio; the target is at most 1.20.

    python bench/script_pages.py [--titles 1000] [--rounds 15] [--database postgresql]
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
FEW = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return
    servers: list[Any] = []
    with tempfile.TemporaryDirectory() as folder:
        children: dict[int, subprocess.Popen[str]] = {}
        try:
            for titles in (FEW, options.titles):
                data = Path(folder) / str(titles)
                data.mkdir()
                environment = {
                    **os.environ, "KAIJI_DATA": str(data), "SECRET_KEY": "bench", "LOG_LEVEL": "ERROR",
                    "DJANGO_SETTINGS_MODULE": "studio.settings", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore",
                }  # fmt: skip
                environment.pop("REDIS_URL", None)
                environment.pop("DATABASE_URL", None)
                if options.database == "postgresql":
                    from tests.postgres import Server

                    servers.append(Server())
                    environment["DATABASE_URL"] = servers[-1].url
                children[titles] = subprocess.Popen(
                    [sys.executable, __file__, "--serve", str(titles)], env=environment, cwd=ROOT, text=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                )  # fmt: skip
                print(_line(children[titles]), flush=True)
            report(children, options.rounds)
        finally:
            for child in children.values():
                child.kill()
                child.wait()
            for server in servers:
                server.stop()


def report(children: dict[int, subprocess.Popen[str]], rounds: int) -> None:
    few, many = children
    names: list[str] = json.loads(_line(children[few]))
    assert names == json.loads(_line(children[many]))
    took: dict[tuple[int, str], list[float]] = {}
    for round_ in range(rounds + 1):
        for name in names:
            for titles in (few, many):
                seconds = float(_ask(children[titles], name))
                if round_:  # the first one warms up
                    took.setdefault((titles, name), []).append(seconds)
    worst = 0.0
    print(f"{'page':<28}{f'{few} titles':>12}{f'{many} titles':>14}{'ratio':>8}")
    for name in names:
        small, large = (statistics.median(took[titles, name]) * 1000 for titles in (few, many))
        worst = max(worst, large / small)
        print(f"{name:<28}{small:>9.1f} ms{large:>11.1f} ms{large / small:>8.2f}")
    print(f"slowest against itself: {worst:.2f}   (target: at most 1.20)")


def _line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        raise SystemExit("the database could not be filled; see above")
    return line.strip()


def _ask(child: subprocess.Popen[str], name: str) -> str:
    assert child.stdin is not None
    child.stdin.write(name + "\n")
    child.stdin.flush()
    return _line(child)


# --- one of the two databases -----------------------------------------------------------------------------------------


def serve(titles: int) -> None:
    """Fill a database, then answer names of pages with the seconds they took."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    logging.getLogger("django.request").setLevel(logging.ERROR)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    begun = time.perf_counter()
    production, user = _first_title()
    scenes = _copies(production, titles - 1)
    print(f"{titles} titles, {scenes} scenes, filled in {time.perf_counter() - begun:.0f} s", flush=True)
    client = Client()
    client.force_login(user)
    pages = _addresses(production)
    for name, url in list(pages.items()):
        status = client.get(url).status_code
        if status in {403, 404, 405}:  # only takes a POST, or is somebody else's
            del pages[name]
        elif status != 200:
            raise SystemExit(f"{name} {url} answers {status}")
    print(json.dumps(sorted(pages)), flush=True)
    for line in sys.stdin:
        url = pages[line.strip()]
        start = time.perf_counter()
        response = client.get(url)
        for _part in response if response.streaming else ():
            pass
        print(time.perf_counter() - start, flush=True)


def _first_title() -> tuple[Any, Any]:
    from scripts_app.actions import import_script
    from scripts_app.samples.generator import generate
    from studio.actions import open_production
    from studio.models import Membership, Studio, User

    studio = Studio.objects.create(name="青禾影视", slug="bench")
    user = User.objects.create_user("bench")
    Membership.objects.create(user=user, studio=studio, role="owner")
    production = open_production(studio=studio, title="第1部", code="B1", by=user)
    script = generate(1, scenes=(250, 250))
    import_script(production=production, data=script.text.encode(), filename="b1.txt", by=user)
    return production, user


def _copies(production: Any, count: int) -> int:
    """Further titles by copying the first one's rows; returns how many scenes there are."""
    from django.db import connection

    from scripts_app import models as m
    from studio.models import Episode, Production

    revision = m.Revision.objects.get(script__production=production)
    step = 1_000_000
    tables: list[tuple[Any, str, dict[str, str]]] = [
        (Production, f"id = {production.pk}", {"title": "'第' || {n} || '部'", "code": "'C' || {n}"}),
        (m.Script, f"production_id = {production.pk}", {}),
        (m.Revision, f"script_id = {revision.script_id}", {"source_sha256": "'" + "0" * 50 + "' || {n}"}),
        (Episode, f"production_id = {production.pk}", {}),
        (m.Scene, f"production_id = {production.pk}", {}),
        (m.Character, f"production_id = {production.pk}", {}),
        (m.SceneText, f"revision_id = {revision.pk}", {}),
        (m.SceneCharacter, f"scene_id IN (SELECT id FROM scripts_app_scene WHERE production_id = {production.pk})", {}),
        (m.Breakdown, f"revision_id = {revision.pk}", {}),
    ]
    ours = {model for model, _where, _changed in tables}
    with connection.cursor() as cursor:
        for model, where, changed in tables:
            columns, values = [], []
            for field in model._meta.local_concrete_fields:
                columns.append(f'"{field.column}"')
                plain = f'"{field.column}"'
                if field.primary_key or (field.is_relation and field.related_model in ours):
                    plain = f"{plain} + {step} * {{n}}"
                values.append(changed.get(field.name, plain))
            target, names = f'"{model._meta.db_table}"', ", ".join(columns)
            for n in range(1, count + 1):
                picked = ", ".join(value.replace("{n}", str(n)) for value in values)
                cursor.execute(f"INSERT INTO {target} ({names}) SELECT {picked} FROM {target} WHERE {where}")
        cursor.execute("ANALYZE")
    return int(m.Scene.objects.count())


def _addresses(production: Any) -> dict[str, str]:
    """Every page of the script room that needs no more than a title, its draft, a scene or a role, by name."""
    from django.urls import reverse

    from scripts_app import urls
    from scripts_app.models import Revision, Scene

    revision = Revision.objects.get(script__production=production)
    scene = Scene.objects.filter(production=production).order_by("sort_key")[0]
    known = {
        "pk": production.pk, "number": revision.number, "scene_pk": scene.pk, "episode": 1,
        "character_pk": production.characters.order_by("pk")[0].pk,
    }  # fmt: skip
    found = {}
    for pattern in urls.urlpatterns:
        wanted = set(pattern.pattern.converters)
        if pattern.name and wanted <= set(known):
            found[pattern.name] = reverse(pattern.name, kwargs={name: known[name] for name in wanted})
    return found


if __name__ == "__main__":
    main()
