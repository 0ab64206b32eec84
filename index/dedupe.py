"""Whether an article says what another has said before: near-duplicates, and contradictions. Pure.

Copies of an agency's report differ in who is said to have said it, in titles, in «today» and
«yesterday», and in what was cut; a report of another match, another day's weather or a greeting to
another president differs in a number or a name, and may share nine words in ten. So candidates are
found by MinHash over three words each (Broder 1997), and decided by the words that differ.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from index import arabic
from index.dedupewords import CONTEST, DENIAL, FREE, OPPOSITES
from index.numerals import numbers
from index.timewords import MONTHS, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

VERSION: Final = f"{arabic.VERSION}.1"
"""Changes whenever a sketch comes out otherwise; articles sketched before are sketched anew."""

BANDS, ROWS = 24, 3
"""Two texts whose Jaccard similarity is s share a band with chance 1 - (1 - s³)²⁴: .95 at one half,
.48 at .3, and one in five thousand at .02, which unrelated news have."""

COVERED = 0.5
"""Share of a reprint's runs of three words that its original has too, at least."""

NEW_WORDS = 0.05
"""Share of a reprint's different words that its original may lack; no number among them."""

REWORDED = 0.1
"""The same of a text that is told in other words, whose meaning is known to be near."""

CHANGED = 100
"""Words for each one that may have been put in another's place. A shorter text may change none."""

SHORTEST = 8
"""Words that tell of the event, at least; below, only the same text is the same."""


@lru_cache(maxsize=50_000)
def code(key: str) -> int:
    """Return the number of a key, the same in every process."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest())


_MULTIPLIERS: Final = np.array([code(str(n)) | 1 for n in range(BANDS * ROWS)], np.uint64)


@dataclass(frozen=True)
class Words:
    """What comparing reads of an article: the words of its title and text that tell of the event.

    Names in two parts (عبد العزيز) are one word, as half of the newspapers write them.
    """

    title: str
    text: str

    @cached_property
    def body(self) -> tuple[str, ...]:
        """The keys of the text's words, in order; numbers stand as `#43`."""
        return tuple(_keys(self.text))

    @cached_property
    def head(self) -> tuple[str, ...]:
        """The keys of the title's words, in order."""
        return tuple(_keys(self.title))

    @cached_property
    def all(self) -> frozenset[str]:
        """Every key of the title and the text."""
        return frozenset((*self.head, *self.body))

    @cached_property
    def runs(self) -> NDArray[np.uint64]:
        """The hashes of the text's runs of three words, each once; of all its words, if fewer."""
        codes = np.array([code(key) for key in self.body], dtype=np.uint64)
        if len(codes) < 3:
            return np.unique(codes)
        mixed = codes[:-2] * _MIX[0]
        mixed = ((mixed ^ (mixed >> _SHIFT)) + codes[1:-1]) * _MIX[1]
        mixed = ((mixed ^ (mixed >> _SHIFT)) + codes[2:]) * _MIX[2]
        return np.unique(mixed ^ (mixed >> _SHIFT))


_MIX: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
_SHIFT: Final = np.uint64(29)


def sketch(words: Words) -> NDArray[np.uint32]:
    """Return the MinHash of a text's runs of words: the chance that two agree is their Jaccard."""
    if not len(words.runs):
        return np.zeros(BANDS * ROWS, np.uint32)
    hashed = (words.runs[None, :] * _MULTIPLIERS[:, None]) >> np.uint64(32)
    least: NDArray[np.uint64] = hashed.min(axis=1)
    return least.astype(np.uint32)


def bands(minhash: NDArray[np.uint32]) -> list[int]:
    """Return a key for each band; texts that share one are worth comparing."""
    parts = minhash.reshape(BANDS, ROWS)
    return [
        int.from_bytes(hashlib.blake2b(part.tobytes(), digest_size=8, key=bytes([n])).digest())
        >> 1  # SQL's integers have a sign
        for n, part in enumerate(parts)
    ]


def repeats(new: Words, old: Words) -> bool:
    """Whether `new` says nothing that `old` does not, and says none of it otherwise.

    The later may be cut, never longer by more than a few words: what it adds would be lost.
    """
    if len(new.body) < SHORTEST:
        return False
    shared = np.isin(new.runs, old.runs, assume_unique=True).mean()
    if shared < COVERED:
        return False
    if any(key.startswith("#") for key in new.all - old.all):
        return False
    return not _adds(new, old, NEW_WORDS) and not contradict(new, old)


def rewords(new: Words, old: Words) -> bool:
    """Whether `new` tells in other words what `old` tells, given that their meaning is near.

    Nearly all its words are there, in whatever order; no number, day, month or denial is new, and
    nothing is its opposite.
    """
    if len(new.body) < SHORTEST:
        return False
    added = new.all - old.all
    if any(key.startswith(_KINDS) or key in DENIAL for key in added):
        return False
    return not _adds(new, old, REWORDED) and not _opposed(new, old)


