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
from index.topics.words import MOST_WORDS, keys, offered, wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from index.arabic import Token
    from index.topics.words import Word

    Heard = tuple[NDArray[np.int32], NDArray[np.float32]]  # words of topics, and how alike

_AT_ONCE = 1024
"""Topics compared in one step: a few megabytes for an ordinary article."""

_FORMS = 100_000
"""Words of articles for which it is remembered which words of topics they may be."""


@dataclass(frozen=True, slots=True)
class Page:
    """An article as matching reads it: words of the title and of each sentence, and their vectors.

    `vectors` (sentences, dimension) are of length one.
    """

    title: Sequence[Token]
    sentences: Sequence[Sequence[Token]]
    vectors: NDArray[np.float32]

    def said(self, at: int) -> Sequence[Token]:
        """Return the title (0), or a sentence, from 1 on."""
        return self.sentences[at - 1] if at else self.title


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
        self._numbers: dict[Word, int] = {}
        self._keys: dict[str, list[int]] = {}
        self._heard: dict[str, Heard] = {}

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, topic: Hashable) -> bool:
        return topic in self._slots

    def add(self, topic: Hashable, text: str, vector: NDArray[np.float16]) -> None:
        """Look for the words of `text` too; `vector` is its embedding. Known already: no change.

        A text without any word matches nothing.
        """
        want = wanted(text)
        if topic in self._slots or not want.words:
            return
        slot = self._slots[topic] = len(self._names)
        self._names.append(topic)
        if slot == len(self._table.live):
            self._table = self._table.twice()
        mean, deviation = self._background.norms(vector.astype(np.float32))
        table = self._table
        table.words[slot, : len(want.words)] = [self._number(word) for word in want.words]
        table.optional[slot], table.together[slot] = want.optional, want.together
        table.vectors[slot], table.mean[slot], table.deviation[slot] = vector, mean, deviation
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
        words = _Words.of(page, self._hear)
        found: list[Match] = []
        for slots in self._candidates(words):
            found += self._compare(slots, words, page, score.logit(at_least))
        return sorted(found, key=lambda match: -match.score)

    def _candidates(self, words: _Words) -> Iterator[NDArray[np.intp]]:
        """Yield the topics all of whose needed words the article has, those of one length."""
        heard = np.zeros(len(self._numbers) + 1, np.bool_)
        heard[words.numbers] = heard[0] = True
        table = self._table
        slots = np.flatnonzero(table.live & (heard[table.words[:, 0]] | table.optional))
        for column in range(1, MOST_WORDS):
            slots = slots[heard[table.words[slots, column]]]
        lengths = (table.words[slots] > 0).sum(axis=1)
        for length in np.unique(lengths).tolist():
            alike = slots[lengths == length]
            for first in range(0, len(alike), _AT_ONCE):
                yield alike[first : first + _AT_ONCE]

    def _compare(
        self, slots: NDArray[np.intp], words: _Words, page: Page, floor: float
    ) -> Iterator[Match]:
        table = self._table
        wanted = table.words[slots]
        wanted = wanted[:, wanted[0] > 0]
        cosines = table.vectors[slots].astype(np.float32) @ page.vectors.T
        meaning = (cosines - table.mean[slots, None]) / table.deviation[slots, None]
        rows = words.rows(wanted)
        totals, best = score.totals(words.likeness, words.places, rows, meaning)
        for i in np.flatnonzero(totals >= floor).tolist():
            if table.together[slots[i]]:
                where = np.flatnonzero((words.likeness[rows[i]] > 0).all(axis=0)).tolist()
                if not self._in_a_row(wanted[i].tolist(), [page.said(at) for at in where]):
                    continue
            chance = round(score.chance(float(totals[i])), 4)
            yield Match(self._names[slots[i]], chance, int(best[i]))

    def _in_a_row(self, numbers: Sequence[int], said: Iterable[Sequence[Token]]) -> bool:
        """Whether any of the sentences has these words one after the other."""
        for words in said:
            heard = [self._hear(word.form)[0].tolist() for word in words]
            for start in range(len(words) - len(numbers) + 1):
                if all(number in heard[start + i] for i, number in enumerate(numbers)):
                    return True
        return False

    def _hear(self, form: str) -> Heard:
        """The words of topics that a word of an article may be, and how alike they are."""
        if form not in self._heard:
            alike: dict[int, float] = {}
            for key, worth in offered(form).items():
                for number in self._keys.get(key, ()):
                    alike[number] = max(worth, alike.get(number, 0.0))
            if len(self._heard) >= _FORMS:
                self._heard.clear()
            found = np.fromiter(alike, np.int32), np.fromiter(alike.values(), np.float32)
            self._heard[form] = found
        return self._heard[form]

    def _number(self, word: Word) -> int:
        if word not in self._numbers:
            self._numbers[word] = len(self._numbers) + 1
            for key in keys(word):
                self._keys.setdefault(key, []).append(self._numbers[word])
            self._heard.clear()
        return self._numbers[word]


