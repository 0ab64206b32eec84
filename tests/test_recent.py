"""Answers given lately."""

from __future__ import annotations

from index.model import Answer
from index.recent import Recent

ONE, OTHER = Answer("أ", False, 0.0), Answer("ب", False, 0.0)


def test_an_answer_is_kept_while_its_basis_is() -> None:
    """What rested on another is dropped."""
    recent = Recent()
    recent.put(1, {"أ": ONE})
    assert recent.get(1, "أ") is ONE
    assert recent.get(2, "أ") is None
    recent.put(2, {"ب": OTHER})
    assert recent.get(1, "أ") is None
    assert recent.get(2, "ب") is OTHER


def test_the_one_not_used_for_longest_goes_first() -> None:
    """There is room for so many."""
    recent = Recent(size=2)
    recent.put(1, {"أ": ONE, "ب": OTHER})
    recent.get(1, "أ")
    recent.put(1, {"ج": ONE})
    assert recent.get(1, "ب") is None
    assert recent.get(1, "أ") is ONE
