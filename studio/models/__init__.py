"""Rows of the ground floor."""

from .base import AppendOnly, AppendOnlyError, Scoped, Stamped
from .productions import Engagement, Episode, Person, Production
from .tenancy import ApiToken, Membership, Network, NetworkMembership, Studio, User
from .work import Event, Job, Notice

__all__ = [
    "ApiToken", "AppendOnly", "AppendOnlyError", "Engagement", "Episode", "Event", "Job", "Membership", "Network",
    "NetworkMembership", "Notice", "Person", "Production", "Scoped", "Stamped", "Studio", "User",
]  # fmt: skip
