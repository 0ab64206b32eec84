"""The figures, each worked out on paper or by brute force."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import answer
from index.metrics import (
    HEADLINE,
    RESAMPLES,
    Tally,
    auroc,
    coverage,
    coverage_ceiling,
    differences,
    expected_calibration_error,
    interval,
    intervals,
)


def tally(**columns: list[float] | list[bool]) -> Tally:
    """Four questions, two of which are hard."""
    plain: dict[str, list[float] | list[bool]] = {
        "ranks": [1, 2, 0, 11],
        "first": [True, False, False, False],
        "first_three": [True, True, False, False],
        "strict": [True, False, False, False],
        "lengths": [100, 200, 300, 50],
        "present": [0.9, 0.8, 0.7, 0.0],
        "absent": [0.0, 0.0, 0.0, 0.9],
        "exact": [True, True, True, True],
        "took_ms": [10, 20, 30, 40],
    }
    return tallied(9, **{**plain, **columns})


def tallied(passages: int, **columns: list[float] | list[bool]) -> Tally:
    """A tally of paragraphs whose sentences no other repeats, where nothing else is said."""
    columns.setdefault("repeat_ranks", columns["ranks"])
    columns.setdefault("unsaid", columns["absent"])
    return Tally(passages, **columns)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def threshold(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that the figures on paper know."""
    monkeypatch.setattr(answer, "THRESHOLD", 0.5)


# --- a tally ------------------------------------------------------------------------------------


def test_figures_by_hand() -> None:
    """Hits, ranks, lengths and times."""
    report = tally(exact=[True, True, False, True]).report()
    assert report["questions"] == 4
    assert report["impossible"] == 0
    assert report["passages"] == 9
    assert report["passage_hit@1"] == 0.25
    assert report["passage_hit@5"] == 0.5
    assert report["mrr@10"] == pytest.approx((1 + 1 / 2) / 4)
    assert report["ndcg@10"] == pytest.approx((1 + 1 / math.log2(3)) / 4, abs=1e-4)
    assert report["quote_hit@1"] == 0.25
    assert report["quote_hit@3"] == 0.5
    assert report["quote_hit@1_right_paragraph"] == 0.25
    assert report["quote_chars_mean"] == 162.5
    assert report["quote_chars_max"] == 300
    assert report["quotes_exact"] == 0.75
    assert report["latency_ms"] == {"p50": 25.0, "p95": 38.5}


def test_refusal_by_hand() -> None:
    """The mix is four present and four absent; of the present, two are answered rightly."""
    none = tally().report()["no_answer"]
    assert none["questions"] == 4
    assert none["threshold"] == 0.5
    assert (none["answered_when_present"], none["refused_when_absent"]) == (0.75, 0.75)
    assert none["balanced_accuracy"] == 0.75
    assert none["auroc"] == pytest.approx(11 / 16, abs=1e-4)  # 3.5 + 3 + 3 + 1.5 of 4 x 4 pairs
    assert none["hallucination_rate"] == 0.25  # the absent one at 0.9
    assert none["error_rate"] == 0.25  # the present one at 0.0
    assert (none["correct_share"], none["correct_share_first"]) == (0.25, 0.125)
    # surest first: 0.9 right and 0.9 absent are one cut (1 of 2), then 0.8 right (2 of 3)
    assert none["coverage@80"] == none["coverage@90"] == none["coverage_first@80"] == 0
    assert (none["coverage_max@80"], none["coverage_max@90"]) == (0.25, 0.25)
    # two at 0.9, half of them right; one at 0.8, right; one at 0.7, wrong; four at 0, none right
    assert none["ece"] == pytest.approx((2 * 0.4 + 0.2 + 0.7 + 0) / 8, abs=1e-4)


def test_a_sentence_that_is_repeated_is_told_apart() -> None:
    """Another paragraph that says it is as right, and answers while the gold one is gone."""
    repeated = tally(repeat_ranks=[1, 1, 0, 3], unsaid=[0.0, 0.0, 0.0, 0.0])
    report = repeated.report()
    assert (report["passage_hit@1"], report["passage_hit@1_or_repeat"]) == (0.25, 0.5)
    assert report["no_answer"]["hallucination_rate"] == 0.25
    assert report["no_answer_unsaid"]["hallucination_rate"] == 0
    assert report["no_answer_unsaid"]["auroc"] == pytest.approx(14 / 16, abs=1e-4)
    plain = tally().report()
    assert plain["no_answer_unsaid"] == plain["no_answer"]


