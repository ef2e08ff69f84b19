"""What a media file is: probing in a child process, and small clips for tries and tests."""

from .clip import make_clip
from .facts import MediaFacts, Stretch
from .probe import MediaError, probe

__all__ = ["MediaError", "MediaFacts", "Stretch", "make_clip", "probe"]
