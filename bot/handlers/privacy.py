"""/privacy, /mydata, /forget: what is kept of a chat, to be seen and to be erased."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from telegram import BotCommandScopeChat
from telegram.error import TelegramError

from bot.handlers.reader import reader_of
from bot.handlers.replies import acknowledge, in_private, pressed, say, show
from bot.posting import Target
from bot.store import chats, dialogs, totals
from bot.texts.privacy import PRIVACY
from bot.views import forget_view, notice_view, privacy_view
from bot.views.layout import lines

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import ContextTypes

    from bot.handlers.questions import Recent
    from bot.services import Services

log = logging.getLogger(__name__)

FORGET = "forget"
"""What the dialog is for in which it is asked whether to erase everything."""

_WAIT = timedelta(minutes=10)


class Privacy:
    """Shows what is kept, and erases it."""

    def __init__(self, services: Services, recent: Recent) -> None:
        self._services = services
        self._recent = recent

    async def privacy(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/privacy."""
        reader = await reader_of(update, self._services)
        await say(self._services, update, context, privacy_view(reader.lang))

    async def mydata(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/mydata: all that is kept of the chat, as a JSON file."""
        if update.message is None or not await in_private(self._services, update, context):
            return
        reader = await reader_of(update, self._services)
        kept = await self._services.store.read(totals.of_chat, update.message.chat.id)
        content = json.dumps(kept, ensure_ascii=False, indent=2).encode()
        caption = lines([PRIVACY[reader.lang].mydata], reader.lang)
        await self._services.courier.send_file(
            context.bot,
            Target.of(update.message),
            content,
            name="isnad-mydata.json",
            caption=caption,
        )

    async def forget(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/forget: asks once, and waits for the answer a while."""
        message = update.message
        if message is None or not await in_private(self._services, update, context):
            return
        reader = await reader_of(update, self._services)
        expires = (self._services.now() + _WAIT).isoformat(timespec="seconds")
        state = {"for": FORGET}
        await self._services.store.write(
            dialogs.begin, message.chat.id, state=state, expires_at=expires
        )
        await say(self._services, update, context, forget_view(reader.lang))

    async def decided(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`x:yes` erases everything, what is queued for the chat too; `x:no` nothing.

        Nor does `x:yes` where it is waited for no longer: by then /cancel took it back.
        """
        if (found := pressed(update)) is None:
            return
        query, message = found
        reader = await reader_of(update, self._services)
        words, chat = PRIVACY[reader.lang], message.chat.id
        wanted, text = query.data == "x:yes", words.kept
        if await self._asked(chat):
            await self._services.store.write(chats.forget if wanted else dialogs.end, chat)
        elif wanted:
            wanted, text = False, words.forget_expired
        if wanted:
            self._recent.forget(chat)
            text = words.forgotten
        await acknowledge(query)
        view = notice_view(text, reader.lang)
        await show(self._services, context, message, view)
        if wanted:
            try:
                scope = BotCommandScopeChat(chat)
                await context.bot.delete_my_commands(scope=scope)
            except TelegramError as err:
                log.warning("a chat's own menu was not removed: %s", type(err).__name__)

    async def _asked(self, chat: int) -> bool:
        """Whether the chat was asked if all should be erased, and is waited for."""
        now = self._services.now().isoformat(timespec="seconds")
        state = await self._services.store.read(dialogs.waiting, chat, now=now)
        return state is not None and state["for"] == FORGET
