"""Rebuild the subsets of Noto Sans SC in this folder: `python build.py "NotoSansSC[wght].ttf"`.

Needs fontTools and brotli. Regular covers GBK, so that rare characters in people's names print; bold covers GB2312,
which is enough for headings. The web pages get the GB2312 part of both as WOFF2.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).parent
# Latin, general punctuation, arrows, and the signs that scripts and papers use: △ ∆ ▲ ✓ ✗ ★ ○ ● − ☀.
ALWAYS = (
    set(range(0x20, 0x7F))
    | set(range(0xA0, 0x180))
    | set(range(0x2010, 0x2028))
    | set(range(0x2190, 0x21A0))
    | set(range(0x3000, 0x3040))
    | set(range(0xFF00, 0xFFF0))
    | set(map(ord, "€№™△▲▽∆✓✗★☆○●■□−×☀☽�"))
)


def double_byte(codec: str) -> set[int]:
    """Code points that the two-byte plane of `codec` holds, without the private use area."""
    points = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                text = bytes([lead, trail]).decode(codec)
            except UnicodeDecodeError:
                continue
            if len(text) == 1 and not 0xE000 <= ord(text) <= 0xF8FF:
                points.add(ord(text))
    return points


def build(source: Path, weight: int, style: str, codec: str) -> TTFont:
    """A static, renamed subset of the variable font."""
    font = TTFont(source)
    options = subset.Options(
        layout_features=["kern", "tnum", "ccmp", "locl", "mark", "mkmk", "halt", "palt"],
        name_IDs=["*"],
        notdef_outline=True,
        hinting=False,
        drop_tables=["vhea", "vmtx", "VORG"],
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=ALWAYS | double_byte(codec))
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True, updateFontNames=False)
    names = font["name"]
    for name_id in (3, 16, 17, 25):
        names.removeNames(name_id)
    for name_id, text in (
        (1, "Noto Sans SC"),
        (2, style),
        (3, f"NotoSansSC-{style};kaiji"),
        (4, f"Noto Sans SC {style}"),
        (6, f"NotoSansSC-{style}"),
    ):
        names.setName(text, name_id, 3, 1, 0x409)
    bold = weight >= 700
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (0x20 if bold else 0x40)
    font["head"].macStyle = int(bold)
    # Two builds of the same source give the same bytes.
    font.recalcTimestamp = False
    if "STAT" in font:
        del font["STAT"]
    return font


def main() -> None:
    source = Path(sys.argv[1])
    for weight, style, codec in ((400, "Regular", "gbk"), (700, "Bold", "gb2312")):
        build(source, weight, style, codec).save(HERE / f"NotoSansSC-{style}.ttf")
        web = build(source, weight, style, "gb2312")
        web.flavor = "woff2"
        web.save(HERE / f"NotoSansSC-{style}-web.woff2")


if __name__ == "__main__":
    main()
