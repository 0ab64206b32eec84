"""Windows: which sentences of the passages found the reader is given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_answer import LONG, NEXT, candidates

from index.rank import rank_read
from index.reader import Reading
from index.windows import BEHIND, COUNT, ROOM, Window, choose

if TYPE_CHECKING:
    from random import Random

    from index.rank import Candidate

SENTENCES = st.lists(
    st.integers(20, 400).map(lambda size: ("كلمة " * 100)[: size - 2].strip() + "."),
    min_size=1,
    max_size=9,
)


def of_scores(text: str, *scores: float) -> list[Candidate]:
    """The sentences of one passage with these scores, best first."""
    found = [replace(one, score=s) for one, s in zip(candidates(text), scores, strict=True)]
    return sorted(found, key=lambda one: -one.score)


def reading(window: Window, *scores: float, none: float = 0.0) -> Reading:
    """A reader's opinion: each unit's score, its answer being the unit's first word."""
    spans = tuple((a, a + 4) for a, _ in window.page.units)
    return Reading(np.array(scores, np.float32), spans, none, 0.0)


@given(st.lists(SENTENCES, max_size=6), st.randoms())
def test_a_window_is_the_best_sentence_and_its_neighbours(
    texts: list[list[str]], chance: Random
) -> None:
    """No longer than there is room for, each of another passage, best first."""
    found = [replace(one, score=chance.random()) for one in candidates(*map(" ".join, texts))]
    found.sort(key=lambda one: -one.score)
    chosen = choose(found)
    best = list(dict.fromkeys(one.hit.row.id for one in found))
    assert [window.hit.row.id for window in chosen] == best[:COUNT]
    for window in chosen:
        first = next(one for one in found if one.hit.row.id == window.hit.row.id)
        assert window.first <= first.unit < window.last <= len(window.hit.row.units)
        page = window.page
        assert len(page.text) <= ROOM or window.last == window.first + 1
        text = window.hit.row.text
        assert page.text == text[window.start :][: len(page.text)]
        assert [page.text[a:b] for a, b in page.units] == [
            text[a:b] for a, b in window.hit.row.units[window.first : window.last]
        ]


def test_the_better_neighbour_comes_along_first() -> None:
    """A window grows where the other signs see more."""
    long = "كلمة " * 40 + "هنا."
    text = f"{long} {long.replace('هنا', 'هناك')} {long.replace('هنا', 'ثم')}"
    assert [(one.first, one.last) for one in choose(of_scores(text, 0.5, 1.0, 0.2))] == [(0, 2)]
    assert [(one.first, one.last) for one in choose(of_scores(text, 0.2, 1.0, 0.5))] == [(1, 3)]


def test_what_stands_far_behind_is_not_read() -> None:
    """It would cost time, and not come first."""
    near, far = (
        replace(one, score=s) for one, s in zip(candidates(LONG, NEXT), (9, 1), strict=True)
    )
    assert [window.hit for window in choose([near, far])] == [near.hit]
    assert len(choose([near, replace(far, score=9 - BEHIND)])) == 2


def test_nothing_found_is_nothing_to_read() -> None:
    """And ranking it anew changes nothing."""
    assert choose([]) == []
    assert rank_read([], [], []) == []
    found = candidates(LONG, NEXT)
    assert rank_read(found, [], []) == found


def test_the_sentence_that_the_reader_likes_comes_first() -> None:
    """With the answer's place in the passage's text, and the reader's signs."""
    found = of_scores(f"{LONG} {NEXT}", 1.0, 0.9)
    (window,) = choose(found)
    first, second = rank_read(found, [window], [reading(window, -4.0, 6.0, none=1.0)])
    assert (first.text, second.text) == (NEXT, LONG)
    assert first.span is not None
    start, end = first.span
    assert first.hit.row.text[start:end] == NEXT[:4]
    assert first.signs["margin"] == pytest.approx(5.0)
    assert first.signs.items() >= found[1].signs.items()


def test_what_was_not_read_stands_among_what_was() -> None:
    """Neither above the reader's favourite nor below all that it refused."""
    found = [replace(one, score=0.0) for one in candidates(f"{LONG} {NEXT}", "جملة لم تقرأ أصلا.")]
    (window, _) = choose(found)
    ranked = rank_read(found, [window], [reading(window, 5.0, -5.0)])
    assert [one.text for one in ranked] == [LONG, "جملة لم تقرأ أصلا.", NEXT]
    assert [one.span is None for one in ranked] == [False, True, False]
