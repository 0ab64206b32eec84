"""How much one person may ask."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot import quota
from bot.quota import Quota


def test_a_flood_is_told_once_and_then_ignored() -> None:
    """Until its window is over; others are not concerned."""
    allowed = Quota(most=2, window=60)
    assert [allowed.take(1, now) for now in (0, 1, 2, 3, 4)] == ["yes", "yes", "tell", "no", "no"]
    assert allowed.take(2, 4) == "yes"
    assert allowed.take(1, 60) == "yes"  # the first was a minute ago
    assert allowed.take(1, 60.5) == "no"  # told at 2
    assert allowed.take(1, 62) == "yes"
    assert allowed.take(1, 62.5) == "tell"


def test_one_refused_for_another_reason_is_told_once_too() -> None:
    """And is not counted as served."""
    allowed = Quota(most=1, window=60)
    assert [allowed.refuse(1, now) for now in (0, 1)] == ["tell", "no"]
    assert allowed.take(1, 2) == "yes"


def test_those_not_heard_of_for_longest_are_forgotten() -> None:
    """Memory is bounded, whoever comes."""
    allowed = Quota(most=1, window=60)
    for who in range(quota._PEOPLE + 1):
        allowed.take(who, 0)
    assert allowed.take(0, 1) == "yes"
    assert allowed.take(quota._PEOPLE, 1) == "tell"


@given(
    st.lists(st.floats(0, 30), max_size=80),
    st.integers(1, 5),
)
def test_no_window_holds_more_than_it_may(gaps: list[float], most: int) -> None:
    """Served ones; and those told are a window apart."""
    allowed = Quota(most, 60)
    now, served, told = 0.0, [], []
    for gap in gaps:
        now += gap
        verdict = allowed.take(1, now)
        if verdict != "no":
            (served if verdict == "yes" else told).append(now)
    assert all(b - a >= 60 for a, b in zip(served, served[most:], strict=False))
    assert all(b - a >= 60 for a, b in pairwise(told))
