"""Facts of fundings: advances of networks and funds."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class FundingRecorded(Fact):
    subject_kind = "finance.funding"

    funding_id: int
    reference: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class FundingTermsAdded(Fact):
    """A further version of the terms, in force from a date."""

    subject_kind = "finance.funding"

    funding_id: int
    version: int
    from_date: str
    advance_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class FundingDrawn(Fact):
    """Money was drawn, or a draw taken back: below zero."""

    subject_kind = "finance.funding"

    funding_id: int
    draw_id: int
    amount_minor: int
