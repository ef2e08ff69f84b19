"""Photos of receipts as phones take them: checked, turned upright, made smaller, and freed of what they say of the phone."""

from __future__ import annotations

import dataclasses
import hashlib
import io

from django.utils.translation import gettext_lazy as _

from studio.refusals import Refused
from studio.uploads import check_size

# A phone takes 50 million pixels; beyond twice that a file is made to fill the memory.
MOST_PIXELS = 100_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST, THUMB = 2000, 320


@dataclasses.dataclass(frozen=True)
class Photo:
    """JPEGs of the photo and its thumbnail; the digest of the file as it came, and what the picture looks like."""

    full: bytes
    thumb: bytes
    sha256: str
    likeness: str


def read_photo(data: bytes) -> Photo:
    """Refuses what is no photo, too large, or cannot be read to its end."""
    from PIL import Image, ImageOps

    if not data:
        raise Refused("photo_empty", _("The photo is empty. Take it again."), field="photo")
    check_size(len(data), field="photo")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused("photo_too_large", _("The photo has too many pixels."), field="photo")
            # A large JPEG is read at half or a quarter of its size.
            opened.draft("RGB", (LONGEST, LONGEST))
            upright = ImageOps.exif_transpose(opened)
            picture = upright.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused(
            "not_a_photo", _("This is not a photo that can be read. Take it as JPEG, PNG or WebP."), field="photo"
        ) from None
    picture.thumbnail((LONGEST, LONGEST))
    small = picture.copy()
    small.thumbnail((THUMB, THUMB))
    return Photo(_jpeg(picture, 82), _jpeg(small, 75), hashlib.sha256(data).hexdigest(), _likeness(picture))


def _jpeg(picture: object, quality: int) -> bytes:
    out = io.BytesIO()
    # Only pixels are handed over: no place, no time, no name of the phone.
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _likeness(picture: object) -> str:
    """64 bits, each whether a spot is lighter than its neighbour: much the same after a photo is sent on and made smaller."""
    grey = picture.convert("L").resize((9, 8))
    spots = grey.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (spots[row * 9 + column] > spots[row * 9 + column + 1])
    return f"{bits:016x}"


def alike(one: str, other: str, most: int = 4) -> bool:
    """Whether two likenesses differ in at most so many of their 64 bits; plain surfaces say nothing."""
    if not one or not other or one in _PLAIN or other in _PLAIN:
        return False
    return (int(one, 16) ^ int(other, 16)).bit_count() <= most


_PLAIN = frozenset({"0" * 16, "f" * 16})