@dataclass(frozen=True, slots=True)
class _Words:
    """Where an article has words of topics; the rows of a word that it lacks are zeros.

    `likeness` and `places` (1 + words, 1 + sentences) are as `score.totals` takes them.
    """

    numbers: NDArray[np.int32]  # sorted, each once
    likeness: NDArray[np.float32]
    places: NDArray[np.int32]

    @classmethod
    def of(cls, page: Page, hear: Callable[[str], Heard]) -> _Words:
        said = (page.title, *page.sentences)
        forms = {word.form: None for words in said for word in words}
        rank = {form: i for i, form in enumerate(forms)}
        first = np.full((len(forms), len(said)), _NOWHERE, np.int32)
        for at, words in enumerate(said):
            for place in range(len(words) - 1, -1, -1):
                first[rank[words[place].form], at] = place
        heard = [hear(form) for form in forms]
        pairs = np.concatenate([numbers for numbers, _ in heard] or [np.empty(0, np.int32)])
        worths = np.concatenate([worth for _, worth in heard] or [np.empty(0, np.float32)])
        form_of = np.repeat(np.arange(len(forms)), [len(numbers) for numbers, _ in heard])
        numbers, row = np.unique(pairs, return_inverse=True)
        likeness = np.zeros((len(numbers) + 1, len(said)), np.float32)
        places = np.full(likeness.shape, _NOWHERE, np.int32)
        # A word is heard in few forms: the first of each word at once, then the second, …
        order = np.argsort(row, kind="stable")
        turn = np.arange(len(row)) - np.searchsorted(row[order], row[order])
        for i in range(int(turn.max(initial=-1)) + 1):
            chosen = order[turn == i]
            at, where = row[chosen] + 1, first[form_of[chosen]]
            said_so = np.where(where < _NOWHERE, worths[chosen, None], 0)
            likeness[at] = np.maximum(likeness[at], said_so)
            places[at] = np.minimum(places[at], where)
        return cls(numbers, likeness, places)

    def rows(self, wanted: NDArray[np.int32]) -> NDArray[np.intp]:
        """Return the rows of words by their numbers."""
        at = np.searchsorted(self.numbers, wanted)
        at = np.minimum(at, len(self.numbers) - 1)
        return np.where(self.numbers[at] == wanted, at + 1, 0)


@dataclass(frozen=True, slots=True)
class _Table:
    """Topics by their slots: what they look for, and how near to them ordinary sentences are."""

    words: NDArray[np.int32]  # (slots, MOST_WORDS)
    vectors: NDArray[np.float16]  # (slots, dimension)
    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]
    optional: NDArray[np.bool_]
    together: NDArray[np.bool_]
    live: NDArray[np.bool_]

    @classmethod
    def empty(cls, slots: int, dimension: int) -> _Table:
        return cls(
            words=np.zeros((slots, MOST_WORDS), np.int32),
            vectors=np.zeros((slots, dimension), np.float16),
            mean=np.zeros(slots, np.float32),
            deviation=np.ones(slots, np.float32),
            optional=np.zeros(slots, np.bool_),
            together=np.zeros(slots, np.bool_),
            live=np.zeros(slots, np.bool_),
        )

    def twice(self) -> _Table:
        columns = [getattr(self, one.name) for one in fields(self)]
        return _Table(*(np.concatenate([column, np.zeros_like(column)]) for column in columns))


_NOWHERE = 1_000_000
