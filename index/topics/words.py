"""The words of a topic and of an article, as far as they can be told to be the same. Pure.

A followed name must be found by its name, in any spelling and inflection: finer than the stems of
search, which part «سوريا» from «السوريين», and stricter than its guesses, which are made only for
words that no article has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from index import spelling
from index.arabic import normalise, tokens
from index.questions import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_WORDS = 8
"""Words of a topic that are looked for; who writes more has written more than a topic."""

SAME, INFLECTED, RESPELT = 1.0, 0.9, 0.75
"""How much a word counts that is found as it is, in another form of it, in another spelling."""

_LEAST = 3
"""Letters that a word keeps whatever is taken off it."""

_CLITICS = tuple("وفبلك")
_ARTICLES = ("وبال", "وكال", "فبال", "وال", "بال", "كال", "فال", "ولل", "فلل", "ال", "لل")
# light10's suffixes (Larkey, Ballesteros and Connell 2007), the possessives after a feminine, and
# the alef of countries; taken off again and again: «الإيرانيين» and «إيران» come out the same.
_ROOT = re.compile("(.{3,}?)(?:تهما|تهم|تها|تنا|هما|هم|ها|نا|ته|ات|ون|ين|ان|تي|يه|ه|ي|ا)*")
# What newspapers confuse in names from elsewhere: g, k and j, t and th, d, s.
_SOUNDS = str.maketrans({"غ": "ك", "ج": "ك", "ق": "ك", "ث": "ت", "ط": "ت", "ظ": "ض", "ص": "س"})
_REPEATED = re.compile(r"(.)\1+")
_NOT_NAMES = ("ات", "ها", "هم")

_PARTS_OF_NAMES: Final = frozenset({"بن", "ابن", "بنت", "ابو", "عبد"})
ABOUT: Final = frozenset(
    normalise(
        "أخبار خبر الأخبار آخر كل جميع جديد مستجدات تطورات تطور متابعة تابع أتابع موضوع مواضيع "
        "بشأن حول يخص تخص المتعلقة المتعلق متعلق متعلقة يتعلق بخصوص أريد ابعث أرسل نبهني"
    ).split()
)
"""What is said around a topic, and no word of it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word to be found: bare of its article, its root, and its sound where it may be a name."""

    bare: str
    root: str
    sound: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an article on a topic must say: `words`, all of them but the first where `optional`.

    Side by side in one sentence where they are `together`: «محمد بن سلمان» is not «سلمان بن محمد».
    """

    words: tuple[Word, ...]
    optional: bool
    together: bool


def wanted(text: str) -> Wanted:
    """Return the words that an article on the topic `text` must have.

    Words that only ask for news are left out, unless nothing else is there. Of three words and
    more the first may be missing where it has no article: «عودة اللاجئين السوريين», «مطار عدن
    الدولي» are often told in other words, but not without the others, the names among them.
    """
    asked = parse(text).words
    telling = [word for word in asked if word.form not in ABOUT] or list(asked)
    words = tuple(dict.fromkeys(_word(word.form) for word in telling))[:MOST_WORDS]
    name = any(word.bare in _PARTS_OF_NAMES for word in words)
    first = telling[0].form if telling else ""
    optional = len(words) >= 3 and not name and not first.startswith(_ARTICLES)
    return Wanted(words, optional, together=name)


def followable(text: str) -> str:
    """Return what of a question can be followed: from its first to its last telling word."""
    text = " ".join(text.split())
    told = {word.form for word in parse(text).words} - ABOUT
    spans = [(word.start, word.end) for word in tokens(text) if word.form in told]
    return text[spans[0][0] : spans[-1][1]] if spans else text


def keys(word: Word) -> tuple[str, ...]:
    """Return the keys by which a word of a topic is found among those of `offered`.

    Its first letter may be a particle («زيارة الرئيس لمصر»), or its own.
    """
    attached = ("=" + word.bare[1:],) if _may_be_attached(word.bare) else ()
    return (*_own_keys(word), *attached)


@lru_cache(maxsize=200_000)
def offered(form: str) -> Mapping[str, float]:
    """Return the keys that a word of an article, in normal form, answers to, with their worth."""
    found: dict[str, float] = {}
    for variant in (form, form[1:]) if _may_be_attached(form) else (form,):
        word = _word(variant)
        for key, worth in zip(_own_keys(word), (SAME, INFLECTED, RESPELT), strict=False):
            found[key] = max(worth, found.get(key, 0.0))
    return found


def _own_keys(word: Word) -> tuple[str, ...]:
    found = ("=" + word.bare, "~" + word.root)
    return found if word.sound is None else (*found, "?" + word.sound)


def _may_be_attached(form: str) -> bool:
    """Whether the first letter may be a particle: what is left must be a word."""
    return form[0] in _CLITICS and len(form) > _LEAST


def _word(form: str) -> Word:
    bare = form
    for article in _ARTICLES:
        if form.startswith(article) and len(form) >= len(article) + _LEAST:
            bare = form[len(article) :]
            break
    root = _ROOT.fullmatch(bare)
    return Word(bare, root[1] if root else bare, _sound(form))


def _sound(form: str) -> str | None:
    """The consonants of what may be a foreign name, those that are confused made one.

    Three consonants and the vowels between them are how Arabic makes other words (مقاتل، مقتل); a
    name from elsewhere has no article, and keeps four whatever its vowels.
    """
    if form.isascii() or len(form) < 4 or form.startswith(_ARTICLES) or form.endswith(_NOT_NAMES):
        return None
    bones = _REPEATED.sub(r"\1", spelling.skeleton(form).translate(_SOUNDS))
    own = len(bones.lstrip("امي")) - form.endswith("ه")
    return bones if own >= 4 else None
