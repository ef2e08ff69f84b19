"""Times of day and inside/outside words, Chinese, classical and English."""

from __future__ import annotations

import re

_NIGHT = "深夜|午夜|半夜|子夜|凌晨|夜晚|夜间|夜里|夜景|雨夜|雪夜|月夜|黑夜|入夜|晚上|夜|晚|暗"
_DAWN = "清晨|早晨|黎明|拂晓|破晓|天亮|晨"
_DUSK = "傍晚|黄昏|日落|日暮|暮|昏"
_DAY = "白天|白日|日间|日景|早上|上午|中午|正午|晌午|午后|下午|日|早|午"
_QUALIFIER = "(?:次|翌|同|当|隔|第二天?|雨|雪|阴|晴)?"
_CLASSICAL = {
    "子": "night", "丑": "night", "寅": "night", "卯": "dawn", "辰": "day", "巳": "day",
    "午": "day", "未": "day", "申": "day", "酉": "dusk", "戌": "night", "亥": "night",
}  # fmt: skip
_ONE_TIME = f"{_QUALIFIER}(?:{_NIGHT}|{_DAWN}|{_DUSK}|{_DAY})"
_CLASSICAL_HOUR = "[子丑寅卯辰巳午未申酉戌亥]时(?:[初正中末])?(?:[一二三四两]刻)?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?\s*(?:[AaPp]\.?[Mm]\.?)?|\d{1,2}\s*(?:[AaPp]\.?[Mm]\.?)|\d{1,2}点(?:半|\d{1,2}分)?"
CLOCK = re.compile(_CLOCK)
_TIME = f"(?:{_ONE_TIME}(?:[/转至到→]{_ONE_TIME})?|{_CLASSICAL_HOUR}|{_CLOCK})"
INT_EXT = "(?:内外景?|外内景?|内景?[/、]外景?|外景?[/、]内景?|内景?|外景?|室内|室外)"
TIME_ONLY = re.compile(f"^{_TIME}$")
INT_EXT_ONLY = re.compile(f"^{INT_EXT}$")
TIME_INT = re.compile(f"^({_TIME})[/·.．]?({INT_EXT})$")
INT_TIME = re.compile(f"^({INT_EXT})[/·.．]?({_TIME})$")
_ENGLISH_TIMES = {
    "DAY": "day", "MORNING": "day", "AFTERNOON": "day", "NOON": "day", "MIDDAY": "day",
    "NIGHT": "night", "EVENING": "night", "MIDNIGHT": "night",
    "DAWN": "dawn", "SUNRISE": "dawn", "DAYBREAK": "dawn",
    "DUSK": "dusk", "SUNSET": "dusk", "TWILIGHT": "dusk", "MAGIC HOUR": "dusk",
    "CONTINUOUS": None, "LATER": None, "MOMENTS LATER": None, "SAME": None, "SAME TIME": None,
}  # fmt: skip
ENGLISH_TIME_WORD = re.compile(
    r"\b(DAY|MORNING|AFTERNOON|NOON|MIDDAY|NIGHT|EVENING|MIDNIGHT|DAWN|SUNRISE|DAYBREAK|DUSK|SUNSET|TWILIGHT|"
    r"MAGIC HOUR|CONTINUOUS|MOMENTS LATER|LATER|SAME TIME|SAME)\b"
)


def time_of_day(written: str | None) -> str | None:
    """day, night, dawn, dusk, or None for a time that says none of them (连续, LATER).

    A clock reads as night from 19:00 to 5:00, dawn to 7:00, dusk from 17:00; 凌晨 is dark, so night.
    """
    if not written:
        return None
    text = written.strip()
    clock = re.match(r"^(\d{1,2})(?::\d{2}|点|\s*(?=[AaPp]))", text)
    if clock:
        hour = int(clock[1]) % 24
        if re.search(r"[Pp]\.?[Mm]", text) and hour < 12:
            hour += 12
        elif re.search(r"[Aa]\.?[Mm]", text) and hour == 12:
            hour = 0
        return "dawn" if 5 <= hour < 7 else "day" if 7 <= hour < 17 else "dusk" if 17 <= hour < 19 else "night"
    if re.match(f"^{_CLASSICAL_HOUR}$", text):
        return _CLASSICAL[text[0]]
    first = re.split("[/转至到→]", text)[0]
    for words, name in ((_NIGHT, "night"), (_DAWN, "dawn"), (_DUSK, "dusk"), (_DAY, "day")):
        if re.match(f"^{_QUALIFIER}(?:{words})$", first):
            return name
    english = ENGLISH_TIME_WORD.search(text.upper())
    return _ENGLISH_TIMES[english[1]] if english else None


def int_ext(written: str) -> str | None:
    inside, outside = "内" in written, "外" in written
    return "int_ext" if inside and outside else "int" if inside else "ext" if outside else None
