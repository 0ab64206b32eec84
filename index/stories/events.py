"""Which stories of a time tell of one event: an attack, who condemns it, the funerals. Pure.

They are stories of their own, since each has its own news; for who reads of a whole day at once
they are one event. What such stories share are words that are in far more articles than is usual.
Words that belong to a kind of news (prices, receptions, customs) are shared every day, and tell
nothing. Kleinberg (2002) calls such a surge a burst.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.stories.terms import Terms

COMPARED = 100
"""Stories of a time that are compared with one another: those that most sources told."""

FEWEST = 20
"""Stories that are needed to know how near unrelated ones are to one another."""

PARTS, PART = 7, 100
"""Into how many parts, equal in number, the articles before are cut, and how many articles each
holds at least. A word's usual share is that of most parts: not of the few days for which an event
has been told, nor of a day of which the archive holds little."""

JOIN, NEAR = 0.55, 5.0
"""Cosine of the surging words of two stories of one event, and deviations by which the cosine of
their leads exceeds that of unrelated stories, at least. These and the next were chosen by eye on
ten days of newspapers, on the strict side: a wrong neighbour is worse than an event told twice."""

GREAT, GREAT_JOIN, GREAT_NEAR = 5.0, 0.4, 3.3
"""How many times more articles than usual hold the words that two stories share, where the event
is a great one; less is then asked of the two, since nothing else surges like it."""

HOLD = 0.5
"""Share of the stories of an event that another must be like to be of it."""

_BUCKETS: Final = 2**18  # terms are counted by 18 bits of their code
_MASK: Final = np.uint32(_BUCKETS - 1)
_NORMAL: Final = 1.4826  # median absolute deviations in a standard deviation, of a normal sample


@dataclass(frozen=True, slots=True)
class Content:
    """What is compared of a story: the terms of its articles, and the vectors of their leads."""

    story: int
    terms: Sequence[Terms]
    vectors: Sequence[NDArray[np.float32]]


def events(
    contents: Sequence[Content], now: Sequence[Terms], before: Sequence[Terms]
) -> dict[int, int]:
    """Return the stories that tell of the event of one before them, and which that is.

    `contents` begin with the story that most told; `now` holds the terms of every article of their
    time, `before` of those before it, oldest first. Where too little is known nothing is found.
    """
    contents = [one for one in contents if one.terms][:COMPARED]
    if len(contents) < FEWEST or len(before) < PARTS * PART:
        return {}
    buckets = np.unique(_buckets([terms for one in contents for terms in one.terms]))
    surge = _surge(now, before, buckets)
    words = np.array([_words(one.terms, buckets, surge) for one in contents])
    same = _same(words, surge, [np.mean(one.vectors, axis=0) for one in contents])
    groups: list[list[int]] = []
    for at in range(len(contents)):
        for group in groups:
            if same[at, group].mean() >= HOLD:
                group.append(at)
                break
        else:
            groups.append([at])
    return {contents[at].story: contents[first].story for first, *others in groups for at in others}


def _surge(
    now: Sequence[Terms], before: Sequence[Terms], buckets: NDArray[np.uint32]
) -> NDArray[np.float64]:
    """Of each bucket, the logarithm of how many times more articles than usual are in it.

    One article is added to the usual number, so that what a single one says is no surge; nor is
    what fewer say than usual.
    """
    cuts = np.linspace(0, len(before), PARTS + 1).astype(int)
    shares = [_shares(before[cuts[n] : cuts[n + 1]], buckets) for n in range(PARTS)]
    usual = np.median(shares, axis=0) * len(now) + 1
    surge: NDArray[np.float64] = np.log(np.maximum(_shares(now, buckets) * len(now) / usual, 1.0))
    return surge


def _shares(articles: Sequence[Terms], buckets: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Of each bucket, the share of articles that hold a term of it."""
    shares: NDArray[np.float64] = np.bincount(_buckets(articles), minlength=_BUCKETS)[
        buckets
    ] / len(articles)
    return shares


def _buckets(articles: Sequence[Terms]) -> NDArray[np.uint32]:
    """The buckets of all terms of articles."""
    buckets: NDArray[np.uint32] = np.concatenate([one.codes for one in articles]) & _MASK
    return buckets


def _words(
    articles: Sequence[Terms], buckets: NDArray[np.uint32], surge: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Of each bucket, how much a story is about it and it surges; each article counts alike."""
    words = np.zeros(len(buckets))
    for one in articles:
        at = np.searchsorted(buckets, one.codes & _MASK)
        weights = one.weights * surge[at]
        np.add.at(words, at, weights / max(float(np.linalg.norm(weights)), 1e-9))
    return words


def _same(
    words: NDArray[np.float64], surge: NDArray[np.float64], leads: Sequence[NDArray[np.float32]]
) -> NDArray[np.bool_]:
    """Which stories tell of the same event, by their words and what they say first."""
    words = _unit(words)
    alike = words @ words.T
    times = np.exp((words * surge) @ words.T / np.maximum(alike, 1e-9))
    near = _nearness(_unit(np.array(leads, np.float64)))
    great = (times >= GREAT) & (alike >= GREAT_JOIN) & (near >= GREAT_NEAR)
    same: NDArray[np.bool_] = great | ((alike >= JOIN) & (near >= NEAR))
    return same


def _nearness(leads: NDArray[np.float64]) -> NDArray[np.float64]:
    """The deviations by which cosines exceed that of unrelated stories, as most of a time's are."""
    cosines = leads @ leads.T
    pairs = cosines[np.triu_indices(len(leads), 1)]
    middle = float(np.median(pairs))
    deviation = _NORMAL * float(np.median(np.abs(pairs - middle)))
    nearness: NDArray[np.float64] = (cosines - middle) / max(deviation, 1e-6)
    return nearness


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rows, each of length one, or zero."""
    unit: NDArray[np.float64] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit
