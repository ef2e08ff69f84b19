"""Questions about scripts: never write, and cost the same number of queries however long the script is."""

from scripts_app.queries.breakdown import CategoryRow, RoleRow, elements_by_category, role_rows
from scripts_app.queries.reading import HITS, Draft, ElementRead, EpisodeRead, FaultAt, Hit, SceneRead
from scripts_app.queries.scenes import SceneFilter, scene_rows, sets_of, unclear_scenes
from scripts_app.queries.scripts import (
    ScriptCounts,
    current_breakdown,
    current_revision,
    locked_revision,
    script_counts,
    scripts_for,
)
from scripts_app.queries.suggestions import SuggestedThing, Suggestion, suggested_things, suggestions
from scripts_app.queries.writing import (
    OwnTitle,
    likely_writers,
    own_credits,
    own_titles,
    people_to_name,
    writers_of,
    written_by,
)

__all__ = [
    "HITS",
    "CategoryRow",
    "Draft",
    "ElementRead",
    "EpisodeRead",
    "FaultAt",
    "Hit",
    "OwnTitle",
    "RoleRow",
    "SceneFilter",
    "SceneRead",
    "ScriptCounts",
    "SuggestedThing",
    "Suggestion",
    "current_breakdown",
    "current_revision",
    "elements_by_category",
    "likely_writers",
    "locked_revision",
    "own_credits",
    "own_titles",
    "people_to_name",
    "role_rows",
    "scene_rows",
    "script_counts",
    "scripts_for",
    "sets_of",
    "suggested_things",
    "suggestions",
    "unclear_scenes",
    "writers_of",
    "written_by",
]
