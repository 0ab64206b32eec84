"""The numbers that a text states, in digits or in words, as one value each. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.arabic import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.arabic import Token


def _table(rows: str) -> dict[str, int]:
    """Rows of "value: forms;", each form also after ب or ل, and after the «و» of ثلاثة وأربعون."""
    table = {}
    for row in rows.split(";"):
        value, forms = row.split(":")
        for form in normalise(forms).split():
            table.update({particle + form: int(value) for particle in ("", "و", "ب", "ل")})
    return table


_UNITS: Final = _table(
    "2: اثنان اثنين اثنتان اثنتين اثنا اثنتا; 3: ثلاثة ثلاث; 4: أربعة أربع;"
    "5: خمسة خمس; 6: ستة ست; 7: سبعة سبع; 8: ثمانية ثماني ثمان; 9: تسعة تسع; 10: عشرة عشر"
)
_TENS: Final = _table(
    "20: عشرون عشرين; 30: ثلاثون ثلاثين; 40: أربعون أربعين; 50: خمسون خمسين; 60: ستون ستين;"
    "70: سبعون سبعين; 80: ثمانون ثمانين; 90: تسعون تسعين"
)
_HUNDREDS: Final = _table(
    "100: مئة مائة; 200: مئتان مئتين مائتان مائتين; 300: ثلاثمئة ثلاثمائة; 400: أربعمئة أربعمائة;"
    "500: خمسمئة خمسمائة; 600: ستمئة ستمائة; 700: سبعمئة سبعمائة; 800: ثمانمئة ثمانمائة;"
    "900: تسعمئة تسعمائة"
)
_SCALES: Final = _table(
    "1000: ألف ألفا آلاف; 1000000: مليون مليونا ملايين; 1000000000: مليار مليارا مليارات"
)
_PAIRS: Final = _table("2000: ألفان ألفين; 2000000: مليونان مليونين; 2000000000: ملياران مليارين")
_SMALL: Final = frozenset((*_UNITS, *_TENS, *_HUNDREDS))
_TEEN: Final = frozenset(normalise("عشر عشرة").split())
_HUNDRED: Final = frozenset(normalise("مئة مائة").split())
_JOINS: Final = re.compile("[,٬،'](?=\\d{3}(?!\\d))")


def numbers(text: str, words: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """Yield (value, first, last + 1) for the numbers of a text, over its `words`, in order.

    «43 ألفا», «43,000» and «ثلاثة وأربعون ألفا» are all 43000; what follows a decimal point is a
    number of its own, for two texts are only ever compared.
    """
    at = 0
    while at < len(words):
        first, form = at, words[at].form
        if form in _PAIRS or form in _SCALES:
            at += 1
            yield _PAIRS.get(form) or _SCALES[form], first, at
        elif form in _SMALL or form.isdecimal():
            value, at = _small(text, words, at)
            while at < len(words) and words[at].form in _SCALES and words[at].form[0] != "و":
                value *= _SCALES[words[at].form]
                at += 1
            yield value, first, at
        else:
            at += 1


def _small(text: str, words: Sequence[Token], at: int) -> tuple[int, int]:
    """The number below a thousand that begins at a word, or all the digits that stand there."""
    if words[at].form.isdecimal():
        last = at
        while last + 1 < len(words) and _joined(text, words[last], words[last + 1]):
            last += 1
        return int("".join(word.form for word in words[at : last + 1])[:18]), last + 1
    total, first = 0, at
    for table in (_HUNDREDS, _UNITS, _TENS):
        if at < len(words) and words[at].form in table:
            if at > first and words[at].form[0] != "و":
                break
            value = table[words[at].form]
            total += value
            at += 1
            if table is _UNITS and value < 10 and at < len(words) and words[at].form in _TEEN:
                total += 10
                at += 1
            elif table is _UNITS and at < len(words) and words[at].form in _HUNDRED:
                total += value * 99  # «ثلاث مئة», written apart
                at += 1
    return total, at


def _joined(text: str, one: Token, other: Token) -> bool:
    """Whether a mark between two runs of digits only sets the thousands apart."""
    between = text[one.end : other.end]
    return other.form.isdecimal() and bool(_JOINS.match(between)) and one.end + 1 == other.start
