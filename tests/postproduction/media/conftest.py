"""Clips made once for the whole folder of tests."""

import pytest

from postproduction.media import make_clip


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """Two seconds of a vertical episode with a tone."""
    return make_clip(tmp_path_factory.mktemp("clips") / "剧 - 第1集.mp4", text="EP 1")
