"""A quote as it is shown: which characters are marked, Telegram's blockquote, and its check.

Pure. The quoted characters are never touched: marks stand around them, and `faithful` reads the
finished blockquote back with another parser.
"""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from html.parser import HTMLParser
from itertools import groupby
from typing import TYPE_CHECKING

from bot.typography import escape, units

if TYPE_CHECKING:
    from index.model import Quote

# A collapsed blockquote shows three lines, about this much of Arabic on a phone.
_LONG_QUOTE = 200

_ZWJ = "\u200d"
_Span = tuple[int, int]


class Mark(IntEnum):
    """How much a character of a quote matters. What a mark holds, the one before it holds too."""

    PLAIN = 0
    SENTENCE = 1  # of the sentence that answers
    ANSWER = 2  # of the answer in that sentence


# The tags around a character, outermost first: as many of them as its mark says.
_TAGS = ("b", "u")


def runs(quote: Quote) -> list[tuple[str, Mark]]:
    """The text of `quote`, whole and in order, cut where the mark changes."""
    marked = groupby(zip(quote.text, _marks(quote), strict=True), key=lambda pair: pair[1])
    return [("".join(char for char, _ in pairs), mark) for mark, pairs in marked]


def blockquote(quote: Quote, *, first: bool) -> str:
    """The quote and nothing else between the tags.

    Collapsed when long, except the first: the answer is to be read without a tap.
    """
    parts: list[str] = []
    before = Mark.PLAIN
    for text, mark in runs(quote):
        parts += (_step(before, mark), escape(text))
        before = mark
    parts.append(_step(before, Mark.PLAIN))
    expandable = not first and (units(quote.text) > _LONG_QUOTE or quote.text.count("\n") > 2)
    return f"<blockquote{' expandable' if expandable else ''}>{''.join(parts)}</blockquote>"


def faithful(html: str, quote: Quote) -> bool:
    """Whether `html` is one blockquote of `quote.text`, marked where the highlights say.

    Read with the standard library's parser, which shares nothing with the code that wrote it.
    """
    try:
        quote.text.encode()
    except UnicodeEncodeError:  # half a surrogate pair cannot be sent as it is
        return False
    reader = _QuoteReader()
    reader.feed(html)
    reader.close()
    return reader.well_formed() and (reader.text, reader.marks) == (quote.text, _marks(quote))


def _marks(quote: Quote) -> list[Mark]:
    """The mark of each character.

    A highlight inside an earlier one is an answer, unless it is that one over again. Two answers
    that touch would run together into one that nobody gave: the first stays.
    """
    marks = [Mark.PLAIN] * len(quote.text)
    earlier: list[_Span] = []
    for span in _whole(quote):
        start, end = span
        answer = any(a <= start and end <= b and (a, b) != span for a, b in earlier)
        if answer and Mark.ANSWER not in marks[max(start - 1, 0) : end + 1]:
            marks[start:end] = [Mark.ANSWER] * (end - start)
        else:
            marks[start:end] = [max(mark, Mark.SENTENCE) for mark in marks[start:end]]
        earlier.append(span)
    return marks


def _whole(quote: Quote) -> list[_Span]:
    """The highlights within the text, widened so that none begins or ends inside a character."""
    text = quote.text
    spans: list[_Span] = []
    for start, end in quote.highlights:
        start, end = max(start, 0), min(end, len(text))
        if start >= end:
            continue
        while start > 0 and _leans(text, start):
            start -= 1
        while end < len(text) and _leans(text, end):
            end += 1
        spans.append((start, end))
    return spans


def _leans(text: str, at: int) -> bool:
    """Whether what stands there is drawn with what is before it: vowel signs, joined emoji."""
    char = text[at]
    return (
        unicodedata.category(char) in ("Mn", "Mc", "Me")
        or char == _ZWJ
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # the tone of a skin
        or (text[at - 1] == _ZWJ and unicodedata.category(char) == "So")
    )


def _step(before: Mark, after: Mark) -> str:
    """The tags between two characters. Those that close are the last that opened: none cross."""
    closing = "".join(f"</{tag}>" for tag in reversed(_TAGS[after:before]))
    opening = "".join(f"<{tag}>" for tag in _TAGS[before:after])
    return closing + opening


class _QuoteReader(HTMLParser):
    """Collects the text and the mark of each character; notices tags that do not belong."""

    _NESTED = ("blockquote", "b", "u")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.marks: list[int] = []
        self._open: list[str] = []
        self._quotes = 0
        self._sound = True

    def well_formed(self) -> bool:
        """Whether all there was is one blockquote with bold in it, and underline in the bold."""
        return self._sound and not self._open and self._quotes == 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        self._quotes += tag == "blockquote"
        if tuple(self._open) != self._NESTED[: len(self._open)]:
            self._sound = False

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self._sound = False

    def handle_data(self, data: str) -> None:
        self.text += data
        # Outside the blockquote this is -1, which is no mark.
        self.marks += [len(self._open) - 1] * len(data)
