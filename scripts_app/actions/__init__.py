"""What people do to scripts, scenes and breakdowns."""

from scripts_app.actions.breakdown import add_element, approve_breakdown, remove_element, tag_element, untag_element
from scripts_app.actions.review import review_revision
from scripts_app.actions.revisions import MAX_MINUTES, edit_scene, lock_revision
from scripts_app.actions.writing import MOST_WRITERS, hand_in_draft, move_writer, name_writer, remove_writer
from scripts_app.importing import import_script, receive_script

__all__ = [
    "MAX_MINUTES", "MOST_WRITERS", "add_element", "approve_breakdown", "edit_scene", "hand_in_draft", "import_script",
    "lock_revision", "move_writer", "name_writer", "receive_script", "remove_element", "remove_writer", "review_revision",
    "tag_element", "untag_element",
]  # fmt: skip
