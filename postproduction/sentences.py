"""Words of the pure packages in the reader's language: steps, departments, faults of pipelines, refused files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import pgettext
from django.utils.translation import pgettext_lazy as marked

# What the templates call their steps and departments. Other names are a studio's own and stay as written.
STEP_NAMES = [
    marked("post step", "Rough cut"), marked("post step", "Fine cut"), marked("post step", "Picture lock"),
    marked("post step", "Colour"), marked("post step", "Visual effects"), marked("post step", "Dialogue and dub"),
    marked("post step", "Effects, music and mix"), marked("post step", "Subtitles"),
    marked("post step", "Titles and packaging"), marked("post step", "Quality check"), marked("post step", "Master"),
    marked("post step", "Storyboards"), marked("post step", "Character, scene and prop designs"),
    marked("post step", "Images"), marked("post step", "Voice"), marked("post step", "Image to video"),
    marked("post step", "Assembly"), marked("post step", "Upscaling"), marked("post step", "Transcript"),
    marked("post step", "Translation"), marked("post step", "Adaptation"), marked("post step", "Dub"),
]  # fmt: skip
PIPELINE_NAMES = [
    marked("post pipeline", "Live action"), marked("post pipeline", "Comic drama"),
    marked("post pipeline", "Localisation"),
]  # fmt: skip

MEDIA = {
    "media_missing": noop("There is no file {name}."),
    "media_not_a_file": noop("{name} is not a file."),
    "media_unreadable": noop("{name} may not be read."),
    "media_empty": noop("{name} is empty."),
    "media_unknown_format": noop("{name} is not a video or sound file that can be read."),
    "media_no_picture_or_sound": noop("{name} holds neither picture nor sound."),
    "media_unknown_codec": noop("{name} is coded in a way that cannot be read."),
    "media_damaged": noop("{name} is damaged: it stops being readable after {seconds} seconds."),
    "media_too_long": noop("{name} could not be examined within {seconds} seconds."),
    "media_too_heavy": noop("{name} needs more memory than a probe may use."),
    "media_probe_failed": noop("{name} stopped the probe; the file is probably damaged."),
    "media_no_picture": noop("{name} has sound but no picture."),
}
FAULTS = {
    "no_steps": noop("The pipeline has no steps."),
    "too_many_steps": noop("The pipeline has more than {most} steps."),
    "code_malformed": noop("{step} is not a step code: small letters, digits and underscores."),
    "step_twice": noop("Step {step} is written twice."),
    "minutes_malformed": noop("Step {step} needs its minutes, 0 or more."),
    "unknown_step": noop("Step {step} waits for {earlier}, which the pipeline does not have."),
    "steps_missing": noop("A pipeline is written as a list of steps."),
    "circle": noop("These steps wait for each other in a circle: {steps}."),
    "step_malformed": noop("Step {position} needs code, name and department as texts."),
    "field_unknown": noop("Step {position} has an unknown field {field}."),
    "after_malformed": noop("Step {step} needs a list of codes in after."),
    "no_minutes": noop("Department {department} has no minutes a day to work with."),
    "beyond_horizon": noop("The work does not end within ten years on the working days of this calendar."),
}


class _Params(dict[str, Any]):
    """An older row may lack a parameter of today's sentence."""

    def __missing__(self, key: str) -> str:
        return "…"


def step_label(name: str) -> str:
    return pgettext("post step", name)


def media_sentence(code: str, params: Mapping[str, Any]) -> str:
    text = MEDIA.get(code)
    return _(text).format_map(_Params(params)) if text else code


def fault_sentence(code: str, params: Mapping[str, Any]) -> str:
    text = FAULTS.get(code)
    return _(text).format_map(_Params(params)) if text else code
