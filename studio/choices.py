"""Closed lists of the ground floor."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    OWNER = "owner", _("Owner")
    PRODUCER = "producer", _("Producer")
    ASSISTANT_DIRECTOR = "assistant_director", _("Assistant director")
    SCRIPT_EDITOR = "script_editor", _("Script editor")
    WRITER = "writer", pgettext_lazy("role", "Writer")
    COMPLIANCE_OFFICER = "compliance_officer", _("Compliance officer")
    POST_SUPERVISOR = "post_supervisor", _("Post supervisor")
    POST_ARTIST = "post_artist", _("Post artist")
    DELIVERY_COORDINATOR = "delivery_coordinator", _("Delivery coordinator")
    FINANCE = "finance", pgettext_lazy("role", "Finance")
    CREW = "crew", _("Crew")
    INVESTOR = "investor", _("Investor")
    PLATFORM_CLIENT = "platform_client", _("Platform client")


class NetworkRole(TextChoices):
    VIEWER = "viewer", _("Viewer")
    MANAGER = "manager", _("Manager")


class WorkKind(TextChoices):
    LIVE = "live", _("Live action")
    AI = "ai", _("AI / manju")
    DIGITAL_HUMAN = "digital_human", _("Digital human")
    LOCALISED = "localised", _("Localised version")


class Stage(TextChoices):
    """Where a title stands; set by the room that moves it on."""

    SCRIPT = "script", _("Script")
    PREP = "prep", _("Prep")
    SHOOT = "shoot", _("Shoot")
    POST = "post", _("Post")
    DELIVERY = "delivery", _("Delivery")
    LIVE = "live", _("On air")
    SETTLED = "settled", _("Settled")
    CLOSED = "closed", _("Closed")


class PayerKind(TextChoices):
    """What a studio is where it pays people, which decides how tax is withheld."""

    STUDIO = "studio", _("A studio: labour remuneration, per payment")
    PLATFORM = "platform", _("An internet platform enterprise")


class Department(TextChoices):
    PRODUCTION = "production", pgettext_lazy("department", "Production")
    DIRECTION = "direction", pgettext_lazy("department", "Direction")
    CAST = "cast", pgettext_lazy("department", "Cast")
    CAMERA = "camera", pgettext_lazy("department", "Camera")
    LIGHTING = "lighting", pgettext_lazy("department", "Lighting")
    SOUND = "sound", pgettext_lazy("department", "Sound")
    ART = "art", pgettext_lazy("department", "Art")
    WARDROBE = "wardrobe", pgettext_lazy("department", "Wardrobe")
    MAKEUP = "makeup", pgettext_lazy("department", "Make-up")
    GRIP = "grip", pgettext_lazy("department", "Set operations")
    STUNTS = "stunts", pgettext_lazy("department", "Stunts")
    POST = "post", pgettext_lazy("department", "Post")
    WRITING = "writing", pgettext_lazy("department", "Writing")


class PageUnit(TextChoices):
    TENTHS = "tenths", _("Tenths of a page")
    EIGHTHS = "eighths", _("Eighths of a page")


class GreenlightGate(TextChoices):
    """What a board does that is locked before its title has the greenlight."""

    OFF = "off", pgettext_lazy("greenlight", "Nothing")
    WARN = "warn", pgettext_lazy("greenlight", "Warn")
    BLOCK = "block", pgettext_lazy("greenlight", "Refuse")


class PayRule(TextChoices):
    """How the day is counted on which pay falls due; the days themselves stand beside it."""

    AFTER_DAY = "after_day", pgettext_lazy("pay", "Days after the day of work")
    AFTER_SHOOT = "after_shoot", pgettext_lazy("pay", "Days after the last shoot day")
    MONTHLY = "monthly", pgettext_lazy("pay", "On a day of the next month")


class JobState(TextChoices):
    QUEUED = "queued", pgettext_lazy("job", "Queued")
    RUNNING = "running", pgettext_lazy("job", "Running")
    DONE = "done", pgettext_lazy("job", "Done")
    PARKED = "parked", pgettext_lazy("job", "Parked: needs a person")
    CANCELLED = "cancelled", pgettext_lazy("job", "Cancelled")