def test_impossible_questions_are_unanswerable_ones() -> None:
    """They count with those whose paragraph is gone, and in no hit rate."""
    report = tally(impossible=[0.9, 0.9, 0.9, 0.2]).report()
    assert (report["questions"], report["impossible"]) == (4, 4)
    assert report["quote_hit@1"] == 0.25
    none = report["no_answer"]
    assert none["questions"] == 8
    assert none["hallucination_rate"] == 0.5
    assert none["error_rate"] == 0.25
    assert none["balanced_accuracy"] == 0.625
    assert none["correct_share"] == pytest.approx(2 / 12, abs=1e-4)


def test_only_impossible_questions_leave_hits_undefined() -> None:
    """None, not NaN: the report is JSON."""
    only = Tally(3, impossible=[0.1, 0.9], took_ms=[1, 2])
    report = only.report()
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["questions"] == 0
    for name in ("passage_hit@1", "mrr@10", "quote_hit@3", "quote_chars_mean", "quotes_exact"):
        assert report[name] is None
    none = report["no_answer"]
    assert none["auroc"] is none["balanced_accuracy"] is none["error_rate"] is None
    assert none["hallucination_rate"] == 0.5
    assert none["coverage@80"] == 0
    assert none["ece"] == pytest.approx((0.1 + 0.9) / 2)
    assert intervals(only) is None
    assert differences(only, {"title": only}) == []


def test_tallies_are_pooled_question_by_question() -> None:
    """Not file by file."""
    one = tallied(2, ranks=[1], first=[True], first_three=[True], present=[0.6], absent=[0.1])
    pool = Tally.pooled([tally(), one])
    assert pool.passages == 11
    assert pool.ranks == [1, 2, 0, 11, 1]
    assert pool.report()["quote_hit@1"] == 0.4
    assert one.ranks == [1]


# --- telling apart ------------------------------------------------------------------------------


certainty = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])
certainties = st.lists(certainty, min_size=1, max_size=12)
asked = st.lists(st.tuples(certainty, st.booleans()), min_size=1, max_size=12)
percents = st.sampled_from([50, 80, 90, 100])


@given(certainties, certainties)
def test_auroc_is_the_share_of_pairs_in_order(positive: list[float], negative: list[float]) -> None:
    """Ties count half."""
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


@pytest.mark.parametrize(
    ("confidence", "correct", "percent", "share"),
    [
        ([0.9, 0.8, 0.7, 0.6, 0.5], [1, 1, 1, 1, 0], 80, 1.0),  # 4 of 5 is 80 %
        ([0.9, 0.8, 0.7, 0.6, 0.5], [1, 1, 1, 1, 0], 90, 0.8),
        ([0.9, 0.8, 0.7, 0.6, 0.5], [0, 1, 1, 1, 1], 80, 1.0),  # the surest is wrong: go on
        ([0.9, 0.8, 0.7, 0.6, 0.5], [0, 1, 1, 1, 0], 80, 0.0),
        ([0.5, 0.9, 0.8], [0, 1, 1], 90, 2 / 3),  # not sorted
        ([0.9, 0.9, 0.1], [1, 0, 1], 60, 1.0),
        ([0.9, 0.9, 0.1], [1, 0, 0], 90, 0.0),  # no cut between the equally sure
        ([0.9], [0], 80, 0.0),
    ],
)
def test_coverage_by_hand(
    confidence: list[float], correct: list[int], percent: int, share: float
) -> None:
    """The largest share that can be answered at so many per cent correct."""
    held = np.array(correct, dtype=bool)
    assert coverage(np.array(confidence), held, percent) == pytest.approx(share)


@given(asked, percents)
def test_coverage_is_the_best_threshold(mix: list[tuple[float, bool]], percent: int) -> None:
    """Tried one by one; no order could do better than the ceiling."""
    shares = [0.0]
    for threshold in {sure for sure, _ in mix}:
        answered = [held for sure, held in mix if sure >= threshold]
        if 100 * sum(answered) >= percent * len(answered):
            shares.append(len(answered) / len(mix))
    held = np.array([held for _, held in mix])
    found = coverage(np.array([sure for sure, _ in mix]), held, percent)
    assert found == pytest.approx(max(shares))
    assert found <= coverage_ceiling(held, percent)


