"""Which papers a title is asked for, by class and filing stage; rows of data, edited by the studio."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from .faults import RuleFault

CLASSES = ("key", "ordinary", "other")
STAGES = {
    "planning": "Planning filing",
    "finished": "Review of the finished work",
    "platform": "Review by the platform",
    "release": "Release",
}
TRAITS = {
    "special_theme": "Special theme",
    "adaptation": "Adaptation",
    "minors": "Minors take part",
    "ai": "Made with AI",
}


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that titles of a class (or `any`) owe at a stage; `when` narrows it to titles with a trait."""

    code: str
    name: str
    class_: str
    stage: str
    when: str | None = None
    source: str = ""

    def __post_init__(self) -> None:
        known = self.class_ in (*CLASSES, "any") and self.stage in STAGES and (self.when is None or self.when in TRAITS)
        if not known:
            raise RuleFault(
                "paper_row",
                "The row of paper {paper} names a class, stage or trait that does not exist.",
                paper=self.code,
            )


def stages_of(class_: str) -> list[str]:
    """The stages a title of that class passes, in order."""
    if class_ not in CLASSES:
        raise RuleFault("unknown_class", "There is no class {class_name}.", class_name=class_)
    return ["platform", "release"] if class_ == "other" else ["planning", "finished", "release"]


def papers_for(
    class_: str, stage: str, *, traits: Collection[str] = (), rows: Sequence[PaperRow] | None = None
) -> list[PaperRow]:
    """The papers asked for, in the order of the rows, each code once. Raises RuleFault for an unknown class or stage."""
    if stage not in STAGES:
        raise RuleFault("unknown_stage", "There is no filing stage {stage}.", stage=stage)
    if stage not in stages_of(class_):
        return []
    asked: dict[str, PaperRow] = {}
    for row in default_papers() if rows is None else rows:
        if row.class_ in (class_, "any") and row.stage == stage and (row.when is None or row.when in traits):
            asked.setdefault(row.code, row)
    return list(asked.values())


def missing_papers(asked: Sequence[PaperRow], held: Collection[str]) -> list[PaperRow]:
    return [row for row in asked if row.code not in held]


def default_papers() -> list[PaperRow]:
    """The working set that comes with the product; a province or platform may ask for more."""
    text = files(__package__).joinpath("data/papers.json").read_text("utf-8")
    return [paper_from_json(row) for row in json.loads(text)["papers"]]


def paper_from_json(row: Mapping[str, Any]) -> PaperRow:
    return PaperRow(row["code"], row["name"], row["class"], row["stage"], row.get("when"), row.get("source", ""))
