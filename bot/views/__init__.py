"""What a message looks like: data and `now` in, Telegram HTML out.

Pure, save that a quote which fails its check is logged. Direction marks, bold and ellipses stand
outside the quoted characters; `faithful` reads every finished quote back with another parser, and
one that is not what the archive holds, character for character, is never sent.

Telegram's servers drop a few characters on their own (U+202A to U+202E, U+0333, and every control
character but the newline become nothing or a space), which is beyond any bot.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.message import Button, Message
from bot.quote_view import blockquote, faithful
from bot.texts import Texts, date_text, others_text, texts
from bot.typography import (
    Lang,
    Size,
    escape,
    isolate,
    lead,
    link,
    measure,
    sane_url,
    shorten,
    tidy,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from index.model import Answer, ArticleRef, Quote

log = logging.getLogger(__name__)

# Telegram: 4096 UTF-16 units and 100 entities a message, about 9,500 bytes for all entities
# together (tdlib/telegram-bot-api#165). The margins are for what a server counts differently.
_LIMIT = Size(units=4000, entities=90, href_bytes=7000)

_TITLE_LIMIT = 200
_SOURCE_LIMIT = 60
_BUTTON_LIMIT = 60  # about two lines of a phone's button
_MAX_QUOTES = 3
_MAX_ALSO = 3
_MAX_NEAREST = 5
_SECONDARY_URL = 1024  # of «ذُكر أيضًا في», where a link is only a convenience


def answer_view(
    answer: Answer, lang: Lang, now: datetime, *, heading: str | None = None
) -> list[Message]:
    """The quotes of `answer`, or the refusal with the nearest articles.

    `heading` is the question, repeated where the reader did not write it (a pressed example).
    Split across messages only between quotes.
    """
    words = texts(lang)
    above = [] if heading is None else [_heading(heading, words, lang)]
    shown = answer.quotes[:_MAX_QUOTES] if answer.answered else ()
    rendered = [
        _quote(quote, lang, now, first=i == 0, dated=answer.timeline)
        for i, quote in enumerate(shown)
    ]
    blocks = [block for block in rendered if block is not None]
    if answer.timeline and len(blocks) > 1:  # one that is left alone differs from nothing shown
        above.append(lead(escape(words.timeline), lang))
    if blocks:
        return _pack([*above, *blocks])
    # Nothing that may be sent: point to where the quotes came from, rather than say nothing.
    nearest = answer.nearest or tuple(quote.article for quote in shown)
    return _pack([*above, *_refusal(nearest, lang, now)])


def start_view(lang: Lang, examples: Sequence[str] = ()) -> Message:
    """The greeting, with up to three examples to press; their data is `q:<index>`."""
    words = texts(lang)
    lines = list(words.greeting)
    if examples:
        lines.append(words.try_one)
    keyboard = tuple(
        (Button(shorten(tidy(example), _BUTTON_LIMIT), f"q:{i}"),)
        for i, example in enumerate(examples[:3])
    )
    return Message(_lines(lines, lang, gap="\n\n"), keyboard)


def help_view(lang: Lang) -> Message:
    """How to ask."""
    title, *rest = texts(lang).help
    return Message(f"<b>{_lines([title], lang)}</b>\n\n{_lines(rest, lang)}")


def notice_view(text: str, lang: Lang) -> Message:
    """A line of `texts` as a message of its own."""
    return Message(_lines([text], lang))


def failed_view(lang: Lang, error_id: str) -> Message:
    """The apology; `error_id` is what the operator finds in the log."""
    return notice_view(texts(lang).failed.format(id=isolate(error_id)), lang)


def _heading(question: str, words: Texts, lang: Lang) -> str:
    asked = escape(isolate(shorten(tidy(question), _TITLE_LIMIT)))
    return lead(f"{escape(words.question)} <i>{asked}</i>", lang)


def _lines(plain: Iterable[str], lang: Lang, gap: str = "\n") -> str:
    return gap.join(lead(escape(line), lang) for line in plain)


def _refusal(nearest: Sequence[ArticleRef], lang: Lang, now: datetime) -> list[str]:
    words = texts(lang)
    blocks = [lead(escape(words.no_answer), lang)]
    items = [_reference(ref, lang, now, bullet="• ") for ref in nearest[:_MAX_NEAREST]]
    if items:
        items[0] = f"{lead(escape(words.nearest), lang)}\n{items[0]}"
    return blocks + items


def _quote(quote: Quote, lang: Lang, now: datetime, *, first: bool, dated: bool) -> str | None:
    """A quote with what is under it, or `None` where it must not or cannot be sent.

    `dated` puts its date above it, as a heading.
    """
    block = blockquote(quote, first=first)
    if not faithful(block, quote):
        log.error("a quote of article %d failed its check and was not sent", quote.article.id)
        return None
    lines = [block, _reference(quote.article, lang, now)]
    if dated:
        date = escape(date_text(quote.article.published, lang, now))
        lines.insert(0, lead(f"<b>{date}</b>", lang))
    with_also = [*lines, _also_in(quote, lang)] if quote.also_in else lines
    for attempt in ("\n".join(with_also), "\n".join(lines)):
        if _fits(measure(attempt)):
            return attempt
    log.error("a quote of article %d is too long for a message", quote.article.id)
    return None


def _reference(ref: ArticleRef, lang: Lang, now: datetime, *, bullet: str = "") -> str:
    """Two lines: the title, linked where there is a link; the source and the date."""
    words = texts(lang)
    title = shorten(tidy(ref.title), _TITLE_LIMIT) or words.untitled
    # The isolate goes around the link, so that a copied title has no marks in it.
    line = lead(f"{bullet}{isolate(link(title, sane_url(ref.url)))}", lang)
    source = shorten(tidy(ref.source or ""), _SOURCE_LIMIT)
    about = [isolate(source)] if source else []
    about.append(date_text(ref.published, lang, now))
    return f"{line}\n{lead(escape(' · '.join(about)), lang)}"


def _also_in(quote: Quote, lang: Lang) -> str:
    """«ذُكر أيضًا في: …»: other sources by name, other articles of the same source by title."""
    words = texts(lang)
    names: list[str] = []
    for ref in quote.also_in[:_MAX_ALSO]:
        source = tidy(ref.source or "")
        known = source and source != tidy(quote.article.source or "")
        name = shorten(source if known else tidy(ref.title), _SOURCE_LIMIT) or words.untitled
        names.append(isolate(link(name, sane_url(ref.url, _SECONDARY_URL))))
    line = f"{escape(words.also_in)} {words.list_comma.join(names)}"
    if rest := len(quote.also_in) - len(names):
        line += f" {others_text(rest, lang)}"
    return lead(line, lang)


def _fits(size: Size) -> bool:
    return (
        size.units <= _LIMIT.units
        and size.entities <= _LIMIT.entities
        and size.href_bytes <= _LIMIT.href_bytes
    )


def _pack(blocks: Iterable[str]) -> list[Message]:
    """The blocks in as few messages as they fit in, in order, none of them cut."""
    packed: list[str] = []
    for block in blocks:
        joined = f"{packed[-1]}\n\n{block}" if packed else block
        if packed and _fits(measure(joined)):
            packed[-1] = joined
        else:
            packed.append(block)
    return [Message(html) for html in packed]
