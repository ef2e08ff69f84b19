"""REST doors of this room."""

from rest_framework.routers import SimpleRouter


def register(router: SimpleRouter) -> None:
    """Add this room's routes."""
