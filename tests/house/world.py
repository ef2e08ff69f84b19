"""Two studios with one row of everything, made through the models: what the walk over the routes looks at.

Every row of the studio that must stay unseen carries `THEIRS` in its texts; every row of the own studio's second title
carries `NEXT_DOOR`, and so do its people and its platform. A row is filed under the name of its model in small
letters: `world.own["scene"]`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from studio.choices import Role
from studio.middleware import current_studio

OURS = "青禾的"
THEIRS = "别人的"
NEXT_DOOR = "隔壁的"
DAY = dt.date(2026, 12, 1)
# Rows that a platform's own client may see.
FOR_PLATFORMS = frozenset({"package", "deliverable", "verdict", "takedown"})


@dataclasses.dataclass
class Estate:
    """The rows of one title and of the studio it belongs to."""

    word: str
    of_studio: dict[str, Any] = dataclasses.field(default_factory=dict)
    of_title: dict[str, Any] = dataclasses.field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        return self.of_title[key] if key in self.of_title else self.of_studio[key]

    @property
    def rows(self) -> list[Model]:
        return [*self.of_studio.values(), *self.of_title.values()]


@dataclasses.dataclass(frozen=True)
class Actor:
    """Somebody who knocks at every door. `reach` is what the role covers."""

    name: str
    user: Any
    role: Role | None
    reach: str  # studio, title, writer, platform, network, other, nowhere
    client: Client
    cookies: str

    def __str__(self) -> str:
        return self.name


@dataclasses.dataclass
class World:
    own: Estate
    next_door: Estate
    theirs: Estate
    actors: list[Actor]
    _access: dict[Any, Any] = dataclasses.field(default_factory=dict)
    _studio: dict[Any, Any] = dataclasses.field(default_factory=dict)

    def access_of(self, user: Any) -> Any:
        """What the middleware asks at each request; read once, as nobody's roles change here."""
        from studio.access import access_of

        if user.pk not in self._access:
            self._access[user.pk] = access_of(user)
        return self._access[user.pk]

    def studio_in_front(self, request: Any, access: Any) -> Any:
        if request.user.pk not in self._studio:
            self._studio[request.user.pk] = current_studio(request, access)
        return self._studio[request.user.pk]

    def actor(self, name: str) -> Actor:
        return next(actor for actor in self.actors if actor.name == name)

    def hidden_from(self, actor: Actor) -> tuple[str, ...]:
        """The words that no answer to this actor may contain."""
        return {
            "studio": (THEIRS,),
            "network": (THEIRS,),
            "title": (THEIRS, NEXT_DOOR),
            "writer": (THEIRS, NEXT_DOOR),
            "platform": (THEIRS, NEXT_DOOR),
            "other": (OURS, NEXT_DOOR),
            "nowhere": (OURS, NEXT_DOOR, THEIRS),
        }[actor.reach]


def build() -> World:
    """Make everything; call it inside a transaction that is rolled back."""
    from studio.models import Network, NetworkMembership

    own, next_door, theirs = Estate(OURS), Estate(NEXT_DOOR), Estate(THEIRS)
    own.of_studio = _studio_rows(OURS, "qinghe", "hongguo")
    theirs.of_studio = _studio_rows(THEIRS, "yuanshan", "hongguo")
    network = Network.objects.create(name=f"{OURS}版权网")
    own["studio"].network = network
    own["studio"].save()
    # The second title lives in the same studio but has people and a platform of its own.
    next_door.of_studio = {**own.of_studio, **_people_and_platform(own["studio"], NEXT_DOOR, "douyin")}
    for estate, code in ((own, "QH01"), (next_door, "QH02"), (theirs, "YS01")):
        estate.of_title = _title_rows(estate, code)
    _agree_over_both(own, next_door)
    _agree_over_both(theirs, _second_title(theirs))

    actors = [_actor("anonymous", None, None, "nowhere"), _member("nobody", None, None, "nowhere")]
    for role in Role:
        reach = {Role.PLATFORM_CLIENT: "platform", Role.WRITER: "writer"}.get(role, "studio")
        actors.append(_member(str(role), own, role, reach))
    actors.append(_member("guest of one title", own, Role.ASSISTANT_DIRECTOR, "title"))
    actors.append(_member("owner of the other studio", theirs, Role.OWNER, "other"))
    viewer = _member("network viewer", None, None, "network")
    NetworkMembership.objects.create(user=viewer.user, network=network)
    actors.append(viewer)
    world = World(own, next_door, theirs, actors)
    _what_is_somebodys(world)
    return world


def _second_title(estate: Estate) -> Estate:
    """Another title of the studio and a platform, without rows of its own."""
    from delivery.models import Platform
    from studio.models import Production

    second = Estate(estate.word)
    second.of_studio = {
        "platform": Platform.objects.create(studio=estate["studio"], code="second", name=f"{estate.word}平台")
    }
    second.of_title = {
        "production": Production.objects.create(studio=estate["studio"], title=f"{estate.word}第二部", code="YS02")
    }
    return second


