"""The dates and periods that a question names, and what lies in them. Pure; the clock is given."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from index import timewords as words
from index.arabic import tokens

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    _Said = dict[str, str | None]
    _Resolver = Callable[[re.Match[str], date | None], "Period | None"]


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a month, a year or a stretch of time, as far as a text states it.

    `start` and `end` are its first and last day where the year is known; one of them is None where
    the period is open («بعد 2018», «قبل 2020»), both where it has no year. `month`, `day` and
    `last` (the last day, where the text names several) are kept with and without a year.
    `weekday` (Monday is 0) is set where nothing says which one is meant. Months of the Hijri
    calendar are recognised and never put into the Gregorian one. `text` is what the text says.
    """

    start: date | None = None
    end: date | None = None
    year_known: bool = False
    text: str = ""
    month: int | None = None
    day: int | None = None
    last: int | None = None
    weekday: int | None = None
    hijri: bool = False


def find(text: str, today: date) -> tuple[Period, ...]:
    """Return the periods that `text` names, in its order; «أمس» and the like count from `today`."""
    return _read(text, today)


def names(period: Period, text: str) -> bool:
    """Whether a sentence's own dates name this day, month, year or weekday, however spelt.

    A date without a year fits any; one less exact than the period («عام 2023» for a day) does not,
    nor does what a sentence counts from its own day («أمس»).
    """
    return any(_within(stated, period) for stated in _read(text, None))


def covers(period: Period, published: str | None) -> bool | None:
    """Whether a publication date (as `index.dates` has it) lies in the period; None: can't tell."""
    if published is None or period.hijri:
        return None
    yearless = published.startswith("--")
    try:  # 2000 had a 29 February
        day = date.fromisoformat(f"2000-{published[2:]}" if yearless else published[:10])
    except ValueError:
        return None
    if period.year_known and not yearless:
        return (period.start or date.min) <= day <= (period.end or date.max)
    if period.month is not None:
        same = _holds(period, day.month, day.day)
        return None if same and period.year_known else same
    return None if yearless or period.weekday is None else day.weekday() == period.weekday


def recent(text: str) -> bool:
    """Whether a question asks for the newest: «آخر», «أحدث», «الآن», «دلوقتي», «الأخيرة» …

    «آخر» after a noun that it describes is "other": «بند آخر», «شخص آخر».
    """
    found = tokens(text)
    if any({word.form, word.form.lstrip("وبفل")} & words.NEWEST for word in found):
        return True
    if any(period.text.endswith("اليوم") for period in _read(text, date(2000, 1, 1))):
        return True
    for before, word, after in zip([None, *found], found, [*found[1:], None], strict=False):
        opens = before is None or before.form in words.BEFORE_LATEST
        if word.form in ("الجديد", "جديد") and before and opens:
            return True  # «ما الجديد في القضية»
        if word.form.lstrip("وبفل") != "اخر" or "أ" in text[word.start : word.end] or not after:
            continue  # «أخر» delayed
        joined = not text[word.end : after.start].strip() and after.form not in words.PARTICLES
        described = before and not opens and not before.form.startswith("ال") and word.form == "اخر"
        if joined and (not described or after.form in words.LATEST_OF):
            return True
    return False


def _holds(period: Period, month: int, day: int) -> bool:
    first = period.day or 1
    return month == period.month and first <= day <= (period.last or period.day or 31)


def _within(stated: Period, asked: Period) -> bool:
    if stated.hijri != asked.hijri:
        return False
    if stated.year_known and asked.year_known:
        return (asked.start or date.min) <= (stated.start or date.min) and (
            stated.end or date.max
        ) <= (asked.end or date.max)
    if stated.day and asked.month is None and asked.start and asked.end and not stated.year_known:
        length = (asked.end - asked.start).days + 1  # «في 3 مارس» may be of last week
        days = [asked.start + timedelta(days=one) for one in range(length if length < 32 else 0)]
        return any(_holds(stated, one.month, one.day) for one in days)
    if asked.month is None or stated.month is None:
        return asked.weekday is not None and asked.weekday == stated.weekday
    if asked.day is None or stated.day is None:
        return asked.day is None and asked.month == stated.month
    said = range(stated.day, (stated.last or stated.day) + 1)
    return any(_holds(asked, stated.month, day) for day in said)


