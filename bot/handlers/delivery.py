"""Sending what somebody just asked for: patient with the flood limit, never twice.

A message goes out again only where Telegram said it was not accepted (429), or where the request
cannot have left this machine (no connection was made). After a timeout or a lost connection it
may have arrived, and it is not repeated: better an answer missing than an answer twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import httpx
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from telegram import Bot
    from telegram import Message as TelegramMessage

    from bot.message import Message

log = logging.getLogger(__name__)

# Longer waits mean that something is wrong; whoever asked has gone by then.
_LONGEST_WAIT = 60.0
_TRIES = 4
# A chat that is being held back gets its last few replies when the hold ends, not hundreds.
_HELD_PER_CHAT = 3
# Telegram shows the action for 5 seconds.
_TYPING_EVERY = 4.5
# An answer does not wait longer than this for its own "typing" to have been sent.
_TYPING_GRACE = 1.0
_NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reply goes: a chat, a topic of a forum, the message it answers (in groups)."""

    chat: int
    thread: int | None = None
    reply_to: int | None = None

    @classmethod
    def of(cls, message: TelegramMessage) -> Target:
        """The place to answer `message`: in a group as a reply to it, so it is seen to whom."""
        private = message.chat.type == message.chat.PRIVATE
        return cls(
            message.chat.id,
            message.message_thread_id if message.is_topic_message else None,
            None if private else message.message_id,
        )


class Clock(Protocol):
    """What waiting needs; a test's is quicker."""

    def now(self) -> float:
        """Seconds that only ever grow."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        ...


class SystemClock:
    """The real one."""

    def now(self) -> float:
        """See `Clock`."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See `Clock`."""
        await asyncio.sleep(seconds)


class Courier:
    """Sends messages and "typing", chat by chat: one chat's flood limit holds up no other."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._held_until: dict[int, float] = {}
        self._waiting: Counter[int] = Counter()

    async def send(self, bot: Bot, target: Target, messages: Sequence[Message]) -> bool:
        """Send `messages` in order; the first as the reply.

        Returns false, having logged why, where the chat cannot or must not be written to now: it
        blocked the bot, or Telegram asks for a longer wait than is worth it. Other refusals are
        raised as the `TelegramError` they are.
        """
        for message in messages:
            if not await self._send_one(bot, target, message):
                return False
            target = replace(target, reply_to=None)
        return True

    @asynccontextmanager
    async def typing(self, bot: Bot, target: Target) -> AsyncIterator[None]:
        """Show "typing" for as long as the block runs; failures to show it do not matter."""
        done = asyncio.Event()
        task = asyncio.create_task(self._type(bot, target, done))
        try:
            yield
        finally:
            done.set()
            # Cancelling a request that is on its way would close its connection, and could let
            # it arrive after the answer, where it would hang for 5 seconds.
            with suppress(TimeoutError):
                await asyncio.wait_for(task, _TYPING_GRACE)

    async def _type(self, bot: Bot, target: Target, done: asyncio.Event) -> None:
        while not done.is_set():
            if not self._hold_left(target.chat):
                try:
                    await bot.send_chat_action(
                        target.chat, ChatAction.TYPING, message_thread_id=target.thread
                    )
                except RetryAfter as err:
                    self._hold(target.chat, err)
                except TelegramError as err:
                    log.debug("typing was not shown: %s", type(err).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), _TYPING_EVERY)

    async def _send_one(self, bot: Bot, target: Target, message: Message) -> bool:
        reconnected = False
        for _ in range(_TRIES):
            if not await self._wait_out_hold(target.chat):
                return False
            try:
                await _post(bot, target, message)
            except RetryAfter as err:
                self._hold(target.chat, err)
            except ChatMigrated as err:  # the group became a supergroup; nothing was sent
                target = replace(target, chat=err.new_chat_id, reply_to=None)
            except Forbidden:
                log.info("a reply was refused: the bot was blocked or removed")
                return False
            except NetworkError as err:
                if reconnected or not isinstance(err.__cause__, _NO_CONNECTION):
                    raise
                reconnected = True
                await self._clock.sleep(1)
            else:
                return True
        log.warning("a reply was given up after %d tries", _TRIES)
        return False

    def _hold(self, chat: int, err: RetryAfter) -> None:
        # an int or a timedelta, by an environment variable of the library
        after = err.retry_after
        seconds = float(after) if isinstance(after, int | float) else after.total_seconds()
        self._held_until[chat] = self._clock.now() + seconds

    def _hold_left(self, chat: int) -> float:
        left = self._held_until.get(chat, 0.0) - self._clock.now()
        if left <= 0:
            self._held_until.pop(chat, None)
            return 0.0
        return left

    async def _wait_out_hold(self, chat: int) -> bool:
        """Whether `chat` may be written to now, after the wait Telegram asked for, if bearable."""
        while left := self._hold_left(chat):
            if left > _LONGEST_WAIT or self._waiting[chat] >= _HELD_PER_CHAT:
                log.warning("a reply was dropped: Telegram asks to wait %.0f s", left)
                return False
            self._waiting[chat] += 1
            try:
                await self._clock.sleep(left)
            finally:
                self._waiting[chat] -= 1
                if not self._waiting[chat]:
                    del self._waiting[chat]
        return True


def markup(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons of `message` as Telegram's library wants them."""
    rows = [
        [
            InlineKeyboardButton(
                button.label,
                url=button.url,
                callback_data=button.data,
                switch_inline_query=button.inline,
            )
            for button in row
        ]
        for row in message.keyboard
    ]
    return InlineKeyboardMarkup(rows) if rows else None


async def _post(bot: Bot, target: Target, message: Message) -> None:
    await bot.send_message(
        target.chat,
        message.html,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        message_thread_id=target.thread,
        reply_markup=markup(message),
        reply_parameters=ReplyParameters(target.reply_to, allow_sending_without_reply=True)
        if target.reply_to is not None
        else None,
    )