def _agree_over_both(own: Estate, next_door: Estate) -> None:
    """A contract over the title and the one next door: who works on one of them alone sees nothing of it."""
    from finance.models import Contract, ContractTitle

    contract = Contract.objects.create(
        production=own["production"], platform=next_door["platform"], from_date=dt.date(2026, 1, 1),
        terms={**_terms(own["party"].code), "id": f"{next_door.word}片单", "titles": [own["production"].code, next_door["production"].code]},
    )  # fmt: skip
    ContractTitle.objects.create(contract=contract, production=next_door["production"])


def _actor(name: str, user: Any, role: Role | None, reach: str) -> Actor:
    client = Client(headers={"accept-language": "en"})
    client.raise_request_exception = False
    if user is not None:
        client.force_login(user)
    return Actor(name, user, role, reach, client, client.cookies.output(header="", sep=";"))


def _member(name: str, estate: Estate | None, role: Role | None, reach: str) -> Actor:
    from studio.models import Membership, User

    user = User(
        username=name.replace(" ", "-"), email=f"{name.replace(' ', '.')}@example.com", language="en", display_name="某人"
    )  # fmt: skip
    # Something that counts as a password; nobody signs in with it.
    user.password = "md5$salt$0123456789abcdef0123456789abcdef"
    user.save()
    if estate is not None:
        Membership.objects.create(
            user=user, studio=estate["studio"], role=role, production=estate["production"] if reach == "title" else None,
            platform_code="hongguo" if role == Role.PLATFORM_CLIENT else "",
        )  # fmt: skip
    return _actor(name, user, role, reach)


def _what_is_somebodys(world: World) -> None:
    """Rows that belong to one person: tokens, notices, a crew member's own calls, an investor's share."""
    from scripts_app.models import ScriptWriter
    from studio.models import ApiToken, Notice, Person, User

    for estate, owner in ((world.own, "owner"), (world.theirs, "owner of the other studio")):
        user, studio, word = world.actor(owner).user, estate["studio"], estate.word
        token, _secret = ApiToken.mint(
            user=user, studio=studio, name=f"{word}钥匙", scopes=["delivery.view"],
            expires_at=timezone.now() + dt.timedelta(days=30),
        )  # fmt: skip
        token.save()
        estate.of_studio["apitoken"] = token
        world.next_door.of_studio.setdefault("apitoken", token)
        estate.of_title["notice"] = Notice.objects.create(
            user=user, studio=studio, production=estate["production"], kind="", params={"title": word}, dedupe=word
        )
    crew = world.own["person"]
    crew.user = world.actor(Role.CREW).user
    crew.save()
    # The writer has the role over the whole studio, and is named as a writer of one title.
    writer = Person.objects.create(
        studio=world.own["studio"], name=f"{OURS}江迟", user=world.actor(Role.WRITER).user
    )  # fmt: skip
    ScriptWriter.objects.create(script=world.own["script"], person=writer, position=2)
    party = world.own["party"]
    party.user = world.actor(Role.INVESTOR).user
    party.save()
    assert User.objects.filter(pk__in=[crew.user_id, party.user_id]).count() == 2


def _people_and_platform(studio: Any, word: str, platform_code: str) -> dict[str, Any]:
    from delivery.models import Platform, Spec
    from finance.models import BatchPart, ColumnMapping, Party, StatementBatch
    from scheduling.models import Unavailability
    from studio.models import Person

    # People are the studio's: who works on one title may see the name of somebody from the next.
    name = OURS if word == NEXT_DOOR else word
    person = Person.objects.create(studio=studio, name=f"{name}林叶", phone="13800000000")
    platform = Platform.objects.create(studio=studio, code=platform_code, name=f"{word}红果")
    batch = StatementBatch.objects.create(
        platform=platform, period="2026-11", file=ContentFile(f"{word}剧,{word}钱\n初光,5\n".encode(), name="all.csv"),
        file_name=f"{word}总账单.csv", sha256="a" * 64, state="columns",
    )  # fmt: skip
    return {
        "statementbatch": batch,
        "batchpart": BatchPart.objects.create(
            batch=batch, place=0, title=f"{word}新剧", lines=1, counted_minor=500, state="unknown"
        ),
        "columnmapping": ColumnMapping.objects.create(
            platform=platform,
            shape="b" * 64,
            heads=[f"{word}剧", f"{word}钱"],
            columns={"title": f"{word}剧", "share": f"{word}钱"},
            from_date=dt.date(2026, 1, 1),
        ),
        "person": person,
        "unavailability": Unavailability.objects.create(
            person=person, from_date=DAY, to_date=DAY, reason=f"{name}婚礼"
        ),
        "platform": platform,
        "spec": Spec.objects.create(
            platform=platform, from_date=dt.date(2026, 1, 1), rules=_spec_rules(), source=f"{word}规格书"
        ),
        "party": Party.objects.create(
            studio=studio, code=f"investor-{platform_code}", name=f"{word}投资方", kind="person", person=person
        ),
    }


