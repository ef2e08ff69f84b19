"""Secrets of links: made once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets


def digest_of(secret: str) -> str:
    # The secret has 256 random bits, so a plain hash cannot be guessed back.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def new_secret() -> str:
    return secrets.token_urlsafe(32)