def _adds(new: Words, old: Words, share: float) -> bool:
    """Whether the new text has more than a share of words that the old article lacks.

    Or one that is in its title too: whom it is about. What is attached to a word is no matter.
    """
    known = {_bare(key) for key in old.all}
    fresh = {key for key in set(new.body) - old.all if _bare(key) not in known}
    return len(fresh) > share * len(set(new.body)) or not fresh.isdisjoint(new.head)


def _opposed(new: Words, old: Words) -> bool:
    """Whether one says what the other says the opposite of, or who beats whom is turned round."""
    if _opposite(new.all, old.all) or _opposite(frozenset(new.head), frozenset(old.head)):
        return True
    return any(
        (other, one) in _order(old, verb) and (one, other) not in _order(old, verb)
        for verb in new.all & old.all
        if any(axis == CONTEST for axis, _ in OPPOSITES.get(verb, ()))
        for one, other in _order(new, verb)
    )


def _opposite(new: frozenset[str], old: frozenset[str]) -> bool:
    """Whether words of one alone are the opposite of words of the other alone."""
    one = {place for key in new - old for place in OPPOSITES.get(key, ())}
    other = {place for key in old - new for place in OPPOSITES.get(key, ())}
    return any(axis == its and side != that for axis, side in one for its, that in other)


def _order(words: Words, verb: str) -> set[tuple[str, str]]:
    """Which of the words after a verb stands before which."""
    told = (*words.head, "", *words.body)
    windows = [told[at + 1 : at + 5] for at, key in enumerate(told) if key == verb]
    return {pair for window in windows for pair in combinations(window, 2)}


def contradict(new: Words, old: Words) -> bool:
    """Whether two texts that share most of their words state different facts.

    Their differing words are compared place by place: another number, day, month or denial in the
    same place, an opposite (fell for rose), who beat whom turned round, or more other words in the
    same place (names, mostly) than an editor's hand explains. Longer insertions and cuts are no
    contradiction. Books are not compared: a part of a long text costs as much as all of it.
    """
    if _opposed(new, old) or len(old.body) * len(new.body) > COMPARABLE:
        return True
    changed = 0
    matcher = SequenceMatcher(None, old.body, new.body, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            continue
        before, after = old.body[a:b], new.body[c:d]
        if max(len(before), len(after)) <= PLACE and _denied(before) != _denied(after):
            return True
        if what != "replace":
            continue
        if any(_differ(before, after, kind) for kind in _KINDS):
            return True
        changed += sum(
            one not in new.all and other not in old.all
            for one, other in zip(before, after, strict=False)
        )
    return changed * CHANGED > len(new.body)


COMPARABLE = 4_000_000
"""Words of one text times those of the other: two thousand each, some tenths of a second."""

PLACE = 6
"""Words within which a denial belongs to what stands beside it."""


def _denied(words: Sequence[str]) -> bool:
    return sum(word in DENIAL for word in words) % 2 == 1


def _differ(before: Sequence[str], after: Sequence[str], kind: str) -> bool:
    """Whether both have a number, or a day, in this place, and not the same."""
    one = {word for word in before if word.startswith(kind)}
    other = {word for word in after if word.startswith(kind)}
    return bool(one and other) and not (one <= other or other <= one)


_KINDS: Final = ("#", "day ", "month ")


def _keys(text: str) -> Iterator[str]:
    """The words that tell of the event, each as what it is compared by."""
    words = arabic.tokens(text)
    spans = {first: (value, end) for value, first, end in numbers(text, words)}
    at = 0
    while at < len(words):
        if at in spans:
            value, at = spans[at]
            yield f"#{value}"
            continue
        form = words[at].form
        at += 1
        if form in _JOINED and at < len(words) and at not in spans:
            form += words[at].form
            at += 1
        if key := _key(form):
            yield key


_JOINED: Final = frozenset(("عبد", "ابو", "ابي", "وعبد", "وابو"))
# Spellings that every newspaper has its own of.
_TWINS: Final = (("غ", "ج"), ("اميرك", "امريك"), ("ميليشيا", "مليشيا"), ("شيون", "شوون"))


@lru_cache(maxsize=50_000)
def _key(form: str) -> str:
    """What a word is compared by: a denial or an opposite as it is, else its stem; "" for none."""
    bare = form[1:] if form[0] == "و" and len(form) >= 5 else form
    for spelling in (form, form[1:] if form[0] in "وف" else form, bare.removeprefix("ال")):
        if spelling in DENIAL or spelling in OPPOSITES:
            return spelling
        if spelling in WEEKDAYS:
            return f"day {WEEKDAYS[spelling]}"
        if spelling in MONTHS:
            return f"month {MONTHS[spelling]}"
    if len(form) == 1 or form in FREE or bare in FREE:
        return ""
    for one, other in _TWINS:
        bare = bare.replace(one, other)
    return arabic.stem(bare)


def _bare(key: str) -> str:
    """A key without what may be attached to it: ل and ب, and the persons of a verb."""
    return key[1:] if key[0] in "لبفتيس" and len(key) >= 5 else key
