"""What a later report of a story adds to what a reader was told of it. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.arabic import normalise, tokens
from index.cues import NO_NAME, TITLES
from index.numerals import numbers
from index.timewords import HIJRI, MONTHS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_SAID = re.compile('[«“"]([^»”"\\n]+)[»”"]')
_STOP = re.compile('[.!؟?،,؛;:«»“”"()\\[\\]0-9٠-٩]')
_IN: Final = frozenset(normalise("عام العام سنة السنة في منذ لعام بعام").split())
_LEAST_SAID = 3
"""Words from which what stands between quotation marks is somebody's saying, not a name."""


def adds(sentence: str, told: Sequence[str]) -> bool:
    """Whether a sentence has a fact that none of those `told` has.

    A fact is a number, somebody's words between quotation marks, or a name after a title; dates
    are none. Other wording, and more of it, is nothing new.
    """
    before = " ".join(told)
    if not _numbers(sentence) <= _numbers(before):
        return True
    known = {word.stem for word in tokens(before)}
    for said in _SAID.findall(sentence):
        words = {word.stem for word in tokens(said)}
        if len(words) >= _LEAST_SAID and not words <= known:
            return True
    return _names_other(sentence, known)


def _names_other(sentence: str, known: Collection[str]) -> bool:
    """Whether after a title («وزير الخارجية») stand two words that may be a name not yet known."""
    words = tokens(sentence)
    for at, title in enumerate(words):
        if title.form not in TITLES and title.form[1:] not in TITLES:
            continue
        first = at + 1
        while first < min(at + 3, len(words)) and words[first].form.startswith("ال"):
            first += 1
        name = words[first : first + 2]
        if len(name) < 2 or _STOP.search(sentence, title.end, name[1].start):
            continue
        if not any(word.form in NO_NAME or word.stem in known for word in name):
            return True
    return False


def _numbers(text: str) -> set[int]:
    words = tokens(text)
    forms = ["", *(word.form for word in words), ""]
    return {
        value
        for value, first, last in numbers(text, words)
        if not _is_date(value, forms[first], forms[last + 1])
    }


def _is_date(value: int, before: str, after: str) -> bool:
    """Whether a number, by the words around it, is a year or the day of a month."""
    year = 1300 <= value <= 2100 and (before in _IN or before in MONTHS)
    return year or (value <= 31 and (after in MONTHS or after in HIJRI))
