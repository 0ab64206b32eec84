"""getUpdates: the one Bot API method that waits."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.playground.errors import conflict

if TYPE_CHECKING:
    from bot.playground.model import JsonDict
    from bot.playground.params import Params
    from bot.playground.state import World

MAX_LIMIT = 100  # core.telegram.org/bots/api#getupdates: "Values between 1-100 are accepted"
MAX_TIMEOUT_S = 50  # what Telegram's own server cuts a timeout to
ONLINE_S = 12.0  # a bot that has not asked for this long is not there; pauses are seconds
_OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
_WEBHOOK = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
    "webhook first"
)


class Signal:
    """Wakes every coroutine that waits, each time something changes."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def fire(self) -> None:
        """Wakes all who wait now."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Returns at the next change, or after `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, seconds)):
                await self._changed.wait()


class Poller:
    """Hands updates to the bot, and knows whether the bot is there."""

    def __init__(self, world: World, signal: Signal) -> None:
        self._world = world
        self._signal = signal
        self._turn = 0
        self._waiting = 0
        self._last_end: float | None = None
        self._closed = False

    @property
    def online(self) -> bool | None:
        """Whether the bot is asking for updates, or was a moment ago; None if it never has."""
        if self._waiting:
            return True
        if self._last_end is None:
            return None
        return asyncio.get_running_loop().time() - self._last_end < ONLINE_S

    def close(self) -> None:
        """Ends the poll that waits, so that the server can stop."""
        self._closed = True
        self._signal.fire()

    async def get_updates(self, params: Params) -> list[JsonDict]:
        """core.telegram.org/bots/api#getupdates

        A second request while one waits ends the first with 409, as Telegram does.
        """
        if self._world.webhook is not None:
            raise conflict(_WEBHOOK)
        self._turn += 1
        turn = self._turn
        self._signal.fire()
        self._remember_allowed(params)
        self._world.updates.confirm(params.integer("offset"))
        limit = params.integer("limit", MAX_LIMIT)
        self._waiting += 1
        try:
            return await self._wait(
                turn,
                limit if 1 <= limit <= MAX_LIMIT else MAX_LIMIT,
                min(max(params.integer("timeout"), 0), MAX_TIMEOUT_S),
            )
        finally:
            self._waiting -= 1
            self._last_end = asyncio.get_running_loop().time()
            self._signal.fire()

    def _remember_allowed(self, params: Params) -> None:
        allowed = params.nested("allowed_updates")
        if isinstance(allowed, list):
            self._world.updates.allow(str(kind) for kind in allowed)

    async def _wait(self, turn: int, limit: int, seconds: float) -> list[JsonDict]:
        clock = asyncio.get_running_loop().time
        deadline = clock() + seconds
        while True:
            if turn != self._turn:
                raise conflict(_OTHER_POLL)
            found = self._world.updates.peek(limit)
            if found or self._closed or clock() >= deadline:
                return found
            await self._signal.wait(deadline - clock())
