"""Ranked sentences become quotes, and a decision whether they answer. Pure.

The best sentences that say different things are quoted. A logistic model over the signs of the
first three gives the chance that one of them answers.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from index.arabic import tokens
from index.chunk import UNIT_LIMIT
from index.model import Answer, ArticleRef, Quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.questions import Question
    from index.rank import Candidate

PASSAGES = 6
"""Passages whose sentences are compared; more cost time and bring little (ARCD's first half)."""

NEAREST = 3
"""Articles named where there is no answer."""

SHORT = 60
"""Characters below which a quote takes its neighbour along, so that it can be understood."""

COMFORTABLE = 250
"""Characters up to which a short quote grows."""


def compose(
    question: Question,
    candidates: Sequence[Candidate],
    *,
    limit: int,
    reprints: Mapping[int, Sequence[ArticleRef]],
) -> Answer:
    """Return the answer: up to `limit` different quotes, or none and the nearest articles.

    `reprints` names, by article, the stored articles that repeat its text.
    """
    certainty = confidence(candidates)
    if certainty < THRESHOLD:
        nearest = tuple(dict.fromkeys(c.hit.row.article for c in candidates))[:NEAREST]
        return Answer(question.text, answered=False, confidence=certainty, nearest=nearest)
    best = tuple(quotes(candidates, limit=limit, reprints=reprints))
    return Answer(question.text, answered=True, confidence=certainty, quotes=best)


def quotes(
    candidates: Sequence[Candidate],
    *,
    limit: int,
    reprints: Mapping[int, Sequence[ArticleRef]] | None = None,
) -> list[Quote]:
    """Return up to `limit` quotes that say different things, best first.

    A sentence that another article repeats word for word is quoted once, `also_in` the other.
    """
    chosen: dict[str, Quote] = {}
    for candidate in candidates:
        said = " ".join(token.form for token in tokens(candidate.text))
        article = candidate.hit.row.article
        if said in chosen:
            chosen[said] = _also_in(chosen[said], article)
        elif len(chosen) < limit:
            chosen[said] = _quote(candidate, (reprints or {}).get(article.id, ()))
    return list(chosen.values())


def confidence(candidates: Sequence[Candidate]) -> float:
    """Return the calibrated chance that one of the first three candidates answers, 0 for none."""
    if not candidates:
        return 0.0
    logit = BIAS + sum(CALIBRATION[name] * value for name, value in evidence(candidates).items())
    return 1 / (1 + math.exp(-logit))


def evidence(candidates: Sequence[Candidate]) -> dict[str, float]:
    """Return what the confidence is computed from: the signs of the first three candidates.

    The sum of z-scores is left out, for in a small archive about one story it is low whatever
    the sentence says; only the lead is taken from it. There must be a candidate.
    """
    signs = [candidate.signs for candidate in candidates[:3]]
    scores = [candidate.score for candidate in candidates[:2]]
    return {
        "context": max(one["context"] for one in signs),
        "known": max(one["known"] for one in signs),
        "dense": 10 * (max(one["dense"] for one in signs) - 0.85),
        "words": signs[0]["words"],
        "lead": min(scores[0] - scores[-1], 3.0),
        "cue": signs[0]["cue"],
        "person": signs[0]["person"],
    }


CALIBRATION = {
    "context": 2.29,
    "known": 0.36,
    "dense": 0.55,
    "words": 0.76,
    "lead": 0.15,
    "cue": 0.29,
    "person": 0.15,
}
BIAS = -3.23
"""A logistic model of `evidence`: the chance that one of three quotes holds the answer. Fitted by
`python -m tests.calibrate` on ARCD's first half, each question asked also with its paragraph gone,
and on our own questions."""

THRESHOLD = 0.33
"""Confidence from which an answer is given: between what balances best on our own questions (0.30)
and on ARCD's first half (0.45), nearer the former; questions about the seeds were in view too."""


def _quote(candidate: Candidate, reprints: Sequence[ArticleRef]) -> Quote:
    row = candidate.hit.row
    start, end = row.units[candidate.unit]
    first, last = _grown(row.text, row.units, candidate.unit)
    return Quote(
        text=row.text[first:last],
        start=row.start + first,
        end=row.start + last,
        highlights=((start - first, end - first),),
        score=round(candidate.score, 4),
        article=row.article,
        also_in=tuple(reprints),
    )


def _grown(text: str, units: Sequence[tuple[int, int]], unit: int) -> tuple[int, int]:
    """The span of a unit; a short one with the next or else the one before in its paragraph."""
    start, end = units[unit]
    if end - start >= SHORT:
        return start, end
    for other in (unit + 1, unit - 1):
        if 0 <= other < len(units):
            first = min(start, units[other][0])
            last = max(end, units[other][1])
            if last - first <= min(COMFORTABLE, UNIT_LIMIT) and "\n" not in text[first:last]:
                return first, last
    return start, end


def _also_in(quote: Quote, article: ArticleRef) -> Quote:
    if article == quote.article or article in quote.also_in:
        return quote
    return replace(quote, also_in=(*quote.also_in, article))