@given(st.lists(st.booleans(), min_size=1, max_size=12), percents)
def test_the_ceiling_is_reached_by_a_perfect_order(correct: list[bool], percent: int) -> None:
    """All that is right first."""
    held = np.array(sorted(correct, reverse=True))
    order = np.linspace(1, 0, len(held))
    assert coverage(order, held, percent) == coverage_ceiling(held, percent)


def test_calibration_error_by_hand() -> None:
    """Bins of one, two and two; 1.0 falls in the last."""
    confidence = np.array([0.05, 0.31, 0.39, 0.95, 1.0])
    held = np.array([False, True, False, True, True])
    off = 1 * 0.05 + 2 * abs(0.35 - 0.5) + 2 * abs(0.975 - 1)
    assert expected_calibration_error(confidence, held) == pytest.approx(off / 5)


@given(asked)
def test_calibration_error_is_a_share(mix: list[tuple[float, bool]]) -> None:
    """And 0 for who is always sure and always right."""
    confidence, held = (np.array(column) for column in zip(*mix, strict=True))
    assert 0 <= expected_calibration_error(confidence, held) <= 1
    assert expected_calibration_error(held.astype(float), held) == 0


# --- intervals ----------------------------------------------------------------------------------


def test_an_interval_is_the_middle_of_the_samples() -> None:
    """2.5 % to either side."""
    assert interval(np.arange(1001) / 1000) == [0.025, 0.975]


def test_resamples_by_hand() -> None:
    """Of two questions, one right: a resample has 0, 1 or 2 of it, in a quarter, half, quarter."""
    two = tallied(
        2, ranks=[1, 0], first=[True, False], first_three=[True, True], present=[0.9, 0.2],
        absent=[0.1, 0.1],
    )  # fmt: skip
    samples = two.resampled()
    assert samples.shape == (RESAMPLES, len(HEADLINE))
    first, three, auroc_, balanced = (samples[:, i] for i in (2, 3, 4, 5))
    shares = [float((first == share).mean()) for share in (0, 0.5, 1)]
    assert shares == pytest.approx([0.25, 0.5, 0.25], abs=0.05)
    assert (samples[:, 0] == first).all()  # the same questions are drawn for each figure
    # the right one is answered, the other refused, both absent ones refused
    assert (balanced == (first + 1) / 2).all()
    assert (three == 1).all()
    assert (auroc_ == 1).all()
    assert np.array_equal(samples, two.resampled())


def test_intervals_hold_the_figures() -> None:
    """And are single values where every question is alike."""
    many = tallied(
        9, ranks=[1] * 30 + [2] * 10, first=[True] * 30 + [False] * 10, first_three=[True] * 40,
        present=[0.9] * 40, absent=[0.1] * 20 + [0.9] * 20, impossible=[0.1] * 5,
    )  # fmt: skip
    found = intervals(many)
    assert found is not None
    assert tuple(found) == HEADLINE
    figures = dict(zip(HEADLINE, many.headline(), strict=True))
    assert all(low <= figures[name] <= high for name, (low, high) in found.items())
    assert found["quote_hit@3"] == [1, 1]
    # a binomial share of 0.75 among 40 has a deviation of .068
    assert found["quote_hit@1"] == pytest.approx([0.75 - 0.134, 0.75 + 0.134], abs=0.03)


def test_impossible_questions_are_resampled_apart() -> None:
    """So that every resample has some that can be answered."""
    one = tallied(
        1, ranks=[1], first=[True], first_three=[True], present=[0.9], absent=[0.1],
        impossible=[0.9, 0.1, 0.1],
    )  # fmt: skip
    samples = one.resampled()
    assert (samples[:, 2] == 1).all()
    assert set(np.unique(samples[:, 5].round(3))) == {0.625, 0.75, 0.875, 1.0}


def test_differences_are_paired() -> None:
    """The same questions go right and wrong: no resample tells the runs apart."""
    full = tally()
    worse = tally(first=[False, False, False, False], present=[0.9, 0.8, 0.0, 0.7])
    same, changed = differences(full, {"title": tally(), "stems": worse})
    assert same["stage"] == "title"
    assert set(same["difference"].values()) == {0}
    assert all(ends == [0, 0] for ends in same["interval"].values())
    assert changed["stage"] == "stems"
    assert (changed["quote_hit@1"], changed["difference"]["quote_hit@1"]) == (0, -0.25)
    assert changed["quotes_exact"] == 1
    low, high = changed["interval"]["quote_hit@1"]
    assert -1 <= low < high == 0
    assert changed["interval"]["quote_hit@3"] == [0, 0]
    assert changed["difference"]["auroc"] == 0
