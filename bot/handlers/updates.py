"""How updates are run: what a chat writes in its order, chats beside one another.

A question waits for the earlier ones of its chat, and begins when few are at work. What must not
wait behind a slow one does not: commands other than /ask (so /start and /cancel, and «إلغاء» in
words), pressed buttons, inline queries, and whatever in a group is not meant for us. Whoever asks
too much is told so once, then nothing for a while.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.handlers.questions import addressed, text_of
from bot.handlers.reader import is_private, lang_for
from bot.handlers.replies import acknowledge, interrupted, spinning
from bot.intake import AT_HAND
from bot.metrics import BEGUN
from bot.posting import Target
from bot.quota import Quota
from bot.texts import command_of, texts
from bot.texts.crowd import crowd
from bot.turns import FullError, Turns
from bot.views import notice_view
from index.model import StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    from telegram import Bot, Message

    from bot.intake import Payload
    from bot.services import Services

log = logging.getLogger(__name__)

AT_ONCE = 4096
"""Updates at work: many more than the bridge's queue holds, so that no greeting waits for one."""

PER_MINUTE = 20
"""What a person may send or press in a minute: an answer every three seconds."""

QUESTIONS_AT_WORK = 32
"""Questions begun at a time: two batches of the bridge, and those being looked up or sent. The
others wait where they cost nothing, so that a greeting finds the event loop and the store free."""

QUESTIONS_WAITING = 256
"""Questions that wait to be begun: some tens of seconds of work where the reader is on."""

_WINDOW = 60.0
_IN_PRIVATE, _IN_A_GROUP = 3, 12  # questions of a chat that are being answered or wait
_ASK = re.compile(r"/ask(@|\s|$)", re.IGNORECASE)


class _NoRoomError(Exception):
    """Too many questions wait, of all chats."""


class Updates(BaseUpdateProcessor):
    """Runs updates and knows which are running, so that stopping can end.

    `done` is told the number of each update that was handled, refused ones too, and not of those
    that were cancelled.
    """

    def __init__(self, services: Services, done: Callable[[int], Awaitable[None]]) -> None:
        super().__init__(max_concurrent_updates=AT_ONCE)
        self._services = services
        self._done = done
        self._turns = Turns()
        self._work = asyncio.Semaphore(QUESTIONS_AT_WORK)
        self._room = QUESTIONS_AT_WORK + QUESTIONS_WAITING
        self._quota = Quota(PER_MINUTE, _WINDOW)
        self._waiting: set[asyncio.Task[Any]] = set()
        self._running: set[asyncio.Task[Any]] = set()
        self._interrupted: set[int] = set()

    def take(self, update: Update, *, interrupted: bool) -> None:
        """`update` is about to come; `interrupted`: its answer may have left before a kill."""
        if interrupted and lane_of(update) is not None:
            self._interrupted.add(update.update_id)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        assert isinstance(update, Update)
        task = asyncio.current_task()
        assert task is not None
        handling = cast("Coroutine[Any, Any, Any]", coroutine)
        self._waiting.add(task)
        AT_HAND.set(update.update_id)
        BEGUN.set(time.perf_counter())
        try:
            await self._in_turn(update, handling, task)
        finally:
            self._waiting.discard(task)
            self._running.discard(task)
            handling.close()  # where it never began
        try:
            await self._done(update.update_id)
        except StoreError as error:
            log.error("an update was handled and could not be noted as such: %s", error)

    async def _in_turn(
        self, update: Update, handling: Coroutine[Any, Any, Any], task: asyncio.Task[Any]
    ) -> None:
        user, now = update.effective_user, asyncio.get_running_loop().time()
        who = user.id if user and is_meant(update) else 0
        verdict = self._quota.take(who, now) if who else "yes"
        text = crowd(lang_for(update)).slow_down
        if verdict == "yes":
            try:
                async with self._turn(update):
                    self._waiting.discard(task)
                    self._running.add(task)
                    if update.update_id in self._interrupted:
                        await self._interruption(update)
                    else:
                        async with spinning(update.callback_query):
                            await handling
                    return
            except FullError:
                text = texts(lang_for(update)).chat_busy
            except _NoRoomError:
                text = texts(lang_for(update)).busy
            self._services.metrics.busy("private" if (lane_of(update) or 0) > 0 else "group")
            verdict = self._quota.refuse(who, now)
        if verdict == "tell":
            await self._tell(update, text)

    @asynccontextmanager
    async def _turn(self, update: Update) -> AsyncIterator[None]:
        chat = lane_of(update)
        if chat is None:
            yield
            return
        if not self._room:
            raise _NoRoomError
        async with self._turns.take(chat, _IN_PRIVATE if chat > 0 else _IN_A_GROUP):
            self._room -= 1
            try:
                async with self._work:
                    yield
            finally:
                self._room += 1

    async def _tell(self, update: Update, text: str) -> None:
        message = update.message or update.edited_message
        if update.callback_query is not None:
            await acknowledge(update.callback_query, crowd(lang_for(update)).press_later)
        elif message is not None:
            view = notice_view(text, lang_for(update))
            await self._services.courier.send(update.get_bot(), Target.of(message), [view])

    async def _interruption(self, update: Update) -> None:
        """Say that the answer may be there already."""
        self._interrupted.discard(update.update_id)
        await interrupted(self._services, update)

    def cancel_waiting(self) -> int:
        """Cancel what has not begun; how many that was."""
        return _cancel(self._waiting)

    def cancel(self) -> int:
        """Cancel all; how many that was."""
        return _cancel(self._waiting | self._running)

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""


def read_update(payload: Payload, bot: Bot) -> Update | None:
    """The update that Telegram's JSON holds.

    None, having logged it, where this version of the library cannot read it: it waits for a later
    one, and holds up no other.
    """
    try:
        return Update.de_json(dict(payload), bot)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, OSError) as error:
        # the last two: a date that no calendar has
        log.error("update %s cannot be read: %s", payload.get("update_id"), type(error).__name__)
        return None


def is_meant(update: Update) -> bool:
    """Whether a person wants something of us: not so most of what a group's members write."""
    if update.callback_query is not None:
        return True
    message = update.message or update.edited_message
    return message is not None and _is_ours(message)


def lane_of(update: Update) -> int | None:
    """The chat whose earlier questions `update` waits for; None where it runs at once."""
    if post := update.channel_post or update.edited_channel_post:
        return post.chat.id
    message = update.message or update.edited_message
    if message is None or not text_of(message) or not _is_ours(message):
        return None
    if text_of(message).startswith("/") and not _ASK.match(text_of(message)):
        return None
    return None if command_of(addressed(message, message.get_bot()) or "") else message.chat.id


def _is_ours(message: Message) -> bool:
    if is_private(message) or addressed(message, message.get_bot()) is not None:
        return True
    command, _, name = (message.text or "").partition(" ")[0].partition("@")
    return command.startswith("/") and name.casefold() in (
        "",
        message.get_bot().username.casefold(),
    )


def _cancel(tasks: set[asyncio.Task[Any]]) -> int:
    for task in tasks:
        task.cancel()
    return len(tasks)