def _spec_rules() -> dict[str, Any]:
    import json
    from pathlib import Path

    import delivery.checks

    known = json.loads((Path(delivery.checks.__file__).parent / "data" / "specs.json").read_text())
    return dict(known["specs"][0])


def _studio_rows(word: str, slug: str, platform_code: str) -> dict[str, Any]:
    from compliance.models import ClassRule, ConsentRule, CostCap, FilingClock, FlagTerm, PaperRule
    from finance.models import (
        ApprovalLimit,
        BudgetPart,
        BudgetPartLine,
        BudgetShare,
        ClosedPeriod,
        ExchangeRate,
        Tariff,
        TaxTable,
    )
    from postproduction.models import Pipeline
    from scheduling.models import FilmBase, Location
    from scripts_app.models import RevisionColour
    from studio.models import Studio

    studio = Studio.objects.create(name=f"{word}影视", slug=slug)
    part = BudgetPart.objects.create(studio=studio, name=f"{word}夜戏")
    base = FilmBase.objects.create(studio=studio, name=f"{word}横店", city="金华", contact=f"{word}王五")
    return {
        "studio": studio,
        **_people_and_platform(studio, word, platform_code),
        "filmbase": base,
        "revisioncolour": RevisionColour.objects.create(studio=studio, position=0, name=f"{word}白页", tint="white"),
        "location": Location.objects.create(base=base, name=f"{word}办公室", price_minor=300_000),
        "classrule": ClassRule.objects.create(
            studio=studio, from_date=dt.date(2026, 2, 1), key_from_minor=300_000_000, ordinary_from_minor=100_000_000,
            source=f"{word}通知",
        ),
        "costcap": CostCap.objects.create(
            studio=studio, from_date=dt.date(2026, 2, 1), measure="cast", most_bp=4000, source=f"{word}意见"
        ),
        "consentrule": ConsentRule.objects.create(
            studio=studio, from_date=dt.date(2026, 2, 1), kind="likeness", whom="cast", source=f"{word}约定"
        ),
        "filingclock": FilingClock.objects.create(studio=studio, clock="province", days=21),
        "flagterm": FlagTerm.objects.create(
            studio=studio, kind="smoking", word=f"{word}烟", from_date=dt.date(2026, 2, 1), source=f"{word}词表"
        ),
        "paperrule": PaperRule.objects.create(
            studio=studio, code="synopsis", name=f"{word}故事梗概", stage="planning", source=f"{word}通知"
        ),
        "pipeline": Pipeline.objects.create(
            studio=studio, name=f"{word}流程", steps=[{"code": "edit", "name": f"{word}剪辑", "minutes": 60}]
        ),
        "approvallimit": ApprovalLimit.objects.create(studio=studio, role="producer", most_minor=1_000_000),
        "tariff": Tariff.objects.create(
            studio=studio, kind="extra", from_date=dt.date(2026, 1, 1), flat_minor=10_000, source=f"{word}群演报价"
        ),
        "budgetpart": part,
        "budgetpartline": BudgetPartLine.objects.create(part=part, account="living", name=f"{word}夜宵", rate_minor=2_000),
        "closedperiod": ClosedPeriod.objects.create(
            studio=studio, period="2025-01", closed_at=timezone.now(), reason=f"{word}年初"
        ),
        "exchangerate": ExchangeRate.objects.create(
            studio=studio, base="USD", quote="CNY", on_date=dt.date(2026, 1, 31), numerator=71234, denominator=10000,
            source=f"{word}牌价",
        ),
        "taxtable": TaxTable.objects.create(
            studio=studio, method="author", from_date=dt.date(2030, 1, 1), brackets=[[None, 2000, 0]], source=f"{word}公告"
        ),
        "budgetshare": BudgetShare.objects.create(studio=studio, account="cast", name=f"{word}演员", share_bp=2500),
    }  # fmt: skip


def _title_rows(at: Estate, code: str) -> dict[str, Any]:
    from django.db import transaction

    from studio.actions import engage, open_production
    from studio.jobs import KINDS
    from studio.models import Episode, Event, Job

    word = at.word
    with transaction.atomic():
        production = open_production(
            studio=at["studio"],
            title=f"{word}初光",
            code=code,
            by=None,
            investment_minor=60_000_000,
            shoot_from_date=DAY,
        )
    rows: dict[str, Any] = {"production": production}
    rows["episode"] = Episode.objects.create(production=production, number=1, title=f"{word}第一集", hook=f"{word}钩子")
    with transaction.atomic():
        rows["engagement"] = engage(
            production=production, person=at["person"], department="cast", job_title=f"{word}女一", by=None,
            day_rate_minor=200_000,
        )  # fmt: skip
    rows["event"] = Event.objects.filter(production_id=production.pk).order_by("id").first()
    rows["job"] = Job.objects.create(
        kind=next(iter(KINDS), "studio.nothing"), studio=at["studio"], production=production, state="parked",
        finished_at=timezone.now(), error=f"{word}没有做成",
    )  # fmt: skip
    at.of_title = rows
    for room in (_script, _compliance, _schedule, _shoot, _post, _delivery, _money, _banking, _spending):
        rows.update(room(at, word))
    return rows


