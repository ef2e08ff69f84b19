"""Decisions carried from one draft to the next: by what a line says and what stands around it, not by its number."""

from __future__ import annotations

from collections.abc import Sequence

from .decisions import Decision
from .normalise import plain


class Lines:
    """The lines of a draft, to be found again in another."""

    def __init__(self, written: Sequence[str]) -> None:
        self.texts = [plain(" ".join(line.split())) for line in written]
        self.said: dict[str, list[int]] = {}
        before = ""
        self.before: list[str] = []
        for number, text in enumerate(self.texts, start=1):
            self.before.append(before)
            if text:
                self.said.setdefault(text, []).append(number)
                before = text
        after = ""
        self.after: list[str] = [""] * len(self.texts)
        for index in range(len(self.texts) - 1, -1, -1):
            self.after[index] = after
            after = self.texts[index] or after

    def mark(self, line: int) -> dict[str, str | int] | None:
        """What makes a line known again, or None for no line or a blank one."""
        if not 0 < line <= len(self.texts) or not (text := self.texts[line - 1]):
            return None
        same = self.said[text]
        return {
            "text": text[:400], "before": self.before[line - 1][:200], "after": self.after[line - 1][:200],
            "nth": same.index(line) + 1, "of": len(same),
        }  # fmt: skip

    def find(self, mark: dict[str, str | int]) -> int | None:
        """The line of that mark; None when it is gone, or when several may be meant."""
        text = str(mark["text"])
        same = self.said.get(text) if len(text) < 400 else None
        if same is None and len(text) == 400:
            same = [number for said, numbers in self.said.items() if said[:400] == text for number in numbers]
        if not same:
            return None
        if len(same) == 1:
            return same[0]
        near = [number for number in same if self._around(number, mark) == 2]
        near = near or [number for number in same if self._around(number, mark) == 1]
        if len(near) == 1:
            return near[0]
        # The writer said it as often as before: it is the same one of them.
        return same[int(mark["nth"]) - 1] if len(same) == mark["of"] else None

    def _around(self, number: int, mark: dict[str, str | int]) -> int:
        return (self.before[number - 1][:200] == mark["before"]) + (self.after[number - 1][:200] == mark["after"])


def marked(decisions: Sequence[Decision], written: Sequence[str]) -> list[Decision]:
    """The decisions with the mark of their line (`at`), as they are kept."""
    lines = Lines(written)
    found = []
    for each in decisions:
        mark = lines.mark(each["line"]) if each.get("line") else None
        found.append({**each, "at": mark} if mark else dict(each))
    return found


def carried(decisions: Sequence[Decision], written: Sequence[str]) -> list[Decision | None]:
    """The decisions as they hold for another draft, None where its line is gone or two may be meant.

    One without a line holds as it is: a name is a name in every draft.
    """
    lines = Lines(written)
    found: list[Decision | None] = []
    for each in decisions:
        if not each.get("line"):
            found.append(dict(each))
            continue
        line = lines.find(each["at"]) if each.get("at") else None
        found.append(None if line is None else {**each, "line": line, "at": lines.mark(line)})
    return found
