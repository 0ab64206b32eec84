"""Dates in words, by CLDR's names (Babel). Pure."""

from __future__ import annotations

import re
from datetime import date, datetime

from babel.dates import format_date

from bot.texts.conversation import texts
from bot.typography import Digits, Lang, in_digits

_YEARLESS = re.compile(r"--(\d\d)-(\d\d)")


def date_text(published: str | None, lang: Lang, now: datetime, digits: Digits = "latin") -> str:
    """`published` (see `index.model.Draft`) in words: as much as the page stated, no more.

    «الخميس 16 مارس 2023», «28 يناير» without a year, «بلا تاريخ» where there is none or it cannot
    be read. «اليوم» is added only to an exact time: of a bare date we do not know where its day
    began.
    """
    if not published:
        return texts(lang).no_date
    try:
        if yearless := _YEARLESS.fullmatch(published):
            # a leap year, so that the 29th of February is a day
            day = date(2000, int(yearless[1]), int(yearless[2]))
            return in_digits(format_date(day, "d MMMM", locale=lang), digits)
        moment = datetime.fromisoformat(published)
    except ValueError:
        return texts(lang).no_date
    words = day_text(moment.date(), lang, digits)
    if moment.tzinfo and now.astimezone(moment.tzinfo).date() == moment.date():
        return f"{words} ({texts(lang).today})"
    return words


def day_text(day: date, lang: Lang, digits: Digits = "latin") -> str:
    """A day in full: «الخميس 16 مارس 2023»."""
    return in_digits(format_date(day, "EEEE d MMMM y", locale=lang), digits)
