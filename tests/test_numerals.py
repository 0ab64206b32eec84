"""The numbers of a text, in digits or in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.arabic import tokens
from index.numerals import numbers


def values(text: str) -> list[int]:
    return [value for value, _, _ in numbers(text, tokens(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قتل 43 شخصًا", [43]),
        ("قتل ٤٣ شخصًا", [43]),
        ("قتل ثلاثة وأربعون شخصًا", [43]),
        ("43 ألف ريال", [43_000]),
        ("43,000 ريال و٤٣٬٠٠٠ دينار", [43_000, 43_000]),
        ("ثلاثة وأربعون ألفًا", [43_000]),
        ("ثلاثة عشر رجلًا", [13]),
        ("مئتان وخمسة وعشرون", [225]),
        ("خمس مئة طن وخمسمئة طن", [500, 500]),
        ("مليونا دينار ومليونان", [1_000_000, 2_000_000]),
        ("بثلاثة أهداف لاثنين", [3, 2]),
        ("يوم الثلاثاء", []),
        ("3.5 مليون", [3, 5_000_000]),
        ("", []),
    ],
)
def test_a_number_has_one_value(text: str, expected: list[int]) -> None:
    """However it is written."""
    assert values(text) == expected


@given(st.integers(0, 10**9))
def test_digits_are_read_back(number: int) -> None:
    """With and without marks between the thousands."""
    assert values(f"بلغ {number} طنًا") == [number]
    assert values(f"بلغ {number:,} طنًا") == [number]


@given(st.text(alphabet="ثلاثة وألفمئين 0٣,٬.عشر", max_size=60))
def test_numbers_stand_in_order_and_apart(text: str) -> None:
    """Each over words of its own."""
    words = tokens(text)
    end = 0
    for value, first, last in numbers(text, words):
        assert value >= 0
        assert end <= first < last <= len(words)
        end = last
