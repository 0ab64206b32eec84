"""The sentences of retrieved passages, ranked by how likely each answers. Pure.

A sentence has several signs of being the answer; each is made a z-score over all candidates,
bent so that none decides alone, and the weighted sum ranks them. Weights were chosen by hand on
ARCD's first half, our own questions and questions about the seed pages. Weights fitted by listwise
softmax on the same and on 1,133 written questions are as good and no better (first quotes right:
within .01 of these on each of eight sets), but the fit showed what these leave out: how often, and
how exclusively, a sentence itself holds the question's words. Without those two signs the first
quote is right for .82 instead of .79 of our own questions, .80 instead of .73 of `unseen.jsonl`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from index import cues, periods, sentences
from index.search import zscores

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from index.encoding import QueryEncoding
    from index.lexical import Term
    from index.periods import Period
    from index.questions import Question
    from index.reader import Reading
    from index.search import Hit
    from index.windows import Window

WEIGHTS = {
    "passage": 0.4,  # the standing of its passage
    "context": 1.3,  # the question's words in it, the sentence before it, or the title
    "dense": 1.0,  # its vector's nearness to the question's
    "maxsim": 1.2,  # each word piece of the question to its nearest in it
    "cue": 0.7,  # it holds the number, time or reason that is asked for
    "person": 1.1,  # it names somebody, where the question asks who
    "period": 0.7,  # it names, or was published in, the period that is asked for
    "recent": 0.7,  # it is of the newest articles, where the newest is asked for
    "background": -1.0,  # it tells of an earlier occasion, which the question does not ask for
}
"""What each sign counts."""

_STAGE = dict.fromkeys(("cue", "person", "background", "period", "recent"), "cues")

READER_WEIGHTS = {"points": 0.4, "answerable": 0.2}
"""What the reader's scores (logits) count beside the sum of signs. Chosen on questions that the
reader did not learn from: articles left out of ARCD's first half, and our own; from 0.3 to 0.6 the
figures hardly differ."""

UNREAD = 0.6
"""A sentence that was not read counts as this quantile of those that were: what is read was chosen
for being near, so most of it is no answer either. With the least of them, as it was while whole
passages were read, a window's neighbours never came into the three quotes (AQAD, see `windows`: the
first three right .61 against .59)."""

BEND = 2.0
"""Standard deviations that no sign exceeds (a scaled tanh)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: unit `unit` of a passage, with its signs."""

    hit: Hit
    unit: int
    text: str
    signs: Mapping[str, float]
    score: float = 0.0
    span: tuple[int, int] | None = None  # the likely answer in the passage's text, where read


def rank(
    question: Question,
    terms: Sequence[Term],
    query: QueryEncoding,
    hits: Sequence[Hit],
    *,
    when: Sequence[Period] = (),
    off: frozenset[str] = frozenset(),
) -> list[Candidate]:
    """Return every unit of the retrieved passages, the likeliest answer by its signs first.

    `when` holds the periods that the question names, reckoned from the day it is asked.
    `off` names stages not to heed: a sign, or "cues" for all that depend on the kind of question.
    """
    newest = _newest(question, hits)
    places = [(hit, unit) for hit in hits for unit in range(len(hit.row.units))]
    signs = [
        {**one, "period": _in_periods(when, hit, unit), "recent": newest.get(hit.row.id, 0.0)}
        for hit in hits
        for unit, one in enumerate(_signs(question, terms, query, hit))
    ]
    return _sorted(
        Candidate(hit, unit, hit.row.text[slice(*hit.row.units[unit])], own, score)
        for (hit, unit), own, score in zip(places, signs, _sums(signs, off), strict=True)
    )


def rank_read(
    candidates: Sequence[Candidate], windows: Sequence[Window], readings: Sequence[Reading]
) -> list[Candidate]:
    """Return candidates in the order that their signs and what the reader made of `windows` give.

    There is a reading for each window. Sentences in a window get the reader's signs beside theirs,
    and the likely answer's place.
    """
    read = {
        (window.hit.row.id, unit): _read(window, reading, unit)
        for window, reading in zip(windows, readings, strict=True)
        for unit in range(window.first, window.last)
    }
    if not read:
        return list(candidates)
    worths = {
        place: sum(weight * signs[name] for name, weight in READER_WEIGHTS.items())
        for place, (signs, _) in read.items()
    }
    unread = float(np.quantile(list(worths.values()), UNREAD))
    return _sorted(_reread(one, read, worths, unread) for one in candidates)


def _reread(
    candidate: Candidate,
    read: Mapping[tuple[int, int], tuple[dict[str, float], tuple[int, int]]],
    worths: Mapping[tuple[int, int], float],
    unread: float,
) -> Candidate:
    place = candidate.hit.row.id, candidate.unit
    if place not in read:
        return replace(candidate, score=candidate.score + unread)
    signs, span = read[place]
    return replace(
        candidate,
        signs={**candidate.signs, **signs},
        score=candidate.score + worths[place],
        span=span,
    )


def _sorted(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda one: (-one.score, one.hit.row.id, one.unit))


def _sums(signs: Sequence[Mapping[str, float]], off: frozenset[str]) -> list[float]:
    """The weighted sum of each candidate's signs, made alike and bent."""
    if not signs:
        return []
    weights = [0.0 if _STAGE.get(name, name) in off else w for name, w in WEIGHTS.items()]
    table = zscores([[one[name] for name in WEIGHTS] for one in signs])
    sums: list[float] = (BEND * np.tanh(table / BEND) * weights).sum(axis=1).tolist()
    return sums


