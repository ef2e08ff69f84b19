"""Addresses of the tax pages."""

from django.urls import URLPattern, path

from finance import views_taxes

urlpatterns: list[URLPattern] = [
    path("money/taxes/", views_taxes.tax_tables, name="tax_tables"),
    path("money/taxes/<int:pk>/remove/", views_taxes.remove_tax_table, name="remove_tax_table"),
]
