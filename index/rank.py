"""The sentences of retrieved passages, ranked by how likely each answers. Pure.

A sentence has several signs of being the answer; each is made a z-score over all candidates,
bent so that none decides alone, and the weighted sum ranks them. Weights were chosen by hand on
ARCD's first half, our own questions and questions about the seed pages. `BEND`, `person` and
`background` came last, for news: they raised our own questions and the seeds', and cost ARCD about
a point of quote_hit@1 (.761 to .750).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from index import cues, periods
from index.arabic import tokens
from index.search import zscores

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from index.encoding import QueryEncoding
    from index.lexical import Term
    from index.periods import Period
    from index.questions import Question
    from index.reader import Reading
    from index.search import Hit

WEIGHTS = {
    "passage": 0.4,  # the standing of its passage
    "bm25": 0.7,  # the question's words in it
    "topic": 0.7,  # the same, less what every sentence of the passage or its title says
    "context": 0.7,  # the question's words in it, the sentence before it, or the title
    "dense": 1.0,  # its vector's nearness to the question's
    "maxsim": 1.2,  # each word piece of the question to its nearest in it
    "cue": 0.7,  # it holds the number, time or reason that is asked for
    "person": 1.1,  # it names somebody, where the question asks who
    "period": 0.7,  # it names, or was published in, the period that is asked for
    "recent": 0.7,  # it is of the newest articles, where the newest is asked for
    "background": -1.0,  # it tells of an earlier occasion, which the question does not ask for
}
"""What each sign counts."""

_STAGE = dict.fromkeys(("cue", "person", "background", "period", "recent"), "cues") | {
    "bm25": "stems"
}

READER_WEIGHTS = {"points": 0.4, "answerable": 0.2}
"""What the reader's scores (logits) count beside the sum of signs. Chosen on questions that the
reader did not learn from: articles left out of ARCD's first half, and our own; from 0.3 to 0.6 the
figures hardly differ."""

BEND = 2.0
"""Standard deviations that no sign exceeds (a scaled tanh): the words of a question repeated in
one sentence are several signs at once, and outweighed the meaning of the others."""

_BM25_K1, _BM25_B, _MEAN_WORDS = 1.2, 0.75, 25  # a news sentence has about 25 words


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
    readings: Mapping[int, Reading] = MappingProxyType({}),
    off: frozenset[str] = frozenset(),
) -> list[Candidate]:
    """Return every unit of the retrieved passages, the likeliest answer first.

    `when` holds the periods that the question names, reckoned from the day it is asked.
    `readings` are what the reader made of passages, by id; without one, signs alone rank.
    `off` names stages not to heed: a sign, or "cues" for all that depend on the kind of question.
    """
    weights = {name: 0.0 if _STAGE.get(name, name) in off else w for name, w in WEIGHTS.items()}
    found = [
        Candidate(hit, unit, hit.row.text[start:end], signs)
        for hit in hits
        for unit, ((start, end), signs) in enumerate(
            zip(hit.row.units, _signs(question, terms, query, hit), strict=True)
        )
    ]
    found = _dated(question, when, found)
    columns = {
        name: BEND * np.tanh(zscores([c.signs[name] for c in found]) / BEND) for name in WEIGHTS
    }
    scored = [
        replace(c, score=float(sum(w * columns[name][i] for name, w in weights.items())))
        for i, c in enumerate(found)
    ]
    return sorted(_read(scored, readings), key=lambda c: (-c.score, c.hit.row.id, c.unit))


def _dated(
    question: Question, when: Sequence[Period], candidates: Sequence[Candidate]
) -> list[Candidate]:
    """The candidates with the signs that depend on time; zeros where the question names none."""
    newest = periods.recent(question.text)
    days = sorted({c.hit.row.article.published or "" for c in candidates}) if newest else []
    return [
        replace(
            c,
            signs={
                **c.signs,
                "period": max((_in_period(period, c) for period in when), default=0.0),
                "recent": days.index(c.hit.row.article.published or "") / len(days)
                if newest
                else 0.0,
            },
        )
        for c in candidates
    ]


def _in_period(period: Period, candidate: Candidate) -> float:
    """1 where the sentence names the period or was published in it, -1 where not, else 0."""
    if periods.names(period, candidate.text):
        return 1.0
    covered = periods.covers(period, candidate.hit.row.article.published)
    return 0.0 if covered is None else 1.0 if covered else -1.0


def _read(candidates: Sequence[Candidate], readings: Mapping[int, Reading]) -> list[Candidate]:
    """The candidates with what the reader made of them.

    One whose passage was not read counts as the worst of those that were.
    """
    read: list[tuple[Candidate, float | None]] = []
    for one in candidates:
        reading = readings.get(one.hit.row.id)
        if reading is None:
            read.append((one, None))
            continue
        points = float(reading.scores[one.unit])
        signs = {
            "points": points,
            "margin": points - reading.none,
            "answerable": reading.answerable,
        }
        span = reading.spans[one.unit]
        worth = sum(weight * signs[name] for name, weight in READER_WEIGHTS.items())
        read.append((replace(one, signs={**one.signs, **signs}, span=span), worth))
    worst = min((worth for _, worth in read if worth is not None), default=0.0)
    return [
        replace(one, score=one.score + (worst if worth is None else worth)) for one, worth in read
    ]


def _signs(
    question: Question, terms: Sequence[Term], query: QueryEncoding, hit: Hit
) -> list[dict[str, float]]:
    row = hit.row
    dense = hit.encoding.units @ query.vector
    maxsim = query.maxsim(hit.encoding)
    words = [tokens(row.text[start:end]) for start, end in row.units]
    stems = [Counter(word.stem for word in unit) for unit in words]
    title = {word.stem for word in tokens(row.article.title)}
    importance = _matched(terms, {term.stem for term in terms})
    total = sum(importance.values()) or 1.0
    matched = [_matched(terms, unit) for unit in stems]
    topical = _topical(matched, _matched(terms, title))
    known = _known(terms, title.union(*stems))
    signs = []
    for i, unit in enumerate(stems):
        before = stems[i - 1] if i else ()
        signs.append(
            {
                "passage": hit.score,
                "bm25": _bm25(terms, unit),
                "topic": sum(v * topical[word] for word, v in matched[i].items()) / total,
                "context": sum(_matched(terms, title.union(unit, before)).values()) / total,
                "dense": float(dense[i]),
                "maxsim": float(maxsim[i]),
                "cue": cues.answers(question, words[i]),
                "person": cues.names_a_person(question, row.text[slice(*row.units[i])], words[i]),
                "background": cues.looks_back(question, row.text[slice(*row.units[i])]),
                "known": known,
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


def _known(terms: Sequence[Term], stems: Container[str]) -> float:
    """The share of the question's words that `stems` hold just so, not only their kin."""
    asked = {term.word for term in terms}
    found = {term.word for term in terms if term.form is not None and term.stem in stems}
    return len(found) / max(1, len(asked))


def _topical(
    matched: Sequence[Mapping[str, float]], title: Mapping[str, float]
) -> dict[str, float]:
    """How much each word of the question tells one sentence of a passage from another.

    1 for a word that one sentence holds; less for one that several hold or the title does, which
    is what the whole article is about.
    """
    counts = Counter(word for unit in matched for word in unit)
    return {
        word: 2 / (1 + count) * (0.5 if word in title else 1.0) for word, count in counts.items()
    }


def _bm25(terms: Sequence[Term], counts: Counter[str]) -> float:
    norm = _BM25_K1 * (1 - _BM25_B + _BM25_B * counts.total() / _MEAN_WORDS)
    return sum(
        term.weight * term.idf * count * (_BM25_K1 + 1) / (count + norm)
        for term in terms
        if (count := counts[term.stem])
    )
