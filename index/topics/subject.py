"""What of a question can be followed: the things it names, without what only asks. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from index.arabic import normalise, tokens
from index.asking import Kind, askers, is_quoted
from index.askingwords import WHICH
from index.conversation import is_verb_by_form, subject_of
from index.questions import parse
from index.timewords import NEWEST
from index.topics.words import ABOUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.arabic import Token
    from index.asking import Asker

_OPENING: Final = frozenset(
    normalise(
        "كان كانت صار صارت يصير حدث حدثت يحدث حصل حصلت يحصل جرى جرت يجري وقع وقعت يقع تقع تم تمت "
        "سجل سجلت بلغ بلغت يبلغ تبلغ بدأ بدأت يبدأ تبدأ انتهى انتهت ينتهي تنتهي انطلق انطلقت ينطلق "
        "تنطلق أقيم أقيمت يقام تقام عدد أعداد سبب أسباب موعد مواعيد تاريخ توقيت قصة "
        "اسم أسماء كلف كلفت يكلف تكلف حتى"
    ).split()
)
"""Words that say of a thing that it was, or what of it is asked for, and so open no topic."""

_UNITS: Final = frozenset(
    normalise(
        "ثانية دقيقة ساعة يوم يوما أسبوع أسبوعا شهر شهرا سنة عام عاما شخص شخصا أشخاص إنسان إنسانا "
        "فرد فردا قتيل قتيلا جريح جريحا مصاب مصابا ضحية شهيد شهيدا مرة مرات متر مترا كيلومتر "
        "كيلومترا كيلو طن طنا لتر لترا دولار دولارا ريال ريالا جنيه جنيها دينار دينارا درهم درهما "
        "ليرة يورو مليون مليونا مليار مليارا ألف ألفا بالمئة درجة نقطة واحد واحدا"
    ).split()
)
"""What «كم» counts in."""

_TIMES: Final = NEWEST | frozenset(
    normalise(
        "اليوم أمس البارحة مبارح إمبارح أمبارح غدا بكرا بكرة الليلة اللحظة الساعة الأسبوع الشهر "
        "العام السنة الموسم الماضي الماضية الفائت الفائتة المقبل المقبلة القادم القادمة "
        "الجاري الجارية"
    ).split()
)
_WHICH: Final = WHICH - {"ما", "ماهو", "ماهي", "ماهم"}
_HAPPENED: Final = frozenset(normalise("صار صارت حدث حصل جرى يصير يحدث يحصل يجري").split())
_ASKS_FOR_SUBJECT: Final = (Kind.WHO, Kind.WHAT, Kind.HOW_MANY)
_LEAST = 3
"""Letters of a word from which a particle may be taken."""


def followable(text: str) -> str:
    """Return what of a question can be followed: from its first to its last telling word.

    A question word in the midst parts it; the part that tells more is taken. At its ends words
    that only say that, when or how often something was are left out, and the verb whose subject
    is asked for: of «من افتتح متحف الفلك أمس؟» the museum is left.
    """
    text = " ".join(text.split())
    asked = parse(subject_of(text))
    found = tokens(asked.text)
    told = {word.form for word in asked.words} - ABOUT
    parts = _parts(found, askers(asked.text, found))
    best = max((_trimmed(asked.text, *part, told) for part in parts), key=_letters)
    words = best or [word for word in found if word.form in told]
    if not words:
        return text
    return _cut(asked.text, words[0].start + _attached(found, words[0]), words[-1].end)


def _parts(found: Sequence[Token], asked: Sequence[Asker]) -> list[tuple[Sequence[Token], Kind]]:
    """The words between the question words, each part with the kind of the one before it."""
    starts = [0, *(one.last for one in asked)]
    ends = [*(one.first for one in asked), len(found)]
    kinds = [Kind.YES_NO, *(one.kind for one in asked)]
    return [(found[a:b], kind) for a, b, kind in zip(starts, ends, kinds, strict=True)]


def _trimmed(text: str, part: Sequence[Token], kind: Kind, told: set[str]) -> list[Token]:
    """The words of `part` that tell what it is about, in a row; none where nothing does."""
    which = {b.start for a, b in pairwise(part[:3]) if a.form in _WHICH}  # «في أي دقيقة»
    words = [word for word in part if word.form in told and word.start not in which]
    if kind is Kind.HOW_MANY and words and words[0] is part[0] and words[0].form in _UNITS:
        del words[0]
    while words and not is_quoted(text, words[0]) and _opens(words, kind):
        del words[0]
    while words and not is_quoted(text, words[-1]) and words[-1].form in _TIMES:
        del words[-1]
    return words


def _opens(words: Sequence[Token], kind: Kind) -> bool:
    """Whether the first of `words` says nothing that a reader would follow."""
    if words[0].form in _OPENING | _TIMES:
        return True
    return kind in _ASKS_FOR_SUBJECT and len(words) > 1 and is_verb_by_form(words[0].form)


def _attached(found: Sequence[Token], word: Token) -> bool:
    """Whether «ب» stands before `word`: what happened is asked for, so this is no subject."""
    at = found.index(word)
    happened = at > 0 and found[at - 1].form in _HAPPENED
    return happened and word.form[0] == "ب" and len(word.form) > _LEAST + 1


def _cut(text: str, start: int, end: int) -> str:
    """`text` from `start` to `end`, with the quotation mark at either end whose pair is within."""
    for opening, closing in ("«»", "“”"):
        if text[start - 1 : start] == opening and closing in text[start:end]:
            return text[start - 1 : end]
        if text[end : end + 1] == closing and opening in text[start:end]:
            return text[start : end + 1]
    return text[start:end]


def _letters(words: Sequence[Token]) -> int:
    return sum(len(word.form) for word in words)
