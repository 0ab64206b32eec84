"""The first calls to Telegram: tried again while it cannot be reached, for as long as is sensible.

BotError
├── TokenError        Telegram does not know the token (any more)
├── UnreachableError  no connection for as long as we were willing to try
└── WebhookError      Telegram refused the webhook's address
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from telegram.error import InvalidToken, TelegramError

from bot.background import unless
from index.model import IsnadError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

TELEGRAM = "https://api.telegram.org/bot"

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 15.0


class BotError(IsnadError):
    """The bot cannot run; the message tells the operator what to do."""


class TokenError(BotError):
    """Telegram does not know the token (any more)."""


class UnreachableError(BotError):
    """The Bot API could not be reached for as long as we were willing to try."""


class WebhookError(BotError):
    """Telegram refused the webhook."""


async def insist(
    call: Callable[[], Awaitable[object]], base_url: str, stop: asyncio.Event, patience: float
) -> bool:
    """Make a call, again and again if need be; false where `stop` came first.

    Raises `TokenError`, or `UnreachableError` after `patience` seconds without a connection.
    """
    loop = asyncio.get_running_loop()
    give_up, pause = loop.time() + patience, _FIRST_PAUSE
    while True:
        try:
            return await unless(stop, call())
        except InvalidToken:
            # from None: the library's message holds the token
            raise token_error(base_url) from None
        except TelegramError as err:
            reason = type(err.__cause__ or err).__name__
            if loop.time() + pause > give_up:
                raise UnreachableError(
                    f"cannot reach the Bot API at {_host(base_url)} ({reason}); "
                    "check the network, or ISNAD_TELEGRAM_BASE_URL"
                ) from None
            log.warning("cannot reach the Bot API (%s), again in %.0f s", reason, pause)
        if not await unless(stop, asyncio.sleep(pause)):
            return False
        pause = min(pause * 2, _LONGEST_PAUSE)


def token_error(base_url: str) -> TokenError:
    """What to tell where the token was refused."""
    other = "" if base_url == TELEGRAM else f" at {_host(base_url)}"
    return TokenError(
        f"the Bot API{other} refused the token; check ISNAD_TELEGRAM_TOKEN"
        + (" and ISNAD_TELEGRAM_BASE_URL" if other else " (BotFather shows it with /mybots)")
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
