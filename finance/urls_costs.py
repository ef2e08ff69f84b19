"""Addresses of what a studio spends."""

from django.urls import URLPattern, path

from finance import views_tariffs

urlpatterns: list[URLPattern] = [
    path("tariffs/", views_tariffs.tariffs, name="tariffs"),
    path("tariffs/new/", views_tariffs.new_tariff, name="new_tariff"),
    path("tariffs/<int:pk>/", views_tariffs.tariff, name="tariff"),
]
