"""Account numbers at rest: sealed with a key made from the installation's secret."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from studio.refusals import Refused

_PURPOSE = b"kaiji.finance.sealing:"


def _box() -> MultiFernet:
    """The newest key seals, older ones (SECRET_KEY_FALLBACKS) still open."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(_PURPOSE + secret.encode()).digest())) for secret in secrets
    )


def seal(data: bytes) -> bytes:
    return _box().encrypt(data)


def unseal(sealed: bytes) -> bytes:
    """Refuses what was sealed under a secret that is gone: it has to be entered again."""
    try:
        return _box().decrypt(bytes(sealed))
    except InvalidToken:
        raise Refused(
            "cannot_unseal", _("This was kept under another secret key and cannot be read. Enter the account again.")
        ) from None
