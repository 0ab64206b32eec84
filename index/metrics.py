"""The figures of an evaluation, from what came of each question. Pure.

A figure that nothing defines, as a hit rate where no question has an answer, is None.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from index import answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

HEADLINE = (
    "passage_hit@1",
    "passage_hit@1_or_repeat",
    "quote_hit@1",
    "quote_hit@3",
    "auroc",
    "balanced_accuracy",
    "auroc_unsaid",
    "balanced_accuracy_unsaid",
)
"""The figures that intervals are given for."""

COMPARED = ("quote_hit@1", "quote_hit@3", "passage_hit@1", "auroc")
"""The figures that a stage's worth is told by."""

RESAMPLES = 1000
"""Resamples of a bootstrap; always the same ones, so that a run repeats."""

SEED = 13


@dataclass(slots=True)
class Tally:
    """What came of questions, by column; `report` turns it into the contract's figures.

    An answerable question has a row in each column from `ranks` to `unsaid` but `lengths`, in the
    order asked, so that the rows of two tallies of the same questions are pairs.
    """

    passages: int
    ranks: list[int] = field(default_factory=list)  # of the right paragraph, 0 where not found
    repeat_ranks: list[int] = field(default_factory=list)  # of it, or one that repeats the sentence
    first: list[bool] = field(default_factory=list)
    first_three: list[bool] = field(default_factory=list)
    strict: list[bool] = field(default_factory=list)  # first right, and of the right paragraph
    lengths: list[int] = field(default_factory=list)  # characters of each first quote
    present: list[float] = field(default_factory=list)  # confidence
    absent: list[float] = field(default_factory=list)  # the same with the gold paragraph gone
    unsaid: list[float] = field(default_factory=list)  # and with those that repeat it gone too
    impossible: list[float] = field(default_factory=list)  # of questions that have no answer
    spans: list[float] = field(default_factory=list)  # F1 of the words pointed at, see `pointing`
    marked: list[bool] = field(default_factory=list)  # whether those marked in a reply are right
    exact: list[bool] = field(default_factory=list)  # whether each quote is its article's words
    took_ms: list[float] = field(default_factory=list)

    @classmethod
    def pooled(cls, tallies: Sequence[Tally]) -> Tally:
        """Return the questions of several tallies as those of one."""
        pool = cls(sum(tally.passages for tally in tallies))
        for tally in tallies:
            for column in fields(cls)[1:]:
                getattr(pool, column.name).extend(getattr(tally, column.name))
        return pool

    def report(self) -> dict[str, Any]:
        """Return the figures, rounded and free of NaN.

        Hits are shares of the answerable questions, `quotes_exact` of all quotes made; lengths are
        characters. `span_f1` is of what the reader points at in the right paragraph;
        `answers_marked` counts the first quotes of replies in which it marks the answer. With one
        right paragraph a question the ideal DCG is 1, and nDCG the discount of its rank (Järvelin
        and Kekäläinen 2002).
        """
        ranks = self.ranks
        return {
            "questions": len(ranks),
            "impossible": len(self.impossible),
            "passages": self.passages,
            "passage_hit@1": _mean([rank == 1 for rank in ranks]),
            "passage_hit@1_or_repeat": _mean([rank == 1 for rank in self.repeat_ranks]),
            "passage_hit@5": _mean([0 < rank <= 5 for rank in ranks]),
            "mrr@10": _mean([1 / rank if 0 < rank <= 10 else 0 for rank in ranks]),
            "ndcg@10": _mean([1 / math.log2(rank + 1) if 0 < rank <= 10 else 0 for rank in ranks]),
            "quote_hit@1": _mean(self.first),
            "quote_hit@3": _mean(self.first_three),
            "quote_hit@1_right_paragraph": _mean(self.strict),
            "quote_chars_mean": _mean(self.lengths, 1),
            "quote_chars_max": max(self.lengths, default=None),
            "quotes_exact": _mean(self.exact),
            "span_f1": _mean(self.spans),
            "answers_marked": len(self.marked),
            "answers_marked_right": _mean(self.marked),
            "no_answer": self._refusal(self.absent),
            "no_answer_unsaid": self._refusal(self.unsaid, "_unsaid"),
            "latency_ms": {f"p{p}": _percentile(self.took_ms, p) for p in (50, 95)},
        }

    def _refusal(self, absent: list[float], name: str = "") -> dict[str, Any]:
        """How well the confidence tells what is answered from what is not.

        The mix: each answerable question with its paragraph (present) and without (absent), and
        the impossible ones (absent). NoMIRACL's two rates (Thakur et al. 2023): of the absent, the
        share answered, FP / (FP + TN), is the hallucination rate; of the present, the share
        refused, FN / (FN + TP), the error rate. `correct_share` is the share of the mix that is
        answered rightly, an answer being present and one of three quotes holding it; `_first`
        asks it of the first quote.

        `no_answer` leaves paragraphs in that repeat the gold sentence, so that a question counts
        as having no answer although the archive gives it; `no_answer_unsaid` does not.
        """
        unanswerable = absent + self.impossible
        answered = _mean([score >= answer.THRESHOLD for score in self.present])
        refused = _mean([score < answer.THRESHOLD for score in unanswerable])
        mix = np.array(self.present + unanswerable)
        none = [False] * len(unanswerable)
        held = np.array(self.first_three + none, dtype=bool)
        headline = dict(zip(HEADLINE, self.headline(), strict=True)) if self.ranks else {}
        return {
            "questions": len(unanswerable),
            "threshold": answer.THRESHOLD,
            "auroc": rounded(headline.get(f"auroc{name}")),
            "answered_when_present": answered,
            "refused_when_absent": refused,
            "balanced_accuracy": rounded(headline.get(f"balanced_accuracy{name}")),
            "hallucination_rate": rounded(None if refused is None else 1 - refused),
            "error_rate": rounded(None if answered is None else 1 - answered),
            **_coverages(mix, held, ""),
            **_coverages(mix, np.array(self.first + none, dtype=bool), "_first"),
            "ece": rounded(expected_calibration_error(mix, held)),
        }

    def headline(self) -> list[float]:
        """Return the `HEADLINE` figures, not rounded. There must be an answerable question."""
        return _headline(*self._columns())

    def resampled(self) -> NDArray[np.float64]:
        """Return the `HEADLINE` figures (columns) of each bootstrap resample (rows).

        Answerable and impossible questions are drawn apart, each as many as there are. Tallies of
        the same questions are resampled alike, so differences of their rows are paired (Efron and
        Tibshirani 1993). There must be an answerable question.
        """
        *answerable, impossible = self._columns()
        draw = np.random.default_rng(SEED)
        found = []
        for _ in range(RESAMPLES):
            rows = draw.integers(len(self.ranks), size=len(self.ranks))
            others = draw.integers(max(1, len(impossible)), size=len(impossible))
            drawn = [*(column[rows] for column in answerable), impossible[others]]
            found.append(_headline(*drawn))
        return np.array(found)

    def _columns(self) -> list[NDArray[Any]]:
        columns = (
            self.ranks,
            self.repeat_ranks,
            self.first,
            self.first_three,
            self.present,
            self.absent,
            self.unsaid,
        )
        return [*map(np.asarray, columns), np.array(self.impossible, dtype=float)]


