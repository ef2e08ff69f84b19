"""What the reader of scripts has to say, in the language of who looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext

from scripts_app.parsers import CATALOGUE, ERROR, Fault
from studio.refusals import Refused

# Parameters that are words of ours and not of the file.
_WORDS = {"found"}


def fault_sentence(code: str, params: Mapping[str, Any], message: str = "") -> str:
    """The sentence of a fault; `message` is what stands when a later release dropped its code."""
    if code not in CATALOGUE:
        return message
    shown = {name: gettext(str(value)) if name in _WORDS else value for name, value in params.items()}
    try:
        return gettext(CATALOGUE[code][1]).format(**shown)
    except (KeyError, IndexError):
        return message


def _sentences(faults: tuple[tuple[str, Mapping[str, Any], str], ...]) -> str:
    return " ".join(fault_sentence(*one) for one in faults)


_lazy_sentences = lazy(_sentences, str)


def refusal(faults: Iterable[Fault]) -> Refused:
    """Why a file is not imported: the sentences of its errors."""
    errors = [each for each in faults if each.severity == ERROR]
    told = tuple((each.code, each.params, each.message) for each in errors)
    return Refused(errors[0].code, _lazy_sentences(told), field="file")
