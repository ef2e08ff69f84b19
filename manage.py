#!/usr/bin/env python
"""Run a management command of Kaiji."""

import os
import sys


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets a sentence, not a SyntaxError
        sys.exit(f"Kaiji needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A data folder or an address that cannot be used: the sentence says what to do, a traceback does not.
        sys.exit(f"Kaiji: {error}")


if __name__ == "__main__":
    main()
