"""The first calls to Telegram: tried again while it cannot be reached, for as long as is sensible.

BotError
├── TokenError        Telegram does not know the token (any more)
├── UnreachableError  no connection for as long as we were willing to try
└── WebhookError      Telegram refused the webhook's address
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from telegram.error import InvalidToken, TelegramError

from bot.background import unless
from bot.logs import private_logs
from index.model import IsnadError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

log = logging.getLogger(__name__)

TELEGRAM = "https://api.telegram.org/bot"

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 15.0

_ASK_WITHIN = 10.0
"""Seconds that one question about the token may take."""

_REFUSED = (401, 403, 404)  # of a token that is no (longer) one: core.telegram.org/api/errors


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


@dataclass(frozen=True, slots=True)
class Heard:
    """What a Bot API server says of a token: the bot's name, None where it does not know it.

    `date` is what its clock said. With `trouble`, why it could not be asked, there is neither.
    """

    name: str | None = None
    date: datetime | None = None
    trouble: str | None = None


def hear_of(base_url: str | None, token: str) -> Heard:
    """Ask once who the bot of a token is, without taking its updates from it."""
    base_url = base_url or TELEGRAM
    try:
        with private_logs(token), httpx.Client(trust_env=not is_local(base_url)) as client:
            answer = client.get(f"{base_url}{token}/getMe", timeout=_ASK_WITHIN)
        date = _date(answer.headers.get("Date"))
        if answer.status_code in _REFUSED:
            return Heard(date=date)
        return Heard(str(answer.raise_for_status().json()["result"]["username"]), date)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError) as error:
        # only the name: the message holds the address, which holds the token
        return Heard(trouble=f"{_host(base_url)} ({type(error).__name__})")


def is_local(base_url: str) -> bool:
    """Whether a server is on this machine: a proxy of the environment is not for it."""
    return urlsplit(base_url).hostname in ("localhost", "127.0.0.1", "::1")


def _date(header: str | None) -> datetime | None:
    """The moment of a `Date` header (RFC 9110, 6.6.1)."""
    try:
        return parsedate_to_datetime(header) if header is not None else None
    except ValueError:
        return None


def token_error(base_url: str) -> TokenError:
    """What to tell where the token was refused."""
    other = "" if base_url == TELEGRAM else f" at {_host(base_url)}"
    return TokenError(
        f"the Bot API{other} refused the token; check ISNAD_TELEGRAM_TOKEN"
        + (" and ISNAD_TELEGRAM_BASE_URL" if other else " (BotFather shows it with /mybots)")
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
