"""Ranked sentences become quotes, and a decision whether they answer. Pure.

The best sentences that say different things are quoted. A logistic model over the signs of the
first three gives the chance that one of them answers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from index.headlines import told
from index.model import Answer, ArticleRef
from index.quotes import quotes, timeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.questions import Question
    from index.rank import Candidate

PASSAGES = 6
"""Passages whose sentences are compared; more cost time and bring little (ARCD's first half)."""

NEAREST = 3
"""Articles named where there is no answer."""


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
    if certainty < THRESHOLD and (news := told(question, candidates)):
        certainty, candidates = HEADLINED, news
    if certainty < THRESHOLD:
        nearest = tuple(dict.fromkeys(c.hit.row.article for c in candidates))[:NEAREST]
        return Answer(question.asked, answered=False, confidence=certainty, nearest=nearest)
    best = quotes(candidates, limit=limit, reprints=reprints)
    dated = timeline(question, best)
    return Answer(
        question.asked,
        answered=True,
        confidence=certainty,
        quotes=tuple(dated or best),
        timeline=bool(dated),
    )


def confidence(candidates: Sequence[Candidate]) -> float:
    """Return the calibrated chance that one of the first three candidates answers, 0 for none."""
    if not candidates:
        return 0.0
    signs = evidence(candidates)
    weights = READ if "answerable" in signs else UNREAD
    logit = sum(weight * signs.get(name, 1.0) for name, weight in weights.items())
    return 1 / (1 + math.exp(-logit))


def evidence(candidates: Sequence[Candidate]) -> dict[str, float]:
    """Return what the confidence is computed from: the signs of the first three candidates.

    The sum of z-scores is left out, for in a small archive about one story it is low whatever
    the sentence says; only the lead is taken from it. There must be a candidate.
    """
    signs = [candidate.signs for candidate in candidates[:3]]
    scores = [candidate.score for candidate in candidates[:2]]
    found = {
        "context": max(one["context"] for one in signs),
        "dense": 10 * (max(one["dense"] for one in signs) - 0.85),
        "words": signs[0]["words"],
        "lead": min(scores[0] - scores[-1], 3.0),
        "cue": signs[0]["cue"],
        "person": signs[0]["person"],
    }
    if read := [one for one in signs if "answerable" in one]:
        found["answerable"] = max(one["answerable"] for one in read)
        found["margin"] = read[0]["margin"]
    return found


UNREAD = {
    "context": 3.61,
    "dense": 1.13,
    "words": 1.45,
    "lead": 0.36,
    "cue": 0.17,
    "person": 0.34,
    "bias": -4.2,
}
"""A logistic model of `evidence` without a reader: the mean of two, of a quote that answers and of
an answer that is there. Fitted by `python -m tests.calibrate ARCD --reader off` on ARCD's first
half, each question asked also with its paragraph and those that repeat it gone, and on our own."""

READ = {
    "answerable": 0.35,
    "margin": 0.18,
    "context": 1.14,
    "dense": 0.58,
    "cue": 0.08,
    "words": 0.61,
    "bias": -0.68,
}
"""The same with a reader, fitted on what the reader did not learn from: the articles of ARCD's
first half and of the written ones that its training leaves out, and our own questions. It is the
mean of four models: of a quote that answers and of an answer that is there (which tells the two
sorts of questions apart better, where the wrong sentence came first), with and without the number
of words (that number helps as much on these sets, but short questions («من وزيرة الصحة؟») are asked
more than sets have them).

What the reader says counts half again as much as in the fit, and `context` and `dense` .7: where a
paragraph was taken out the rest seldom speaks of the same, so those two tell much, but people ask
what an article they heard of does not say, and there they tell nothing (AUROC of `context` .47 on
109 new questions over the samples, of the reader's .83; of the whole .83, with the fit .80; on
ARCD it loses .008). The bias is raised from where half of all questions have no answer: people ask
about what they heard of."""

THRESHOLD = 0.4
"""Confidence from which an answer is given: of our own questions nine in ten are answered then, and
two thirds of those without an answer refused (`python -m tests.calibrate`)."""

HEADLINED = 0.5
"""Confidence where news is asked for and a headline names all of it (see `index.headlines`)."""
