"""Closed lists of the script room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WriterCredit(TextChoices):
    """How a writer stands in the titles."""

    HEAD = "head", pgettext_lazy("credit", "Head writer")
    WRITER = "writer", pgettext_lazy("credit", "Writer")
    CO_WRITER = "co_writer", pgettext_lazy("credit", "Co-writer")
    ADAPTATION = "adaptation", pgettext_lazy("credit", "Adapted by")
    STORY = "story", pgettext_lazy("credit", "Story by")


class WriterStep(TextChoices):
    """What a writer's title waits for."""

    FIRST_DRAFT = "first_draft", _("Hand in the first draft")
    NEXT_DRAFT = "next_draft", _("Returned: hand in the next draft")
    WAITING = "waiting", _("Waiting to be reviewed")
    PASSED = "passed", _("Passed so far: nothing to do")
    LOCKED = "locked", _("Locked: nothing to do")


class OpeningKind(TextChoices):
    PAGE = "page", pgettext_lazy("opening", "Page")
    PDF = "pdf", "PDF"


class LinkState(TextChoices):
    """What a script link is good for now; reckoned, never stored."""

    LIVE = "live", pgettext_lazy("link", "In force")
    USED_UP = "used_up", pgettext_lazy("link", "Used up")
    EXPIRED = "expired", pgettext_lazy("link", "Expired")
    REVOKED = "revoked", pgettext_lazy("link", "Revoked")


class IntExt(TextChoices):
    INT = "int", pgettext_lazy("int/ext", "Int.")
    EXT = "ext", pgettext_lazy("int/ext", "Ext.")
    INT_EXT = "int_ext", pgettext_lazy("int/ext", "Int./Ext.")


class TimeOfDay(TextChoices):
    DAY = "day", pgettext_lazy("time of day", "Day")
    NIGHT = "night", pgettext_lazy("time of day", "Night")
    DAWN = "dawn", pgettext_lazy("time of day", "Dawn")
    DUSK = "dusk", pgettext_lazy("time of day", "Dusk")


class SceneState(TextChoices):
    ACTIVE = "active", pgettext_lazy("scene", "In the script")
    OMITTED = "omitted", pgettext_lazy("scene", "Omitted")


class BreakdownState(TextChoices):
    DRAFT = "draft", pgettext_lazy("breakdown", "Draft")
    APPROVED = "approved", pgettext_lazy("breakdown", "Approved")


class Category(TextChoices):
    """Breakdown categories besides cast, which has rows of its own."""

    EXTRAS = "extras", pgettext_lazy("category", "Extras")
    PROPS = "props", pgettext_lazy("category", "Props")
    WARDROBE = "wardrobe", pgettext_lazy("category", "Wardrobe")
    MAKEUP = "makeup", pgettext_lazy("category", "Make-up")
    VEHICLES = "vehicles", pgettext_lazy("category", "Vehicles")
    ANIMALS = "animals", pgettext_lazy("category", "Animals")
    STUNTS = "stunts", pgettext_lazy("category", "Stunts")
    EFFECTS = "effects", pgettext_lazy("category", "Effects")
    SOUND = "sound", pgettext_lazy("category", "Sound")
    SET_DRESSING = "set_dressing", pgettext_lazy("category", "Set dressing")
    MINORS = "minors", pgettext_lazy("category", "Minors")


class Origin(TextChoices):
    """Who says that a scene needs a thing."""

    HAND = "hand", pgettext_lazy("tag", "By hand")
    SCRIPT = "script", pgettext_lazy("tag", "Named by the script")
    LINKED = "linked", pgettext_lazy("tag", "Linked")


class LinkWhen(TextChoices):
    """What sets a linked thing off."""

    ROLE = "role", pgettext_lazy("link", "Role")
    ELEMENT = "element", pgettext_lazy("link", "Thing")
    CATEGORY = "category", pgettext_lazy("link", "Any of a kind")
    SET = "set", pgettext_lazy("link", "Set")


class ReadingState(TextChoices):
    """A script that was read: it waits for decisions until it becomes a revision or is dropped."""

    OPEN = "open", pgettext_lazy("reading", "Waits")
    IMPORTED = "imported", pgettext_lazy("reading", "Imported")
    DISCARDED = "discarded", pgettext_lazy("reading", "Dropped")


class RoundKind(TextChoices):
    EDITORIAL = "editorial", pgettext_lazy("review", "Editorial")
    PLATFORM = "platform", pgettext_lazy("review", "Platform")
    COMPLIANCE = "compliance", pgettext_lazy("review", "Compliance")


class RoundVerdict(TextChoices):
    PASS = "pass", pgettext_lazy("review", "Pass")
    RETURN = "return", pgettext_lazy("review", "Return")


class Tint(TextChoices):
    """Papers that revisions are printed on, in the order Hollywood hands them out."""

    WHITE = "white", pgettext_lazy("revision colour", "White")
    BLUE = "blue", pgettext_lazy("revision colour", "Blue")
    PINK = "pink", pgettext_lazy("revision colour", "Pink")
    YELLOW = "yellow", pgettext_lazy("revision colour", "Yellow")
    GREEN = "green", pgettext_lazy("revision colour", "Green")
    GOLDENROD = "goldenrod", pgettext_lazy("revision colour", "Goldenrod")
    BUFF = "buff", pgettext_lazy("revision colour", "Buff")
    SALMON = "salmon", pgettext_lazy("revision colour", "Salmon")
    CHERRY = "cherry", pgettext_lazy("revision colour", "Cherry")
    TAN = "tan", pgettext_lazy("revision colour", "Tan")
    IVORY = "ivory", pgettext_lazy("revision colour", "Ivory")
    GREY = "grey", pgettext_lazy("revision colour", "Grey")


class NoteState(TextChoices):
    """Where a reviewer's note stands: asked, answered by the writer, settled by who reads the answer."""

    OPEN = "open", pgettext_lazy("note", "Open")
    ANSWERED = "answered", pgettext_lazy("note", "Answered")
    SETTLED = "settled", pgettext_lazy("note", "Settled")


class PitchState(TextChoices):
    """What became of a title that has no draft yet."""

    PITCHED = "pitched", pgettext_lazy("pitch", "Pitched")
    COMMISSIONED = "commissioned", pgettext_lazy("pitch", "Commissioned")
    SHELVED = "shelved", pgettext_lazy("pitch", "Shelved")


class SourceKind(TextChoices):
    NOVEL = "novel", pgettext_lazy("source work", "Novel")
    COMIC = "comic", pgettext_lazy("source work", "Comic")
    GAME = "game", pgettext_lazy("source work", "Game")
    FOREIGN_DRAMA = "foreign_drama", pgettext_lazy("source work", "Foreign drama")
    ORIGINAL = "original", pgettext_lazy("source work", "Original")
