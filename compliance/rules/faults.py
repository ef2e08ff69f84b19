"""What the rules cannot judge, said so that a person can act on it."""

from __future__ import annotations

from collections.abc import Mapping


class RuleFault(ValueError):
    """A case or rule that cannot be judged: stable `code`, `params` for the sentence, English `message`."""

    def __init__(self, code: str, message: str, **params: str | int) -> None:
        super().__init__(message.format_map(params))
        self.code = code
        self.params: Mapping[str, str | int] = params
        self.template = message

    @property
    def message(self) -> str:
        return str(self)
