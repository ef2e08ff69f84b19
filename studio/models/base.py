"""What every row of the house has in common."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scoped(models.Model):
    """A row that belongs to a studio.

    `studio_path` and `production_path` are the look-ups from this model to them; `studio.access` builds every
    queryset from these, so a model without them cannot be listed at all.
    """

    studio_path: ClassVar[str] = "studio"
    production_path: ClassVar[str | None] = "production"
    # Look-up to a platform's code, for rows that a platform's own client may see; None for all others.
    platform_path: ClassVar[str | None] = None

    class Meta:
        abstract = True

    @classmethod
    def within(cls, productions: Collection[int]) -> models.Q:
        """What somebody sees who works on these titles alone. Rows over several titles narrow it further."""
        return models.Q(**{f"{cls.production_path}__in": productions})


class Stamped(models.Model):
    """When a row was made and last changed."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True, editable=False, db_index=True)

    class Meta:
        abstract = True


class AppendOnlyError(TypeError):
    """Somebody tried to change a row that is written once."""


class AppendOnly(models.Model):
    """A row that is written once: a second save and a delete are refused."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.object_name} {self.pk} is written once and never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"{self._meta.object_name} {self.pk} is never deleted; reverse it instead")
