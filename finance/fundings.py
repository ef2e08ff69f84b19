"""Advances of networks and funds: recorded with their terms, changed by further versions, drawn and taken back."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import CopyrightOwner
from finance.funding_events import FundingDrawn, FundingRecorded, FundingTermsAdded
from finance.models import Funding, FundingDraw, FundingTerms, Party
from studio.facts import publish
from studio.models import Network, Production, Studio, User
from studio.refusals import Refused
from studio.values import CURRENCIES, Money

MOST_BP = 100_000
_WHOLE = {CopyrightOwner.FUNDER: 10_000, CopyrightOwner.STUDIO: 0}


@dataclasses.dataclass(frozen=True)
class Terms:
    """What one version says. `copyright_bp` is the funder's part; with one owner it follows from the owner."""

    from_date: dt.date
    advance_minor: int
    recoup_order: int = 1
    premium_bp: int = 0
    interest_bp: int = 0
    copyright_owner: str = ""
    copyright_bp: int | None = None
    note: str = ""


@transaction.atomic
def record_funding(
    *,
    studio: Studio,
    reference: str,
    terms: Terms,
    by: User | None,
    production: Production | None = None,
    network: Network | None = None,
    fund_name: str = "",
    party: Party | None = None,
    currency: str = "CNY",
    at: dt.datetime | None = None,
) -> Funding:
    """Write an agreement down with its first terms: from the studio's network, or from a fund outside.

    The same agreement again answers with the funding there is. Refuses another studio's rows, a network that is not
    the studio's, and terms that cannot be.
    """
    reference, fund_name = reference.strip()[:80], fund_name.strip()[:120]
    if not reference:
        raise Refused("reference_missing", _("Give the number of the agreement."), field="reference")
    if (network is None) == (not fund_name):
        raise Refused("one_funder", _("Name the network or an outside fund, one of them."), field="fund_name")
    # The studio's row is the lock of its fundings: parts of a copyright are added up over all of them.
    studio = Studio.objects.select_for_update().get(pk=studio.pk)
    if network is not None and studio.network_id != network.pk:
        raise Refused("other_network", _("This studio does not belong to that network."), field="network")
    if production is not None and production.studio_id != studio.pk:
        raise Refused("other_studio", _("This title belongs to another studio."), field="production")
    if party is not None and party.studio_id != studio.pk:
        raise Refused("other_studio", _("This party belongs to another studio."), field="party")
    if currency not in CURRENCIES:
        raise Refused("unknown_currency", _("There is no such currency."), field="currency")
    there = Funding.objects.filter(studio=studio, reference=reference).first()
    if there is not None:
        same = (there.production_id, there.network_id, there.fund_name) == (
            production.pk if production else None, network.pk if network else None, fund_name,
        )  # fmt: skip
        if same:
            return there
        raise Refused(
            "reference_taken", _("The agreement “%(reference)s” is recorded already, for something else."),
            field="reference", params={"reference": reference},
        )  # fmt: skip
    funding = Funding.objects.create(
        studio=studio, production=production, network=network, fund_name=fund_name, party=party, reference=reference,
        currency=currency,
    )  # fmt: skip
    publish(
        FundingRecorded(
            studio_id=studio.pk, production_id=production.pk if production else None, funding_id=funding.pk,
            reference=reference,
        ),
        by=by, at=at,
    )  # fmt: skip
    _add_terms(funding, terms, by, at)
    return funding


@transaction.atomic
def change_funding_terms(
    *, funding: Funding, terms: Terms, by: User | None, at: dt.datetime | None = None
) -> FundingTerms:
    """Add a version that holds from its date on; the same version again: no change.

    Refuses a date that is not after the last version's, and an advance below what is drawn.
    """
    funding = _locked(funding)
    terms = _checked(funding, terms)
    last = funding.terms.order_by("-from_date").first()
    if last is not None and dataclasses.asdict(terms) == {
        field.name: getattr(last, field.name) for field in dataclasses.fields(Terms)
    }:
        return last
    if last is not None and terms.from_date <= last.from_date:
        raise Refused(
            "date_not_after", _("The terms in force begin on %(date)s. A further version begins later."),
            field="from_date", params={"date": last.from_date.isoformat()},
        )  # fmt: skip
    return _add_terms(funding, terms, by, at)


@transaction.atomic
def draw_funding(
    *,
    funding: Funding,
    on_date: dt.date,
    amount_minor: int,
    reference: str,
    by: User | None,
    at: dt.datetime | None = None,
) -> FundingDraw:
    """Note money drawn. The same reference with the same amount again: no change.

    Refuses more than the advance in force on that day, a day before the terms, and a reference used for something else.
    """
    reference = reference.strip()[:80]
    if not reference:
        raise Refused("reference_missing", _("Enter the bank's reference."), field="reference")
    if amount_minor <= 0:
        raise Refused("not_an_amount", _("An amount drawn is above zero."), field="amount_minor")
    funding = _locked(funding)
    there = funding.draws.filter(reference=reference).first()
    if there is not None:
        if (there.amount_minor, there.on_date) == (amount_minor, on_date):
            return there
        raise Refused(
            "reference_taken", _("The reference “%(reference)s” is used for another draw."), field="reference",
            params={"reference": reference},
        )  # fmt: skip
    terms = funding.terms.filter(from_date__lte=on_date).order_by("-from_date").first()
    if terms is None:
        raise Refused("no_terms", _("No terms hold on that day."), field="on_date")
    drawn = _drawn(funding)
    if drawn + amount_minor > terms.advance_minor:
        raise Refused(
            "over_the_advance", _("The advance is %(advance)s, of which %(drawn)s is drawn."), field="amount_minor",
            params={
                "advance": str(Money(terms.advance_minor, funding.currency)), "drawn": str(Money(drawn, funding.currency)),
            },
        )  # fmt: skip
    return _draw(funding, on_date, amount_minor, reference, None, by, at)


