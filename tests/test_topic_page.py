"""Where an article has words of topics."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.arabic import tokens
from index.topics.page import Heard, Page

WORDS = ("محطة", "مترو", "مرسى", "سالم")
NUMBERS = {word: number for number, word in enumerate(WORDS, 1)}

lines = st.lists(st.sampled_from([*WORDS, "قال", "عن"]), max_size=9)


def heard(title: list[str], told: list[list[str]]) -> Heard:
    said = [tokens(" ".join(words)) for words in told]
    page = Page(tokens(" ".join(title)), said, np.zeros((len(told), 4), np.float32))
    numbers = {tokens(word)[0].form: number for word, number in NUMBERS.items()}

    def hear(form: str) -> tuple[tuple[int, ...], tuple[float, ...]]:
        return ((numbers[form],), (1.0,)) if form in numbers else ((), ())

    return Heard.of(page, hear, len(numbers))


def least(wanted: tuple[str, ...], said: list[list[str]]) -> float:
    """The stretch of words in their order, tried from every start."""
    found = [np.inf]
    for words in said:
        for start, word in enumerate(words):
            at = start
            for following in wanted[1:]:
                at = words.index(following, at + 1) if following in words[at + 1 :] else -1
                if at < 0:
                    break
            if word == wanted[0] and at >= 0:
                found.append(at - start + 1)
    return min(found)


@given(lines, st.lists(lines, min_size=1, max_size=4), st.permutations(WORDS))
def test_words_are_found_in_their_order_within_a_sentence(
    title: list[str], told: list[list[str]], order: list[str]
) -> None:
    """In as few words as there are, never from one sentence into the next."""
    article = heard(title, told)
    wanted = [tuple(order[:2]), tuple(order[1:3]), tuple(order[:3]), tuple(order[:1])]
    for words in wanted:
        rows = article.rows[[NUMBERS[word] for word in words]]
        assert article.stretch(rows[:, None])[0] == least(words, [title, *told])


@given(lines, st.lists(lines, min_size=1, max_size=4))
def test_each_word_is_heard_where_it_is_said(title: list[str], told: list[list[str]]) -> None:
    """And at its first place there; what is not said has the row of nothing."""
    article = heard(title, told)
    assert not article.likeness[0].any()
    for word, number in NUMBERS.items():
        row = article.rows[number]
        assert bool(row) == any(word in words for words in [title, *told])
        for at, words in enumerate([title, *told]):
            assert article.likeness[row, at] == (word in words)
            if word in words:
                assert article.places[row, at] == words.index(word)
