"""The admin: Unfold, entered by studio roles instead of Django's staff flag."""

from __future__ import annotations

import functools
from typing import Any

from django.conf import settings
from django.contrib.admin import RelatedFieldListFilter
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.sites import UnfoldAdminSite

from studio.access import VERBS
from studio.admin_desk import cards
from studio.context import may_enter_admin
from studio.models import Production, Scoped, User


class KaijiAdminSite(UnfoldAdminSite):
    """Signs in through allauth, so that its rate limits and second factor hold here too."""

    index_title = gettext_lazy("Studio desk")

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_authenticated and may_enter_admin(request))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django sends whoever may not enter to a sign-in page; who is signed in already gets a plain 403."""
        inner = super().admin_view(view, cacheable)

        @functools.wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            leaving = request.path == reverse("admin:logout", current_app=self.name)
            if request.user.is_authenticated and not leaving and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        target = request.GET.get("next") or ""
        if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
            target = reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(target, settings.LOGIN_URL)
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect(target)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """What is in motion first, then the models in the order of the film."""
        studio = request.studio  # type: ignore[attr-defined]
        found: dict[str, Any] = {"cards": cards(request), "groups": navigation(request)}
        if studio is not None:
            found |= {"title": studio.name, "subtitle": self.index_title}
        return super().index(request, {**found, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Rooms and models as the film goes, not by the alphabet."""
        places = _places()
        last = len(places)
        found = super().get_app_list(request, app_label)
        for app in found:
            app["models"].sort(key=lambda entry: places.get(entry["model"]._meta.label_lower, last))
        found.sort(key=lambda app: places.get(app["models"][0]["model"]._meta.label_lower, last))
        return found


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

    def rows_to_offer(self, request: HttpRequest, model: type[Model], verb: str) -> QuerySet[Any] | None:
        """Rows of another model that a list of choices may show: it leaks as easily as a page. None: no limit."""
        access = request.access  # type: ignore[attr-defined]
        if issubclass(model, Scoped):
            return access.scope(model._default_manager.all(), verb)  # type: ignore[no-any-return]
        if issubclass(model, User) and not access.everything:
            return User.objects.filter(memberships__studio__in=access.studio_ids).distinct()
        return None

    def _offer(self, db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> None:
        if "queryset" not in kwargs:
            rows = self.rows_to_offer(request, db_field.remote_field.model, self.change_verb or self.view_verb)
            if rows is not None:
                kwargs["queryset"] = rows

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        self._offer(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        self._offer(db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


class RelatedFilter(RelatedFieldListFilter):
    """A filter by a related row that names only rows the user may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        rows = model_admin.rows_to_offer(request, field.remote_field.model, model_admin.view_verb)
        if rows is None:
            return list(super().field_choices(field, request, model_admin))
        return [(row.pk, str(row)) for row in rows.order_by(*self.field_admin_ordering(field, request, model_admin))]


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

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Plain names of relations become filters that list only what the user may see."""
        found: list[Any] = []
        for entry in super().get_list_filter(request):
            field = self._relation(entry) if isinstance(entry, str) else None
            found.append((entry, RelatedFilter) if field is not None else entry)
        return found

    def _relation(self, path: str) -> Any:
        from django.contrib.admin.utils import get_fields_from_path

        field: Any = get_fields_from_path(self.model, path)[-1]
        return field if getattr(field, "remote_field", None) else None

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        # Django looks for the row first and tells who may not look whether it is there.
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        """A row that is not there, or another studio's, is a 404 here as everywhere."""
        raise Http404

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save only inside the studios where the user has the verb, and count the change for the ETags."""
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


# (order, title, [(model label, icon)]): rooms come in the order of the film, between what is first and what is last.
SECTIONS: list[tuple[int, Any, list[tuple[str, str]]]] = []


def add_section(title: Any, models: list[tuple[str, str]], *, order: int = 50) -> None:
    """Put models of a room into the side bar and onto the first page. Rooms of one `order` stand as they came."""
    for _order, known, listed in SECTIONS:
        if title == known:
            listed.extend(entry for entry in models if entry not in listed)
            return
    SECTIONS.append((order, title, models))
    SECTIONS.sort(key=lambda section: section[0])


def _places() -> dict[str, int]:
    """Lower-case model label -> its place on the film's way."""
    labels = [label.lower() for _order, _title, models in SECTIONS for label, _icon in models]
    return {label: place for place, label in enumerate(labels)}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's side bar: their productions first, then the rooms, only what the user may see."""
    from django.contrib import admin

    registered = {model._meta.label_lower: page for model, page in admin.site._registry.items()}
    groups = []
    for _order, title, models in SECTIONS:
        items = []
        for label, icon in models:
            page = registered.get(label.lower())
            if page is None or not page.has_view_permission(request):
                continue
            address = f"admin:{label.lower().replace('.', '_')}"
            items.append(
                {
                    "title": capfirst(page.model._meta.verbose_name_plural),
                    "icon": icon,
                    "link": reverse(f"{address}_changelist"),
                    "add": reverse(f"{address}_add") if page.has_add_permission(request) else "",
                }
            )
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    return groups
