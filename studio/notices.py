"""Sentences of notices, by kind, in the reader's language. Rooms add theirs with `sentence`."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise

SENTENCES: dict[str, Promise | str] = {}


def sentence(kind: str, text: Promise | str) -> None:
    """Register a lazily translated sentence with %(name)s places for the notice's params."""
    SENTENCES[kind] = text


def render(kind: str, params: dict[str, Any]) -> str:
    text = SENTENCES.get(kind)
    if text is None:
        return kind
    try:
        return str(text) % params
    except (KeyError, TypeError, ValueError):
        # A notice written by an earlier release may lack a parameter of today's sentence.
        return str(text)
