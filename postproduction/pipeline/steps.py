"""The steps an episode passes from rushes to master, and what each waits for."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FIELDS = {"code", "name", "department", "minutes", "after"}
MOST_STEPS = 200
MOST_MINUTES = 100_000


class PipelineFault(ValueError):
    """A pipeline that cannot be followed: stable `code`, `params` for the sentence, English `message`."""

    def __init__(self, code: str, message: str, **params: str | int) -> None:
        super().__init__(message.format_map(params))
        self.code = code
        self.params: Mapping[str, str | int] = params
        self.template = message

    @property
    def message(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of work; it starts when every step in `after` is done. Zero `minutes` make it a milestone."""

    code: str
    name: str
    department: str
    minutes: int
    after: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "department": self.department,
            "minutes": self.minutes,
            "after": list(self.after),
        }


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Steps in the order they were written; built only when they can be followed.

    Raises PipelineFault: no_steps, too_many_steps, code_malformed, step_twice, minutes_malformed,
    unknown_step, circle.
    """

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if not self.steps:
            raise PipelineFault("no_steps", "The pipeline has no steps.")
        if len(self.steps) > MOST_STEPS:
            raise PipelineFault("too_many_steps", "The pipeline has more than {most} steps.", most=MOST_STEPS)
        codes: set[str] = set()
        for step in self.steps:
            if _CODE.fullmatch(step.code) is None:
                raise PipelineFault(
                    "code_malformed",
                    "{step} is not a step code: small letters, digits and underscores.",
                    step=step.code[:60],
                )
            if step.code in codes:
                raise PipelineFault("step_twice", "Step {step} is written twice.", step=step.code)
            if isinstance(step.minutes, bool) or not 0 <= step.minutes <= MOST_MINUTES:
                raise PipelineFault("minutes_malformed", "Step {step} needs its minutes, 0 or more.", step=step.code)
            codes.add(step.code)
        for step in self.steps:
            for earlier in step.after:
                if earlier not in codes:
                    raise PipelineFault(
                        "unknown_step",
                        "Step {step} waits for {earlier}, which the pipeline does not have.",
                        step=step.code,
                        earlier=earlier,
                    )
        self._refuse_circle()

    @classmethod
    def from_json(cls, document: Any) -> Pipeline:
        """Read `{"steps": [{code, name, department, minutes, after}]}`. Raises PipelineFault on anything else."""
        rows = document.get("steps") if isinstance(document, dict) else None
        if not isinstance(rows, list):
            raise PipelineFault("steps_missing", "A pipeline is written as an object with a list of steps.")
        return cls(tuple(_step(row, position) for position, row in enumerate(rows, start=1)))

    def to_json(self) -> dict[str, Any]:
        return {"steps": [step.to_json() for step in self.steps]}

    def step(self, code: str) -> Step:
        """The step of that code. Raises PipelineFault no_such_step."""
        for step in self.steps:
            if step.code == code:
                return step
        raise PipelineFault("no_such_step", "The pipeline has no step {step}.", step=code)

    def order(self) -> list[str]:
        """Codes so that each stands behind all it waits for; else as written."""
        placed: dict[str, None] = {}
        waiting = list(self.steps)
        while waiting:
            # The constructor has refused circles, so each pass finds a step whose forerunners are placed.
            step = next(step for step in waiting if all(code in placed for code in step.after))
            placed[step.code] = None
            waiting.remove(step)
        return list(placed)

    def ready(self, done: Collection[str]) -> list[str]:
        """Steps not done whose forerunners all are, as written. Raises PipelineFault for an unknown code."""
        finished = self._known(done)
        return [step.code for step in self.steps if step.code not in finished and finished.issuperset(step.after)]

    def stale_after(self, code: str) -> list[str]:
        """Every later step, near or far, that rests on this one: a change of it reopens those already done."""
        self.step(code)
        stale = {code}
        for later in self.order():
            if stale.intersection(self.step(later).after):
                stale.add(later)
        return [later for later in self.order() if later in stale and later != code]

    def progress(self, done: Collection[str]) -> int:
        """Percent of the planned minutes that is done, rounded down: 100 only when every step is done."""
        finished = self._known(done)
        if len(finished) == len(self.steps):
            return 100
        weights = {step.code: step.minutes for step in self.steps}
        if not sum(weights.values()):
            weights = dict.fromkeys(weights, 1)
        percent = 100 * sum(weights[code] for code in finished) // sum(weights.values())
        # Only milestones may be left: all minutes are done, the work is not.
        return min(99, percent)

    def _known(self, codes: Collection[str]) -> set[str]:
        return {self.step(code).code for code in codes}

    def _refuse_circle(self) -> None:
        waits = {step.code: set(step.after) for step in self.steps}
        while free := [code for code, before in waits.items() if not before]:
            for code in free:
                del waits[code]
            for before in waits.values():
                before.difference_update(free)
        if waits:
            raise PipelineFault(
                "circle",
                "These steps wait for each other in a circle: {steps}.",
                steps=", ".join(_circle(waits)),
            )


def _circle(waits: Mapping[str, set[str]]) -> list[str]:
    """One circle among steps that all wait: follow forerunners until a step comes back."""
    path: list[str] = []
    code = next(iter(waits))
    while code not in path:
        path.append(code)
        code = min(waits[code])
    return path[path.index(code) :]


def _step(row: Any, position: int) -> Step:
    if not isinstance(row, dict):
        raise PipelineFault("step_malformed", "Step {position} must be an object.", position=position)
    if unknown := sorted(str(name) for name in row.keys() - _FIELDS):
        raise PipelineFault(
            "field_unknown",
            "Step {position} has an unknown field {field}.",
            position=position,
            field=unknown[0],
        )
    texts = [row.get("code"), row.get("name", row.get("code")), row.get("department", "")]
    after, minutes = row.get("after", []), row.get("minutes", 0)
    if not all(isinstance(text, str) for text in texts) or not texts[0]:
        raise PipelineFault(
            "step_malformed", "Step {position} needs code, name and department as texts.", position=position
        )
    if not isinstance(after, list) or not all(isinstance(code, str) for code in after):
        raise PipelineFault("after_malformed", "Step {step} needs a list of codes in after.", step=texts[0])
    if isinstance(minutes, bool) or not isinstance(minutes, int):
        raise PipelineFault("minutes_malformed", "Step {step} needs its minutes, 0 or more.", step=texts[0])
    return Step(texts[0], texts[1], texts[2], minutes, tuple(dict.fromkeys(after)))


@functools.cache
def _templates() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(files(__package__).joinpath("data/templates.json").read_text("utf-8"))
    return document


def template_names() -> dict[str, str]:
    """Codes of the templates (live, manju, localisation) and their English names."""
    return {code: template["name"] for code, template in _templates().items()}


def template(code: str) -> Pipeline:
    """A pipeline to start from. Raises PipelineFault no_such_template."""
    if code not in _templates():
        raise PipelineFault("no_such_template", "There is no pipeline template {template}.", template=code)
    return Pipeline.from_json({"steps": _templates()[code]["steps"]})
