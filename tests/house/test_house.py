"""What holds for the whole house: import order, pure packages, tenancy, constraints, locks, migrations, names of jobs."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
import subprocess
import sys
import tomllib
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.functional import Promise

from tests.house.world import World

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "studio", "scripts_app", "compliance", "scheduling", "shooting", "postproduction", "delivery", "finance", "dashboard",
)  # fmt: skip
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
PURE = next(c["source_modules"] for c in CONTRACTS if c["name"].startswith("Pure packages"))
OWN_MODELS = [model for model in apps.get_models() if model._meta.app_label in ROOMS]

# Rows above all studios; each with why it has no studio of its own.
UNSCOPED = {
    "studio.User": "an account may belong to several studios",
    "studio.Network": "a network stands above its studios",
    "studio.NetworkMembership": "says who looks into all studios of a network",
}


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def _tracked() -> list[str]:
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip("this is not a git checkout")
    return [name for name in found.stdout.split("\0") if name and (ROOT / name).is_file()]


# --- order of the rooms ------------------------------------------------------------------------------------------


def test_rooms_import_only_what_comes_before_them() -> None:
    done = _python("-c", "from importlinter.cli import lint_imports_command as go; go()", "--no-cache")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("package", PURE)
def test_a_pure_package_needs_no_framework(package: str) -> None:
    """Imported with all its modules in a bare interpreter, it brings in neither Django nor the broker nor a room's rows."""
    program = (
        "import importlib, json, pkgutil, sys\n"
        f"package = importlib.import_module({package!r})\n"
        "for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "    if not module.name.endswith('__main__'): importlib.import_module(module.name)\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    done = _python("-c", program)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout))
    frameworks = {"django", "rest_framework", "celery", "redis", "kombu", "allauth", "unfold"}
    assert {name for name in loaded if name.partition(".")[0] in frameworks} == set()
    ours = {name for name in loaded if name.partition(".")[0] in ROOMS}
    allowed = tuple(f"{name}." for name in PURE)
    parents = {parent for name in PURE for parent in itertools.accumulate(name.split("."), lambda a, b: f"{a}.{b}")}
    assert {name for name in ours if name not in parents and not name.startswith(allowed)} == set()


@pytest.mark.parametrize("package", [name for name in PURE if name != "studio.values"])
def test_a_pure_package_has_a_door_that_refuses_in_one_sentence(package: str, tmp_path: Path) -> None:
    assert (ROOT / package.replace(".", "/") / "__main__.py").is_file()
    done = _python("-m", package, str(tmp_path / "there is no such file"))
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


# --- rows --------------------------------------------------------------------------------------------------------


def test_every_model_states_its_studio_or_stands_above_studios() -> None:
    from studio.models import Scoped

    unscoped = {model._meta.label for model in OWN_MODELS if not issubclass(model, Scoped)}
    assert unscoped == set(UNSCOPED)


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_the_paths_of_a_model_lead_to_studio_and_production(model: Any) -> None:
    from studio.models import Event, Production, Scoped, Studio

    if not issubclass(model, Scoped) or model is Event:
        return
    for path, target in ((model.studio_path, Studio), (model.production_path, Production)):
        if path is None:
            continue
        found: Any = model
        for part in path.split("__"):
            if part == "pk":
                continue
            found = found._meta.get_field(part).related_model
        assert found is target, path


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_a_model_has_words_for_itself_and_its_fields(model: Any) -> None:
    """Both languages need them: what Django makes of a Python name is shown as it is."""
    assert model.__str__ is not models.Model.__str__
    assert isinstance(model._meta.verbose_name, Promise)
    silent = [
        field.name
        for field in model._meta.fields
        if field.editable and not field.primary_key and not isinstance(field.verbose_name, Promise)
    ]
    assert silent == []


def test_every_constraint_is_in_the_database(db: None) -> None:
    missing = []
    for model in OWN_MODELS:
        with connection.cursor() as cursor:
            there = set(connection.introspection.get_constraints(cursor, model._meta.db_table))
        missing += [c.name for c in model._meta.constraints if c.name not in there]
    assert missing == []


def test_constraints_are_named_once_and_begin_with_a_word_of_their_model() -> None:
    names = [constraint.name for model in OWN_MODELS for constraint in model._meta.constraints]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]+", name) and len(name) <= 63 for name in names)


# A check that another one of its model contains: whatever breaks it breaks that one first.
IMPLIED = {"statement_state_known": "statement_accepted_at_iff_accepted"}
# Too far from the good row to be found by trying: PostgreSQL asks the checks in the order of their names.
EXAMPLES = {
    "budget_line_rate_not_negative": {"unit": "percent", "percent_bp": 1, "rate_minor": 0, "amount_minor": -1},
}
CHECKS = [
    pytest.param(model, constraint, id=constraint.name)
    for model in OWN_MODELS
    for constraint in model._meta.constraints
    if isinstance(constraint, CheckConstraint)
]
UNIQUES = [
    pytest.param(model, constraint, id=constraint.name)
    for model in OWN_MODELS
    for constraint in model._meta.constraints
    if isinstance(constraint, UniqueConstraint)
]


