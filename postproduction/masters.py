"""Masters: handing in, measuring, approving. Files are read and stored outside of transactions."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from postproduction.choices import MasterState
from postproduction.events import MasterApproved, MasterHandedIn
from postproduction.models import Master
from studio.facts import publish
from studio.jobs import enqueue
from studio.models import Episode, Production, User
from studio.refusals import Refused

DEFAULT_LIMIT = 4 * 1024**3
_CHUNK = 1 << 20
Source = bytes | str | os.PathLike[str] | BinaryIO | File  # type: ignore[type-arg]


def upload_limit() -> int:
    """Most bytes of one master: the setting MASTER_UPLOAD_LIMIT, else 4 GiB."""
    return int(getattr(settings, "MASTER_UPLOAD_LIMIT", DEFAULT_LIMIT))


@contextlib.contextmanager
def _opened(source: Source) -> Iterator[File]:  # type: ignore[type-arg]
    """The source as a file that can be read twice."""
    if isinstance(source, bytes):
        yield ContentFile(source)
    elif isinstance(source, (str, os.PathLike)):
        try:
            with open(source, "rb") as stream:
                yield File(stream, name=Path(source).name)
        except OSError as error:
            raise Refused(
                "file_unreadable", _("The file cannot be read: %(why)s."), field="file",
                params={"why": error.strerror or type(error).__name__},
            ) from None  # fmt: skip
    elif isinstance(source, File):
        yield source
    elif source.seekable():
        yield File(source)
    else:
        with tempfile.TemporaryFile() as spool:
            while chunk := source.read(_CHUNK):
                spool.write(chunk)
                if spool.tell() > upload_limit():
                    break
            spool.seek(0)
            yield File(spool)


def _digest(file: File) -> tuple[str, int]:  # type: ignore[type-arg]
    """SHA-256 and size; stops reading past the limit."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if size > upload_limit():
            break
    file.seek(0)
    return digest.hexdigest(), size


def hand_in_master(
    *, episode: Episode, file: Source, file_name: str, by: User | None, at: dt.datetime | None = None
) -> Master:
    """Store a file as the episode's next master and have it measured. The same file again is the same master.

    `file` is bytes, a path or a binary stream. Refuses a file without name, an empty and a too large one; whether
    it is a video is found out by the measuring, which refuses the master with a sentence.
    """
    name = Path(file_name.replace("\\", "/")).name.strip()[-200:]
    if not name or name in {".", ".."}:
        raise Refused("file_name_missing", _("The file needs a name."), field="file")
    with _opened(file) as opened:
        sha256, size = _digest(opened)
        if size == 0:
            raise Refused("file_empty", _("The file is empty."), field="file")
        if size > upload_limit():
            raise Refused(
                "file_too_large", _("The file is larger than %(limit)s MB."), field="file",
                params={"limit": upload_limit() // 1024**2},
            )  # fmt: skip
        known = Master.objects.filter(episode=episode, sha256=sha256).first()
        if known is not None:
            return known
        production = Production.objects.get(pk=episode.production_id)
        suffix = Path(name).suffix.lower()[:12]
        storage = Master._meta.get_field("file").storage
        wanted = f"masters/{production.studio_id}/{production.pk}/{episode.number:03d}-{sha256[:16]}{suffix}"
        stored = storage.save(storage.generate_filename(wanted), opened)
    try:
        with transaction.atomic():
            Episode.objects.select_for_update().get(pk=episode.pk)
            last = Master.objects.filter(episode=episode).aggregate(n=Max("version"))["n"] or 0
            master = Master.objects.create(
                episode=episode, version=last + 1, file=stored, file_name=name, sha256=sha256,
            )  # fmt: skip
            publish(
                MasterHandedIn(
                    studio_id=production.studio_id, production_id=production.pk, master_id=master.pk,
                    episode_id=episode.pk, version=master.version, sha256=sha256,
                ),
                by=by, at=at,
            )  # fmt: skip
            enqueue(
                "postproduction.measure_master", {"master": master.pk}, studio_id=production.studio_id,
                production_id=production.pk, dedupe=f"measure_master:{master.pk}", by=by,
            )  # fmt: skip
    except IntegrityError:
        # The same file came in twice at the same moment; the other one's row stands.
        storage.delete(stored)
        return Master.objects.get(episode=episode, sha256=sha256)
    except BaseException:
        storage.delete(stored)
        raise
    return master


@contextlib.contextmanager
def local_copy(master: Master) -> Iterator[Path]:
    """The master's file as a path on this machine; fetched for the time being where the storage is remote."""
    try:
        path = master.file.path
    except NotImplementedError:
        with tempfile.NamedTemporaryFile(suffix=Path(master.file_name).suffix) as spool:
            with master.file.open("rb") as stored:
                for chunk in stored.chunks():
                    spool.write(chunk)
            spool.flush()
            yield Path(spool.name)
    else:
        yield Path(path)


@transaction.atomic
def approve_master(*, master: Master, by: User | None, at: dt.datetime | None = None) -> Master:
    """Approve a measured master; it is what the platforms get. Earlier approved ones stay as history.

    Refuses one that is still being checked, or was refused. Approved already: nothing changes.
    """
    now = at or timezone.now()
    approved = Master.objects.filter(pk=master.pk, state=MasterState.READY).update(
        state=MasterState.APPROVED, approved_at=now, approved_by=by, updated_at=timezone.now()
    )
    current = Master.objects.select_related("episode__production").get(pk=master.pk)
    if not approved:
        if current.state == MasterState.APPROVED:
            return current
        params: dict[str, Any] = {"state": current.get_state_display()}
        raise Refused("master_not_ready", _("This master cannot be approved: %(state)s."), params=params)
    production = current.episode.production
    publish(
        MasterApproved(
            studio_id=production.studio_id, production_id=production.pk, master_id=current.pk,
            episode_id=current.episode_id, episode_number=current.episode.number, version=current.version,
        ),
        by=by, at=at,
    )  # fmt: skip
    return current
