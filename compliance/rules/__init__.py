"""Dated classification rules, licence and record numbers, and the papers a filing asks for. Pure."""

from .changes import Touched, touched, with_rule
from .classify import (
    ANY,
    REASONS,
    Case,
    ClassRule,
    Judgement,
    Reason,
    classify,
    default_rules,
    rule_for,
    rule_from_json,
    special_themes,
)
from .costs import MEASURES, CostCap, CostPart, compose, default_caps, share_bp
from .faults import RuleFault
from .flags import FLAG_KINDS, FlagFind, FlagFinder, FlagTerm, carried, default_flag_terms
from .numbers import Number, parse_number
from .papers import STAGES, TRAITS, PaperRow, default_papers, missing_papers, papers_for, stages_of

__all__ = [
    "ANY",
    "FLAG_KINDS",
    "MEASURES",
    "REASONS",
    "STAGES",
    "TRAITS",
    "Case",
    "ClassRule",
    "CostCap",
    "CostPart",
    "FlagFind",
    "FlagFinder",
    "FlagTerm",
    "Judgement",
    "Number",
    "PaperRow",
    "Reason",
    "RuleFault",
    "Touched",
    "carried",
    "classify",
    "compose",
    "default_caps",
    "default_flag_terms",
    "default_papers",
    "default_rules",
    "missing_papers",
    "papers_for",
    "parse_number",
    "rule_for",
    "rule_from_json",
    "share_bp",
    "special_themes",
    "stages_of",
    "touched",
    "with_rule",
]
