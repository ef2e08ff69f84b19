"""Scripts, revisions, scenes, characters, breakdown and review rounds."""

from scripts_app.models.breakdown import Breakdown, BreakdownStep, Element, Mark, Refusal, Tag
from scripts_app.models.dictionary import DictionaryWord, LinkRule
from scripts_app.models.review import ReviewRound
from scripts_app.models.revisions import RevisionColour, StaleItem
from scripts_app.models.script import Character, Revision, Scene, SceneCharacter, SceneText, Script
from scripts_app.models.writing import ScriptWriter

__all__ = [
    "Breakdown",
    "BreakdownStep",
    "Character",
    "DictionaryWord",
    "Element",
    "LinkRule",
    "Mark",
    "Refusal",
    "ReviewRound",
    "Revision",
    "RevisionColour",
    "Scene",
    "SceneCharacter",
    "SceneText",
    "Script",
    "ScriptWriter",
    "StaleItem",
    "Tag",
]
