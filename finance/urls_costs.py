"""Addresses of what a studio spends."""

from django.urls import URLPattern, path

from finance import views_petty, views_promotion, views_purchases, views_tariffs

urlpatterns: list[URLPattern] = [
    path("tariffs/", views_tariffs.tariffs, name="tariffs"),
    path("tariffs/new/", views_tariffs.new_tariff, name="new_tariff"),
    path("tariffs/<int:pk>/", views_tariffs.tariff, name="tariff"),
    path("my/receipts/", views_petty.my_receipts, name="my_receipts"),
    path("my/receipts/<int:pk>/", views_petty.my_receipt, name="my_receipt"),
    path("my/receipts/<int:pk>/photo/", views_petty.my_receipt_photo, name="my_receipt_photo"),
    path("productions/<int:pk>/petty-cash/", views_petty.petty_cash, name="petty_cash"),
    path("productions/<int:pk>/petty-cash/give/", views_petty.give_float, name="give_float"),
    path("petty-slips/<int:pk>/photo/", views_petty.slip_photo, name="slip_photo"),
    path("petty-slips/<int:pk>/approve/", views_petty.approve_slip, name="approve_slip"),
    path("petty-slips/<int:pk>/send-back/", views_petty.send_back_slip, name="send_back_slip"),
    path("productions/<int:pk>/promotion/", views_promotion.promotion, name="promotion"),
    path("productions/<int:pk>/promotion/enter/", views_promotion.enter_spend, name="enter_spend"),
    path("productions/<int:pk>/promotion/import/", views_promotion.import_spend, name="import_spend"),
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
    path("supplier-invoices/<int:pk>/take-back/", views_purchases.take_back_payment, name="take_back_supplier_payment"),
]
