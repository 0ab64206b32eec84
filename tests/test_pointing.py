"""Spans against gold answers, worked out on paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model import ArticleRef, Quote
from index.pointing import f1, marks_answer

TEXT = "افتتحت الوزيرة سَلمى الحارثي المتحفَ، وكانت سلمى قد زارته."


def quote(*marked: str) -> Quote:
    """TEXT with its whole marked, and then each of `marked` where it first stands."""
    marks = [(TEXT.index(one), TEXT.index(one) + len(one)) for one in marked]
    article = ArticleRef(id=1, title="متحف", source=None, url=None, published=None)
    return Quote(TEXT, 0, len(TEXT), ((0, len(TEXT)), *marks), 1.0, article, ())


def test_f1_by_hand() -> None:
    """Two of three words said, two of two asked for: 2·2 / (3 + 2)."""
    assert f1("الوزيرة سلمى الحارثي", ["سلمى الحارثي"]) == pytest.approx(0.8)
    assert f1("الوزيرة سلمى الحارثي", ["زياد", "سَلمي الحارثى"]) == pytest.approx(0.8)
    assert f1("زياد", ["سلمى الحارثي"]) == f1("", ["سلمى"]) == f1("سلمى", []) == 0
    assert f1("نعم نعم", ["نعم"]) == pytest.approx(2 / 3)  # a word counts as often as it stands


@given(st.text("ابتثج ", max_size=20), st.text("ابتثج ", max_size=20))
def test_f1_is_a_share_and_symmetric(one: str, other: str) -> None:
    """And whole where both say the same."""
    assert 0 <= f1(one, [other]) <= 1
    assert f1(one, [other]) == pytest.approx(f1(other, [one]))
    assert f1(one, [one]) == (1 if one.strip() else 0)


@pytest.mark.parametrize(
    ("marked", "right"),
    [
        ("سَلمى الحارثي", True),
        ("الحارثي المتحفَ", True),
        ("المتحفَ", False),
        ("سلمى قد", False),  # the name's first half, but not where the answer stands
    ],
)
def test_a_mark_is_right_where_the_answer_stands(marked: str, right: bool) -> None:
    """Whatever the vowels."""
    assert marks_answer(quote(marked), ["سلمى الحارثي"]) is right
    assert marks_answer(quote(marked), ["زياد مرجان", ""]) is False


def test_without_a_mark_nothing_is_claimed() -> None:
    """The sentence itself is marked always."""
    assert marks_answer(quote(), ["سلمى الحارثي"]) is None
