"""Scripts of the demo that are still on their way: pitches, trial episodes, a draft under review, rights that end."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from scripts_app import actions
from scripts_app.models import Criterion
from scripts_app.queries import Draft, current_revision, text_lines
from scripts_app.samples.generator import generate
from studio.actions import open_production
from studio.models import Production, Studio, User

_PITCHES = (
    ("风起临安", "PITCH05", "落难绣娘被迫替嫁，新婚夜发现夫君正是当年救她的少年。"),
    ("她的第九次重启", "PITCH06", "每次死去都回到签约当天，这一次她先撕了合同。"),
)
_SAID = ("开场慢，前三十秒没有冲突。", "反派动机要再狠一点。", "卡点前一句提到最前面。")


def seed(studio: Studio, users: dict[str, User], reviewed: Production) -> None:
    """Call it when the titles of the demo are there; `reviewed` is a title with a fresh draft."""
    editor, producer = users["script_editor"], users["producer"]
    for title, code, logline in _PITCHES:
        pitch = open_production(studio=studio, title=title, code=code, by=producer)
        actions.plan_script(production=pitch, by=editor, planned_episodes=60, logline=logline)
    trial = open_production(studio=studio, title="夜航船票", code="SHIXIE07", by=producer)
    sample = generate(21, episodes=5, scenes=(9, 11))
    actions.import_script(production=trial, data=sample.text.encode(), filename="trial-episodes.txt", by=editor)
    actions.plan_script(production=trial, by=editor, planned_episodes=70)
    _review(studio, users, reviewed)
    today = timezone.localdate()
    for title, made, until, holder in (
        ("长夜书", [reviewed], today + dt.timedelta(days=21), "晋江文学"),
        ("夜航", [trial], today + dt.timedelta(days=400), "番茄小说"),
    ):
        actions.record_rights(
            studio=studio, by=producer, title=title, author="佚名", holder=holder, contract_reference=f"IP-{until.year}-07",
            territories=["中国大陆", "港澳台"], from_date=today - dt.timedelta(days=300), until_date=until,
            extensions_allowed=1, productions=made,
        )  # fmt: skip


def _review(studio: Studio, users: dict[str, User], production: Production) -> None:
    """A round in the middle of its work: two reviewers, some episodes read, notes, points."""
    editor, producer = users["script_editor"], users["producer"]
    revision = current_revision(production)
    assert revision is not None
    round = actions.open_round(
        revision=revision, kind="editorial", by=producer, reviewers=[editor, users["owner"]],
        due_date=timezone.localdate() + dt.timedelta(days=3),
    )  # fmt: skip
    episodes = list(production.episodes.order_by("number")[:18])
    for episode in episodes:
        back = episode.number in {3, 11}
        actions.judge_episode(
            round=round,
            episode=episode,
            by=editor,
            verdict="return" if back else "pass",
            reason=_SAID[0] if back else "",
        )
    for episode in episodes[:6]:
        actions.judge_episode(round=round, episode=episode, by=users["owner"])
    lines = [each for each in text_lines(Draft.of(revision)) if each.episode in {1, 3} and len(each.text) > 8]
    for place, body in zip((2, len(lines) // 2, len(lines) - 1), _SAID, strict=True):
        note = actions.add_note(round=round, line=lines[place].line, body=body, by=editor)
    actions.answer_note(note=note, body="已改，见下一稿。", by=producer)
    criteria = list(Criterion.objects.filter(studio=studio).order_by("position"))
    for user, points in ((editor, (7, 6, 8, 5)), (users["owner"], (9, 6, 7, 8))):
        actions.give_points(
            round=round, points={each.pk: given for each, given in zip(criteria, points, strict=True)}, by=user
        )
