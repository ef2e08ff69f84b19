"""Files that people hand in: their size, what they begin with, papers named by us and served to who may see the row."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _

from studio.refusals import Refused

MEGA = 1024 * 1024
MOST_BYTES = 20 * MEGA
# What a file of this kind begins with; Word, Excel and OFD are zip archives.
BEGINS = {
    ".pdf": b"%PDF-", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n",
    ".docx": b"PK\x03\x04", ".xlsx": b"PK\x03\x04", ".ofd": b"PK\x03\x04",
}  # fmt: skip
# What a scan, a photo or a signed paper comes as; the first bytes decide, not the name.
PAPERS = (".pdf", ".jpg", ".png")


def check_size(size: int, *, most: int = MOST_BYTES, field: str = "file") -> None:
    """Refuse what is larger than a file of its kind may be."""
    if size > most:
        raise Refused(
            "too_large", _("The file is larger than %(limit)s MB."), field=field, params={"limit": most // MEGA}
        )


def read_upload(file: Any, *, most: int = MOST_BYTES, field: str = "file") -> bytes:
    """An uploaded file's bytes; one that is too large is refused before it is read into memory."""
    check_size(file.size or 0, most=most, field=field)
    return bytes(file.read())


def kind_of(data: bytes, kinds: tuple[str, ...]) -> str | None:
    """The first of these endings that the bytes begin like."""
    return next((kind for kind in kinds if data.startswith(BEGINS[kind])), None)


@dataclasses.dataclass(frozen=True)
class Paper:
    """A file as it came: its bytes, its kind by content, its hash, and the name it was given."""

    data: bytes
    suffix: str
    sha256: str
    name: str

    def content(self, stem: str) -> ContentFile:
        """The file to save; on disk it is called by its hash, for a given name may hold anything."""
        return ContentFile(self.data, name=f"{stem}-{self.sha256[:16]}{self.suffix}")


def read_paper(file: Any, *, field: str = "file") -> Paper:
    """An uploaded PDF, JPEG or PNG. Refuses what is none of them, is empty, or too large."""
    data = read_upload(file, field=field)
    suffix = kind_of(data, PAPERS)
    if suffix is None:
        raise Refused("not_a_paper", _("Hand in a PDF, or a photo as JPEG or PNG."), field=field)
    name = PurePath(str(file.name).replace("\\", "/")).name.replace("\x00", "")[:200] or f"paper{suffix}"
    return Paper(data, suffix, hashlib.sha256(data).hexdigest(), name)


def serve_paper(file: FieldFile, name: str) -> FileResponse:
    """The kept file as a download. 404 where there is none."""
    if not file:
        raise Http404
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(opened, as_attachment=True, filename=name, content_type="application/octet-stream")
