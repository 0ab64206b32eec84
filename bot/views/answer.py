"""An answer: quotes with their sources, or that there is none and what comes nearest."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.message import Button, Message
from bot.quote_view import blockquote, faithful
from bot.texts import date_text, plural, texts
from bot.typography import escape, in_digits, isolate, lead, link, sane_url, shorten, tidy
from bot.views.layout import SOURCE_LIMIT, brief, fits, label, question_line, reference, rows
from index.conversation import understood

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.typography import Digits, Lang
    from index.model import Answer, ArticleRef, Quote

log = logging.getLogger(__name__)

QUOTES = 3
"""Quotes in an answer, where the reader did not choose otherwise."""

FOLLOW = "t:f"
"""Follow what was asked about: the data of the button under answers and refusals."""

_MAX_ALSO = 3
_MAX_NEAREST = 5
_CONTEXTS_A_ROW = 3
_SECONDARY_URL = 1024  # of «ذُكر أيضًا في», where a link is only a convenience
_WORDS_LIMIT = 300


def answer_view(
    answer: Answer,
    lang: Lang,
    now: datetime,
    *,
    heading: str | None = None,
    digits: Digits = "latin",
    quotes: int = QUOTES,
    offset: int = 0,
) -> Message:
    """Up to `quotes` quotes of `answer` from the one at `offset`, or the refusal.

    `heading` is the question, repeated where the reader did not write it so (a pressed example, a
    fragment). What does not fit is behind «المزيد» (`m:<offset>`).
    """
    above = [] if heading is None else [question_line(heading, lang)]
    given = answer.quotes[offset : offset + quotes] if answer.answered else ()
    sound = _sound(given, offset)
    alone = len(sound) == 1 and not offset  # it needs no number, and differs from nothing shown
    blocks: list[str] = []
    if answer.timeline and sound and not alone:
        blocks.append(lead(escape(texts(lang).timeline), lang))
    shown: list[tuple[int, Quote]] = []
    end = offset + len(given)
    for number, (at, quote, quoted) in enumerate(sound, offset + 1):
        shown_as = None if alone else number
        title = brief(quote.article.title, (one.text for one in answer.quotes))
        ref = replace(quote.article, title=title)
        block = _sourced(
            quote, quoted, ref, lang, now, digits, dated=answer.timeline, number=shown_as
        )
        if block is None:
            continue
        if shown and not fits("\n\n".join([*above, *blocks, block])):
            end = at
            break
        blocks.append(block)
        shown.append((number, quote))
    if not shown:
        # Nothing that may be sent: point to where the quotes came from, rather than say nothing.
        nearest = answer.nearest or tuple(quote.article for quote in given)
        return _refusal(answer.question, nearest, lang, above)
    more = end < len(answer.quotes)
    keyboard = rows(
        lang,
        *_contexts(shown, lang, digits, alone=alone),
        _paging(lang, offset, quotes, end if more else None),
        [Button(texts(lang).follow, FOLLOW)],  # a row of its own: a phone would cut it
        [Button("👍", "v:1"), Button("👎", "v:-1")],
    )
    return Message("\n\n".join([*above, *blocks]), keyboard)


def _paging(lang: Lang, offset: int, quotes: int, following: int | None) -> list[Button]:
    words = texts(lang)
    if not offset:
        return [] if following is None else [Button(words.more, f"m:{following}")]
    row = [Button(words.previous, f"m:{max(offset - quotes, 0)}")]
    if following is not None:
        row.append(Button(words.following, f"m:{following}"))
    return row


def _contexts(
    shown: Sequence[tuple[int, Quote]], lang: Lang, digits: Digits, *, alone: bool
) -> list[list[Button]]:
    """A button for each quote, which opens the article where it stands: `c:<article>:…`."""
    name = texts(lang).in_context
    buttons = [
        Button(
            name if alone else in_digits(f"{name} {number}", digits),
            f"c:{quote.article.id}:{quote.start}:{quote.start}:{quote.end}",
        )
        for number, quote in shown
    ]
    return [buttons[at : at + _CONTEXTS_A_ROW] for at in range(0, len(buttons), _CONTEXTS_A_ROW)]


def _refusal(
    question: str, nearest: Sequence[ArticleRef], lang: Lang, above: Sequence[str]
) -> Message:
    """That there is no answer, what was searched for, and the nearest articles to open."""
    words = texts(lang)
    said = [lead(escape(words.no_answer), lang)]
    found = understood(question)
    if found.words:
        listed = shorten(words.list_comma.join(map(tidy, found.words)), _WORDS_LIMIT)
        kind = words.kinds.get(found.kind)
        form = words.searched if kind is None else words.understood
        line = form.replace("{kind}", kind or "").replace("{words}", isolate(listed))
        said.append(lead(escape(line), lang))
    blocks = [*above, "\n".join(said)]
    buttons = [[Button(label(ref.title, lang), f"n:{ref.id}")] for ref in nearest[:_MAX_NEAREST]]
    if buttons:
        blocks.append(lead(escape(words.nearest), lang))
    return Message("\n\n".join(blocks), rows(lang, *buttons, [Button(words.alert, FOLLOW)]))


def _sound(quotes: Sequence[Quote], offset: int) -> list[tuple[int, Quote, str]]:
    """The quotes that come out of their blockquotes character for character, with those.

    Each with its place in the answer. The first is open, to be read without a tap.
    """
    sound: list[tuple[int, Quote, str]] = []
    for at, quote in enumerate(quotes, offset):
        block = blockquote(quote, first=not sound)
        if faithful(block, quote):
            sound.append((at, quote, block))
        else:
            log.error("a quote of article %d failed its check and was not sent", quote.article.id)
    return sound


def _sourced(
    quote: Quote,
    block: str,
    ref: ArticleRef,
    lang: Lang,
    now: datetime,
    digits: Digits,
    *,
    dated: bool,
    number: int | None,
) -> str | None:
    """A quote's blockquote with what is under it, or `None` where it is too long to be sent.

    `ref` is its article as it is named there. `dated` puts its date above it, as a heading.
    """
    parts = [block, reference(ref, lang, now, digits, number=number)]
    if dated:
        date = escape(date_text(quote.article.published, lang, now, digits))
        parts.insert(0, lead(f"<b>{date}</b>", lang))
    also = _also_in(quote, lang, digits)
    with_also = parts if also is None else [*parts, also]
    for attempt in ("\n".join(with_also), "\n".join(parts)):
        if fits(attempt):
            return attempt
    log.error("a quote of article %d is too long for a message", quote.article.id)
    return None


def _also_in(quote: Quote, lang: Lang, digits: Digits) -> str | None:
    """«ذُكر أيضًا في: …»: other sources by name, other articles of the same source by title.

    Each name once, and not the quote's own title again; None where no name is left.
    """
    words = texts(lang)
    own = tidy(quote.article.source or "")
    named: dict[str, str | None] = {}
    for ref in quote.also_in:
        source = tidy(ref.source or "")
        known = source and source != own
        if not known and tidy(ref.title) == tidy(quote.article.title):
            continue
        name = shorten(source if known else tidy(ref.title), SOURCE_LIMIT) or words.untitled
        named.setdefault(name, sane_url(ref.url, _SECONDARY_URL))
    if not named:
        return None
    shown = [isolate(link(name, url)) for name, url in [*named.items()][:_MAX_ALSO]]
    line = f"{escape(words.also_in)} {words.list_comma.join(shown)}"
    if rest := len(named) - len(shown):
        line += f" {plural(rest, words.others, lang, digits)}"
    return lead(line, lang)
