"""/broadcast: a message to everybody, in two steps, for administrators only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot.handlers.reader import reader_of
from bot.handlers.replies import acknowledge, pressed, say, show
from bot.handlers.spoken import NEW
from bot.limits import PER_SECOND
from bot.message import Button, Message
from bot.store import broadcasts
from bot.texts import plural
from bot.texts.admin import ADMIN
from bot.views import notice_view

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import BaseHandler, ContextTypes

    from bot.handlers.reader import Reader
    from bot.services import Services


class Broadcast:
    """Shows an administrator what everybody would get, and how many that is; sends on a button."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        """What it handles. To anybody else /broadcast is a command we do not know."""
        admins = filters.User(user_id=self._services.admins)
        return [
            CommandHandler("broadcast", self.command, NEW & filters.ChatType.PRIVATE & admins),
            CallbackQueryHandler(self.decided, r"^b:[yn]:\d{1,12}$"),
        ]

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/broadcast MESSAGE, formatted as it is to be: the dry run."""
        if update.message is None or update.message.from_user is None:
            return
        reader = await reader_of(update, self._services)
        _, *rest = update.message.text_html.split(maxsplit=1)
        if not rest:
            await self._say(update, context, ADMIN[reader.lang].usage, reader)
            return
        message = Message(rest[0])
        store, now = self._services.store, self._services.now()
        number = await store.write(
            broadcasts.draft,
            message,
            by=update.message.from_user.id,
            now=now.isoformat(timespec="seconds"),
        )
        readers, waiting = await store.read(broadcasts.reach)
        await say(self._services, update, context, message)
        await say(self._services, update, context, dry_run_view(number, readers, waiting, reader))

    async def decided(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`b:y:<number>` sends the draft, `b:n:<number>` drops it; each once."""
        button = pressed(update)
        if button is None:
            return
        query, message = button
        await acknowledge(query)
        by = query.from_user.id
        if by not in self._services.admins:
            return
        _, choice, digits = (query.data or "").split(":")
        number = int(digits)
        reader = await reader_of(update, self._services)
        words, store = ADMIN[reader.lang], self._services.store
        if choice == "n":
            dropped = await store.write(broadcasts.drop, number, by=by)
            text = words.dropped if dropped else words.too_late
        else:
            now = self._services.now().isoformat(timespec="seconds")
            readers = await store.write(broadcasts.confirm, number, by=by, now=now)
            text = words.too_late
            if readers is not None:
                text = words.started.format(readers=_readers(readers, reader))
        await show(self._services, context, message, notice_view(text, reader.lang))

    async def _say(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, text: str, reader: Reader
    ) -> None:
        await say(self._services, update, context, notice_view(text, reader.lang))


def dry_run_view(number: int, readers: int, waiting: int, reader: Reader) -> Message:
    """«سيصل إلى 412», how long that takes behind the `waiting` letters, and the two buttons."""
    words = ADMIN[reader.lang]
    seconds = (readers + waiting) / PER_SECOND
    minutes = plural(round(seconds / 60), words.minutes, reader.lang, reader.digits)
    text = words.dry_run.format(
        readers=_readers(readers, reader), time=minutes if seconds >= 60 else words.soon
    )
    keyboard = (Button(words.send, f"b:y:{number}"), Button(words.drop, f"b:n:{number}"))
    return Message(notice_view(text, reader.lang).html, (keyboard,))


def _readers(count: int, reader: Reader) -> str:
    return plural(count, ADMIN[reader.lang].readers, reader.lang, reader.digits)
