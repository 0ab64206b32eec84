"""Words spelt otherwise: attached particles, misspellings, names transliterated anew. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 4
"""Letters a word needs before other spellings of it are guessed; shorter ones match anything."""

_PARTICLES = ("و", "ف", "ب", "ل", "ك")
_REPEATED = re.compile(r"(.)\1+")
_LONG_VOWELS = re.compile("[اوي]")
_GLIDES = re.compile("[وي]")


def attached(form: str) -> list[str]:
    """Return a normal form with each particle attached, and without the one it may carry."""
    if form.isascii() or len(form) < 3:
        return []
    variants = [particle + form for particle in _PARTICLES]
    if form[0] in _PARTICLES and len(form) >= SHORTEST + 1:
        variants.append(form[1:])
    return variants


def nearest(word: str, known: Iterable[str], *, limit: int = 3) -> list[tuple[str, float]]:
    """Return the `known` words that are likely `word` spelt otherwise, with a weight below 1.

    Foreign names vary in long vowels and doubled letters (لافرنتييف، لافرنتيف، لافرينتيف), so two
    words with the same skeleton are near whatever their vowels; else one edit is allowed, or two in
    words of seven letters and more. In a word of four letters any edit makes another word (قابل،
    قبل، قال), so that only a و or ي may come or go.
    """
    if len(word) <= SHORTEST:
        bare = _GLIDES.sub("", word)
        return [
            (other, 0.6)
            for other in sorted(known)
            if abs(len(other) - len(word)) == 1 and _GLIDES.sub("", other) == bare
        ][:limit]
    bones = skeleton(word)
    allowed = 2 if len(word) >= 7 else 1
    letters = set(word)
    found = []
    for other in known:
        if (
            abs(len(other) - len(word)) > 2
            or len(letters.symmetric_difference(other)) > 2 * allowed
        ):
            continue
        edits = distance(word, other, limit=allowed + 1)
        if edits <= allowed:
            found.append((other, 0.8 if edits == 1 else 0.6))
        elif edits <= allowed + 1 and len(bones) >= 3 and skeleton(other) == bones:
            found.append((other, 0.6))
    return sorted(found, key=lambda item: (-item[1], item[0]))[:limit]


def skeleton(word: str) -> str:
    """Return a word's consonants, doubled ones once."""
    return _REPEATED.sub(r"\1", word[:1] + _LONG_VOWELS.sub("", word[1:]))


def distance(first: str, second: str, *, limit: int) -> int:
    """Return how many letters to insert, delete, change or swap with a neighbour (Damerau).

    Stops at `limit + 1`, which then only means "more than `limit`".
    """
    before: list[int] = []
    previous = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        current = [i]
        for j, b in enumerate(second, 1):
            cost = min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]
