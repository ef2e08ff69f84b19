"""Closed lists of the script room."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


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


class RoundKind(TextChoices):
    EDITORIAL = "editorial", pgettext_lazy("review", "Editorial")
    PLATFORM = "platform", pgettext_lazy("review", "Platform")
    COMPLIANCE = "compliance", pgettext_lazy("review", "Compliance")


class RoundVerdict(TextChoices):
    PASS = "pass", pgettext_lazy("review", "Pass")
    RETURN = "return", pgettext_lazy("review", "Return")
