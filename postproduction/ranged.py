"""Files in parts: what a video player asks for when it jumps (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_CHUNK = 256 * 1024
# Anything else is sent as plain bytes, which a browser saves instead of running.
TYPES = {
    "mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/quicktime", "webm": "video/webm", "mkv": "video/x-matroska",
    "ts": "video/mp2t", "mpg": "video/mpeg", "mpeg": "video/mpeg", "avi": "video/x-msvideo",
}  # fmt: skip


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range, None for the whole. Raises ValueError when it lies outside.

    Several ranges at once, and what is no range, may be answered with the whole.
    """
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found[1] == found[2] == "":
        return None
    if not found[1]:
        last = int(found[2])
        if last == 0 or size == 0:
            raise ValueError(header)
        return max(0, size - last), size - 1
    first = int(found[1])
    final = min(int(found[2]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2]) < first:
        return None
    if first >= size:
        raise ValueError(header)
    return first, final


def _parts(file: Any, first: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while length > 0 and (chunk := file.read(min(_CHUNK, length))):
            length -= len(chunk)
            yield chunk


def serve(request: HttpRequest, field_file: Any, *, name: str, etag: str, download: bool = False) -> HttpResponseBase:
    """A stored file, whole or the part asked for; the caller has checked access."""
    tag = f'"{etag}"'
    size = field_file.size
    header = request.headers.get("Range", "")
    if request.headers.get("If-Range", tag) != tag:
        header = ""
    try:
        part = asked_range(header, size) if header else None
    except ValueError:
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    if not header and tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
        response["ETag"] = tag
        return response
    first, last = part if part is not None else (0, size - 1)
    length = last - first + 1
    if request.method == "HEAD":
        response = HttpResponse(status=206 if part else 200)
    else:
        response = StreamingHttpResponse(_parts(field_file.open("rb"), first, length), status=206 if part else 200)
    kind = TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    response["Content-Type"] = kind
    response["Content-Length"] = str(length)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    shown = "attachment" if download or kind == "application/octet-stream" else "inline"
    response["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(name)}"
    if part:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response
