"""Topics: the preview before one is followed, the list of them, and alerts.

Where a message is about a topic, its text is the first that is bold: by that it is found again
when a button is pressed, and nothing need be kept for it. The buttons' data is `t:…`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.message import Button, Message
from bot.quote_view import blockquote, faithful
from bot.texts import plural, texts
from bot.texts.topics import topic_texts
from bot.typography import escape, isolate, lead, shorten, tidy
from bot.views.layout import fits, label, lines, reference, rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.store.topics import Kind, Topic
    from bot.typography import Digits, Lang
    from index.model import ArticleRef, Quote

log = logging.getLogger(__name__)

A_PAGE = 8
"""Topics, or sources, in a list; the others are a page further."""

_EXAMPLES = 3
_NAMED = 60
_WIDEST = 2
_LETTERS: dict[Kind, str] = {"text": "x", "source": "s"}
KINDS: dict[str, Kind] = {letter: kind for kind, letter in _LETTERS.items()}
"""What a topic is, by its letter in a button's data."""


def alert_view(
    quote: Quote,
    topics: Sequence[Topic],
    lang: Lang,
    now: datetime,
    digits: Digits = "latin",
    *,
    develops: bool = False,
) -> Message | None:
    """An alert of what `topics` brought: why it comes, the quote, where it is from.

    `develops` says that it goes on from an earlier one. None where the quote fails its check.
    """
    words = topic_texts(lang)
    block = blockquote(quote, first=True)
    if not faithful(block, quote):
        log.error("a quote of article %d failed its check and was not sent", quote.article.id)
        return None
    why = [lead(escape(words.develops), lang)] if develops else []
    why.append(because(topics, lang))
    html = "\n".join([*why, block, reference(quote.article, lang, now, digits)])
    if not fits(html):
        log.error("a quote of article %d is too long for a message", quote.article.id)
        return None
    place = f"c:{quote.article.id}:{quote.start}:{quote.start}:{quote.end}"
    keyboard = [[Button(texts(lang).in_context, place)]]
    if len(topics) == 1:
        number = topics[0].id
        keyboard += [
            [
                Button(words.mute, f"t:am:{number}"),
                Button(words.narrower, f"t:an:{number}"),
                Button(words.stop, f"t:ax:{number}"),
            ]
        ]
        if topics[0].kind == "source":  # which has no width
            del keyboard[1][1]
    else:
        keyboard += [
            [Button(words.manage.format(topic=_short(topic, lang)), f"t:o:{topic.id}")]
            for topic in topics[:A_PAGE]
        ]
    return Message(html, rows(lang, *keyboard))


def because(topics: Sequence[Topic], lang: Lang) -> str:
    """«لأنك تتابع: …», the topics in bold."""
    names = (f"<b>{escape(isolate(_short(topic, lang)))}</b>" for topic in topics[:A_PAGE])
    return lead(f"{topic_texts(lang).because} {texts(lang).list_comma.join(names)}", lang)


def preview_view(
    kind: Kind,
    text: str,
    width: int,
    found: Sequence[ArticleRef],
    lang: Lang,
    now: datetime,
    digits: Digits = "latin",
) -> Message:
    """What following a topic would have brought in a week, and buttons to follow it or not."""
    words = topic_texts(lang)
    said = [_about(kind, text, width, lang)]
    if found:
        news = plural(len(found), words.news, lang, digits)
        would_get = plural(len(found), words.would_get, lang).replace("{news}", news)
        said.append(lead(escape(would_get), lang))
        said += [reference(ref, lang, now, digits) for ref in found[:_EXAMPLES]]
    else:
        said.append(lead(escape(words.would_get_none), lang))
        if kind == "text" and width < _WIDEST and len(text.split()) > 1:
            said.append(lead(escape(words.try_wider), lang))
    this = f"{_LETTERS[kind]}:{width}"
    widths = [] if kind == "source" else _widths(width, words.narrower, words.wider)
    return Message(
        "\n\n".join(said),
        rows(
            lang,
            [Button(name, f"t:p:{_LETTERS[kind]}:{other}") for name, other in widths],
            [Button(words.follow, f"t:y:{this}"), Button(words.not_now, "t:no")],
        ),
    )


