"""What a digest looks like: data in, Telegram HTML out."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.message import Button, Message
from bot.quote_view import blockquote, faithful
from bot.texts import date_text, day_text, plural, texts
from bot.texts.digest import digest_texts
from bot.typography import escape, isolate, lead, link, sane_url, shorten, tidy
from bot.views.layout import SOURCE_LIMIT, TITLE_LIMIT, fits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from bot.digest import Item
    from bot.typography import Digits, Lang
    from index.model import ArticleRef

log = logging.getLogger(__name__)

MESSAGES = 2
"""At most so many: the second only for what the reader follows and the first does not hold."""

NAMED, NAMED_FOLLOWED = 2, 10
"""Other stories of an event that are named beneath it, at most: any, and what the reader follows.
An item is so never too long for a message of its own."""

NAME_LIMIT = 90

_ALSO = 3
_TOPICS = 5
_LONGEST_URL = 1024  # a dozen stories share what a message may hold of links


def digest_view(
    topics: Sequence[Item],
    stories: Sequence[Item],
    *,
    later: int = 0,
    day: date,
    lang: Lang,
    digits: Digits,
    now: datetime,
) -> tuple[list[Message], list[Item]]:
    """The digest of a local date, and the items that it shows.

    Stories of the day fill what is left of the first message. What the reader follows and does not
    fit, with `later` more of it that are not given here, is said to wait for the next digest.
    """
    words = digest_texts(lang)
    title = words.heading.format(day=day_text(day, lang, digits))
    pages = [lead(f"<b>{escape(title)}</b>", lang)]

    def put(heading: str, items: Sequence[Item], most: int) -> list[Item]:
        above = lead(f"<b>{escape(heading)}</b>", lang) + "\n\n"
        shown: list[Item] = []
        for item in items:
            blocks = [(above + block, told) for block, told in _items(item, lang, digits, now)]
            told = _put(pages, blocks, most)
            if told is not None:
                shown.append(told)
                above = ""
        return shown

    shown = put(words.topics, topics, MESSAGES)
    told = {pick for item in shown for pick in item.told}
    if left := later + sum(pick not in told for item in topics for pick in item.pick.owed):
        news = plural(left, words.news, lang, digits)
        line = f"{pages[-1]}\n\n{lead(f'<i>{escape(words.later.format(news=news))}</i>', lang)}"
        if not fits(line):
            later += len(topics[-1].pick.owed)
            return digest_view(
                topics[:-1], (), later=later, day=day, lang=lang, digits=digits, now=now
            )
        pages[-1] = line
    if len(pages) == 1:
        shown += put(words.stories, stories, 1)
    messages = [Message(page) for page in pages]
    messages[-1] = Message(pages[-1], ((Button(words.settings, "d:open"),),))
    return messages, shown


def quiet_day_view(day: date, lang: Lang, digits: Digits) -> Message:
    """The line that says there is nothing to say."""
    words = digest_texts(lang)
    title = words.heading.format(day=day_text(day, lang, digits))
    html = f"{lead(f'<b>{escape(title)}</b>', lang)}\n\n{lead(escape(words.quiet_day), lang)}"
    return Message(html, ((Button(words.settings, "d:open"),),))


def _items(item: Item, lang: Lang, digits: Digits, now: datetime) -> list[tuple[str, Item]]:
    """A story with ever fewer others of its event named beneath it; none if its quote is wrong."""
    if not faithful(blockquote(item.quote, first=True), item.quote):
        log.error("a quote of article %d failed its check and was not sent", item.quote.article.id)
        return []
    most = min(max(NAMED, len(item.pick.owed) - 1), NAMED_FOLLOWED)
    beside = item.pick.beside[:most]
    told = [replace(item, named=beside[:count]) for count in range(len(beside), -1, -1)]
    return [(_item(one, lang, digits, now), one) for one in told]


def _item(item: Item, lang: Lang, digits: Digits, now: datetime) -> str:
    """A story: its title, the quote, who tells it, what else is told of its event."""
    words, article = digest_texts(lang), item.quote.article
    title = shorten(tidy(article.title), TITLE_LIMIT) or texts(lang).untitled
    lines = [
        lead(f"<b>{isolate(link(title, sane_url(article.url, _LONGEST_URL)))}</b>", lang),
        blockquote(item.quote, first=True),
        lead(_about(item, lang, digits, now), lang),
    ]
    if item.named:
        titles = " · ".join(_name(pick.ref, lang) for pick in item.named)
        lines.append(lead(escape(words.event).format(titles=titles), lang))
    if item.pick.held:
        matched = (held for pick in (item.pick, *item.named) for held in pick.held)
        topics = dict.fromkeys(held.topic for held in matched)
        names = texts(lang).list_comma.join(
            isolate(shorten(tidy(topic), SOURCE_LIMIT)) for topic in [*topics][:_TOPICS]
        )
        lines.append(lead(f"<i>{escape(words.because.format(topics=names))}</i>", lang))
    if item.pick.before:
        before, after = (
            plural(count, words.sources, lang, digits)
            for count in (item.pick.before, item.pick.sources)
        )
        lines.append(lead(f"<i>{escape(words.grown.format(before=before, now=after))}</i>", lang))
    return "\n".join(lines)


def _about(item: Item, lang: Lang, digits: Digits, now: datetime) -> str:
    """Its source and date, and the other sources."""
    article = item.quote.article
    source = shorten(tidy(article.source or ""), SOURCE_LIMIT)
    parts = [isolate(source)] if source else []
    parts.append(date_text(article.published, lang, now, digits))
    line = escape(" · ".join(parts))
    if not item.quote.also_in:
        return line
    names = [
        isolate(
            link(shorten(tidy(ref.source or ""), SOURCE_LIMIT), sane_url(ref.url, _LONGEST_URL))
        )
        for ref in item.quote.also_in[:_ALSO]
    ]
    listed = texts(lang).list_comma.join(names)
    if rest := len(item.quote.also_in) - len(names):
        listed += f" {escape(plural(rest, digest_texts(lang).others, lang, digits))}"
    return f"{line}\n{lead(f'{escape(texts(lang).also_in)} {listed}', lang)}"


def _name(ref: ArticleRef, lang: Lang) -> str:
    """The title of a story, linked."""
    title = shorten(tidy(ref.title), NAME_LIMIT) or texts(lang).untitled
    return isolate(link(title, sane_url(ref.url, _LONGEST_URL)))


def _put(pages: list[str], blocks: Sequence[tuple[str, Item]], most: int) -> Item | None:
    """Put the fullest block that fits under the last page, or on a new one where there may be one.

    A new page is begun rather than leave out the names of what is owed. Returns the item as it
    then stands.
    """
    may_turn = len(pages) < most
    for cut, (block, item) in enumerate(blocks):
        joined = f"{pages[-1]}\n\n{block}"
        if fits(joined) and not (cut and item.left and may_turn):
            pages[-1] = joined
            return item
    for block, item in blocks if may_turn else ():
        if fits(block):
            pages.append(block)
            return item
    return None
