"""What the bot serves over HTTP: Telegram's webhook, and how it does for whoever watches over it.

serving = Serving("127.0.0.1", 8080, Webhook("https://news.example/telegram", secret))
bot = build_bot(token, archive=engine, store=store, serving=serving)
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.settings import BotSettings


@dataclass(frozen=True, slots=True)
class Webhook:
    """The public address that Telegram posts updates to, and the secret it sends along."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Serving:
    """Where to listen. Without a `webhook` updates are polled.

    `archive` tells /health what is well with the archive, by names of its own; called in a thread.
    """

    host: str
    port: int
    webhook: Webhook | None = None
    archive: Callable[[], Mapping[str, bool]] = dict

    @classmethod
    def of(
        cls, settings: BotSettings, token: str, archive: Callable[[], Mapping[str, bool]]
    ) -> Serving | None:
        """What the operator has set; None where nothing is to be served."""
        if settings.listens_at is None:
            return None
        host, port = settings.listens_at
        if settings.webhook_url is None:
            return cls(host, port, archive=archive)
        given = settings.webhook_secret
        secret = secret_of(token) if given is None else given.get_secret_value()
        return cls(host, port, Webhook(settings.webhook_url, secret), archive)


def secret_of(token: str) -> str:
    """The webhook's secret where the operator sets none: the same at every start, never stored."""
    return hmac.new(token.encode(), b"isnad webhook", hashlib.sha256).hexdigest()