def _values(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def _candidates(field: models.Field[Any, Any], row: models.Model) -> list[Any]:
    """Values worth trying in a search for a row that a constraint refuses; that of the good row first."""
    found: list[Any] = [getattr(row, field.attname)]
    if field.null:
        found.append(None)
    if isinstance(field, models.ForeignKey):
        found += list(field.related_model._default_manager.values_list("pk", flat=True)[:4])
    elif isinstance(field, models.BooleanField):
        found += [True, False]
    elif isinstance(field, models.DecimalField):
        found += [0, 999]
    elif isinstance(field, (models.PositiveIntegerField, models.PositiveSmallIntegerField)):
        found += [0, 1, 2, 101, 10_001]
    elif isinstance(field, models.IntegerField):
        found += [-1, 0, 1, 999_999]
    elif isinstance(field, models.DateTimeField):
        found += [timezone.now(), timezone.now() - dt.timedelta(days=900)]
    elif isinstance(field, models.DateField):
        found += [timezone.localdate(), timezone.localdate() - dt.timedelta(days=900)]
    elif isinstance(field, models.UUIDField):
        found.append(uuid.uuid4())
    elif isinstance(field, (models.CharField, models.TextField)):
        found += ["nonsense"[: field.max_length], "", *(value for value, _label in field.flatchoices)]
    return list({repr(value): value for value in found}.values())


def _names(condition: Any) -> set[str]:
    """The fields that a condition speaks of."""
    if isinstance(condition, Q):
        return {name for child in condition.children for name in _names(child)}
    if isinstance(condition, tuple):
        return {condition[0].split("__")[0]} | _names(condition[1])
    if isinstance(condition, models.F):
        return {condition.name}
    if hasattr(condition, "get_source_expressions"):
        return {name for source in condition.get_source_expressions() for name in _names(source)}
    return set()


def _variants(row: models.Model, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Rows like this one with all combinations of candidates in the named fields."""
    fields = [row._meta.get_field(name) for name in sorted(names)]
    for values in itertools.islice(itertools.product(*(_candidates(field, row) for field in fields)), 4000):
        yield {field.attname: value for field, value in zip(fields, values, strict=True)}


def _refusal(model: Any, values: dict[str, Any], first: dict[str, Any] | None = None, pk: Any = None) -> str:
    """What the database says to a new row of these values (after the old one took `first`); empty when it takes it."""
    try:
        with transaction.atomic():
            if first:
                model._base_manager.filter(pk=pk).update(**first)
            model._base_manager.bulk_create([model(**values)])
            transaction.set_rollback(True)
    except (IntegrityError, DataError) as error:
        return str(error)
    return ""


def _any_row(model: Any, *filled: str) -> models.Model:
    """The model's first row; one in which these fields are filled, where there is one."""
    rows = model._default_manager.order_by("pk")
    row = rows.filter(**{f"{name}__isnull": False for name in filled}).first() or rows.first()
    assert row is not None, f"the world has no {model.__name__}"
    return row  # type: ignore[no-any-return]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "constraint"), CHECKS)
def test_the_database_refuses_a_row_that_breaks(model: Any, constraint: CheckConstraint, standing: World) -> None:
    """Values are tried on a good row until the database names this very constraint."""
    row = _any_row(model)
    own = _names(constraint.condition)
    wanted = IMPLIED.get(constraint.name, constraint.name)
    if constraint.name in EXAMPLES:
        assert wanted in _refusal(model, _values(row) | EXAMPLES[constraint.name])
        return
    # Alone first; then with the fields of the checks beside it, which would otherwise speak up before it.
    for names in (own, own | _beside(model, own)):
        if any(wanted in _refusal(model, _values(row) | values) for values in _variants(row, names)):
            return
    pytest.fail("no value tried breaks it")


def _beside(model: Any, names: set[str]) -> set[str]:
    """The fields of checks that share a field with these."""
    checks = [_names(c.condition) for c in model._meta.constraints if isinstance(c, CheckConstraint)]
    return {name for check in checks if check & names for name in check}


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "constraint"), UNIQUES)
def test_the_database_refuses_a_second_row_like(model: Any, constraint: UniqueConstraint, standing: World) -> None:
    """Copies of a row are tried, differing in what else is unique, until the database names this very constraint."""
    row = _any_row(model, *constraint.fields)
    asked = _names(constraint.condition) if constraint.condition else set()
    together = asked | _beside(model, asked)
    others = {field.name for field in model._meta.concrete_fields if field.unique and not field.primary_key}
    for other in model._meta.constraints:
        if isinstance(other, UniqueConstraint) and other is not constraint:
            others |= (set(other.fields) | _names(other.condition)) - together
    others -= set(constraint.fields)
    columns = ", ".join(f"{model._meta.db_table}.{model._meta.get_field(name).column}" for name in constraint.fields)
    for first in _variants(row, together):
        for differing in _variants(row, sorted(others)[:4]):
            said = _refusal(model, _values(row) | first | differing, first, row.pk)
            if constraint.name in said or said.endswith(f"UNIQUE constraint failed: {columns}"):
                return
    pytest.fail("no copy tried is refused by it")


