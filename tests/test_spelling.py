"""Words spelt otherwise: attached particles, slips of the keyboard, names transliterated anew."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import words

from index.spelling import attached, distance, nearest, skeleton

letters = st.text(st.sampled_from("ابتوي"), max_size=8)


def plain_distance(first: str, second: str) -> int:
    """Restricted Damerau-Levenshtein over the whole table, as the textbook has it."""
    table = {(i, -1): i + 1 for i in range(-1, len(first))}
    table |= {(-1, j): j + 1 for j in range(-1, len(second))}
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            table[i, j] = min(
                table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a != b)
            )
            if i and j and a == second[j - 1] and first[i - 1] == b:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(first) - 1, len(second) - 1]


@given(letters, letters, st.integers(0, 4))
@settings(max_examples=500)
def test_distance_is_the_textbooks_up_to_its_limit(first: str, second: str, limit: int) -> None:
    """Exact where it is within the limit, above the limit where it is not."""
    expected = plain_distance(first, second)
    found = distance(first, second, limit=limit)
    assert found == expected if expected <= limit else found > limit


@given(letters, letters)
def test_distance_is_symmetric(first: str, second: str) -> None:
    """It does not matter which word was asked for."""
    assert distance(first, second, limit=9) == distance(second, first, limit=9)


@pytest.mark.parametrize(
    ("first", "second", "edits"),
    [("بوتين", "بوتين", 0), ("بوتين", "بوتن", 1), ("بوتين", "بوتيين", 1), ("بوتين", "بوتني", 1)],
)
def test_slips_of_the_keyboard_are_one_edit(first: str, second: str, edits: int) -> None:
    """A letter lost, doubled, changed, or swapped with its neighbour."""
    assert distance(first, second, limit=2) == edits


NAMES = ["لافرنتييف", "موسكو", "كوفالينكو", "اردوغان", "مدرسه", "محمود"]


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("لافرنتيف", "لافرنتييف"),
        ("لافرينتيف", "لافرنتييف"),
        ("كوفلينكو", "كوفالينكو"),
        ("كوفالنكو", "كوفالينكو"),
        ("اردوجان", "اردوغان"),
        ("موسكوو", "موسكو"),
    ],
)
def test_a_misspelt_name_is_near_the_known_one(asked: str, known: str) -> None:
    """Foreign names are written with more or fewer vowels, or another letter."""
    found = nearest(asked, NAMES)
    assert [name for name, _ in found] == [known]
    assert all(0 < weight < 1 for _, weight in found)


@pytest.mark.parametrize("asked", ["كتاب", "طائره", "سوريا"])
def test_a_word_unlike_all_has_no_kin(asked: str) -> None:
    """Nothing is guessed."""
    assert nearest(asked, NAMES) == []


def test_the_nearest_come_first_and_are_few() -> None:
    """By likeness, then by the alphabet; at most the limit."""
    known = ["محمودا", "محمودي", "محمود", "محمد"]
    found = [name for name, _ in nearest("محمود", known, limit=2)]
    assert len(found) == 2
    assert nearest("محمود", known) == nearest("محمود", known[::-1])


@given(words, st.lists(words, max_size=20))
def test_nearest_gives_known_words_only(word: str, known: list[str]) -> None:
    """Best first, each with a weight below 1, however odd the words."""
    found = nearest(word, known)
    assert {name for name, _ in found} <= set(known)
    assert [weight for _, weight in found] == sorted((w for _, w in found), reverse=True)
    assert len(found) <= 3


def test_particles_attached_and_taken_off() -> None:
    """Both ways: the archive may write the particle, or the question."""
    assert "بموسكو" in attached("موسكو")
    assert "موسكو" in attached("بموسكو")
    assert attached("cop28") == attached("في") == []


def test_a_skeleton_is_consonants() -> None:
    """Names with one skeleton are likely one name."""
    assert skeleton("لافرنتييف") == skeleton("لافرينتيف") == "لفرنتف"
    assert skeleton("اياد") != skeleton("عياد")
