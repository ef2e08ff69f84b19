"""Facts of what people are owed and paid."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class WagesMadeUp(Fact):
    """A payment of what is due to a person was made up, its tax reckoned."""

    subject_kind = "finance.wage_payment"

    wage_payment_id: int
    person_id: int
    gross_minor: int
    tax_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class WageApproved(Fact):
    """One more person approved; `complete` when it may be paid."""

    subject_kind = "finance.wage_payment"

    wage_payment_id: int
    complete: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class WageDropped(Fact):
    """A payment was taken back before it was paid."""

    subject_kind = "finance.wage_payment"

    wage_payment_id: int
    person_id: int
    gross_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class WagePaid(Fact):
    subject_kind = "finance.wage_payment"

    wage_payment_id: int
    person_id: int
    net_minor: int
    bank_reference: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class WageReturned(Fact):
    """Wages that the bank refused, or sent back after they were paid, are due again."""

    subject_kind = "finance.wage_payment"

    wage_payment_id: int
    person_id: int
    reason: str
    was_paid: bool
