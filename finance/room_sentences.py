"""What the investor room says of a clause, with no word of anybody else.

The engine's sentences name payers, payees and other terms. Here stand those that speak of the reader alone, and
rewritten ones for the rest; a code that is not listed gets a sentence without places, so that nothing slips through.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from finance.own_terms import Said
from finance.settlement.wording import EXPLANATIONS, READ_BACK

_AS_THEY_ARE = (
    "share_of_gross", "share_of_left", "claim", "claim_premium", "claim_interest", "bonus_reached", "share_of_rest",
    "corrected", "pool_grew", "reckoned_anew", "taken_back",
)  # fmt: skip
REASONS: dict[str, str] = {
    **{code: EXPLANATIONS[code] for code in _AS_THEY_ARE},
    "share_after": noop(
        "{rate} of what was left after the clauses before it, {base} so far: {cumulative} in all, {before} settled before"
    ),
    "corridor_taken": noop(
        "{rate} of {base} so far, while another clause is being repaid: {cumulative} in all, {before} settled before"
    ),
    "corridor_taken_then": noop(
        "{rate} while another clause is being repaid and {then} after that, of {base} so far: {cumulative} in all, "
        "{before} settled before"
    ),
    "advance_recouped": noop(
        "The share repays what was paid ahead: {cumulative} of {limit}, {before} settled before"
    ),
    "advance_paid": noop("Guarantee of {amount}, paid ahead"),
    "top_up_paid": noop("Guarantee of {guarantee}, share so far {shared}: {amount} is added"),
    "fixed_guarantee_paid": noop("Fixed guarantee of {amount}, paid beside the share"),
    "clawed_back": noop("The title was taken down ({on}): {rate} of {paid} goes back"),
    "clawed_unrecouped": noop("The title was taken down ({on}): {rate} of {paid}, paid ahead and not repaid, goes back"),
}  # fmt: skip
OTHERWISE = noop("By this clause of the contract")

TERMS: dict[str, str] = {
    **{code: READ_BACK[code] for code in ("of_gross", "of_left", "cap", "floor", "scope")},
    "own_of_after": noop("Counted on what is left after the clauses before it."),
    "own_fee": noop("A fee of {rate}."),
    "own_share": noop("A share of {rate}."),
    "own_split": noop("{rate} of the rest."),
    "own_service_fee": noop("A service fee of {amount}, before the clauses after it."),
    "own_service_fee_rate": noop("A service fee of {rate}."),
    "own_expenses": noop("Expenses of {amount} are repaid."),
    "own_buyout": noop("Bought out for {amount}."),
    "own_deferred_fee": noop("A deferred fee of {amount}."),
    "own_recoup": noop("An investment of {amount} is recouped."),
    "own_recoup_premium": noop("An investment of {amount} is recouped with a premium of {premium}."),
    "own_recoup_simple": noop(
        "An investment of {amount} is recouped with simple interest of {rate} a year from {begin}, counted {days}; interest is repaid first."
    ),
    "own_recoup_compound": noop(
        "An investment of {amount} is recouped with interest of {rate} a year from {begin}, counted {days} and compounded each year; interest is repaid first."
    ),
    "own_corridor": noop("A corridor of {rate} while another clause is being repaid, and nothing after that."),
    "own_corridor_then": noop("A corridor of {rate} while another clause is being repaid, and {then} after that."),
    "own_bonus": noop("A bonus of {steps}, out of the money that follows."),
    "own_guarantee_advance": noop("A guarantee of {amount} on {on}, paid ahead and recouped from the share of {rate}."),
    "own_guarantee_larger_of": noop(
        "The larger of {amount} and a share of {rate}; what lacks is added at the end of {on}."
    ),
    "own_guarantee_plus_above": noop("{amount} on {on}, and {rate} above {threshold} besides."),
    "own_guarantee_payer": noop("Pays a guarantee of {amount} on {on}."),
    "own_clawed_paid": noop("When the title is taken down, {rate} of all that was paid by a clause above goes back."),
    "own_clawed_unrecouped": noop(
        "When the title is taken down, {rate} of what was paid ahead and is not repaid goes back."
    ),
    "own_claws_paid": noop("When the title is taken down, {rate} of what another clause paid comes back."),
    "own_claws_unrecouped": noop(
        "When the title is taken down, {rate} of what another clause paid ahead and is not repaid comes back."
    ),
}  # fmt: skip


class _Gaps(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def reason_sentence(explanation: Mapping[str, Any]) -> str:
    """Why the reader got an amount: an allocation's explanation, told without the others."""
    text = REASONS.get(str(explanation.get("code", "")))
    if text is None:
        return _(OTHERWISE)
    return _(text).format_map(_Gaps(explanation.get("params", {})))


def term_sentence(said: Said) -> str:
    # The engine's notes are set in by spaces in a list; here each stands in a line of its own.
    return _(TERMS.get(said.code, OTHERWISE)).strip().format_map(_Gaps(said.params))
