"""«في سياقه»: an article's passages, one at a time, in the place of the answer or by a link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.handlers.questions import heading_of, question_of
from bot.handlers.reader import reader_of
from bot.handlers.replies import acknowledge, pressed, say, show
from bot.texts import texts
from bot.views import context_view, notice_view
from index.model import NotFoundError

if TYPE_CHECKING:
    from telegram import Message as TelegramMessage
    from telegram import Update
    from telegram.ext import ContextTypes

    from bot.handlers.reader import Reader
    from bot.message import Message
    from bot.services import Services
    from index.model import Article

_PAYLOAD = re.compile(r"p_(\d{1,12})_(\d{1,9})")


class Context:
    """Shows what stands around a quote."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def turn(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`c:<article>:<at>:<start>:<end>`: the passage at an offset, with what was quoted."""
        _, article, at, start, end = _numbers(update)
        await self._show(update, context, article, at, (start, end))

    async def nearest(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`n:<article>`: how one of the nearest articles begins."""
        _, article = _numbers(update)
        await self._show(update, context, article, 0, (0, 0))

    async def opened(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, payload: str
    ) -> bool:
        """The deep link `p_<article>_<start>`: that passage, as a message of its own."""
        found = _PAYLOAD.fullmatch(payload)
        if found is None:
            return False
        reader = await reader_of(update, self._services)
        article = await self._article(int(found[1]))
        gone = _gone(article, reader)
        if article is None or gone is not None:
            view = notice_view(gone or texts(reader.lang).no_article, reader.lang)
        else:
            view = self._view(article, int(found[2]), reader)
        await say(self._services, update, context, view)
        return True

    async def _show(
        self,
        update: Update,
        context: ContextTypes.DEFAULT_TYPE,
        number: int,
        at: int,
        mark: tuple[int, int],
    ) -> None:
        if (found := pressed(update)) is None:
            return
        query, message = found
        reader = await reader_of(update, self._services)
        article = await self._article(number)
        gone = _gone(article, reader)
        await acknowledge(query, gone)
        if article is not None and gone is None:
            view = self._view(article, at, reader, mark=mark, instead_of=message)
            await show(self._services, context, message, view)

    async def _article(self, number: int) -> Article | None:
        """An article with its passages: of a reprint, the one that it repeats."""
        bridge = self._services.bridge
        try:
            article = await bridge.call(bridge.archive.article, number)
            if article.duplicates_of is not None:
                article = await bridge.call(bridge.archive.article, article.duplicates_of)
        except NotFoundError:
            return None
        return article

    def _view(
        self,
        article: Article,
        at: int,
        reader: Reader,
        *,
        mark: tuple[int, int] = (0, 0),
        instead_of: TelegramMessage | None = None,
    ) -> Message:
        return context_view(
            article,
            at,
            reader.lang,
            self._services.now(),
            mark=mark,
            heading=heading_of(instead_of) if instead_of else None,
            back=instead_of is not None and question_of(instead_of) is not None,
            digits=reader.digits,
        )


def _gone(article: Article | None, reader: Reader) -> str | None:
    """What to say where an article cannot be shown."""
    words = texts(reader.lang)
    if article is not None and article.status != "live":
        return words.withdrawn
    return None if article is not None and article.passages else words.no_article


def _numbers(update: Update) -> list[int]:
    """The numbers in a button's data, after a 0 for its prefix; its handler's pattern has them."""
    data = (update.callback_query.data if update.callback_query else None) or ""
    return [0, *map(int, data.split(":")[1:])]
