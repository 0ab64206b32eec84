"""How likely an article is about a topic: a few signs and a logistic model of them. Pure.

The weights were fitted on one day of SaudiNewsNet (22 July 2015), whose articles we judged by eye:
467 pairs of an article and one of 55 topics of our own. With each topic judged by a model that had
seen only the others, at .6: 91 % of what matches is about the topic, and 83 % of what is about it,
and has its words, matches; area under the curve .94. The archive itself tells what is ordinary:
measured against sentences of ours alone, the signs tell much less (.91).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

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
35 of 51, and .8 for 27 of 32 (`python -m tests.judge_topics`): an alert that is beside the point
costs more than one that is missed, so .8 is where a topic begins.
"""

WIDEST = min(WIDTHS.values())


def logit(chance: float) -> float:
    """Return the sum of signs that a chance stands for."""
    return math.log(chance / (1 - chance))


def chance(total: float) -> float:
    """Return the chance that a sum of signs stands for."""
    return 1 / (1 + math.exp(-total))


def totals(
    likeness: Floats, places: NDArray[np.int32], topics: NDArray[np.intp], meaning: Floats
) -> tuple[Floats, NDArray[np.intp]]:
    """Return the sum of signs, and the sentence that tells most; of each topic.

    `likeness` (words, 1 + sentences) says how well each word is found in the title and in each
    sentence, 0 where it is not, and `places`, of the same shape, at which word of it first;
    `topics` (topics, words of one) are rows of these; `meaning` (topics, sentences) is the
    standing of each sentence's nearness. A sentence tells most that has the words, by itself or
    with the title and the sentence before it, and is near.
    """
    title, told = likeness[:, 0], likeness[:, 1:]
    scope = np.maximum(told, title[:, None])
    np.maximum(scope[:, 1:], told[:, :-1], out=scope[:, 1:])
    best = np.argmax((told + scope)[topics].mean(axis=1) + 0.5 * meaning, axis=1)
    at, sentence = np.arange(len(best)), best[:, None] + 1
    signs = {
        "title": title[topics].mean(axis=1),
        "near": np.maximum(
            _near(title[topics], places[topics, 0]),
            _near(likeness[topics, sentence], places[topics, sentence]),
        ),
        "common": np.log(0.05 + (told > 0).mean(axis=1)[topics].mean(axis=1)),
        "meaning": meaning[at, best],
        "whole": meaning.mean(axis=1),
    }
    total = sum((WEIGHTS[name] * sign for name, sign in signs.items()), np.float32(BIAS))
    total = np.where(title[topics].min(axis=1) >= _IN_TITLE, np.maximum(total, _TITLED), total)
    return np.asarray(total, np.float32), best


_IN_TITLE = 0.75
"""How well each word must be found in the title for the title to be enough: in any form or
spelling. In a small archive there is little ordinary news to stand out from."""

_TITLED = logit(0.9)


def _near(likeness: Floats, places: NDArray[np.int32]) -> Floats:
    """Return how close together words stand in one sentence or title; both (topics, words).

    The share of the words that are there, over how much longer than they are the stretch is from
    the first of them to the last.
    """
    there = likeness > 0
    found = there.sum(axis=1)
    last = np.where(there, places, -1).max(axis=1)
    first = np.where(there, places, _FAR).min(axis=1)
    stretch = np.maximum(last - first + 1, 1)
    several = (found > 1) | (likeness.shape[1] == 1)
    near = found / likeness.shape[1] * np.minimum(1.0, found / stretch)
    return np.where(several, near, 0.0).astype(np.float32)


_FAR = 1_000_000
