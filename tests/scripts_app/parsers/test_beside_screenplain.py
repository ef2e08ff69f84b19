"""Nothing that screenplain keeps is lost: on written screenplays, generated ones, and what our own writer makes."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.fountain import corpus, lost, theirs, written_by_hand

SCRIPTS = corpus()


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_scene_name_or_line_is_lost(name: str) -> None:
    kinds = Counter(kind for kind, _text in theirs(SCRIPTS[name]))
    assert min(kinds["scene"], kinds["name"], kinds["line"]) >= 36
    assert lost(SCRIPTS[name]) == {}


def test_the_comparison_would_see_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    text = written_by_hand(9, scenes=4)
    monkeypatch.setattr("scripts_app.parsers.fountain.FountainReader._heading", lambda self, line, text: None)
    assert sum(count for (kind, _text), count in lost(text).items() if kind == "scene") == 4