# --- reading ------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)  # sentences are asked about again and again
def _read(text: str, today: date | None) -> tuple[Period, ...]:
    """The periods of a text; those that count from today only where `today` is given."""
    flat, places = words.flatten(text)
    found = []
    for pattern, resolve in _RULES:
        for match in pattern.finditer(flat):
            lead = match.groupdict().get("lead") or ""
            try:
                period = resolve(match, today)
                period = period and _opened(period, flat[: match.start()] + lead, today)
            except (ValueError, OverflowError):
                period = Period()  # no such day, or none that the calendar holds
            if period is not None:
                found.append((match.start(), match.end(), period))
                # what was read is read once, and the rest keeps its place
                flat = flat[: match.start()] + "\0" * len(match[0]) + flat[match.end() :]
    periods = []
    for start, end, period in sorted(found, key=lambda one: one[:2]):
        held = [span for place, *span in places if start <= place < end]
        if period != Period():
            periods.append(replace(period, text=text[held[0][0] : held[-1][1]]))
    return tuple(periods)


def _opened(period: Period, before: str, today: date | None) -> Period:
    """The period that reaches from, to or past a date, as the words `before` it say."""
    opening = words.OPENING.search(before)
    if opening is None or period.start is None or period.end is None:
        return period
    until = period.end if "نهايه" in opening[0] else period.start - timedelta(days=1)
    ends = {
        "منذ": (period.start, today),
        "قبل": (None, until),
        "بعد": (period.end + timedelta(days=1), None),
        "حتي": (None, period.end),
    }
    return Period(*ends[opening[1]], year_known=True)


def _day(today: date, days: int) -> Period:
    there = today + timedelta(days=days)
    return _span(there.year, there.month, there.day)


def _span(year: int | None, month: int, day: int | None = None, last: int | None = None) -> Period:
    if day and last:
        day, last = min(day, last), max(day, last)
    start = date(year or 2000, month, day or 1)
    end = start.replace(day=last or day or monthrange(start.year, month)[1])
    undated = Period(month=month, day=day, last=last)
    return replace(undated, start=start, end=end, year_known=True) if year else undated


def _years(first: int, last: int) -> Period:
    return Period(date(min(first, last), 1, 1), date(max(first, last), 12, 31), year_known=True)


def _numeric(match: re.Match[str], today: date | None) -> Period | None:
    said = {name: int(value) for name, value in match.groupdict().items() if value}
    return _span(said.get("year"), said["month"], said.get("day"))


def _in_month(match: re.Match[str], today: date | None) -> Period | None:
    said = match.groupdict()
    name = said["month"]
    around = ("day", "lead", "twin", "year", "past", "next", "this")
    if name in words.WEAK and not any(said.get(part) for part in around):
        return None
    if said.get("clitic") and len(name) < 4:
        return None  # «باب» is a door
    month = words.MONTHS.get(name) or int(name)
    day = words.ORDINALS.get(said["day"]) or int(said["day"]) if said["day"] else None
    last = int(said["last"]) if said.get("last") else None
    return _span(_year(said, today, month, day), month, day, last)


def _year(said: _Said, today: date | None, month: int, day: int | None) -> int | None:
    """The year stated, or meant by «الماضي», «المقبل», «من هذا العام» after a day or month."""
    if said["year"]:
        return int(said["year"])
    if today is None or not (said["past"] or said["next"] or said["this"]):
        return None
    if said["of"] or said["this"]:
        return today.year + bool(said["next"]) - bool(said["past"])
    here, there = today if day else today.replace(day=1), date(today.year, month, day or 1)
    return today.year - (there >= here) if said["past"] else today.year + (there <= here)


