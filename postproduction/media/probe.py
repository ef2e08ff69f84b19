"""Probing a media file without trusting it: a child process with limits reads it, the parent waits a stated time."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from .facts import MediaFacts

# Sentences by code. A decoder that crashes or eats memory takes the child with it, never the worker.
SENTENCES = {
    "media_missing": "There is no file {name}.",
    "media_not_a_file": "{name} is not a file.",
    "media_unreadable": "{name} may not be read.",
    "media_empty": "{name} is empty.",
    "media_unknown_format": "{name} is not a video or sound file that can be read.",
    "media_no_picture_or_sound": "{name} holds neither picture nor sound.",
    "media_unknown_codec": "{name} is coded in a way that cannot be read.",
    "media_damaged": "{name} is damaged: it stops being readable after {seconds} seconds.",
    "media_too_long": "{name} could not be examined within {seconds} seconds.",
    "media_too_heavy": "{name} needs more memory than a probe may use.",
    "media_probe_failed": "{name} stopped the probe; the file is probably damaged.",
}
MEMORY_BYTES = 2 * 1024**3
PROJECT = Path(__file__).resolve().parents[2]


class MediaError(ValueError):
    """A file that cannot be probed or made: stable `code`, `params` for the sentence, English `message`."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(SENTENCES[code].format_map(params))
        self.code = code
        self.params: Mapping[str, str | int] = params

    @property
    def message(self) -> str:
        return str(self)


def probe(path: str | os.PathLike[str], timeout: float = 30) -> MediaFacts:
    """Examine every frame of a file. Raises MediaError; returns or raises within `timeout` seconds or little more."""
    source = Path(path)
    name = source.name
    if not source.exists():
        raise MediaError("media_missing", name=name)
    if not source.is_file():
        raise MediaError("media_not_a_file", name=name)
    if not os.access(source, os.R_OK):
        raise MediaError("media_unreadable", name=name)
    if source.stat().st_size == 0:
        raise MediaError("media_empty", name=name)
    command = [sys.executable, "-m", "postproduction.media.probe_child", str(source.resolve())]
    # Decoding runs in several threads, whose seconds add up.
    limits = [str(math.ceil(timeout * (os.cpu_count() or 1)) + 1), str(MEMORY_BYTES)]
    try:
        # The child gets no environment of ours beyond what Python needs: it has no business with our settings.
        done = subprocess.run(
            [*command, *limits],
            cwd=PROJECT,
            env={key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV") if key in os.environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise MediaError("media_too_long", name=name, seconds=f"{timeout:g}") from None
    return _read(done, name, timeout)


def _read(done: subprocess.CompletedProcess[bytes], name: str, timeout: float) -> MediaFacts:
    try:
        answer = json.loads(done.stdout)
        if "facts" in answer:
            return MediaFacts.from_json(answer["facts"])
        fault, params = answer["fault"], answer["params"]
    except (ValueError, KeyError, TypeError):
        # SIGXCPU is the processor limit; any other death without an answer is the decoder's.
        code = "media_too_long" if done.returncode == -signal.SIGXCPU else "media_probe_failed"
        raise MediaError(code, name=name, seconds=f"{timeout:g}") from None
    raise MediaError(fault, name=name, **params)
