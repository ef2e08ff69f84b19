"""REST doors of call sheets."""

from rest_framework.routers import SimpleRouter


def register(router: SimpleRouter) -> None:
    """Add the call sheets' routes."""