def _script(at: Estate, word: str) -> dict[str, Any]:
    from scripts_app import models as m

    production, episode = at["production"], at["episode"]
    script = m.Script.objects.create(production=production, logline=f"{word}故事", outline=f"{word}纲")
    writer = m.ScriptWriter.objects.create(script=script, person=at["person"], credit="head")
    revision = m.Revision.objects.create(
        script=script, number=1, source_name=f"{word}剧本.txt", source_sha256="a" * 64,
        source_file=ContentFile(f"{word}剧本".encode(), name="script.txt"), characters_count=900,
        episodes=[{"number": 1, "title": f"{word}第一集", "line": 1}],
    )  # fmt: skip
    link, _secret = m.ScriptLink.mint(
        revision=revision, reader_name=f"{word}导演", expires_at=timezone.now() + dt.timedelta(days=3)
    )
    link.save()
    scene = m.Scene.objects.create(
        production=production, episode=episode, number="1-1", sort_key="0001-0001", int_ext="int", time_of_day="day",
        set_name=f"{word}办公室", synopsis=f"{word}她来了", first_revision=revision, page_parts=8, seconds=60,
    )  # fmt: skip
    character = m.Character.objects.create(production=production, name=f"{word}林叶", bio=f"{word}二十四岁")
    element = m.Element.objects.create(production=production, category="props", name=f"{word}戒指", suggested=True)
    element.scenes.add(scene)
    tag = element.tags.get()
    return {
        **_reviews(at, word, revision, scene),
        "script": script,
        "scriptwriter": writer,
        "scriptlink": link,
        "scriptlinkopening": m.ScriptLinkOpening.objects.create(
            link=link, opened_at=timezone.now(), kind="page", agent=f"{word}微信", network="203.0.113.0/24"
        ),
        "revision": revision,
        "scene": scene,
        "tag": tag,
        "mark": m.Mark.objects.create(tag=tag, digest="c" * 24, start=0, length=2, words=f"{word}戒"),
        "refusal": m.Refusal.objects.create(production=production, category="props", name=f"{word}项链"),
        "breakdownstep": m.BreakdownStep.objects.create(
            studio=at["studio"], production=production, kind="tag", params={"name": f"{word}戒指", "scenes": ["1-1"]},
            made_at=timezone.now(),
        ),
        "dictionaryword": m.DictionaryWord.objects.create(
            studio=at["studio"], category="props", word=f"{word}钻戒", name=f"{word}戒指"
        ),
        "linkrule": m.LinkRule.objects.create(
            studio=at["studio"], production=production, when="role", when_name=f"{word}林叶", then_category="props",
            then_name=f"{word}戒指",
        ),
        "scenetext": m.SceneText.objects.create(
            scene=scene, revision=revision, number="1-1", episode_number=1, digest="b" * 64,
            elements=[{"kind": "action", "speaker": "", "text": f"{word}推门", "line": 1}],
        ),
        "character": character,
        "scenecharacter": m.SceneCharacter.objects.create(scene=scene, character=character, note=f"{word}湿发"),
        "staleitem": m.StaleItem.objects.create(
            revision=revision, kind="scripts_app.stale_tags", key="tags:1", params={"scenes": f"{word}1-1"},
            verb="script.settle",
        ),
        "breakdown": m.Breakdown.objects.create(revision=revision),
        "reading": m.Reading.objects.create(
            production=production, source_name=f"{word}二稿.txt", source_sha256="c" * 64,
            source_file=ContentFile(f"第1集\n1-1 日 内 {word}办公室\n{word}林叶：走。\n".encode(), name="draft.txt"),
        ),
        "element": element,
    }  # fmt: skip


def _reviews(at: Estate, word: str, revision: Any, scene: Any) -> dict[str, Any]:
    from scripts_app import models as m
    from studio.models import User

    now = timezone.now()
    reader = User.objects.create(username=f"{word}审稿人")
    round = m.ReviewRound.objects.create(
        revision=revision, kind="editorial", verdict="return", notes=f"{word}钩子弱", reviewed_at=now
    )
    note = m.ReviewNote.objects.create(
        round=round, episode=at["episode"], scene=scene, line=1, quote=f"{word}推门", body=f"{word}太慢"
    )
    criterion = m.Criterion.objects.filter(studio=at["studio"], code="hook").get()
    m.Criterion.objects.filter(pk=criterion.pk).update(name=f"{OURS if word == NEXT_DOOR else word}钩子")
    source = m.SourceWork.objects.create(
        studio=at["studio"], title=f"{OURS if word == NEXT_DOOR else word}原著", holder="某文学", until_date=DAY,
        file=ContentFile(b"contract", name="contract.pdf"),
    )  # fmt: skip
    source.productions.add(at["production"])
    return {
        "reviewround": round,
        "reviewnote": note,
        "notereply": m.NoteReply.objects.create(note=note, body=f"{word}已改", said_at=now),
        "episodeverdict": m.EpisodeVerdict.objects.create(
            round=round, episode=at["episode"], reviewer=reader, verdict="return", reason=f"{word}拖沓", read_at=now
        ),
        "criterion": criterion,
        "score": m.Score.objects.create(round=round, criterion=criterion, reviewer=reader, points=6, best=10),
        "greenlight": m.Greenlight.objects.create(
            production=at["production"], revision=revision, missing="editorial", override_reason=f"{word}档期", given_at=now
        ),
        "sourcework": source,
    }  # fmt: skip


