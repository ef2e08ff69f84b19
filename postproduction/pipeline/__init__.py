"""Post pipelines as data: steps, what each waits for, due dates and what a change reopens. Pure."""

from .plan import Calendar, Planned, plan
from .steps import Pipeline, PipelineFault, Step, template, template_names

__all__ = ["Calendar", "Pipeline", "PipelineFault", "Planned", "Step", "plan", "template", "template_names"]
