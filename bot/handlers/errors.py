"""What happens when a handler fails: an apology to the reader, a traceback to the operator.

What may stand in it is said in `bot.logs`. Where it is Telegram that failed there is no traceback,
and who asked is told that the answer may have arrived.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from telegram import Update
from telegram.error import ChatMigrated, TelegramError

from bot.handlers.reader import lang_for, reader_of
from bot.handlers.replies import interrupted
from bot.handlers.updates import lane_of
from bot.logs import private_traceback
from bot.posting import Target, may_have_arrived
from bot.store import chats
from bot.views import failed_view, notice_view
from index.model import IsnadError

if TYPE_CHECKING:
    from datetime import datetime

    from telegram import Bot
    from telegram.ext import ContextTypes

    from bot.message import Message
    from bot.services import Services
    from bot.typography import Lang

log = logging.getLogger(__name__)

_REPORT_EVERY = timedelta(minutes=1)
_FRAMES = 3


class Failures:
    """The application's error handler."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._reports = Reports(services)

    async def handle(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Log the error under a short random name, give the reader that name, tell the admins."""
        error = context.error
        if error is None:
            return
        error_id = secrets.token_hex(4)
        if may_have_arrived(error):
            log.warning("error %s: Telegram failed: %s", error_id, type(error).__name__)
        else:
            log.error("error %s\n%s", error_id, private_traceback(error))
        if isinstance(update, Update):
            try:
                await self._tell(update, context.bot, error, error_id)
            except TelegramError as err:
                _untold(error_id, err)
        for admin, report in self._reports.of(error, error_id):
            try:
                await self._services.courier.send(context.bot, Target(admin), [report])
            except TelegramError as err:
                _untold(error_id, err)

    async def _tell(self, update: Update, bot: Bot, error: BaseException, error_id: str) -> None:
        """Tell the reader, if one waited for an answer."""
        if may_have_arrived(error) and lane_of(update) is not None:
            await interrupted(self._services, update)
        elif (target := _target_of(update)) is not None:
            lang = await self._known(update, target, error)
            await self._services.courier.insist(bot, target, failed_view(lang, error_id))

    async def _known(self, update: Update, target: Target, error: BaseException) -> Lang:
        """The reader's language; and a group that moved is known by its new number from now on."""
        try:
            if isinstance(error, ChatMigrated):
                await self._services.store.write(chats.migrate, target.chat, error.new_chat_id)
            return (await reader_of(update, self._services)).lang
        except IsnadError:  # the store may be what failed
            return lang_for(update)


class Reports:
    """What administrators are told of errors: which and where, nothing of whom or of what was said.

    Of the same error at the same place one a minute; the next says how many there were since.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known: dict[tuple[type, str], tuple[datetime, int]] = {}

    def of(self, error: BaseException, error_id: str) -> list[tuple[int, Message]]:
        """The message to send to each administrator; none where it is too early."""
        place, now = _place(error), self._services.now()
        key = type(error), place
        last, unsaid = self._known.get(key, (None, 0))
        if last is not None and now - last < _REPORT_EVERY:
            self._known[key] = last, unsaid + 1
            return []
        self._known[key] = now, 0
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        text = f"error {error_id}: {kind} at {place}" + (f", and {unsaid} more" if unsaid else "")
        return [(admin, notice_view(text, "en")) for admin in sorted(self._services.admins)]


def _untold(error_id: str, err: TelegramError) -> None:
    log.warning("error %s: could not be told of: %s", error_id, type(err).__name__)


def _place(error: BaseException) -> str:
    """Where it was raised, and by whom of ours that was called: "index/db.py:56 < bot/…"."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno}"
        for frame in reversed(frames)
        if "site-packages" not in frame.filename
    ]
    return " < ".join(ours[:_FRAMES]) or "a place unknown"


def _target_of(update: Update) -> Target | None:
    """Where the apology for `update` goes: only to somebody who was waiting for an answer."""
    if update.message:
        return Target.of(update.message)
    if update.callback_query and update.callback_query.message:
        return Target(update.callback_query.message.chat.id)
    return None
