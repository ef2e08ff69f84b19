"""Loops compiled by numba, kept from one run to the next."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


def writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def shelves() -> list[Path]:
    """Where compiled loops may be kept: beside the data, beside the code, among temporary files."""
    data = os.environ.get("KAIJI_DATA")
    among = [Path(data) / "compiled"] if data else []
    return [
        *among,
        Path(__file__).parent / "__pycache__",
        Path(tempfile.gettempdir()) / f"kaiji-compiled-{os.getuid()}",
    ]


def shelf(among: list[Path]) -> Path | None:
    """The first folder that can be written, or None: then loops are compiled for one run."""
    return next((folder for folder in among if writable(folder)), None)


def compiled(function: Function) -> Function:
    import numba

    settings: Any = numba.config
    if not settings.CACHE_DIR:
        settings.CACHE_DIR = str(shelf(shelves()) or "")
    made: Any = numba.njit(cache=bool(settings.CACHE_DIR), nogil=True)(function)
    return cast(Function, made)
