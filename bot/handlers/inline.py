"""`@bot question` in any chat: quotes to choose from and send there.

A reader's client asks again with each pause in typing. Only the last of a reader's queries is
answered: the one before it ends when it comes, and nothing is asked before a short pause. Results
are the same for everybody, so that Telegram may keep them for all who type the same.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import InlineQueryHandler

from bot.bridge import BusyError
from bot.message import Button, Message
from bot.posting import markup
from bot.texts import date_text, problem_of, texts
from bot.texts import inline as said
from bot.typography import isolate, lead, shorten, tidy
from bot.views import answer_view, notice_view

if TYPE_CHECKING:
    from datetime import datetime

    from telegram import InlineQuery, Update
    from telegram.ext import BaseHandler, ContextTypes

    from bot.services import Services
    from index.model import Answer, Quote

PAUSE = 0.3
"""Seconds without a further letter before the archive is asked."""

QUOTES = 8
"""Quotes to choose from; Telegram takes 50, and shows about four at a time."""

_SHORTEST = 3  # letters: two are hardly a question yet
_KEPT = 300  # seconds that Telegram may give the same results: news may come
_HINT_KEPT = 86_400
_TITLE, _DESCRIPTION = 100, 200  # a client shows less


class Inline:
    """Answers inline queries."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._asking: dict[int, asyncio.Task[None]] = {}

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        """What they handle."""
        return [InlineQueryHandler(self.typed)]

    async def typed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a query, unless its reader types on; that ends the one before."""
        query = update.inline_query
        if query is None:
            return
        who = query.from_user.id
        if (before := self._asking.get(who)) is not None:
            before.cancel()
        task = asyncio.create_task(self._answer(query, context.bot.username))
        self._asking[who] = task
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()  # where we are ourselves: the bot stops
            if self._asking.get(who) is task:
                del self._asking[who]
        if not task.cancelled():
            task.result()

    async def _answer(self, query: InlineQuery, username: str) -> None:
        question = " ".join(query.query.split())
        if not question:
            await _give(query, [_hint(username)], said.ASK_HERE, keep=_HINT_KEPT)
        elif sum(map(str.isalpha, question)) < _SHORTEST or problem_of(question) is not None:
            await _give(query, [], said.ASK_HERE, keep=_KEPT)
        else:
            await asyncio.sleep(PAUSE)
            try:
                await self._ask(query, question, username)
            except BusyError:
                self._services.metrics.busy("inline")
                await _give(query, [], said.BUSY, keep=0)

    async def _ask(self, query: InlineQuery, question: str, username: str) -> None:
        """Give what the archive says. Raises `BusyError`."""
        with self._services.metrics.question("inline") as counted:
            answer = await self._services.bridge.ask(question, limit=QUOTES)
            counted.answered(answer)
            results = quotes_of(answer, username, self._services.now())
            button = said.ASK_HERE if results else said.NO_ANSWER
            await _give(query, results, button, keep=_KEPT)


def quotes_of(answer: Answer, username: str, now: datetime) -> list[InlineQueryResultArticle]:
    """A result for each quote: what it sends is an answer with that quote alone.

    In the place of the buttons that only work in a chat with us is a link to one.
    """
    results = []
    for quote in answer.quotes if answer.answered else ():
        alone = replace(answer, quotes=(quote,), timeline=False)
        html = answer_view(alone, "ar", now).html
        if "<blockquote" not in html:  # it failed its check
            continue
        link = f"https://t.me/{username}?start=p_{quote.article.id}_{quote.start}"
        message = Message(html, ((Button(said.IN_CONTEXT, url=link),),))
        name = f"{quote.article.id}:{quote.start}:{quote.end}"
        results.append(_result(name, _title(quote), _about(quote, now), message))
    return results


def _title(quote: Quote) -> str:
    return shorten(tidy(quote.article.title), _TITLE) or texts("ar").untitled


def _about(quote: Quote, now: datetime) -> str:
    """The source and the date, then the answer, or how the quote begins where none is marked."""
    start, end = quote.highlights[0] if quote.highlights else (0, len(quote.text))
    source = tidy(quote.article.source or "")
    dated = [isolate(source)] if source else []
    dated.append(date_text(quote.article.published, "ar", now))
    lines = (" · ".join(dated), shorten(tidy(quote.text[start:end]), _DESCRIPTION))
    return "\n".join(lead(line, "ar") for line in lines)


def _hint(username: str) -> InlineQueryResultArticle:
    how = notice_view(said.HOW.format(name=isolate(f"@{username}")), "ar")
    return _result("hint", said.HINT, said.HINT_MORE, how)


def _result(name: str, title: str, about: str, message: Message) -> InlineQueryResultArticle:
    content = InputTextMessageContent(
        message.html,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    return InlineQueryResultArticle(
        name, title, content, reply_markup=markup(message), description=about
    )


async def _give(
    query: InlineQuery, results: list[InlineQueryResultArticle], button: str, *, keep: int
) -> None:
    with suppress(BadRequest):  # too old: the reader has typed on, or gone
        await query.answer(
            results,
            cache_time=keep,
            is_personal=False,
            button=InlineQueryResultsButton(button, start_parameter="inline"),
        )
