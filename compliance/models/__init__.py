"""Dated classification rules, judgements, filings and their numbers, flags."""

from compliance.models.cases import Classification, TitleCase
from compliance.models.costs import CostCap, LeadPerformer
from compliance.models.filings import Filing, GateOverride
from compliance.models.flags import ContentFlag, FlagTerm
from compliance.models.rules import ClassRule, PaperRule

__all__ = [
    "ClassRule",
    "Classification",
    "ContentFlag",
    "CostCap",
    "Filing",
    "FlagTerm",
    "GateOverride",
    "LeadPerformer",
    "PaperRule",
    "TitleCase",
]
