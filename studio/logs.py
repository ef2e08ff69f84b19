"""What goes to the console."""

from __future__ import annotations

import logging


class PlainRefusals(logging.Filter):
    """A page that is refused or not there is a line; where it was raised in the code is nobody's news."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
            record.exc_text = None
        return True
