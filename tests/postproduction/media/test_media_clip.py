"""Generated clips."""

import pytest

from postproduction.media import make_clip, probe


def test_same_input_gives_the_same_bytes(tmp_path, clip):
    again = make_clip(tmp_path / "again.mp4", text="EP 1")
    assert again.read_bytes() == clip.read_bytes()
    assert make_clip(tmp_path / "other.mp4", text="EP 2").read_bytes() != clip.read_bytes()


@pytest.mark.parametrize(
    ("seconds", "width", "height", "fps"), [(1, 64, 128, 30), (3, 1280, 720, 24), (1, 66, 64, 120)]
)
def test_sizes_and_rates(tmp_path, seconds, width, height, fps):
    facts = probe(make_clip(tmp_path / "clip.mp4", seconds, width, height, fps, "12A"))
    assert (facts.width, facts.height, facts.fps) == (width, height, str(fps))
    assert (facts.frames, facts.duration_ms) == (seconds * fps, seconds * 1000)


def test_caption_and_mark_are_in_the_picture(tmp_path):
    import av

    def bright(text):
        with av.open(str(make_clip(tmp_path / "clip.mp4", 1, 320, 480, 10, text))) as container:
            pictures = [frame.to_ndarray()[:480] for frame in container.decode(video=0)]
        caption = int((pictures[0][170:310] > 180).sum())
        return caption, [int((picture[440:450, :] > 180).sum()) // 10 for picture in pictures]

    caption, mark = bright("1")
    # The glyph has 8 of 15 dots, each 24 wide and high.
    assert caption == pytest.approx(8 * 24 * 24, rel=0.1)
    assert mark == sorted(mark)
    assert mark[0] < 50
    assert mark[-1] >= 310
    assert bright("剧")[0] == 0


@pytest.mark.parametrize(
    "options",
    [
        {"width": 1081},
        {"height": 62},
        {"width": 8000, "height": 8000},
        {"seconds": 0},
        {"seconds": 601},
        {"fps": 0},
        {"fps": 121},
    ],
)
def test_refusals_leave_nothing_behind(tmp_path, options):
    with pytest.raises(ValueError, match="a clip"):
        make_clip(tmp_path / "clip.mp4", **options)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        make_clip(tmp_path / "nowhere" / "clip.mp4", 1, 64, 64)
    assert list(tmp_path.iterdir()) == []


def test_clip_that_fails_midway_keeps_the_old_file(tmp_path, monkeypatch):
    from postproduction.media import clip as module

    path = make_clip(tmp_path / "clip.mp4", 1, 64, 64)
    before = path.read_bytes()

    def breaks(*_):
        raise RuntimeError("no paint left")
        yield

    monkeypatch.setattr(module, "_pictures", breaks)
    with pytest.raises(RuntimeError, match="no paint left"):
        make_clip(path, 1, 64, 64)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("clip.mp4", before)]
