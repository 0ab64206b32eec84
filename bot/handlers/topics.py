"""/topics: what a chat follows, and what can be done about it, in the list and under an alert."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.handlers.follow import may_choose
from bot.handlers.questions import addressed
from bot.handlers.reader import reader_of
from bot.handlers.replies import acknowledge, beside, pressed, say, show
from bot.handlers.spoken import NEW, spoken
from bot.store import topics
from bot.store.digests import stamp
from bot.texts.topics import topic_texts
from bot.views.topics import card_view, sources_view, topics_view
from bot.words import words as words_of

if TYPE_CHECKING:
    from telegram import Message as TelegramMessage
    from telegram import Update
    from telegram.ext import BaseHandler, ContextTypes

    from bot.handlers.reader import Reader
    from bot.message import Message
    from bot.services import Services
    from bot.store.topics import Topic

_PRESSED = r"^t:([lr]:\d{1,6}|([cmunwxo]|a[mnx]):\d{1,12})$"

_STOPS = re.compile(
    r"(?:(?:[أا]وقفي?|وقفي?|إيقاف|ايقاف|[أا]لغي?|[إا]لغاء) متابع[ةه]|لا تتابعي?) (?P<topic>\S.*)"
)

_DAY = timedelta(days=1)


class _Stops(filters.MessageFilter):
    """Messages to the bot that begin with «أوقف متابعة»."""

    def filter(self, message: TelegramMessage) -> bool:
        return _to_stop(message) is not None


class Topics:
    """Shows topics and changes them; in a group its admins do."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Any, Any, None]]:
        """What is handled here."""
        return [
            *spoken("topics", self.command),
            MessageHandler(NEW & filters.TEXT & _Stops(), self.stopping),
            CallbackQueryHandler(self.pressed, _PRESSED),
        ]

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/topics."""
        if update.message is not None:
            reader = await reader_of(update, self._services)
            view = await self._list(update.message.chat.id, reader)
            await say(self._services, update, context, view)

    async def stopping(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """«أوقف متابعة …»: the card of that topic, with its button; else the list."""
        message = update.message
        if message is None:
            return
        reader, chat = await reader_of(update, self._services), message.chat.id
        said = words_of(_to_stop(message) or "")
        followed = await self._services.store.read(topics.of_chat, chat)
        meant = next((topic.id for topic in followed if words_of(topic.text) == said), None)
        view = await (self._card(chat, meant, reader) if meant else self._list(chat, reader))
        await say(self._services, update, context, view)

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Lists (`l`, `r` of sources), a card (`c`, `o` beside an alert), what is done on it.

        `m` and `u` mute and unmute, `n` and `w` narrow and widen, `x` stops; `am`, `an`, `ax` do
        the same under an alert, which stays as it is.
        """
        if (found := pressed(update)) is None:
            return
        query, message = found
        reader = await reader_of(update, self._services)
        _, what, value = (query.data or "").split(":")
        chat, number = message.chat.id, int(value)
        if what in ("l", "r"):
            await acknowledge(query)
            view = await (self._list if what == "l" else self._sources)(chat, reader, number)
            await show(self._services, context, message, view)
            return
        words = topic_texts(reader.lang)
        topic = await self._services.store.read(topics.get, chat, number)
        if topic is None:
            await acknowledge(query, words.gone)
            if what not in ("am", "an", "ax", "o"):
                await show(self._services, context, message, await self._list(chat, reader))
            return
        if what not in ("c", "o") and not await may_choose(update, context):
            await acknowledge(query, words.admins_only)
            return
        await acknowledge(query, await self._done(topic, what.removeprefix("a"), reader))
        view = await self._card(chat, number, reader)
        if what == "o":
            await self._services.courier.send(context.bot, beside(message), [view])
        elif not what.startswith("a"):
            await show(self._services, context, message, view)

    async def _done(self, topic: Topic, what: str, reader: Reader) -> str | None:
        """Do what a button says; the line that says it was done."""
        words, store = topic_texts(reader.lang), self._services.store
        chat, number = topic.chat_id, topic.id
        match what:
            case "m":
                until = stamp(self._services.now() + _DAY)
                await store.write(topics.change, chat, number, muted_until=until)
                return words.muted
            case "u":
                await store.write(topics.change, chat, number, muted_until=None)
                return words.unmuted
            case "n" | "w":
                width = topic.width + (1 if what == "w" else -1)
                if not -2 <= width <= 2:
                    return words.widest if what == "w" else words.narrowest
                await store.write(topics.change, chat, number, width=width)
                return f"{topic.text}: {words.widths[width + 2]}"
            case "x":
                await store.write(topics.drop, chat, number)
                return words.stopped
        return None

    async def _list(self, chat: int, reader: Reader, offset: int = 0) -> Message:
        followed = await self._services.store.read(topics.of_chat, chat)
        return topics_view(followed, reader.lang, offset=offset)

    async def _sources(self, _chat: int, reader: Reader, offset: int) -> Message:
        bridge = self._services.bridge
        names = await bridge.call(bridge.archive.topics.sources)
        return sources_view(names, reader.lang, offset=offset)

    async def _card(self, chat: int, number: int, reader: Reader) -> Message:
        """A topic as it is now; the list where it is followed no longer."""
        topic = await self._services.store.read(topics.get, chat, number)
        if topic is None:
            return await self._list(chat, reader)
        muted = topic.muted_until is not None and topic.muted_until > stamp(self._services.now())
        return card_view(topic, reader.lang, muted=muted)


def _to_stop(message: TelegramMessage) -> str | None:
    """The topic that a message to the bot asks to be told of no more."""
    said = addressed(message, message.get_bot())
    found = _STOPS.fullmatch(" ".join(said.split())) if said else None
    return found["topic"] if found else None
