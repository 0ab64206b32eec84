"""The webhook as Telegram has it: set at the start, looked at now and then, set again if need be.

It stays when the bot stops: Telegram keeps what is written meanwhile (for a day), and posts it
when the bot is back.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING

from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.connecting import WebhookError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from telegram import Bot, WebhookInfo

    from bot.pulse import Pulse
    from bot.server import Webhook
    from bot.server.updates import Updates

log = logging.getLogger(__name__)

LOOK_EVERY = 60.0
"""Seconds between two looks: by them, too, /health knows whether Telegram can be reached."""

CONNECTIONS = 40
"""Updates that Telegram may post at a time (its default): each takes us milliseconds to store."""

_SHOWN = 120  # characters of what Telegram says went wrong


class Hook:
    """Keeps Telegram posting to us."""

    def __init__(
        self, webhook: Webhook, updates: Updates, allowed: Sequence[str], pulse: Pulse
    ) -> None:
        self._webhook = webhook
        self._updates = updates
        self._allowed = allowed
        self._pulse = pulse
        self._due = True
        self._heard: datetime | None = None
        self.failing = False
        """Whether Telegram tries in vain to post what waits."""

    async def prepare(self, bot: Bot) -> None:
        """Take updates, and have them posted to us. Raises `WebhookError`, `TelegramError`."""
        self._updates.open = True
        before = await bot.get_webhook_info()
        self._heard = before.last_error_date  # of the time when we were not there
        try:
            await self._set(bot)
        except BadRequest as err:
            if before.url != self._webhook.url:
                raise WebhookError(
                    f"the Bot API refused the webhook ({_plain(err.message)}); "
                    "check ISNAD_WEBHOOK_URL"
                ) from None
            # It was good enough before. Telegram's resolver may have a bad moment.
            log.warning("the webhook was not set again: %s", _plain(err.message))

    async def run(self, bot: Bot) -> None:
        """Look after it until cancelled. Raises `InvalidToken`."""
        try:
            while True:
                await asyncio.sleep(LOOK_EVERY)
                try:
                    await self._look(bot)
                except InvalidToken:
                    raise
                except TelegramError as err:
                    reason = type(err.__cause__ or err).__name__
                    log.warning("the webhook could not be looked after: %s", reason)
        finally:
            self._updates.open = False

    async def _look(self, bot: Bot) -> None:
        info = await bot.get_webhook_info()
        if info.url != self._webhook.url:
            log.warning("the webhook was changed by somebody else; it is set again")
            self._due = True
        if self._due:
            await self._set(bot)
        self._heed(info)

    async def _set(self, bot: Bot) -> None:
        self._due = True
        await bot.set_webhook(
            self._webhook.url,
            secret_token=self._webhook.secret,
            allowed_updates=self._allowed,
            max_connections=CONNECTIONS,
            drop_pending_updates=False,
        )
        self._due = False

    def _heed(self, info: WebhookInfo) -> None:
        """Tell of an error that is new; it is over when nothing waits, or something comes."""
        new = info.last_error_date is not None and info.last_error_date != self._heard
        self._heard = info.last_error_date
        age = self._pulse.update_age
        quiet = age is None or age > LOOK_EVERY
        self.failing = quiet and info.pending_update_count > 0 and (new or self.failing)
        if new:
            said = _plain(info.last_error_message or "an error without a message")
            log.warning("Telegram could not post an update: %s", said)


def _plain(said: str) -> str:
    """A line of what Telegram said, whatever it holds."""
    return re.sub(r"[^\x20-\x7e]+", " ", said)[:_SHOWN]
