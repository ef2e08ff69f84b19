"""Papers that people hand in: checked by what is in them, named by us, served to who may see the row."""

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

MOST_BYTES = 20 * 1024 * 1024
# What a scan, a photo or a signed paper comes as; the first bytes decide, not the name.
_BEGINS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", ".pdf", "application/pdf"),
    (b"\xff\xd8\xff", ".jpg", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", ".png", "image/png"),
)


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
    if file.size > MOST_BYTES:
        raise Refused(
            "too_large", _("The file is larger than %(limit)s MB."), field=field,
            params={"limit": MOST_BYTES // 1024 // 1024},
        )  # fmt: skip
    data = file.read()
    suffix = next((suffix for begin, suffix, _type in _BEGINS if data.startswith(begin)), None)
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
