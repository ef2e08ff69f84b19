"""What the database itself refuses of drafts.

What a draft says of a scene is written once; of a revision, what came in with its file may not change once it is
locked, and a lock is not taken back. Deleting stays possible, for a title goes with all it has.
"""

from __future__ import annotations

from studio.guards import Guard

TEXT_MESSAGE = "what a draft says of a scene is written once"
LOCK_MESSAGE = "a locked revision is not changed: import a new draft"
RULES = (
    Guard(
        "scripts_app_scenetext",
        TEXT_MESSAGE,
        verbs=("UPDATE",),
        columns=("scene_id", "revision_id", "number", "episode_number", "head", "elements", "digest"),
        former=("scripts_app_scenetext_kept",),
    ),
    Guard(
        "scripts_app_revision",
        LOCK_MESSAGE,
        verbs=("UPDATE",),
        columns=(
            "script_id", "number", "source_name", "source_file", "source_sha256", "layout", "characters_count",
            "faults", "marks", "episodes", "front", "locked_at",
        ),
        only="OLD.locked_at IS NOT NULL",
        former=("scripts_app_revision_kept",),
    ),
)  # fmt: skip
