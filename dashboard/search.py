"""Search over the rooms: one query for each kind of row that the user may see, in the studio in front."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from delivery.models import Package
from finance.models import Contract, ContractParty, Party
from scheduling.models import Location
from scripts_app.choices import SceneState
from scripts_app.models import Character, Scene
from studio.access import Access
from studio.models import Engagement, Person, Production, Studio

MOST_LETTERS = 80
MOST_HITS = 8
# A field's name, or what makes the condition for one word.
Field = str | Callable[[str], Q]


@dataclasses.dataclass(frozen=True)
class Hit:
    """One row found: what it is called, what tells it from its like, where it opens."""

    text: str
    sub: str
    url: str
    strip: tuple[str, str] | None = None


@dataclasses.dataclass(frozen=True)
class Group:
    """The rows of one kind: the best of them, and how many there are. `more_url` is the room's list."""

    kind: Kind
    hits: list[Hit]
    total: int
    more_url: str
    more_label: str


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of row that can be found, the verb that shows it, and by what it is found.

    A word counts where `own` or `around` has it, but a row is only found when `own` has one of the words: the title
    narrows its scenes, and does not bring up all of them.
    """

    code: str
    label: Promise
    by: Promise
    icon: str
    verb: str
    rows: Callable[[Access, Studio], QuerySet[Any]]
    own: tuple[Field, ...]
    hit: Callable[[Any, Access], Hit]
    room: tuple[str, Promise]
    around: tuple[Field, ...] = ()
    # Looked at first for an exact match and a beginning.
    name: str = "name"
    then: tuple[str, ...] = ("name", "pk")
    # Whether the list behind the group finds by the same words.
    list_asks: bool = False
    # The page of one title that has all of the kind; better than the room's list when every hit is of that title.
    of_title: str = ""


def asked_words(text: str) -> list[str]:
    """The words of a query as it came: trimmed, without what cannot be seen, at most `MOST_LETTERS` letters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text[: MOST_LETTERS * 20])
    return " ".join(plain.split())[:MOST_LETTERS].split()


def kinds_for(access: Access) -> list[Kind]:
    """What this user may search."""
    return [kind for kind in KINDS if access.may(kind.verb)]


def search(access: Access, studio: Studio | None, words: list[str], most: int = MOST_HITS) -> list[Group]:
    """What the words find, by kind; kinds without a hit are left out. One query a kind."""
    if studio is None or not words:
        return []
    groups = []
    for kind in kinds_for(access):
        rows = kind.rows(access, studio).filter(_condition(kind, words))
        rows = rows.annotate(total=Window(Count("*")), rank=_rank(kind.name, words)).order_by("rank", *kind.then)
        if kind.of_title:
            # The first and the last title of all that is found, not of the few that are shown.
            rows = rows.annotate(title_from=Window(Min("production")), title_to=Window(Max("production")))
        found = list(rows[:most])
        if found:
            more_url, more_label = _more(kind, found, words)
            groups.append(Group(kind, [kind.hit(row, access) for row in found], found[0].total, more_url, more_label))
    return groups


def _any(fields: Iterable[Field], word: str) -> Q:
    condition = Q(pk__in=[])
    for field in fields:
        condition |= field(word) if callable(field) else Q(**{f"{field}__icontains": word})
    return condition


def _condition(kind: Kind, words: list[str]) -> Q:
    condition = Q()
    for word in words:
        condition &= _any((*kind.own, *kind.around), word)
    if kind.around and len(words) > 1:
        own = Q(pk__in=[])
        for word in words:
            own |= _any(kind.own, word)
        return condition & own
    return condition if len(words) > 1 else _any(kind.own, words[0])


def _rank(field: str, words: list[str]) -> Case:
    whole, begins = Q(**{f"{field}__iexact": " ".join(words)}), Q(pk__in=[])
    for word in words:
        whole |= Q(**{f"{field}__iexact": word})
        begins |= Q(**{f"{field}__istartswith": word})
    return Case(When(whole, then=Value(0)), When(begins, then=Value(1)), default=Value(2))


