"""A hand-over folder on a shared disk: what studios do today with a netdisk.

    KAIJI_DATA/handover/<studio>/<platform>/
        <production>/round-1/   masters, manifest.json, episodes.csv, SHA256SUMS
        verdicts/               *.json the platform's people, or a script, put here
        verdicts/read/          those taken in
        verdicts/unread/        those nobody could read, each with the reason beside it

A verdict file holds one object or a list of them: `{"id", "production", "episode" (null: the title), "verdict"
("accepted" or "refused"), "reason", "evidence", "at" (ISO 8601)}`.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from delivery.adapters import AdapterError, BadMessage, InboundVerdict, OutgoingFile, PackageData, Receipt

LARGEST_VERDICT_FILE = 1 << 20
# Somebody else's half-finished hand-over: a worker that was killed does not tidy up.
STALE_SECONDS = 6 * 3600
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def safe_name(text: str) -> str:
    """A text as one part of a path on any disk: no separators, no control characters, no leading dot."""
    return _UNSAFE.sub("_", text).strip(" .")[:120] or "_"


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is kept as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


class FolderAdapter:
    def __init__(self, *, studio: str, platform: str) -> None:
        self.root = Path(settings.DATA_DIR) / "handover" / safe_name(studio) / safe_name(platform)

    @property
    def verdicts(self) -> Path:
        return self.root / "verdicts"

    # --- out ----------------------------------------------------------------------------------------------------
    def send(self, data: PackageData, files: Sequence[OutgoingFile], on_file: Callable[[int], None]) -> Receipt:
        """Write the round beside its place and rename it there, so that it is seen whole or not at all."""
        folder = self.root / safe_name(data.production)
        target = folder / f"round-{data.round}"
        manifest = self._manifest(data, files)
        external_id = hashlib.sha256(manifest).hexdigest()[:16]
        names = [safe_name(file.name) for file in files]
        if len({name.casefold() for name in names}) != len(names):
            raise AdapterError("names_collide")
        if target.exists():
            return self._again(target, manifest, external_id, len(files))
        folder.mkdir(parents=True, exist_ok=True)
        # Platforms' people need a place to answer from the first round on.
        self.verdicts.mkdir(parents=True, exist_ok=True)
        self._tidy(folder)
        unfinished = folder / f".round-{data.round}.{uuid.uuid4().hex}.part"
        unfinished.mkdir()
        try:
            for done, (file, name) in enumerate(zip(files, names, strict=True), start=1):
                self._copy(file, unfinished / name)
                on_file(done)
            sums = "".join(f"{file.sha256}  {name}\n" for file, name in zip(files, names, strict=True))
            _write(unfinished / "SHA256SUMS", sums.encode())
            _write(unfinished / "episodes.csv", self._table(data))
            _write(unfinished / "manifest.json", manifest)
            try:
                os.rename(unfinished, target)
            except OSError:
                # Another worker was faster with the same round; any other reason is passed on.
                if not target.exists():
                    raise
                return self._again(target, manifest, external_id, len(files))
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return Receipt(external_id, len(files))

    @staticmethod
    def _again(target: Path, manifest: bytes, external_id: str, count: int) -> Receipt:
        try:
            same = (target / "manifest.json").read_bytes() == manifest
        except OSError:
            same = False
        if not same:
            raise AdapterError("round_taken", folder=target.name)
        return Receipt(external_id, count, repeated=True)

    @staticmethod
    def _copy(file: OutgoingFile, target: Path) -> None:
        digest = hashlib.sha256()
        with file.open() as path, open(path, "rb") as source, open(target, "xb") as out:
            while chunk := source.read(1 << 20):
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if digest.hexdigest() != file.sha256:
            raise AdapterError("file_changed", name=file.name)

    @staticmethod
    def _manifest(data: PackageData, files: Sequence[OutgoingFile]) -> bytes:
        document = {
            "studio": data.studio, "platform": data.platform, "production": data.production, "title": data.title,
            "round": data.round, "work_kind": data.work_kind, "number": data.number, "synopsis": data.synopsis,
            "tagline": data.tagline, "episodes": list(data.episodes),
            "files": [{"name": safe_name(file.name), "sha256": file.sha256} for file in files],
        }  # fmt: skip
        return (json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()

    @staticmethod
    def _table(data: PackageData) -> bytes:
        text = io.StringIO()
        columns = ["number", "title", "file", "sha256", "size_bytes", "duration_ms", "master_version"]
        writer = csv.writer(text)
        writer.writerow(columns)
        for episode in data.episodes:
            writer.writerow([_cell(episode.get(column, "")) for column in columns])
        # Spreadsheets take UTF-8 for something else without the mark.
        return text.getvalue().encode("utf-8-sig")

    @staticmethod
    def _tidy(folder: Path) -> None:
        for part in folder.glob(".round-*.part"):
            try:
                if time.time() - part.stat().st_mtime > STALE_SECONDS:
                    shutil.rmtree(part, ignore_errors=True)
            except OSError:
                continue

    # --- in -----------------------------------------------------------------------------------------------------
    def collect(self) -> Iterator[InboundVerdict | BadMessage]:
        """Read the verdict files by name. A file is read wholly before any of it is given on."""
        try:
            paths = sorted(path for path in self.verdicts.glob("*.json") if not path.name.startswith("."))
        except OSError:
            return
        for path in paths:
            yield from self._read(path)

    def _read(self, path: Path) -> list[InboundVerdict | BadMessage]:
        def bad(code: str, **params: str | int) -> list[InboundVerdict | BadMessage]:
            return [BadMessage(path.name, code, params)]

        try:
            # A link out of the folder would let a shared disk read files of this machine.
            if path.is_symlink() or not path.is_file():
                return bad("verdict_not_a_file")
            if path.stat().st_size > LARGEST_VERDICT_FILE:
                return bad("verdict_too_large")
            raw = path.read_bytes()
        except OSError as error:
            return bad("verdict_unreadable", why=error.strerror or type(error).__name__)
        try:
            document = json.loads(raw.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return bad("verdict_not_json")
        entries = document if isinstance(document, list) else [document]
        if not entries:
            return bad("verdict_empty")
        found: list[InboundVerdict | BadMessage] = []
        for position, entry in enumerate(entries, start=1):
            try:
                found.append(_verdict(entry, path.name))
            except _Malformed as fault:
                return bad("verdict_malformed", position=position, field=fault.field)
        return found

    def settle(self, source: str, problem: str = "") -> None:
        """Move the file to `read/`, or with the reason in a text beside it to `unread/`."""
        path = self.verdicts / Path(source).name
        if not path.exists() and not path.is_symlink():
            return
        folder = self.verdicts / ("unread" if problem else "read")
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / path.name
        if target.exists():
            target = folder / f"{path.stem}.{uuid.uuid4().hex[:8]}{path.suffix}"
        os.rename(path, target)
        if problem:
            _write(target.with_name(target.name + ".reason.txt"), (problem + "\n").encode())


class _Malformed(ValueError):
    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def _verdict(entry: Any, source: str) -> InboundVerdict:
    """Read one entry; one without an id is known by what it says, so that saying it again changes nothing."""
    if not isinstance(entry, dict):
        raise _Malformed("{}")
    texts: dict[str, str] = {}
    for field, most, needed in (
        ("production", 20, True), ("verdict", 10, True), ("reason", 300, False), ("evidence", 300, False),
        ("id", 120, False),
    ):  # fmt: skip
        value = entry.get(field, "")
        value = str(value) if type(value) is int else "" if value is None else value
        if not isinstance(value, str) or len(value.strip()) > most or (needed and not value.strip()):
            raise _Malformed(field)
        texts[field] = value.strip()
    if texts["verdict"] not in {"accepted", "refused"}:
        raise _Malformed("verdict")
    if texts["verdict"] == "refused" and not texts["reason"]:
        raise _Malformed("reason")
    episode = entry.get("episode")
    if episode is not None and (type(episode) is not int or not 1 <= episode <= 10_000):
        raise _Malformed("episode")
    try:
        at = dt.datetime.fromisoformat(entry["at"])
        if at.tzinfo is None:
            raise ValueError
    except (KeyError, TypeError, ValueError):
        raise _Malformed("at") from None
    digest = hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()
    return InboundVerdict(
        production=texts["production"], episode=episode, code=texts["verdict"], reason=texts["reason"],
        evidence=texts["evidence"], external_id=texts["id"] or digest, at=at, source=source,
    )  # fmt: skip


def _write(path: Path, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
