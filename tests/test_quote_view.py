"""A quote's marks: the sentence bold, the answer in it underlined, on whole characters, checked."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from fakes import answered, quote
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import anything

from bot.playground.entities import Entity, utf16_slice
from bot.playground.formatting import read_text
from bot.playground.htmlparse import parse_html
from bot.playground.params import Params
from bot.quote_view import blockquote, faithful, runs
from bot.typography import measure
from bot.views import answer_view

NOW = datetime(2024, 5, 1, tzinfo=UTC)

MARKUP = ["<b>&amp;\"'</b>", "</u></blockquote>", "&lt;", "&#x202E;", "&nbsp", "<!-- ", "\x00"]
JOINED = ["👨\u200d👩\u200d👧", "👍🏽", "بِسْمِ", "e\u0301", "𝕳𐤀"]

Span = tuple[int, int]

pages = st.lists(
    st.one_of(anything, st.sampled_from(MARKUP), st.sampled_from(JOINED)), max_size=6
).map("".join)
"""Whatever a careless page can hold."""

highlights = st.lists(st.tuples(st.integers(-3, 60), st.integers(-3, 60)), max_size=5)


def characters(text: str) -> list[Span]:
    """Where each character that a reader sees stands, with its marks and what is joined to it."""
    seen: list[Span] = []
    for i, char in enumerate(text):
        kind = unicodedata.category(char)
        joined = text[i - 1 : i] == "\u200d" and kind == "So"
        mark = kind.startswith("M") or char == "\u200d" or "🏻" <= char <= "🏿"
        if seen and (mark or joined):
            seen[-1] = (seen[-1][0], i + 1)
        else:
            seen.append((i, i + 1))
    return seen


def whole(text: str, cuts: list[Span]) -> list[Span]:
    """The cuts that cut anything, widened to characters that a reader sees."""
    spans = []
    for start, end in cuts:
        touched = [(a, b) for a, b in characters(text) if max(a, start) < min(b, end)]
        if touched:
            spans.append((touched[0][0], touched[-1][1]))
    return spans


def inside(span: Span, outer: Span) -> bool:
    return outer[0] <= span[0] and span[1] <= outer[1] and span != outer


def found(text: str, entities: list[Entity], kind: str) -> list[Span]:
    """The entities of a kind as Telegram has them, counted in characters of `text`."""
    spans = []
    for entity in entities:
        if entity.type == kind:
            start = len(utf16_slice(text, replace(entity, offset=0, length=entity.offset)))
            spans.append((start, start + len(utf16_slice(text, entity))))
    return spans


def covered(spans: list[Span]) -> set[int]:
    return {i for start, end in spans for i in range(start, end)}


@settings(deadline=None)
@given(text=pages, cuts=highlights)
@example(text='<b>&amp;"', cuts=[(0, 3)])
@example(text="بِسْمِ", cuts=[(0, 6), (1, 3)])
@example(text="كانت قوته 7.8 درجات.", cuts=[(0, 20), (10, 13), (5, 9)])
@example(text="كانت قوته 7.8 درجات.", cuts=[(0, 13), (5, 20), (2, 15)])
def test_telegram_takes_any_highlights(text: str, cuts: list[Span]) -> None:
    """However they lie: the quote is exact, what they cover is bold, answers lie in the bold."""
    message = answer_view(answered(quote(text, (0, 0), *cuts)), "ar", NOW)
    read_text(Params({"text": message.html, "parse_mode": "HTML"}))  # refused, it would raise
    got, entities = parse_html(message.html)
    assert measure(message.html).entities >= len(entities)
    assert got.startswith(f"{text}\n")
    assert found(got, entities, "blockquote") == ([(0, len(text))] if text else [])
    given_spans = whole(text, cuts)
    bold = found(got, entities, "bold")
    assert covered(bold) == covered(given_spans)
    underlined = found(got, entities, "underline")
    for i, span in enumerate(underlined):
        assert span in given_spans
        assert sum(inside(span, outer) for outer in bold) == 1
        assert all(span[1] < other[0] for other in underlined[i + 1 :])
    assert bool(underlined) == any(
        inside(span, outer) for i, span in enumerate(given_spans) for outer in given_spans[:i]
    )


@given(text=pages, cuts=highlights)
def test_runs_are_the_text(text: str, cuts: list[Span]) -> None:
    """Whole and in order, no two alike in a row, none empty."""
    cut = runs(quote(text, (0, 0), *cuts))
    assert "".join(piece for piece, _ in cut) == text
    assert all(piece for piece, _ in cut)
    assert all(before[1] != after[1] for before, after in pairwise(cut))


@pytest.mark.parametrize(
    ("cuts", "html"),
    [
        ([(0, 8), (4, 6)], "<b>0123<u>45</u>67</b>89"),
        ([(0, 8), (0, 2), (6, 8)], "<b><u>01</u>2345<u>67</u></b>89"),
        ([(0, 4), (6, 9), (7, 8)], "<b>0123</b>45<b>6<u>7</u>8</b>9"),
        ([(0, 8), (0, 8)], "<b>01234567</b>89"),  # the sentence over again
        ([(0, 6), (4, 8)], "<b>01234567</b>89"),  # they cross
        ([(0, 4), (4, 8)], "<b>01234567</b>89"),  # they touch
        ([(4, 6), (0, 8)], "<b>01234567</b>89"),  # the first is the sentence, not an answer
        ([(0, 8), (2, 4), (4, 6)], "<b>01<u>23</u>4567</b>89"),  # two answers would become one
        ([(0, 8), (2, 4), (3, 6)], "<b>01<u>23</u>4567</b>89"),
        ([(0, 8), (2, 6), (3, 4)], "<b>01<u>2345</u>67</b>89"),
        ([(0, 8), (5, 5), (7, 3), (-4, 0), (10, 99)], "<b>01234567</b>89"),
        ([(-5, 99), (8, 99)], "<b>01234567<u>89</u></b>"),
    ],
)
def test_the_answer_is_underlined_in_its_sentence(cuts: list[Span], html: str) -> None:
    """Nested where one is in the other, merged where they cross or touch."""
    asked = quote("0123456789", *cuts)
    assert blockquote(asked, first=True) == f"<blockquote>{html}</blockquote>"
    assert faithful(f"<blockquote>{html}</blockquote>", asked)


@pytest.mark.parametrize(
    ("text", "cut", "underlined"),
    [
        ("قال مُحَمَّدٌ ذلك", (4, 12), "مُحَمَّدٌ"),  # without the last letter's own sign
        ("قال مُحَمَّدٌ ذلك", (5, 7), "مُحَ"),
        ("فاز 👍🏽 اليوم", (4, 5), "👍🏽"),
        ("عائلة 👨\u200d👩\u200d👧 هنا", (8, 9), "👨\u200d👩\u200d👧"),
        ("سنة 1445ه\u200d في", (4, 9), "1445ه\u200d"),  # the joiner is the letter's, the space not
        ("رمز 𐤀𐤁 قديم", (4, 5), "𐤀"),
    ],
)
def test_no_character_is_split(text: str, cut: Span, underlined: str) -> None:
    """A letter keeps its vowels and an emoji its parts, on whichever side of the line."""
    html = blockquote(quote(text, (0, len(text)), cut), first=True)
    assert f"<u>{underlined}</u>" in html
    _, entities = parse_html(html)
    [line] = [e for e in entities if e.type == "underline"]
    assert utf16_slice(text, line) == underlined


def test_an_answer_that_is_widened_to_its_sentence_is_not_underlined() -> None:
    """All but a vowel sign of it is all of it."""
    assert "<u>" not in blockquote(quote("لا بأسَ", (0, 7), (0, 6)), first=True)


def test_underlines_count_towards_the_limits() -> None:
    """As many entities as Telegram's server makes of it."""
    html = blockquote(quote("0123456789", (0, 8), (1, 2), (3, 4)), first=True)
    assert measure(html).entities == len(parse_html(html)[1]) == 4


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote>نص  قصير</blockquote>",
        "<blockquote>نص قصير\u200f</blockquote>",
        "<blockquote>نص قصير</blockquote>",
        "<blockquote><b>نص</b> قصي</blockquote>",
        "<blockquote><b>نص ق</b>صير</blockquote>",
        "<b>نص</b> قصير",
        "",
    ],
)
def test_the_check_notices_any_change(html: str) -> None:
    """A space more, a mark more, a letter less, bold elsewhere: not faithful."""
    short = quote("نص قصير", (0, 2))
    assert not faithful(html, short)
    assert faithful("<blockquote><b>نص</b> قصير</blockquote>", short)


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote><b>نص قصير نص</b></blockquote>",
        "<blockquote><b>نص <u>قصي</u>ر نص</b></blockquote>",
        "<blockquote><b><u>نص</u> قصير نص</b></blockquote>",
        "<blockquote><b>نص قصير <u>نص</b></u></blockquote>",
        "<blockquote><b>نص قصير </b><u><b>نص</b></u></blockquote>",
        "<blockquote><b>نص قصير </b><b><u>نص</b></blockquote>",
        "<blockquote><b>نص قصير <u>نص</u></b>",
        "<b><blockquote>نص قصير <u>نص</u></blockquote></b>",
        "<blockquote><b>نص قصير <u>نص</u></b></blockquote></b>",
        "<blockquote><b>نص قصير <i>نص</i></b></blockquote>",
        "<blockquote><b>نص قصير </b></blockquote><blockquote><b><u>نص</u></b></blockquote>",
    ],
)
def test_the_check_notices_a_wrong_underline(html: str) -> None:
    """None, on other letters, on the same word elsewhere, or in tags that cross."""
    short = quote("نص قصير نص", (0, 10), (8, 10))
    assert not faithful(html, short)
    assert faithful("<blockquote><b>نص قصير <u>نص</u></b></blockquote>", short)
