"""How accounts come to be, and the mails about them: a studio's owner makes accounts; strangers cannot sign up."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import pgettext

from studio.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> Any:
        return "/"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write to somebody in their own language, which need not be that of who asked."""
        user = context.get("user") or User.objects.filter(email__iexact=email, is_active=True).first()
        language = (user.language if user is not None else "") or translation.get_language() or settings.LANGUAGE_CODE
        with translation.override(language):
            super().send_mail(
                template_prefix,
                email,
                {
                    **{name: _at_home(value) if name.endswith("_url") else value for name, value in context.items()},
                    "user": user,
                    "site_url": settings.SITE_URL,
                    "reset_days": max(1, settings.PASSWORD_RESET_TIMEOUT // 86_400),
                },
            )

    def format_email_subject(self, subject: str) -> str:
        return f"[{pgettext('product', 'Kaiji')}] {subject}"


def _at_home(url: str) -> str:
    """The address under SITE_URL: a request may name any host, and the secret of a link must not go there."""
    return settings.SITE_URL.rstrip("/") + urlsplit(url).path
