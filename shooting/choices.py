"""Closed lists of the set."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class ReportState(TextChoices):
    DRAFT = "draft", pgettext_lazy("daily report", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("daily report", "Submitted")
    APPROVED = "approved", pgettext_lazy("daily report", "Approved")


class SceneResult(TextChoices):
    """What became of a scene on a shoot day."""

    SHOT = "shot", pgettext_lazy("scene result", "Shot")
    PART = "part", pgettext_lazy("scene result", "Part shot")
    OWED = "owed", pgettext_lazy("scene result", "Owed")


class Weather(TextChoices):
    CLEAR = "clear", pgettext_lazy("weather", "Clear")
    CLOUDY = "cloudy", pgettext_lazy("weather", "Cloudy")
    RAIN = "rain", pgettext_lazy("weather", "Rain")
    SNOW = "snow", pgettext_lazy("weather", "Snow")
    WIND = "wind", pgettext_lazy("weather", "Strong wind")
    FOG = "fog", pgettext_lazy("weather", "Fog / haze")


class ExtrasKind(TextChoices):
    """People hired by the day and counted by heads."""

    EXTRA = "extra", pgettext_lazy("extras", "Extra")
    FEATURED = "featured", pgettext_lazy("extras", "Featured extra")
    STUNT = "stunt", pgettext_lazy("extras", "Stunt")
