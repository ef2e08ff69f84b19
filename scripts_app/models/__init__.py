"""Scripts, revisions, scenes, characters, breakdown and review rounds."""

from scripts_app.models.breakdown import Breakdown, Element
from scripts_app.models.review import ReviewRound
from scripts_app.models.revisions import RevisionColour, StaleItem
from scripts_app.models.script import Character, Revision, Scene, SceneCharacter, SceneText, Script
from scripts_app.models.writing import ScriptWriter

__all__ = [
    "Breakdown",
    "Character",
    "Element",
    "ReviewRound",
    "Revision",
    "RevisionColour",
    "Scene",
    "SceneCharacter",
    "SceneText",
    "Script",
    "ScriptWriter",
    "StaleItem",
]
