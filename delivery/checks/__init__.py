"""Specs against facts: what a platform would refuse, found before it is sent. Pure."""

from .episode import EpisodeFacts, check_episode
from .findings import SENTENCES, Finding, passes
from .spec import RULES, Spec, SpecFault, default_specs
from .title import Actor, TitleFacts, check, check_title

__all__ = [
    "RULES",
    "SENTENCES",
    "Actor",
    "EpisodeFacts",
    "Finding",
    "Spec",
    "SpecFault",
    "TitleFacts",
    "check",
    "check_episode",
    "check_title",
    "default_specs",
    "passes",
]
