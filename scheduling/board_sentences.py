"""What boards say, in the reader's language: the solver's codes and a few of the rows around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from scheduling.solver.words import SENTENCES

OWN: dict[str, str] = {
    "board.roles_uncast": gettext_noop("Nobody plays these roles yet, so they cost nothing here: {roles}"),
    "board.sets_unplaced": gettext_noop("These sets have no location yet, so hire and moves are not counted: {sets}"),
}
UNITED = {
    "cast": gettext_noop("Cast"),
    "set": gettext_noop("Sets and locations"),
    "crew": gettext_noop("Crew"),
    "extras": gettext_noop("Extras"),
    "moves": gettext_noop("Moves"),
    "wish": gettext_noop("Wishes"),
}


def say(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code; a code of another release is shown as it is."""
    known = OWN.get(code) or SENTENCES.get(code)
    if known is None:
        return code
    shown = {
        name: gettext(", ").join(str(item) for item in value) if isinstance(value, list) else value
        for name, value in params.items()
    }
    try:
        return gettext(known).format(**shown)
    except (KeyError, IndexError):
        return code


def group_name(code: str) -> str:
    """The heading under which a cost line stands."""
    group = code.partition(".")[0]
    return gettext(UNITED[group]) if group in UNITED else group
