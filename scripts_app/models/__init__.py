"""Scripts, revisions, scenes, characters, breakdown, reviews and adaptation rights."""

from scripts_app.models.breakdown import Breakdown, BreakdownStep, Element, Mark, Refusal, Tag
from scripts_app.models.dictionary import DictionaryWord, LinkRule
from scripts_app.models.notes import NoteReply, ReviewNote
from scripts_app.models.reading import Reading
from scripts_app.models.review import (
    DEFAULT_CRITERIA,
    Criterion,
    EpisodeVerdict,
    Greenlight,
    ReviewRound,
    Score,
)
from scripts_app.models.revisions import RevisionColour, StaleItem
from scripts_app.models.rights import SourceWork
from scripts_app.models.script import Character, Revision, Scene, SceneCharacter, SceneText, Script
from scripts_app.models.sharing import ScriptLink, ScriptLinkOpening
from scripts_app.models.writing import ScriptWriter

__all__ = [
    "DEFAULT_CRITERIA",
    "Breakdown",
    "BreakdownStep",
    "Character",
    "Criterion",
    "DictionaryWord",
    "Element",
    "EpisodeVerdict",
    "Greenlight",
    "LinkRule",
    "Mark",
    "NoteReply",
    "Reading",
    "Refusal",
    "ReviewNote",
    "ReviewRound",
    "Revision",
    "RevisionColour",
    "Scene",
    "SceneCharacter",
    "SceneText",
    "Score",
    "Script",
    "ScriptLink",
    "ScriptLinkOpening",
    "ScriptWriter",
    "SourceWork",
    "StaleItem",
    "Tag",
]
