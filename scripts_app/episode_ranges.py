"""Episodes as people write them: `1-5, 8`."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from studio.refusals import Refused

MOST_LETTERS = 400
MOST_EPISODES = 2000
_RUN = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")


def read_episodes(text: str) -> frozenset[int]:
    """Episode numbers of `1-5, 8`; empty for an empty text. Refuses what is no number and runs that go backwards."""
    plain = re.sub(r"\s*[—–~～至-]+\s*", "-", text[: MOST_LETTERS + 1].strip())
    found: set[int] = set()
    for piece in re.split(r"[,，、;；\s]+", plain):
        if not piece:
            continue
        run = _RUN.fullmatch(piece)
        first, last = (int(run[1]), int(run[2] or run[1])) if run else (1, 0)
        if len(text) > MOST_LETTERS or not 0 < first <= last or last - first >= MOST_EPISODES:
            raise Refused(
                "bad_episodes", _("Write episodes as numbers with commas, such as 1-5, 8."), field="episodes"
            )  # fmt: skip
        found.update(range(first, last + 1))
    return frozenset(found)