def _compliance(at: Estate, word: str) -> dict[str, Any]:
    from compliance import models as m
    from studio.models import User

    production = at["production"]
    return {
        "titlecase": m.TitleCase.objects.create(production=production),
        "classification": m.Classification.objects.create(
            production=production, class_code="other", rule=at["classrule"], on_date=DAY,
            reasons=[], facts={},
        ),
        "contentflag": m.ContentFlag.objects.create(
            production=production, scene=at["scene"], kind="smoking", word=f"{word}烟", origin="text", line=0, start=0,
            quote=f"{word}烟灰缸", digest="0" * 24,
        ),
        "consent": m.Consent.objects.create(
            production=production, person=at["person"], kind="likeness", scope=f"{word}肖像", from_date=DAY,
            file=ContentFile(b"%PDF-1.4", name="consent.pdf"), file_name=f"{word}同意书.pdf", sha256="c" * 64,
        ),
        "aideclaration": m.AiDeclaration.objects.create(
            production=production, uses=["voice"], tools=f"{word}配音工具", on_date=DAY,
            file=ContentFile(b"%PDF-1.4", name="rights.pdf"), file_name=f"{word}权利证明.pdf", sha256="d" * 64,
        ),
        "leadperformer": m.LeadPerformer.objects.create(production=production, person=at["person"]),
        "gateoverride": m.GateOverride.objects.create(
            production=production, gate="shoot", reason=f"{word}理由", given_at=timezone.now(),
            given_by=User.objects.get_or_create(username="lets-through", defaults={"display_name": "某人"})[0],
        ),
        "filing": m.Filing.objects.create(
            production=production, kind="planning", authority="province", state="granted", number=f"{word}备字1号",
            decided_at=timezone.now(), submitted_at=timezone.now(),
        ),
    }  # fmt: skip


def _schedule(at: Estate, word: str) -> dict[str, Any]:
    from scheduling import models as m
    from scheduling.call_sheets import issue_call_sheet

    production, scene, now = at["production"], at["scene"], timezone.now()
    board = m.Stripboard.objects.create(production=production, name=f"{word}顺场表")
    day = m.BoardDay.objects.create(board=board, date=DAY)
    shoot_day = m.ShootDay.objects.create(
        production=production, board=board, number=1, date=DAY, base=at["filmbase"], notes=f"{word}带伞"
    )
    rows = {
        "set": m.Set.objects.create(production=production, name=f"{word}办公室", location=at["location"]),
        "booking": m.Booking.objects.create(
            production=production, location=at["location"], start_at=now, end_at=now + dt.timedelta(hours=8),
            price_minor=300_000, state="confirmed",
        ),
        "casting": m.Casting.objects.create(character=at["character"], engagement=at["engagement"]),
        "stripboard": board,
        "boardday": day,
        "strip": m.Strip.objects.create(board=board, scene=scene, day=day, position=0),
        "boardmove": m.BoardMove.objects.create(
            board=board, number=1, kind="moved", before={"days": [], "pinned": []}, after={"days": [], "pinned": []},
            made_at=now,
        ),
        "shootday": shoot_day,
        "plannedscene": m.PlannedScene.objects.create(shoot_day=shoot_day, scene=scene, position=0),
    }  # fmt: skip
    # What an issued sheet keeps is only what issuing makes of the plan.
    call_sheet = issue_call_sheet(shoot_day=shoot_day, by=None, notes=f"{word}带伞")
    shoot_day.refresh_from_db()
    return rows | {"callsheet": call_sheet, "callsheetrecipient": call_sheet.recipients.get()}


def _shoot(at: Estate, word: str) -> dict[str, Any]:
    from shooting import models as m

    report = m.DailyReport.objects.create(
        shoot_day=at["shootday"], state="submitted", call_minute=360, wrap_minute=1080, weather="clear",
        notes=f"{word}顺利", submitted_at=timezone.now(),
    )  # fmt: skip
    return {
        "dailyreport": report,
        "scenereport": m.SceneReport.objects.create(
            report=report, scene=at["scene"], result="shot", note=f"{word}一条过"
        ),
        "timesheet": m.TimeSheet.objects.create(
            report=report, engagement=at["engagement"], call_minute=360, wrap_minute=1080
        ),
        "extrascount": m.ExtrasCount.objects.create(
            report=report, position=0, kind="extra", heads=12, call_minute=360, wrap_minute=1080, note=f"{word}食客"
        ),
    }


