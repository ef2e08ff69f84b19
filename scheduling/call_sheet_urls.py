"""Addresses of call sheets, "my days" and the calendar feed."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
