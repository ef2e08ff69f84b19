"""Estimate to complete: what is spent, what is promised, and what the budget still leaves where days do not decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

KINDS = ("posted", "reported", "committed", "owed")
"""In the order of certainty: in the ledger; worked and not in it yet; promised (days ahead, bookings, orders); scenes
owed that no day has yet."""


class EstimateError(ValueError):
    """What was handed in cannot be an estimate: a part without an account, an amount that is not whole, a kind nobody knows."""


@dataclass(frozen=True, slots=True)
class Part:
    """One amount an account's estimate is made of. `key` names its cause from one estimate to the next: a shoot day's
    pay keeps its key while it goes from planned to reported to posted."""

    key: str
    account: str
    kind: str
    amount: int
    code: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Override:
    """What a person says the account will come to. It holds until more than that is spent."""

    amount: int


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is read: its budget, and whether days (or bookings) decide it."""

    code: str
    budget: int
    by_days: bool = False
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One account estimated: computed == posted + reported + committed + owed + rest."""

    account: str
    budget: int
    posted: int
    reported: int
    committed: int
    owed: int
    rest: int
    override: int | None
    override_expired: bool
    parts: tuple[Part, ...]

    @property
    def spent(self) -> int:
        return self.posted + self.reported

    @property
    def computed(self) -> int:
        return self.spent + self.committed + self.owed + self.rest

    @property
    def at_completion(self) -> int:
        return self.computed if self.override is None else self.override

    @property
    def to_complete(self) -> int:
        return self.at_completion - self.spent

    @property
    def variance(self) -> int:
        """Below zero: over budget."""
        return self.budget - self.at_completion


@dataclass(frozen=True, slots=True)
class Estimate:
    rows: tuple[Row, ...]

    def _sum(self, name: str) -> int:
        return sum(getattr(row, name) for row in self.rows)

    @property
    def budget(self) -> int:
        return self._sum("budget")

    @property
    def spent(self) -> int:
        return self._sum("spent")

    @property
    def to_complete(self) -> int:
        return self._sum("to_complete")

    @property
    def at_completion(self) -> int:
        return self._sum("at_completion")

    @property
    def variance(self) -> int:
        return self._sum("variance")

    def amounts(self) -> dict[str, int]:
        """Key -> amount of all the estimate is made of; they sum to `at_completion`."""
        found: dict[str, int] = {}
        for row in self.rows:
            for part in row.parts:
                found[part.key] = found.get(part.key, 0) + part.amount
            if row.rest:
                found[f"rest:{row.account}"] = row.rest
            if row.override is not None and row.override != row.computed:
                found[f"override:{row.account}"] = row.override - row.computed
        return {key: amount for key, amount in found.items() if amount}


def estimate(accounts: Sequence[Account], parts: Iterable[Part]) -> Estimate:
    """Each account at completion, in the given order.

    Where days decide, what is left of the budget promises nothing: the days ahead do. Elsewhere the budget not yet
    spent or promised is still to come. A person's figure replaces the account's until more than it is spent. Raises
    EstimateError.
    """
    known: dict[str, list[Part]] = {}
    for account in accounts:
        if account.code in known:
            raise EstimateError(f"account {account.code} twice")
        _whole(account.budget, f"budget of {account.code}")
        if account.budget < 0:
            raise EstimateError(f"budget of {account.code} is below zero")
        known[account.code] = []
    for part in parts:
        if part.account not in known:
            raise EstimateError(f"{part.key}: no account {part.account}")
        if part.kind not in KINDS:
            raise EstimateError(f"{part.key}: no such kind: {part.kind}")
        _whole(part.amount, part.key)
        known[part.account].append(part)
    return Estimate(tuple(_row(account, known[account.code]) for account in accounts))


def _whole(amount: object, what: str) -> None:
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise EstimateError(f"{what}: not a whole number of fen: {amount!r}")


def _row(account: Account, parts: list[Part]) -> Row:
    sums = {kind: sum(part.amount for part in parts if part.kind == kind) for kind in KINDS}
    spent = sums["posted"] + sums["reported"]
    foreseen = spent + sums["committed"] + sums["owed"]
    override = account.override.amount if account.override is not None else None
    if override is not None:
        _whole(override, f"figure for {account.code}")
    expired = override is not None and spent > override
    return Row(
        account=account.code, budget=account.budget, posted=sums["posted"], reported=sums["reported"],
        committed=sums["committed"], owed=sums["owed"], rest=0 if account.by_days else max(0, account.budget - foreseen),
        override=None if expired else override, override_expired=expired, parts=tuple(parts),
    )  # fmt: skip
