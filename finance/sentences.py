"""What the pure packages say, in the reader's language; and contracts with the parties' names in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from finance.banking import SENTENCES as BANKING
from finance.settlement import read_back, read_contract
from finance.settlement.wording import SENTENCES
from finance.statements.values import ERRORS, MESSAGES

# What the desk finds beside the reader.
DESK_FINDINGS = {
    "wrong_title": noop("Row {row} is for “{found}”; this title is “{title}”."),
    "other_month": noop("Row {row} is of {found}; the statement is of {period}."),
    "unknown_episode": noop("Row {row} names episode {episode}, which this title does not have."),
    "currency_differs": noop("The statement is in {found}, the contract in {currency}."),
    "file_does_not_sum": noop(
        "The file over all titles states {declared} and its lines make {counted}; no sum of this title's own says that it"
        " is not the one that is wrong."
    ),
    "no_rate": noop(
        "There is no exchange rate from {found} to {currency} dated in {period}. Write it down, and this is looked at again."
    ),
    "two_rates": noop("The statement states more than one exchange rate: {rates}."),
    "unreadable_rate": noop("The statement states an exchange rate that cannot be read: {value}"),
    "month_again": noop("Another statement of {period} is here: {file}, {total}. Only one of the two can be accepted."),
    "stated_before": noop("Row {row} says the same as a line of {period}."),
}
DESK_ERRORS = frozenset(DESK_FINDINGS) - {"month_again", "stated_before"}
TAX_STEPS = {
    "agreed_after_tax": noop("Agreed after tax"),
    "agreed_before_tax": noop("Agreed before tax"),
    "borne": noop("Tax on it borne by the studio"),
    "income": noop("Fee before tax"),
    "income_so_far": noop("Income of the year so far, {months} months"),
    "deducted": noop("Less what is not taxed"),
    "base": noop("Taxable amount"),
    "rate": noop("Rate {rate}, quick deduction {quick}"),
    "before": noop("Withheld before this year"),
    "tax": noop("Tax withheld"),
    "price": noop("Price with VAT"),
    "without_vat": noop("Price without VAT"),
    "vat": noop("VAT in it at {rate}"),
    "none": noop("A company sends an invoice; nothing is withheld"),
    "source": noop("By: {source}"),
}
# The laws behind the tables of `finance.settlement.tax`.
TAX_SOURCES = (
    noop("State Taxation Administration, announcement 2018 No. 61, article 8"),
    noop("State Taxation Administration, announcement 2025 No. 16"),
    noop("Ministry of Finance and State Taxation Administration, announcements 2023 No. 1 and No. 19"),
    noop("Ministry of Finance and State Taxation Administration, Caishui 2016 No. 36: modern services"),
)
TAX_ERRORS = {
    "unknown_method": noop("There is no method of tax called {method}."),
    "no_table": noop("No tax table of this kind is in force on {on}. Add one on the page of tax tables."),
    "no_gross": noop("No fee leaves {net} fen after tax."),
    "over_a_year": noop("The cumulative method runs within one year: {count} months."),
}


class _Params(dict[str, Any]):
    """A row written by an earlier release may lack a parameter of today's sentence."""

    def __missing__(self, key: str) -> str:
        return "…"


def _said(texts: Mapping[str, str], row: Mapping[str, Any]) -> str:
    text = texts.get(str(row.get("code", "")))
    if text is None:
        return str(row.get("message", ""))
    return _(text).format_map(_Params(row.get("params", {})))


def settlement_sentence(row: Mapping[str, Any]) -> str:
    """An explanation, fault or line of a contract read back: `{"code", "params", "message"}`."""
    return _said(SENTENCES, row)


def refusal_sentence(kept: Mapping[str, Any]) -> str:
    """A refusal that a row keeps, `{"code", "text", "params"}`, in the reader's language."""
    params = _Params(kept.get("params", {}))
    if params.get("faults"):
        params["text"] = first_sentences(params["faults"])
    return _(str(kept.get("text", ""))) % params


def finding_sentence(row: Mapping[str, Any]) -> str:
    """A finding of a statement."""
    return _said({**MESSAGES, **DESK_FINDINGS}, row)


def banking_sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """What is wrong with an account, a bank file or a return, and what became of a line."""
    return _said(BANKING, {"code": code, "params": params or {}})


def is_error(row: Mapping[str, Any]) -> bool:
    return row.get("code") in ERRORS or row.get("code") in DESK_ERRORS


def tax_sentence(row: Mapping[str, Any]) -> str:
    """A step of a tax, its law named in the reader's language."""
    params = dict(row.get("params", {}))
    if "source" in params:
        params["source"] = _(params["source"])
    return _said(TAX_STEPS, {**row, "params": params})


def tax_error_sentence(error: Any) -> str:
    """Why a tax cannot be reckoned, in the reader's language."""
    template = TAX_ERRORS.get(error.code)
    return _(template).format_map(_Params(error.params)) if template else str(error)


def named(terms: Any, names: Mapping[str, str]) -> Any:
    """Terms with each party's code replaced by its name: for reading, not for reckoning."""
    if isinstance(terms, dict):
        return {
            key: names.get(value, value)
            if key in ("party", "payer", "to") and isinstance(value, str)
            else named(value, names)
            for key, value in terms.items()
        }
    return [named(item, names) for item in terms] if isinstance(terms, list) else terms


def with_titles(data: dict[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    """An engine's contract with each title's code replaced by its name: for reading, not for reckoning."""

    def read(codes: Any) -> Any:
        return [titles.get(str(code), code) for code in codes] if isinstance(codes, list) else codes

    def term_of(term: Any) -> Any:
        return {**term, "titles": read(term["titles"])} if isinstance(term, dict) and "titles" in term else term

    said = {**data, "titles": read(data["titles"])}
    if "groups" in data:
        said["groups"] = {name: read(codes) for name, codes in data["groups"].items()}
    if "ranks" in data:
        said["ranks"] = [{**row, "title": titles.get(row["title"], row["title"])} for row in data["ranks"]]
    said["versions"] = [
        {**version, "terms": [term_of(term) for term in version["terms"]]} for version in data["versions"]
    ]
    return said


def contract_sentences(data: dict[str, Any], names: Mapping[str, str]) -> list[str]:
    """A contract in plain sentences with the parties' names; by their codes where two share a name."""
    if len(set(names.values())) == len(names):
        contract, _faults = read_contract(named(data, names))
        if contract is not None:
            return [settlement_sentence(line.as_json()) for line in read_back(contract)]
    contract, faults = read_contract(data)
    return [settlement_sentence(line.as_json()) for line in (read_back(contract) if contract else faults)]


def first_sentences(rows: Iterable[Mapping[str, Any]], most: int = 3) -> str:
    """The first few of many faults as one text."""
    return " ".join(settlement_sentence(row) for row in list(rows)[:most])
