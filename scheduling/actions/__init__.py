"""What changes in the scheduling room."""

from .boards import (
    Changed,
    add_board_day,
    change_board_day,
    change_settings,
    draft_board,
    duplicate_board,
    move_strips,
    pin_strips,
    redo,
    refresh_drafts,
    remove_board_day,
    rename_board,
    undo,
)
from .locking import lock_board, note_scenes_owed
from .people import add_person, cast_role, mark_available, mark_unavailable, uncast_role
from .places import add_film_base, add_location, book_location, cancel_booking, place_set, sync_sets
from .solving import request_solve, stop_solve, store_answer

__all__ = [
    "Changed", "add_board_day", "add_film_base", "add_location", "add_person", "book_location", "cancel_booking",
    "cast_role", "change_board_day", "change_settings", "draft_board", "duplicate_board", "lock_board",
    "mark_available", "mark_unavailable", "move_strips", "note_scenes_owed", "pin_strips", "place_set", "redo", "refresh_drafts",
    "remove_board_day", "rename_board", "request_solve", "stop_solve", "store_answer", "sync_sets", "uncast_role",
    "undo",
]  # fmt: skip
