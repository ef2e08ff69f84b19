"""What people do to scripts, scenes, breakdowns, reviews and rights."""

from scripts_app.actions.breakdown import add_element, approve_breakdown, remove_element, tag_element, untag_element
from scripts_app.actions.catalogue import add_word, forget_word, rename_thing, switch_word
from scripts_app.actions.greenlight import give_greenlight
from scripts_app.actions.links import LINK_JOB, add_link_rule, delete_link_rule, switch_link_rule
from scripts_app.actions.marking import accept_suggestions, allow_again, mark_words, refuse_suggestion
from scripts_app.actions.notes import add_note, answer_note, reopen_note, settle_note
from scripts_app.actions.reading import (
    clear_readings,
    decide,
    decide_all,
    discard_reading,
    import_reading,
    open_reading,
    redo,
    start_import,
    undo,
)
from scripts_app.actions.review import (
    close_round,
    give_points,
    judge_episode,
    open_round,
    review_revision,
    withdraw_round,
)
from scripts_app.actions.revisions import MAX_MINUTES, edit_scene, lock_revision
from scripts_app.actions.rights import plan_script, record_rights
from scripts_app.actions.sharing import make_link, open_link, revoke_link
from scripts_app.actions.steps import last_step, undo_step
from scripts_app.actions.writing import MOST_WRITERS, hand_in_draft, move_writer, name_writer, remove_writer
from scripts_app.importing import import_script, receive_script

__all__ = [
    "LINK_JOB", "MAX_MINUTES", "MOST_WRITERS", "accept_suggestions", "add_element", "add_link_rule", "add_note",
    "add_word", "allow_again", "answer_note", "approve_breakdown", "clear_readings", "close_round", "decide",
    "decide_all", "delete_link_rule", "discard_reading", "edit_scene", "forget_word", "give_greenlight", "give_points",
    "hand_in_draft", "import_reading", "import_script", "judge_episode", "last_step", "lock_revision", "make_link",
    "mark_words", "move_writer", "name_writer", "open_link", "open_reading", "open_round", "plan_script",
    "receive_script", "record_rights", "redo", "refuse_suggestion", "remove_element", "remove_writer", "rename_thing",
    "reopen_note", "review_revision", "revoke_link", "settle_note", "start_import", "switch_link_rule", "switch_word",
    "tag_element", "undo", "undo_step", "untag_element", "withdraw_round",
]  # fmt: skip
