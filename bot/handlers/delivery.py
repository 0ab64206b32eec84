"""Sending what somebody just asked for: patient with the flood limit, never twice.

A message goes out again only where Telegram said it was not accepted (429), or where the request
cannot have left this machine (no connection was made). After a timeout, a lost connection or a 502
it may have arrived, and it is not repeated: better an answer missing than an answer twice. That
its reader is told, and of other failures, may come twice: it is sent until it has arrived.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.limits import REPLY, Limits, Pace
from bot.posting import (
    GONE,
    NO_CONNECTION,
    NOTHING_TO_EDIT,
    SAME,
    Target,
    may_have_arrived,
    post,
    rewrite,
    seconds_of,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from telegram import Bot

    from bot.message import Message

log = logging.getLogger(__name__)

# Longer waits mean that something is wrong; whoever asked has gone by then.
_LONGEST_WAIT = 60.0
# Many who were told to wait a second come back at once, as after a start with much to do.
_TRIES = 10
# A chat that is held back for long gets a few replies when the hold ends, not hundreds.
_HELD_PER_CHAT = 3
_LONG = 5.0
# Telegram shows the action for 5 seconds.
_TYPING_EVERY = 4.5
# To all chats together: where many ask at once, answers leave earlier for not being announced.
_TYPING_PER_SECOND = 10
# Seconds between the tries of what may come twice: most outages of Telegram's end sooner.
_INSISTS = (1.0, 2.0, 4.0, 8.0, 16.0)
# An answer does not wait longer than this for its own "typing" to have been sent.
_TYPING_GRACE = 1.0


class Courier:
    """Sends messages and "typing", chat by chat: one chat's flood limit holds up no other."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._clock = self._limits.clock
        self._waiting: Counter[int] = Counter()
        self._typing = Pace(1 / _TYPING_PER_SECOND)

    async def send(
        self, bot: Bot, target: Target, messages: Sequence[Message], *, rank: int = REPLY
    ) -> tuple[int, ...]:
        """Send `messages` in order, the first as the reply; the numbers that they were given.

        Fewer, having logged why, where the chat cannot or must not be written to now: it blocked
        the bot, or Telegram asks for a longer wait than is worth it. Other refusals are raised as
        the `TelegramError` they are.
        """
        sent: list[int] = []
        for message in messages:
            number = await self._patiently(target, partial(post, bot, message=message), rank)
            if number is None:
                break
            sent.append(number)
            target = replace(target, reply_to=None)
        return tuple(sent)

    async def insist(self, bot: Bot, target: Target, message: Message) -> None:
        """Send what may come twice: again while nobody knows whether it arrived, half a minute.

        Otherwise as `send`; what the last try met is raised.
        """
        for wait in _INSISTS:
            try:
                await self.send(bot, target, [message])
            except NetworkError as err:
                if not may_have_arrived(err):
                    raise
                await self._clock.sleep(wait)
            else:
                return
        await self.send(bot, target, [message])

    async def send_file(
        self, bot: Bot, target: Target, content: bytes, *, name: str, caption: str
    ) -> None:
        """Send a file; `caption` (HTML) stands under it. Fails as `send` does."""

        async def post(at: Target) -> int:
            sent = await bot.send_document(
                at.chat,
                content,
                caption=caption,
                filename=name,
                parse_mode=ParseMode.HTML,
                message_thread_id=at.thread,
                reply_parameters=at.reply,
            )
            return sent.message_id

        await self._patiently(target, post)

    async def edit(self, bot: Bot, chat: int, number: int, message: Message) -> bool:
        """Put `message` in the place of an earlier one of ours.

        Returns whether the reader sees it now. Not so where there is nothing to edit any more, or
        where `send` would not send; other refusals are raised.
        """

        async def put(at: Target) -> int:
            await rewrite(bot, at.chat, number, message)
            return number

        try:
            return await self._patiently(Target(chat), put) is not None
        except BadRequest as err:
            if SAME in err.message:
                return True
            if any(reason in err.message for reason in NOTHING_TO_EDIT):
                return False
            raise

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
            if not self._limits.held(target.chat) and self._may_type():
                try:
                    await bot.send_chat_action(
                        target.chat, ChatAction.TYPING, message_thread_id=target.thread
                    )
                except RetryAfter as err:
                    self._limits.hold(target.chat, seconds_of(err))
                except TelegramError as err:
                    log.debug("typing was not shown: %s", type(err).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), _TYPING_EVERY)

    def _may_type(self) -> bool:
        """Whether there is room to show it now; else the next try may find some."""
        now = self._clock.now()
        if self._typing.wait(now, ahead=_TYPING_PER_SECOND - 1):
            return False
        self._typing.take(now)
        return True

    async def _patiently(
        self, target: Target, post: Callable[[Target], Awaitable[int]], rank: int = REPLY
    ) -> int | None:
        """What `post` gives, after the waits that Telegram asks for; None where it is given up."""
        reconnected = False
        for _ in range(_TRIES):
            if not await self._wait_for_turn(target.chat, rank):
                return None
            try:
                return await post(target)
            except RetryAfter as err:
                self._limits.hold(target.chat, seconds_of(err))
            except ChatMigrated as err:  # the group became a supergroup; nothing was sent
                target = replace(target, chat=err.new_chat_id, reply_to=None)
            except Forbidden:
                log.info("a reply was refused: the bot was blocked or removed")
                return None
            except BadRequest as err:
                if not GONE.search(err.message):
                    raise
                log.info("a reply was refused: its chat is there no more")
                return None
            except NetworkError as err:
                if reconnected or not isinstance(err.__cause__, NO_CONNECTION):
                    raise
                reconnected = True
                await self._clock.sleep(1)
        log.warning("a reply was given up after %d tries", _TRIES)
        return None

    async def _wait_for_turn(self, chat: int, rank: int) -> bool:
        """Whether `chat` may be written to now, after the wait there is, if bearable."""
        while left := self._limits.held(chat):
            many = left > _LONG and self._waiting[chat] >= _HELD_PER_CHAT
            if left > _LONGEST_WAIT or many:
                log.warning("a reply was dropped: Telegram asks to wait %.0f s", left)
                return False
            self._waiting[chat] += 1
            try:
                await self._clock.sleep(left)
            finally:
                self._waiting[chat] -= 1
                if not self._waiting[chat]:
                    del self._waiting[chat]
        if (wait := self._limits.wait(chat, answer=True)) > _LONGEST_WAIT:
            log.warning("a reply was dropped: it would be the chat's turn in %.0f s", wait)
            return False
        await self._limits.turn(chat, rank)
        return True
