"""Addresses of call sheets, "my days" and the calendar feed."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_noop

from scheduling import call_sheet_crew as crew
from scheduling import call_sheet_views as views
from scheduling import sides_views
from studio.context import add_navigation

add_navigation("my_days", gettext_noop("My days"), "calendar-days", "own.view")

urlpatterns: list[URLPattern] = [
    path("shoot-days/<int:pk>/call-sheet/", views.draft_page, name="call_sheet_draft"),
    path("call-sheets/<int:pk>/", views.sheet_page, name="call_sheet"),
    path("call-sheets/<int:pk>/pdf/", views.sheet_pdf, name="call_sheet_pdf"),
    path("calls/<int:pk>/resend/", views.resend, name="resend_call"),
    path("calls/<int:pk>/confirm/", views.confirm_for, name="confirm_call"),
    path("my/days/", crew.my_days, name="my_days"),
    path("my/days/feed/", crew.make_feed, name="make_call_feed"),
    path("my/days/<int:pk>/", crew.my_day, name="my_day"),
    path("my/days/<int:pk>/pdf/", crew.my_day_pdf, name="my_day_pdf"),
    path("my/days/<int:pk>/sides/", sides_views.my_day_sides, name="my_day_sides"),
    path("call-sheets/<int:pk>/sides/", sides_views.sheet_sides, name="call_sheet_sides"),
    path("calls/<int:pk>/sides/", sides_views.call_sides, name="call_sides"),
    path("productions/<int:pk>/people/<int:engagement_pk>/sides/", sides_views.performer_sides, name="performer_sides"),
    path("feeds/<str:secret>.ics", crew.feed, name="call_feed"),
]
