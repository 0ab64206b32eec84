"""Whether Telegram can be reached at all, so that an outage does not use up what is owed."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.outbox.outcome import Outcome, Unknown, Unsent
from bot.outbox.refusals import reason_of

if TYPE_CHECKING:
    from telegram import Bot

log = logging.getLogger(__name__)

# One in twelve requests may fail in a bad hour, three in a row are an outage.
_FAILURES = 3
_SHORTEST, _LONGEST = 1.0, 30.0  # seconds between two probes


class Line:
    """Closed by an outage; opened again by a request that sends nothing (getMe).

    Without it, an hour of «Bad Gateway» would turn every alert of that hour into one that may or
    may not have arrived.
    """

    def __init__(self, bot: Bot) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.delay = _SHORTEST
        self._bot = bot
        self._failures = 0

    def heard(self, outcome: Outcome) -> None:
        """Take note of how a request ended."""
        match outcome:
            case Unsent():
                self._failures = _FAILURES
            case Unknown():
                self._failures += 1
            case _:
                self._failures, self.delay = 0, _SHORTEST
        if self._failures >= _FAILURES and self.open.is_set():
            self.open.clear()
            log.warning("the outbox waits: Telegram does not answer")

    async def probe(self) -> None:
        """Open the line if Telegram answers; to be called `delay` seconds after it was closed.

        The delay grows until a message gets through: getMe may work where sending does not.
        """
        self.delay = min(self.delay * 2, _LONGEST)
        try:
            await self._bot.get_me()
        except TelegramError as err:
            log.debug("the outbox still waits: %s", reason_of(err))
        else:
            self._failures = 0
            self.open.set()
