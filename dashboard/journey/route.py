"""The way of a title: all steps in their order, or part of them."""

from __future__ import annotations

from dashboard.journey import money, outbound, prep, set_days, world
from dashboard.journey.walk import Walk
from postproduction import actions as post


def plan(walk: Walk, data: bytes, filename: str) -> None:
    """From the file to a solved board."""
    post.install_default_pipelines(studio=walk.studio)
    read(walk, data, filename)
    prep.breakdown(walk)
    prep.classify(walk)
    prep.people(walk)
    prep.places(walk)
    money.budget(walk)
    prep.solve(walk)


def prepare(walk: Walk, data: bytes, filename: str) -> None:
    """Everything before the first shoot day."""
    plan(walk, data, filename)
    prep.book(walk)
    prep.lock(walk)


def read(walk: Walk, data: bytes, filename: str) -> None:
    prep.open_title(walk)
    prep.import_script(walk, data, filename)


def finish(walk: Walk, data: bytes, filename: str, *, leave_owed: bool) -> None:
    """From the file to approved masters with their licence."""
    prepare(walk, data, filename)
    set_days.shoot(walk, days=None, leave_owed=leave_owed)
    outbound.post(walk)
    walk.step(
        "finished review",
        lambda: money.file_title(walk, "finished", world.LICENCE_NUMBER, walk.user("compliance_officer")),
    )


def under_review(walk: Walk, data: bytes, filename: str) -> None:
    """From the file to a platform that has judged part of the title."""
    finish(walk, data, filename, leave_owed=False)
    outbound.send(walk)
    outbound.review(walk)


def whole(walk: Walk, data: bytes, filename: str) -> None:
    """From the file to the payouts, and the books checked."""
    finish(walk, data, filename, leave_owed=True)
    outbound.deliver(walk)
    money.costs(walk)
    money.settle(walk)
    money.check(walk)
