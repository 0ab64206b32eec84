"""A quote in its context: the passage of the article around it, and those before and after."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.message import Button, Message
from bot.quote_view import blockquote, faithful
from bot.texts import number, texts
from bot.typography import escape, lead
from bot.views.layout import fits, question_line, reference, rows
from index.model import Quote

if TYPE_CHECKING:
    from datetime import datetime

    from bot.typography import Digits, Lang
    from index.model import Article, Passage

log = logging.getLogger(__name__)


def context_view(
    article: Article,
    at: int,
    lang: Lang,
    now: datetime,
    *,
    mark: tuple[int, int] = (0, 0),
    heading: str | None = None,
    back: bool = False,
    digits: Digits = "latin",
) -> Message:
    """The passage of `article` that holds the character `at`, with what was quoted in bold.

    `mark` is what was quoted, as offsets into the text. The article must have passages. `back`
    adds the button that shows the answer again.
    """
    words = texts(lang)
    passages = article.passages
    here = next((i for i, one in enumerate(passages) if at < one.end), len(passages) - 1)
    quote = _quoted(article, passages[here], mark)
    block = blockquote(quote, first=True)
    below = reference(article.ref, lang, now, digits)
    if len(passages) > 1:
        part = words.part.replace("{n}", number(here + 1, lang, digits))
        part = part.replace("{total}", number(len(passages), lang, digits))
        below += f"\n{lead(escape(part), lang)}"
    html = f"{block}\n{below}"
    if not faithful(block, quote) or not fits(html):
        log.error("a passage of article %d failed its check and was not sent", article.id)
        html = below
    if heading is not None and fits(headed := f"{question_line(heading, lang)}\n\n{html}"):
        html = headed
    turning: list[Button] = []
    for step, name in ((-1, words.previous), (1, words.following)):
        if 0 <= here + step < len(passages):
            data = f"c:{article.id}:{passages[here + step].start}:{mark[0]}:{mark[1]}"
            turning.append(Button(name, data))
    return Message(html, rows(lang, turning, [Button(words.back, "m:0")] if back else []))


def _quoted(article: Article, passage: Passage, mark: tuple[int, int]) -> Quote:
    start, end = (min(max(place, passage.start), passage.end) - passage.start for place in mark)
    return Quote(
        text=article.text[passage.start : passage.end],
        start=passage.start,
        end=passage.end,
        highlights=((start, end),) if start < end else (),
        score=0.0,
        article=article.ref,
    )