def _post(at: Estate, word: str) -> dict[str, Any]:
    from postproduction import models as m

    post = m.EpisodePost.objects.create(
        episode=at["episode"], pipeline=at["pipeline"], opened_at=timezone.now(), steps=at["pipeline"].steps
    )
    return {
        "episodepost": post,
        "posttask": m.PostTask.objects.create(
            episode_post=post, step="edit", step_name=f"{word}剪辑", state="ready", assignee=at["person"],
            note=f"{word}节奏快",
        ),
        "master": m.Master.objects.create(
            episode=at["episode"], version=1, file=ContentFile(b"video", name="master.mp4"),
            file_name=f"{word}第一集.mp4", sha256="c" * 64, state="approved", approved_at=timezone.now(),
        ),
    }  # fmt: skip


def _delivery(at: Estate, word: str) -> dict[str, Any]:
    from delivery import models as m

    now = timezone.now()
    package = m.Package.objects.create(
        production=at["production"], platform=at["platform"], spec=at["spec"], state="sent", sent_at=now, round=1,
        synopsis=f"{word}梗概", tagline=f"{word}一句话",
    )  # fmt: skip
    deliverable = m.Deliverable.objects.create(
        package=package, episode=at["episode"], master=at["master"], state="sent", sent_at=now, round=1,
        override_reason=f"{word}照发",
    )  # fmt: skip
    return {
        "package": package,
        "deliverable": deliverable,
        "verdict": m.Verdict.objects.create(
            package=package, deliverable=deliverable, external_id=f"{word}1", code="refused", reason=f"{word}字幕错", round=1,
            at=now,
        ),
        "takedown": m.Takedown.objects.create(package=package, reason=f"{word}到期", at=now),
    }  # fmt: skip


def _money(at: Estate, word: str) -> dict[str, Any]:
    from finance import models as m

    production, platform, party, now = at["production"], at["platform"], at["party"], timezone.now()
    entry = m.Entry.objects.create(
        production=production, source=f"manual:{word}1", on_date=DAY, narrative=f"{word}片酬"
    )
    lines = [
        m.EntryLine.objects.create(
            entry=entry, account=account, amount_minor=amount, note=f"{word}片酬", person=at["person"]
        )
        for account, amount in (("cast", 200_000), ("payable", -200_000))
    ]
    wage = m.WagePayment.objects.create(
        studio=at["studio"], person=at["person"], method="labour_single", on_date=DAY, gross_minor=200_000,
        tax_minor=24_000, net_minor=176_000, tax_steps=[],
    )  # fmt: skip
    document = m.RoomDocument.objects.create(production=production, kind="licence", name=f"{word}许可证")
    version = m.RoomDocumentVersion.objects.create(
        document=document, number=1, file=ContentFile(b"%PDF-licence", name="licence.pdf"),
        file_name=f"{word}许可证.pdf", size=12, sha256="e" * 64, added_at=now,
    )  # fmt: skip
    funding = m.Funding.objects.create(
        studio=at["studio"],
        production=production,
        fund_name=f"{word}基金",
        party=party,
        reference=f"{word}合同 {production.code}",
    )
    room = {
        "funding": funding,
        "fundingterms": m.FundingTerms.objects.create(
            funding=funding,
            version=1,
            from_date=dt.date(2026, 1, 1),
            advance_minor=500_000,
            copyright_owner="shared",
            copyright_bp=4_000,
            note=f"{word}条款",
            recorded_at=now,
        ),
        "fundingdraw": m.FundingDraw.objects.create(
            funding=funding, on_date=DAY, amount_minor=100_000, reference=f"{word}回单", recorded_at=now
        ),
        "roomright": m.RoomRight.objects.create(production=production, party=party, clause=f"{word}第九条"),
        "roomdocument": document,
        "roomdocumentversion": version,
        "roomdocumentreader": m.RoomDocumentReader.objects.create(document=document, party=party),
        "roomdocumentopening": m.RoomDocumentOpening.objects.create(
            version=version, user_name=f"{word}夏投", opened_at=now
        ),
    }
    contract = m.Contract.objects.create(
        production=production, platform=platform, from_date=dt.date(2026, 1, 1), terms=_terms(party.code), state="signed",
        signed_at=now,
    )  # fmt: skip
    statement = m.Statement.objects.create(
        platform=platform, production=production, period="2026-11", file=ContentFile(b"a,b\n", name="statement.csv"),
        file_name=f"{word}账单.csv", sha256="d" * 64, state="settled", accepted_at=now, declared_minor=1_000_000,
        counted_minor=1_000_000,
    )  # fmt: skip
    settlement = m.Settlement.objects.create(
        production=production, contract=contract, statement=statement, period="2026-11", receipts_minor=1_000_000,
        shares_minor=300_000, retained_minor=700_000,
    )  # fmt: skip
    budget = m.BudgetVersion.objects.create(production=production, number=1, name=f"{word}预算")
    run = m.SettlementRun.objects.create(studio=at["studio"], period="2026-11", platform=platform, started_at=now)
    payout = m.Payout.objects.create(
        settlement=settlement, party=party, gross_minor=300_000, set_off_minor=10_000, tax_minor=48_000,
        net_minor=242_000, due_date=DAY,
    )  # fmt: skip
    debt = m.Debt.objects.create(settlement=settlement, party=party, amount_minor=10_000, left_minor=0)
    return room | {
        "settlementrun": run,
        "runtitle": m.RunTitle.objects.create(run=run, statement=statement, settlement=settlement, outcome="drafted"),
        "budgetversion": budget,
        "budgetline": m.BudgetLine.objects.create(
            version=budget, account="cast", name=f"{word}女一", quantity_hundredths=500, unit="day",
            rate_minor=200_000, amount_minor=1_000_000,
        ),
        "budgetstep": m.BudgetStep.objects.create(version=budget, number=1, kind="added", made_at=now),
        "entry": entry,
        "entryline": lines[0],
        "wagepayment": wage,
        **_watching(at, word),
        "wageitem": m.WageItem.objects.create(payment=wage, line=lines[1], amount_minor=200_000, tax_minor=24_000),
        "contract": contract,
        "contractparty": m.ContractParty.objects.create(contract=contract, party=party),
        "platformtitle": m.PlatformTitle.objects.create(
            platform=platform, written=f"{word}第{production.pk}号", production=production
        ),
        "statement": statement,
        "statementline": m.StatementLine.objects.create(
            statement=statement, row=2, episode_number=1, amount_minor=1_000_000, text=f"{word}第一集"
        ),
        "settlement": settlement,
        "allocation": m.Allocation.objects.create(
            settlement=settlement, party=party, term="investor", clause=f"{word}第三条", period="2026-11",
            amount_minor=300_000, explanation={},
        ),
        "payout": payout,
        "freeze": m.Freeze.objects.create(production=production, platform=platform, takedown=at["takedown"]),
        "settledstatement": m.SettledStatement.objects.create(settlement=settlement, statement=statement),
        "debt": debt,
        "setoff": m.SetOff.objects.create(debt=debt, payout=payout, amount_minor=10_000),
    }  # fmt: skip