def _headline(
    ranks: NDArray[np.int_],
    repeat_ranks: NDArray[np.int_],
    first: NDArray[np.bool_],
    three: NDArray[np.bool_],
    present: NDArray[np.float64],
    absent: NDArray[np.float64],
    unsaid: NDArray[np.float64],
    impossible: NDArray[np.float64],
) -> list[float]:
    refusals = []
    for unanswerable in (
        np.concatenate([absent, impossible]),
        np.concatenate([unsaid, impossible]),
    ):
        answered = (present >= answer.THRESHOLD).mean()
        refused = (unanswerable < answer.THRESHOLD).mean()
        refusals += [auroc(present, unanswerable), float(answered + refused) / 2]
    hits = (ranks == 1, repeat_ranks == 1, first, three)
    return [*(float(hit.mean()) for hit in hits), *refusals]


def interval(samples: NDArray[np.float64]) -> list[float]:
    """Return [low, high]: the middle 95 % of resampled values (percentile bootstrap)."""
    return [round(float(end), 4) for end in np.percentile(samples, (2.5, 97.5))]


def intervals(tally: Tally) -> dict[str, list[float]] | None:
    """Return the 95 % interval of each `HEADLINE` figure; None where no question is answerable."""
    if not tally.ranks:
        return None
    return dict(zip(HEADLINE, map(interval, tally.resampled().T), strict=True))


