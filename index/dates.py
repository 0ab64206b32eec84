"""Publication dates as Arabic pages state them. Standard library only; nothing is guessed.

A date is one of `2023-03-16`, `2023-03-16T14:05:00+00:00` (only where the time zone is stated, and
in that zone, so that the day stays the one the page prints), `--03-16` (no year stated), or `None`.
A Hijri date alone is `None`: its Gregorian day depends on who saw the moon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

# Egypt and the Gulf, the Levant and Iraq (Syriac names), Tunisia and Algeria (French ones in
# Arabic letters), Morocco, Mauritania; then English and French as pages of those countries print.
_MONTHS: Final[dict[int, str]] = {
    1: "يناير ينايير كانون_الثاني كانون_ثاني ك2 جانفي جانفيي ينار january jan janvier janv",
    2: "فبراير فبرير فيبراير شباط اشباط فيفري فيفريي february feb février fevrier févr fevr",
    3: "مارس اذار مارت march mar mars",
    4: "ابريل نيسان افريل avril apr april avr",
    5: "مايو ايار مايس ماي ماية may mai",
    6: "يونيو يونيه حزيران جوان june jun juin",
    7: "يوليو يوليه تموز جويليه جويلي يوليوز july jul juillet juil",
    8: "اغسطس اغسطوس اب اوت غشت اغشت august aug août aout",
    9: "سبتمبر ايلول شتنبر شتمبر september sept sep septembre",
    10: "اكتوبر اوكتوبر تشرين_الاول تشرين_اول ت1 october oct octobre",
    11: "نوفمبر نوفنبر تشرين_الثاني تشرين_ثاني ت2 نونبر نوانبر november nov novembre",
    12: "ديسمبر دسمبر دجمبر ديجمبر كانون_الاول كانون_اول ك1 دجنبر december dec décembre déc",
}
_MONTH_OF: Final = {
    name.replace("_", " "): month for month, names in _MONTHS.items() for name in names.split()
}
_WEEKDAYS: Final = (
    "السبت الاحد الاثنين الاتنين الثلاثاء الثلثاء الاربعاء الخميس الجمعه "
    "saturday sunday monday tuesday wednesday thursday friday sat sun mon tue wed thu fri"
).split()

# Marks that change nothing about a date, and letters that are spelt in several ways.
_FOLD: Final = {
    **dict.fromkeys([*range(0x064B, 0x0653), 0x0670, 0x0640, 0x200E, 0x200F, 0x202A, 0x202B]),
    **dict.fromkeys([0x202C, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF]),
    **{ord(c): "ا" for c in "أإآٱ"},
    **{ord(c): str(i) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for i, c in enumerate(digits)},
    ord("ى"): "ي",
    ord("ی"): "ي",
    ord("ة"): "ه",
    ord("ڤ"): "ف",
    0x00A0: " ",
    0x202F: " ",
}

_MONTH = (
    "(?:"
    + "|".join(
        re.escape(name).replace(r"\ ", r"\s+") for name in sorted(_MONTH_OF, key=len, reverse=True)
    )
    + r")(?![^\W\d_])\.?"
)
# Both month systems side by side: «آذار/مارس», «شباط / فبراير», «آذار (مارس)», «آذار مارس».
_MONTHS_TOLD = rf"(?P<month>{_MONTH})(?:(?:\s*[/\\(|-]\s*|\s+){_MONTH}\s*\)?)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?<![\d/:.,٫-])(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:" + "|".join(_WEEKDAYS) + r")"

_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # 2023-03-16, 2023/3/16, each with an optional time and zone.
        r"(?<![\d/-])(?P<year>(?:19|20)\d\d)(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
        r"(?![\d/]|-\d)",
        # 16/03/2023: the day first, as everywhere Arabic is written.
        r"(?<![\d/:.-])(?P<day>\d{1,2})\s?(?P<sep>[-/.])\s?(?P<month>\d{1,2})\s?(?P=sep)\s?"
        + _YEAR,
        # 03/16/2023: the month first only where it cannot be the day.
        r"(?<![\d/:.-])(?P<month>0?\d|1[0-2])/(?P<day>1[3-9]|2\d|3[01])/" + _YEAR,
        # 07:39 2026 الثلاثاء ,17 شباط / فبراير
        rf"(?<!\d){_YEAR}\s+{_WEEKDAY}\s*[,،]?\s*(?P<day>\d{{1,2}})\s+{_MONTHS_TOLD}",
        # مارس 16, 2023, Mar 16 2023
        rf"(?<![^\W\d_]){_MONTHS_TOLD}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[,،]\s*|\s+){_YEAR}",
        # 2023 مارس 16
        rf"(?<![\d/:.-]){_YEAR}\s*[-/,،]?\s*{_MONTHS_TOLD}\s*[-/,،]?\s*(?P<day>\d{{1,2}})(?![\d:])",
        # 16 مارس 2023, 16 آذار/مارس، 2023, 16 من شهر مارس عام 2023, 16-مارس-2023, 16 مارس
        rf"{_DAY}(?:er)?\s*(?:[-/]\s*)?(?:من\s+|of\s+)?(?:شهر\s+)?{_MONTHS_TOLD}"
        rf"(?:\s*[,،/-]?\s*(?:من\s+)?(?:(?:ال|ل)?عام\s+|سنه\s+)?{_YEAR})?",
    )
)
_UPDATE = re.compile(r"تحديث|تعديل|محدث|عدل\b|updated?|modified|mis\s+à\s+jour")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(\d\d)?(z)?)?")
_PARTIAL = re.compile(r"--(\d\d)-(\d\d)")

_GMT = r"(?:gmt|utc|z(?![a-z])|(?:بتوقيت\s+)?[غج]رين[تي]+ش)"
_OFFSET = r"(?P<sign>[+-])(?P<oh>\d{2}):?(?P<om>\d{2})(?!\d)"
_SHORT_OFFSET = r"(?P<sign2>[+-])(?P<oh2>\d{1,2})(?![\d:])"  # GMT+3, 14:05+03
_CLOCK = r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?"
_HALF = r"(?:\s*(?P<half>[صم]|am|pm|صباحا|مساء)(?!\w))?"
_TIME_AFTER = re.compile(
    rf"\s*(?:t|في|[,،|\-–—@])?\s*(?:الساعه|على\s+الساعه)?\s*[:،,(]?\s*{_CLOCK}{_HALF}\s*\(?\s*"
    rf"(?:(?:{_GMT}\s*)?{_OFFSET}|(?:{_GMT}\s*|(?<=\d)){_SHORT_OFFSET}|{_GMT})"
)
_GMT_AFTER = re.compile(rf"\s*[,،|\-–—]?\s*\(?{_GMT}\s*{_CLOCK}(?!\d)")
_TIME_BEFORE = re.compile(
    rf"(?:{_GMT}\s*(?P<h>\d{{1,2}}):(?P<m>\d{{2}})(?::(?P<s>\d{{2}}))?(?P<half>)"
    rf"|(?P<h2>\d{{1,2}}):(?P<m2>\d{{2}})(?::(?P<s2>\d{{2}}))?\s*{_GMT})"
    rf"\s*[,،|\-–—]?\s*(?:{_WEEKDAY}\s*[,،]?\s*)?$"
)
# How far before a date its clock may stand; a line's worth.
_BEFORE = 40

# What a line that only states a time may hold beside the date itself.
_DATE_WORDS = re.compile(
    r"(?<!\w)(?:"
    + "|".join(
        [
            *_WEEKDAYS,
            r"و?(?:اول\s+)?(?:نشر|نشرت|النشر|منشور|حرر|صدر|كتب)(?:\s+(?:في|بتاريخ|يوم|على))*",
            r"(?:تم\s+)?(?:ال)?تاريخ(?:\s+(?:ال)?(?:نشر|خبر|مقال|تحديث|اصدار))?",
            r"تم\s+(?:ال)?(?:نشر|تحديث)(?:ه|ها)?",
            r"و?(?:اخر|احدث)\s+تحديث",
            r"(?:ال)?(?:تحديث|محدث|محدثه|حدث)",
            r"(?:ال)?(?:توقيت|ساعه|يوم|موافق|محلي|المحلي)",
            r"(?:ب)?توقيت\s+\w+(?:\s+المكرمه)?",
            r"مكه\s+المكرمه|مكه|القاهره\s+المحليه",
            r"في|يوم|بتاريخ|على|الساعه|من|ه|هـ|م|ص|صباحا|مساء|ظهرا|عصرا|ليلا|فجرا|قبل",
            r"gmt|utc|am|pm|ist|ast|cet|eest|published|updated|last|on|at|date|posted|by\s*$",
            r"publié|modifié|mis\s+à\s+jour|le|à|(?:اخر\s+)?تعديل",
            r"[غج]رين[تي]+ش",
            r"(?:محرم|صفر|ربيع\s+(?:ال)?(?:اول|اخر|ثاني)|جمادي\s+(?:ال)?(?:اولي|اول|اخره|ثانيه|ثاني)"
            r"|رجب|شعبان|رمضان|شوال|ذو?ي?\s+(?:القعده|الحجه))",
        ]
    )
    + r")(?!\w)"
)
_CLOCK_ONLY = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)")
_RELATIVE = re.compile(
    r"(?:نشر\s+)?(?:قبل|منذ)\s+(?:\d+\s+)?(?:ثانيه|ثوان\w*|دقيقه|دقيقت\w+|دقائق|ساع\w*|يوم\w*|"
    r"ايام|اسبوع\w*|اسابيع|شهر\w*|اشهر|سن\w+|عام\w*)(?:\s+(?:واحده|واحد|تقريبا))?"
)


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    value: str


def fold_dates(text: str) -> str:
    """The text with one spelling of its digits, alefs, yehs and no tashkeel, in lower case."""
    return text.translate(_FOLD).lower()


def find_date(text: str) -> str | None:
    """The first date stated in the text, or None; an impossible date (31 فبراير) is passed over."""
    found = _first(fold_dates(text))
    return found.value if found else None


def stated_dates(line: str) -> tuple[str | None, str | None]:
    """(published, updated) of a line that may tell both: «نشر: 1 مايو 2023 | آخر تحديث: 2 …».

    A date counts as an update where the words before it, since the date before, say so; dates
    alike stand first come, first told.
    """
    folded = fold_dates(line)
    published = updated = None
    while found := _first(folded):
        if _UPDATE.search(folded, 0, found.start):
            updated = updated or found.value
        else:
            published = published or found.value
        folded = folded[found.end :]
    return published, updated


def normalise_date(value: str) -> str | None:
    """A metadata value as a date: `2015-08-02 22:46:54` is a day, for it states no zone.

    Values that hold anything but a date and a time are None, and so is a year or month alone.
    """
    folded = fold_dates(value).strip()
    if not folded or len(folded) > 120:
        return None
    if partial := _PARTIAL.fullmatch(folded):
        return _told(None, int(partial[1]), int(partial[2]))
    if compact := _COMPACT.fullmatch(folded):
        year, month, day, hour, minute, second = (int(g or 0) for g in compact.groups()[:6])
        day_told = _told(year, month, day)
        if day_told is None or not compact[7]:
            return day_told
        return _instant(year, month, day, hour, minute, second, timedelta())
    found = _first(folded)
    return found.value if found else None


def sort_key(published: str | None) -> str | None:
    """A full date as an ISO instant in UTC, fit to compare as text; None where it has no year."""
    if published is None or published.startswith("--"):
        return None
    try:
        if len(published) == 10:
            date.fromisoformat(published)
            return f"{published}T00:00:00+00:00"
        moment = datetime.fromisoformat(published)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    try:
        return moment.astimezone(UTC).isoformat(timespec="seconds")
    except OverflowError:
        return None


def is_date_line(line: str, *, spare_words: int = 0) -> bool:
    """Whether a line says a date or a time and nothing else: «نشر في 16 مارس 2023 - 14:05».

    Also true of «آخر تحديث GMT 14:05:42» and «قبل 3 ساعات», which hold no date.
    `spare_words` other words are forgiven, for a name or a city that shares the line.
    """
    if len(line) > 160:  # a date line with every decoration is shorter; a paragraph is not
        return False
    folded = fold_dates(line)
    if not any(c.isdigit() for c in folded) and not _RELATIVE.search(folded):
        return any(folded.strip(" ،,:.-") == day for day in _WEEKDAYS)
    stated = False
    rest = folded
    while found := _first(rest):
        stated = True
        rest = f"{rest[: found.start]} {rest[found.end :]}"
    for pattern in (_CLOCK_ONLY, _RELATIVE):
        stated = stated or bool(pattern.search(rest))
        rest = pattern.sub(" ", rest)
    if not stated:
        return False
    rest = _DATE_WORDS.sub(" ", rest)
    words = re.findall(r"[^\W\d_]{2,}", rest)
    return len(words) <= spare_words


def _first(text: str) -> _Found | None:
    best: _Found | None = None
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if best and match.start() >= best.start:
                break
            if value := _value(match, text):
                best = _Found(match.start(), match.end(), value)
                break
    return best


def _value(match: re.Match[str], text: str) -> str | None:
    groups = match.groupdict()
    year = int(groups["year"]) if groups["year"] else None
    raw = re.sub(r"\s+", " ", groups["month"]).rstrip(".")
    month = int(raw) if raw.isdigit() else _MONTH_OF[raw]
    day = int(groups["day"])
    told = _told(year, month, day)
    if told is None or year is None:
        return told
    before = text[max(0, match.start() - _BEFORE) : match.start()]
    clock = _TIME_AFTER.match(text, match.end()) or _GMT_AFTER.match(text, match.end())
    if clock is None:
        clock = _TIME_BEFORE.search(before)
    if clock is None:
        return told
    parts = clock.groupdict()
    hour = int(parts.get("h") or parts.get("h2") or 0)
    minute = int(parts.get("m") or parts.get("m2") or 0)
    second = int(parts.get("s") or parts.get("s2") or 0)
    half = parts.get("half") or ""
    if half[:1] in ("م", "p") and hour < 12:
        hour += 12
    elif half[:1] in ("ص", "a") and hour == 12:
        hour = 0
    offset = timedelta()
    if sign := parts.get("sign") or parts.get("sign2"):
        offset = timedelta(hours=int(parts["oh"] or parts["oh2"]), minutes=int(parts["om"] or 0))
        offset = -offset if sign == "-" else offset
    return _instant(year, month, day, hour, minute, second, offset) or told


def _told(year: int | None, month: int, day: int) -> str | None:
    try:
        # 2000 was a leap year: 29 فبراير without a year is a day that exists.
        date(year or 2000, month, day)
    except ValueError:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"


def _instant(
    year: int, month: int, day: int, hour: int, minute: int, second: int, offset: timedelta
) -> str | None:
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=timezone(offset))
        moment.astimezone(UTC)  # an instant outside the calendar's years compares with nothing
    except (ValueError, OverflowError):
        return None
    return moment.isoformat(timespec="seconds")
