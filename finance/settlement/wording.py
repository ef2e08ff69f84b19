"""Every sentence the settlement engine says, by code: English text with named places to fill.

A page translates the text as it stands and fills the same places, so the texts are stable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FAULTS: dict[str, str] = {
    "not_an_object": "{where} must be an object with named fields.",
    "not_a_list": "{where} must be a list.",
    "empty_list": "{where} is empty.",
    "unknown_field": "{where} has a field that is not known here: {field}.",
    "missing_field": "{where} lacks the field {field}.",
    "float_number": "{where} is a binary floating number ({value}); write amounts and rates as text.",
    "not_text": "{where} must be a short text.",
    "not_yes_or_no": "{where} must be true or false, not {value}.",
    "not_an_amount": "{where} is not an amount of {currency} written as text, like 1234.50: {value}",
    "negative_amount": "{where} is below zero: {value}",
    "zero_amount": "{where} must be above zero.",
    "amount_too_large": "{where} is larger than any amount can be: {value}",
    "multiplier_not_text": (
        "{where} is the whole number {value}, which would count as basis points: write a multiplier as text, like 8/1."
    ),
    "not_a_rate": "{where} is not a rate: {value}. Write 8.3%, 1/3, or whole basis points.",
    "rate_over_100": "{where} is above 100%: {value}",
    "shares_over_100": "The shares of gross add up to {total}, above 100%: {terms}",
    "shares_over_100_after": "The shares of what is left after term {mark} add up to {total}, above 100%: {terms}",
    "split_over_100": "The parts of split {terms} add up to {total}, above 100%.",
    "not_a_date": "{where} is not a date or month like 2026-01-31 or 2026-01: {value}",
    "dates_reversed": "Version {version} ends before it begins.",
    "dates_gap": "No version of the terms holds between {until} and {begin}.",
    "dates_overlap": "Two versions of the terms hold between {begin} and {until}.",
    "dates_open": "Only the last version may leave its end open; version {version} does not end.",
    "unknown_currency": "{where} names a currency that is not known: {value}",
    "two_currencies": "{where} is in {found}, the contract in {currency}: two currencies do not go into one sum.",
    "unknown_term_kind": "{where} is of no known kind: {value}",
    "term_changes_kind": "Term {term} is a {before} in one version and a {after} in the next: give it a new id.",
    "duplicate_term": "Two terms of one version share the id {term}.",
    "unknown_choice": "{where} must be one of {choices}, not {value}.",
    "unknown_basis": "{where} refers to {value}, which is not gross, left, or after: an earlier term.",
    "circular_basis": "{where} is {value}, a term that comes no earlier: each would wait for the other in a circle.",
    "rate_or_bands": "{where} needs one of rate, bands or rates by rank, not several and not none.",
    "ranks_given_twice": "{where}: rates by rank leave no room for a multiplier or threshold, and one multiplier is enough.",
    "unknown_rank": "{where} has no rate for the rank {rank} of {title}.",
    "two_ranks": "The title {title} has two ranks from {on} on.",
    "no_rank": "{where} is of {period}, when the title {title} has no rank and term {term} depends on one.",
    "title_in_group": "{where} names the title {title}, which is pooled in {group}: name the group.",
    "title_in_two_groups": "The title {title} stands in two groups: {group} and {other}.",
    "title_is_group": "{where}: {title} is the name of a group and of a title: give the group another name.",
    "pays_itself": "{where}: {party} would pay itself.",
    "not_a_claim": "{where} must name a claim or an advance of the same version that is repaid, not {value}.",
    "corridor_after_claim": "{where}: the corridor must stand before {value}, or it would run in a circle.",
    "premium_or_interest": "{where} has a premium and interest; give one of them.",
    "lenders_change": "{where} bears interest and changes its parties: give it a new id.",
    "unknown_target": "{where} refers to {value}, which is not an earlier term.",
    "nothing_to_recoup": "{where} takes back what is unrecouped, but term {term} pays nothing ahead that is recouped.",
    "takedown_pooled": "{where}: {title} is pooled with other titles, so what it was paid by itself is not known.",
    "duplicate_takedown": "The takedown of {title} on {on} is there twice.",
    "bands_not_rising": "{where}: bands must start at 0 and rise.",
    "steps_not_rising": "{where}: the steps must rise.",
    "floor_over_cap": "{where}: the floor lies above the cap.",
    "scope_finer_than_pool": "{where} names {dimension}, but the contract does not pool by {dimension}.",
    "dated_term_without_pool": "{where} is paid on a date and must name its {dimension}, or its pool is unknown.",
    "due_outside_version": "{where} is due on {on}, when its version of the terms does not hold.",
    "amount_over_several_pools": (
        "Term {term} has a fixed amount and meets {count} pools ({pools}): name its title and kind, "
        "pool them together, or say that each pool bears the amount."
    ),
    "duplicate_receipt": "Receipt {line} is there twice.",
    "unknown_title": "{where} is for the title {title}, which the contract does not name.",
    "no_terms_in_force": "{where} is of {period}, when no version of the terms holds.",
    "terms_change_inside_month": (
        "{where} covers the whole of {period}, which is cut on {on} by a change of terms or the end of the settlement: "
        "state it by day, or in two parts."
    ),
}

EXPLANATIONS: dict[str, str] = {
    "share_of_gross": "{rate} of the pool's receipts, {base} so far: {cumulative} in all, {before} settled before",
    "share_of_left": (
        "{rate} of what was left at this term, {base} so far: {cumulative} in all, {before} settled before"
    ),
    "share_after": (
        "{rate} of what was left after term {mark}, {base} so far: {cumulative} in all, {before} settled before"
    ),
    "claim": "Clause {claim}, {limit} before the clauses after it: {cumulative} in all, {before} settled before",
    "claim_premium": (
        "Investment of {principal} with {premium} premium, {limit} together: {cumulative} in all, "
        "{before} settled before"
    ),
    "claim_interest": (
        "Investment of {principal} with {rate} interest a year, {limit} due by {day}: {cumulative} in all, "
        "{before} settled before"
    ),
    "corridor_taken": (
        "{rate} of {base} so far, while term {claim} is being repaid: {cumulative} in all, {before} settled before"
    ),
    "corridor_taken_then": (
        "{rate} until term {claim} is repaid and {then} after that, of {base} so far: {cumulative} in all, "
        "{before} settled before"
    ),
    "clawed_back": "{title} was taken down ({on}): {rate} of {paid} paid to {party} go back to {payer}",
    "clawed_unrecouped": (
        "{title} was taken down ({on}): {rate} of {paid} paid ahead to {party} and not repaid go back to {payer}"
    ),
    "corrected": (
        "Receipts of the pool corrected from {received} to {now_received}: {before} was settled, {after} is right"
    ),
    "reckoned_anew": (
        "{before} was settled for this month, {after} is right: an earlier month, a takedown or the terms changed"
    ),
    "pool_grew": (
        "Another title's receipts were in the pool before: {received}, with this one's {now_received}. {before} was settled, "
        "{after} is right"
    ),
    "taken_back": "{amount} was issued and is taken back in full",
    "bonus_reached": "Bonus from the money after {threshold}: {cumulative} of {limit}, {before} settled before",
    "share_of_rest": "{rate} of the rest, {base} so far: {cumulative} in all, {before} settled before",
    "advance_recouped": "The share repays what {payer} paid ahead: {cumulative} of {limit}, {before} settled before",
    "advance_paid": "Guarantee of {amount}, paid ahead by {payer} to {party}",
    "top_up_paid": "Guarantee of {guarantee}, share so far {shared}: {payer} adds {amount} for {party}",
    "fixed_guarantee_paid": "Fixed guarantee of {amount}, paid by {payer} to {party} beside the share",
}

READ_BACK: dict[str, str] = {
    "contract": "Contract {contract}, in {currency}; what no term takes stays with {studio}.",
    "titles": "It covers the titles {titles}.",
    "pool_title_kind": "Money is pooled by title and kind of revenue.",
    "pool_title": "Money is pooled by title, all kinds of revenue together.",
    "pool_kind": "Money is pooled by kind of revenue, all titles together.",
    "pool_all": "All money of the contract is one pool.",
    "version": "From {begin} to {until}:",
    "version_open": "From {begin} on:",
    "version_until": "Until {until}:",
    "version_always": "At all times:",
    "fee": "{number}. {party} takes a fee of {rate}.",
    "service_fee": "{number}. {party} receives a service fee of {amount} before the terms below.",
    "service_fee_rate": "{number}. {party} receives a service fee of {rate}.",
    "expenses": "{number}. {party} recoups expenses of {amount}.",
    "expenses_capped": "{number}. {party} recoups expenses of {amount}, but no more than {cap}.",
    "buyout": "{number}. {party} is bought out for {amount}.",
    "deferred_fee": "{number}. {party} receives a deferred fee of {amount}.",
    "recoup": "{number}. The investment of {amount} by {parties} is recouped.",
    "recoup_premium": "{number}. The investment of {amount} by {parties} is recouped with a premium of {premium}.",
    "recoup_simple": (
        "{number}. The investment of {amount} by {parties} is recouped with simple interest of {rate} a year from "
        "{begin} on what is not repaid, days counted {days}; interest is repaid before principal."
    ),
    "recoup_compound": (
        "{number}. The investment of {amount} by {parties} is recouped with interest of {rate} a year from {begin} on "
        "what is not repaid, days counted {days}, compounded each year; interest is repaid before principal."
    ),
    "corridor": "{number}. {party} has a corridor of {rate} until term {claim} is repaid, and nothing after that.",
    "corridor_then": "{number}. {party} has a corridor of {rate} until term {claim} is repaid, and {then} after that.",
    "clawback_paid": (
        "{number}. When a title is taken down, {rate} of all that term {claim} paid goes back to {payer}."
    ),
    "clawback_unrecouped": (
        "{number}. When a title is taken down, {rate} of what term {claim} paid ahead and is not repaid goes back "
        "to {payer}."
    ),
    "share": "{number}. {party} has a share of {rate}.",
    "bonus": (
        "{number}. {party} receives a bonus of {steps}, each once the amount it is counted on has reached the figure in "
        "brackets, out of the money that comes after."
    ),
    "split": "{number}. The rest is split: {parties}.",
    "guarantee_advance": (
        "{number}. {payer} pays {party} an advance of {amount} at the beginning of {on}; {party} has a share of {rate}, "
        "out of which {payer} is repaid the advance first."
    ),
    "guarantee_larger_of": (
        "{number}. {party} has the larger of {amount} and a share of {rate}; {payer} adds what lacks at the end of {on}, "
        "and is repaid it first out of the share that comes later."
    ),
    "guarantee_plus_above": (
        "{number}. {payer} pays {party} a fixed {amount} at the beginning of {on}, which is not recouped; {party} has a "
        "share of {rate} above {threshold} besides."
    ),
    "group": "The titles {titles} answer for one another as {group}.",
    "ranked": "{title} has the rank {rank} from {begin} on.",
    "claw_until": "    Only for a title taken down by {until}.",
    "of_gross": "    Counted on the pool's receipts.",
    "of_left": "    Counted on what is left when its turn comes.",
    "of_after": "    Counted on what is left after term {mark}.",
    "cap": "    No more than {cap} in all.",
    "floor": "    At least {floor}, as far as the money goes.",
    "cap_of_title": "    No more than {cap} for each title.",
    "clause": "    Clause {clause} of the paper.",
    "pro_rata": "    They are repaid side by side, in proportion to what each still lacks.",
    "by_band": "    Each rate holds for its own part of the cumulative amount alone.",
    "by_rank": "    The rate is that of the title's rank on the day.",
    "after_tax": (
        "    Agreed after tax: {party} keeps the whole of it, and {studio} bears the tax on it besides. The trade has "
        "publicly renounced fees after tax."
    ),
    "scope": "    Only for {scope}.",
    "per_pool": "    Each pool bears the amount by itself.",
}

SENTENCES = {**FAULTS, **EXPLANATIONS, **READ_BACK}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A code and what fills its places; `message` is the English text."""

    code: str
    params: Mapping[str, str]

    @property
    def message(self) -> str:
        return SENTENCES[self.code].format_map(self.params)

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "params": dict(self.params), "message": self.message}


class Fault(Sentence):
    """A reason why nothing is settled."""

    __slots__ = ()


def fault(code: str, **params: object) -> Fault:
    return Fault(code, {name: str(value)[:200] for name, value in params.items()})


def sentence(code: str, **params: object) -> Sentence:
    return Sentence(code, {name: str(value) for name, value in params.items()})
