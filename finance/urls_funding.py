"""Addresses of what networks and funds advance."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_noop

from finance import views_funding
from studio.context import add_navigation

urlpatterns: list[URLPattern] = [
    path("fundings/", views_funding.fundings, name="fundings"),
    path("fundings/new/", views_funding.new_funding, name="new_funding"),
    path("fundings/copyright/", views_funding.copyrights, name="copyrights"),
    path("fundings/<int:pk>/", views_funding.funding, name="funding"),
    path("fundings/<int:pk>/terms/", views_funding.change_funding, name="change_funding"),
    path("fundings/<int:pk>/draw/", views_funding.draw_on_funding, name="draw_on_funding"),
    path("fundings/<int:pk>/draws/<int:draw_pk>/take-back/", views_funding.take_back_draw, name="take_back_draw"),
]
add_navigation("fundings", gettext_noop("Funding"), "landmark", "funding.view")
