"""Passages and units: whole sentences, within limits, every word once."""

from __future__ import annotations

from hypothesis import given, settings
from strategies import articles

from index.arabic import tokens
from index.chunk import PASSAGE_LIMIT, UNIT_LIMIT, chunk


def forms(text: str) -> list[str]:
    return [token.form for token in tokens(text)]


@given(articles())
@settings(max_examples=200)
def test_chunks_hold_every_letter_once_within_the_limits(text: str) -> None:
    """Passages and units are trimmed, ordered, short enough, and lose nothing that is said."""
    end = 0
    held = []
    for passage in chunk(text):
        assert end <= passage.start < passage.end <= passage.start + PASSAGE_LIMIT
        assert (passage.units[0][0], passage.units[-1][1]) == (passage.start, passage.end)
        for start, stop in passage.units:
            assert end <= start < stop <= start + UNIT_LIMIT
            assert text[start:stop] == text[start:stop].strip()
            held += [i for i in range(start, stop) if text[i].isalnum()]
            end = stop
    assert held == [i for i, char in enumerate(text) if char.isalnum()]


@given(articles())
@settings(max_examples=100)
def test_cutting_again_gives_the_same(text: str) -> None:
    """A passage's vector is found again by what it holds."""
    assert chunk(text) == chunk(text)


def test_a_text_without_words_has_no_passages() -> None:
    """There is nothing to retrieve."""
    assert chunk("") == chunk(" \n … — ") == []


def test_a_short_text_is_one_passage_of_its_sentences() -> None:
    """Nothing is cut that need not be."""
    text = "وصل الوزير. ثم عاد إلى بلده.\nوقال إنه راض."
    (passage,) = chunk(text)
    assert [text[start:end] for start, end in passage.units] == [
        "وصل الوزير.",
        "ثم عاد إلى بلده.",
        "وقال إنه راض.",
    ]


def test_passages_end_with_paragraphs_where_that_costs_little() -> None:
    """What belongs together is retrieved together."""
    paragraph = "هذه جملة عادية من جمل الأخبار الكثيرة. " * 10
    text = "\n".join([paragraph.strip()] * 4)
    assert [text[passage.end : passage.end + 1] for passage in chunk(text)[:-1]] == ["\n"] * (
        len(chunk(text)) - 1
    )
    assert len(chunk(text)) > 1


def test_a_sentence_too_long_to_quote_is_cut_between_words() -> None:
    """Units of a long sentence begin and end with whole words."""
    text = "كلمات طويلة متتابعة " * 60
    units = [unit for passage in chunk(text) for unit in passage.units]
    assert [form for start, end in units for form in forms(text[start:end])] == forms(text)
    assert len(units) > 1
