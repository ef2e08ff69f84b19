"""The styles in which scripts are set in Word: what a paragraph is, and what each of its runs says.

Word keeps styles through editing, so a script that was exported, changed and handed in again needs no guessing.
Screenplays in the styles that writing programs use are read as well.
"""

from __future__ import annotations

PREFIX = "Kaiji"
# Paragraph styles; those of elements may end in Dual or Flash, or both.
TITLE, FRONT, EPISODE, LEAD, SCENE, CAST, SYNOPSIS = (
    f"{PREFIX}{name}" for name in ("Title", "Front", "Episode", "Lead", "Scene", "Cast", "Synopsis")
)
ELEMENTS = {
    f"{PREFIX}{kind.title()}": kind
    for kind in ("action", "dialogue", "caption", "sound", "effect", "transition", "lyric", "centred")
}
DUAL, FLASH = "Dual", "Flash"
# Character styles.
NUMBER, TIME, SIDE, SET, FLAG, HEAD_TITLE, HEAD_NOTE = (
    f"{PREFIX}{name}" for name in ("Number", "Time", "Side", "Set", "Flag", "HeadTitle", "HeadNote")
)
ROLE, COUNT, NOTE = (f"{PREFIX}{name}" for name in ("Role", "Count", "Note"))
SPEAKER, DELIVERY, VOICE, LABEL = (f"{PREFIX}{name}" for name in ("Speaker", "Delivery", "Voice", "Label"))
LENGTH, EPISODE_TITLE = f"{PREFIX}Length", f"{PREFIX}EpisodeTitle"
SOME, FLASHBACK, MONTAGE = "若干", ("闪回", "FLASHBACK"), ("蒙太奇", "MONTAGE")


def element_style(kind: str, dual: bool, flashback: bool) -> str:
    return f"{PREFIX}{kind.title()}{DUAL if dual else ''}{FLASH if flashback else ''}"


def element_of(style: str) -> tuple[str, bool, bool] | None:
    """Kind, dual and flashback of a paragraph style, or None when it is no element's."""
    flashback = style.endswith(FLASH)
    style = style.removesuffix(FLASH)
    dual = style.endswith(DUAL)
    kind = ELEMENTS.get(style.removesuffix(DUAL))
    return (kind, dual, flashback) if kind else None
