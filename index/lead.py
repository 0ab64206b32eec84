"""The sentence that stands for an article where nobody asked: its lead, quoted exactly. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from index.arabic import clauses, normalise, sentences, tokens
from index.chunk import UNIT_LIMIT
from index.model import Article, Quote
from index.quotes import is_open, leans

Span = tuple[int, int]

_AMONG = 6
"""Sentences from the top among which the lead is looked for: news says first what is new."""

_WORDS = 6
"""Words below which it is a dateline, a byline, a caption or a cry."""

_ENDED = re.compile("[.!?؟…][\"'»”’)\\]}\u200f\u200e]*$")


@dataclass(frozen=True, slots=True)
class Lead:
    """A quote, and whether it is a whole sentence: not a clause of a longer one, nor a stub."""

    quote: Quote
    whole: bool


def lead(article: Article) -> Lead | None:
    """Quote the first sentence of `article` that can stand alone; None where it has no text.

    Not its title over again, nor a dateline or a byline, nor what says «he added that». One that
    is longer than a quote may be is cut at a clause.
    """
    text = article.text
    title = normalise(article.title)
    top = _joined(text, list(islice(sentences(text), _AMONG)))
    if not top:
        return None
    standing = (span for span in top if _stands(text, span, title))
    span = next(standing, None) or top[0]
    start, end = clauses(text, *span, limit=UNIT_LIMIT)[0]
    whole = (start, end) == span and _stands(text, span, title) and _ended(text[start:end])
    return Lead(Quote(text[start:end], start, end, (), 0.0, article.ref), whole)


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """The sentences, none of them ending inside brackets or quotation marks of its own.

    «(الملك فيصل.. شاهد وشهيد)» is a name; it holds no end.
    """
    joined: list[Span] = []
    for start, end in spans:
        if joined and "\n" not in text[joined[-1][1] : start] and is_open(text[slice(*joined[-1])]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _stands(text: str, span: Span, title: str) -> bool:
    sentence = text[slice(*span)]
    words = len(tokens(sentence))
    return words >= _WORDS and normalise(sentence).strip(" .") != title and not leans(sentence)


def _ended(sentence: str) -> bool:
    return bool(_ENDED.search(sentence)) and not is_open(sentence)
