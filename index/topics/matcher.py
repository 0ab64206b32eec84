"""Many topics at once against one article: an index of topics by their words. Pure.

What must be there by name is looked up, not looped over: of a hundred thousand topics only those
whose words the article has are compared by meaning, all in one go.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from index.topics import score
from index.topics.page import Heard
from index.topics.words import MOST_WORDS, keys, offered, wanted

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from numpy.typing import NDArray

    from index.topics.page import Alike, Page
    from index.topics.words import Word

_AT_ONCE = 2048
"""Topics compared in one step: a few megabytes for an ordinary article."""

_FORMS = 100_000
"""Words of articles for which it is remembered which words of topics they may be."""

_MOST = 32767
"""The largest number of two bytes, in which the largest of a vector's numbers is kept."""


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that an article is about with a chance of `score`, told best in a `sentence`."""

    topic: Hashable
    score: float
    sentence: int


@dataclass(frozen=True, slots=True)
class Background:
    """What ordinary sentences are like: their mean vector and its covariance.

    A topic's cosines with them have the mean `mean @ topic` and the variance `topic @ spread @
    topic`, without computing them one by one.
    """

    mean: NDArray[np.float32]
    spread: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: NDArray[np.float32]) -> Background:
        """Return the background of some sentences' vectors (n, dimension)."""
        mean = vectors.mean(axis=0)
        around = vectors - mean
        return cls(mean, around.T @ around / len(vectors))

    def norms(self, topic: NDArray[np.float32]) -> tuple[float, float]:
        """Return the mean and the deviation of a topic's cosines."""
        variance = max(float(topic @ self.spread @ topic), 1e-8)
        return float(topic @ self.mean), math.sqrt(variance)


class TopicIndex:
    """Topics by what they must say. Not safe to use from two threads at once.

    Each different word of the topics has a number, from 1 on; 0 stands for no word.
    """

    def __init__(self, background: Background) -> None:
        self._background = background
        self._slots: dict[Hashable, int] = {}
        self._names: list[Hashable] = []
        self._table = _Table.empty(64, len(background.mean))
        self._bound: dict[int, tuple[tuple[int, int, int], ...]] = {}
        self._numbers: dict[Word, int] = {}
        # Tuples, since the garbage collector need not look into these, as it would into lists.
        self._keys: dict[str, tuple[int, ...]] = {}
        self._heard: dict[str, Alike] = {}

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, topic: Hashable) -> bool:
        return topic in self._slots

    def add(self, topic: Hashable, text: str, vector: NDArray[np.float16]) -> None:
        """Look for the words of `text` too; `vector` is its embedding. Known already: no change.

        A text without any word matches nothing.
        """
        if topic in self._slots or not (want := wanted(text)).words:
            return
        slot = self._slots[topic] = len(self._names)
        self._names.append(topic)
        if slot == len(self._table.live):
            self._table = self._table.twice()
        table = self._table
        numbers = [self._number(word) for word in want.words]
        table.words[slot, : len(numbers)] = numbers
        table.last[slot], table.length[slot] = numbers[-1], len(numbers)
        table.optional[slot], table.phrase[slot] = want.optional, want.phrase
        if want.names:
            self._bound[slot] = want.names
        floats = vector.astype(np.float32)
        mean, deviation = self._background.norms(floats)
        scale = max(float(np.abs(floats).max()), 1e-6) / _MOST
        table.vectors[slot] = np.rint(floats / scale)
        table.slope[slot], table.zero[slot] = scale / deviation, mean / deviation
        table.live[slot] = True

    def drop(self, topic: Hashable) -> None:
        """Look for a topic no more; one that is not there is no error."""
        slot = self._slots.pop(topic, None)
        if slot is not None:
            self._table.live[slot] = False

    def match(self, page: Page, *, at_least: float = score.WIDEST) -> list[Match]:
        """Return the topics that an article is about with this chance, the likeliest first."""
        if not page.sentences or not self._names:
            return []
        heard = Heard.of(page, self._hear, len(self._numbers))
        signs = score.Signs.of(heard)
        found: list[Match] = []
        for slots in self._candidates(heard):
            found += self._compare(slots, signs, page, score.logit(at_least))
        return sorted(found, key=lambda match: -match.score)

    def _candidates(self, heard: Heard) -> Iterator[NDArray[np.intp]]:
        """Yield the topics all of whose needed words the article has, those of one length."""
        there = heard.rows > 0
        there[0] = True  # no word
        table = self._table
        slots = np.flatnonzero(there.take(table.last) & table.live)
        words = table.words.take(slots, axis=0)
        found = there.take(words[:, 0]) | table.optional.take(slots)
        for column in range(1, MOST_WORDS):
            found &= there.take(words[:, column])
        lengths = np.where(found, table.length.take(slots), 0)
        for length in range(1, MOST_WORDS + 1):
            alike = slots[lengths == length]
            for first in range(0, len(alike), _AT_ONCE):
                yield alike[first : first + _AT_ONCE]

    def _compare(
        self, slots: NDArray[np.intp], signs: score.Signs, page: Page, floor: float
    ) -> list[Match]:
        """Return those of some topics of one length that reach a sum of signs."""
        table = self._table
        words = table.words[slots, : table.length[slots[0]]]
        meaning = page.vectors @ table.vectors.take(slots, axis=0).astype(np.float32).T
        meaning *= table.slope.take(slots)
        meaning -= table.zero.take(slots)
        rows = signs.heard.rows.take(words.T)
        which, totals, best = signs.reaching(floor, rows, meaning, table.phrase[slots])
        chances = score.chances(totals)
        found = zip(which.tolist(), slots[which].tolist(), chances, best.tolist(), strict=True)
        return [
            Match(self._names[slot], chance, sentence)
            for at, slot, chance, sentence in found
            if slot not in self._bound or self._stand(signs.heard, self._bound[slot], rows[:, at])
        ]

    @staticmethod
    def _stand(
        heard: Heard, names: Iterable[tuple[int, int, int]], rows: NDArray[np.int32]
    ) -> bool:
        """Whether the words of each name in a topic stand as they must."""
        return all(heard.stretch(rows[a:b, None])[0] <= most for a, b, most in names)

    def _hear(self, form: str) -> Alike:
        """The words of topics that a word of an article may be, and how alike they are."""
        alike = self._heard.get(form)
        if alike is None:
            found = [(self._keys.get(key, ()), worth) for key, worth in offered(form).items()]
            numbers = tuple(number for numbers, _ in found for number in numbers)
            alike = numbers, tuple(worth for numbers, worth in found for _ in numbers)
            if len(self._heard) >= _FORMS:
                self._heard.clear()
            self._heard[form] = alike
        return alike

    def _number(self, word: Word) -> int:
        if word not in self._numbers:
            number = self._numbers[word] = len(self._numbers) + 1
            for key in keys(word):
                self._keys[key] = (*self._keys.get(key, ()), number)
            self._heard.clear()
        return self._numbers[word]


@dataclass(frozen=True, slots=True)
class _Table:
    """Topics by their slots: what they look for, and how near to them ordinary sentences are."""

    words: NDArray[np.int32]  # (slots, MOST_WORDS)
    length: NDArray[np.int8]  # how many these are
    last: NDArray[np.int32]  # the last of its words, which a topic needs in any case
    vectors: NDArray[np.int16]  # (slots, dimension), in parts of their largest number
    slope: NDArray[np.float32]  # what makes of a product with a vector a standing: deviations
    zero: NDArray[np.float32]  # above ordinary news
    optional: NDArray[np.bool_]
    phrase: NDArray[np.bool_]
    live: NDArray[np.bool_]

    @classmethod
    def empty(cls, slots: int, dimension: int) -> _Table:
        return cls(
            words=np.zeros((slots, MOST_WORDS), np.int32),
            length=np.zeros(slots, np.int8),
            last=np.zeros(slots, np.int32),
            vectors=np.zeros((slots, dimension), np.int16),
            slope=np.zeros(slots, np.float32),
            zero=np.zeros(slots, np.float32),
            optional=np.zeros(slots, np.bool_),
            phrase=np.zeros(slots, np.bool_),
            live=np.zeros(slots, np.bool_),
        )

    def twice(self) -> _Table:
        columns = [getattr(self, one.name) for one in fields(self)]
        return _Table(*(np.concatenate([column, np.zeros_like(column)]) for column in columns))
