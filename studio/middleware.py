"""Per-request state: who may do what, which studio is in front, language, zone, and the content security policy."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from studio.access import NOBODY, Access, access_of, visible_studios
from studio.models import Studio

GetResponse = Callable[[HttpRequest], HttpResponse]


class ContentSecurityPolicyMiddleware:
    """Sends the policy of SECURE_CSP (Django 6's setting). Unfold's Alpine needs eval, under /admin/ only."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = self._text({})
        self.admin_policy = self._text({"script-src": ["'self'", "'unsafe-eval'", "'unsafe-inline'"]})
        self.docs_policy = self._text({"script-src": ["'self'", "'unsafe-inline'"], "worker-src": ["'self'", "blob:"]})

    @staticmethod
    def _text(extra: dict[str, list[str]]) -> str:
        directives = {**settings.SECURE_CSP, **extra}
        return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Content-Security-Policy" not in response:
            path = request.path
            policy = self.policy
            if path.startswith("/admin/"):
                policy = self.admin_policy
            elif path.startswith("/api/v1/docs"):
                policy = self.docs_policy
            response["Content-Security-Policy"] = policy
        return response


@functools.lru_cache(maxsize=1024)
def _view_of(path: str) -> ResolverMatch:
    """The view of an address. Programs ask the same few; walking the patterns each time costs more than the list."""
    return resolve(path)


@functools.lru_cache(maxsize=256)
def _language_of(accepted: str) -> str:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    return translation.get_language_from_request(request)


class ApiLane:
    """Programs with a bearer token go straight to their view.

    Sessions, CSRF, messages and the frame's context are for browsers and cost a short list as much as its rows.
    What stands before this middleware (security headers, the content policy) holds here too; a browser's session
    takes the ordinary way.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/") or not request.META.get("HTTP_AUTHORIZATION"):
            return self.get_response(request)
        try:
            match = _view_of(request.path_info)
        except Resolver404:
            return self.get_response(request)
        request.resolver_match = match
        request.access = NOBODY  # type: ignore[attr-defined]
        request.user = AnonymousUser()
        if "HTTP_COOKIE" in request.META:
            language = translation.get_language_from_request(request)
        else:
            language = _language_of(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        with timezone.override(dt.UTC), translation.override(language):
            request.LANGUAGE_CODE = language
            response = match.func(request, *match.args, **match.kwargs)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response = response.render()
        response.headers.setdefault("Content-Language", language)
        if "Vary" in response.headers:
            patch_vary_headers(response, ("Accept-Language", "Authorization"))
        else:
            response.headers["Vary"] = "Accept-Language, Authorization"
        return response


class StudioMiddleware:
    """Sets `request.access` and `request.studio` (lazily), the user's language and the studio's zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = SimpleLazyObject(lambda: access_of(request.user))  # type: ignore[attr-defined]
        request.studio = None  # type: ignore[attr-defined]
        if request.path.startswith("/api/"):
            # Tokens carry their own access; programs get UTC.
            with timezone.override(dt.UTC):
                return self.get_response(request)
        user: Any = request.user
        if user.is_authenticated:
            if user.language and user.language != translation.get_language():
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            request.studio = current_studio(request, request.access)  # type: ignore[attr-defined]
            if request.studio is not None:  # type: ignore[attr-defined]
                timezone.activate(request.studio.zone)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        if user.is_authenticated and user.language:
            response.headers.setdefault("Content-Language", user.language)
        return response


def current_studio(request: HttpRequest, access: Access) -> Studio | None:
    """The studio in front: the one chosen in this session if still visible, else the first."""
    studios = visible_studios(access)
    chosen = request.session.get("studio_id")
    if chosen is not None:
        studio = studios.filter(pk=chosen).first()
        if studio is not None:
            return studio
    own = [grant.studio_id for grant in access.grants]
    return (studios.filter(pk__in=own[:1]).first() if own else None) or studios.order_by("pk").first()
