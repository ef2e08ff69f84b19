"""The demo studio: one member per role, and titles at every place of the way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from studio.choices import NetworkRole, Role
from studio.models import Membership, Network, NetworkMembership, Person, Studio, User

PASSWORD = "kaiji-demo-1"
# user name, display name, role; the person of the same name is theirs where there is one.
SIGN_INS: list[tuple[str, str, str]] = [
    ("owner", "陈青", Role.OWNER),
    ("producer", "罗楠", Role.PRODUCER),
    ("ad", "何小满", Role.ASSISTANT_DIRECTOR),
    ("script", "江迟", Role.SCRIPT_EDITOR),
    ("writer", "柳行", Role.WRITER),
    ("compliance", "许正", Role.COMPLIANCE_OFFICER),
    ("post", "韩剪", Role.POST_SUPERVISOR),
    ("artist", "温言", Role.POST_ARTIST),
    ("delivery", "孙递", Role.DELIVERY_COORDINATOR),
    ("finance", "钱会", Role.FINANCE),
    ("crew", "宁夏", Role.CREW),
    ("investor", "夏投", Role.INVESTOR),
    ("platform", "红果对接", Role.PLATFORM_CLIENT),
]
NETWORK_SIGN_IN = ("network", "版权总部", NetworkRole.VIEWER)


@transaction.atomic
def make_studio(
    *, name: str, slug: str, passwords: bool = True, language: str = "zh-hans"
) -> tuple[Studio, dict[str, User]]:
    """A studio and a member for each role. Without passwords the users cannot sign in."""
    studio = Studio.objects.create(name=name, slug=slug)
    users: dict[str, User] = {}
    # One hash for all: making one costs a third of a second.
    password = make_password(PASSWORD if passwords else None)
    for username, display_name, role in SIGN_INS:
        user, new = User.objects.get_or_create(
            username=username if passwords else f"{username}-{slug}",
            defaults={"display_name": display_name, "language": language},
        )
        if new:
            user.password = password
            user.save(update_fields=["password"])
        Membership.objects.get_or_create(
            user=user, studio=studio, role=role, production=None,
            defaults={"platform_code": "hongguo" if role == Role.PLATFORM_CLIENT else ""},
        )  # fmt: skip
        users[str(role)] = user
    return studio, users


def link_people(studio: Studio, users: dict[str, User]) -> None:
    """Let members see the days of the person that bears their name."""
    for user in users.values():
        Person.objects.filter(studio=studio, name=user.display_name, user=None).update(user=user)


def seed(tell: Any = lambda text: None) -> Studio:
    """The demo studio with five titles: on air, with the platform, in its shoot, on a board, and a fresh script."""
    from dashboard import (
        demo_budgets,
        demo_consents,
        demo_corrections,
        demo_costs,
        demo_hotcost,
        demo_joint,
        demo_payouts,
        demo_rooms,
        demo_runs,
        demo_scripts,
        demo_statements,
    )
    from dashboard.journey import route, set_days
    from dashboard.journey.walk import Walk, today
    from dashboard.journey.work import InProcess
    from finance.models import Party
    from scripts_app.samples import FIRST_LIGHT
    from scripts_app.samples.generator import generate

    studio, users = make_studio(name="青禾影视", slug="qinghe")
    network = Network.objects.create(name="长夏版权")
    Studio.objects.filter(pk=studio.pk).update(network=network)
    watcher = User.objects.create(
        username=NETWORK_SIGN_IN[0], password=users[Role.OWNER].password, display_name=NETWORK_SIGN_IN[1],
        language="zh-hans",
    )  # fmt: skip
    NetworkMembership.objects.create(user=watcher, network=network, role=NETWORK_SIGN_IN[2])
    day = today(studio)

    def walk(title: str, code: str, on: dt.date, seconds: int = 1) -> Walk:
        return Walk(studio, users, InProcess(), on=on, title=title, code=code, solve_seconds=seconds)

    tell("第一道光: from the script to the payouts")
    done = walk("第一道光", "GUANG01", day - dt.timedelta(days=45))
    route.whole(done, FIRST_LIGHT.read_bytes(), FIRST_LIGHT.name)
    link_people(studio, users)
    Party.objects.filter(studio=studio, code="investor").update(user=users["investor"])
    demo_rooms.seed(studio, users, done.production)

    sent = generate(1, episodes=8, scenes=(20, 24))
    tell(f"{sent.title}: with the platform, one episode refused")
    route.under_review(
        walk(sent.title, "SONGSHEN05", day - dt.timedelta(days=18)), sent.text.encode(), "final-draft.txt"
    )
    link_people(studio, users)

    short = generate(7, episodes=24, scenes=(70, 80))
    tell(f"{short.title}: in the middle of its shoot")
    shooting = walk(short.title, "KAIPAI02", day - dt.timedelta(days=2), seconds=2)
    route.prepare(shooting, short.text.encode(), "shooting-draft.txt")
    set_days.shoot(shooting, days=2, leave_owed=True)
    link_people(studio, users)
    demo_consents.seed(shooting.production, users[Role.COMPLIANCE_OFFICER])

    full = generate(3)
    tell(f"{full.title}: a full-size script on a board to be locked")
    board = walk(full.title, "CHANG03", day + dt.timedelta(days=10), seconds=4)
    route.plan(board, full.text.encode(), "full-draft.txt")
    link_people(studio, users)

    fresh = generate(12, episodes=60, scenes=(120, 150))
    tell(f"{fresh.title}: a fresh script, just read")
    draft = walk(fresh.title, "XINGAO04", day + dt.timedelta(days=25))
    route.read(draft, fresh.text.encode(), "first-draft.txt")
    _return_to_writer(draft)
    link_people(studio, users)
    tell("pitches, trial episodes, a review that goes on, rights that end")
    demo_scripts.seed(studio, users, draft.production)
    demo_budgets.seed(users, done.production, shooting.production)
    demo_costs.seed(studio, users, done.production, shooting.production)
    demo_runs.seed(studio, users)
    tell("wages due and paid, a forecast, thresholds")
    demo_hotcost.seed(studio, users, shooting.production, day)
    demo_corrections.seed(users, done.production, draft.waiter)
    demo_payouts.seed(studio, users, done.production, draft.waiter)
    demo_statements.seed(studio, users)
    demo_joint.seed(studio, users)
    draft.waiter.settle(studio.pk)
    return studio


def _return_to_writer(walk: Any) -> None:
    """The fresh script's editor returns it, and the first part of the writer's fee is owed."""
    from dashboard.journey.world import WRITER
    from finance.actions import record_script_fee
    from scripts_app import actions, queries

    revision = queries.current_revision(walk.production)
    assert revision is not None
    editor = walk.user("script_editor")
    round = actions.open_round(revision=revision, kind="editorial", by=editor)
    said = [row for text in revision.texts.order_by("pk")[:2] for row in text.elements if row.get("speaker")]
    for row, body in zip(said, ("这句太书面，改成口语。", "他这时还不知道真相，台词要改。"), strict=False):
        actions.add_note(round=round, line=row["line"], body=body, by=editor)
    actions.close_round(
        round=round, verdict="return", by=editor,
        notes="前三集钩子偏弱，第二集的反转要提前。\n第五集与第六集可以并成一集。",
    )  # fmt: skip
    record_script_fee(
        production=walk.production, amount_minor=1_500_000, on_date=walk.on,
        person=Person.objects.get(studio=walk.studio, name=WRITER), reference="first", by=walk.user("finance"),
    )  # fmt: skip
    walk.waiter.settle(walk.studio.pk)
