"""Bearer tokens, looked up by digest and remembered for half a minute.

A revoked token or a lost role therefore ends within 30 seconds in other processes, at once in this one.
"""

from __future__ import annotations

import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from studio.access import Access, access_of
from studio.models import ApiToken, User

REMEMBER_SECONDS = 30.0
_remembered: dict[str, tuple[float, User, ApiToken, Access]] = {}


def forget_tokens() -> None:
    """Drop what this process remembers; called when a token or a membership changes."""
    _remembered.clear()


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer kj_...`"""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        kind, _space, secret = header.partition(" ")
        if kind.lower() != "bearer":
            return None
        digest = ApiToken.digest_of(secret.strip())
        now = time.monotonic()
        hit = _remembered.get(digest)
        if hit is None or hit[0] < now:
            hit = (now + REMEMBER_SECONDS, *self._look_up(digest))
            if len(_remembered) > 10_000:
                _remembered.clear()
            _remembered[digest] = hit
        _until, user, token, access = hit
        if token.expires_at <= timezone.now():
            raise AuthenticationFailed(_("This token has expired. Make a new one."), code="token_expired")
        request._request.access = access  # type: ignore[attr-defined]
        return user, token

    def _look_up(self, digest: str) -> tuple[User, ApiToken, Access]:
        token = ApiToken.objects.select_related("user").filter(digest=digest).first()
        if token is None:
            raise AuthenticationFailed(_("No such token."), code="token_unknown")
        if token.revoked_at is not None:
            raise AuthenticationFailed(_("This token was revoked."), code="token_revoked")
        if not token.user.is_active:
            raise AuthenticationFailed(_("This account is closed."), code="account_closed")
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
        return token.user, token, access_of(token.user).limited(token.studio_id, frozenset(token.scopes))

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _schema() -> None:
    from drf_spectacular.extensions import OpenApiAuthenticationExtension

    class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
        target_class = TokenAuthentication
        name = "token"

        def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
            return {"type": "http", "scheme": "bearer"}


_schema()
