"""Addresses of statement files and of what is kept beside statements."""

from django.urls import URLPattern, path

from finance import views_batches, views_periods

urlpatterns: list[URLPattern] = [
    path("statement-files/", views_batches.batches, name="batches"),
    path("statement-files/new/", views_batches.new_batch, name="new_batch"),
    path("statement-files/<int:pk>/", views_batches.batch, name="batch"),
    path("statement-files/<int:pk>/columns/", views_batches.batch_columns, name="batch_columns"),
    path("statement-files/<int:pk>/titles/", views_batches.assign_batch, name="assign_batch"),
    path("statement-files/<int:pk>/file/", views_batches.batch_file, name="batch_file"),
    path("statement-file-titles/<int:pk>/leave-out/", views_batches.leave_out_part, name="leave_out_part"),
    path("money/months/", views_periods.months_page, name="months"),
    path("money/months/close/", views_periods.close_month, name="close_month"),
    path("money/months/<int:pk>/reopen/", views_periods.reopen_month, name="reopen_month"),
    path("money/rates/", views_periods.exchange_rates, name="exchange_rates"),
]
