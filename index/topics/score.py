"""How likely an article is about a topic: a few signs and a logistic model of them. Pure.

The weights were fitted on one day of SaudiNewsNet (22 July 2015), whose articles we judged by eye:
467 pairs of an article and one of 55 topics of our own. With each topic judged by a model that had
seen only the others, at .6: 91 % of what matches is about the topic, and 83 % of what is about it,
and has its words, matches; area under the curve .94. The archive itself tells what is ordinary:
measured against sentences of ours alone, the signs tell much less (.91).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.topics.page import NOWHERE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.topics.page import Heard

    Floats = NDArray[np.float32]
    Rows = NDArray[np.int32]

WEIGHTS = {
    "title": 1.7,  # the share of the topic's words in the title
    "near": 1.44,  # how close together they stand in the sentence or the title, 1 side by side
    "common": 1.26,  # the logarithm of the share of the sentences that have them
    "meaning": 1.25,  # the nearness of sentence and topic, in deviations above ordinary news
    "whole": 1.0,  # the mean nearness of all sentences
}
BIAS = -5.94

WIDTHS = {-2: 0.97, -1: 0.9, 0: 0.8, 1: 0.6, 2: 0.35}
"""The least chance that matches, by how wide the reader wants the topic.

On the day of the fit .6 was right for 67 of 77 alerts; on a day it had not seen (3 August 2015) for
35 of 51, and .8 for 29 of 32 (`python -m tests.judge_topics`): an alert that is beside the point
costs more than one that is missed, so .8 is where a topic begins.
"""

WIDEST = min(WIDTHS.values())


def logit(chance: float) -> float:
    """Return the sum of signs that a chance stands for."""
    return math.log(chance / (1 - chance))


def chances(totals: Floats) -> list[float]:
    """Return the chances that sums of signs stand for, to four places."""
    chances: list[float] = np.round(1 / (1 + np.exp(-totals.astype(np.float64))), 4).tolist()
    return chances


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs that an article gives, whatever the topic, of the words `heard` in it by row."""

    heard: Heard
    title: Floats  # how well a word is found in the title
    common: Floats  # the share of the sentences that have it
    scope: Floats  # how well each has it: by itself, and with the title and the one before it

    @classmethod
    def of(cls, heard: Heard) -> Signs:
        """Return the signs of an article."""
        title, told = heard.likeness[:, 0], heard.likeness[:, 1:]
        scope = np.maximum(told, title[:, None])
        np.maximum(scope[:, 1:], told[:, :-1], out=scope[:, 1:])
        return cls(heard, title, (told > 0).mean(axis=1, dtype=np.float32), scope + told)

    def reaching(
        self, floor: float, topics: Rows, meaning: Floats, phrase: NDArray[np.bool_]
    ) -> tuple[NDArray[np.intp], Floats, NDArray[np.intp]]:
        """Return the topics with a sum of signs from `floor` on, the sums, and the sentences.

        `topics` (words of one, topics) are rows; `meaning` (sentences, topics) is the standing of
        each sentence's nearness; a topic may be a `phrase`. The sentence that tells most has the
        words, by itself or with the title and the sentence before it, and is near.
        """
        title = self.title.take(topics)
        known = (
            np.float32(BIAS)
            + WEIGHTS["title"] * title.mean(axis=0)
            + WEIGHTS["common"] * np.log(0.05 + self.common.take(topics).mean(axis=0))
            + WEIGHTS["whole"] * meaning.mean(axis=0)
        )
        titled = title.min(axis=0) >= _IN_TITLE
        # Most fall short however close their words stand; only the rest is looked at closer.
        most = known + WEIGHTS["meaning"] * meaning.max(axis=0) + WEIGHTS["near"]
        which = np.flatnonzero((most >= floor) | titled)
        topics, titled, phrase = topics[:, which], titled[which], phrase[which]
        best = self._best(topics, meaning[:, which])
        near = self._near(topics, best)
        total = known[which] + WEIGHTS["meaning"] * meaning[best, which] + WEIGHTS["near"] * near
        if len(own := np.flatnonzero(titled & phrase)):
            titled[own] = self.heard.stretch(topics[:, own]) <= len(topics) / _CLOSE
        total = np.where(titled, np.maximum(total, _TITLED), total)
        there = np.flatnonzero(total >= floor)
        return which[there], total[there], best[there]

    def _best(self, topics: Rows, meaning: Floats) -> NDArray[np.intp]:
        """Return the sentence that tells most."""
        worth = 0.5 * len(topics) * meaning.T
        for words in topics:
            worth += self.scope[words]
        best: NDArray[np.intp] = np.argmax(worth, axis=1)
        return best

    def _near(self, topics: Rows, best: NDArray[np.intp]) -> Floats:
        """Return how close together the words stand, in the sentence or in the title."""
        likeness, places = self.heard.likeness, self.heard.places
        return np.maximum(
            _near(likeness[topics, 0], places[topics, 0]),
            _near(likeness[topics, best + 1], places[topics, best + 1]),
        )


_IN_TITLE = 0.75
"""How well each word must be found in the title for the title to be enough: in any form or
spelling. In a small archive there is little ordinary news to stand out from."""

_CLOSE = 0.5
"""The least share that the words of a phrase must have of where they stand, in their order, for a
title to be enough: in «مجلس الوزراء يؤكد أهمية الأمن» there is no «مجلس الأمن»."""

_TITLED = logit(0.9)


def _near(likeness: Floats, places: NDArray[np.int32]) -> Floats:
    """Return how close together words stand in one sentence or title; both (words, topics).

    The share of the words that are there, over how much longer than they are the stretch is from
    the first of them to the last.
    """
    there = likeness > 0
    found = there.sum(axis=0)
    last = np.where(there, places, -1).max(axis=0)
    first = np.where(there, places, NOWHERE).min(axis=0)
    stretch = np.maximum(last - first + 1, 1)
    several = (found > 1) | (len(likeness) == 1)
    near = found / len(likeness) * np.minimum(1.0, found / stretch)
    return np.where(several, near, 0.0).astype(np.float32)
