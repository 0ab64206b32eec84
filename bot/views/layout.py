"""What all views are made of: lines, references, rows of buttons, and the limits of a message.

Direction marks, bold and ellipses stand outside quoted characters. A row of buttons is written in
the order in which it is read: Telegram mirrors none for Arabic, so `rows` does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.texts import date_text, texts
from bot.typography import (
    ELLIPSIS,
    Size,
    escape,
    in_digits,
    isolate,
    lead,
    link,
    measure,
    sane_url,
    shorten,
    tidy,
)
from index.arabic import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.message import Button
    from bot.typography import Digits, Lang
    from index.model import ArticleRef

# Telegram: 4096 UTF-16 units and 100 entities a message, about 9,500 bytes for all entities
# together (tdlib/telegram-bot-api#165). The margins are for what a server counts differently.
_LIMIT = Size(units=4000, entities=90, href_bytes=7000)

TITLE_LIMIT = 200
SOURCE_LIMIT = 60
BUTTON_LIMIT = 44  # about what a phone shows on a button before it cuts, between words or not
_BRIEF = 6  # words
_WORDS = re.compile(r"\w+")


def fits(html: str) -> bool:
    """Whether `html` is within the limits of one message."""
    size = measure(html)
    return (
        size.units <= _LIMIT.units
        and size.entities <= _LIMIT.entities
        and size.href_bytes <= _LIMIT.href_bytes
    )


def lines(plain: Iterable[str], lang: Lang, gap: str = "\n") -> str:
    """Plain lines as HTML, each in the direction of `lang`."""
    return gap.join(lead(escape(line), lang) for line in plain)


def rows(lang: Lang, *given: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """A keyboard: each row as it is read in `lang`, empty ones left out."""
    return tuple(tuple(reversed(row)) if lang == "ar" else tuple(row) for row in given if row)


def label(text: str, lang: Lang) -> str:
    """A title as the label of a button."""
    return shorten(tidy(text), BUTTON_LIMIT) or texts(lang).untitled


def brief(title: str, quoted: Iterable[str]) -> str:
    """A title that the quotes say already, in a few words: a post has none but how it opens."""
    words = title.split()
    said = f" {_bare(title)} "
    if len(words) <= _BRIEF or not any(said in f" {_bare(text)} " for text in quoted):
        return title
    return " ".join(words[:_BRIEF]).rstrip(" ،؛,;:.-–—…") + ELLIPSIS


def _bare(text: str) -> str:
    """The words of `text`, without what stands between them."""
    return " ".join(_WORDS.findall(normalise(text)))


def question_line(question: str, lang: Lang) -> str:
    """The question above its answer, where the reader did not write it so.

    It is in italics, by which `bot.handlers.questions.heading_of` finds it again.
    """
    return lead(f"{escape(texts(lang).question)} <i>{escape(isolate(tidy(question)))}</i>", lang)


def reference(
    ref: ArticleRef,
    lang: Lang,
    now: datetime,
    digits: Digits = "latin",
    *,
    number: int | None = None,
) -> str:
    """Two lines: the title, linked where there is a link; the source and the date."""
    words = texts(lang)
    title = shorten(tidy(ref.title), TITLE_LIMIT) or words.untitled
    before = "" if number is None else in_digits(f"{number}. ", digits)
    # The isolate goes around the link, so that a copied title has no marks in it.
    line = lead(f"{before}{isolate(link(title, sane_url(ref.url)))}", lang)
    source = shorten(tidy(ref.source or ""), SOURCE_LIMIT)
    about = [isolate(source)] if source else []
    about.append(date_text(ref.published, lang, now, digits))
    return f"{line}\n{lead(escape(' · '.join(about)), lang)}"
