"""Addresses of this room's pages."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_noop

from delivery import views
from studio.context import add_navigation, add_production_tab

add_navigation("delivery_desk", gettext_noop("Delivery"), "package-check", "delivery.view")
add_production_tab(70, "production_delivery", gettext_noop("Delivery"), "delivery.view")

urlpatterns: list[URLPattern] = [
    path("delivery/", views.desk, name="delivery_desk"),
    path("delivery/export/", views.export_desk, name="delivery_export"),
    path("delivery/collect/", views.collect, name="delivery_collect"),
    path("delivery/packages/<int:pk>/", views.package_page, name="package"),
    path("delivery/packages/<int:pk>/edit/", views.edit_package, name="package_edit"),
    path("delivery/packages/<int:pk>/inspect/", views.inspect_package, name="package_inspect"),
    path("delivery/packages/<int:pk>/send/", views.send_package, name="package_send"),
    path("delivery/packages/<int:pk>/replace/", views.replace_masters, name="package_replace"),
    path("delivery/packages/<int:pk>/verdict/", views.verdict, name="package_verdict"),
    path("delivery/packages/<int:pk>/live/", views.go_live, name="package_live"),
    path("delivery/packages/<int:pk>/takedown/", views.take_down, name="package_takedown"),
    path("delivery/packages/<int:pk>/jobs/<int:job>/", views.package_job, name="package_job"),
    path("delivery/episodes/<int:pk>/", views.deliverable_page, name="deliverable"),
    path("productions/<int:pk>/delivery/", views.production_delivery, name="production_delivery"),
    path("productions/<int:pk>/delivery/open/", views.open_package, name="package_open"),
]
