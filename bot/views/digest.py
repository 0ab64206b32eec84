"""What a digest looks like: data in, Telegram HTML out."""

from __future__ import annotations

import logging
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

log = logging.getLogger(__name__)

MESSAGES = 2

_ALSO = 3
_LONGEST_URL = 1024  # twelve stories share what a message may hold of links


def digest_view(
    topics: Sequence[Item],
    stories: Sequence[Item],
    *,
    day: date,
    lang: Lang,
    digits: Digits,
    now: datetime,
) -> tuple[list[Message], list[Item]]:
    """The digest of a local date in two messages at most, and the items that it shows.

    Those that do not fit are left out, the last first.
    """
    words = digest_texts(lang)
    title = words.heading.format(day=day_text(day, lang, digits))
    pages = [lead(f"<b>{escape(title)}</b>", lang)]
    shown: list[Item] = []
    for heading, items in ((words.topics, topics), (words.stories, stories)):
        above = lead(f"<b>{escape(heading)}</b>", lang) + "\n\n"
        for item in items:
            block = _item(item, lang, digits, now)
            if block is not None and _add(pages, above + block):
                shown.append(item)
                above = ""
    messages = [Message(page) for page in pages]
    messages[-1] = Message(pages[-1], ((Button(words.settings, "d:open"),),))
    return messages, shown


def quiet_day_view(day: date, lang: Lang, digits: Digits) -> Message:
    """The line that says there is nothing to say."""
    words = digest_texts(lang)
    title = words.heading.format(day=day_text(day, lang, digits))
    html = f"{lead(f'<b>{escape(title)}</b>', lang)}\n\n{lead(escape(words.quiet_day), lang)}"
    return Message(html, ((Button(words.settings, "d:open"),),))


def _item(item: Item, lang: Lang, digits: Digits, now: datetime) -> str | None:
    """A story: its title, the quote, who tells it; None where the quote fails its check."""
    words, article = digest_texts(lang), item.quote.article
    block = blockquote(item.quote, first=True)
    if not faithful(block, item.quote):
        log.error("a quote of article %d failed its check and was not sent", article.id)
        return None
    title = shorten(tidy(article.title), TITLE_LIMIT) or texts(lang).untitled
    lines = [
        lead(f"<b>{isolate(link(title, sane_url(article.url, _LONGEST_URL)))}</b>", lang),
        block,
        lead(_about(item, lang, digits, now), lang),
    ]
    if item.pick.held:
        topics = dict.fromkeys(held.topic for held in item.pick.held)
        names = texts(lang).list_comma.join(
            isolate(shorten(tidy(topic), SOURCE_LIMIT)) for topic in topics
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


def _add(pages: list[str], block: str) -> bool:
    """Put `block` under the last page, or on a new one; false where there is no room for it."""
    joined = f"{pages[-1]}\n\n{block}"
    if fits(joined):
        pages[-1] = joined
    elif len(pages) < MESSAGES and fits(block):
        pages.append(block)
    else:
        return False
    return True
