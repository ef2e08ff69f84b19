"""What was handed in, as one upload: a file, or a file per episode put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.functional import lazy
from django.utils.translation import gettext

from scripts_app.parsers.faults import fault
from scripts_app.parsers.joining import NotJoined, join_files, natural
from scripts_app.wording import fault_sentence, refusal
from studio.refusals import Refused

MOST_FILES = 200


def gather(files: Sequence[Any]) -> Any:
    """The one file as it is, or many as one text that is named after the first. Refuses, naming the file, what is wrong.

    Sizes are asked before anything is read.
    """
    if len(files) == 1:
        return files[0]
    limit = settings.SCRIPT_UPLOAD_LIMIT
    size = sum(file.size for file in files)
    if len(files) > MOST_FILES or size > limit:
        mega = 1024 * 1024
        raise refusal(
            [
                fault(
                    "set_too_large", count=len(files), most=MOST_FILES, size_mb=-(-size // mega), limit_mb=limit // mega
                )
            ]
        )
    try:
        text = join_files([(str(file.name), file.read()) for file in files])
    except NotJoined as problem:
        raise Refused(
            problem.fault.code, _about(problem.name, problem.fault.code, dict(problem.fault.params)), field="file"
        ) from None
    first = min((str(file.name) for file in files), key=natural)
    return ContentFile(text.encode(), name=f"{first.rpartition('.')[0][-150:] or 'script'} +{len(files) - 1}.txt")


def _sentence(name: str, code: str, params: dict[str, Any]) -> str:
    return gettext("“%(name)s”: %(why)s") % {"name": name[-80:], "why": fault_sentence(code, params)}


_about = lazy(_sentence, str)
