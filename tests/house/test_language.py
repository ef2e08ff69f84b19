"""Both languages, everywhere: catalogue complete and compiled, and no page that speaks the other one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings

from studio.access import VERBS
from tests.conftest import optional
from tests.house.routes import Route
from tests.house.walking import ROUTES, address_of, undone
from tests.house.world import World

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def _key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_the_compiled_catalogue_is_that_of_the_sentences() -> None:
    assert CATALOGUE.with_suffix(".mo").read_bytes() == polib.pofile(str(CATALOGUE)).to_binary()


def test_no_sentence_is_missing_doubtful_or_untranslated(tmp_path: Path) -> None:
    """What makemessages finds in the source is what the catalogue has."""
    if shutil.which("xgettext") is None:
        optional("xgettext is not installed (package gettext)")
    for folder in ("templates", "static/js", "locale", *_rooms()):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "data"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "--no-location", "--no-obsolete"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PATH": str(Path(sys.executable).parent) + ":/usr/bin:/bin", "SECRET_KEY": "x", "KAIJI_DATA": str(tmp_path / "var")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = {_key(e): e for e in polib.pofile(str(tmp_path / CATALOGUE.relative_to(ROOT))) if not e.obsolete}
    known = {_key(e): e for e in polib.pofile(str(CATALOGUE)) if not e.obsolete}
    assert len(found) > 500
    missing = sorted(key[1] for key, entry in found.items() if key not in known or not all(_texts(known[key])))
    assert missing == []
    assert sorted(entry.msgid for entry in known.values() if entry.fuzzy) == []


def _rooms() -> list[str]:
    return [app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()] + ["studio"]


def test_a_translation_keeps_the_places_of_its_sentence() -> None:
    wrong = []
    for entry in polib.pofile(str(CATALOGUE)):
        wanted = set(PLACE.findall(entry.msgid_plural or entry.msgid))
        optional_ones = set(PLACE.findall(entry.msgid)) ^ wanted
        for text in _texts(entry):
            if text and set(PLACE.findall(text)) - optional_ones != wanted - optional_ones:
                wrong.append((entry.msgid, text))
    assert wrong == []


# --- pages -------------------------------------------------------------------------------------------------------

SILENT = {"script", "style", "code", "pre", "kbd", "samp", "svg", "textarea", "template", "noscript"}
SPOKEN = ("placeholder", "title", "aria-label", "alt", "data-confirm", "data-confirm-label")


class Speech(HTMLParser):
    """What a page says: its text nodes and the attributes that are read or shown, without code and
    without what says of itself that it is in another language."""

    def __init__(self) -> None:
        super().__init__()
        self.silent: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        # The admin draws its icons by their names in a font of symbols.
        spoken_elsewhere = tag != "html" and "lang" in given
        if (
            tag in SILENT
            or spoken_elsewhere
            or tag == (self.silent or [""])[-1]
            or "material-symbols" in (given.get("class") or "")
        ):
            self.silent.append(tag)
        self.said += [value for name in SPOKEN if (value := given.get(name))]
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.said.append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.said.append(" ".join(data.split()))


def _speech(html: str) -> list[str]:
    parser = Speech()
    parser.feed(html)
    return parser.said


PAGES = [
    route
    for route in ROUTES
    if route.read and not route.api and not route.query and route.name not in {"healthz", "readyz"}
]
ENGLISH = re.compile(r"[A-Za-z][A-Za-z’']+(?:,? [A-Za-z][A-Za-z’']+)+")
# Names that are the same in both languages; and the rows that Django makes of a many-to-many, which have no words.
NAMES = re.compile(r"Final Draft|Kaiji|Bearer|Element_scenes object")
AREAS = "|".join(sorted({verb.partition(".")[0] for verb in VERBS}))
RAW = re.compile(rf"(?<![\w./@-])(?:[a-z]+(?:_[a-z]+)+|(?:{AREAS})\.[a-z_]+)(?![\w./@-])")


def _said_by(route: Route, world: World, language: str) -> Iterator[str]:
    from studio.models import User

    owner = world.actor("owner")
    with undone():
        User.objects.filter(pk=owner.user.pk).update(language=language)
        response: Any = owner.client.get(address_of(route, world.own), headers={"accept-language": language})
        if response.status_code == 200 and response.get("Content-Type", "").startswith("text/html"):
            yield from _speech(response.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("route", PAGES, ids=str)
def test_a_page_in_chinese_speaks_no_english(route: Route, standing: World) -> None:
    assert [text for text in _said_by(route, standing, "zh-hans") if ENGLISH.search(NAMES.sub("", text))] == []


@pytest.mark.django_db
@pytest.mark.parametrize("route", PAGES, ids=str)
def test_a_page_shows_no_code_in_place_of_a_word(route: Route, standing: World) -> None:
    """State codes, job kinds and verbs are for programs."""
    assert [text for text in _said_by(route, standing, "en") if RAW.search(text)] == []


def test_speech_is_what_is_read_and_shown() -> None:
    html = "<p title='A b c'>One <b>two</b></p><code>x y z</code><script>var a b</script><input type=submit value=Go>"
    assert _speech(html) == ["A b c", "One", "two", "Go"]
    assert ENGLISH.search("Nothing to tell you")
    assert not ENGLISH.search("通告单 PDF 已发")
    assert ENGLISH.search("Approved by")
    assert RAW.search("taken_down")
    assert RAW.search("delivery.view")
    assert not RAW.search("secret_key.txt")
