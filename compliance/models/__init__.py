"""Dated classification rules, judgements, filings and their numbers, flags."""

from compliance.models.cases import Classification, TitleCase
from compliance.models.consents import AiDeclaration, Consent, ConsentRule, FilingClock
from compliance.models.costs import CostCap, LeadPerformer
from compliance.models.filings import Filing, GateOverride
from compliance.models.flags import ContentFlag, FlagTerm
from compliance.models.rules import ClassRule, PaperRule

__all__ = [
    "AiDeclaration",
    "ClassRule",
    "Classification",
    "Consent",
    "ConsentRule",
    "ContentFlag",
    "CostCap",
    "Filing",
    "FilingClock",
    "FlagTerm",
    "GateOverride",
    "LeadPerformer",
    "PaperRule",
    "TitleCase",
]
