"""Page counts as whole parts of a page: eighths (US) or tenths (Chinese).

Source: a US page is counted in eighths, rounded up, least 1/8; a Chinese page in tenths, four lines = 0.1.
Lines per page differ by layout, so the caller states them.
"""

from __future__ import annotations

UNITS = {"eighths": 8, "tenths": 10}
LINES_PER_PAGE = {"eighths": 54, "tenths": 40}


def pages_from_lines(lines: int, unit: str, lines_per_page: int | None = None) -> int:
    """Count parts of a page for a number of text lines: rounded up, at least one part for any scene.

    `unit` is a key of UNITS. Raises ValueError for another one, and for lines or pages that cannot be.
    """
    _known(unit)
    if lines < 0:
        raise ValueError("lines cannot be negative")
    per_page = LINES_PER_PAGE[unit] if lines_per_page is None else lines_per_page
    if per_page <= 0:
        raise ValueError("a page holds at least one line")
    return max(1, -(-lines * UNITS[unit] // per_page))


def format_pages(parts: int, unit: str) -> str:
    """`1 5/8` for 13 eighths, `1.3` for 13 tenths."""
    _known(unit)
    if parts < 0:
        raise ValueError("page counts cannot be negative")
    whole, rest = divmod(parts, UNITS[unit])
    if unit == "tenths":
        return f"{whole}.{rest}"
    if rest == 0:
        return str(whole)
    return f"{whole} {rest}/8" if whole else f"{rest}/8"


def _known(unit: str) -> None:
    if unit not in UNITS:
        raise ValueError(f"pages are counted in eighths or tenths, not in {unit!r}")
