"""A refusal: what an action says when it cannot do what was asked."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise


class Refused(Exception):
    """Nothing was changed. `message` is a translated sentence that says what happened and what to do.

    `field` names the input at fault; `conflict` means that somebody else changed the row meanwhile.
    """

    def __init__(
        self,
        code: str,
        message: str | Promise,
        *,
        field: str | None = None,
        conflict: bool = False,
        params: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self._message = message
        self.field = field
        self.conflict = conflict
        self.params = params or {}

    @property
    def text(self) -> str | Promise:
        """The sentence with its places still open."""
        return self._message

    @property
    def message(self) -> str:
        text = str(self._message)
        return text % self.params if self.params else text

    def __str__(self) -> str:
        return self.message
