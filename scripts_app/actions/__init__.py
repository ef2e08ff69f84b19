"""What people do to scripts, scenes and breakdowns."""

from scripts_app.actions.breakdown import add_element, approve_breakdown, remove_element, tag_element, untag_element
from scripts_app.actions.catalogue import add_word, forget_word, rename_thing, switch_word
from scripts_app.actions.links import LINK_JOB, add_link_rule, delete_link_rule, switch_link_rule
from scripts_app.actions.marking import accept_suggestions, allow_again, mark_words, refuse_suggestion
from scripts_app.actions.review import review_revision
from scripts_app.actions.revisions import MAX_MINUTES, edit_scene, lock_revision
from scripts_app.actions.steps import last_step, undo_step
from scripts_app.actions.writing import MOST_WRITERS, hand_in_draft, move_writer, name_writer, remove_writer
from scripts_app.importing import import_script, receive_script

__all__ = [
    "LINK_JOB", "MAX_MINUTES", "MOST_WRITERS", "accept_suggestions", "add_element", "add_link_rule", "add_word",
    "allow_again", "approve_breakdown", "delete_link_rule", "edit_scene", "forget_word", "hand_in_draft",
    "import_script", "last_step", "lock_revision", "mark_words", "move_writer", "name_writer", "receive_script",
    "refuse_suggestion", "remove_element", "remove_writer", "rename_thing", "review_revision", "switch_link_rule",
    "switch_word", "tag_element", "undo_step", "untag_element",
]  # fmt: skip
