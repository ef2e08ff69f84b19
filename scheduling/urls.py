"""Addresses of this room's pages."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_noop

from scheduling import views_boards, views_papers, views_people, views_places
from studio.context import add_navigation, add_production_tab

_BOARD = "productions/<int:pk>/board/<int:board_pk>/"
_PLACES = "productions/<int:pk>/places/"
_PEOPLE = "productions/<int:pk>/people/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("productions/<int:pk>/board/", views_boards.board, name="board"),
    path("productions/<int:pk>/board/new/", views_boards.board_new, name="board_new"),
    path("productions/<int:pk>/boards/", views_boards.boards, name="boards"),
    path(_BOARD, views_boards.board, name="board_page"),
    path(f"{_BOARD}move/", views_boards.board_move, name="board_move"),
    path(f"{_BOARD}pin/", views_boards.board_pin, name="board_pin"),
    path(f"{_BOARD}undo/", views_boards.board_undo, name="board_undo"),
    path(f"{_BOARD}days/", views_boards.board_day_add, name="board_day_add"),
    path(f"{_BOARD}days/<int:day_pk>/", views_boards.board_day, name="board_day"),
    path(f"{_BOARD}duplicate/", views_boards.board_duplicate, name="board_duplicate"),
    path(f"{_BOARD}rename/", views_boards.board_rename, name="board_rename"),
    path(f"{_BOARD}settings/", views_boards.board_settings, name="board_settings"),
    path(f"{_BOARD}solve/", views_boards.board_solve, name="board_solve"),
    path(f"{_BOARD}solve/stop/", views_boards.board_stop, name="board_stop"),
    path(f"{_BOARD}solve/<int:job_pk>/", views_boards.board_solve_panel, name="board_solve_panel"),
    path(f"{_BOARD}lock/", views_boards.board_lock, name="board_lock"),
    path(f"{_BOARD}day-out-of-days/", views_papers.day_out_of_days, name="board_dood"),
    path(f"{_BOARD}one-liner/", views_papers.board_one_liner, name="board_one_liner"),
    path("places/", views_places.places, name="places"),
    path("places/bases/new/", views_places.base_new, name="base_new"),
    path("places/locations/new/", views_places.location_new, name="location_new"),
    path(_PLACES, views_places.production_places, name="production_places"),
    path(f"{_PLACES}sets/", views_places.sets_sync, name="sets_sync"),
    path(f"{_PLACES}sets/<int:set_pk>/", views_places.set_place, name="set_place"),
    path(f"{_PLACES}bookings/", views_places.booking_new, name="booking_new"),
    path(f"{_PLACES}bookings/<int:booking_pk>/cancel/", views_places.booking_cancel, name="booking_cancel"),
    path("people/", views_people.people, name="people"),
    path("people/new/", views_people.person_new, name="person_new"),
    path("people/<int:pk>/away/", views_people.person_away, name="person_away"),
    path("people/<int:pk>/away/<int:away_pk>/back/", views_people.person_back, name="person_back"),
    path(_PEOPLE, views_people.production_people, name="production_people"),
    path(f"{_PEOPLE}engage/", views_people.engage_person, name="engage_person"),
    path(f"{_PEOPLE}roles/<int:character_pk>/", views_people.role_cast, name="role_cast"),
    path("", include("scheduling.call_sheet_urls")),
]

add_navigation("places", gettext_noop("Places"), "map-pin", "board.view")
add_navigation("people", gettext_noop("People"), "users", "people.view")
add_production_tab(30, "production_people", gettext_noop("People"), "people.view")
add_production_tab(35, "production_places", gettext_noop("Places"), "board.view")
add_production_tab(40, "board", gettext_noop("Board"), "board.view")
