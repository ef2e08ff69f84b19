"""The documents speak of what is there: links, commands, variables, modules, words."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
PAGES = sorted([*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md")])
TEXT = {page: page.read_text(encoding="utf-8") for page in PAGES}
ROOMS = [
    "studio", "scripts_app", "compliance", "scheduling", "shooting", "postproduction", "delivery", "finance", "dashboard",
]  # fmt: skip
ROWS = re.compile(r"^\|(.+)\|\s*$", re.MULTILINE)


def _name(page: Path) -> str:
    return str(page.relative_to(HOUSE))


def _bash_lines(text: str) -> list[str]:
    blocks = re.findall(r"^ *```bash\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def _anchors(text: str) -> set[str]:
    """Ids that a forge gives to the headings of a page."""
    heads = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}


def _code() -> str:
    """Everything that runs or is shown, but neither tests nor documents."""
    files = [HOUSE / "manage.py"]
    for room in ROOMS:
        files += (HOUSE / room).rglob("*.py")
        files += (HOUSE / room).rglob("*.json")
    files += (HOUSE / "templates").rglob("*.*")
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())


@pytest.fixture(scope="module")
def code() -> str:
    return _code()


@pytest.mark.parametrize("document", PAGES, ids=_name)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXT[document]):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        here = file.exists() and file.is_relative_to(HOUSE)
        if not here or (anchor and anchor not in _anchors(file.read_text(encoding="utf-8"))):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("document", PAGES, ids=_name)
def test_every_make_target_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (HOUSE / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)[^`\n]*`", TEXT[document]))
    for line in _bash_lines(TEXT[document]):
        if match := re.match(r"(?:[A-Z_]+=\S+ )*make ([a-z-]+)", line):
            named.add(match.group(1))
    assert named - targets == set()


def test_readme_names_the_commands_people_begin_with() -> None:
    for readme in ("README.md", "README.zh.md"):
        lines = _bash_lines(TEXT[HOUSE / readme])
        assert {"make run", "make test", "make journey"} <= set(lines)


def _variables_read() -> set[str]:
    """Environment variables that settings and `make run` read."""
    sources = [HOUSE / "studio" / "settings.py", HOUSE / "studio" / "management" / "commands" / "run.py"]
    text = "\n".join(source.read_text() for source in sources)
    return set(re.findall(r"""(?:environ\.get\(|environ\[|_flag\()\s*["']([A-Z_]+)["']""", text))


def _variables_named(text: str) -> set[str]:
    """Those in the first cell of a table, before an equals sign in code, or in front of a command."""
    named: set[str] = set()
    for row in ROWS.findall(text):
        named |= set(re.findall(r"`([A-Z][A-Z0-9_]{3,})`", row.split("|")[0]))
    named |= set(re.findall(r"`([A-Z][A-Z0-9_]{3,})=[^`]*`", text))
    for line in _bash_lines(text):
        named |= set(re.findall(r"(?:^|\s)([A-Z][A-Z0-9_]{3,})=", line.removeprefix("export ")))
        if line.startswith("export "):
            # A variable of the reader's own shell.
            named -= set(re.findall(r"^export ([A-Z0-9_]+)=", line))
    return named


@pytest.mark.parametrize("document", PAGES, ids=_name)
def test_every_environment_variable_named_is_read(document: Path) -> None:
    known = _variables_read()
    known |= set(re.findall(r"\$\{([A-Z_]+)", (HOUSE / "docker-compose.yml").read_text()))
    known |= set(re.findall(r"\$\(([A-Z]+)\)", (HOUSE / "Makefile").read_text()))
    for file in (HOUSE / "tests").glob("*.py"):
        known |= set(re.findall(r"""environ(?:\.get\(|\[)\s*["']([A-Z_]+)["']""", file.read_text()))
    assert _variables_named(TEXT[document]) - known == set()


def test_every_environment_variable_is_documented() -> None:
    documented = _variables_named(TEXT[HOUSE / "docs" / "operations.md"])
    assert _variables_read() - documented == set()


def test_every_module_to_run_has_a_door() -> None:
    ours = re.compile(rf"python -m ((?:{'|'.join(ROOMS)})[\w.]*)")
    found = {module for text in TEXT.values() for module in ours.findall(text)}
    assert {"scripts_app.parsers", "scheduling.solver", "finance.settlement"} <= found
    doorless = [name for name in found if not (HOUSE / name.replace(".", "/") / "__main__.py").is_file()]
    assert doorless == []


def test_every_pure_package_has_a_door() -> None:
    pyproject = (HOUSE / "pyproject.toml").read_text()
    contract = re.search(r"source_modules = \[([^\]]+)\]\nforbidden_modules = \[\"django\"", pyproject)
    assert contract is not None
    packages = set(re.findall(r'"([\w.]+)"', contract.group(1))) - {"studio.values", "scripts_app.samples"}
    assert len(packages) == 14
    assert [name for name in packages if not (HOUSE / name.replace(".", "/") / "__main__.py").is_file()] == []
    assert [name for name in packages if f"`{name.replace('.', '/')}`" not in TEXT[HOUSE / "CONTRIBUTING.md"]] == []


@pytest.mark.parametrize("document", PAGES, ids=_name)
def test_every_file_named_exists(document: Path) -> None:
    """Paths in code marks that begin with a room, docs, static or templates."""
    begin = "|".join([*ROOMS, "docs", "static", "templates", "tests", "bench"])
    named = re.findall(rf"`((?:{begin})/[\w./-]*)`", TEXT[document])
    assert [path for path in named if not (HOUSE / path).exists()] == []


def test_the_words_of_the_glossary_are_those_of_the_code(code: str) -> None:
    rows = [[cell.strip() for cell in row.split("|")] for row in ROWS.findall(TEXT[HOUSE / "docs" / "glossary.md"])]
    words = [row for row in rows if len(row) == 4 and row[0] != "word" and not set(row[0]) <= set("- ")]
    assert len(words) > 60
    assert [row[0] for row in words if not all(row)] == []
    missing = [
        row[3] for row in words if not re.search(rf"(?<![A-Za-z]){re.escape(row[3].strip('`'))}(?![A-Za-z])", code)
    ]
    assert missing == []
    assert [row[0] for row in words if not re.search(r"[\u4e00-\u9fff]", row[1])] == []


def test_each_word_stands_once_in_the_glossary() -> None:
    rows = [row.split("|")[0].strip() for row in ROWS.findall(TEXT[HOUSE / "docs" / "glossary.md"])]
    words = [row for row in rows if row != "word" and not set(row) <= set("- ")]
    assert sorted(words) == sorted(set(words))


def test_every_decision_is_listed_and_says_why() -> None:
    folder = HOUSE / "docs" / "adr"
    records = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", TEXT[folder / "README.md"])
    assert listed == [path.name for path in records]
    for path in records:
        heads = re.findall(r"^## (.+)$", TEXT[path], re.MULTILINE)
        assert heads == ["Context", "Decision", "Consequences"], path.name


def test_the_fields_and_filters_of_deliveries_are_those_documented() -> None:
    from delivery.api import DeliveryFilter, DeliverySerializer

    text = TEXT[HOUSE / "docs" / "api.md"].partition("## Delivery status")[2].partition("One delivery, and")[0]
    table, _, filters = text.partition("Filters:")
    fields = [name for row in ROWS.findall(table) for name in re.findall(r"`([a-z_]+)`", row.split("|")[0])]
    assert fields == DeliverySerializer.Meta.fields
    assert set(re.findall(r"`([a-z_]+)`", filters)) == set(DeliveryFilter.base_filters)


def test_the_states_of_deliveries_are_those_documented() -> None:
    from delivery.choices import DeliverableState, PackageState

    rows = {row.split("|")[0].strip(): row for row in ROWS.findall(TEXT[HOUSE / "docs" / "api.md"])}
    assert re.findall(r"`([a-z_]+)`", rows["`state`"].split("|")[1]) == DeliverableState.values
    assert re.findall(r"`([a-z_]+)`", rows["`package_state`"].split("|")[1]) == PackageState.values


def test_the_times_of_jobs_are_those_documented() -> None:
    from django.conf import settings

    text = TEXT[HOUSE / "docs" / "operations.md"]
    for name, value in (
        ("KAIJI_JOB_LEASE_SECONDS", settings.JOB_LEASE_SECONDS),
        ("KAIJI_JOB_RESEND_SECONDS", settings.JOB_RESEND_SECONDS),
        ("KAIJI_JOB_SWEEP_SECONDS", int(settings.JOB_SWEEP_SECONDS)),
        ("KAIJI_JOB_BACKOFF_SECONDS", settings.JOB_BACKOFF_SECONDS),
    ):
        row = next(row for row in ROWS.findall(text) if row.split("|")[0].strip() == f"`{name}`")
        assert row.split("|")[2].strip() == str(value)
    first = settings.JOB_BACKOFF_SECONDS
    assert f"{first}, {first * 3}, {first * 9}, {first * 27} s" in text


def test_the_daily_jobs_are_those_documented() -> None:
    from studio.clockwork import CHIMES

    text = TEXT[HOUSE / "docs" / "operations.md"]
    told = {
        (kind, int(hour)) for kind, hour in re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (\d\d):00 \|", text, re.MULTILINE)
    }
    assert told == {(chime.kind, chime.hour) for chime in CHIMES if not chime.setting}


def test_the_actions_named_in_the_drawing_s_table_exist() -> None:
    import importlib

    table = TEXT[HOUSE / "docs" / "architecture.md"].partition("## The film goes one way")[2].partition("\n## ")[0]
    missing = []
    for row in ROWS.findall(table):
        cells = row.split("|")
        if len(cells) != 4 or not cells[0].strip().isdecimal():
            continue
        module = None
        for name in re.findall(r"`([a-z_.]+)`", cells[2]):
            if "." in name:
                path, _, attribute = name.rpartition(".")
                module = importlib.import_module(path)
                found = hasattr(module, attribute) or (HOUSE / name.replace(".", "/")).with_suffix(".py").is_file()
            else:
                found = hasattr(module, name) or bool(list(HOUSE.glob(f"*/{name}/__init__.py")))
            missing += [] if found else [name]
    assert missing == []


def test_the_facts_named_in_the_architecture_exist() -> None:
    from studio.facts import FACTS

    table = TEXT[HOUSE / "docs" / "architecture.md"].partition("## The film goes one way")[2].partition("\n## ")[0]
    named = {name for row in ROWS.findall(table) for name in re.findall(r"`([A-Z]\w+)`", row)}
    assert len(named) >= 12
    assert named - set(FACTS) == set()


def test_the_drawing_is_well_formed_and_names_every_room() -> None:
    from defusedxml import ElementTree

    drawing = HOUSE / "docs" / "images" / "rooms.svg"
    words = "\n".join(ElementTree.parse(drawing).getroot().itertext())
    assert [room for room in ROOMS if room not in words] == []
    assert [number for number in range(1, 11) if not re.search(rf"^{number} ", words, re.MULTILINE)] == []


def test_documents_hold_no_address_of_a_machine() -> None:
    told = re.compile(r"/(?:root|Users/\w+|home/\w+)/")
    assert [_name(page) for page, text in TEXT.items() if told.search(text)] == []


def test_lock_files_name_no_registry() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (HOUSE / name).read_text()
        assert re.findall(r"https?://\S+|--(?:extra-)?index-url", text) == []
        assert "--hash=sha256:" in text


def test_make_help_lists_what_the_documents_name() -> None:
    shown = subprocess.run(["make", "-s", "help"], cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    listed = {line.split()[0] for line in shown.splitlines() if line.strip()}
    assert {"run", "test", "journey", "lint", "messages", "lock", "bench-api"} <= listed
