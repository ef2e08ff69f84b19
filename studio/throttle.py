"""Counting tries at doors that are open to everybody. The counts live in the cache, which is one for all processes."""

from __future__ import annotations

import time

from django.core.cache import cache


def spend(name: str, who: str, *, limit: int, seconds: int) -> bool:
    """Count one try; False when the limit of this stretch of time is used up.

    Two tries at one instant may count as one: the limit keeps guessing slow, it is no account of tries.
    """
    window = int(time.time() // seconds)
    key = f"throttle:{name}:{who}:{window}"
    count = int(cache.get(key, 0)) + 1
    if count > limit:
        return False
    cache.set(key, count, seconds)
    return True
