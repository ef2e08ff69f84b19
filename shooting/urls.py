"""Addresses of this room's pages."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_noop

from shooting import views
from studio.context import add_production_tab

add_production_tab(50, "production_shoot", gettext_noop("Shoot"), "shoot.view")

urlpatterns: list[URLPattern] = [
    path("productions/<int:pk>/shoot/", views.shoot_page, name="production_shoot"),
    path("shoot-days/<int:pk>/", views.day_page, name="shoot_day"),
    path("shoot-days/<int:pk>/log/", views.log_page, name="log_shoot_day"),
    path("shoot-days/<int:pk>/log/totals/", views.log_totals, name="log_totals"),
    path("shoot-days/<int:pk>/approve/", views.approve, name="approve_report"),
    path("shoot-days/<int:pk>/reopen/", views.reopen, name="reopen_report"),
]
