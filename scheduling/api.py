"""REST doors of this room."""

from rest_framework.routers import SimpleRouter

from scheduling import call_sheet_api


def register(router: SimpleRouter) -> None:
    """Add this room's routes."""
    call_sheet_api.register(router)
