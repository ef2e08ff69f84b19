"""Small vertical clips with a caption, a moving mark and a tone: stand-ins for episodes in tries and tests."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    Picture = npt.NDArray[np.uint8]

SOUND_RATE = 48_000
# Whole periods fit a second, so the tone has no click where one second follows another. A sine of this height in
# both channels measures about -14 LUFS, what overseas packs ask for.
TONE_HZ, TONE_HEIGHT = 440, 0.217
AAC_FRAME = 1024
WHITE = 235
# Luma and the two chromas of the grounds: blue, green, plum, teal, brown, slate.
GROUNDS = ((60, 150, 115), (80, 110, 105), (65, 140, 150), (85, 135, 100), (75, 105, 145), (70, 130, 122))
# Five rows of three dots each, a row as one octal digit.
GLYPHS = {
    "0": "75557", "1": "26227", "2": "71747", "3": "71717", "4": "55711", "5": "74717", "6": "74757", "7": "71111",
    "8": "75757", "9": "75717", "A": "25755", "B": "65656", "C": "34443", "D": "65556", "E": "74647", "F": "74644",
    "G": "34553", "H": "55755", "I": "72227", "J": "11152", "K": "55655", "L": "44447", "M": "57755", "N": "65555",
    "O": "25552", "P": "65644", "Q": "25563", "R": "65655", "S": "34216", "T": "72222", "U": "55557", "V": "55552",
    "W": "55775", "X": "55255", "Y": "55222", "Z": "71247", "-": "00700", ".": "00002", ":": "02020", "/": "11244",
    " ": "00000",
}  # fmt: skip
MOST_SECONDS, MOST_PIXELS, MOST_LETTERS = 600, 3840 * 2160, 24


def make_clip(
    path: str | os.PathLike[str],
    seconds: int = 2,
    width: int = 1080,
    height: int = 1920,
    fps: int = 25,
    text: str = "",
    tone: bool = True,
) -> Path:
    """Write an H.264 and AAC clip as MP4 and return its path; the same input gives the same bytes.

    `text` is shown as far as it has Latin letters, digits and `-.:/`; it also chooses the ground colour. Without
    `tone` the sound is silent. The file appears whole or not at all. Raises ValueError for sizes that are odd,
    too small or too large.
    """
    if width % 2 or height % 2 or min(width, height) < 64 or width * height > MOST_PIXELS:
        raise ValueError(f"a clip has even sides from 64 up to {MOST_PIXELS} dots in all, not {width}x{height}")
    if not (1 <= seconds <= MOST_SECONDS and 1 <= fps <= 120):
        raise ValueError(f"a clip lasts 1 to {MOST_SECONDS} s at 1 to 120 frames a second")
    import av

    target = Path(path)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with av.open(os.fspath(unfinished), "w", format="mp4", options={"movflags": "+faststart"}) as output:
            video: Any = output.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "qp": "30"})
            video.width, video.height, video.pix_fmt = width, height, "yuv420p"
            video.codec_context.gop_size = 10 * fps
            video.codec_context.thread_count = 1  # several threads cut the picture otherwise on other machines
            audio: Any = output.add_stream("aac", rate=SOUND_RATE, layout="stereo")
            audio.bit_rate = 96_000
            sound = _sound(seconds, tone)
            for number, picture in enumerate(_pictures(seconds * fps, width, height, text)):
                frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, fps)
                output.mux(video.encode(frame))
                if number % fps == fps - 1:
                    # A second of sound behind each second of picture, as players read them.
                    for samples in sound[number // fps]:
                        output.mux(audio.encode(samples))
            output.mux(video.encode(None))
            output.mux(audio.encode(None))
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def _pictures(count: int, width: int, height: int, text: str) -> Iterator[Picture]:
    """Planar 4:2:0 pictures: one array, changed between frames where the mark moves."""
    import numpy as np

    luma, blue, red = GROUNDS[crc32(text.encode()) % len(GROUNDS)]
    picture = np.empty((height * 3 // 2, width), np.uint8)
    picture[:height] = luma
    chroma = picture[height:].reshape(-1)
    chroma[: chroma.size // 2] = blue
    chroma[chroma.size // 2 :] = red
    _caption(picture[:height], text)
    bar = slice(height - height // 12, height - height // 16)
    for number in range(count):
        picture[bar, : width * (number + 1) // count] = WHITE
        yield picture


def _caption(luma: Picture, text: str) -> None:
    """Draw the text in dots across the middle, as large as it fits."""
    import numpy as np

    letters = [GLYPHS[letter] for letter in text.upper() if letter in GLYPHS][:MOST_LETTERS]
    if not letters:
        return
    height, width = luma.shape
    dot = max(1, min(width * 4 // 5 // (len(letters) * 4), height // 20))
    left, top = (width - (len(letters) * 4 - 1) * dot) // 2, height // 2 - dot * 5 // 2
    for place, glyph in enumerate(letters):
        rows = [[bool(int(row, 8) & mask) for mask in (4, 2, 1)] for row in glyph]
        dots = np.kron(np.array(rows, np.uint8), np.ones((dot, dot), np.uint8)).astype(bool)
        start = left + place * 4 * dot
        luma[top : top + dots.shape[0], start : start + dots.shape[1]][dots] = WHITE


def _sound(seconds: int, tone: bool) -> list[list[Any]]:
    """Stereo sound frames, a list for each second; the encoder wants frames of one length save the last."""
    import av
    import numpy as np

    total = seconds * SOUND_RATE
    wave = np.zeros(total, np.float32)
    if tone:
        wave += (TONE_HEIGHT * np.sin(2 * np.pi * TONE_HZ * np.arange(total) / SOUND_RATE)).astype(np.float32)
    both = np.stack([wave, wave])
    frames: list[list[Any]] = [[] for _ in range(seconds)]
    for start in range(0, total, AAC_FRAME):
        samples = np.ascontiguousarray(both[:, start : start + AAC_FRAME])
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
        frames[start // SOUND_RATE].append(frame)
    return frames
