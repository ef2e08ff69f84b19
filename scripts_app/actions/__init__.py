"""What people do to scripts, scenes and breakdowns."""

from scripts_app.actions.breakdown import add_element, approve_breakdown, remove_element, tag_element, untag_element
from scripts_app.actions.review import review_revision
from scripts_app.actions.revisions import MAX_MINUTES, edit_scene, lock_revision, name_writer
from scripts_app.importing import import_script, receive_script

__all__ = [
    "MAX_MINUTES", "add_element", "approve_breakdown", "edit_scene", "import_script", "lock_revision", "name_writer",
    "receive_script", "remove_element", "review_revision", "tag_element", "untag_element",
]  # fmt: skip
