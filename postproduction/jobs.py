"""Long work of the post room: measuring masters."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from postproduction.choices import MasterState
from postproduction.events import MasterMeasured
from postproduction.masters import local_copy
from postproduction.media import MediaError, probe
from postproduction.models import Master
from studio.facts import publish
from studio.job_names import name_job
from studio.jobs import Run, job

PROBE_SECONDS = 240

name_job("postproduction.measure_master", _("Measure a master"))
name_job("postproduction.open_shot_episodes", _("Open shot episodes for post"))


# The lease outlives the probe, which ends by itself.
@job("postproduction.measure_master", lease_seconds=PROBE_SECONDS + 60, max_attempts=3)
def measure_master(run: Run, master: int) -> dict[str, Any] | None:
    """Examine the file in a child process, then write what it is or why it is refused."""
    row = Master.objects.select_related("episode__production").get(pk=master)
    if row.state != MasterState.CHECKING:
        return {"state": row.state}
    facts: dict[str, Any] = {}
    code, params = "", {}
    try:
        with local_copy(row) as path:
            measured = probe(path, timeout=PROBE_SECONDS)
        facts = measured.to_json()
        if measured.video_codec is None:
            code = "media_no_picture"
    except MediaError as error:
        code, params = error.code, dict(error.params)
    if code:
        # People know the file by the name they gave it.
        params["name"] = row.file_name
    state = MasterState.REFUSED if code else MasterState.READY
    with run.finishing({"state": str(state)}):
        changed = Master.objects.filter(pk=row.pk, state=MasterState.CHECKING).update(
            state=state, facts=facts, refusal_code=code, refusal_params=params, updated_at=timezone.now()
        )
        if changed:
            production = row.episode.production
            publish(
                MasterMeasured(
                    studio_id=production.studio_id, production_id=production.pk, master_id=row.pk,
                    episode_id=row.episode_id, refusal_code=code,
                ),
                by=run.job.created_by,
            )  # fmt: skip
    return None