def _more(kind: Kind, found: list[Any], words: list[str]) -> tuple[str, str]:
    # The rooms look for the text as one piece, so more than one word would find nothing there.
    asked = urlencode({"q": words[0]}) if kind.list_asks and len(words) == 1 else ""
    one = found[0]
    if kind.of_title and one.title_from == one.title_to:
        return _address(reverse(kind.of_title, args=[one.production_id]), asked), one.production.title
    url_name, label = kind.room
    return _address(reverse(url_name), "" if kind.of_title else asked), str(label)


def _address(path: str, asked: str) -> str:
    return f"{path}?{asked}" if asked else path


def _line(*parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part)


def _scoped(manager: QuerySet[Any], verb: str, path: str) -> Callable[[Access, Studio], QuerySet[Any]]:
    return lambda access, studio: access.scope(manager.all(), verb).filter(**{path: studio.pk})


# --- scenes -------------------------------------------------------------------------------------------------------


def _scene_number(word: str) -> Q:
    """A number as people type it: 3—7 and ３－７ are 3-7."""
    plain = unicodedata.normalize("NFKC", word)
    for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212":
        plain = plain.replace(dash, "-")
    return Q(number__icontains=plain)


def _scene_hit(scene: Scene, access: Access) -> Hit:
    omitted = scene.state == SceneState.OMITTED
    if omitted:
        url = f"{reverse('scenes', args=[scene.production_id])}?omitted=1#scene-{scene.pk}"
    else:
        url = f"{reverse('script', args=[scene.production_id])}?episode={scene.episode.number}#scene-{scene.number}"
    place = " - ".join(filter(None, (scene.set_name, scene.sub_place)))
    text = " ".join(filter(None, (scene.number, scene.get_int_ext_display(), scene.get_time_of_day_display(), place)))
    return Hit(
        text, _line(scene.production.title, scene.get_state_display() if omitted else "", scene.synopsis), url,
        strip=(scene.int_ext, scene.time_of_day),
    )  # fmt: skip


# --- people -------------------------------------------------------------------------------------------------------


def _people(access: Access, studio: Studio) -> QuerySet[Person]:
    """The studio's people; whoever works on one title alone finds those engaged there."""
    engaged = access.scope(Engagement.objects.filter(production__studio=studio.pk), "people.view")
    last = engaged.filter(person=OuterRef("pk")).order_by("-id")
    visible = access.scope(Person.objects.all(), "people.view").values("pk")
    return Person.objects.filter(Q(pk__in=visible) | Q(pk__in=engaged.values("person")), studio=studio.pk).annotate(
        title_pk=Subquery(last.values("production")[:1]),
        title=Subquery(last.values("production__title")[:1]),
        job=Subquery(last.values("job_title")[:1]),
        digits=Replace(Replace("phone", Value(" "), Value("")), Value("-"), Value("")),
    )


def _phone(word: str) -> Q:
    digits = word.replace("-", "")
    return Q(phone__icontains=word) | (Q(digits__contains=digits) if digits.isdecimal() else Q(pk__in=[]))


def _person_hit(person: Any, access: Access) -> Hit:
    if access.may_in_studio("people.view", person.studio_id):
        url = f"{reverse('people')}?{urlencode({'q': person.name})}"
    else:
        url = reverse("production_people", args=[person.title_pk])
    return Hit(person.name, _line(person.phone, person.job, person.title), url)


# --- the others ---------------------------------------------------------------------------------------------------


def _production_hit(row: Production, access: Access) -> Hit:
    return Hit(row.title, _line(row.code, row.get_stage_display()), reverse("production", args=[row.pk]))


def _character_hit(row: Character, access: Access) -> Hit:
    sub = _line(row.production.title, _("crowd") if row.is_crowd else row.age)
    return Hit(row.name, sub, f"{reverse('scenes', args=[row.production_id])}?{urlencode({'cast': row.pk})}")


def _location_hit(row: Location, access: Access) -> Hit:
    url = f"{reverse('places')}?{urlencode({'q': row.name})}"
    return Hit(row.name, _line(row.base.name, row.base.city), url)


def _package_hit(row: Package, access: Access) -> Hit:
    text = f"{row.production.title} → {row.platform.name}"
    return Hit(text, _line(row.get_state_display(), row.tagline), reverse("package", args=[row.pk]))


