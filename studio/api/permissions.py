"""The verb of an API call, asked of the caller's access."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class VerbPermission(BasePermission):
    """Each view names its verbs: `verbs = {"list": "delivery.view", ...}`; a view without one is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if getattr(view, "open_to_all", False):
            return True
        if not request.user or not request.user.is_authenticated:
            raise NotAuthenticated
        verb = verb_of(view, request.method or "GET")
        if verb is None:
            if hasattr(view, "action_map") and (request.method or "").lower() not in view.action_map:
                raise MethodNotAllowed(request.method)
            return False
        access = request._request.access  # type: ignore[attr-defined]
        if access.may(verb):
            return True
        if access.scopes is not None and verb not in access.scopes:
            raise PermissionDenied(_("This token lacks the scope “%(scope)s”.") % {"scope": verb}, code="scope_missing")
        raise PermissionDenied(_("None of your roles allows this."), code="role_missing")


def verb_of(view: Any, method: str) -> str | None:
    action = getattr(view, "action", None) or method.lower()
    if action == "metadata":
        action = "list"
    return getattr(view, "verbs", {}).get(action)
