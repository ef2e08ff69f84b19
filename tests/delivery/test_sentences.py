"""Every sentence of the pure packages is known to the translations, word for word."""

from __future__ import annotations

import sys

from delivery import checks, sentences
from postproduction import sentences as post_sentences


def test_findings_are_the_checks_own() -> None:
    assert sentences.FINDINGS == checks.SENTENCES


def test_media_sentences_are_the_probes_own() -> None:

    probed = sys.modules["postproduction.media.probe"].SENTENCES
    assert {code: text for code, text in post_sentences.MEDIA.items() if code in probed} == probed


def test_an_unknown_finding_keeps_the_words_it_was_written_with() -> None:
    assert sentences.finding_sentence({"code": "later", "message": "As written."}) == "As written."
    assert sentences.finding_sentence({"code": "name", "params": {"episode": 1, "found": "a"}}).count("…") == 1
