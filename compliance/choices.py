"""Closed lists of the compliance room."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class ClassCode(TextChoices):
    KEY = "key", pgettext_lazy("class", "Key")
    ORDINARY = "ordinary", pgettext_lazy("class", "Ordinary")
    OTHER = "other", pgettext_lazy("class", "Other")


class RuleState(TextChoices):
    DRAFT = "draft", pgettext_lazy("rule", "Draft")
    IN_FORCE = "in_force", pgettext_lazy("rule", "In force")
    SUPERSEDED = "superseded", pgettext_lazy("rule", "Superseded")


class Gate(TextChoices):
    SHOOT = "shoot", pgettext_lazy("gate", "Shoot")
    DELIVERY = "delivery", pgettext_lazy("gate", "Delivery")


class CostMeasure(TextChoices):
    CAST = "cast", pgettext_lazy("cost", "Cast, of the whole cost")
    LEADS = "leads", pgettext_lazy("cost", "Leads, of the cast")


class FlagKind(TextChoices):
    VIOLENCE = "violence", pgettext_lazy("flag", "Violence and gore")
    SUICIDE = "suicide", pgettext_lazy("flag", "Suicide and self-harm")
    SEXUAL = "sexual", pgettext_lazy("flag", "Sexual content")
    DRUGS = "drugs", pgettext_lazy("flag", "Drugs")
    GAMBLING = "gambling", pgettext_lazy("flag", "Gambling")
    SUPERSTITION = "superstition", pgettext_lazy("flag", "Superstition")
    SMOKING = "smoking", pgettext_lazy("flag", "Smoking")
    MINORS = "minors", pgettext_lazy("flag", "Harm to minors")
    WEALTH = "wealth", pgettext_lazy("flag", "Flaunting of wealth")
    OTHER = "other", pgettext_lazy("flag", "Other concerns")


class FlagOrigin(TextChoices):
    TEXT = "text", pgettext_lazy("flag", "Text")
    BREAKDOWN = "breakdown", pgettext_lazy("flag", "Breakdown")


class FlagState(TextChoices):
    OPEN = "open", pgettext_lazy("flag", "To decide")
    KEPT = "kept", pgettext_lazy("flag", "Kept")
    CHANGE = "change", pgettext_lazy("flag", "Change asked")
    CLEARED = "cleared", pgettext_lazy("flag", "Cleared")


class FilingKind(TextChoices):
    PLANNING = "planning", pgettext_lazy("filing", "Planning filing")
    FINISHED = "finished", pgettext_lazy("filing", "Finished-work review")


class FilingState(TextChoices):
    DRAFT = "draft", pgettext_lazy("filing", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("filing", "Submitted")
    RETURNED = "returned", pgettext_lazy("filing", "Returned")
    GRANTED = "granted", pgettext_lazy("filing", "Granted")


class Authority(TextChoices):
    PROVINCE = "province", pgettext_lazy("authority", "Provincial bureau")
    NATION = "nation", pgettext_lazy("authority", "National administration")
    PLATFORM = "platform", pgettext_lazy("authority", "Playing platform")


class PaperStage(TextChoices):
    PLANNING = "planning", pgettext_lazy("filing", "Planning filing")
    FINISHED = "finished", pgettext_lazy("filing", "Finished-work review")
    PLATFORM = "platform", pgettext_lazy("filing", "Review by the platform")
    RELEASE = "release", pgettext_lazy("filing", "Release")


class Trait(TextChoices):
    SPECIAL_THEME = "special_theme", pgettext_lazy("trait", "Special theme")
    ADAPTATION = "adaptation", pgettext_lazy("trait", "Adaptation")
    MINORS = "minors", pgettext_lazy("trait", "Minors take part")
    AI = "ai", pgettext_lazy("trait", "Made with AI")


class ConsentKind(TextChoices):
    GUARDIAN = "guardian", pgettext_lazy("consent", "Consent of a minor's guardian")
    LIKENESS = "likeness", pgettext_lazy("consent", "Use of likeness and voice")
    AI = "ai", pgettext_lazy("consent", "Use with AI")


class Whom(TextChoices):
    MINORS = "minors", pgettext_lazy("consent", "Minors")
    CAST = "cast", pgettext_lazy("consent", "The cast")
    EVERYONE = "everyone", pgettext_lazy("consent", "Everybody engaged")


class AiUse(TextChoices):
    PICTURE = "picture", pgettext_lazy("ai", "Pictures and scenes")
    FACE = "face", pgettext_lazy("ai", "Faces of real people")
    VOICE = "voice", pgettext_lazy("ai", "Voices of real people")
    DUBBING = "dubbing", pgettext_lazy("ai", "Dubbing and translation")
    MUSIC = "music", pgettext_lazy("ai", "Music")
    SCRIPT = "script", pgettext_lazy("ai", "Script")


class Clock(TextChoices):
    NATION = "nation", pgettext_lazy("clock", "With the national administration")
    PROVINCE = "province", pgettext_lazy("clock", "With the provincial bureau")
    PLATFORM = "platform", pgettext_lazy("clock", "With a platform")
    RETURNED = "returned", pgettext_lazy("clock", "Returned, the next round not handed in")
    SHOOT = "shoot", pgettext_lazy("clock", "Before the shoot, without a planning filing")
    DELIVERY = "delivery", pgettext_lazy("clock", "Before delivery, without a number")
    CONSENT = "consent", pgettext_lazy("clock", "Before the shoot, or before its end: a consent")
