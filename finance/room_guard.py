"""The database's refusal to change what lies in the investor room: versions of documents and who opened them.

Who added or opened is left out: an account that goes leaves an empty place there.
"""

from __future__ import annotations

from studio.guards import Guard

_KEPT = "a document in the room is kept as it was handed in: add a version"
_WRITTEN = "an opening is written once"

RULES = (
    Guard(
        "finance_roomdocumentversion", _KEPT,
        columns=("document_id", "number", "file", "file_name", "size", "sha256", "added_at"),
    ),
    Guard("finance_roomdocumentopening", _WRITTEN, columns=("version_id", "user_name", "opened_at")),
)  # fmt: skip