def _statements_sent(at: Estate, word: str) -> dict[str, Any]:
    from finance import models as m

    now = timezone.now()
    # Still at work: a ready one has a file, of which the search for rows that are refused knows nothing.
    batch = m.PayeeBatch.objects.create(
        studio=at["studio"], period="2026-11" if word != NEXT_DOOR else "2026-12", settlement=at["settlement"], days=30
    )
    link = m.PayeeLink.objects.create(
        batch=batch, party=at["payout"].party, digest=f"{word}{'d' * 60}"[:64], sealed_secret="sealed", language="en",
        expires_at=now + dt.timedelta(days=30),
    )  # fmt: skip
    return {
        "payeebatch": batch,
        "payeelink": link,
        "payeelinkopening": m.PayeeLinkOpening.objects.create(
            link=link, opened_at=now, kind="page", agent=f"{word}WeChat"
        ),
    }  # fmt: skip


def _papers(at: Estate, word: str) -> dict[str, Any]:
    from finance import models as m

    payout, studio, file = at["payout"], at["studio"], ContentFile(b"%PDF-1.4", name="paper.pdf")
    remittance = m.TaxRemittance.objects.create(
        studio=studio, period="2026-11", method="labour_single", amount_minor=48_000, reference=f"{word}税", on_date=DAY
    )
    day = DAY if word != NEXT_DOOR else DAY + dt.timedelta(days=1)
    return {
        "invoice": m.Invoice.objects.create(
            production=at["production"], party=payout.party, payout=payout, kind="note", number=f"{word}1",
            on_date=DAY, amount_minor=300_000, file=file, file_name=f"{word}发票.pdf", sha256="f" * 64,
        ),
        "certificate": m.Certificate.objects.create(
            studio=studio, payout=payout, kind="tax", number=f"{word}1", file=file, file_name=f"{word}完税.pdf", sha256="f" * 64
        ),
        "taxremittance": remittance,
        "taxremittanceline": m.TaxRemittanceLine.objects.create(remittance=remittance, payout=payout),
        "taxdueday": m.TaxDueDay.objects.create(studio=studio, from_date=day),
    }  # fmt: skip


