"""An article as topics are matched with it, and where in it their words stand. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from index.arabic import Token

    Alike = tuple[tuple[int, ...], tuple[float, ...]]  # numbers of words, and how alike they are


@dataclass(frozen=True, slots=True)
class Page:
    """An article as matching reads it: words of the title and of each sentence, and their vectors.

    `vectors` (sentences, dimension) are of length one.
    """

    title: Sequence[Token]
    sentences: Sequence[Sequence[Token]]
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """Where an article has words of topics; these are known by their numbers, from 1 on.

    Each that the article has is a row, and row 0, of zeros, stands for all others. `likeness`
    (1 + words, 1 + sentences) says how well a word is found in the title and in each sentence, 0
    where it is not, and `places`, of the same shape, at which word of it first.
    """

    rows: NDArray[np.int32]  # (1 + numbers)
    likeness: NDArray[np.float32]
    places: NDArray[np.int32]
    spots: NDArray[np.int64]  # row * span + sentence * width + place of all that is heard, sorted
    width: int

    @classmethod
    def of(cls, page: Page, hear: Callable[[str], Alike], count: int) -> Heard:
        """Return what is heard of `count` words of topics; `hear` tells it of a normal form."""
        said = (page.title, *page.sentences)
        forms = [word.form for words in said for word in words]
        known = {form: i for i, form in enumerate(dict.fromkeys(forms))}
        form = np.array([known[form] for form in forms], np.intp)
        heard: list[int] = []
        worth: list[float] = []
        ends = [0]
        for one in known:
            numbers, likeness = hear(one)
            heard += numbers
            worth += likeness
            ends.append(len(heard))
        number = np.array(heard, np.int32)
        found = np.unique(number)
        rows = np.zeros(count + 1, np.int32)
        rows[found] = np.arange(1, len(found) + 1)
        # Each word of the article as each word of topics that it may be.
        lengths = np.array([len(words) for words in said])
        first, many = np.array(ends[:-1], np.intp)[form], np.diff(ends)[form]
        word = np.repeat(np.arange(len(form)), many)
        pair = _ranges(first, many)
        sentence = np.repeat(np.arange(len(said)), lengths)[word]
        place = _ranges(np.zeros_like(lengths), lengths)[word]
        row = rows[number[pair]]
        at = row * len(said) + sentence
        shape = len(found) + 1, len(said)
        alike = np.zeros(shape, np.float32)
        np.maximum.at(alike.reshape(-1), at, np.array(worth, np.float32)[pair])
        places = np.full(shape, NOWHERE, np.int32)
        np.minimum.at(places.reshape(-1), at, place.astype(np.int32))
        width = int(lengths.max()) + 1
        return cls(rows, alike, places, np.sort(at.astype(np.int64) * width + place), width)

    def stretch(self, wanted: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return in how few words of a sentence, or the title, those wanted stand in their order.

        `wanted` (words of one, topics) are rows. Infinite where they nowhere do.
        """
        least = np.full(wanted.shape[1], np.inf, np.float32)
        span = self.likeness.shape[1] * self.width
        own = wanted[0].astype(np.int64) * span
        begin = np.searchsorted(self.spots, own)
        end = np.searchsorted(self.spots, own + span)
        topic = np.repeat(np.arange(wanted.shape[1]), end - begin)
        start = self.spots[_ranges(begin, end - begin)] % span
        at = start
        for row in wanted[1:]:
            own = row[topic].astype(np.int64) * span
            after = np.searchsorted(self.spots, own + at, side="right")
            following = self.spots[np.minimum(after, len(self.spots) - 1)] - own
            near = (following > at) & (following // self.width == start // self.width)
            topic, start, at = topic[near], start[near], following[near]
        np.minimum.at(least, topic, (at - start + 1).astype(np.float32))
        return least


def _ranges(first: NDArray[np.intp], many: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return first, first + 1, … of each, so many of them, one after the other."""
    ends = np.cumsum(many)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + many, many)


NOWHERE = 1_000_000
"""The place in a sentence of a word that is not there."""