@pytest.mark.parametrize(
    "model", [m for m in OWN_MODELS if hasattr(m, "save") and m.__mro__[1].__name__ == "AppendOnly"], ids=str
)
def test_what_is_written_once_is_not_saved_again_nor_deleted(model: Any, standing: World, db: None) -> None:
    from studio.models import AppendOnlyError

    row = _any_row(model)
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        row.delete()


# --- what is shipped ---------------------------------------------------------------------------------------------


def test_no_file_tells_where_it_was_made() -> None:
    """No folder of somebody's machine, no address of a package index."""
    told = re.compile(
        rb"(?<![\w./-])/(?:root|work)/|/home/\w+/|/Users/\w+/|/simple/?(?:\s|$)|index-url|files\.pythonhosted|pypi\.org/"
    )
    found = []
    for name in _tracked():
        if name == "tests/house/test_house.py" or name.startswith("static/vendor/"):
            continue
        content = (ROOT / name).read_bytes()
        if b"\0" in content[:8000]:
            continue
        found += [f"{name}: {line[:120]!r}" for line in content.splitlines() if told.search(line)]
    own = {"tests/house/test_docs.py"}
    assert [line for line in found if line.partition(":")[0] not in own] == []


def _pins(lock: str) -> dict[str, tuple[str, int]]:
    """Name -> (version with its marker, number of hashes)."""
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    pins = {}
    for entry in entries:
        requirement, *hashes = [part.strip().rstrip("\\").strip() for part in entry.split("\n")]
        name, _equals, version = requirement.partition("==")
        assert version, f"{lock}: {requirement} is not pinned"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes), requirement
        pins[name] = (version, len(hashes))
    return pins


def test_locks_pin_everything_with_hashes_and_name_no_host() -> None:
    runtime, everything = _pins("requirements.lock"), _pins("requirements-dev.lock")
    assert runtime
    assert all(count for _version, count in everything.values())
    assert {name: everything.get(name) for name in runtime} == runtime
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / lock).read_text()


def test_every_dependency_is_in_the_lock_with_a_lower_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = _pins("requirements.lock")
    for line in project["project"]["dependencies"]:
        name = re.match(r"[A-Za-z0-9_.-]+", line)
        assert name is not None
        assert ">=" in line, line
        assert name[0].lower().replace("_", "-") in runtime, line


def test_models_and_migrations_agree(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# --- jobs, facts, notices ----------------------------------------------------------------------------------------


def _kinds() -> dict[str, Any]:
    from studio.jobs import KINDS

    # Tests register kinds of their own.
    return {name: kind for name, kind in KINDS.items() if name.partition(".")[0] in {*ROOMS, "scripts"}}


def test_every_kind_of_job_has_a_name_for_people() -> None:
    from studio.job_names import NAMES

    assert _kinds()
    assert sorted(set(_kinds()) - set(NAMES)) == []


def test_a_worker_knows_every_kind_of_job_a_page_can_ask_for() -> None:
    """A worker loads the apps, not the pages; a kind registered by a page alone would be parked as unknown."""
    program = (
        "import os, json, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'studio.settings'\n"
        "django.setup()\n"
        "from studio.jobs import KINDS\n"
        "print(json.dumps(sorted(KINDS)))\n"
    )
    done = _python("-c", program)
    assert done.returncode == 0, done.stderr[-2000:]
    import studio.urls  # noqa: F401 - brings in every page

    assert sorted(set(_kinds()) - set(json.loads(done.stdout))) == []


def test_every_subscriber_hears_a_fact_that_exists() -> None:
    from studio.facts import FACTS, SUBSCRIBERS
    from studio.jobs import KINDS

    assert SUBSCRIBERS
    assert sorted(set(SUBSCRIBERS) - set(FACTS)) == []
    assert [kind for kinds in SUBSCRIBERS.values() for kind in kinds if kind not in KINDS] == []


def test_facts_carry_what_json_keeps() -> None:
    """Ids, texts, numbers, lists of these: what comes back from the audit log equals what was announced."""
    import dataclasses

    from studio.facts import FACTS

    plain = re.compile(
        r"(int|str|bool|float|list\[(int|str)\]|dict\[str, [\w |]+\]|tuple\[(int|str), \.\.\.\])( \| None)?$"
    )
    odd = [
        f"{name}.{field.name}: {field.type}"
        for name, fact in FACTS.items()
        if fact.__module__.partition(".")[0] in ROOMS
        for field in dataclasses.fields(fact)
        if not plain.match(str(field.type))
    ]
    assert odd == []


def test_every_chime_of_the_clockwork_strikes_a_kind_that_exists() -> None:
    from studio.clockwork import CHIMES
    from studio.jobs import KINDS

    assert [chime.kind for chime in CHIMES if chime.kind not in KINDS] == []


def test_a_notice_without_a_sentence_is_refused(db: None) -> None:
    from studio.actions import tell

    with pytest.raises(LookupError):
        tell(users=[], studio_id=1, kind="studio.nobody_wrote_this", params={}, dedupe="x")