def _in_hijri(match: re.Match[str], today: date | None) -> Period | None:
    name = match["hijri"]
    if name in words.WEAK and not (match["day"] or match["lead"] or match["year"]):
        return None
    return Period(month=words.HIJRI[name], day=int(match["day"] or 0) or None, hijri=True)


def _on_weekday(match: re.Match[str], today: date | None) -> Period | None:
    weekday = words.WEEKDAYS[match["weekday"]]
    if today is None or not (match["past"] or match["next"]):
        return Period(weekday=weekday)
    ahead = (weekday - today.weekday()) % 7
    return _day(today, (ahead or 7) if match["next"] else ahead - 7)


def _by_unit(match: re.Match[str], today: date | None) -> Period | None:
    """«الشهر الماضي», «هذا الأسبوع», «العام المقبل»: a unit of the calendar."""
    pointed = any(match[part] for part in ("which", "past", "next", "this")) or "هال" in match[0]
    if today is None or not pointed:
        return None
    return _unit(today, words.UNITS[match["unit"]], bool(match["next"]) - bool(match["past"]))


def _unit(today: date, days: int, shift: int) -> Period:
    """The day, week (from Saturday), month or year `shift` units from today's."""
    if days == 365:
        return _years(today.year + shift, today.year + shift)
    if days == 30:
        months = today.year * 12 + today.month - 1 + shift
        return _span(months // 12, months % 12 + 1)
    if days == 7:
        start = today + timedelta(days=7 * shift - (today.weekday() + 2) % 7)
        return Period(start, start + timedelta(days=6), year_known=True)
    return _day(today, shift)


def _ago(match: re.Match[str], today: date | None) -> Period | None:
    """«قبل يومين» is a day, «قبل شهر» the month before; «منذ» and «آخر» reach until today."""
    said = match.groupdict()
    vague = not said.get("count") and said.get("unit") in words.PLURALS
    if today is None or vague:
        return None
    number = said.get("count") or ("2" if said["dual"] else "1")
    count = words.NUMBERS.get(number) or int(number)
    days = words.DUALS[said["dual"]] if said["dual"] else words.UNITS[said["unit"]]
    if said["how"] in ("قبل", "بعد", "من"):
        return _unit(today, days, count if said["how"] == "بعد" else -count)
    return Period(today - timedelta(days=days * count), today, year_known=True)


def _from_today(match: re.Match[str], today: date | None) -> Period | None:
    return _day(today, words.DAYS.get(match["word"] or "", 0)) if today else None


def _in_years(match: re.Match[str], today: date | None) -> Period | None:
    return _years(int(match["first"]), int(match["year"]))


def _in_decade(match: re.Match[str], today: date | None) -> Period | None:
    first = words.DECADES[match["decade"]] + (1800 if match["older"] else 1900)
    return _years(first, first + 9)


def _in_year(match: re.Match[str], today: date | None) -> Period | None:
    """A year, unless it counts what follows («2020 شخصا»)."""
    year, lead, after = int(match["year"]), match["lead"], match["after"]
    counting = after and after not in words.PARTICLES and not after.startswith("ال")
    certain = "عام" in lead or "سنه" in lead
    if not certain and (not 1900 <= year < 2100 or (counting and not (lead or match["clitic"]))):
        return None
    return _years(year, year)


_RULES: tuple[tuple[re.Pattern[str], _Resolver], ...] = (
    *((pattern, _numeric) for pattern in words.NUMERIC),
    *((pattern, _in_years) for pattern in words.YEARS),
    *((pattern, _in_month) for pattern in words.IN_MONTH),
    (words.IN_HIJRI, _in_hijri),
    *((pattern, _ago) for pattern in words.LATELY),
    (words.BY_UNIT, _by_unit),
    (words.FROM_TODAY, _from_today),
    (words.ON_WEEKDAY, _on_weekday),
    (words.AGO, _ago),
    (words.IN_DECADE, _in_decade),
    (words.IN_YEAR, _in_year),
)
"""Patterns, the more exact first."""
