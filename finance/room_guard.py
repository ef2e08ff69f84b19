"""The database's refusal to change what is written once here: documents of the investor room, openings, fundings.

Who added or opened is left out: an account that goes leaves an empty place there.
"""

from __future__ import annotations

from studio.guards import Guard

_KEPT = "a document in the room is kept as it was handed in: add a version"
_WRITTEN = "an opening is written once"
_DATED = "terms of a funding are kept: a change is a further version"
_DRAWN = "a draw is written once: take it back by another one"

RULES = (
    Guard(
        "finance_roomdocumentversion", _KEPT,
        columns=("document_id", "number", "file", "file_name", "size", "sha256", "added_at"),
    ),
    Guard("finance_roomdocumentopening", _WRITTEN, columns=("version_id", "user_name", "opened_at")),
    Guard(
        "finance_fundingterms", _DATED,
        columns=(
            "funding_id", "version", "from_date", "advance_minor", "recoup_order", "premium_bp", "interest_bp",
            "copyright_owner", "copyright_bp", "note", "recorded_at",
        ),
    ),
    Guard(
        "finance_fundingdraw", _DRAWN,
        columns=("funding_id", "on_date", "amount_minor", "reference", "reverses_id", "recorded_at"),
    ),
)  # fmt: skip
