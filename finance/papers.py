"""Papers of payments: invoices, certificates, and withheld tax handed on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import Account, CertificateKind, InvoiceKind, PartyKind, TaxMethod
from finance.events import CertificateKept, InvoiceTaken, TaxRemitted
from finance.ledger import Side, check_amount, post
from finance.models import Certificate, Invoice, Payout, TaxRemittance, TaxRemittanceLine, WagePayment
from finance.queries.withheld import open_tax
from finance.settlement.tax import TaxError, vat
from studio.facts import publish
from studio.models import Person, Production, Studio, User
from studio.refusals import Refused
from studio.uploads import Paper
from studio.values import parse_month


@transaction.atomic
def take_invoice(
    *,
    number: str,
    on_date: dt.date,
    amount_minor: int,
    paper: Paper,
    by: User | None,
    payout: Payout | None = None,
    production: Production | None = None,
    person: Person | None = None,
    vat_payer: str = "",
    at: dt.datetime | None = None,
) -> Invoice:
    """Keep what a payee sent for a payout, or a person for their work on a title.

    `vat_payer` is `company_small_scale` or `company_general`: the VAT in the amount follows from the table of the day.
    Refuses a number that this issuer gave before, VAT on a person's note, and a day that no table covers.
    """
    number = "".join(number.split()).upper()
    if not number or len(number) > 60:
        raise Refused("number_missing", _("Enter the number of the paper."), field="number")
    check_amount(amount_minor)
    if payout is not None:
        party, title, person = payout.party, payout.settlement.production, None
        kind = InvoiceKind.NOTE if party.kind == PartyKind.PERSON else InvoiceKind.INVOICE
    elif person is not None and production is not None and person.studio_id == production.studio_id:
        party, title, kind = None, production, InvoiceKind.NOTE
    else:
        raise Refused("other_studio", _("This person belongs to another studio."), field="person")
    percent, tax = "", 0
    if vat_payer:
        if kind == InvoiceKind.NOTE:
            raise Refused("note_with_vat", _("A labour note of a person has no VAT."), field="vat_payer")
        try:
            result = vat(vat_payer, amount_minor, on_date)
        except TaxError as error:
            raise Refused("tax_unknown", "%(text)s", field="on_date", params={"text": str(error)}) from None
        percent, tax = f"{result.rate * 100}%", result.vat
    try:
        with transaction.atomic():
            row = Invoice(
                production=title, party=party, person=person, payout=payout, kind=kind, number=number,
                on_date=on_date, amount_minor=amount_minor, vat_percent=percent, vat_minor=tax,
                file_name=paper.name, sha256=paper.sha256, entered_by=by,
            )  # fmt: skip
            row.save()
    except IntegrityError:
        raise Refused(
            "number_taken", _("The paper %(number)s of this issuer is entered already."), field="number",
            conflict=True, params={"number": number},
        ) from None  # fmt: skip
    row.file.save(paper.content(f"invoice-{row.pk}").name, paper.content(f"invoice-{row.pk}"))
    publish(
        InvoiceTaken(
            studio_id=title.studio_id, production_id=title.pk, invoice_id=row.pk,
            payout_id=payout.pk if payout else None, number=number, amount_minor=amount_minor,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def keep_certificate(
    *,
    kind: str,
    number: str,
    paper: Paper,
    by: User | None,
    payout: Payout | None = None,
    wage: WagePayment | None = None,
    at: dt.datetime | None = None,
) -> Certificate:
    """Keep a receipt or tax certificate with a payout or with wages. The same number again is the row there is.

    Refuses a kind that is not known, and a tax certificate where nothing was withheld.
    """
    number = "".join(number.split())
    if not number or len(number) > 60:
        raise Refused("number_missing", _("Enter the number of the paper."), field="number")
    if kind not in CertificateKind.values:
        raise Refused("unknown_kind", _("Choose what kind of paper it is."), field="kind")
    paid = payout or wage
    if paid is None or (payout is not None and wage is not None):
        raise TypeError("a certificate is of a payout or of wages")
    if kind == CertificateKind.TAX and not paid.tax_minor:
        raise Refused("nothing_withheld", _("Nothing was withheld from this payment."), field="kind")
    production = payout.settlement.production if payout is not None else None
    studio_id = production.studio_id if production is not None else wage.studio_id  # type: ignore[union-attr]
    try:
        with transaction.atomic():
            row = Certificate(
                studio_id=studio_id, payout=payout, wage=wage, kind=kind, number=number, file_name=paper.name,
                sha256=paper.sha256, entered_by=by,
            )  # fmt: skip
            row.save()
    except IntegrityError:
        return Certificate.objects.get(payout=payout, wage=wage, kind=kind, number=number)
    row.file.save(paper.content(f"certificate-{row.pk}").name, paper.content(f"certificate-{row.pk}"))
    publish(
        CertificateKept(
            studio_id=studio_id, production_id=production.pk if production else None, kind=kind, number=number,
            payout_id=payout.pk if payout else None, wage_payment_id=wage.pk if wage else None,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def remit_tax(
    *,
    studio: Studio,
    period: str,
    method: str,
    reference: str,
    on_date: dt.date,
    by: User | None,
    at: dt.datetime | None = None,
) -> TaxRemittance:
    """Hand the tax withheld in a month on: an entry for each title, each payout's tax once.

    The same reference again is the row there is. Refuses without a reference, and when nothing of that month is open.
    """
    reference = reference.strip()[:80]
    if not reference:
        raise Refused("reference_missing", _("Enter the reference of the tax office."), field="reference")
    if method not in TaxMethod.values:
        raise Refused("unknown_kind", _("Choose a kind of tax."), field="method")
    try:
        period = f"{parse_month(period):%Y-%m}"
    except ValueError:
        raise Refused("not_a_month", _("A month is written like 2026-01."), field="period") from None
    # The studio's row is the lock: of two clicks the second finds nothing open.
    studio = Studio.objects.select_for_update().get(pk=studio.pk)
    known = TaxRemittance.objects.filter(studio=studio, method=method, reference=reference).first()
    if known is not None:
        return known
    payouts = [
        found.payout for found in open_tax(studio) if found.period == period and found.payout.party.tax_method == method
    ]
    if not payouts:
        raise Refused("nothing_withheld", _("Nothing withheld in this month is open."), conflict=True)
    row = TaxRemittance.objects.create(
        studio=studio, period=period, method=method, reference=reference, on_date=on_date, remitted_by=by,
        amount_minor=sum(payout.tax_minor for payout in payouts),
    )  # fmt: skip
    TaxRemittanceLine.objects.bulk_create(TaxRemittanceLine(remittance=row, payout=payout) for payout in payouts)
    by_title: dict[Production, list[Payout]] = defaultdict(list)
    for payout in payouts:
        by_title[payout.settlement.production].append(payout)
    for production, own in by_title.items():
        post(
            production=production,
            sides=[
                *(Side(Account.TAX, payout.tax_minor, payout.party.person, payout.party.name) for payout in own),
                Side(Account.BANK, -sum(payout.tax_minor for payout in own), note=reference),
            ],
            currency="CNY",
            on_date=on_date,
            source=f"tax:{row.pk}",
            narrative=f"{period} {TaxMethod(method).label}",
            by=by,
            params={"remittance": row.pk, "period": period, "method": method, "reference": reference},
        )
    publish(
        TaxRemitted(
            studio_id=studio.pk, tax_remittance_id=row.pk, period=period, method=method, amount_minor=row.amount_minor
        ),
        by=by, at=at or timezone.now(),
    )  # fmt: skip
    return row
