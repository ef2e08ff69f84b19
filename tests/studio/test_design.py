"""The tokens: both dark blocks alike, every pair of ink and paper readable. The tags: what they escape and decide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template

HOUSE = Path(__file__).resolve().parents[2]
TOKENS = (HOUSE / "static" / "css" / "tokens.css").read_text()


def block(selector: str) -> dict[str, str]:
    """The custom properties of the first rule with this selector."""
    body = TOKENS.split(selector + " {", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", body))


LIGHT = block(":root")
DARK = {**LIGHT, **block(':root[data-theme="dark"]')}
KINDS = [
    "extras",
    "props",
    "wardrobe",
    "makeup",
    "vehicles",
    "animals",
    "stunts",
    "effects",
    "sound",
    "set-dressing",
    "minors",
]
STRIPS = [f"strip-{place}-{hour}" for place in ("int", "ext") for hour in ("day", "night", "dawn", "dusk")]
PAIRS = [
    *[(ink, paper) for ink in ("text", "text-2", "text-3") for paper in ("bg", "surface", "raised", "hover", "sunken")],
    *[(tone, f"{tone}-soft") for tone in ("info", "good", "warn", "bad", "neutral")],
    *[("accent", paper) for paper in ("bg", "surface", "raised", "hover")],
    *[("strip-ink", paper) for paper in STRIPS],
    ("accent-strong", "accent-soft"), ("strip-break-ink", "strip-break"), ("bad", "surface"), ("warn", "surface"),
    ("on-solid", "accent"), ("on-solid", "bad"), ("text-2", "heat-0"), ("text", "heat-1"), ("text", "heat-2"),
    ("on-solid", "heat-4"),
    *[("text", f"cat-{kind}") for kind in KINDS], *[("text-2", f"cat-{kind}") for kind in KINDS],
]  # fmt: skip


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "values"), [("light", LIGHT), ("dark", DARK)])
def test_text_meets_aa(theme: str, values: dict[str, str]) -> None:
    poor = {pair: round(contrast(values[pair[0]], values[pair[1]]), 2) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 4.5} == {}


@pytest.mark.parametrize(("theme", "values"), [("light", LIGHT), ("dark", DARK)])
def test_fields_and_focus_meet_the_contrast_of_controls(theme: str, values: dict[str, str]) -> None:
    for edge in ("field-line", "focus"):
        assert contrast(values[edge], values["surface"]) >= 3, edge
        assert contrast(values[edge], values["bg"]) >= 3, edge


def test_the_systems_dark_is_the_chosen_dark() -> None:
    assert block(':root:not([data-theme="light"])') == block(':root[data-theme="dark"]')


def test_every_icon_asked_for_is_in_the_sprite() -> None:
    known = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (HOUSE / "static" / "icons" / "sprite.svg").read_text()))
    asked = {
        name
        for path in (HOUSE / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text())
    }
    assert asked - known == set()
    assert "circle-alert" in asked


def render(text: str, **context: object) -> str:
    return Template("{% load kaiji_ui %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("fen", "text"),
    [(1_234_560, "¥12,345.60"), (-5, "−¥0.05"), (0, "¥0.00")],
)
def test_money(fen: int, text: str) -> None:
    assert re.sub(r"<[^>]+>", "", render("{% money fen %}", fen=fen)) == text


@pytest.mark.parametrize(
    ("fen", "language", "text"),
    [
        (12_345_600, "zh-hans", "¥12.35万"),
        (-12_345_600, "zh-hans", "−¥12.35万"),
        (12_345_600, "en", "¥123.5k"),
        (12_300_000, "en", "¥123k"),
        (-4_999, "en", "¥0k"),
        (99_995_000, "en", "¥1,000k"),
    ],
)
def test_money_at_a_glance(fen: int, language: str, text: str) -> None:
    from django.utils import translation

    with translation.override(language):
        assert re.sub(r"<[^>]+>", "", render("{% money_wan fen %}", fen=fen)) == text


def test_no_money_is_a_dash() -> None:
    assert render("{% money fen %}|{% money_wan fen %}", fen=None) == "—|—"


def test_a_chip_escapes_and_finds_its_tone() -> None:
    chips = render('{% chip "rejected" label %}{% chip "odd" "x" %}{% chip "odd" "x" "good" %}', label="<b>拒</b>")
    assert re.findall(r"tone-([a-z]+)", chips) == ["bad", "neutral", "good"]
    assert "&lt;b&gt;拒&lt;/b&gt;" in chips


@pytest.mark.parametrize(
    ("done", "total", "css"),
    [
        (0, 8, "heat-0"),
        (1, 8, "heat-1"),
        (3, 8, "heat-2"),
        (6, 8, "heat-3"),
        (8, 8, "heat-4"),
        (0, 0, "heat-0"),
        (None, None, "heat-0"),
    ],
)
def test_heat(done: int | None, total: int | None, css: str) -> None:
    assert render("{% heat_class done total %}", done=done, total=total) == css


@pytest.mark.parametrize(
    ("place", "hour", "css"),
    [
        ("int", "day", "strip strip-int-day"),
        ("ext", "night", "strip strip-ext-night"),
        ("int_ext", "night", "strip strip-mixed-night"),
        ("", "", "strip strip-int-day"),
    ],
)
def test_strips(place: str, hour: str, css: str) -> None:
    assert render("{% strip_class place hour %}", place=place, hour=hour) == css


@pytest.mark.parametrize(("name", "letters"), [("陈思雨", "思雨"), ("Ann Lee Ray", "AL"), ("li", "L"), ("", "?")])
def test_initials(name: str, letters: str) -> None:
    assert render("{{ name|initials }}", name=name) == letters


class Budget(forms.Form):
    amount = forms.IntegerField(label="Amount", help_text="in yuan")
    note = forms.CharField(label="Note", required=False)


def test_a_fields_error_and_help_are_tied_to_it() -> None:
    html = render("{% form_fields form %}", form=Budget({"amount": "<many>"}))
    assert 'aria-describedby="id_amount_error id_amount_help"' in html
    assert html.count('aria-invalid="true"') == 1
    assert 'id="id_amount_error"' in html
    assert 'id="id_amount_help"' in html
    assert "&lt;many&gt;" in html
    assert "<many>" not in html


def test_progress_never_runs_over() -> None:
    assert 'value="8" max="8"' in render("{% progress 12 8 %}")
    assert 'value="0" max="1"' in render("{% progress 0 0 %}")


def test_vendored_files_are_those_written_down() -> None:
    import hashlib

    folder = HOUSE / "static" / "vendor"
    written = re.findall(r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", (folder / "VERSIONS.md").read_text(), re.MULTILINE)
    assert [name for name, _ in written] == ["sortable.min.js", "echarts.min.js", "../icons/sprite.svg"]
    assert [name for name, sum_ in written if hashlib.sha256((folder / name).read_bytes()).hexdigest() != sum_] == []
    assert [path.name for path in folder.glob("*.js") if "sourceMappingURL" in path.read_text()] == []
