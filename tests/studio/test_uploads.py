"""Files handed in: refused by size before they are read, and by what they begin with."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from studio.refusals import Refused
from studio.uploads import BEGINS, MEGA, PAPERS, check_size, kind_of, read_paper, read_upload


class Unread(io.BytesIO):
    """A file of a size that nobody may read."""

    name = "big.pdf"

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def read(self, *args: object) -> bytes:
        raise AssertionError("it was read")


@pytest.mark.parametrize("most", [MEGA, 20 * MEGA])
def test_what_is_too_large_is_refused_unread(most: int) -> None:
    check_size(most, most=most)
    with pytest.raises(Refused) as refused:
        read_upload(Unread(most + 1), most=most, field="photo")
    found = refused.value
    assert (found.code, found.field, found.message) == (
        "too_large", "photo", f"The file is larger than {most // MEGA} MB.",
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        read_paper(Unread(20 * MEGA + 1))
    assert refused.value.code == "too_large"


def test_a_kind_is_told_by_its_first_bytes() -> None:
    assert [kind_of(begin + b"rest", (kind,)) for kind, begin in BEGINS.items()] == list(BEGINS)
    assert [kind_of(data, PAPERS) for data in (b"", b"MZ", b"PK\x03\x04", b"\x89PNG")] == [None] * 4
    paper = read_paper(SimpleUploadedFile("a/../发票.png", b"%PDF-1.4 x"))
    assert (paper.suffix, paper.name) == (".pdf", "发票.png")


def test_sizes_and_first_bytes_are_checked_in_one_place() -> None:
    """No room keeps a sentence about a file's size, or a table of first bytes, of its own."""
    root = Path(__file__).parents[2]
    own = re.compile(r'_\("[^"]*(larger than|has at most) \S+ MB|b"%PDF-|b"\\xff\\xd8')
    files = [path for room in ("finance", "compliance") for path in (root / room).rglob("*.py")]
    assert len(files) > 100
    assert [str(path.relative_to(root)) for path in files if own.search(path.read_text(encoding="utf-8"))] == []
