"""Hours of the day as people write and read them: «7:30 صباحًا», «٧ مساء», 21:00. Pure."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING

from bot.typography import in_digits
from index.arabic import normalise

if TYPE_CHECKING:
    from bot.typography import Digits, Lang

_NAMES = {
    form: hour
    for hour, names in enumerate(
        (
            "الواحده وحده",
            "الثانيه ثنتين تنتين اثنتين",
            "الثالثه ثلاثه تلاته",
            "الرابعه اربعه",
            "الخامسه خمسه",
            "السادسه سته",
            "السابعه سبعه",
            "الثامنه ثمانيه تمانيه ثمنيه تمنيه",
            "التاسعه تسعه",
            "العاشره عشره",
            "الحاديه_عشره احدي_عشر احدعشر حداشر احداشر حدعش احدعش",
            "الثانيه_عشره اثنا_عشر اثني_عشر اتناشر اثناشر طناشر طنعش اثنعش اتنعش",
        ),
        1,
    )
    for name in names.split()
    for bare in (name.removeprefix("ال").replace("_", " "),)
    for form in (bare, f"ال{bare}")
}
_PARTS = {
    form: minutes
    for word, minutes in (("نصف", 30), ("نص", 30), ("ربع", 15), ("ثلث", 20), ("تلت", 20))
    for form in (word, f"ال{word}", f"{word}ا")
}
_MORNING = "صباحا صباح الصباح صبح الصبح ص فجرا فجر الفجر ضحي الضحي am a.m. a.m".split()
_EVENING = (
    "مساء مساءا المساء مسا المسا م عصرا عصر العصر مغرب المغرب عشاء العشاء العشا pm p.m. p.m"
).split()
_NIGHT = "ليلا ليل الليل بليل بالليل".split()
_NOON = "ظهرا ظهر الظهر".split()
_HALVES = frozenset((*_MORNING, *_EVENING, *_NIGHT, *_NOON))
_FILLERS = ("حوالي ", "علي ", "ع ", "في ", "at ", "الساعه ", "ساعه ", "تمام ")
_EACH_DAY = " كل يوم"

_WRITTEN = re.compile(
    r"(?P<hour>\d{1,2}|[^\W\d]+(?: عشره?)?)"
    r"(?: ?[:.٫,] ?(?P<minute>\d{2}))?"
    r"(?: ?(?P<sign>و|الا) ?(?P<part>\w+))?"
    r"(?: ?(?:في )?(?P<half>[^\W\d]+(?:\.[^\W\d]\.?)?))?"
)
_NAMED = {"منتصف الليل": time(0), "الظهر": time(12), "ظهرا": time(12), "noon": time(12)}
_NAMED["midnight"] = time(0)


def parse_hour(text: str) -> time | None:
    """The time that `text` names, or None where it names none.

    Without «صباحًا» or «مساءً» it is read as on a clock of 24 hours: «7» is in the morning.
    """
    written = " ".join(normalise(text).replace("،", " ").split()).removesuffix(_EACH_DAY)
    first, _, others = written.partition(" ")
    if first in _HALVES and others:  # «الصبح الساعة 7»
        written = f"{others} {first}"
    for filler in _FILLERS:
        written = written.removeprefix(filler)
    if written in _NAMED:
        return _NAMED[written]
    written = written.replace(" منتصف الليل", " ليلا")
    found = _WRITTEN.fullmatch(written)
    if found is None:
        return None
    hour = int(found["hour"]) if found["hour"].isdecimal() else _NAMES.get(found["hour"])
    part = 0 if found["part"] is None else _PARTS.get(found["part"])
    half = found["half"]
    if hour is None or part is None or (half and half not in _HALVES):
        return None
    if half:
        if not 1 <= hour <= 12:
            return None if hour > 23 or half in _MORNING else _time(hour, found, part)
        late = (
            half in _EVENING
            or (half in _NIGHT and 5 <= hour <= 11)
            or (half in _NOON and hour not in (10, 11))
        )
        hour = hour % 12 + (12 if late else 0)
    return _time(hour, found, part)


def hour_text(at: time, lang: Lang, digits: Digits) -> str:
    """`at` on a clock of twelve hours: «7:30 صباحًا», «12:00 ظهرًا», «12:00 منتصف الليل»."""
    half = next(name for until, name in _PARTS_OF_DAY[lang] if at < until)
    return in_digits(f"{(at.hour - 1) % 12 + 1}:{at.minute:02} {half}", digits)


_PARTS_OF_DAY: dict[Lang, tuple[tuple[time, str], ...]] = {  # each with the time it ends before
    "ar": (
        (time(0, 1), "منتصف الليل"),
        (time(1), "ليلًا"),
        (time(12), "صباحًا"),
        (time(15), "ظهرًا"),
        (time(18), "عصرًا"),
        (time.max, "مساءً"),
    ),
    "en": ((time(12), "am"), (time.max, "pm")),
}


def _time(hour: int, found: re.Match[str], part: int) -> time | None:
    minutes = hour * 60 + int(found["minute"] or 0)
    minutes += -part if found["sign"] == "الا" else part
    valid = hour <= 24 and int(found["minute"] or 0) < 60
    return time(minutes // 60 % 24, minutes % 60) if valid else None