def _names_party(word: str) -> Q:
    return Q(Exists(ContractParty.objects.filter(contract=OuterRef("pk"), party__name__icontains=word)))


def _contract_hit(row: Contract, access: Access) -> Hit:
    text = f"{row.production.title} · {row.platform.name}"
    sub = _line(_("version %(number)d") % {"number": row.version}, row.get_state_display(), row.from_date)
    return Hit(text, sub, reverse("contract", args=[row.pk]))


def _parties(access: Access, studio: Studio) -> QuerySet[Party]:
    contracts = access.scope(Contract.objects.filter(named__party=OuterRef("pk")), "money.view").order_by("-id")
    return access.scope(Party.objects.filter(studio=studio.pk), "money.view").annotate(
        contract_pk=Subquery(contracts.values("pk")[:1]), title=Subquery(contracts.values("production__title")[:1])
    )


def _party_hit(row: Any, access: Access) -> Hit:
    if row.contract_pk:
        url = reverse("contract", args=[row.contract_pk])
    else:
        url = f"{reverse('payouts')}?{urlencode({'q': row.name, 'state': ''})}"
    return Hit(row.name, _line(row.get_kind_display(), row.title), url)


_OF_TITLE = ("production__title", "production__code")

KINDS = [
    Kind(
        "productions", gettext_lazy("Productions"), gettext_lazy("title, code"), "clapperboard", "production.view",
        _scoped(Production.objects.all(), "production.view", "studio"), ("title", "code"), _production_hit,
        ("slate", gettext_lazy("Productions")), name="title", then=("-pk",), list_asks=True,
    ),
    Kind(
        "scenes", gettext_lazy("Scenes"), gettext_lazy("number such as 3-7, set, synopsis"), "scroll-text",
        "script.view",
        _scoped(Scene.objects.select_related("production", "episode"), "script.view", "production__studio"),
        (_scene_number, "set_name", "sub_place", "synopsis"), _scene_hit, ("scripts", gettext_lazy("Scripts")),
        around=_OF_TITLE, name="number", then=("-production_id", "sort_key", "pk"), of_title="scenes",
        list_asks=True,
    ),
    Kind(
        "characters", gettext_lazy("Roles"), gettext_lazy("name of the role"), "drama", "script.view",
        _scoped(Character.objects.select_related("production"), "script.view", "production__studio"),
        ("name",), _character_hit, ("scripts", gettext_lazy("Scripts")), around=_OF_TITLE,
        then=("-production_id", "name", "pk"), of_title="characters",
    ),
    Kind(
        "people", gettext_lazy("People"), gettext_lazy("name, phone"), "users", "people.view", _people,
        ("name", _phone), _person_hit, ("people", gettext_lazy("People")), list_asks=True,
    ),
    Kind(
        "locations", gettext_lazy("Locations"), gettext_lazy("name, film base, city"), "map-pin", "board.view",
        _scoped(Location.objects.select_related("base"), "board.view", "base__studio"),
        ("name", "base__name", "base__city"), _location_hit, ("places", gettext_lazy("Places")), list_asks=True,
    ),
    Kind(
        "packages", gettext_lazy("Deliveries"), gettext_lazy("title, platform"), "package-check", "delivery.view",
        _scoped(Package.objects.select_related("production", "platform"), "delivery.view", "production__studio"),
        (*_OF_TITLE, "platform__name", "tagline"), _package_hit,
        ("delivery_desk", gettext_lazy("Delivery")), name="production__title", then=("-pk",),
    ),
    Kind(
        "contracts", gettext_lazy("Contracts"), gettext_lazy("title, platform, party"), "handshake", "money.view",
        _scoped(Contract.objects.select_related("production", "platform"), "money.view", "production__studio"),
        (*_OF_TITLE, "platform__name", _names_party), _contract_hit,
        ("money", gettext_lazy("Money")), name="production__title", then=("-pk",),
    ),
    Kind(
        "parties", pgettext_lazy("search", "Contract parties"), gettext_lazy("name, code"), "building-2", "money.view",
        _parties, ("name", "code"), _party_hit,
        ("payouts", gettext_lazy("Payouts")),
    ),
]  # fmt: skip
