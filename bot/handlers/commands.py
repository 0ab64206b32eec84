"""/start, /help, /sources, /stats, /cancel, and the lines for what we cannot do anything with."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from bot.handlers.reader import is_private, reader_of
from bot.handlers.replies import acknowledge, pressed, say, show
from bot.store import dialogs, totals
from bot.texts import problem_of, texts
from bot.views import help_view, notice_view, sources_view, start_view, stats_view

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import ContextTypes

    from bot.handlers.reader import Reader
    from bot.message import Message
    from bot.services import Services

Opened = Callable[["Update", "ContextTypes.DEFAULT_TYPE", str], Awaitable[bool]]
"""Takes the payload of a deep link; returns false where it means nothing."""

Captioned = Callable[["Update", "ContextTypes.DEFAULT_TYPE"], Awaitable[None]]
"""Takes a message that may be a question."""


class Commands:
    """Answers without asking the archive anything.

    `opened` has, by what is before the first `_` of a deep link's payload, who takes it;
    `captioned` takes a picture whose caption may be a question.
    """

    def __init__(
        self, services: Services, opened: Mapping[str, Opened], captioned: Captioned
    ) -> None:
        self._services = services
        self._opened = opened
        self._captioned = captioned
        self._albums: deque[str] = deque(maxlen=64)

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/start, alone or with the payload of a deep link; one that is unknown is ignored."""
        _, *rest = ((update.message.text or "") if update.message else "").split(maxsplit=1)
        payload = "".join(rest)
        opened = self._opened.get(payload.partition("_")[0]) if "_" in payload else None
        if opened is not None and await opened(update, context, payload):
            return
        reader = await reader_of(update, self._services, meet=True)
        await self._say(update, context, start_view(reader.lang, self._services.examples))

    async def help(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/help."""
        reader = await reader_of(update, self._services, meet=True)
        await self._say(update, context, help_view(reader.lang))

    async def sources(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/sources: the first page of them."""
        reader = await reader_of(update, self._services, meet=True)
        await self._say(update, context, await self._sources(reader, 0))

    async def turn_sources(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`s:sources:<offset>`: another page of them, in place."""
        if (found := pressed(update)) is None:
            return
        query, message = found
        reader = await reader_of(update, self._services)
        view = await self._sources(reader, int((query.data or "").rpartition(":")[2]))
        await acknowledge(query)
        await show(self._services, context, message, view)

    async def stats(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/stats: numbers, for administrators; to all others no command at all."""
        user = update.effective_user
        if user is None or user.id not in self._services.admins:
            await self.unknown(update, context)
            return
        reader = await reader_of(update, self._services)
        counts = await self._counts()
        held = {"articles": sum(counts.values()), "sources": len(counts)}
        numbers = held | await self._services.store.read(totals.counts)
        await self._say(update, context, stats_view(numbers, reader.lang, reader.digits))

    async def cancel(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/cancel: what we waited to be told is waited for no longer."""
        if update.message is None:
            return
        reader = await reader_of(update, self._services)
        words = texts(reader.lang)
        waited = await self._services.store.write(dialogs.end, update.message.chat.id)
        text = words.cancelled if waited else words.nothing_to_cancel
        await self._say(update, context, notice_view(text, reader.lang))

    async def unknown(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A command that is none of ours. In a group it is somebody else's: silence."""
        if update.message and is_private(update.message):
            reader = await reader_of(update, self._services)
            view = notice_view(texts(reader.lang).unknown_command, reader.lang)
            await self._say(update, context, view)

    async def not_text(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A picture, a voice, a sticker … Its caption is its question; one line for an album."""
        if not update.message:
            return
        album = update.message.media_group_id
        seen = album is not None and album in self._albums
        if album is not None and not seen:
            self._albums.append(album)
        if problem_of(update.message.caption or "") not in ("empty", "no_letters"):
            await self._captioned(update, context)
            return
        if seen or not is_private(update.message):
            return
        reader = await reader_of(update, self._services)
        await self._say(update, context, notice_view(texts(reader.lang).not_text, reader.lang))

    async def _sources(self, reader: Reader, offset: int) -> Message:
        counts = await self._counts()
        ranked = sorted(counts.items(), key=lambda one: (one[0] is None, -one[1], one[0] or ""))
        return sources_view(ranked, reader.lang, reader.digits, offset=offset)

    async def _counts(self) -> Counter[str | None]:
        """Articles by source."""
        bridge = self._services.bridge

        def count() -> Counter[str | None]:
            return Counter(ref.source for ref in bridge.archive.articles())

        return await bridge.call(count)

    async def _say(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, message: Message
    ) -> None:
        await say(self._services, update, context, message)
