"""Retrieved passages become quotes, and a decision whether they answer. Pure.

Every unit (sentence) of the retrieved passages is scored by a weighted sum of z-scores, then the
best distinct ones are quoted. A logistic model over absolute features of the first quote gives the
chance that it answers.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.arabic import normalise, tokens
from index.chunk import UNIT_LIMIT
from index.model import Answer, ArticleRef, Quote
from index.questions import Kind
from index.search import zscores

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from index.encoding import QueryEncoding
    from index.lexical import Term
    from index.questions import Question
    from index.search import Hit

PASSAGES = 6
"""Passages whose sentences are compared; more cost time and bring little (ARCD's first half)."""

NEAREST = 3
"""Articles named where there is no answer."""

WEIGHTS = {"passage": 0.5, "bm25": 1.0, "coverage": 0.25, "dense": 1.0, "maxsim": 1.0}
"""What each sign of an answering sentence counts, chosen on ARCD's first half."""

SHORT = 60
"""Characters below which a quote takes its neighbour along, so that it can be understood."""

COMFORTABLE = 250
"""Characters up to which a short quote grows."""

_BM25_K1, _BM25_B, _MEAN_WORDS = 1.2, 0.75, 25  # a news sentence has about 25 words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: unit `unit` of a passage, with its signs."""

    hit: Hit
    unit: int
    text: str
    signs: Mapping[str, float]
    score: float = 0.0


def rank(
    question: Question, terms: Sequence[Term], query: QueryEncoding, hits: Sequence[Hit]
) -> list[Candidate]:
    """Return every unit of the retrieved passages, the likeliest answer first."""
    found = [
        Candidate(hit, unit, hit.row.text[start:end], signs)
        for hit in hits
        for unit, ((start, end), signs) in enumerate(
            zip(hit.row.units, _signs(question, terms, query, hit), strict=True)
        )
    ]
    columns = {name: zscores([c.signs[name] for c in found]) for name in WEIGHTS}
    scored = [
        replace(c, score=float(sum(WEIGHTS[name] * columns[name][i] for name in WEIGHTS)))
        for i, c in enumerate(found)
    ]
    return sorted(scored, key=lambda c: (-c.score, c.hit.row.id, c.unit))


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
    """Return the calibrated chance that the first candidate answers, 0 where there is none."""
    if not candidates:
        return 0.0
    features = evidence(candidates)
    logit = CALIBRATION["bias"] + sum(CALIBRATION[name] * features[name] for name in features)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def evidence(candidates: Sequence[Candidate]) -> dict[str, float]:
    """Return what the confidence is computed from: signs of the first candidate that do not
    depend on the others, and its lead over the second."""
    first = candidates[0]
    lead = first.score - candidates[1].score if len(candidates) > 1 else 1.0
    return {
        "coverage": first.signs["coverage"],
        "passage_coverage": first.signs["passage_coverage"],
        "dense": 10 * (first.signs["dense"] - 0.85),
        "maxsim": 10 * (first.signs["maxsim"] - 0.4),
        "passage_dense": 10 * (first.hit.dense - 0.85),
        "lead": min(lead, 3.0),
        "cue": first.signs["cue"],
    }


CALIBRATION = {
    "bias": 0.0,
    "coverage": 1.0,
    "passage_coverage": 1.0,
    "dense": 1.0,
    "maxsim": 1.0,
    "passage_dense": 0.0,
    "lead": 0.5,
    "cue": 0.3,
}
"""A logistic model of `evidence`, fitted on ARCD's first half by `python -m tests.calibrate`."""

THRESHOLD = 0.35
"""Confidence from which an answer is given: the best balanced accuracy on ARCD's first half."""


def _signs(
    question: Question, terms: Sequence[Term], query: QueryEncoding, hit: Hit
) -> list[dict[str, float]]:
    dense = hit.encoding.units @ query.vector
    maxsim = query.maxsim(hit.encoding)
    total = sum(_importance(terms).values()) or 1.0
    words = [
        Counter(token.stem for token in tokens(hit.row.text[start:end]))
        for start, end in hit.row.units
    ]
    title = {token.stem for token in tokens(hit.row.article.title)}
    around = title.union(*words)
    return [
        {
            "passage": hit.score,
            "bm25": _bm25(terms, words[i]),
            "coverage": _found(terms, words[i]) / total,
            "passage_coverage": _found(terms, around) / total,
            "dense": float(dense[i]),
            "maxsim": float(maxsim[i]),
            "cue": _cue(question.kind, hit.row.text[start:end]),
        }
        for i, (start, end) in enumerate(hit.row.units)
    ]


def _importance(terms: Sequence[Term]) -> dict[str, float]:
    """The weight of each of the question's words: the idf of the rarest kin the index knows."""
    importance: dict[str, float] = {}
    for term in terms:
        importance[term.word] = max(importance.get(term.word, 0.0), term.idf * term.weight)
    return importance


def _found(terms: Sequence[Term], stems: Container[str]) -> float:
    found: dict[str, float] = {}
    for term in terms:
        if term.stem in stems:
            found[term.word] = max(found.get(term.word, 0.0), term.idf * term.weight)
    return sum(found.values())


def _bm25(terms: Sequence[Term], counts: Counter[str]) -> float:
    norm = _BM25_K1 * (1 - _BM25_B + _BM25_B * counts.total() / _MEAN_WORDS)
    return sum(
        term.weight * term.idf * count * (_BM25_K1 + 1) / (count + norm)
        for term in terms
        if (count := counts[term.stem])
    )


def _cue(kind: Kind, text: str) -> float:
    """1 where a sentence looks like an answer to such a question, -1 where it does not, else 0."""
    if kind in (Kind.WHEN, Kind.HOW_MANY):
        return 1.0 if any(char.isdigit() for char in normalise(text)) else -1.0
    return 0.0


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
