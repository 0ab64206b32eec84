"""The words of a topic and of an article, as far as they can be told to be the same. Pure.

A followed name must be found by its name, in any spelling and inflection: finer than the stems of
search, which part «سوريا» from «السوريين», and stricter than its guesses, which are made only for
words that no article has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from index import spelling
from index.arabic import normalise
from index.cues import TITLES
from index.questions import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from index.arabic import Token

MOST_WORDS = 8
"""Words of a topic that are looked for; who writes more has written more than a topic."""

SAME, INFLECTED, RESPELT = _WORTHS = 1.0, 0.9, 0.75
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
_SONS: Final = frozenset({"بن", "بنت"})
_TITLES: Final = frozenset(title for title in TITLES if title.startswith("ال")) | frozenset(
    normalise("الأميرة الملكة الشيخة الإمام الخليفة الشهيد البابا القديس").split()
)
_NAMED: Final = frozenset(
    normalise(
        "جامعة كلية معهد مدرسة أكاديمية مكتبة متحف مستشفى مركز مدينة مجمع مؤسسة جمعية دار صندوق "
        "جائزة كأس بطولة مطار ميناء محطة قاعدة جزيرة حديقة ملعب استاد صالة جسر سد نفق شارع طريق "
        "حي ميدان برج قصر مسجد جامع"
    ).split()
)
"""What is named after people."""
_LINKS: Final = frozenset(
    normalise(
        "ضد بين عند لدى تحت فوق أمام وراء نحو حتى دون بدون خلال قبل بعد عبر تجاه حيال داخل خارج "
        "قرب غير و"
    ).split()
)
ABOUT: Final = frozenset(
    normalise(
        "أخبار خبر الأخبار آخر كل جميع جديد مستجدات تطورات تطور متابعة تابع أتابع موضوع مواضيع "
        "بشأن حول يخص تخص المتعلقة المتعلق متعلق متعلقة يتعلق بخصوص أريد ابعث أرسل نبهني"
    ).split()
)
"""What is said around a topic, and no word of it."""


class Word(NamedTuple):
    """A word to be found: bare of its article, its root, and its sound where it may be a name."""

    bare: str
    root: str
    sound: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an article on a topic must say: `words`, all of them but the first where `optional`.

    The words of each of its `names` come in their order: the first, the one after the last, and in
    how many words of a sentence they must stand. «محمد بن سلمان» is not «سلمان بن محمد», and a
    title stays with its name, and with what is named so: «جامعة الملك سعود». A topic of several
    words is a `phrase` where they stand side by side, and none links them as in «داعش في تركيا».
    """

    words: tuple[Word, ...]
    optional: bool
    names: tuple[tuple[int, int, int], ...]
    phrase: bool


def wanted(text: str) -> Wanted:
    """Return the words that an article on the topic `text` must have.

    Words that only ask for news are left out, unless nothing else is there. Of three words and
    more, each name counted once, the first may be missing where it has no article: «عودة اللاجئين
    السوريين», «مطار عدن الدولي» are often told in other words, but not without the others.
    """
    question = parse(text)
    asked = [word for word in question.words if word.form not in ABOUT] or question.words
    found: dict[Word, Token] = {}
    for token in asked:
        found.setdefault(_word(token.form), token)
    telling = list(found.values())[:MOST_WORDS]
    pairs = list(pairwise(telling))
    beside = [not question.text[a.end : b.start].strip() for a, b in pairs]
    slack: list[int | None] = [
        _slack(a.form, b.form) if close else None
        for close, (a, b) in zip(beside, pairs, strict=True)
    ]
    for at, (a, b) in enumerate(pairs[:-1]):
        if beside[at] and a.form in _NAMED and b.form in _TITLES and slack[at + 1] is not None:
            slack[at] = 0  # «جامعة الملك سعود»
    names = tuple(_runs(slack))
    first_free = telling and not telling[0].form.startswith(_ARTICLES) and slack[:1] == [None]
    own = len(telling) - sum(end - start - 1 for start, end, _ in names)
    whole = all(beside) and not any(_is_link(token.form) for token in telling)
    return Wanted(
        words=tuple(found)[:MOST_WORDS],
        optional=bool(first_free) and own >= 3,
        names=names,
        phrase=whole and len(telling) > 1,
    )


def keys(word: Word) -> tuple[str, ...]:
    """Return the keys by which a word of a topic is found among those of `offered`.

    Its first letter may be a particle («زيارة الرئيس لمصر»), or its own.
    """
    attached = ("=" + word.bare[1:],) if _may_be_attached(word.bare) else ()
    return (*_own_keys(word), *attached)


@lru_cache(maxsize=50_000)
def offered(form: str) -> Mapping[str, float]:
    """Return the keys that a word of an article, in normal form, answers to, with their worth."""
    found = dict(zip(_own_keys(_word(form)), _WORTHS, strict=False))
    if _may_be_attached(form):
        for key, worth in zip(_own_keys(_word(form[1:])), _WORTHS, strict=False):
            found[key] = max(worth, found.get(key, 0.0))
    return found


def _own_keys(word: Word) -> tuple[str, ...]:
    found = ("=" + word.bare, "~" + word.root)
    return found if word.sound is None else (*found, "?" + word.sound)


def _may_be_attached(form: str) -> bool:
    """Whether the first letter may be a particle: what is left must be a word."""
    return form[0] in _CLITICS and len(form) > _LEAST


def _slack(before: str, form: str) -> int | None:
    """How many words may part a word from the one before; None where they are not of one name.

    None where «بن» joins them; between a title and the name one, «الرئيس المصري سالم».
    """
    if form in _SONS or before in _PARTS_OF_NAMES:
        return 0
    return 1 if before in _TITLES and not form.startswith(("و", *_ARTICLES)) else None


def _runs(slack: Sequence[int | None]) -> Iterator[tuple[int, int, int]]:
    """Where words bound to each other start and end, and in how many words they must stand."""
    start = 0
    for at, more in enumerate([*slack, None], 1):
        if more is None:
            if at - start > 1:
                most = at - start + sum(one or 0 for one in slack[start : at - 1])
                yield start, at, most
            start = at


def _is_link(form: str) -> bool:
    """Whether a word makes two things of a topic, which an article may tell in either order."""
    return form in _LINKS or form.startswith(("بال", "وال", "فال", "كال"))


def _word(form: str) -> Word:
    bare = form
    if form.startswith(_ARTICLES):
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
    if len(form) - form.count("ا", 1) - form.count("و", 1) - form.count("ي", 1) < 4:
        return None  # quick to see, and of most words
    if form.isascii() or form.startswith(_ARTICLES) or form.endswith(_NOT_NAMES):
        return None
    bones = _REPEATED.sub(r"\1", spelling.skeleton(form).translate(_SOUNDS))
    own = len(bones.lstrip("امي")) - form.endswith("ه")
    return bones if own >= 4 else None