def differences(full: Tally, without: Mapping[str, Tally]) -> list[dict[str, Any]]:
    """Return a row a stage of `without`: its figures, and their `difference` to the full run's.

    A difference below 0 is what the stage gains. `interval` has its 95 % paired bootstrap
    interval: both runs are resampled by the same questions, since questions hard for one are hard
    for the other, and unpaired intervals would be too wide (Efron and Tibshirani 1993). Empty
    where no question is answerable.
    """
    if not full.ranks:
        return []
    whole, samples = full.headline(), full.resampled()
    columns = [HEADLINE.index(name) for name in COMPARED]
    rows = []
    for stage, tally in without.items():
        figures, changes = tally.headline(), tally.resampled() - samples
        rows.append(
            {
                "stage": stage,
                **{HEADLINE[i]: rounded(figures[i]) for i in columns},
                "quotes_exact": tally.report()["quotes_exact"],
                "difference": {HEADLINE[i]: rounded(figures[i] - whole[i]) for i in columns},
                "interval": {HEADLINE[i]: interval(changes[:, i]) for i in columns},
            }
        )
    return rows


def auroc(positive: ArrayLike, negative: ArrayLike) -> float:
    """Return the chance that a positive scores above a negative, ties counting half.

    The Mann–Whitney U statistic over the number of pairs. There must be one of each.
    """
    ranked = np.sort(np.asarray(negative))
    below = np.searchsorted(ranked, positive, side="left")
    upto = np.searchsorted(ranked, positive, side="right")
    return float((below + upto).mean() / 2 / len(ranked))


def coverage(confidence: NDArray[np.float64], correct: NDArray[np.bool_], percent: int) -> float:
    """Return the largest share of all questions that can be answered, surest first, so that at
    least `percent` % of those answered are correct; 0 where that cannot be.

    A threshold answers all questions that are equally sure or none, so no cut falls between
    them. A point of the risk–coverage curve, as in Kamath, Jia and Liang (2020), "Selective
    question answering under domain shift". There must be a question.
    """
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    answered = np.arange(1, len(ranked) + 1)
    cut = np.append(ranked[1:] != ranked[:-1], True)
    enough = 100 * np.cumsum(correct[order]) >= percent * answered
    return float(answered[cut & enough].max(initial=0) / len(ranked))


def coverage_ceiling(correct: NDArray[np.bool_], percent: int) -> float:
    """Return the `coverage` of a confidence that puts every correct question before the others."""
    return float(min(len(correct), 100 * int(correct.sum()) // percent) / len(correct))


def expected_calibration_error(
    confidence: NDArray[np.float64], correct: NDArray[np.bool_]
) -> float:
    """Return how far confidence is from the share that is correct, on average over questions.

    |mean confidence - share correct| of ten bins of equal width, each weighing as many questions
    as it holds (Guo et al. 2017); 1.0 is in the last bin. There must be a question.
    """
    bins = np.minimum((confidence * 10).astype(int), 9)
    return float(
        sum(
            abs(confidence[bins == b].mean() - correct[bins == b].mean()) * (bins == b).mean()
            for b in np.unique(bins)
        )
    )


def rounded(figure: float | None, digits: int = 4) -> float | None:
    """Return a figure as it is reported."""
    return None if figure is None else round(figure, digits)


def _coverages(
    confidence: NDArray[np.float64], correct: NDArray[np.bool_], name: str
) -> dict[str, float | None]:
    """The share of the mix that is correct, and per cent correct: coverage, and how far it goes.

    With P % correct even a perfect order covers no more than the share over P %.
    """
    found = {f"correct_share{name}": rounded(float(correct.mean()))}
    for percent in (80, 90):
        found[f"coverage{name}@{percent}"] = rounded(coverage(confidence, correct, percent))
        found[f"coverage{name}_max@{percent}"] = rounded(coverage_ceiling(correct, percent))
    return found


def _mean(values: Iterable[float], digits: int = 4) -> float | None:
    found = list(values)
    return round(sum(found) / len(found), digits) if found else None


def _percentile(values: Sequence[float], percent: int) -> float | None:
    return round(float(np.percentile(values, percent)), 1) if values else None