def card_view(topic: Topic, lang: Lang, *, muted: bool) -> Message:
    """A topic as it is followed, with what can be done about it."""
    words = topic_texts(lang)
    said = [_about(topic.kind, topic.text, topic.width, lang)]
    if muted:
        said.append(lead(escape(words.muted), lang))
    silence = ("u", words.unmute) if muted else ("m", words.mute)
    widths = [] if topic.kind == "source" else [("n", words.narrower), ("w", words.wider)]
    return Message(
        "\n\n".join(said),
        rows(
            lang,
            [Button(name, f"t:{letter}:{topic.id}") for letter, name in widths],
            [
                Button(silence[1], f"t:{silence[0]}:{topic.id}"),
                Button(words.stop, f"t:x:{topic.id}"),
            ],
            [Button(words.back, "t:l:0")],
        ),
    )


def topics_view(topics: Sequence[Topic], lang: Lang, *, offset: int = 0) -> Message:
    """All that a chat follows, a button each."""
    words = topic_texts(lang)
    page = topics[offset : offset + A_PAGE]
    title = f"<b>{lines([words.title], lang)}</b>\n{lines([words.pick], lang)}"
    html = title if topics else lines([words.none], lang)
    buttons = [[Button(_short(topic, lang), f"t:c:{topic.id}")] for topic in page]
    more = [Button(words.add, "t:a"), Button(words.add_source, "t:r:0")]
    return Message(html, rows(lang, *buttons, _turning("l", offset, len(topics), lang), more))


def sources_view(names: Sequence[str], lang: Lang, *, offset: int = 0) -> Message:
    """The archive's sources, a button each to follow all of one."""
    words = topic_texts(lang)
    page = list(enumerate(names))[offset : offset + A_PAGE]
    buttons = [[Button(label(name, lang), f"t:q:{number}")] for number, name in page]
    back = [Button(words.back, "t:l:0")]
    return Message(
        lines([words.which_source], lang),
        rows(lang, *buttons, _turning("r", offset, len(names), lang), back),
    )


def ask_view(text: str, lang: Lang) -> Message:
    """Asks for a topic, to be written."""
    return Message(lines([text], lang), rows(lang, [Button(topic_texts(lang).back, "t:l:0")]))


def named(kind: Kind, text: str, lang: Lang) -> str:
    """A topic in words: its text, or «كل أخبار» of a source."""
    return topic_texts(lang).sources.format(name=text) if kind == "source" else text


def _about(kind: Kind, text: str, width: int, lang: Lang) -> str:
    """The line about a topic: its text in bold, and how wide it is where it is not as written."""
    words = topic_texts(lang)
    bold = f"<b>{escape(isolate(text))}</b>"
    line = f"{words.following} {words.sources.format(name=bold) if kind == 'source' else bold}"
    return lead(f"{line} ({escape(words.widths[width + 2])})" if width else line, lang)


def _widths(width: int, narrower: str, wider: str) -> list[tuple[str, int]]:
    steps = ((narrower, width - 1), (wider, width + 1))
    return [(name, other) for name, other in steps if -_WIDEST <= other <= _WIDEST]


def _turning(letter: str, offset: int, total: int, lang: Lang) -> list[Button]:
    words, turning = texts(lang), list[Button]()
    if offset:
        turning.append(Button(words.previous, f"t:{letter}:{max(offset - A_PAGE, 0)}"))
    if offset + A_PAGE < total:
        turning.append(Button(words.following, f"t:{letter}:{offset + A_PAGE}"))
    return turning


def _short(topic: Topic, lang: Lang) -> str:
    return shorten(tidy(named(topic.kind, topic.text, lang)), _NAMED)
