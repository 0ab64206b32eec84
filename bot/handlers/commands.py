"""/start, /help, and the lines for what the bot cannot do anything with."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from bot.handlers.delivery import Target
from bot.texts import lang_of, texts
from bot.views import help_view, notice_view, start_view

if TYPE_CHECKING:
    from telegram import Message as TelegramMessage
    from telegram import Update
    from telegram.ext import ContextTypes

    from bot.message import Message
    from bot.services import Services
    from bot.typography import Lang


def lang_for(update: Update) -> Lang:
    """The language of whoever sent `update`."""
    user = update.effective_user
    return lang_of(user.language_code if user else None)


def is_private(message: TelegramMessage) -> bool:
    """Whether `message` is in a chat of one person with the bot."""
    return message.chat.type == message.chat.PRIVATE


class Commands:
    """Answers at once and never touches the archive."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._albums: deque[str] = deque(maxlen=64)

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/start. A deep link's payload is ignored for now."""
        await self._say(update, context, start_view(lang_for(update), self._services.examples))

    async def help(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/help."""
        await self._say(update, context, help_view(lang_for(update)))

    async def unknown(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A command that is none of ours. In a group it is somebody else's: silence."""
        if update.message and is_private(update.message):
            words = texts(lang_for(update))
            await self._notice(update, context, words.unknown_command)

    async def not_text(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A picture, a voice, a sticker … One line for a whole album."""
        if not update.message or not is_private(update.message):
            return
        album = update.message.media_group_id
        if album is not None:
            if album in self._albums:
                return
            self._albums.append(album)
        await self._notice(update, context, texts(lang_for(update)).not_text)

    async def _notice(self, update: Update, context: ContextTypes.DEFAULT_TYPE, text: str) -> None:
        await self._say(update, context, notice_view(text, lang_for(update)))

    async def _say(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, message: Message
    ) -> None:
        if update.message:
            await self._services.courier.send(context.bot, Target.of(update.message), [message])
