"""Addresses of the first pages."""

from django.urls import path
from django.utils.translation import gettext_noop as N_

from dashboard import search_views, views, writing
from studio.context import NAVIGATION, add_navigation, add_production_tab

urlpatterns = [
    path("", views.home, name="home"),
    path("my/scripts/", writing.my_scripts, name="my_scripts"),
    path("search/", search_views.search_page, name="search"),
    path("productions/", views.slate, name="slate"),
    path("productions/new/", views.new_production, name="new_production"),
    path("productions/<int:pk>/", views.overview, name="production"),
]
add_production_tab(0, "production", N_("Overview"), "production.view")
add_navigation("my_scripts", N_("My scripts"), "pencil", "writing.work")
# The first pages stand before the rooms, which come in the order of the film.
for entry in [
    ("slate", N_("Productions"), "clapperboard", "production.view"),
    ("home", N_("Home"), "house", "own.view"),
]:
    if entry not in NAVIGATION:
        NAVIGATION.insert(0, entry)
