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
from .numbers import Number, parse_number
from .papers import STAGES, TRAITS, PaperRow, default_papers, missing_papers, papers_for, stages_of

__all__ = [
    "ANY",
    "MEASURES",
    "REASONS",
    "STAGES",
    "TRAITS",
    "Case",
    "ClassRule",
    "CostCap",
    "CostPart",
    "Judgement",
    "Number",
    "PaperRow",
    "Reason",
    "RuleFault",
    "Touched",
    "classify",
    "compose",
    "default_caps",
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
