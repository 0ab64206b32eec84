"""The Bot API's calls, counted where they leave: by class of method, and by outcome."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from telegram.error import TelegramError
from telegram.request import HTTPXRequest

if TYPE_CHECKING:
    from bot.metrics import Metrics

_FLOOD = 429


class CountedRequest(HTTPXRequest):
    """The library's way to Telegram, that counts what it carries."""

    def __init__(self, metrics: Metrics, **options: Any) -> None:
        """`options` are the library's."""
        super().__init__(**options)
        self._metrics = metrics

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """See `telegram.request.BaseRequest`."""
        method = method_class(method_of(url))
        try:
            status, body = await super().do_request(url, *args, **kwargs)
        except TelegramError:
            self._metrics.called(method, "unreachable")
            raise
        wait = _wait(body) if status == _FLOOD else 0.0
        self._metrics.called(method, outcome_of(status), wait)
        return status, body


def method_of(url: str) -> str:
    """The name of the Bot API's method in an address."""
    return url.partition("?")[0].rpartition("/")[2]


def method_class(method: str) -> str:
    """One of `METHODS` for any method there is or will be, or a file's name."""
    if method == "getUpdates":
        return "poll"
    return next((kind for kind in ("send", "edit", "answer") if method.startswith(kind)), "other")


def outcome_of(status: int) -> str:
    """One of `OUTCOMES` for an HTTP status."""
    if status == _FLOOD:
        return "flood"
    return "ok" if status < 400 else "refused" if status < 500 else "server_error"


def _wait(body: bytes) -> float:
    """The seconds that a 429 asks to wait; 0 where it is not Telegram's, but some proxy's."""
    try:
        return max(0.0, float(json.loads(body)["parameters"]["retry_after"]))
    except (ValueError, LookupError, TypeError):
        return 0.0
