"""Long polling: updates go from Telegram into the intake, and are confirmed once stored.

Not the library's own loop: that confirms what it has merely read, and one update that it cannot
read stops it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.posting import seconds_of
from index.model import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Bot
    from telegram.request import BaseRequest

    from bot.intake import Intake

log = logging.getLogger(__name__)

_LONG_POLL = 30
# The answer to a poll that waited in vain comes after `_LONG_POLL` seconds and some travel.
_READ_TIMEOUT = _LONG_POLL + 20.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0


class Poller:
    """Asks Telegram for updates, again and again."""

    def __init__(self, request: BaseRequest, intake: Intake, allowed: Sequence[str]) -> None:
        """`request` is for polling alone: a poll keeps its connection for as long as it waits."""
        self._request = request
        self._intake = intake
        self._allowed = allowed

    async def prepare(self, bot: Bot) -> None:
        """Delete the webhook, if there was one: polling is refused beside it."""
        await bot.delete_webhook()

    async def run(self, bot: Bot) -> None:
        """Poll until cancelled; what fails is tried again. Raises `InvalidToken`."""
        await self._request.initialize()
        try:
            offset, pause = 0, _FIRST_PAUSE
            while True:
                try:
                    offset = await self._poll(bot, offset)
                    pause = _FIRST_PAUSE
                except InvalidToken:
                    raise
                except (TelegramError, StoreError) as err:
                    # One line: the traceback would be the same each time.
                    log.warning("polling failed, trying again: %s", _reason(err))
                    wait = seconds_of(err) if isinstance(err, RetryAfter) else pause
                    await asyncio.sleep(wait)
                    pause = min(2 * pause, _LONGEST_PAUSE)
        finally:
            await self._request.shutdown()

    async def _poll(self, bot: Bot, offset: int) -> int:
        """Take what there is from `offset` on, which confirms what is before; the next offset."""
        query: dict[str, Any] = {
            "offset": offset,
            "timeout": _LONG_POLL,
            "allowed_updates": json.dumps(self._allowed),
        }
        taken: Any = await self._request.post(
            f"{bot.base_url}/getUpdates?{urlencode(query)}", read_timeout=_READ_TIMEOUT
        )
        await self._intake.accept(*taken)
        return max((one["update_id"] for one in taken), default=offset - 1) + 1


def _reason(err: TelegramError | StoreError) -> str:
    """Why, without an address, which holds the token."""
    return str(err) if isinstance(err, StoreError) else type(err.__cause__ or err).__name__
