"""Questions about boards, places, people and days."""

from .boards import (
    BoardView,
    DayView,
    StripView,
    board_in_front,
    board_view,
    boards_of,
    compare,
    cost_groups,
    warnings_of,
)
from .clashes import Clash, clashes
from .days import DayOutOfDays, DoodRow, day_out_of_days, dood_codes, owed_scenes, shoot_days_of
from .people import engagements_of, people, roles_of
from .places import Gantt, Need, bases, gantt, places_to_book, sets_of

__all__ = [
    "BoardView", "Clash", "DayOutOfDays", "DayView", "DoodRow", "Gantt", "Need", "StripView", "bases",
    "board_in_front", "board_view", "boards_of", "clashes", "compare", "cost_groups", "day_out_of_days", "dood_codes",
    "engagements_of", "gantt", "owed_scenes", "people", "places_to_book", "roles_of", "sets_of", "shoot_days_of",
    "warnings_of",
]  # fmt: skip
