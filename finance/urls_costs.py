"""Addresses of what a studio spends."""

from django.urls import URLPattern, path

from finance import views_purchases, views_tariffs

urlpatterns: list[URLPattern] = [
    path("tariffs/", views_tariffs.tariffs, name="tariffs"),
    path("tariffs/new/", views_tariffs.new_tariff, name="new_tariff"),
    path("tariffs/<int:pk>/", views_tariffs.tariff, name="tariff"),
    path("bills/", views_purchases.bills, name="bills"),
    path("bookings/<int:pk>/pay/", views_purchases.pay_booking, name="pay_booking"),
    path("productions/<int:pk>/purchases/", views_purchases.purchases, name="purchases"),
    path("productions/<int:pk>/purchases/new/", views_purchases.new_purchase, name="new_purchase"),
    path("purchases/<int:pk>/", views_purchases.purchase, name="purchase"),
    path("purchases/<int:pk>/approve/", views_purchases.approve_purchase, name="approve_purchase"),
    path("purchases/<int:pk>/refuse/", views_purchases.refuse_purchase, name="refuse_purchase"),
    path("purchases/<int:pk>/receive/", views_purchases.receive_purchase, name="receive_purchase"),
    path("purchases/<int:pk>/invoice/", views_purchases.invoice_purchase, name="invoice_purchase"),
    path("purchases/<int:pk>/cancel/", views_purchases.cancel_purchase, name="cancel_purchase"),
    path("supplier-invoices/<int:pk>/pay/", views_purchases.pay_invoice, name="pay_invoice"),
]