def _newest(question: Question, hits: Sequence[Hit]) -> dict[int, float]:
    """By passage, how new it is among the others, where the newest is asked for."""
    if not periods.recent(question.text):
        return {}
    days = sorted({hit.row.article.published or "" for hit in hits if hit.row.units})
    return {
        hit.row.id: days.index(hit.row.article.published or "") / len(days)
        for hit in hits
        if hit.row.units
    }


def _in_periods(when: Sequence[Period], hit: Hit, unit: int) -> float:
    """1 where the sentence names a period or was published in it, -1 where neither, else 0."""
    return max((_in_period(period, hit, unit) for period in when), default=0.0)


def _in_period(period: Period, hit: Hit, unit: int) -> float:
    if periods.names(period, hit.row.text[slice(*hit.row.units[unit])]):
        return 1.0
    covered = periods.covers(period, hit.row.article.published)
    return 0.0 if covered is None else 1.0 if covered else -1.0


def _read(window: Window, reading: Reading, unit: int) -> tuple[dict[str, float], tuple[int, int]]:
    """The signs that the reader gives of a unit, and the answer's place in the passage's text."""
    place = unit - window.first
    points = float(reading.scores[place])
    start, end = reading.spans[place]
    signs = {
        "points": points,
        "margin": points - reading.none,
        "answerable": reading.answerable,
    }
    return signs, (window.start + start, window.start + end)


def _signs(
    question: Question, terms: Sequence[Term], query: QueryEncoding, hit: Hit
) -> list[dict[str, float]]:
    row = hit.row
    dense = hit.encoding.units @ query.vector
    maxsim = query.maxsim(hit.encoding)
    texts = [row.text[start:end] for start, end in row.units]
    units = [sentences.read(text) for text in texts]
    stems = [unit.stems for unit in units]
    title = sentences.read(row.article.title).stems
    importance = _matched(terms, {term.stem for term in terms})
    total = sum(importance.values()) or 1.0
    signs = []
    for i, unit in enumerate(stems):
        before = stems[i - 1] if i else ()
        signs.append(
            {
                "passage": hit.score,
                "context": sum(_matched(terms, title.union(unit, before)).values()) / total,
                "dense": float(dense[i]),
                "maxsim": float(maxsim[i]),
                "cue": cues.answers(question, units[i].words),
                "person": cues.names_a_person(question, texts[i], units[i].words),
                "background": cues.looks_back(question, texts[i]),
                "words": math.log(max(1, len(importance))),
            }
        )
    return signs


def _matched(terms: Sequence[Term], stems: Container[str]) -> dict[str, float]:
    """The question's words that `stems` hold, each with the idf of the best kin found."""
    found: dict[str, float] = {}
    for term in terms:
        if term.stem in stems:
            found[term.word] = max(found.get(term.word, 0.0), term.idf * term.weight)
    return found