def _banking(at: Estate, word: str) -> dict[str, Any]:
    """Rows of the studio around the bank; the payment belongs to the title of its payout."""
    from finance import models as m

    payout, studio, now = at["payout"], at["studio"], timezone.now()
    account = m.BankAccount.objects.create(
        studio=studio,
        party=payout.party,
        holder_name=f"{word}投资方",
        bank_name=f"{word}银行",
        sealed_number="sealed",
        last4="0001",
    )
    template = m.BankTemplate.objects.create(studio=studio, name=f"{word}模板")
    batch = m.BankBatch.objects.create(studio=studio, template=template, pay_date=DAY)
    payment = m.BankPayment.objects.create(batch=batch, payout=payout, account=account, amount_minor=252_000)
    # The same for wages: an account of the person, in the same batch.
    wage = at["wagepayment"]
    own = m.BankAccount.objects.filter(person=wage.person).first() or m.BankAccount.objects.create(
        studio=studio, person=wage.person, holder_name=f"{word}本人", bank_name=f"{word}银行", sealed_number="sealed",
        last4="0002",
    )  # fmt: skip
    m.BankPayment.objects.create(batch=batch, wage=wage, account=own, amount_minor=176_000)
    m.Certificate.objects.create(
        studio=studio, wage=wage, kind="tax", number=f"{word}2", file=ContentFile(b"%PDF-1.4", name="wage.pdf"),
        file_name=f"{word}劳务完税.pdf", sha256="f" * 64,
    )  # fmt: skip
    back = m.BankReturn.objects.create(
        studio=studio, template=template, file_name=f"{word}回单.csv", sha256=f"{word}{'e' * 60}"[:64]
    )
    return {
        **_papers(at, word),
        **_statements_sent(at, word),
        "bankaccount": account,
        "banktemplate": template,
        "bankcolumn": m.BankColumn.objects.create(template=template, position=1, head=f"{word}户名", field="holder"),
        "bankbatch": batch,
        "bankpayment": payment,
        "bankreturn": back,
        "bankreturnline": m.BankReturnLine.objects.create(
            bank_return=back, row=2, reference=payment.reference, amount_minor=252_000, outcome="paid", payment=payment,
            reason=f"{word}成功", looked_at=now, note=f"{word}已看",
        ),
    }  # fmt: skip


def _spending(at: Estate, word: str) -> dict[str, Any]:
    from finance import models as m

    # The crew member holds the cash of their own title alone.
    holder = at["person"]
    if word == NEXT_DOOR:
        holder = type(holder).objects.create(studio=at["studio"], name=f"{OURS}出纳")
    order = m.PurchaseOrder.objects.create(
        production=at["production"], number=1, title=f"{word}旗袍", account="art", supplier_name=f"{word}布庄",
        needed_for=f"{word}舞会",
    )  # fmt: skip
    line = m.PurchaseLine.objects.create(order=order, position=0, name=f"{word}红旗袍", quantity=2, rate_minor=50_000)
    return {
        "promotionspend": m.PromotionSpend.objects.create(
            production=at["production"],
            platform=at["platform"],
            campaign=f"{word}首投",
            on_date=DAY,
            amount_minor=50_000,
        ),
        "pettyfloat": m.PettyFloat.objects.create(
            production=at["production"], holder=holder, amount_minor=100_000, on_date=DAY, note=f"{word}备用金"
        ),
        "pettyslip": m.PettySlip.objects.create(
            production=at["production"],
            holder=holder,
            account="living",
            amount_minor=1_200,
            spent_date=DAY,
            what_for=f"{word}矿泉水",
            no_photo_reason=f"{word}小店没有票",
        ),
        "purchaseorder": order,
        "purchaseline": line,
        "purchasereceipt": m.PurchaseReceipt.objects.create(line=line, quantity=1, on_date=DAY),
        "purchaseinvoice": m.PurchaseInvoice.objects.create(
            order=order, reference=f"{word}0001", on_date=DAY, amount_minor=100_000
        ),
    }


def _watching(at: Estate, word: str) -> dict[str, Any]:
    from finance import models as m

    production, now = at["production"], timezone.now()
    point = m.MarginPoint.objects.create(
        production=production, number=1, cause="wrap:1:1", reckoned_at=now, expected_minor=1_000_000,
        shares_minor=300_000, cost_minor=200_000, margin_minor=500_000, amounts={},
    )  # fmt: skip
    rule, _new = m.AlarmRule.objects.get_or_create(
        studio=at["studio"], measure="owed_scenes", defaults={"threshold": 5}
    )
    return {
        "estimatefigure": m.EstimateFigure.objects.create(
            production=production, account="cast", amount_minor=300_000, reason=f"{word}加戏", said_at=now
        ),
        "receiptforecast": m.ReceiptForecast.objects.create(
            production=production, platform=at["platform"], amount_minor=2_000_000, by_month="2027-01",
            reason=f"{word}同类剧", said_at=now,
        ),
        "marginpoint": point,
        "margincause": m.MarginCause.objects.create(point=point, key="pay:1:cast", amount_minor=-1_000),
        "alarmrule": rule,
        "moneyalarm": m.MoneyAlarm.objects.create(
            production=production, rule=rule, value=9, threshold=5, raised_at=now, answer=f"{word}加一天"
        ),
    }  # fmt: skip


def _terms(party: str) -> dict[str, Any]:
    return {
        "id": "demo", "currency": "CNY",
        "terms": [{"id": "investor", "kind": "share", "party": party, "rate": "30%"}],
    }  # fmt: skip
