"""The colours of a studio's revisions: which one a draft takes, and the list a studio edits."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import Tint
from scripts_app.models import RevisionColour
from studio.models import Studio, User
from studio.refusals import Refused
from studio.versions import bump_studio

MOST = 24


@dataclasses.dataclass(frozen=True)
class Colour:
    """A colour on paper of a tint; without a name of the studio's own it is called as the tint is."""

    tint: str
    name: str = ""
    round: int = 1

    @property
    def label(self) -> str:
        return self.name or str(Tint(self.tint).label)


def colours_of(studio: Studio) -> list[Colour]:
    """The studio's list in order, or the trade's where it has none of its own."""
    own = RevisionColour.objects.filter(studio=studio).order_by("position").values_list("tint", "name")
    return [Colour(tint, name) for tint, name in own] or [Colour(str(tint)) for tint in Tint.values]


def colour_of(studio: Studio, number: int) -> Colour:
    """The colour of a studio's revision of this number; after the last the list begins anew."""
    listed = colours_of(studio)
    rounds, at = divmod(number - 1, len(listed))
    return dataclasses.replace(listed[at], round=rounds + 1)


@transaction.atomic
def set_colours(*, studio: Studio, colours: Sequence[tuple[str, str]], by: User | None) -> list[Colour]:
    """Replace the studio's list by (name, tint) in order. Drafts that are in keep the colour they came with."""
    wanted = [(" ".join(name.split()), tint) for name, tint in colours]
    if not wanted:
        raise Refused("colours_missing", _("Keep at least one colour."))
    if len(wanted) > MOST:
        raise Refused("too_many_colours", _("At most %(most)s colours."), params={"most": MOST})
    for name, tint in wanted:
        if not name:
            raise Refused("name_missing", _("Give every colour a name: a colour alone does not print."))
        if len(name) > 40:
            raise Refused("too_long", _("At most %(most)s characters."), params={"most": 40})
        if tint not in Tint.values:
            raise Refused("unknown_tint", _("There is no such paper in the list."))
    names = [name for name, _tint in wanted]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Refused("colour_twice", _("“%(name)s” stands twice in the list."), params={"name": twice})
    Studio.objects.select_for_update().get(pk=studio.pk)
    RevisionColour.objects.filter(studio=studio).delete()
    RevisionColour.objects.bulk_create(
        [RevisionColour(studio=studio, position=at, name=name, tint=tint) for at, (name, tint) in enumerate(wanted)]
    )
    bump_studio(studio.pk)
    return colours_of(studio)
