"""Ways to a platform, one file each. The network and the disk of others live here, called from jobs alone.

An adapter knows nothing of our rows: it gets plain data and files, and gives receipts and verdicts.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol


class AdapterError(Exception):
    """The platform, or the way to it, did not take the package. Trying the same again will not help.

    `code` and `params` make the sentence (see `delivery.sentences`); what passes by itself, such as a full disk or a
    broken line, is raised as OSError and tried again.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclasses.dataclass(frozen=True)
class PackageData:
    """A round of a package as it leaves the house."""

    studio: str
    platform: str
    production: str
    title: str
    round: int
    work_kind: str
    number: str
    synopsis: str
    tagline: str
    episodes: tuple[dict[str, Any], ...]


@dataclasses.dataclass(frozen=True)
class OutgoingFile:
    """A file under the name the platform asks for; `open` gives a path on this machine while it is read."""

    name: str
    sha256: str
    open: Callable[[], AbstractContextManager[Path]]


@dataclasses.dataclass(frozen=True)
class Receipt:
    """What the platform, or its folder, said on taking the package."""

    external_id: str
    files: int
    repeated: bool = False


@dataclasses.dataclass(frozen=True)
class InboundVerdict:
    """A verdict as it came in. `source` is the adapter's own handle for `settle`."""

    production: str
    episode: int | None
    code: str
    reason: str
    evidence: str
    external_id: str
    at: dt.datetime
    source: str


class Adapter(Protocol):
    """What every way to a platform can do."""

    def send(self, data: PackageData, files: Sequence[OutgoingFile], on_file: Callable[[int], None]) -> Receipt:
        """Hand a round over, whole or not at all. The same round again gives the same receipt.

        `on_file` is told how many files are done. Raises AdapterError, or OSError for what may pass.
        """

    def collect(self) -> Iterator[InboundVerdict | BadMessage]:
        """What came in since, oldest first; nothing is taken away before `settle`."""

    def settle(self, source: str, problem: str = "") -> None:
        """Put a message away: read, or with a problem to those nobody could read."""


@dataclasses.dataclass(frozen=True)
class BadMessage:
    """Something came in that cannot be read; `code` and `params` make the sentence."""

    source: str
    code: str
    params: dict[str, str | int]


def adapter_for(adapter_code: str, *, studio: str, platform: str) -> Adapter:
    """The way a platform is reached. Raises LookupError for one that this release does not know."""
    from delivery.adapters.folder import FolderAdapter

    ways: dict[str, Callable[..., Adapter]] = {"folder": FolderAdapter}
    return ways[adapter_code](studio=studio, platform=platform)