@transaction.atomic
def take_back_draw(*, draw: FundingDraw, by: User | None, at: dt.datetime | None = None) -> FundingDraw:
    """Reverse a draw that was wrong, on its own day. Taken back already: no change. Refuses to reverse a reversal."""
    funding = _locked(draw.funding)
    row = FundingDraw.objects.get(pk=draw.pk)
    if row.reverses_id is not None:
        raise Refused("is_a_reversal", _("This row takes another one back; draw again instead."), conflict=True)
    there = FundingDraw.objects.filter(reverses=row).first()
    if there is not None:
        return there
    return _draw(funding, row.on_date, -row.amount_minor, f"{row.reference[:70]} -", row, by, at)


def _locked(funding: Funding) -> Funding:
    Studio.objects.select_for_update().get(pk=funding.studio_id)
    return Funding.objects.select_related("studio", "production").get(pk=funding.pk)


def _drawn(funding: Funding) -> int:
    return int(funding.draws.aggregate(total=Sum("amount_minor"))["total"] or 0)


def _draw(
    funding: Funding,
    on_date: dt.date,
    amount_minor: int,
    reference: str,
    reverses: FundingDraw | None,
    by: User | None,
    at: dt.datetime | None,
) -> FundingDraw:
    draw = FundingDraw.objects.create(
        funding=funding, on_date=on_date, amount_minor=amount_minor, reference=reference, reverses=reverses,
        recorded_by=by, recorded_at=at or timezone.now(),
    )  # fmt: skip
    publish(
        FundingDrawn(
            studio_id=funding.studio_id, production_id=funding.production_id, funding_id=funding.pk, draw_id=draw.pk,
            amount_minor=amount_minor,
        ),
        by=by, at=at,
    )  # fmt: skip
    return draw


def _add_terms(funding: Funding, terms: Terms, by: User | None, at: dt.datetime | None) -> FundingTerms:
    terms = _checked(funding, terms)
    last = funding.terms.order_by("-version").values_list("version", flat=True).first() or 0
    row = FundingTerms.objects.create(
        funding=funding, version=last + 1, recorded_by=by, recorded_at=at or timezone.now(), **dataclasses.asdict(terms)
    )  # fmt: skip
    publish(
        FundingTermsAdded(
            studio_id=funding.studio_id, production_id=funding.production_id, funding_id=funding.pk,
            version=row.version, from_date=row.from_date.isoformat(), advance_minor=row.advance_minor,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


def _checked(funding: Funding, terms: Terms) -> Terms:
    if terms.advance_minor < 0:
        raise Refused("negative_amount", _("An advance is not below zero."), field="advance_minor")
    if terms.advance_minor < _drawn(funding):
        raise Refused("below_drawn", _("More than that is drawn already."), field="advance_minor")
    if terms.recoup_order < 1 or terms.recoup_order > 99:
        raise Refused("order_out_of_range", _("The place in the order is 1 to 99."), field="recoup_order")
    if not (0 <= terms.premium_bp <= MOST_BP and 0 <= terms.interest_bp <= MOST_BP):
        raise Refused("rate_out_of_range", _("A premium or interest is 0 % to 1000 %."), field="premium_bp")
    if terms.premium_bp and terms.interest_bp:
        raise Refused("premium_or_interest", _("Give a premium or interest, one of them."), field="interest_bp")
    owner, part = terms.copyright_owner, terms.copyright_bp
    if owner not in ("", *CopyrightOwner.values):
        raise Refused("unknown_owner", _("There is no such owner of a copyright."), field="copyright_owner")
    if owner == CopyrightOwner.SHARED:
        if part is None or not 0 < part < 10_000:
            raise Refused(
                "part_missing", _("Say which part of the copyright is the funder's: above 0 % and below 100 %."),
                field="copyright_bp",
            )  # fmt: skip
    else:
        part = None if owner == "" else _WHOLE[CopyrightOwner(owner)]
    terms = dataclasses.replace(terms, copyright_bp=part, note=terms.note.strip()[:300])
    _check_copyright(funding, terms)
    return terms


def _check_copyright(funding: Funding, terms: Terms) -> None:
    """The parts that funders have of one title's copyright, on the day the terms begin, are not above the whole."""
    parts: dict[int | None, int] = {}
    for row in in_force(FundingTerms.objects.filter(funding__studio=funding.studio_id), terms.from_date):
        if row.funding_id != funding.pk:
            title = row.funding.production_id
            parts[title] = parts.get(title, 0) + (row.copyright_bp or 0)
    everywhere = parts.pop(None, 0)
    if funding.production_id is None:
        others = everywhere + max(parts.values(), default=0)
    else:
        others = everywhere + parts.get(funding.production_id, 0)
    if others + (terms.copyright_bp or 0) > 10_000:
        raise Refused(
            "copyright_over_100", _("Funders would have %(total)s %% of the copyright of one title."),
            field="copyright_bp", params={"total": _percent(others + (terms.copyright_bp or 0))},
        )  # fmt: skip


def in_force(rows: QuerySet[FundingTerms], on: dt.date) -> list[FundingTerms]:
    """Of each funding the terms that hold on a day."""
    found: dict[int, FundingTerms] = {}
    for row in rows.filter(from_date__lte=on).select_related("funding").order_by("from_date"):
        found[row.funding_id] = row
    return list(found.values())


def _percent(bp: int) -> str:
    """`12.34` of 1234 basis points."""
    return f"{bp // 100}.{bp % 100:02d}"
