"""Addresses of payouts: to the bank and back."""

from django.urls import URLPattern, path

from finance import views_banking, views_papers, views_payee_links, views_settlements

urlpatterns: list[URLPattern] = [
    path("payouts/approve/", views_settlements.approve_payouts, name="approve_payouts"),
    path("payouts/payees/", views_banking.payee_list, name="payee_list"),
    path("payouts/payees/<int:pk>/", views_banking.payee_account, name="payee_account"),
    path("people/<int:pk>/account/", views_banking.person_account, name="person_account"),
    path("payouts/bank/", views_banking.bank_batches, name="bank_batches"),
    path("payouts/bank/new/", views_banking.new_bank_batch, name="new_bank_batch"),
    path("payouts/bank/<int:pk>/", views_banking.bank_batch, name="bank_batch"),
    path("payouts/bank/<int:pk>/approve/", views_banking.approve_bank_batch, name="approve_bank_batch"),
    path("payouts/bank/<int:pk>/file/", views_banking.bank_batch_file, name="bank_batch_file"),
    path("payouts/bank/<int:pk>/cancel/", views_banking.cancel_bank_batch, name="cancel_bank_batch"),
    path("payouts/bank/payments/<int:pk>/drop/", views_banking.drop_bank_payment, name="drop_bank_payment"),
    path("payouts/returns/new/", views_banking.read_bank_return, name="read_bank_return"),
    path("payouts/returns/<int:pk>/", views_banking.bank_return, name="bank_return"),
    path("payouts/returns/lines/<int:pk>/look/", views_banking.look_at_return_line, name="look_at_return_line"),
    path(
        "payouts/returns/lines/<int:pk>/take-back/", views_banking.take_back_return_line, name="take_back_return_line"
    ),
    path("payouts/flows/", views_papers.flows, name="flows"),
    path("productions/<int:pk>/flows/", views_papers.production_flows, name="production_flows"),
    path("productions/<int:pk>/flows/<int:person_pk>/", views_papers.work_papers, name="work_papers"),
    path("payouts/<int:pk>/papers/", views_papers.payout_papers, name="payout_papers"),
    path("payouts/invoices/<int:pk>/file/", views_papers.invoice_file, name="invoice_file"),
    path("payouts/certificates/<int:pk>/file/", views_papers.certificate_file, name="certificate_file"),
    path("payouts/tax/", views_papers.withheld_tax, name="withheld_tax"),
    path("payouts/statements/", views_payee_links.payee_batches, name="payee_batches"),
    path("payouts/statements/<int:pk>/", views_payee_links.payee_batch, name="payee_batch"),
    path("payouts/statements/<int:pk>/zip/", views_payee_links.payee_batch_zip, name="payee_batch_zip"),
    path("payouts/statements/links/<int:pk>/revoke/", views_payee_links.revoke_payee_link, name="revoke_payee_link"),
    path("statement/<str:secret>/", views_payee_links.read_statement, name="read_statement"),
    path("statement/<str:secret>/<int:payout_pk>/", views_payee_links.read_statement_pdf, name="read_statement_pdf"),
]
