"""Licence and record numbers: how they are written and where they hold.

`网剧审字(2022)第001号` is issued by the national regulator, `(沪)网剧审字(2023)第001号` by a province. A record number
has no published form, so only its characters are checked. A number issued by a platform holds on that platform alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from .faults import RuleFault

Kind = Literal["licence", "record", "platform"]

# One-character names of the provinces, and the second ones in use for some.
PROVINCES = frozenset("京津沪渝冀豫云滇辽黑湘皖鲁新苏浙赣鄂桂甘陇晋蒙陕秦吉闽贵黔粤青藏川蜀宁琼")
FIRST_YEAR = 2022  # the licence was introduced on 2022-06-01

_LICENCE = re.compile(r"(?:\((?P<province>\w{1,3})\))?网剧审字\((?P<year>[0-9]{4})\)第(?P<serial>[0-9]{1,6})号")
_RECORD = re.compile(r"(?=.*[0-9])[\w()\-/.]{6,40}")
_BRACKETS = str.maketrans({"〔": "(", "［": "(", "[": "(", "【": "(", "〕": ")", "］": ")", "]": ")", "】": ")"})


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is shown: `text` normalised, `platform` where a platform's own number holds.

    `province` is empty on a national licence; `year` and `serial` are known for licences alone.
    """

    text: str
    kind: Kind
    province: str = ""
    year: int | None = None
    serial: int | None = None
    platform: str = ""

    def holds_on(self, platform: str) -> bool:
        return self.kind != "platform" or self.platform == platform


def normalise(written: str) -> str:
    """The number without blanks and invisible marks, all brackets round and half-width, a leading label dropped."""
    text = unicodedata.normalize("NFKC", written).translate(_BRACKETS)
    text = "".join(char for char in text if not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc"))
    return re.sub(r"^(?:许可证号?|发行许可证号?|备案号|登记号)[::]?", "", text)


def parse_number(written: str, *, issued_by: str = "", latest_year: int | None = None) -> Number:
    """Read a licence or record number; `issued_by` names the platform of a number that a platform issued.

    Raises RuleFault: number_empty, number_malformed, number_province, number_year, number_serial.
    """
    text = normalise(written)
    if not text:
        raise RuleFault("number_empty", "The number is empty.")
    if "网剧审字" in text:
        if issued_by:
            raise RuleFault("number_not_platforms", "A licence number is issued by the regulator, not by a platform.")
        return _licence(text, latest_year)
    if _RECORD.fullmatch(text) is None:
        raise RuleFault(
            "number_malformed",
            "{number} is not a number: write a licence number like (沪)网剧审字(2023)第001号, or a record number of "
            "6 to 40 letters and digits.",
            number=text[:60],
        )
    return Number(text, "platform", platform=issued_by) if issued_by else Number(text, "record")


def _licence(text: str, latest_year: int | None) -> Number:
    match = _LICENCE.fullmatch(text)
    if match is None:
        raise RuleFault(
            "licence_malformed",
            "{number} is not written like a licence number: (沪)网剧审字(2023)第001号.",
            number=text[:60],
        )
    province, year, serial = match["province"] or "", int(match["year"]), int(match["serial"])
    if province and province not in PROVINCES:
        raise RuleFault("number_province", "{province} is not the short name of a province.", province=province)
    if year < FIRST_YEAR or (latest_year is not None and year > latest_year):
        raise RuleFault("number_year", "No licence number was issued in {year}.", year=year)
    if serial == 0:
        raise RuleFault("number_serial", "Licence numbers start at 1.")
    return Number(text, "licence", province, year, serial)
