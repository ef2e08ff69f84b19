"""The admin: Unfold, entered by studio roles instead of Django's staff flag."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from unfold.admin import ModelAdmin, TabularInline
from unfold.sites import UnfoldAdminSite

from studio.access import VERBS, visible_studios
from studio.context import may_enter_admin
from studio.models import Production, Studio


class KaijiAdminSite(UnfoldAdminSite):
    """Signs in through allauth, so that its rate limits and second factor hold here too."""

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_authenticated and may_enter_admin(request))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        from django.contrib.auth.views import redirect_to_login
        from django.core.exceptions import PermissionDenied

        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), "/accounts/login/")


class _Verbs:
    """Django's four permissions answered by the verb table, rows scoped by it."""

    view_verb: str
    change_verb: str | None = None
    model: type[Model]

    def _may(self, request: HttpRequest, verb: str | None, obj: Any = None) -> bool:
        access = request.access  # type: ignore[attr-defined]
        if verb is None or not access.may(verb):
            return False
        if obj is None or (isinstance(obj, Production) and obj.pk is None):
            return True
        rows = type(obj)._default_manager.filter(pk=obj.pk)
        return bool(access.scope(rows, verb).exists())

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.view_verb)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.view_verb, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.change_verb, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.change_verb)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.change_verb, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return request.access.scope(super().get_queryset(request), self.view_verb)  # type: ignore[misc,attr-defined]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only offer rows of the user's own studios: a list of choices leaks as easily as a page."""
        from studio.models import Scoped

        target = db_field.remote_field.model
        if "queryset" not in kwargs and isinstance(target, type) and issubclass(target, Scoped):
            rows = target._default_manager.all()
            access = request.access  # type: ignore[attr-defined]
            if target is Studio:
                kwargs["queryset"] = visible_studios(access)
            elif not access.everything:
                kwargs["queryset"] = rows.filter(**{f"{target.studio_path}__in": access.studio_ids})
        elif "queryset" not in kwargs and target._meta.label == "studio.User":
            access = request.access  # type: ignore[attr-defined]
            if not access.everything:
                kwargs["queryset"] = target.objects.filter(memberships__studio__in=access.studio_ids).distinct()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class StudioAdmin(_Verbs, ModelAdmin):
    """Base of every admin page: names `view_verb` and, where people may edit, `change_verb`."""

    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True
    warn_unsaved_form = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for verb in (getattr(cls, "view_verb", None), cls.change_verb):
            assert verb is None or verb in VERBS, verb

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save only inside the studios where the user has the verb, and count the change for the ETags."""
        from django.core.exceptions import PermissionDenied

        from studio.versions import bump_production, bump_studio

        super().save_model(request, obj, form, change)
        if not request.access.scope(type(obj)._default_manager.filter(pk=obj.pk), self.change_verb).exists():  # type: ignore[attr-defined,arg-type]
            # The admin's view runs in a transaction: raising takes the row back.
            raise PermissionDenied
        studio_id, production_id = owners_of(obj)
        if production_id is not None:
            bump_production(production_id)
        elif studio_id is not None:
            bump_studio(studio_id)


class ReadOnlyAdmin(StudioAdmin):
    """Ledgers, events, issued documents: looked at, never changed."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StudioInline(_Verbs, TabularInline):
    """Base of inlines; same verbs as the page around it."""

    extra = 0
    tab = True


def owners_of(row: Any) -> tuple[int | None, int | None]:
    """Studio and production ids of a Scoped row, by its declared paths."""
    model = type(row)
    paths = [path for path in (model.studio_path, model.production_path) if path is not None]
    found = model._default_manager.filter(pk=row.pk).values_list(*paths).first() or (None, None)
    return found[0], (found[1] if len(found) > 1 else None)


# (title, [(model label, icon)]) in the order of the film; rooms extend it in their apps.
SECTIONS: list[tuple[Any, list[tuple[str, str]]]] = []


def add_section(title: Any, models: list[tuple[str, str]]) -> None:
    if all(title != known for known, _models in SECTIONS):
        SECTIONS.append((title, models))


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's side bar: their productions first, then the rooms, only what the user may see."""
    from django.contrib import admin

    groups = []
    for title, models in SECTIONS:
        items = []
        for label, icon in models:
            app, _dot, name = label.lower().partition(".")
            model = next((m for m in admin.site._registry if m._meta.label_lower == f"{app}.{name}"), None)
            if model is None or not admin.site._registry[model].has_view_permission(request):
                continue
            try:
                link = reverse(f"admin:{app}_{name}_changelist")
            except NoReverseMatch:
                continue
            items.append({"title": model._meta.verbose_name_plural, "icon": icon, "link": link})
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    return groups
