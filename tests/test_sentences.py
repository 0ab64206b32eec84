"""Sentences as they are compared."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index import sentences
from index.arabic import tokens


@given(st.text(max_size=60) | st.text("سدلو كتاب،.", max_size=60))
def test_a_sentence_has_the_words_of_its_text(text: str) -> None:
    """And their stems."""
    found = sentences.read(text)
    words = tokens(text)
    assert list(found.words) == words
    assert found.stems == {word.stem for word in words}


def test_two_that_say_the_same_are_alike() -> None:
    """However they are written."""
    one, other = sentences.read("وصلَ القطارُ إلى القمرية."), sentences.read("وصل القطار الى القمريه")
    assert one.said == other.said
    assert one.said != sentences.read("وصل القطار").said


def test_no_more_are_kept_than_said() -> None:
    """Memory has an end."""
    for number in range(sentences.KEPT + 10):
        sentences.read(f"الخبر {number}")
    assert sentences.read.cache_info().currsize == sentences.KEPT
